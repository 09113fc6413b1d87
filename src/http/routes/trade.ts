import { z } from 'zod';
import { Failure } from '#domain/failure.ts';
import { checkHs, editionOnFile } from '#trade/classification/check-hs.ts';
import { HS_EDITION_IDS } from '#trade/classification/hs-edition.ts';
import { Consignment } from '#trade/duty/consignment.ts';
import { landedCost } from '#trade/duty/landed-cost.ts';
import { checkIncoterm, IncotermUse } from '#trade/incoterms/incoterm-choice.ts';
import { amended, readAmendment } from '#trade/letter-of-credit/amendment.ts';
import { type ReadCredit, readCredit } from '#trade/letter-of-credit/credit.ts';
import { Credit } from '#trade/letter-of-credit/credit-terms.ts';
import { examinePresentation } from '#trade/letter-of-credit/examine-presentation.ts';
import { Presentation } from '#trade/letter-of-credit/presentation-case.ts';
import { reviewCredit } from '#trade/letter-of-credit/review-credit.ts';
import { reviewTransfer } from '#trade/letter-of-credit/review-transfer.ts';
import { SalesContract } from '#trade/letter-of-credit/sales-contract.ts';
import { PlainDate } from '#trade/plain-date.ts';
import { invalid } from '#trade/read-input.ts';
import { type AsOf, mergeNotices, noRow } from '#trade/rule.ts';
import { InspectionPlanInput, InspectionReport, inspectionPlan, judgeInspection } from '#trade/sampling/inspection.ts';
import { PlanInput, samplingPlan } from '#trade/sampling/plan.ts';
import { Party } from '#trade/screening/party.ts';
import { LOWEST_THRESHOLD, screen, VERDICTS } from '#trade/screening/screen.ts';
import { refundDeadlines } from '#trade/tax-refund/deadlines.ts';
import { ManufacturerClaim, manufacturerRefund, TradingClaim, tradingRefund } from '#trade/tax-refund/refund-amount.ts';
import { refundRateOn } from '#trade/tax-refund/refund-rate.ts';
import { type Asked, defineRoute } from '../route.ts';

const on = PlainDate.optional().describe('The day the rules are asked for. Default: today, in UTC.');

const Notices = z
  .array(
    z.object({
      code: z.enum(['unverified', 'general_knowledge', 'review_overdue', 'advice']),
      rule: z.string(),
      message: z.string(),
    }),
  )
  .readonly()
  .describe('What a user must know before relying on the answer.');

/** The engine's own answer, of which the document names what a reader looks for first. */
const Answer = <S extends z.ZodRawShape>(shape: S) => z.looseObject({ ...shape, notices: Notices });

const dayOf = ({ app }: Asked, given: PlainDate | undefined): AsOf => {
  const { today: day } = app.today();
  return { on: given ?? day, today: day };
};

const Score = z.number().min(LOWEST_THRESHOLD).max(1).optional();
const ScreenInput = Party.extend({
  on,
  threshold: Score,
  blockAt: Score,
  maxListAgeDays: z.int().min(0).max(3_650).optional(),
});

const AqlInput = z.union([
  PlanInput.extend({ on }),
  InspectionPlanInput.extend({ on }),
  InspectionReport.extend({ on }),
]);

const Message = z.string().min(1).max(200_000);
const CreditInput = z
  .strictObject({
    on,
    message: Message.optional().describe(
      'An MT700, or a transfer in MT720, with what continues it and the MT707 accepted, as received.',
    ),
    credit: Credit.optional().describe('The same as data.'),
    amendments: z.array(Message).max(50).default([]).describe('MT707, in their order, each accepted.'),
    transferOf: Message.optional().describe('The transferable MT700: a transfer is held against it (art. 38).'),
    contract: SalesContract.optional().describe('The credit is reviewed against it.'),
    presentation: Presentation.optional().describe('The documents are examined under the credit.'),
  })
  .refine(({ message, credit }) => (message === undefined) !== (credit === undefined), {
    path: ['message'],
    message: 'Give either the message or the credit.',
  });

const RateFrom = {
  refundRate: TradingClaim.shape.refundRate.optional().describe('Of the HS code; or name the product.'),
  product: z.string().min(1).max(80).optional().describe('A group of products whose rate is on file, such as battery.'),
  exportDate: PlainDate.optional().describe('On the declaration: decides on the rate and the deadlines.'),
  on,
};
const RefundInput = z.discriminatedUnion('company', [
  z.strictObject({ company: z.literal('trading'), ...TradingClaim.shape, ...RateFrom }),
  z.strictObject({ company: z.literal('manufacturer'), ...ManufacturerClaim.shape, ...RateFrom }),
]);

