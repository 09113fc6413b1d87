import type { Actor } from '#domain/actor.ts';
import { approvalMachine } from '#domain/approval.ts';
import { legIdOf } from '#domain/ids.ts';
import { cancelOpen, type Leg, openUnits, wasSent } from '#domain/leg.ts';
import { linesToShip, wantedUnits } from '#domain/may-proceed.ts';
import { move, noted } from '#domain/move.ts';
import { type Order, type OrderLine, orderMachine } from '#domain/order.ts';
import { changeLeg, changeOrder } from '../change.ts';
import { clearException, openException } from '../exception/open.ts';
import type { Ports } from '../ports.ts';
import { applyStock } from '../stock/apply.ts';
import { mapAgain, unmappedOf } from './map-lines.ts';
import { planLegs } from './plan-legs.ts';
import { freeUsedUp, offeredLines, reserve } from './reserve.ts';
import { releaseOp } from './settle-taken.ts';
import { type WrittenLegs, writeLegs } from './write-legs.ts';

/** Units of a line that its legs have, whatever became of them. */
export const coveredUnits = (legs: readonly Leg[], lineId: string): number =>
  legs.reduce(
    (sum, leg) => leg.lines.reduce((s, line) => s + (line.lineId === lineId ? line.quantity - line.cancelled : 0), sum),
    0,
  );

/** The lines of which more is wanted than the legs cover. Nothing more is planned of an order that its shop has cancelled. */
export const lacking = (order: Order, legs: readonly Leg[]): OrderLine[] =>
  order.cancelledAt === null
    ? linesToShip(order).filter((line) => wantedUnits(order, line) > coveredUnits(legs, line.id))
    : [];

/** A leg of which nothing was sent and nothing has left: a new plan may do it another way. */
const canBeReplanned = (leg: Leg): boolean =>
  !wasSent(leg) && leg.state !== 'cancelled' && leg.lines.every((line) => line.shipped === 0);

/**
 * Takes back what a new plan shall do another way: legs that were never sent are cancelled, each by a guarded write of its own, so
 * that one which is sent at this moment keeps its units. Sent purchases are marked to be asked to cancel when that is wished.
 */
const takeBack = async (
  ports: Ports,
  actor: Actor,
  order: Order,
  legs: readonly Leg[],
  cancelSent: boolean,
): Promise<Leg[]> => {
  const { store } = ports;
  const by = { actor, atMs: ports.clock.now(), data: { because: 'replanned' } };
  const kept: Leg[] = [];
  for (const leg of legs) {
    const changed = await changeLeg(
      ports,
      order.workspaceId,
      leg._id,
      (current) => {
        if (canBeReplanned(current)) return cancelOpen(current, { reason: 'Planned anew.' }, by);
        return cancelSent &&
          current.kind === 'purchase' &&
          current.cancel === 'none' &&
          current.lines.some((l) => openUnits(l) > 0)
          ? { cancel: 'wanted', dueAtMs: ports.clock.now() + ports.grace() }
          : null;
      },
      leg,
    );
    if (changed.state === 'cancelled') {
      if (changed.reason === 'Planned anew.')
        for (const cause of ['purchase_rejected', 'approval_declined'] as const)
          await clearException(ports, actor, { workspaceId: order.workspaceId, cause, subjectId: leg._id });
      // Also when a run before this one cancelled it and died: giving back twice changes nothing.
      if (changed.reason === 'Planned anew.')
        await applyStock(
          ports,
          order.workspaceId,
          changed.lines.flatMap((line) =>
            releaseOp(changed, line.lineId, `replan:${changed._id}:${line.lineId}`, line.cancelled),
          ),
        );
      for (const approval of await store.approvals.list(order.workspaceId, { legId: leg._id }, { limit: 100 }))
        if (approval.state === 'pending')
          await store.approvals.change(
            approval._id,
            { state: 'pending' },
            move(approvalMachine, approval, 'withdrawn', { note: 'The order was planned anew.' }, by),
          );
    }
    kept.push(changed);
  }
  return kept;
};

