import type { JobName, PayloadOf } from '#domain/job.ts';
import type { JobDefinition } from '#queue';
import { remindCases } from './case/remind.ts';
import { readBalance } from './connection/read-balance.ts';
import { fileEvents } from './event/file.ts';
import { advanceLeg } from './leg/advance.ts';
import { cancelLeg } from './leg/cancel.ts';
import { payLeg, pollLeg, probeLeg, submitLeg } from './leg/submit.ts';
import { ingestOrder } from './order/ingest.ts';
import { progressOrder } from './order/progress.ts';
import { pullOrders } from './order/pull.ts';
import { recheckOrders } from './order/recheck.ts';
import { reconcileOrder } from './order/reconcile.ts';
import { routeOrder } from './order/route.ts';
import { tellCancelled } from './order/tell-cancelled.ts';
import { eraseCustomer, erasePerson } from './person/erase.ts';
import { fetchRates } from './rate/fetch.ts';
import { reconcileRestore } from './restore/reconcile.ts';
import { runRetention } from './retention/run.ts';
import { applyReturn } from './return/apply.ts';
import { payReturn } from './return/pay.ts';
import { confirmShipment } from './shipment/confirm.ts';
import { followShipment } from './shipment/follow.ts';
import { labelShipment } from './shipment/label.ts';
import { voidShipment } from './shipment/void.ts';
import { markListings, publishStock, pullListings, pullSupply, refillStock } from './stock/keep.ts';

type Catalogue = { readonly [N in JobName]: JobDefinition<PayloadOf<N>> & { readonly name: N } };

/**
 * Every step there is, by its name and in the order in which an order meets them. A job that is not here does not run; a name that
 * `Retry` does not have, or has with another payload, does not compile.
 */
export const JOBS: Catalogue = {
  'order.ingest': ingestOrder,
  'orders.pull': pullOrders,
  'orders.recheck': recheckOrders,
  'order.route': routeOrder,
  'leg.advance': advanceLeg,
  'leg.submit': submitLeg,
  'leg.probe': probeLeg,
  'leg.poll': pollLeg,
  'leg.cancel': cancelLeg,
  'leg.pay': payLeg,
  'shipment.label': labelShipment,
  'shipment.confirm': confirmShipment,
  'shipment.void': voidShipment,
  'shipment.follow': followShipment,
  'return.apply': applyReturn,
  'return.pay': payReturn,
  'order.reconcile': reconcileOrder,
  'order.tell_cancelled': tellCancelled,
  'order.progress': progressOrder,
  'stock.refill': refillStock,
  'listings.mark': markListings,
  'stock.publish': publishStock,
  'stock.pull': pullSupply,
  'listings.pull': pullListings,
  'balance.read': readBalance,
  'case.remind': remindCases,
  'events.file': fileEvents,
  'person.erase': erasePerson,
  'customer.erase': eraseCustomer,
  'rates.fetch': fetchRates,
  'restore.reconcile': reconcileRestore,
  'retention.run': runRetention,
};

/** The same job for a payload of any kind: it is parsed by the job's own schema before the job sees it. */
const forAnyPayload = (job: JobDefinition): JobDefinition => ({
  ...job,
  key: (payload) => job.key(job.payload.parse(payload)),
  subject: (payload) => job.subject(job.payload.parse(payload)),
  handle: (context, payload) => job.handle(context, job.payload.parse(payload)),
});
export const jobCatalogue: ReadonlyMap<string, JobDefinition> = new Map(
  Object.values<JobDefinition>(JOBS).map((job) => [job.name, forAnyPayload(job)]),
);
