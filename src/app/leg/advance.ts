import type { Actor } from '#domain/actor.ts';
import { approvalMachine } from '#domain/approval.ts';
import { Failure, isFailure } from '#domain/failure.ts';
import { idOf } from '#domain/ids.ts';
import { type Leg, legMachine, moveLeg, openUnits, type WaitsFor } from '#domain/leg.ts';
import { born } from '#domain/move.ts';
import type { ApprovalRecord } from '#domain/records.ts';
import { levelId } from '#domain/stock.ts';
import { MODES } from '#modes';
import { changeLeg } from '../change.ts';
import { openException } from '../exception/open.ts';
import { getLeg } from '../get.ts';
import { clearLegHold, setLegHold } from '../order/leg-hold.ts';
import type { Ports } from '../ports.ts';
import { converterFor, stampRates } from '../rate/converter.ts';
import { countExpected } from './count-expected.ts';

/** A waiting leg is woken by what it waits for; should that be lost, it looks for itself after so long in clock time. */
const RECHECK_WAITING_MS = 6 * 3_600_000;

export interface Advanced {
  leg: Leg;
  /** What has to happen next. */
  next: 'submit' | 'wait' | 'done' | 'progress';
}

/**
 * Moves a leg as far as it can go by itself: asks for the approvals that its mode wants, and once they are given sends it on to
 * its supplier, or marks what its shelf holds. Safe at any time.
 */
export const advanceLeg = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, legId }: { workspaceId: string; legId: string },
): Promise<Advanced> => {
  const { store, clock } = ports;
  const leg = await getLeg(ports, workspaceId, legId);
  if (leg.orderId === null && leg.state === 'rejected') {
    await countExpected(ports, leg);
    const seen = await changeLeg(ports, workspaceId, legId, (current) =>
      current.state === 'rejected' && current.dueAtMs !== null ? { dueAtMs: null } : null,
    );
    return { leg: seen, next: 'wait' };
  }
  if (leg.state !== 'planned' && leg.state !== 'awaiting')
    return { leg, next: legMachine(leg).final(leg.state) ? 'done' : 'wait' };
  // What was ordered for our shelf is on its way from now on.
  await countExpected(ports, leg);
  const by = { actor, atMs: clock.now() };
  const goTo = (state: Leg['state'], waitsFor: WaitsFor | null, dueAtMs: number | null, lines = leg.lines) =>
    changeLeg(ports, workspaceId, legId, (current) => {
      if (current.state !== 'planned' && current.state !== 'awaiting') return null;
      const ready = new Set(lines.filter((l) => l.ready).map((l) => l.lineId));
      const counted = current.lines.some((l) => !l.ready && ready.has(l.lineId))
        ? current.lines.map((l) => (ready.has(l.lineId) ? { ...l, ready: true } : l))
        : current.lines;
      return moveLeg(current, state, { lines: counted, waitsFor, dueAtMs }, by);
    });
  const later = clock.now() + RECHECK_WAITING_MS;

  const verdict = leg.orderId === null ? 'approved' : await approve(ports, actor, leg);
  if (verdict === 'no_rate') return { leg: await goTo(leg.state, 'hold', later), next: 'wait' };
  if (verdict === 'declined') {
    const declined = await goTo('rejected', null, null);
    await openException(ports, actor, {
      workspaceId,
      cause: 'approval_declined',
      subject: { kind: 'leg', id: legId },
      orderId: leg.orderId,
      detail: `Order ${leg.orderNumber}: an approval was declined`,
      retry: null,
    });
    return { leg: declined, next: 'progress' };
  }
  if (verdict === 'pending') return { leg: await goTo('awaiting', 'approval', later), next: 'wait' };

  if (leg.kind === 'purchase') {
    const planned = leg.state === 'awaiting' ? await goTo('planned', null, clock.now() + ports.grace()) : leg;
    return { leg: planned, next: 'submit' };
  }
  if (leg.kind === 'work') return { leg: await goTo('awaiting', 'factory', null), next: 'wait' };

  const missing = leg.lines.filter((line) => !line.ready && openUnits(line) > 0);
  const levelOf = (sku: string) => levelId(workspaceId, leg.location, sku);
  const found = await store.levels.findMany(
    workspaceId,
    missing.map((line) => levelOf(line.sku)),
  );
  const levels = new Map(found.map((level) => [level._id, level]));
  const lines = leg.lines.map((line) =>
    !line.ready && levels.get(levelOf(line.sku))?.open.some((o) => o.key === line.reservation)
      ? { ...line, ready: true }
      : line,
  );
  const whole = lines.every((line) => line.ready || openUnits(line) === 0);
  return {
    leg: await goTo(whole ? 'accepted' : 'awaiting', whole ? null : 'goods', whole ? null : later, lines),
    next: 'wait',
  };
};

/** The pairs of currencies in which a leg's amounts are compared and posted. */
export const ratePairs = (
  { currency, costCurrency }: Pick<Leg, 'currency' | 'costCurrency'>,
  own: string,
): [string, string][] => [
  [costCurrency, currency],
  [currency, own],
  [costCurrency, own],
];

/** The leg's approvals, asked for once each, taken together. Without a rate to compare by the leg is held until there is one. */
const approve = async (
  ports: Ports,
  actor: Actor,
  leg: Leg,
): Promise<'approved' | 'pending' | 'declined' | 'no_rate'> => {
  const { store, cached, clock } = ports;
  const workspace = await cached.workspace(leg.workspaceId);
  if (!workspace) throw new Failure('bug', `workspace ${leg.workspaceId} is gone`);
  const known = leg.orderId === null ? null : await store.orders.find(leg.workspaceId, leg.orderId);
  const { currency } = workspace.terms;
  const order = known && (await stampRates(ports, known, ratePairs(leg, currency)));
  let wanted: ReturnType<(typeof MODES)['wholesale']['approvals']>;
  try {
    wanted = MODES[leg.mode].approvals(leg, workspace.terms, converterFor(order));
  } catch (error) {
    if (!isFailure(error, 'no_row')) throw error;
    if (order) await setLegHold(ports, actor, order, { code: 'currency', legId: leg._id, note: error.message });
    return 'no_rate';
  }
  if (order) await clearLegHold(ports, actor, order, 'currency', leg._id);
  if (wanted.length === 0) return 'approved';
  const by = { actor, atMs: clock.now() };
  const records = wanted.map((approval) =>
    born(
      approvalMachine,
      {
        _id: idOf('ap', leg._id, approval.kind),
        workspaceId: leg.workspaceId,
        legId: leg._id,
        orderId: leg.orderId ?? '',
        orderNumber: leg.orderNumber,
        kind: approval.kind,
        // A principal sees its own; the merchant's are the workspace's.
        party: approval.party === 'principal' ? leg.location : 'merchant',
        amount: approval.amount,
        limit: approval.limit,
        reason: approval.reason,
        state: 'pending',
        note: '',
        decidedBy: '',
        createdAtMs: clock.now(),
        updatedAtMs: clock.now(),
      } satisfies ApprovalRecord,
      by,
    ),
  );
  await store.approvals.insertMany(records);
  const states = (
    await store.approvals.findMany(
      leg.workspaceId,
      records.map((r) => r._id),
    )
  ).map((r) => r.state);
  if (states.includes('declined')) return 'declined';
  return states.every((state) => state === 'approved') ? 'approved' : 'pending';
};
