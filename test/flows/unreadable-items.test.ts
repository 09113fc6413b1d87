import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { externalSkuOf } from '#simulator/business.ts';
import type { Place } from '#simulator/world.ts';
import { ITEMS, itemOf } from '../support/shop.ts';
import { openStand, type Stand, until } from '../support/stand.ts';

interface Row {
  id: string;
  state: string;
  subject: { id: string };
  detail: string;
  retriable: boolean;
  openedAtMs: number;
}

describe('an item that cannot be read', () => {
  let stand: Stand;
  beforeAll(async () => {
    // Nobody polls within the test: what is read is read because it was asked for.
    stand = await openStand({ items: ITEMS, rate: 600, pollEveryMinutes: 4 * 1_440, act: false });
  });
  afterAll(() => stand.close());

  const idOf = (place: Place): string => stand.business.connections[place];
  const ask = (place: Place, what: string) => stand.api.post(`/v1/connections/${idOf(place)}/sync`, { what });
  const exceptionsOf = async (place: Place, item: string): Promise<Row[]> => {
    const { items } = (await stand.api.get('/v1/exceptions?limit=200')) as { items: Row[] };
    return items.filter(({ subject: { id } }) => id.startsWith(`${idOf(place)} `) && id.endsWith(` ${item}`));
  };
  const unreadable = async (place: Place) =>
    ((await stand.api.get(`/v1/connections/${idOf(place)}`)) as { unreadable: object }).unreadable;
  const shownAt = async (place: Place, externalVariantId: string): Promise<number | null | undefined> => {
    const path = `/v1/listings?connectionId=${idOf(place)}&limit=200`;
    const { items } = (await stand.api.get(path)) as { items: { externalVariantId: string; shown: number | null }[] };
    return items.find((listing) => listing.externalVariantId === externalVariantId)?.shown;
  };
  const onHand = async (place: Place, sku: string): Promise<number | undefined> => {
    const path = `/v1/stock?location=supplier:${idOf(place)}&limit=200`;
    const { items } = (await stand.api.get(path)) as { items: { sku: string; onHand: number }[] };
    return items.find((level) => level.sku === sku)?.onHand;
  };

  it.each([
    ['shopify', 0],
    ['woocommerce', 1],
  ] as const)(
    'of a storefront (%s) is one exception, stops no neighbour, and closes when it is read',
    async (place, n) => {
      const shop = stand.world.storefronts[n]?.world ?? expect.fail('no storefront');
      const list = (sku: string, price: string, quantity: number) =>
        shop.addListing({ sku, title: sku, price, quantity }).externalVariantId;
      const before = list(`${place}-1`, '5.00', 1);
      const bad = list(`${place}-2`, 'on request', 2);
      const after = list(`${place}-3`, '5.00', 3);
      await ask(place, 'listings');
      const [exception, ...more] = await until('the exception', async () => {
        const found = await exceptionsOf(place, bad);
        return found.length > 0 && found;
      });
      expect(more).toEqual([]);
      expect(exception).toMatchObject({ cause: 'listing_unreadable', state: 'open', retriable: true });
      expect(exception?.detail).toMatch(/price .*"on request"/);
      expect(exception?.detail).toContain(bad);
      await until('the neighbours', async () => (await shownAt(place, after)) === 3);
      expect([await shownAt(place, before), await shownAt(place, bad)]).toEqual([1, undefined]);
      expect(await unreadable(place)).toEqual({ orders: 0, listings: 1, stock: 0 });

      list(`${place}-2`, '7.50', 2);
      await stand.api.post(`/v1/exceptions/${exception?.id}/retry`, {});
      await until('its end', async () => (await exceptionsOf(place, bad))[0]?.state === 'resolved');
      expect(await shownAt(place, bad)).toBe(2);
      expect(await unreadable(place)).toEqual({ orders: 0, listings: 0, stock: 0 });
    },
  );

  it('is tried again by itself when a process of another version starts', async () => {
    const shop = stand.world.storefronts[0]?.world ?? expect.fail('no storefront');
    const listing = { sku: 'later', title: 'later', quantity: 9 };
    const id = shop.addListing({ ...listing, price: 'on request' }).externalVariantId;
    await ask('shopify', 'listings');
    const find = async (state: string) => (await exceptionsOf('shopify', id)).find((e) => e.state === state);
    const exception = await until('the exception', () => find('open'));
    shop.addListing({ ...listing, price: '5.00' });
    // As if the version before this one had read it last.
    const { store, clock } = stand.platform;
    await store.exceptions.change(exception.id, {}, { unread: { atMs: clock.now(), version: '0.0.1' } });
    await stand.restartWorkers();
    await until('its end', () => find('resolved'));
    expect(await shownAt('shopify', id)).toBe(9);
  });

  it.each(['cj', 'feed'] as const)(
    'of a supplier (%s) is one exception, stops no neighbour, and closes when it is read',
    async (place) => {
      const supplier = stand.world[place];
      const good = { ...itemOf('oem_dropship'), sku: `${place}-good` };
      const bad = `${place}-bad`;
      const supply = (sku: string, unitCost: string, quantity: number) =>
        supplier.addItem({ externalSku: externalSkuOf(sku), title: sku, unitCost, quantity });
      const location = `supplier:${idOf(place)}`;
      await stand.api.put('/v1/offers', {
        offers: [good.sku, bad].map((sku) => ({
          sku,
          mode: 'oem_dropship',
          partner: idOf(place),
          location,
          externalSku: externalSkuOf(sku),
          unitCost: '1.00',
          currency: 'USD',
        })),
      });
      supply(bad, 'on request', 70);
      supply(good.sku, '1.00', 60);
      await ask(place, 'stock');
      await until('the neighbour', async () => (await onHand(place, good.sku)) === 60);
      const [exception, ...more] = await until('the exception', async () => {
        const found = await exceptionsOf(place, externalSkuOf(bad));
        return found.length > 0 && found;
      });
      expect(more).toEqual([]);
      expect(exception).toMatchObject({ cause: 'stock_unreadable', state: 'open', retriable: true });
      expect(exception?.detail).toContain(externalSkuOf(bad));
      expect(exception?.detail).toContain('"on request"');
      expect(await onHand(place, bad)).toBeUndefined();
      expect(await unreadable(place)).toEqual({ orders: 0, listings: 0, stock: 1 });

      supply(bad, '1.20', 70);
      await stand.api.post(`/v1/exceptions/${exception?.id}/retry`, {});
      await until('its end', async () => (await exceptionsOf(place, externalSkuOf(bad)))[0]?.state === 'resolved');
      expect(await onHand(place, bad)).toBe(70);
      expect(await unreadable(place)).toEqual({ orders: 0, listings: 0, stock: 0 });
    },
  );
});
