import type { Actor } from '#domain/actor.ts';
import { takenBy } from '#domain/cancel-request.ts';
import { idOf } from '#domain/ids.ts';
import { keptUnits, type Leg, takeable, takeUnits, wasSent } from '#domain/leg.ts';
import { wantedUnits } from '#domain/may-proceed.ts';
import type { Order, Taken } from '#domain/order.ts';
import { takenIdOf } from '#domain/return.ts';
import { comesBack } from '#domain/shipment.ts';
import { MODES } from '#modes';
import { changeLeg, changeOrder } from '../change.ts';
import type { Ports } from '../ports.ts';
import { applyStock, type ShelfOp } from '../stock/apply.ts';

export interface Settled {
  order: Order;
  legs: Leg[];
  /** Legs that lost units. */
  touched: string[];
  /** What was to be taken and is not there to take: it has left, or is more than was ordered. */
  late: { taken: Taken; quantity: number }[];
}

/** Legs in the order in which units are taken from them: those not sent first, then those sent, then what has left. */
const inTurn = (legs: readonly Leg[]): Leg[] => {
  const rank = (leg: Leg) => (!wasSent(leg) ? 0 : leg.state === 'shipped' || leg.state === 'delivered' ? 2 : 1);
  return legs.toSorted((a, b) => rank(a) - rank(b) || a.plan - b.plan || (a._id < b._id ? -1 : 1));
};

const takenHere = (leg: Leg, id: string): number =>
  leg.refunds.reduce((sum, row) => sum + (takenIdOf(row) === id ? row.cancelled + row.returned + row.asked : 0), 0);

/** Units that the legs keep of a line beyond what is wanted: they had left when they were taken off the order. */
export const lateUnits = (order: Order, legs: readonly Leg[], lineId: string): number => {
  const line = order.lines.find(({ id }) => id === lineId);
  if (!line) return 0;
  return Math.max(0, legs.reduce((sum, leg) => sum + keptUnits(leg, lineId), 0) - wantedUnits(order, line));
};

/**
 * What was taken off the order and was late, for units that come back: cancellations that are still to be paid for first, the last one
 * first. What was taken off before there was a plan is on no leg and was never late.
 */
const lateEntries = (order: Order, legs: readonly Leg[]): { taken: Taken; rest: number }[] => {
  const open = order.cancels.filter(({ state }) => state !== 'confirmed');
  const ofCancel = new Set(open.flatMap((request) => takenBy(order._id, request)).map(({ id }) => id));
  const entries = order.taken.filter(
    ({ id, why, settled }) => settled && (why === 'cancel' ? ofCancel.has(id) : why !== 'refund'),
  );
  return entries
    .toReversed()
    .toSorted((a, b) => Number(b.why === 'cancel') - Number(a.why === 'cancel'))
    .map((taken) => ({ taken, rest: taken.quantity - legs.reduce((sum, leg) => sum + takenHere(leg, taken.id), 0) }));
};

/**
 * Units that had left when they were taken off the order, and are back since because their package was voided: they are cancelled under what
 * had taken them off, each once, and go back to the shelf.
 */