/**
 * Makes the next plan: it covers what is wanted and not covered by the legs that are kept. Its legs are new orders at their suppliers.
 * Safe to repeat at any point: what was taken back stays so, and a plan that was saved is not made again.
 */
export const replan = async (
  ports: Ports,
  actor: Actor,
  order: Order,
  legs: readonly Leg[],
): Promise<{ order: Order; legs: Leg[]; written: WrittenLegs; unmapped: string[] }> => {
  const nothing = { legIds: [], submitIds: [] };
  const kept = order.replan ? await takeBack(ports, actor, order, legs, order.replan.cancelSent) : [...legs];
  const lacks = (line: OrderLine) => wantedUnits(order, line) > coveredUnits(kept, line.id);
  // Lines that are covered keep the offer that their legs were made under.
  const mapped = await mapAgain(ports, order);
  const lines = order.lines.map((line) => (lacks(line) ? (mapped.find(({ id }) => id === line.id) ?? line) : line));
  const unmapped = unmappedOf(linesToShip({ ...order, lines }).filter(lacks));
  if (unmapped.length > 0) {
    await openException(ports, actor, {
      workspaceId: order.workspaceId,
      cause: 'awaiting_mapping',
      subject: { kind: 'order', id: order._id },
      orderId: order._id,
      detail: `Order ${order.number}: no offer for ${unmapped.join(', ')}`,
      retry: { job: 'order.reconcile', payload: { workspaceId: order.workspaceId, orderId: order._id } },
    });
    return { order, legs: kept, written: nothing, unmapped };
  }
  const mappedNow = { workspaceId: order.workspaceId, cause: 'awaiting_mapping', subjectId: order._id } as const;
  await clearException(ports, actor, mappedNow);
  const offered = offeredLines(order, lines, (lineId) => coveredUnits(kept, lineId));
  if (offered.length === 0) {
    const done = order.replan
      ? await changeOrder(
          ports,
          order.workspaceId,
          order._id,
          (current) => (current.replan ? { replan: null } : null),
          order,
        )
      : order;
    return { order: done, legs: kept, written: nothing, unmapped };
  }
  const set = order.unitSets + 1;
  const isUnchanged = ({ version, state }: Order) => version === order.version && !orderMachine.final(state);
  // On the order before the shelf is asked: should this run die, what it holds is given back.
  const taken = await changeOrder(
    ports,
    order.workspaceId,
    order._id,
    (current) =>
      isUnchanged(current)
        ? {
            unitSets: set,
            setsToFree: [...(current.setsToFree ?? []), set],
            dueAtMs: ports.clock.now() + ports.grace(),
          }
        : null,
    order,
  );
  if (!taken.setsToFree?.includes(set)) return { order: taken, legs: kept, written: nothing, unmapped };
  const { isHeld } = await reserve(ports, taken, offered, set, true);
  const planned = planLegs(offered, isHeld);
  const number = (order.plan?.number ?? 0) + 1;
  const by = { actor, atMs: ports.clock.now(), data: { plan: number, legs: planned.legs.length } };
  const saved = await changeOrder(
    ports,
    order.workspaceId,
    order._id,
    (current) => {
      if (current.version !== taken.version || orderMachine.final(current.state)) return null;
      const changes = {
        lines: [...lines],
        plan: { number, ...planned, unitSet: set },
        setsToFree: (current.setsToFree ?? []).filter((one) => one !== set),
        replan: null,
        dueAtMs: ports.clock.now() + ports.grace(),
      };
      return noted(current, 'order.replanned', changes, by);
    },
    taken,
  );
  // The order was changed meanwhile: the next run plans with what is there then.
  if (saved.plan?.number !== number || saved.plan.unitSet !== set)
    return { order: await freeUsedUp(ports, saved, lines), legs: kept, written: nothing, unmapped };
  const written = await writeLegs(ports, actor, saved);
  const ids = saved.plan.legs.map((_, index) => legIdOf(saved._id, number, index));
  const fresh = await ports.store.legs.findMany(order.workspaceId, ids);
  return { order: saved, legs: [...kept, ...fresh], written, unmapped };
};
