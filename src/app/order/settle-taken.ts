import type { Actor } from '#domain/actor.ts';
import { type Leg, takeable, takeUnits, wasSent } from '#domain/leg.ts';
import type { Order, Taken } from '#domain/order.ts';
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

const takenHere = (leg: Leg, id: string): number => {
  const here = leg.refunds.find((r) => r.id === id);
  return here ? here.cancelled + here.returned + here.asked : 0;
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
  if (open.length === 0) return { order, legs: [...legs.values()], touched: [], late };
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
