import type { Actor } from '#domain/actor.ts';
import type { Connection } from '#domain/connection.ts';
import type { Fetched } from '#domain/observe-order.ts';
import type { Output } from '#kit';
import { clearRead, tellUnreadable } from '../exception/unreadable.ts';
import type { Ports } from '../ports.ts';
import { fetchOrder } from './fetch.ts';
import { type StoredOrder, storeOrder } from './store.ts';

export interface Walked {
  pages: number;
  orders: number;
}

/**
 * Walks from a place to the end, a page at a time, and stores each order. `save` is called after each page with the place of the next,
 * null at the end: it never passes an order that is neither stored nor told of in an exception.
 */
export const walkOrders = async (
  ports: Ports,
  actor: Actor,
  given: {
    connection: Connection;
    since: string;
    from: string | null;
    read(cursor: string | null): Promise<Output<'orders.pull'>>;
    save(next: string | null): Promise<unknown>;
  },
  each: (stored: StoredOrder) => Promise<void>,
): Promise<Walked> => {
  const { connection, since, read, save } = given;
  let cursor = given.from;
  let pages = 0;
  let orders = 0;
  do {
    const sentAtMs = ports.clock.now();
    const page = await read(cursor);
    const fetched = { sentAtMs, answeredAtMs: ports.clock.now() };
    await storePage(ports, actor, { connection, page, fetched, place: cursor ?? since }, each);
    pages += 1;
    orders += page.items.length;
    cursor = page.next;
    await save(cursor);
  } while (cursor !== null);
  return { pages, orders };
};

/** Stores each order of a page, and opens an exception for each that cannot be read. `place` names the page where an order has no id. */
const storePage = async (
  ports: Ports,
  actor: Actor,
  {
    connection,
    page,
    fetched,
    place,
  }: {
    connection: Connection;
    page: Output<'orders.pull'>;
    fetched: Fetched;
    place: string;
  },
  each: (stored: StoredOrder) => Promise<void>,
): Promise<void> => {
  for (const { order: incoming, body } of page.items) {
    const stored = await storeOrder(ports, { connection, incoming, body, fetched });
    await each(stored.unclear ? await fetchOrder(ports, connection, incoming.externalId) : stored);
  }
  await clearRead(ports, actor, {
    connection,
    cause: 'order_unreadable',
    ids: page.items.map(({ order }) => order.externalId),
  });
  await tellUnreadable(ports, actor, { connection, cause: 'order_unreadable', rejected: page.rejected ?? [], place });
};