/** The credit as its amendments leave it. Null where a term cannot be read; the faults say which. */
const creditOf = ({ message, credit, amendments }: z.output<typeof CreditInput>, asOf: AsOf) => {
  const read: Pick<ReadCredit, 'credit' | 'faults' | 'remarks' | 'notices'> = message
    ? readCredit(message, asOf)
    : { credit: credit ?? null, faults: [], remarks: [], notices: [] };
  const changes = amendments.map((text) => readAmendment(text, asOf));
  const final = changes.reduce<Credit | null>((before, { amendment }, at) => {
    if (!amendment)
      throw invalid(`amendments.${at}`, `cannot be read: ${changes[at]?.faults[0]?.reason ?? 'no MT707'}`);
    return before && amended(before, amendment);
  }, read.credit);
  return {
    credit: final,
    faults: [...read.faults, ...changes.flatMap(({ faults }) => faults)],
    remarks: [...read.remarks, ...changes.flatMap(({ remarks }) => remarks)],
    notices: mergeNotices(read.notices, ...changes.map(({ notices }) => notices)),
  };
};

/** Null when nothing is to be compared; throws `invalid` when one of the two cannot be. */
const answerTransfer = (transferOf: string | undefined, credit: Credit | null, asOf: AsOf) => {
  if (transferOf === undefined || !credit) return null;
  const { credit: original, faults } = readCredit(transferOf, asOf);
  if (!original) throw invalid('transferOf', `cannot be read: ${faults[0]?.reason ?? 'no MT700'}`);
  return reviewTransfer(original, credit, { today: asOf.on });
};

const answerCredit = (body: z.output<typeof CreditInput>, asOf: AsOf) => {
  const { credit, faults, remarks, notices } = creditOf(body, asOf);
  const { contract, presentation, transferOf } = body;
  if (!credit && (contract || presentation || transferOf))
    throw new Failure('invalid', `message: a term of the credit cannot be read: ${faults[0]?.reason ?? 'see faults'}`, {
      safe: { field: 'message', faults: faults.slice(0, 100) },
    });
  const review = credit && contract ? reviewCredit(credit, contract, { today: asOf.on }) : null;
  const examination = credit && presentation ? examinePresentation(credit, presentation, asOf.today) : null;
  const transfer = answerTransfer(transferOf, credit, asOf);
  return {
    credit,
    faults,
    remarks,
    review,
    transfer,
    examination,
    notices: mergeNotices(notices, review?.notices ?? [], transfer?.notices ?? [], examination?.notices ?? []),
  };
};

const answerRefund = (body: z.output<typeof RefundInput>, asOf: AsOf) => {
  const { on: _, product, exportDate = asOf.on, refundRate: given, ...claim } = body;
  if ((given === undefined) === (product === undefined))
    throw invalid('refundRate', 'give the rate of the HS code, or a product whose rate is on file; one of the two');
  const rate = product === undefined ? null : refundRateOn(product, exportDate, asOf.today);
  const refundRate = rate?.refundRate ?? given ?? '0';
  const deadlines = refundDeadlines(exportDate, asOf.today);
  const { company, ...figures } = claim;
  const amounts =
    claim.company === 'trading'
      ? { ...tradingRefund({ ...without(claim), refundRate }), notices: [] }
      : manufacturerRefund({ ...without(claim), refundRate }, { on: exportDate, today: asOf.today });
  return {
    company,
    exportDate,
    taxRate: figures.taxRate,
    refundRate,
    ...amounts,
    deadlines,
    notices: mergeNotices(rate?.notices ?? [], amounts.notices, deadlines.notices),
  };
};

const without = <C extends { company: string }>({ company: _, ...claim }: C): Omit<C, 'company'> => claim;

