import type { Actor } from '#domain/actor.ts';
import type { Hold } from '#domain/hold.ts';
import { keepsUnitsUntil } from '#domain/may-proceed.ts';
import { noted } from '#domain/move.ts';
import { type Order, type OrderLine, orderMachine } from '#domain/order.ts';
import { MODES } from '#modes';
import { changeOrder } from '../change.ts';
import { getOrder } from '../get.ts';
import type { Ports } from '../ports.ts';
import { isJust, offeredLines, releaseSet, reserve, useUp } from './reserve.ts';

/**
 * The units of an order that waits: the shop has sold them already, so they stay held on the shelf for the time that its holds give,
 * and are given back after that. The order says which set holds them before the shelf does, so that a crash in between loses none. Null
 * when the order was changed meanwhile: it is looked at again.
 */
export const holdUnits = async (
  ports: Ports,
  actor: Actor,
  order: Order,
  lines: readonly OrderLine[],
  holds: readonly Hold[],
): Promise<Order | null> => {
  const { clock } = ports;
  const mapped = lines.every((line) => !line.requiresShipping || line.offer !== null);
  const untilMs = mapped ? keepsUnitsUntil(holds, clock.now()) : undefined;
  if (untilMs === undefined || order.units?.freeing)
    return freeLeft(ports, await freeUnits(ports, actor, order, lines, untilMs === undefined), lines);
  // Given back once: paid later, the order reserves anew.
  if (order.units === null && order.unitsFreed) return freeLeft(ports, order, lines);
  const set = setOf(order);
  let isOurs = true;
  const held =
    order.units?.untilMs === untilMs
      ? order
      : await changeOrder(
          ports,
          order.workspaceId,
          order._id,
          (current) => {
            isOurs = current.version === order.version;
            // The shelf does not know of it yet.
            const dueAtMs = clock.now() + ports.grace();
            return isOurs
              ? { units: { set, untilMs, freeing: false }, unitSets: set, dueAtMs, lines: [...lines] }
              : null;
          },
          order,
        );
  if (!isOurs) return null;
  const wanted = offeredLines(held, lines, () => 0);
  await reserve(ports, held, wanted, set, false);
  // Somebody may have given the set back before the shelf knew of it: what came too late goes back, too.
  const after = await getOrder(ports, order.workspaceId, order._id);
  const over = orderMachine.final(after.state);
  if (after.plan?.unitSet !== set && (over || after.units?.set !== set || after.units.freeing))
    await releaseSet(ports, after, lines, set);
  return after.version === held.version ? after : null;
};

/**
 * What a run has reserved to plan the order, and died with or may still come with: the order waits now, and holds nothing. One that was
 * never changed was never planned.
 */
const freeLeft = (ports: Ports, order: Order, lines: readonly OrderLine[]): Order | Promise<Order> =>
  order.units !== null ||
  order.version === 1 ||
  lines.every(({ offer }) => offer === null || MODES[offer.mode].shelf === null)
    ? order
    : useUp(ports, order, lines, order.unitSets + 1);

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
  order.units === null ||
  (!order.units.freeing &&
    (await isJust(
      ports,
      order,
      lines,
      order.units.set,
      offeredLines(order, lines, () => 0),
    )))
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
      : { units: { ...current.units, freeing: true }, dueAtMs: ports.clock.now() + ports.grace() },
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
