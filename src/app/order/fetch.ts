import type { Connection } from '#domain/connection.ts';
import { Failure } from '#domain/failure.ts';
import { DEFAULT_ORDER_RULES, type OrderRules } from '#domain/hold.ts';
import type { Order } from '#domain/order.ts';
import type { Ports } from '../ports.ts';
import { getActiveConnection } from '../usable-connection.ts';
import { type StoredOrder, storeOrder } from './store.ts';

/** How often an order is read again because two answers overlapped. */
const MOST_READS = 3;

/** Reads an order at its storefront and stores what it says. */
export const fetchOrder = async (ports: Ports, connection: Connection, externalId: string): Promise<StoredOrder> => {
  for (let reads = 1; ; reads += 1) {
    const sentAtMs = ports.clock.now();
    const { order: incoming, body } = await ports.gateway.call(connection, 'orders.get', { externalId });
    const stored = await storeOrder(ports, {
      connection,
      incoming,
      body,
      fetched: { sentAtMs, answeredAtMs: ports.clock.now() },
    });
    if (!stored.unclear) return stored;
    if (reads === MOST_READS)
      throw new Failure('unavailable', `order ${externalId} changes faster than it can be read`);
  }
};

export const orderRulesOf = (connection: Pick<Connection, 'orderRules'> | null): OrderRules =>
  connection?.orderRules ?? DEFAULT_ORDER_RULES;

/**
 * The order from fresh facts: read again when it was read longer ago than the connection's rule says. Asked before whatever costs
 * money. Throws what the storefront's failure is when it cannot be reached; the caller then waits. `stored` is null when nothing had
 * to be read.
 */
export const freshOrder = async (ports: Ports, order: Order): Promise<{ order: Order; stored: StoredOrder | null }> => {
  const connection = await getActiveConnection(ports, order.workspaceId, order.connectionId);
  const { freshMinutes } = orderRulesOf(connection);
  if (ports.clock.now() - order.fetchedAtMs <= freshMinutes * 60_000) return { order, stored: null };
  ports.meter.orderReadAgain(connection.connectorId);
  const stored = await fetchOrder(ports, connection, order.externalId);
  return { order: stored.order, stored };
};
