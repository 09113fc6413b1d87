import type { Actor } from '#domain/actor.ts';
import { Failure, type FailureCode, isFailure } from '#domain/failure.ts';
import { exceptionId } from '#domain/ids.ts';
import { type Leg, type PurchaseLeg, type Unpaid, unpaidOf } from '#domain/leg.ts';
import { noted } from '#domain/move.ts';
import { RECHECK_MS } from '../case/block.ts';
import { changeLeg } from '../change.ts';
import { resolveException } from '../exception/resolve.ts';
import { getLeg } from '../get.ts';
import { askToProceed } from '../order/ask-to-proceed.ts';
import type { Ports } from '../ports.ts';
import { getActiveConnection, requireLive } from '../usable-connection.ts';
import { type Submitted, takeReport } from './take-report.ts';
import { clearUnpaid, openUnpaid, withPayment } from './unpaid.ts';

interface LegRef {
  workspaceId: string;
  legId: string;
}

/** How long the word of a person that a purchase is paid is enough while the supplier does not show it, in clock time. */
const TAKEN_AT_WORD_MS = 24 * 3_600_000;

const waitingForPayment = (leg: Leg): { leg: PurchaseLeg; unpaid: Unpaid } => {
  const unpaid = unpaidOf(leg);
  if (leg.kind !== 'purchase' || unpaid === null)
    throw new Failure('conflict', `leg ${leg._id} waits for no payment`, { safe: { state: leg.state } });
  return { leg, unpaid };
};

/**
 * A person asks that we pay a purchase which its supplier has taken down. Throws `conflict` for one that waits for no payment, and for
 * a supplier that we cannot pay.
 */
export const requestLegPay = async (ports: Ports, actor: Actor, { workspaceId, legId }: LegRef): Promise<Leg> => {
  const { leg } = waitingForPayment(await getLeg(ports, workspaceId, legId));
  const connection = await getActiveConnection(ports, workspaceId, leg.partner);
  if (!ports.gateway.can(connection, 'purchases.pay'))
    throw new Failure('conflict', `${connection.name} cannot be paid by us: pay it there and say so`);
  const by = { actor, atMs: ports.clock.now() };
  return changeLeg(ports, workspaceId, legId, (current) => {
    const { leg: waiting, unpaid } = waitingForPayment(current);
    if (unpaid.pay === 'wanted' || unpaid.pay === 'sent') return null;
    const payment = { ...unpaid, pay: 'wanted' as const, restsUntilMs: null };
    const changes = { unpaid: payment, dueAtMs: ports.clock.now() + ports.grace() };
    return noted<PurchaseLeg>(waiting, 'leg.pay_wanted', changes, by);
  });
};

/**
 * A person says that a purchase is paid: what was told of it rests, and the supplier is asked again. While the supplier does not show it
 * a day later, it is told of once more. Throws `conflict` for one that waits for no payment.
 */
export const sayPaid = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, legId, note }: LegRef & { note: string },
): Promise<Leg> => {
  const atMs = ports.clock.now();
  const said = await changeLeg(ports, workspaceId, legId, (current) => {
    const { leg, unpaid } = waitingForPayment(current);
    const payment = { ...unpaid, pay: 'byHand' as const, restsUntilMs: atMs + TAKEN_AT_WORD_MS };
    const changes = { unpaid: payment, dueAtMs: atMs + ports.grace() };
    return noted<PurchaseLeg>(leg, 'leg.paid_by_hand', changes, { actor, atMs, personal: { note } });
  });
  const told = exceptionId(workspaceId, 'purchase_unpaid', legId);
  if (await ports.store.exceptions.find(workspaceId, told))
    await resolveException(ports, actor, { workspaceId, exceptionId: told, note });
  return said;
};

/** The supplier has said no: a person decides. */
const REFUSED: ReadonlySet<FailureCode> = new Set(['rejected', 'conflict', 'forbidden', 'not_found']);
/** It was turned away before it did anything: it is tried again. */
const NOTHING_PAID: ReadonlySet<FailureCode> = new Set(['rate_limited', 'unauthorised', 'paused']);

const LOST = 'It is not known what became of the payment, and the supplier does not show it.';

