import type { JobDefinition } from '#queue';
import { remindCases } from './case/remind.ts';
import { advanceLeg } from './leg/advance.ts';
import { pollLeg, probeLeg, submitLeg } from './leg/submit.ts';
import { ingestOrder } from './order/ingest.ts';
import { progressOrder } from './order/progress.ts';
import { pullOrders } from './order/pull.ts';
import { routeOrder } from './order/route.ts';
import { applyReturn } from './return/apply.ts';
import { payReturn } from './return/pay.ts';
import { confirmShipment } from './shipment/confirm.ts';
import { labelShipment } from './shipment/label.ts';
import { publishStock, pullListings, pullSupply, refillStock } from './stock/keep.ts';

export { sweepDue } from './sweep/due.ts';
export {
  advanceLeg,
  applyReturn,
  confirmShipment,
  ingestOrder,
  labelShipment,
  payReturn,
  pollLeg,
  progressOrder,
  publishStock,
  pullListings,
  pullOrders,
  pullSupply,
  refillStock,
  remindCases,
  routeOrder,
  submitLeg,
};

/** Every step there is, in the order in which an order meets them. A job that is not here does not run. */
export const JOBS = [
  ingestOrder,
  pullOrders,
  routeOrder,
  advanceLeg,
  submitLeg,
  probeLeg,
  pollLeg,
  labelShipment,
  confirmShipment,
  applyReturn,
  payReturn,
  progressOrder,
  refillStock,
  publishStock,
  pullSupply,
  pullListings,
  remindCases,
] as const;

const byName = <P>(job: JobDefinition<P>): [string, JobDefinition] => [
  job.name,
  // The payload is parsed by the job's own schema before its handler sees it, here where the types of all jobs meet.
  {
    ...job,
    key: (payload) => job.key(job.payload.parse(payload)),
    handle: (context, payload) => job.handle(context, job.payload.parse(payload)),
  },
];
export const jobCatalogue: ReadonlyMap<string, JobDefinition> = new Map(JOBS.map((job) => byName<never>(job as never)));
