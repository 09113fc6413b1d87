import { z } from 'zod';
import { approvalMachine } from '#domain/approval.ts';
import type { ApprovalRecord } from '#domain/records.ts';
import { advanceLeg } from '#jobs';
import { listPage, Page, PageQuery } from '../page.ts';
import { type Asked, defineRoute } from '../route.ts';
import { ApprovalView, toApproval } from '../views.ts';

/** A key of a location sees what its principal decides; the merchant's own sees all. */
const isParty = ({ caller }: Asked, approval: ApprovalRecord): boolean =>
  caller.location === '' || approval.party === caller.location;

export const approvalRoutes = [
  defineRoute({
    method: 'get',
    path: '/approvals',
    scope: 'approvals:read',
    located: true,
    summary: 'What somebody must say yes to before a leg goes on',
    input: z.strictObject({
      query: z.strictObject({
        ...PageQuery,
        state: z.enum(approvalMachine.states).optional(),
        legId: z.string().optional(),
      }),
    }),
    response: Page(ApprovalView),
    async handle(asked, { query }) {
      const { state, legId } = query;
      const where: Partial<ApprovalRecord> = {};
      if (legId !== undefined) where.legId = legId;
      else if (state !== undefined) {
        where.state = state;
        if (asked.caller.location !== '') where.party = asked.caller.location;
      }
      const refines = asked.caller.location !== '' || (legId !== undefined && state !== undefined);
      const keep = (a: ApprovalRecord) => isParty(asked, a) && (state === undefined || a.state === state);
      return listPage(asked.store.approvals, asked.workspaceId, where, query, toApproval, refines ? keep : undefined);
    },
  }),
  defineRoute({
    method: 'post',
    path: '/approvals/{id}',
    scope: 'approvals:decide',
    located: true,
    summary: 'Approves or declines, once',
    input: z.strictObject({
      params: z.strictObject({ id: z.string() }),
      body: z.strictObject({
        decision: z.enum(['approved', 'declined']),
        note: z.string().max(2_000).default(''),
      }),
    }),
    response: ApprovalView,
    async handle({ app, actor, caller, deps, workspaceId }, { params, body }) {
      const { decision, note } = body;
      const party = caller.location === '' ? null : caller.location;
      const given = { workspaceId, approvalId: params.id, decision, note, party };
      const decided = await app.decideApproval(actor, given);
      await deps.enqueue(advanceLeg, { workspaceId, legId: decided.legId });
      return toApproval(decided);
    },
  }),
];