/**
 * Pays a purchase that a person wants paid, from the balance at its supplier. The supplier is looked at first, and one that is paid is
 * not paid again. A payment that may have been made is never repeated by itself: where the supplier does not show it, a person decides.
 */
export const payLeg = async (ports: Ports, actor: Actor, { workspaceId, legId }: LegRef): Promise<Submitted> => {
  const { clock, gateway } = ports;
  const found = await getLeg(ports, workspaceId, legId);
  const asked = unpaidOf(found);
  if (found.kind !== 'purchase' || (asked?.pay !== 'wanted' && asked?.pay !== 'sent'))
    return { leg: found, next: 'wait', shipmentIds: [] };
  const connection = await getActiveConnection(ports, workspaceId, found.partner);
  const give = (changes: Partial<Unpaid>, dueAtMs: number) => (current: Leg) => {
    const payment = withPayment(current, changes);
    return payment && { ...payment, dueAtMs };
  };
  const refused = async (reason: string): Promise<Submitted> => {
    const before = await getLeg(ports, workspaceId, legId);
    const payment = withPayment(before, { pay: 'none', reason });
    // Told before it is written down: a run that dies in between tells it again.
    if (before.kind === 'purchase' && payment)
      await openUnpaid(ports, actor, { connection, leg: before, unpaid: payment.unpaid });
    const leg = await changeLeg(ports, workspaceId, legId, give({ pay: 'none', reason }, clock.now() + RECHECK_MS));
    if (payment && unpaidOf(leg) === null) await clearUnpaid(ports, actor, leg);
    return { leg, next: 'poll', shipmentIds: [] };
  };
  const { externalId, parts } = found;
  const shown = await takeReport(
    ports,
    actor,
    connection,
    found,
    await gateway.call(connection, 'purchases.get', { externalId, reference: legId, ...(parts ? { parts } : {}) }),
  );
  const leg = await getLeg(ports, workspaceId, legId);
  const unpaid = unpaidOf(leg);
  if (leg.kind !== 'purchase' || unpaid === null) return shown;
  if (unpaid.pay === 'sent') return refused(LOST);
  if (unpaid.pay !== 'wanted') return { leg, next: 'wait', shipmentIds: [] };
  // Whoever cancels it wants nothing paid.
  if (leg.cancel !== 'none') {
    const kept = await changeLeg(ports, workspaceId, legId, give({ pay: 'none' }, clock.now() + RECHECK_MS));
    return { leg: kept, next: 'poll', shipmentIds: [] };
  }
  requireLive(connection, 'nothing is paid');
  const soon = () => clock.now() + ports.grace();
  if (leg.orderId !== null) {
    const answer = await askToProceed(ports, actor, { workspaceId, orderId: leg.orderId, legId });
    if (answer.kind !== 'go') {
      const waiting = await changeLeg(ports, workspaceId, legId, give({}, clock.now() + RECHECK_MS));
      return { leg: waiting, next: answer.kind === 'reconcile' ? 'reconcile' : 'wait', shipmentIds: [] };
    }
  }
  // Written down before the call: whoever finds it knows that the payment may have been made.
  const sent = await changeLeg(
    ports,
    workspaceId,
    legId,
    (current) => (unpaidOf(current)?.pay === 'wanted' ? give({ pay: 'sent' }, soon())(current) : null),
    leg,
  );
  if (sent.kind !== 'purchase' || sent.version !== leg.version + 1) return { leg: sent, next: 'wait', shipmentIds: [] };
  try {
    const report = await gateway.call(connection, 'purchases.pay', { externalId: leg.externalId, reference: legId });
    return await takeReport(ports, actor, connection, sent, report);
  } catch (error) {
    if (!isFailure(error)) throw error;
    const { code, nothingDone, message } = error;
    if (REFUSED.has(code)) return refused(message);
    if (nothingDone || NOTHING_PAID.has(code)) {
      await changeLeg(ports, workspaceId, legId, (current) =>
        unpaidOf(current)?.pay === 'sent' ? give({ pay: 'wanted' }, soon())(current) : null,
      );
      throw error;
    }
    // It is looked at again when it is due.
    ports.log.warn({ legId, code }, 'the outcome of a payment is not known');
    return { leg: sent, next: 'wait', shipmentIds: [] };
  }
};
