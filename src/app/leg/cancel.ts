import type { Actor } from '#domain/actor.ts';
import { Failure, isFailure } from '#domain/failure.ts';
import { cancelPending, isLost, type Leg, type PurchaseLeg, pendingUnits, wasSent } from '#domain/leg.ts';
import { noted } from '#domain/move.ts';
import { changeLeg } from '../change.ts';
import { clearException, openException } from '../exception/open.ts';
import { getLeg } from '../get.ts';
import type { Ports } from '../ports.ts';
import { applyStock, type ShelfOp } from '../stock/apply.ts';
import { connectionToFinish } from '../usable-connection.ts';
import { clearUnpaid } from './unpaid.ts';

const hasPending = (leg: Leg): boolean => leg.lines.some((line) => pendingUnits(leg, line) > 0);

/** What was cancelled of a purchase for our own shelf is no longer on its way: each line once. */
const expectLess = async (ports: Ports, leg: Leg): Promise<void> => {
  if (leg.orderId !== null) return;
  await applyStock(
    ports,
    leg.workspaceId,
    leg.lines.flatMap((line): ShelfOp[] =>
      line.cancelled === 0
        ? []
        : [
            {
              location: leg.location,
              sku: line.sku,
              op: { kind: 'expect', id: `unexpect:${line.lineId}`, quantity: -line.cancelled, reference: leg._id },
            },
          ],
    ),
  );
};

export interface LegCancelled {
  leg: Leg;
  next: 'reconcile' | 'probe' | 'wait';
}

/**
 * Asks the supplier to cancel a purchase. Only its confirmation frees the units: silence, and an answer that is lost, leave them where
 * they are, and it is asked again. A supplier that cannot be asked, or says no, becomes an exception for a person.
 */
export const cancelLeg = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, legId }: { workspaceId: string; legId: string },
): Promise<LegCancelled> => {
  const leg = await getLeg(ports, workspaceId, legId);
  if (leg.kind !== 'purchase' || leg.cancel !== 'wanted' || !hasPending(leg)) {
    await expectLess(ports, leg);
    return { leg, next: 'wait' };
  }
  // Whether there is anything to cancel is looked up first.
  if (isLost(leg)) return { leg, next: 'probe' };
  const connection = await connectionToFinish(ports, workspaceId, leg.partner);
  const open = (cause: 'cancel_by_hand' | 'cancel_declined', detail: string) =>
    openException(ports, actor, {
      workspaceId,
      cause,
      subject: { kind: 'leg', id: legId },
      orderId: leg.orderId,
      detail: `Order ${leg.orderNumber}, purchase ${leg.externalId}: ${detail}`,
      retry: { job: 'leg.cancel', payload: { workspaceId, legId } },
    });
  if (!ports.gateway.can(connection, 'purchases.cancel')) {
    // Told before it is written down: a run that dies in between asks, and tells, again.
    await open('cancel_by_hand', `${connection.name} cannot be asked by us`);
    const byHand = await changeLeg(ports, workspaceId, legId, (current) =>
      current.kind === 'purchase' && current.cancel === 'wanted' ? { cancel: 'byHand' } : null,
    );
    await clearSettledCancel(ports, actor, byHand);
    return { leg: byHand, next: 'wait' };
  }
  let answer: { cancelled: boolean; reason: string };
  try {
    answer = await ports.gateway.call(connection, 'purchases.cancel', { externalId: leg.externalId, reference: legId });
  } catch (error) {
    if (!isFailure(error, 'rejected', 'conflict', 'forbidden')) throw error;
    answer = { cancelled: false, reason: error.message };
  }
  if (answer.cancelled) return { leg: await confirmCancelled(ports, actor, leg, answer.reason), next: 'reconcile' };
  await open('cancel_declined', answer.reason || 'the supplier does not cancel it');
  const refused = await changeLeg(ports, workspaceId, legId, (current) =>
    current.kind === 'purchase' && current.cancel === 'wanted' ? { cancel: 'refused' } : null,
  );
  // Somebody may have settled it before it was told of.
  await clearSettledCancel(ports, actor, refused);
  return { leg: refused, next: 'reconcile' };
};

/** It is known what becomes of the units that a supplier was asked for. */
const clearCancelTrouble = async (ports: Ports, actor: Actor, { workspaceId, _id }: Leg): Promise<void> => {
  for (const cause of ['cancel_declined', 'cancel_by_hand', 'units_after_sent'] as const)
    await clearException(ports, actor, { workspaceId, cause, subjectId: _id });
};

/**
 * Closes what was open about taking units of a purchase back, once all of it has left, come in or been cancelled: nothing is left to
 * choose.
 */
export const clearSettledCancel = async (ports: Ports, actor: Actor, leg: Leg): Promise<void> => {
  if (leg.kind !== 'purchase' || hasPending(leg) || (leg.cancel === 'none' && leg.refunds.length === 0)) return;
  await clearCancelTrouble(ports, actor, leg);
};

/** The supplier, or a person who asked it, says that it has cancelled what had not left: the units are free, each once. */
export const confirmCancelled = async (ports: Ports, actor: Actor, leg: Leg, reason: string): Promise<Leg> => {
  const by = { actor, atMs: ports.clock.now(), data: { because: 'cancelled by the supplier' } };
  // Before it is written down: a leg that is over is not looked at again.
  await clearUnpaid(ports, actor, leg);
  const cancelled = await changeLeg(ports, leg.workspaceId, leg._id, (current) =>
    hasPending(current) ? cancelPending(current, { reason, dueAtMs: null }, by) : null,
  );
  await expectLess(ports, cancelled);
  await clearCancelTrouble(ports, actor, leg);
  return cancelled;
};

/** A person asks that a sent purchase be cancelled. Throws `conflict` for one that was not sent or of which nothing is open. */
export const requestLegCancel = async (
  ports: Ports,
  _actor: Actor,
  { workspaceId, legId }: { workspaceId: string; legId: string },
): Promise<Leg> =>
  changeLeg(ports, workspaceId, legId, (current) => {
    if (current.kind !== 'purchase' || !wasSent(current) || !hasPending(current))
      throw new Failure('conflict', `leg ${legId} has nothing that a supplier could cancel`, {
        safe: { state: current.state },
      });
    return current.cancel === 'wanted' ? null : { cancel: 'wanted', dueAtMs: ports.clock.now() + ports.grace() };
  });

/**
 * A person says what came of asking a supplier by hand: it cancelled what had not left, or it did not and the goods will come. Throws
 * `conflict` when nothing of the purchase is open.
 */
export const answerCancel = async (
  ports: Ports,
  actor: Actor,
  given: { workspaceId: string; legId: string; cancelled: boolean; note: string },
): Promise<Leg> => {
  const leg = await getLeg(ports, given.workspaceId, given.legId);
  if (leg.kind !== 'purchase' || !hasPending(leg))
    throw new Failure('conflict', `leg ${given.legId} has nothing left that could be cancelled`, {
      safe: { state: leg.state },
    });
  if (given.cancelled) return confirmCancelled(ports, actor, leg, given.note);
  const by = { actor, atMs: ports.clock.now(), personal: { note: given.note } };
  const kept = await changeLeg(ports, given.workspaceId, given.legId, (current) =>
    current.kind === 'purchase' && current.cancel !== 'refused'
      ? noted<PurchaseLeg>(current, 'leg.kept', { cancel: 'refused' }, by)
      : null,
  );
  await clearCancelTrouble(ports, actor, kept);
  return kept;
};
