import type { Actor } from '#domain/actor.ts';
import type { Hold } from '#domain/hold.ts';
import { reservationKey } from '#domain/ids.ts';
import { keepsUnitsUntil } from '#domain/may-proceed.ts';
import { noted } from '#domain/move.ts';
import { type Order, type OrderLine, orderMachine } from '#domain/order.ts';
import { levelId } from '#domain/stock.ts';
import { MODES } from '#modes';
import { changeOrder } from '../change.ts';
import { getOrder } from '../get.ts';
import type { Ports } from '../ports.ts';
import { offeredLines, releaseSet, reserve } from './reserve.ts';

/**
 * The units of an order that waits: the shop has sold them already, so they stay held on the shelf for the time that its holds give,
 * and are given back after that. The order says which set holds them before the shelf does, so that a crash in between loses none.
 */
export const holdUnits = async (
  ports: Ports,
  actor: Actor,
  order: Order,
  lines: readonly OrderLine[],
  holds: readonly Hold[],
): Promise<Order> => {
  const { clock } = ports;
  const mapped = lines.every((line) => !line.requiresShipping || line.offer !== null);
  const untilMs = mapped ? keepsUnitsUntil(holds, clock.now()) : undefined;
  if (untilMs === undefined || order.units?.freeing)
    return freeUnits(ports, actor, order, lines, untilMs === undefined);
  // Given back once: paid later, the order reserves anew.
  if (order.units === null && order.unitsFreed) return order;
  const set = setOf(order);
  const held =
    order.units?.untilMs === untilMs
      ? order
      : await changeOrder(
          ports,
          order.workspaceId,
          order._id,
          (current) =>
            current.plan || current.units?.freeing || orderMachine.final(current.state) || setOf(current) !== set
              ? null
              : { units: { set, untilMs, freeing: false }, unitSets: set, dueAtMs: untilMs, lines: [...lines] },
          order,
        );
  // Another run has used the set up meanwhile, or given it back.
  if (held.units === null && held.plan === null && !orderMachine.final(held.state) && held.version !== order.version)
    return holdUnits(ports, actor, held, lines, holds);
  if (held.units?.set !== set || held.units.freeing) return held;
  const wanted = offeredLines(held, lines, () => 0);
  await reserve(ports, held, wanted, set, false);
  // Somebody may have given the set back before the shelf knew of it: what came too late goes back, too.
  const after = await getOrder(ports, order.workspaceId, order._id);
  const over = orderMachine.final(after.state);
  if (after.plan?.unitSet !== set && (over || after.units?.set !== set || after.units.freeing))
    await releaseSet(ports, after, lines, set);
  return after;
};

/** True when a set holds of each line what a plan would reserve. */
const holdsJust = async (ports: Ports, order: Order, lines: readonly OrderLine[], set: number): Promise<boolean> => {
  const wanted = new Map(offeredLines(order, lines, () => 0).map((line) => [line.id, line.quantity]));
  const onShelf = lines.flatMap((line) =>
    line.offer && MODES[line.offer.mode].shelf
      ? [{ line, levelId: levelId(order.workspaceId, line.offer.location, line.offer.sku) }]
      : [],
  );
  const found = await ports.store.levels.findMany(order.workspaceId, [...new Set(onShelf.map((each) => each.levelId))]);
  const levels = new Map(found.map((level) => [level._id, level]));
  return onShelf.every((each) => {
    const key = reservationKey(each.line.id, set);
    const held = levels.get(each.levelId)?.open.find((one) => one.key === key)?.quantity ?? 0;
    return held === (wanted.get(each.line.id) ?? 0);
  });
};

/**
 * The order with the units that it held while it waited, when they are what its plan needs. Units of an order that was changed meanwhile
 * are given back whole, and its plan reserves anew.
 */
export const keepForPlan = async (
  ports: Ports,
  actor: Actor,
  order: Order,
  lines: readonly OrderLine[],
): Promise<Order> =>
  order.units === null || (!order.units.freeing && (await holdsJust(ports, order, lines, order.units.set)))
    ? order
    : freeUnits(ports, actor, order, lines);

/** The set that holds the units of an order that waits, or the first that nobody has used. */
const setOf = ({ units, unitSets }: Pick<Order, 'units' | 'unitSets'>): number => units?.set ?? unitSets + 1;

/**
 * Gives the units of an order that waits back to the shelf, once, and says so on the order. `forGood`: their time is over, and the order
 * holds none again while it waits.
 */
export const freeUnits = async (
  ports: Ports,
  actor: Actor,
  order: Order,
  lines: readonly OrderLine[],
  forGood = false,
): Promise<Order> => {
  if (order.units === null) return order;
  const { workspaceId, _id } = order;
  const { set } = order.units;
  const freeing = await changeOrder(ports, workspaceId, _id, (current) =>
    current.plan?.unitSet === set || current.units?.set !== set || current.units.freeing
      ? null
      : { units: { ...current.units, freeing: true } },
  );
  if (freeing.units?.set !== set || !freeing.units.freeing) return freeing;
  await releaseSet(ports, freeing, lines, set);
  return changeOrder(ports, workspaceId, _id, (current) =>
    current.units?.set === set && current.units.freeing
      ? noted(
          current,
          'order.units_freed',
          { units: null, dueAtMs: null, ...(forGood ? { unitsFreed: true } : {}) },
          { actor, atMs: ports.clock.now() },
        )
      : null,
  );
};
