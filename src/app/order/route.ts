import type { Actor } from '#domain/actor.ts';
import { Failure } from '#domain/failure.ts';
import type { Hold } from '#domain/hold.ts';
import { linesToShip, mayProceed } from '#domain/may-proceed.ts';
import { move, noted } from '#domain/move.ts';
import { type CancelRequest, type Order, type OrderLine, orderMachine } from '#domain/order.ts';
import type { OfferedLine } from '#modes';
import { changeOrder } from '../change.ts';
import { clearException, openException } from '../exception/open.ts';
import { getOrder } from '../get.ts';
import type { Ports } from '../ports.ts';
import { currentHolds, sameHolds } from './current-holds.ts';
import { freeUnits, holdUnits, keepForPlan } from './hold-units.ts';
import { mapLines, unmappedOf } from './map-lines.ts';
import { nextLookUnplanned, shopToAsk } from './next-look.ts';
import { planLegs } from './plan-legs.ts';
import { postOrder } from './postings.ts';
import { refundUnplanned } from './progress-cancels.ts';
import { freeUsedUp, isJust, offeredLines, releaseSet, reserve, useUp } from './reserve.ts';
import { type WrittenLegs, writeLegs } from './write-legs.ts';

export interface Routed extends WrittenLegs {
  outcome: 'routed' | 'closed' | 'awaiting_mapping' | 'held' | 'nothing_to_do';
  /** The order was cancelled before anything was planned, and its storefront is to be told. */
  tellStorefront: boolean;
  /** Its shop has given something of it back: that is to be counted now. */
  hasRefunds: boolean;
  /** Its shop is to be asked whether it still holds the order. */
  askShop: Awaited<ReturnType<typeof shopToAsk>>;
}

const NONE = { legIds: [], submitIds: [], tellStorefront: false, hasRefunds: false, askShop: null };
const isRefunded = ({ taken, refundedMinor }: Order): boolean =>
  refundedMinor > 0 || taken.some(({ why }) => why === 'refund');
const isUntold = ({ cancels }: Order): boolean => cancels.some(({ told, state }) => !told && state === 'confirmed');
/** Plans that are made before the order is found to have changed each time. */
const MOST_ROUNDS = 20;

/**
 * Decides once who does what with an order and writes the legs down: may it proceed → map → reserve → plan → legs. Every unit that
 * is still wanted is in exactly one leg. An order that may not go on keeps its units for a time and says why; unknown items make it
 * wait for a mapping. It goes on by itself when the cause is gone. Safe at any time.
 */
export const routeOrder = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, orderId }: { workspaceId: string; orderId: string },
): Promise<Routed> => {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const order = await getOrder(ports, workspaceId, orderId);
    if (order.plan) return planned(ports, actor, order);
    await refundUnplanned(ports, order);
    if (orderMachine.final(order.state)) {
      const over = await freeAll(ports, actor, order);
      await lookAgainAt(ports, over, isUntold(over) ? over.dueAtMs : null);
      return { ...NONE, outcome: 'nothing_to_do', tellStorefront: isUntold(over) };
    }
    const holds = await currentHolds(ports, actor, order);
    const verdict = mayProceed(order, holds);
    if (verdict.kind === 'over') {
      const closed = await closeUnrouted(ports, actor, order, verdict.why);
      // It was changed meanwhile, and may be no longer over.
      if (!closed) continue;
      return { ...NONE, outcome: 'closed', tellStorefront: isUntold(closed), hasRefunds: isRefunded(closed) };
    }

    const lines = await mapLines(ports, order);
    // It is read anew: what was decided here was decided of the order as it was.
    if (order.setsToFree?.length) {
      await freeUsedUp(ports, order, lines);
      continue;
    }
    const unmapped = unmappedOf(linesToShip({ ...order, lines }));
    const waiting = await saveWaiting(ports, actor, order, { holds, lines, unmapped });
    // It was changed meanwhile: what was decided here was decided of the order as it was.
    if (!waiting) continue;
    if (verdict.kind === 'wait') {
      const held = await holdUnits(ports, actor, waiting, lines, holds);
      if (!held) continue;
      // It was changed while its units were held: whoever changed it may have ended what it waits for.
      if (held.version !== waiting.version && !(await stillWaits(ports, actor, held))) continue;
      // When its units are to be given back or its shop is to be asked, and else when somebody changes it.
      await lookAgainAt(ports, held, nextLookUnplanned(held, ports.clock.now()));
      return { ...NONE, outcome: 'held', askShop: await shopToAsk(ports, held) };
    }
    if (unmapped.length > 0) {
      // Mapped while it was written down that it waits: whoever mapped it found no order that waits.
      if (order.state !== 'awaiting_mapping' && (await mapsMore(ports, waiting, unmapped))) continue;
      await lookAgainAt(ports, waiting, nextLookUnplanned(waiting, ports.clock.now()));
      return { ...NONE, outcome: 'awaiting_mapping', askShop: await shopToAsk(ports, waiting) };
    }

    const routed = await planOnce(ports, actor, await keepForPlan(ports, actor, waiting, lines), lines);
    if (routed) return planned(ports, actor, routed);
  }
  throw new Failure('unavailable', `order ${orderId} changes faster than it can be planned`);
};

