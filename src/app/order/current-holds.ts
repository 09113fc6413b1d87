import type { Actor } from '#domain/actor.ts';
import { Failure } from '#domain/failure.ts';
import type { Hold, OrderRules } from '#domain/hold.ts';
import { holdsOf } from '#domain/may-proceed.ts';
import { noted } from '#domain/move.ts';
import { type Order, orderMachine } from '#domain/order.ts';
import { changeOrder } from '../change.ts';
import type { Ports } from '../ports.ts';
import { orderRulesOf } from './fetch.ts';

export const sameHolds = (a: readonly Hold[], b: readonly Hold[]): boolean => JSON.stringify(a) === JSON.stringify(b);

type OfShop = Pick<Order, 'workspaceId' | 'connectionId'>;
const rememberedRules = async ({ cached }: Ports, { workspaceId, connectionId }: OfShop): Promise<OrderRules> =>
  orderRulesOf(await cached.connection(workspaceId, connectionId));
const rulesNow = async ({ store }: Ports, { workspaceId, connectionId }: OfShop): Promise<OrderRules> =>
  orderRulesOf(await store.connections.find(workspaceId, connectionId));

/**
 * The holds of an order by the facts and the rules as they are. A process remembers a connection for a moment: before it makes an order
 * wait, it reads the rules again, for nobody looks at that order once more when they were changed just before.
 */
export const currentHolds = async (ports: Ports, actor: Actor, order: Order): Promise<Hold[]> => {
  const nowMs = ports.clock.now();
  const holds = holdsOf(order, await rememberedRules(ports, order), actor, nowMs);
  return holds.length === 0 ? holds : holdsOf(order, await rulesNow(ports, order), actor, nowMs);
};

/** Rules that change as often while one order is looked at. */
const MOST_ROUNDS = 20;

/**
 * Writes down the holds of a planned order by the rules as they are when that is done: rules that are changed before it are read, and
 * whoever changes them after it finds the holds. What is over holds nothing.
 */
export const keepHolds = async (ports: Ports, actor: Actor, given: Order): Promise<Order> => {
  let order = given;
  if (order.holds.length === 0 && (await currentHolds(ports, actor, order)).length === 0) return order;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const rules = await rulesNow(ports, order);
    const atMs = ports.clock.now();
    order = await changeOrder(
      ports,
      order.workspaceId,
      order._id,
      (current) => {
        const holds = holdsOf(current, rules, actor, atMs);
        if (orderMachine.final(current.state) || sameHolds(current.holds, holds)) return null;
        const data = { holds: holds.map(({ code }) => code) };
        return noted(current, holds.length > 0 ? 'order.held' : 'order.released', { holds }, { actor, atMs, data });
      },
      order,
    );
    if (JSON.stringify(await rulesNow(ports, order)) === JSON.stringify(rules)) return order;
  }
  throw new Failure('unavailable', `the rules of order ${order._id} change faster than it can be looked at`);
};
