import type { Actor } from '#domain/actor.ts';
import type { Failure } from '#domain/failure.ts';
import { type FailedStep, type JobSubject, type Retry, toRetry } from '#domain/job.ts';
import type { Ports } from '../ports.ts';
import { failedStep, openException } from './open.ts';

/** The order that a step belongs to, so that its page shows what is wrong; null where it belongs to none. */
const orderOf = async ({ store }: Ports, workspaceId: string, { kind, id }: JobSubject): Promise<string | null> => {
  switch (kind) {
    case 'order':
      return id;
    case 'leg':
      return (await store.legs.find(workspaceId, id))?.orderId ?? null;
    case 'shipment':
      return (await store.shipments.find(workspaceId, id))?.orderId ?? null;
    case 'return':
      return (await store.returns.find(workspaceId, id))?.orderId ?? null;
    case 'connection':
    case 'workspace':
      return null;
  }
};

/**
 * Opens an exception for a step that was given up, with which a person can try it again. None is opened for what has one already,
 * nor for a connection that the merchant paused or removed: what waits for the first is due again when it is resumed.
 */
export const giveUp = async (
  ports: Ports,
  actor: Actor,
  { step, failure }: { step: FailedStep; failure: Failure },
): Promise<string | null> => {
  const retry: Retry | null = toRetry(step.job, step.payload);
  if (retry === null || failure.code === 'paused' || step.reports.includes(failure.code)) return null;
  const { workspaceId } = retry.payload;
  if (failure.code === 'not_found' && step.subject.kind === 'connection') {
    const connection = await ports.store.connections.find(workspaceId, step.subject.id);
    if (connection?.state === 'removed') return null;
  }
  const opened = await openException(ports, actor, {
    workspaceId,
    cause: 'failed_job',
    subject: { kind: 'job', id: failedStep(step.job, step.subject.id) },
    orderId: await orderOf(ports, workspaceId, step.subject),
    detail: `${step.job}: ${failure.message}`,
    retry,
  });
  // A run that succeeds from now on finds it.
  ports.cached.failedSteps.forget(workspaceId);
  return opened;
};
