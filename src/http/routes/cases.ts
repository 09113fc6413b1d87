import { z } from 'zod';
import { caseIdOf } from '#domain/ids.ts';
import { MODE_NAMES } from '#domain/offer.ts';
import { allows } from '#domain/scopes.ts';
import { labelShipment, payReturn, submitLeg } from '#jobs';
import { type CaseFile, caseMachine, type NewCase, SUBJECT_KINDS } from '#trade/case-file/case-file.ts';
import { FACTS, STEPS } from '#trade/case-file/facts.ts';
import { DOCUMENT_KINDS } from '#trade/documents/rules.ts';
import { PAPER_LANGUAGES } from '../../papers/labels.ts';
import { printDocument } from '../../papers/print-document.ts';
import { listPage, Page, PageQuery } from '../page.ts';
import { type Asked, defineRoute } from '../route.ts';
import { ImportCountry } from '../values.ts';
import { CaseStandingView, CaseView, toCase, toStanding } from '../views-cases.ts';

const Id = z.strictObject({ id: z.string() });
const Name = z.string().trim().min(1).max(200);
const Note = z.string().trim().min(3).max(2_000);
const Stepped = z.enum(STEPS);
const IfVersion = {
  ifVersion: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .describe('Refused when the case has another version by now.'),
};

const NewCaseInput = z.strictObject({
  number: Name.describe('Yours: the same again is the same case.'),
  title: Name,
  mode: z.enum(MODE_NAMES),
  subject: z.strictObject({ kind: z.enum(SUBJECT_KINDS), id: Name }),
  orderId: z.string().max(200).default('').describe('The order whose legs, refunds and papers it holds back.'),
  skus: z.array(Name).max(1_000).default([]).describe('The SKUs whose listings it holds back.'),
  connectionIds: z.array(Name).max(100).default([]).describe('The storefronts concerned; empty for all.'),
  destination: ImportCountry,
}) satisfies z.ZodType<NewCase>;

/** The answer after a change; what the case held back and holds back no longer is sent on its way. */
const standing = async ({ app, deps, workspaceId }: Asked, file: CaseFile) => {
  const { legIds, shipmentIds, returnIds } = await app.findHeldWork(file);
  await deps.enqueueAll(
    submitLeg,
    legIds.map((legId) => ({ workspaceId, legId })),
  );
  await deps.enqueueAll(
    labelShipment,
    shipmentIds.map((shipmentId) => ({ workspaceId, shipmentId })),
  );
  await deps.enqueueAll(
    payReturn,
    returnIds.map((returnId) => ({ workspaceId, returnId })),
  );
  return toStanding(await app.caseStatus(file));
};

/** What is done with a case by naming it alone. */
const ACTS = [
  {
    verb: 'screen',
    act: 'screenCase',
    summary: 'Screens every party of the case against the lists on file',
  },
  {
    verb: 'accept-credit',
    act: 'acceptCredit',
    summary: 'The letter of credit was read and is taken as it stands',
  },
  {
    verb: 'claim',
    act: 'claimRefund',
    summary: 'Claims the export tax refund: refused while a proof is missing; a line of a declaration counts once',
  },
] as const;

const PaperParams = z.strictObject({ id: z.string(), kind: z.enum(DOCUMENT_KINDS) });