/** What follows from a plan: its legs, and what the shop has given back of the order. */
const planned = async (ports: Ports, actor: Actor, order: Order): Promise<Routed> => ({
  ...NONE,
  ...(await writeLegs(ports, actor, order)),
  outcome: 'routed',
  hasRefunds: isRefunded(order),
});

const stillWaits = async (ports: Ports, actor: Actor, order: Order): Promise<boolean> => {
  const holds = await currentHolds(ports, actor, order);
  return mayProceed(order, holds).kind === 'wait' && sameHolds(order.holds, holds);
};

const mapsMore = async (ports: Ports, order: Order, unmapped: readonly string[]): Promise<boolean> =>
  unmappedOf(linesToShip({ ...order, lines: await mapLines(ports, order) })).length < unmapped.length;

/** Writes down when the order is looked at next, unless somebody has changed it since it was read: then he has said it. */
const lookAgainAt = async (
  { store }: Ports,
  { _id, version, dueAtMs, plan }: Order,
  atMs: number | null,
): Promise<void> => {
  if (plan === null && dueAtMs !== atMs) await store.orders.change(_id, { version }, { dueAtMs: atMs });
};

/** Reserves and saves the first plan; null when the order was changed meanwhile and has to be looked at again. */
const planOnce = async (
  ports: Ports,
  actor: Actor,
  order: Order,
  lines: readonly OrderLine[],
): Promise<Order | null> => {
  const set = order.units && !order.units.freeing ? order.units.set : order.unitSets + 1;
  const offered = offeredLines(order, lines, () => 0);
  const { isHeld, isOver } = await reserve(ports, order, offered, set, true);
  if (isOver || (await isLeftBehind(ports, order, lines, set, offered))) {
    await useUp(ports, order, lines, set);
    return null;
  }
  const { legs, short } = planLegs(offered, isHeld);
  const plan = { number: 1, legs, short, unitSet: set };
  const saved = await changeOrder(
    ports,
    order.workspaceId,
    order._id,
    (current) =>
      current.plan || current.version !== order.version
        ? null
        : move(
            orderMachine,
            current,
            'routed',
            {
              lines: [...lines],
              unmapped: [],
              plan,
              units: null,
              unitSets: Math.max(set, current.unitSets),
              taken: current.taken.map((taken) => (taken.settled ? taken : { ...taken, settled: true })),
              dueAtMs: ports.clock.now() + ports.grace(),
            },
            { actor, atMs: ports.clock.now(), data: { plan: 1, legs: legs.length } },
          ),
    order,
  );
  if (saved.plan) {
    if (order.state === 'awaiting_mapping')
      await clearException(ports, actor, {
        workspaceId: order.workspaceId,
        cause: 'awaiting_mapping',
        subjectId: order._id,
      });
    return saved;
  }
  // The units were held for the order as it was.
  if (order.units === null) await useUp(ports, order, lines, set);
  return null;
};

/**
 * A run before this one may have died, or may still come, with what it reserved for the order as it was then: what is not wanted any more
 * is given back for good, and true says that the set holds another number of what is wanted.
 */
const isLeftBehind = async (
  ports: Ports,
  order: Order,
  lines: readonly OrderLine[],
  set: number,
  offered: readonly OfferedLine[],
): Promise<boolean> => {
  if (order.version === 1) return false;
  const gone = lines.filter((line) => !offered.some(({ id }) => id === line.id));
  if (gone.length > 0) await releaseSet(ports, order, gone, set);
  // Units that it held while it waited were looked at before.
  return order.units === null && !(await isJust(ports, order, lines, set, offered));
};