const takeBackLate = async (
  ports: Ports,
  actor: Actor,
  order: Order,
  legs: Map<string, Leg>,
  touched: Set<string>,
): Promise<void> => {
  const { workspaceId, _id: orderId } = order;
  const by = { actor, atMs: ports.clock.now() };
  const isOpenHere = (lineId: string) => (leg: Leg) => leg.kind !== 'purchase' && takeable(leg, lineId, false).open > 0;
  let lineIds = [...new Set(order.taken.map(({ lineId }) => lineId))].filter(
    (lineId) => lateUnits(order, [...legs.values()], lineId) > 0 && [...legs.values()].some(isOpenHere(lineId)),
  );
  // What a package gives back is first back whole, on its leg and on the shelf.
  if (lineIds.length > 0) {
    const packages = await ports.store.shipments.list(workspaceId, { orderId }, { limit: 10_000 });
    if (packages.some(comesBack)) lineIds = [];
  }
  for (const lineId of lineIds) {
    let late = lateUnits(order, [...legs.values()], lineId);
    for (const { taken, rest } of lateEntries(order, [...legs.values()])) {
      let left = taken.lineId === lineId ? Math.min(rest, late) : 0;
      for (const leg of inTurn([...legs.values()])) {
        const quantity = leg.kind === 'purchase' ? 0 : Math.min(left, takeable(leg, lineId, false).open);
        if (quantity <= 0) continue;
        const before = takenHere(leg, taken.id);
        const row = { id: idOf('tk', taken.id, leg._id, before), taken: taken.id, lineId, quantity, left: false };
        const changed = await changeLeg(
          ports,
          workspaceId,
          leg._id,
          (current) => takeUnits(current, row, by).patch,
          leg,
        );
        legs.set(leg._id, changed);
        touched.add(leg._id);
        const took = takenHere(changed, taken.id) - before;
        left -= took;
        late -= took;
      }
    }
  }
  // Also for what a run before this one took, should it have died before the shelf knew.
  const back = [...legs.values()].flatMap((leg) =>
    leg.refunds.flatMap((row) =>
      row.taken === undefined ? [] : releaseOp(leg, row.lineId, `cancel:${row.id}`, row.cancelled),
    ),
  );
  await applyStock(ports, workspaceId, back);
};

/** The shelf gives back what a leg does not need any more. Each entry once; the ids are those of version 0.1 for its legs. */
export const releaseOp = (leg: Leg, lineId: string, cause: string, quantity: number): ShelfOp[] => {
  const line = leg.lines.find((l) => l.lineId === lineId);
  if (!line || quantity === 0 || !MODES[leg.mode].shelf || leg.kind === 'purchase') return [];
  const id = leg.plan === 1 ? cause : `${cause}:${leg._id}`;
  return [
    {
      location: leg.location,
      sku: line.sku,
      op: { kind: 'release', id, key: line.reservation, quantity, reference: leg.orderNumber },
    },
  ];
};

/**
 * Applies what was taken off the order to its legs, each entry once: units that have not left are cancelled and go back to the shelf,
 * or the supplier has to be asked for them; refunded units that have left count as returned.
 */
export const settleTaken = async (
  ports: Ports,
  actor: Actor,
  order: Order,
  given: readonly Leg[],
): Promise<Settled> => {
  const open = order.taken.filter((taken) => !taken.settled);
  const legs = new Map(given.map((leg) => [leg._id, leg]));
  const touched = new Set<string>();
  const late: Settled['late'] = [];
  const by = { actor, atMs: ports.clock.now() };
  for (const taken of open) {
    const { id, lineId } = taken;
    const left = taken.why === 'refund';
    let rest = taken.quantity - [...legs.values()].reduce((sum, leg) => sum + takenHere(leg, id), 0);
    const turn = inTurn([...legs.values()]);
    for (const [index, leg] of turn.entries()) {
      const after = turn.slice(index + 1).reduce((sum, later) => sum + takeable(later, lineId, false).open, 0);
      const quantity = Math.max(Math.min(rest, takeable(leg, lineId, false).open), rest - after);
      if (quantity > 0 && takenHere(leg, id) === 0) {
        const changed = await changeLeg(
          ports,
          order.workspaceId,
          leg._id,
          (current) => takeUnits(current, { id, lineId, quantity, left }, by).patch,
          leg,
        );
        legs.set(leg._id, changed);
        rest -= takenHere(changed, id);
      }
      // Also for what a run before this one took, should it have died before the shelf knew.
      const here = legs.get(leg._id)?.refunds.find((r) => r.id === id);
      if (!here) continue;
      touched.add(leg._id);
      await applyStock(ports, order.workspaceId, releaseOp(leg, lineId, `cancel:${id}`, here.cancelled));
    }
    if (rest > 0) late.push({ taken, quantity: rest });
  }
  await takeBackLate(ports, actor, order, legs, touched);
  if (open.length === 0) return { order, legs: [...legs.values()], touched: [...touched], late };
  const done = new Set(open.map(({ id }) => id));
  const settled = await changeOrder(
    ports,
    order.workspaceId,
    order._id,
    (current) => ({
      taken: current.taken.map((taken) => (done.has(taken.id) ? { ...taken, settled: true } : taken)),
    }),
    order,
  );
  return { order: settled, legs: [...legs.values()], touched: [...touched], late };
};