export const tradeRoutes = [
  defineRoute({
    method: 'post',
    path: '/trade/duty',
    scope: 'trade:read',
    summary: 'What a consignment costs when it has arrived: duty, levies, tax, step by step',
    input: z.strictObject({ body: Consignment.extend({ on }) }),
    response: Answer({ currency: z.string(), totals: z.looseObject({}), lines: z.array(z.looseObject({})).readonly() }),
    async handle(asked, { body: { on: day, ...consignment } }) {
      const { totals, lines, ...cost } = landedCost(consignment, dayOf(asked, day));
      return { ...cost, totals: { ...totals }, lines: lines.map((line) => ({ ...line })) };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/trade/screen',
    scope: 'trade:read',
    summary: 'Screens one party against every sanctions list on file',
    input: z.strictObject({ body: ScreenInput }),
    response: Answer({
      verdict: z.enum(VERDICTS),
      hits: z.array(z.looseObject({})).readonly(),
      listsUsed: z.array(z.object({ id: z.string(), date: z.string(), sha256: z.string() })).readonly(),
    }),
    async handle(asked, { body: { on: day, threshold, blockAt, maxListAgeDays, ...party } }) {
      const { index, notices } = await asked.app.tradeReference(asked.workspaceId);
      if (!index)
        throw noRow(
          'a sanctions list; import one first, such as: npm run cli -- trade import --kind ofac_sdn --file sdn.csv',
          'lists',
        );
      const found = screen(party, index, {
        ...dayOf(asked, day),
        ...(threshold === undefined ? {} : { threshold }),
        ...(blockAt === undefined ? {} : { blockAt }),
        ...(maxListAgeDays === undefined ? {} : { maxListAgeDays }),
      });
      const hits = found.hits.map((hit) => ({ ...hit }));
      return { ...found, hits, notices: mergeNotices(found.notices, notices) };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/trade/aql',
    scope: 'trade:read',
    summary: 'The sampling plan of a lot by AQL, by classes of defects, or the verdict on an inspected lot',
    input: z.strictObject({ body: AqlInput }),
    response: Answer({}),
    async handle(asked, { body: { on: day, ...lot } }) {
      const asks = dayOf(asked, day);
      if ('aql' in lot) return { ...samplingPlan(lot, asks) };
      return 'findings' in lot ? { ...judgeInspection(lot, asks) } : { ...inspectionPlan(lot, asks) };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/trade/lc',
    scope: 'trade:read',
    summary: 'A letter of credit read, reviewed against the contract, and documents examined under it',
    input: z.strictObject({ body: CreditInput }),
    response: Answer({
      credit: z.looseObject({}).nullable(),
      faults: z.array(z.looseObject({ reason: z.string() })).readonly(),
      review: z.looseObject({ acceptable: z.boolean() }).nullable(),
      transfer: z.looseObject({ acceptable: z.boolean() }).nullable(),
      examination: z.looseObject({ complies: z.boolean() }).nullable(),
    }),
    async handle(asked, { body }) {
      const { review, transfer, examination, faults, ...read } = answerCredit(body, dayOf(asked, body.on));
      return {
        ...read,
        faults: faults.map((fault) => ({ ...fault })),
        review: review && { ...review },
        transfer: transfer && { ...transfer },
        examination: examination && { ...examination },
      };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/trade/refund',
    scope: 'trade:read',
    summary: 'China’s export VAT refund of a trading company or a manufacturer, with its deadlines',
    input: z.strictObject({ body: RefundInput }),
    response: Answer({ refund: z.string(), refundRate: z.string(), deadlines: z.looseObject({}) }),
    async handle(asked, { body }) {
      const { deadlines, ...answer } = answerRefund(body, dayOf(asked, body.on));
      return { ...answer, deadlines: { ...deadlines } };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/trade/hs',
    scope: 'trade:read',
    summary: 'Whether a code of goods is in the edition of the Harmonized System on file',
    input: z.strictObject({
      body: z.strictObject({
        code: z.string().min(1).max(200),
        edition: z.enum(HS_EDITION_IDS).optional().describe('Default: the one in force on the day.'),
        storedAs: z.enum(HS_EDITION_IDS).optional(),
        country: z
          .string()
          .regex(/^[A-Z]{2}$/, 'has to be an ISO 3166 code, EU or XI')
          .optional(),
        use: z.enum(['declaration', 'statistics']).default('declaration'),
        on,
      }),
    }),
    response: Answer({ valid: z.boolean(), code: z.string(), edition: z.string() }),
    async handle(asked, { body: { on: day, edition: wanted, storedAs, country, ...question } }) {
      const asks = dayOf(asked, day);
      const { editions } = await asked.app.tradeReference(asked.workspaceId);
      const edition = wanted === undefined ? editionOnFile(editions, asks) : editions.find(({ id }) => id === wanted);
      if (!edition) throw noRow(`the list of ${wanted}; import it first`, 'edition');
      const checked = checkHs(
        {
          ...question,
          edition,
          others: editions,
          ...(storedAs === undefined ? {} : { storedAs }),
          ...(country === undefined ? {} : { country }),
        },
        asks,
      );
      return { ...checked, edition: edition.id };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/trade/incoterms',
    scope: 'trade:read',
    summary: 'Who does and bears what under a rule of Incoterms 2020, and what speaks against it for this sale',
    input: z.strictObject({ body: IncotermUse.extend({ on }) }),
    response: Answer({ rule: z.looseObject({}), findings: z.array(z.looseObject({})).readonly() }),
    async handle(asked, { body: { on: day, ...use } }) {
      const { rule, findings, notices } = checkIncoterm(use, dayOf(asked, day));
      return { rule: { ...rule }, findings: findings.map((finding) => ({ ...finding })), notices };
    },
  }),
];