/** What a run may have come to hold for an order of which nothing will be sent goes back: the sets that it knows of, and the next. */
const freeAll = async (ports: Ports, actor: Actor, order: Order): Promise<Order> => {
  const lines = await mapLines(ports, order);
  await releaseSet(ports, order, lines, order.unitSets + 1);
  return freeUnits(ports, actor, await freeUsedUp(ports, order, lines), lines);
};

/** Writes down why the order waits, where that is new, and tells of unknown items; null when the order was changed meanwhile. */
const saveWaiting = async (
  ports: Ports,
  actor: Actor,
  order: Order,
  given: { holds: readonly Hold[]; lines: readonly OrderLine[]; unmapped: readonly string[] },
): Promise<Order | null> => {
  const { workspaceId, _id: orderId } = order;
  const { holds, unmapped } = given;
  const held = !sameHolds(order.holds, holds);
  const state = unmapped.length > 0 ? 'awaiting_mapping' : order.state;
  const named = JSON.stringify(order.unmapped) !== JSON.stringify(unmapped);
  let waiting = order;
  let changed = false;
  // What waits for nothing but its plan is written with the plan.
  if (held || (unmapped.length > 0 && (named || order.state !== state))) {
    const by = { actor, atMs: ports.clock.now(), data: { holds: holds.map(({ code }) => code), unmapped } };
    waiting = await changeOrder(
      ports,
      workspaceId,
      orderId,
      (current) => {
        changed = current.plan !== null || current.version !== order.version;
        if (changed) return null;
        // Its units are held, or its plan is made, after this.
        const dueAtMs = ports.clock.now() + ports.grace();
        const changes = { holds: [...holds], unmapped: [...unmapped], dueAtMs };
        if (current.state !== state) return move(orderMachine, current, state, changes, by);
        return held ? noted(current, holds.length > 0 ? 'order.held' : 'order.released', changes, by) : changes;
      },
      order,
    );
  }
  if (changed) return null;
  if (unmapped.length > 0)
    await openException(ports, actor, {
      workspaceId,
      cause: 'awaiting_mapping',
      subject: { kind: 'order', id: orderId },
      orderId,
      detail: `Order ${order.number}: no offer for ${unmapped.join(', ')}`,
      retry: { job: 'order.route', payload: { workspaceId, orderId } },
    });
  return waiting;
};

/** An order of which nothing will be sent is done as soon as it is known; what it held goes back. Null when it was changed meanwhile. */
const closeUnrouted = async (
  ports: Ports,
  actor: Actor,
  order: Order,
  why: 'cancelled' | 'test' | 'historical' | 'nothing_to_ship',
): Promise<Order | null> => {
  const { clock } = ports;
  if (why === 'nothing_to_ship') await postOrder(ports, order, [], []);
  // Goods of which every unit was taken back before anything left are an order that came to nothing.
  const came =
    order.lines.every((line) => !line.requiresShipping) || order.taken.some((taken) => taken.why === 'elsewhere');
  const state = why === 'cancelled' || (why === 'nothing_to_ship' && !came) ? 'cancelled' : 'closed';
  const freed = await freeUnits(ports, actor, order, order.lines);
  const closed = await changeOrder(ports, order.workspaceId, order._id, (current) =>
    current.plan || current.version !== freed.version || orderMachine.final(current.state)
      ? null
      : move(
          orderMachine,
          current,
          state,
          {
            holds: [],
            unmapped: [],
            // One that was changed since it was first seen may have been reserved for.
            dueAtMs: isUntold(current) || current.version > 1 ? clock.now() + ports.grace() : null,
            closedAtMs: clock.now(),
            taken: current.taken.map((taken) => ({ ...taken, settled: true })),
            cancels: current.cancels.map(
              (request): CancelRequest =>
                request.state === 'requested'
                  ? { ...request, state: 'confirmed', outcome: 'Nothing was sent.' }
                  : request,
            ),
          },
          { actor, atMs: clock.now(), data: { why } },
        ),
  );
  if (!orderMachine.final(closed.state)) return null;
  if (order.version > 1) {
    const free = await freeAll(ports, actor, closed);
    if (!isUntold(free)) await lookAgainAt(ports, free, null);
  }
  await clearException(ports, actor, {
    workspaceId: order.workspaceId,
    cause: 'awaiting_mapping',
    subjectId: order._id,
  });
  return closed;
};
