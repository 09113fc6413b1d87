import { z } from 'zod';
import type { FailureCode } from './failure.ts';

const Id = z.string();

/** Payloads that several jobs share. A payload is ids alone, and names the workspace. */
export const OrderRef = z.object({ workspaceId: Id, orderId: Id });
export const LegRef = z.object({ workspaceId: Id, legId: Id });
export const ShipmentRef = z.object({ workspaceId: Id, shipmentId: Id });
export const ReturnRef = z.object({ workspaceId: Id, returnId: Id });
export const ConnectionRef = z.object({ workspaceId: Id, connectionId: Id });
export const WorkspaceRef = z.object({ workspaceId: Id });
export const IncomingOrderRef = z.object({ workspaceId: Id, connectionId: Id, externalId: Id });
export const CustomerRef = IncomingOrderRef;
export const ErasureRef = z.object({ workspaceId: Id, erasureId: Id });

const step = <const N extends string, P extends z.ZodType>(job: N, payload: P) =>
  z.object({ job: z.literal(job), payload });

/**
 * A step of an existing job with a payload that is this job's: what an exception stores so that a person can try the step again.
 * One row a job; the catalogue in `jobs/` has to define each row and nothing else. Waiting jobs and stored exceptions of older
 * versions have these names and payloads: a row is changed by adding another.
 */
export const Retry = z.discriminatedUnion('job', [
  step('order.ingest', IncomingOrderRef),
  step('orders.pull', ConnectionRef),
  step('orders.recheck', ConnectionRef),
  step('order.route', OrderRef),
  step('leg.advance', LegRef),
  step('leg.submit', LegRef),
  step('leg.probe', LegRef),
  step('leg.poll', LegRef),
  step('leg.cancel', LegRef),
  step('leg.pay', LegRef),
  step('shipment.label', ShipmentRef),
  step('shipment.confirm', ShipmentRef),
  step('shipment.void', ShipmentRef),
  step('shipment.follow', ShipmentRef),
  step('return.apply', ReturnRef),
  step('return.pay', ReturnRef),
  step('order.reconcile', OrderRef),
  step('order.tell_cancelled', OrderRef),
  step('order.progress', OrderRef),
  step('stock.refill', WorkspaceRef),
  step('listings.mark', WorkspaceRef),
  step('stock.publish', ConnectionRef),
  step('stock.pull', ConnectionRef),
  step('listings.pull', ConnectionRef),
  step('balance.read', ConnectionRef),
  step('case.remind', WorkspaceRef),
  step('events.file', WorkspaceRef),
  step('person.erase', ErasureRef),
  step('customer.erase', CustomerRef),
  step('rates.fetch', WorkspaceRef),
  step('restore.reconcile', WorkspaceRef),
  step('retention.run', WorkspaceRef),
]);
export type Retry = z.infer<typeof Retry>;
export type JobName = Retry['job'];
export type PayloadOf<N extends JobName> = Extract<Retry, { job: N }>['payload'];

/** Null for a job that is not there, and for a payload that is not the job's. */
export const toRetry = (job: string, payload: unknown): Retry | null => Retry.safeParse({ job, payload }).data ?? null;

/** What a job is about. */
export interface JobSubject {
  kind: 'workspace' | 'connection' | 'order' | 'leg' | 'shipment' | 'return';
  id: string;
}

/** A step that failed. `reports` are the failures of which its use case has opened an exception already, under a cause of its own. */
export interface FailedStep {
  job: string;
  payload: unknown;
  subject: JobSubject;
  reports: readonly FailureCode[];
}