export const caseRoutes = [
  defineRoute({
    method: 'get',
    path: '/cases',
    scope: 'cases:read',
    summary: 'Case files: exports carried through the eight steps',
    input: z.strictObject({
      query: z.strictObject({
        ...PageQuery,
        state: z.enum(caseMachine.states).optional(),
        orderId: z.string().optional(),
        number: z.string().max(200).optional(),
      }),
    }),
    response: Page(CaseView),
    async handle({ store, workspaceId }, { query }) {
      const { state, orderId, number } = query;
      if (number !== undefined) {
        const found = await store.cases.find(workspaceId, caseIdOf(workspaceId, number.trim()));
        const wanted = found && (state ?? found.state) === found.state && (orderId ?? found.orderId) === found.orderId;
        return { items: wanted ? [toCase(found)] : [], next: null };
      }
      const where: Partial<CaseFile> = orderId !== undefined ? { orderId } : state !== undefined ? { state } : {};
      const refines = orderId !== undefined && state !== undefined;
      return listPage(
        store.cases,
        workspaceId,
        where,
        query,
        toCase,
        refines ? (found) => found.state === state : undefined,
      );
    },
  }),
  defineRoute({
    method: 'post',
    path: '/cases',
    scope: 'cases:write',
    status: 201,
    summary: 'Opens a case file; from then on its gates hold back what it names',
    input: z.strictObject({ body: NewCaseInput }),
    response: CaseStandingView,
    async handle(asked, { body }) {
      const { app, actor, workspaceId } = asked;
      return standing(asked, await app.openCase(actor, { workspaceId, given: body }));
    },
  }),
  defineRoute({
    method: 'get',
    path: '/cases/{id}',
    scope: 'cases:read',
    summary: 'A case file with its eight steps as they stand today: what blocks, what to do, what comes up',
    input: z.strictObject({ params: Id }),
    response: CaseStandingView,
    async handle({ app, workspaceId }, { params }) {
      return toStanding(await app.caseStatus(await app.getCase(workspaceId, params.id)));
    },
  }),
  ...STEPS.map((step) =>
    defineRoute({
      method: 'put',
      path: `/cases/{id}/facts/${step}`,
      scope: 'cases:write',
      summary: `What is known for the step ${step}, as a whole`,
      input: z.strictObject({
        params: Id,
        body: z.strictObject({
          facts: z.record(z.string(), z.unknown()).describe('As the step asks for; an error names the field.'),
          ifVersion: z
            .int()
            .positive()
            .nullable()
            .default(null)
            .describe('Refused when the case has another version by now.'),
        }),
      }),
      response: CaseStandingView,
      async handle(asked, { params, body }) {
        const { app, actor, workspaceId } = asked;
        return standing(asked, await app.giveFacts(actor, { workspaceId, caseId: params.id, step, ...body }));
      },
    }),
  ),
  ...ACTS.map(({ verb, act, summary }) =>
    defineRoute({
      method: 'post',
      path: `/cases/{id}/${verb}`,
      scope: 'cases:write',
      summary,
      input: z.strictObject({ params: Id, query: z.strictObject(IfVersion) }),
      response: CaseStandingView,
      async handle(asked, { params, query }) {
        const { app, actor, workspaceId } = asked;
        const named = { workspaceId, caseId: params.id, ifVersion: query.ifVersion ?? null };
        return standing(asked, await app[act](actor, named));
      },
    }),
  ),
  defineRoute({
    method: 'post',
    path: '/cases/{id}/overrides',
    scope: 'cases:override',
    summary: 'Sets one blocking reason aside, with a reason and a name to it, for ever on record',
    input: z.strictObject({
      params: Id,
      query: z.strictObject(IfVersion),
      body: z.strictObject({ step: Stepped, code: Name, subject: z.string().max(400).default(''), reason: Note }),
    }),
    response: CaseStandingView,
    async handle(asked, { params, query, body }) {
      const { app, actor, workspaceId } = asked;
      const given = { workspaceId, caseId: params.id, ifVersion: query.ifVersion ?? null, ...body };
      return standing(asked, await app.overrideReason(actor, given));
    },
  }),
  defineRoute({
    method: 'post',
    path: '/cases/{id}/state',
    scope: 'cases:write',
    summary: 'Closes, cancels or reopens a case file; one whose gates are shut takes cases:override and a note',
    input: z.strictObject({
      params: Id,
      query: z.strictObject(IfVersion),
      body: z.strictObject({ state: z.enum(caseMachine.states), note: z.string().max(2_000).default('') }),
    }),
    response: CaseStandingView,
    async handle(asked, { params, query, body }) {
      const { app, actor, caller, workspaceId } = asked;
      const mayOverride = allows(caller.scopes, 'cases:override');
      const named = { workspaceId, caseId: params.id, ifVersion: query.ifVersion ?? null };
      return standing(asked, await app.moveCase(actor, { ...named, ...body, mayOverride }));
    },
  }),
  defineRoute({
    method: 'get',
    path: '/cases/{id}/papers/{kind}',
    scope: 'cases:read',
    summary: 'A shipping paper as data; all papers come from the one shipment and agree',
    input: z.strictObject({ params: PaperParams }),
    response: z.looseObject({ kind: z.enum(DOCUMENT_KINDS) }),
    async handle({ app, workspaceId }, { params: { id: caseId, kind } }) {
      return { ...(await app.openPaper({ workspaceId, caseId, kind })) };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/cases/{id}/papers/{kind}/pdf',
    scope: 'cases:read',
    answers: 'application/pdf',
    summary: 'A shipping paper to print, in English, Chinese or both',
    input: z.strictObject({
      params: PaperParams,
      query: z.strictObject({ language: z.enum(PAPER_LANGUAGES).default('both') }),
    }),
    response: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
    async handle({ app, workspaceId }, { params: { id: caseId, kind }, query }) {
      return printDocument(await app.openPaper({ workspaceId, caseId, kind }), query.language);
    },
  }),
  defineRoute({
    method: 'get',
    path: '/case-forms',
    scope: 'cases:read',
    summary: 'What each step of a case file asks for, as JSON Schema',
    input: z.strictObject({}),
    response: z.record(Stepped, z.record(z.string(), z.unknown())),
    async handle() {
      const form = (step: (typeof STEPS)[number]): Record<string, unknown> => ({
        ...z.toJSONSchema(FACTS[step], { io: 'input', unrepresentable: 'any' }),
      });
      return {
        market: form('market'),
        rights: form('rights'),
        quality: form('quality'),
        contract: form('contract'),
        logistics: form('logistics'),
        clearance: form('clearance'),
        after_sales: form('after_sales'),
        settlement: form('settlement'),
      };
    },
  }),
];
