import type { Actor } from '#domain/actor.ts';
import type { Connection } from '#domain/connection.ts';
import { Failure } from '#domain/failure.ts';
import type { OrderRules } from '#domain/hold.ts';
import { type Order, orderMachine } from '#domain/order.ts';
import { changeOrder } from '../change.ts';
import { everyPage } from '../every-page.ts';
import { getConnection } from '../get.ts';
import type { Ports } from '../ports.ts';
import { noteConnection } from './move.ts';
import type { ConnectionRef } from './ref.ts';

/** Not planned yet, or planned and held. */
const mayWait = ({ state, plan, holds }: Order): boolean =>
  !orderMachine.final(state) && (plan === null || holds.length > 0);

/**
 * Sets how a storefront's orders are taken in: which unpaid ones may go on, for how long units are kept, how old facts may be. Orders that
 * wait are looked at again by the new rules; what was sent by the old ones stays. Throws `rejected` for a connection that has no orders.
 */
export const setOrderRules = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, connectionId, rules }: ConnectionRef & { rules: OrderRules },
): Promise<Connection> => {
  const { store, clock } = ports;
  const known = await getConnection(ports, workspaceId, connectionId);
  if (known.role !== 'storefront')
    throw new Failure('rejected', `${known.name} is no storefront: it has no orders to take in.`, {
      safe: { role: known.role },
    });
  const connection = await noteConnection(ports, actor, known, 'connection.rules_changed', { orderRules: rules });
  // At once: whoever makes an order wait reads the rules again, whatever its process remembers.
  const dueAtMs = clock.now();
  await everyPage(store.orders, workspaceId, { connectionId }, async (page) => {
    await Promise.all(
      page
        .filter(mayWait)
        .map((order) =>
          changeOrder(ports, workspaceId, order._id, (current) => (mayWait(current) ? { dueAtMs } : null), order),
        ),
    );
  });
  return connection;
};
