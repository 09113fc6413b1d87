import { connectionActor } from '#domain/actor.ts';
import { idOf, supplierShelf } from '#domain/ids.ts';
import { levelId } from '#domain/stock.ts';
import { noteCurrencies } from '../connection/note-currencies.ts';
import { clearUnmet, tellUnreadable } from '../exception/unreadable.ts';
import type { Ports } from '../ports.ts';
import { readyConnection } from '../usable-connection.ts';
import { takeOverFacts, type WakePackages } from '../variant/take-over.ts';
import { applyStock } from './apply.ts';

/**
 * Takes over what a supplier says it has, for the offers that it stands behind and whose shelf is its own. The cursor is saved after
 * each page: one that is put off in the middle goes on from there. What its catalogue says of weight and customs is taken over too, and packages that waited for it go on.
 * An item that cannot be read is an exception, which is closed by a walk that does not meet it any more; the others are taken over.
 */
export const pullSupply = async (
  ports: Ports,
  workspaceId: string,
  connectionId: string,
  wake: WakePackages,
): Promise<{ items: number; rejected: number }> => {
  const { store, gateway, clock } = ports;
  // As it is now, not as it is remembered: a page may have been saved a moment ago.
  let connection = await readyConnection(ports, await store.connections.find(workspaceId, connectionId), connectionId);
  const location = supplierShelf(connectionId);
  const offers = new Map<string, string>();
  let after: string | undefined;
  for (;;) {
    const page = await store.offers.list(
      workspaceId,
      { location },
      { limit: 1_000, ...(after === undefined ? {} : { after }) },
    );
    for (const offer of page) offers.set(offer.externalSku || offer.sku, offer.sku);
    after = page.at(-1)?._id;
    if (page.length < 1_000) break;
  }
  // A supplier that fills our own shelf is asked for stock by nobody.
  if (offers.size === 0) return { items: 0, rejected: 0 };
  const actor = connectionActor(connection);
  let cursor = connection.cursor.next;
  // When the walk began, over all of its runs.
  const since = cursor === null ? new Date(clock.now()).toISOString() : connection.cursor.since;
  let items = 0;
  let rejected = 0;
  do {
    const page: Awaited<ReturnType<typeof pull>> = await pull(cursor);
    const levels = page.items.flatMap((item) => {
      const sku = offers.get(item.externalSku);
      return sku === undefined
        ? []
        : [
            {
              location,
              sku,
              op: {
                kind: 'observe' as const,
                id: idOf('ob', levelId(workspaceId, location, sku), clock.now(), item.quantity),
                quantity: item.quantity,
                reference: connection.name,
              },
            },
          ];
    });
    await applyStock(ports, workspaceId, levels);
    await takeOverFacts(
      ports,
      actor,
      {
        workspaceId,
        source: 'catalogue',
        items: page.items.flatMap(({ externalSku, title, facts }) => {
          const sku = offers.get(externalSku);
          return sku !== undefined && facts ? [{ sku, title, facts }] : [];
        }),
      },
      wake,
    );
    connection = await noteCurrencies(
      ports,
      connection,
      page.items.map(({ currency }) => currency),
    );
    items += page.items.length;
    rejected += page.rejected?.length ?? 0;
    await tellUnreadable(ports, actor, {
      connection,
      cause: 'stock_unreadable',
      rejected: page.rejected ?? [],
      place: cursor ?? 'first page',
    });
    cursor = page.next;
    await store.connections.change(connectionId, {}, { cursor: { since, next: cursor } });
  } while (cursor !== null);
  await clearUnmet(ports, actor, { connection, cause: 'stock_unreadable', begunAtMs: Date.parse(since) });
  return { items, rejected };

  function pull(from: string | null) {
    return gateway.call(connection, 'stock.pull', { cursor: from });
  }
};
