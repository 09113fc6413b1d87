import type { Actor } from '#domain/actor.ts';
import { CAUSES, type Cause, type ExceptionRecord, exceptionMachine } from '#domain/exception.ts';
import { Failure, isFailure } from '#domain/failure.ts';
import { move } from '#domain/move.ts';
import { asRead } from '../change.ts';
import { everyPage } from '../every-page.ts';
import { getException } from '../get.ts';
import { requestLegCancel } from '../leg/cancel.ts';
import { requestLegPay } from '../leg/pay.ts';
import { retryLeg } from '../leg/retry.ts';
import { tellAgain } from '../order/tell-cancelled.ts';
import type { Ports } from '../ports.ts';
import { retryReturn } from '../return/pay.ts';
import { requestVoid } from '../shipment/void.ts';
import { type ExceptionRef, resolveException } from './resolve.ts';

export type Retry = NonNullable<ExceptionRecord['retry']>;

/** Puts a step on its queue; throws when it cannot. */
export type Start = (retry: Retry) => Promise<void>;

/** Each step once, however many exceptions it may clear: a walk reads all the items of a connection. */
export const onceEach = (start: Start): Start => {
  const started = new Set<string>();
  return async (retry) => {
    const step = JSON.stringify(retry);
    if (started.has(step)) return;
    started.add(step);
    await start(retry);
  };
};

/** Causes of which nobody tells that they are gone: the retry counts as their end. */
const CLOSED_BY_RETRY: ReadonlySet<Cause> = new Set(['failed_job', 'purchase_rejected', 'order_unreadable']);

const reopen = async (ports: Ports, actor: Actor, before: ExceptionRecord): Promise<void> => {
  const exception = await getException(ports, before.workspaceId, before._id);
  if (exception.state === 'open') return;
  const edit = { note: before.note, closedAtMs: null };
  const changes = move(exceptionMachine, exception, 'open', edit, { actor, atMs: ports.clock.now() });
  await ports.store.exceptions.change(exception._id, asRead(exception), changes);
};

const retryOne = async (ports: Ports, actor: Actor, exception: ExceptionRecord, start: Start): Promise<void> => {
  const { _id: exceptionId, workspaceId, cause, subject, retry } = exception;
  if (!retry)
    throw new Failure('conflict', 'There is no step to try again; resolve it with a note.', {
      safe: { next: CAUSES[cause].next },
    });
  if (cause === 'purchase_rejected' && subject.kind === 'leg')
    await retryLeg(ports, actor, { workspaceId, legId: subject.id });
  if (cause === 'purchase_unpaid' && subject.kind === 'leg')
    await requestLegPay(ports, actor, { workspaceId, legId: subject.id });
  if (cause === 'refund_refused' && subject.kind === 'return')
    await retryReturn(ports, actor, { workspaceId, returnId: subject.id });
  if (cause === 'storefront_not_told' && subject.kind === 'order')
    await tellAgain(ports, actor, { workspaceId, orderId: subject.id });
  if ((cause === 'cancel_declined' || cause === 'cancel_by_hand') && subject.kind === 'leg')
    await requestLegCancel(ports, actor, { workspaceId, legId: subject.id });
  if (cause === 'label_not_voided' && subject.kind === 'shipment')
    await requestVoid(ports, actor, { workspaceId, shipmentId: subject.id });
  const closes = exception.state === 'open' && CLOSED_BY_RETRY.has(cause);
  // Before the step runs: it may fail, and open it, at once.
  if (closes) await resolveException(ports, actor, { workspaceId, exceptionId, note: `Retried by ${actor.name}.` });
  try {
    await start(retry);
  } catch (error) {
    if (closes) await reopen(ports, actor, exception);
    throw error;
  }
};

/**
 * Puts the failed step on its queue again, by `start`. An exception closes when its cause is gone and opens again when it comes back;
 * one of a step that failed for good, of which nobody else would tell, counts as resolved by the retry. Throws `conflict` where there
 * is no step to try again.
 */
export const retryException = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, exceptionId, start }: ExceptionRef & { start: Start },
): Promise<ExceptionRecord> => {
  await retryOne(ports, actor, await getException(ports, workspaceId, exceptionId), start);
  return getException(ports, workspaceId, exceptionId);
};

/** The same for everything that is open of one cause; what has no step to try again, or cannot be tried as it stands, is passed over. */
export const retryCause = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, cause, start }: { workspaceId: string; cause: Cause; start: Start },
): Promise<{ selected: number; retried: number }> => {
  let selected = 0;
  let retried = 0;
  const startOnce = onceEach(start);
  await everyPage(ports.store.exceptions, workspaceId, { cause }, async (page) => {
    for (const exception of page.filter((e) => e.state === 'open')) {
      selected += 1;
      if (exception.retry === null) continue;
      try {
        await retryOne(ports, actor, exception, startOnce);
        retried += 1;
      } catch (error) {
        // It cannot be tried again as it stands: the others can.
        if (!isFailure(error, 'conflict')) throw error;
        ports.log.info({ exceptionId: exception._id, why: error.message }, 'an exception was not tried again');
      }
    }
  });
  return { selected, retried };
};
