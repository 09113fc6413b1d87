import { connectionActor } from '#domain/actor.ts';
import { listingId, offerId } from '#domain/ids.ts';
import type { Listing } from '#domain/records.ts';
import type { Output } from '#kit';
import { noteCurrencies } from '../connection/note-currencies.ts';
import { askFor } from '../due/ask.ts';
import { clearUnmet, tellUnreadable } from '../exception/unreadable.ts';
import type { Ports } from '../ports.ts';
import { getActiveConnection } from '../usable-connection.ts';
import { takeOverFacts, type WakePackages } from '../variant/take-over.ts';

const policyOf = ({ sellsWithoutStock }: { sellsWithoutStock?: boolean }): Pick<Listing, 'sellsWithoutStock'> =>
  sellsWithoutStock === undefined ? {} : { sellsWithoutStock };

/**
 * Takes over what a storefront lists; an item whose SKU is one of ours is mapped at once, and its storefront is told what may be sold.
 * A mapping that a person made stays. A number that was told while the page was read is newer than the page, and stays too. What a
 * mapped item says of weight, customs and article number is taken over for the SKU, with its source, and packages that waited for it go on.
 * A listing that cannot be read is an exception, which is closed by a walk that does not meet it any more; the others are taken over.
 */
export const pullListings = async (
  ports: Ports,
  workspaceId: string,
  connectionId: string,
  wake: WakePackages,
): Promise<{ listings: number; mapped: number }> => {
  const { store, gateway, clock } = ports;
  let connection = await getActiveConnection(ports, workspaceId, connectionId);
  const actor = connectionActor(connection);
  const begunAtMs = clock.now();
  let cursor: string | null = null;
  let listings = 0;
  let mapped = 0;
  let toTell = 0;
  do {
    const askedAtMs = clock.now();
    const page: Output<'listings.read'> = await gateway.call(connection, 'listings.read', { cursor });
    const known = new Set(
      (
        await store.offers.findMany(
          workspaceId,
          page.items.map((item) => offerId(workspaceId, item.sku)),
        )
      ).map((offer) => offer.sku),
    );
    const records = page.items.map(
      (item): Listing => ({
        _id: listingId(connectionId, item.externalVariantId),
        workspaceId,
        connectionId,
        externalVariantId: item.externalVariantId,
        externalProductId: item.externalProductId,
        externalInventoryId: item.externalInventoryId,
        sku: known.has(item.sku) ? item.sku : '',
        title: item.title,
        shown: item.quantity,
        ...policyOf(item),
        rev: 0,
        toTell: known.has(item.sku),
        asks: 0,
        updatedAtMs: clock.now(),
      }),
    );
    const fresh = await store.listings.insertMany(records);
    const seen = new Map(records.filter((r) => !fresh.has(r._id)).map((r) => [r._id, r]));
    const before = await store.listings.findMany(workspaceId, [...seen.keys()]);
    await store.listings.changeMany(
      before.flatMap((known): { id: string; guard: Partial<Listing>; changes: Partial<Listing> }[] => {
        const read = seen.get(known._id);
        if (!read) return [];
        const { title, externalInventoryId, shown, sku, updatedAtMs } = read;
        const id = known._id;
        return [
          { id, guard: {}, changes: { title, externalInventoryId, ...policyOf(read) } },
          ...(known.updatedAtMs < askedAtMs
            ? [{ id, guard: { rev: known.rev }, changes: { shown, rev: (known.rev ?? 0) + 1, updatedAtMs } }]
            : []),
          ...(sku !== '' && known.sku === ''
            ? [{ id, guard: { sku: '' }, changes: { sku, toTell: true, asks: (known.asks ?? 0) + 1 } }]
            : []),
        ];
      }),
    );
    toTell += before.filter((known) => known.sku === '' && seen.get(known._id)?.sku !== '').length;
    toTell += records.filter((r) => fresh.has(r._id) && r.toTell).length;
    const told = page.items.filter(({ facts }) => facts !== undefined);
    const mappedAs = new Map(
      (
        await store.listings.findMany(
          workspaceId,
          told.map((item) => listingId(connectionId, item.externalVariantId)),
        )
      ).map(({ _id, sku }) => [_id, sku]),
    );
    await takeOverFacts(
      ports,
      actor,
      {
        workspaceId,
        source: 'listing',
        items: told.flatMap(({ externalVariantId, title, facts }) => {
          const sku = mappedAs.get(listingId(connectionId, externalVariantId));
          return sku && facts ? [{ sku, title, facts }] : [];
        }),
      },
      wake,
    );
    connection = await noteCurrencies(
      ports,
      connection,
      page.items.map(({ currency }) => currency),
    );
    await tellUnreadable(ports, actor, {
      connection,
      cause: 'listing_unreadable',
      rejected: page.rejected ?? [],
      place: cursor ?? 'first page',
    });
    listings += records.length;
    mapped += records.filter((r) => r.sku !== '').length;
    cursor = page.next;
  } while (cursor !== null);
  await clearUnmet(ports, actor, { connection, cause: 'listing_unreadable', begunAtMs });
  if (toTell > 0) await askFor(ports, workspaceId, 'stock.publish', [connectionId]);
  return { listings, mapped };
};
