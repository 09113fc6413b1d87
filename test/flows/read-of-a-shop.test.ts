import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { locations } from '../../src/cli/connection.ts';
import { ITEMS } from '../support/shop.ts';
import { openStand, type Stand, until } from '../support/stand.ts';

describe('what a storefront’s account says beside its orders', () => {
  let stand: Stand;
  beforeAll(async () => {
    // Nobody polls within the test: what is read is read because it was asked for.
    stand = await openStand({ items: ITEMS, rate: 600, pollEveryMinutes: 4 * 1_440, act: false });
  });
  afterAll(() => stand.close());

  const pathOf = (place: 'shopify' | 'woocommerce') => `/v1/connections/${stand.business.connections[place]}`;

  it('its places are listed, and so is the one that the settings name', async () => {
    const { settings } = (await stand.api.get(pathOf('shopify'))) as { settings: { locationId: string } };
    const answer = (await stand.api.get(`${pathOf('shopify')}/locations`)) as { items: { externalId: string }[] };
    expect(answer.items.find(({ externalId }) => externalId === settings.locationId)).toMatchObject({ active: true });
    expect(answer).toMatchObject({ unreadable: [] });
    const said: unknown[] = [];
    const typed = (args: string[]) =>
      locations.run({
        api: stand.api,
        args,
        values: {},
        say: (value) => void said.push(value),
        print: () => {},
        progress: () => {},
      });
    expect(await typed(['locations', stand.business.connections.shopify])).toBe('done');
    expect(said).toEqual([answer]);
    expect([await typed(['locations']), await typed(['elsewhere', 'x'])]).toEqual(['usage', 'usage']);
  });

  it('a storefront without places is refused in words, and a connection that is not ours is not there', async () => {
    await expect(stand.api.get(`${pathOf('woocommerce')}/locations`)).rejects.toMatchObject({ status: 422 });
    await expect(stand.api.get('/v1/connections/cn_nobody/locations')).rejects.toMatchObject({ status: 404 });
  });

  it('a listing says whether it sells on without stock, as the shop says it now, and nothing where the shop does not say', async () => {
    const [shopify, woo] = stand.world.storefronts;
    const list = (sellsWithoutStock: boolean) =>
      shopify?.world.addListing({ sku: 'ON-ORDER', title: 'On order', price: '5.00', quantity: 0, sellsWithoutStock });
    list(true);
    woo?.world.addListing({ sku: 'ON-ORDER', title: 'On order', price: '5.00', quantity: 0 });
    const read = async (place: 'shopify' | 'woocommerce') => {
      const path = `/v1/listings?connectionId=${stand.business.connections[place]}&limit=200`;
      const { items } = (await stand.api.get(path)) as {
        items: { title: string; sellsWithoutStock: boolean | null }[];
      };
      return items.find(({ title }) => title === 'On order');
    };
    const ask = (place: 'shopify' | 'woocommerce') => stand.api.post(`${pathOf(place)}/sync`, { what: 'listings' });
    for (const place of ['shopify', 'woocommerce'] as const) await ask(place);
    await until('both to be read', async () => (await read('shopify')) && (await read('woocommerce')));
    expect(await read('shopify')).toMatchObject({ sellsWithoutStock: true });
    list(false);
    await ask('shopify');
    await until('the change', async () => (await read('shopify'))?.sellsWithoutStock === false);
  });
});
