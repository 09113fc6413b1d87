import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ApiClient } from '#simulator/api-client.ts';
import type { Place } from '#simulator/world.ts';
import { firstKey } from '../../src/bootstrap.ts';
import { closed, ITEMS, itemOf, orderWhen, place } from '../support/shop.ts';
import { openStand, type Stand, until } from '../support/stand.ts';

const SHOPIFY = 0;
const WOO = 1;
const Connection = z.object({ id: z.string(), name: z.string(), state: z.string(), identity: z.string().nullable() });
type Connection = z.infer<typeof Connection>;
const Checked = z.object({
  account: z.string().nullable(),
  missing: z.array(z.object({ right: z.string(), needed: z.boolean() })),
  problem: z.object({ code: z.string(), detail: z.string() }).nullable(),
});

describe('an account is connected once', () => {
  let stand: Stand;
  beforeAll(async () => {
    // The supplier ships when it is told to, so that there is a time in which what it was sent is open.
    stand = await openStand({
      items: ITEMS,
      pollEveryMinutes: 10,
      shipAfterMs: 365 * 86_400_000,
      act: ['warehouse', 'factory', 'principal'],
    });
  });
  afterAll(() => stand.close());

  const connect = async (of: Place, name: string, changes: object = {}, api: ApiClient = stand.api) => {
    const { credentials, settings } = stand.world.sandboxes[of];
    const body = { connectorId: of, name, settings, credentials: { ...credentials, ...changes } };
    return Connection.parse(await api.post('/v1/connections', body));
  };
  const shown = async (id: string): Promise<Connection> =>
    Connection.parse(await stand.api.get(`/v1/connections/${id}`));
  const listed = async (): Promise<string[]> => {
    const names: string[] = [];
    for await (const { name } of stand.api.all<Connection>('/v1/connections')) names.push(name);
    return names.toSorted();
  };
  const check = async (id: string, api: ApiClient = stand.api) =>
    Checked.parse(await api.post(`/v1/connections/${id}/check`, {}));
  /** The supplier ships what it was sent of an order; returns how often it was bought. */
  const shipped = async (number: string): Promise<number> => {
    const { legs } = await orderWhen(stand, number, 'bought', (whole) => whole.legs[0]?.state === 'accepted');
    const reference = legs[0]?.id ?? '';
    stand.world.cj.ship?.({ reference });
    await orderWhen(stand, number, 'closed', closed);
    return stand.world.sandboxes.cj.effects('purchases').filter((bought) => bought.reference === reference).length;
  };
  const remove = (id: string) => stand.api.delete(`/v1/connections/${id}`);
  const refused = (status: number, words: string | RegExp) => ({
    status,
    body: expect.objectContaining({ detail: expect.stringMatching(words) }),
  });
  const opened = async (cause: string): Promise<string[]> => {
    const found: string[] = [];
    for await (const { state, subject } of stand.api.all<{ state: string; subject: { id: string } }>(
      `/v1/exceptions?cause=${cause}`,
    ))
      if (state === 'open') found.push(subject.id);
    return found;
  };

  it('the second WooCommerce connection of one shop is refused and names the first, however its address is written', async () => {
    const first = stand.business.connections.woocommerce;
    const { site } = z.object({ site: z.string() }).parse(stand.world.sandboxes.woocommerce.credentials);
    const before = await listed();
    for (const same of [site, `${site}/`, `${site}//`, site.replace('http:', 'HTTP:')])
      await expect(connect('woocommerce', 'Again', { site: same })).rejects.toMatchObject(
        refused(409, new RegExp(`“WooCommerce” \\(${first}\\)`)),
      );
    const far = await connect('woocommerce', 'Far shop', { site: 'https://Far.Example/Store' });
    for (const same of ['https://FAR.EXAMPLE/store/', 'https://far.example:443/STORE', 'https://far.example./store'])
      await expect(connect('woocommerce', 'Again', { site: same })).rejects.toMatchObject(refused(409, far.id));
    await remove(far.id);
    expect(await listed()).toEqual(before);
  });

  it('of several at the same moment one is connected', async () => {
    const tried = await Promise.allSettled(
      Array.from({ length: 6 }, (_, n) => connect('woocommerce', `Rush ${n}`, { site: 'https://rush.example' })),
    );
    const made = tried.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(made).toHaveLength(1);
    expect((await listed()).filter((name) => name.startsWith('Rush'))).toEqual(made.map(({ name }) => name));
    for (const { id } of made) await remove(id);
  });

  it('another workspace is told that it is connected, and not where', async () => {
    const { platform } = stand;
    const key = await firstKey(platform.store, platform.clock, 'other', { again: true });
    const theirs = stand.client(key ?? '');
    const attempt = connect('woocommerce', 'Theirs', {}, theirs);
    await expect(attempt).rejects.toMatchObject(refused(409, /another workspace/));
    const told = JSON.stringify(await attempt.catch((error: unknown) => Object(error).body));
    expect(told).not.toContain(stand.business.connections.woocommerce);
    expect(told).not.toContain('“WooCommerce”');

    // What only the vendor can tell is found when it is asked.
    const shop = await connect('shopify', 'Their shop', {}, theirs);
    const { problem } = await check(shop.id, theirs);
    expect(problem).toMatchObject({ code: 'conflict', detail: expect.stringContaining('another workspace') });
    expect(JSON.stringify(problem)).not.toContain(stand.business.connections.shopify);
    await expect(theirs.post(`/v1/connections/${shop.id}/live`, {})).rejects.toMatchObject({ status: 409 });

    // An address that was only typed in keeps nobody out.
    await connect('woocommerce', 'Typed in', { site: 'https://typed.example' }, theirs);
    const ours = await connect('woocommerce', 'Typed in', { site: 'https://typed.example' });
    await remove(ours.id);
  });

  it('a shop that only its vendor can tell is used by one connection: an order is taken in and bought once', async () => {
    const first = stand.business.connections.shopify;
    const second = await connect('shopify', 'Shopify again');
    await until('the second is stopped', async () => (await shown(second.id)).state === 'needs_attention');
    expect((await shown(first)).state).toBe('active');
    expect(await opened('account_connected_twice')).toEqual([second.id]);
    await expect(stand.api.post(`/v1/connections/${second.id}/resume`, {})).rejects.toMatchObject(refused(409, first));
    const { credentials } = stand.world.sandboxes.shopify;
    await expect(stand.api.put(`/v1/connections/${second.id}/credentials`, { credentials })).rejects.toMatchObject(
      refused(409, first),
    );

    place(stand, 'ONCE', [{ item: itemOf('oem_dropship'), quantity: 1 }], SHOPIFY);
    expect(await shipped('ONCE')).toBe(1);
    const { items } = z
      .object({ items: z.array(z.object({ connectionId: z.string() })) })
      .parse(await stand.api.get('/v1/orders?number=ONCE'));
    expect(items).toEqual([expect.objectContaining({ connectionId: first })]);

    await remove(second.id);
    expect(await opened('account_connected_twice')).toEqual([]);
  });

  it('credentials of another account are refused, whose history this is not; a new key of the same is taken', async () => {
    const { easypost, cj } = stand.business.connections;
    const enter = (id: string, credentials: unknown) =>
      stand.api.put(`/v1/connections/${id}/credentials`, { credentials });
    const keys = stand.world.sandboxes.easypost.others ?? {};
    for (const other of ['another user', 'production'])
      await expect(enter(easypost, keys[other])).rejects.toMatchObject(refused(409, /connect it as a new one/));
    expect(await enter(easypost, keys['same account, new key'])).toMatchObject({ state: 'active' });
    await expect(enter(easypost, { apiKey: 'EZTKnobody', webhookSecret: '' })).rejects.toMatchObject({ status: 422 });
    // CJ's token of the first account is not used for the second.
    await expect(enter(cj, stand.world.sandboxes.cj.others?.['another account'])).rejects.toMatchObject(
      refused(409, /connect it as a new one/),
    );
    expect(await enter(easypost, stand.world.sandboxes.easypost.credentials)).toMatchObject({ state: 'active' });
    place(stand, 'SAME-KEYS', [{ item: itemOf('wholesale'), quantity: 1 }], WOO);
    await orderWhen(stand, 'SAME-KEYS', 'closed', closed);
  });

  it('a connection is renamed and set anew; settings that do not fit or do not work are refused', async () => {
    const { woocommerce, feed } = stand.business.connections;
    expect(await stand.api.patch(`/v1/connections/${woocommerce}`, { name: ' Main shop ' })).toMatchObject({
      name: 'Main shop',
    });
    await stand.api.patch(`/v1/connections/${woocommerce}`, { name: 'WooCommerce' });
    const set = (id: string, settings: object) => stand.api.put(`/v1/connections/${id}/settings`, { settings });
    const changed = await set(woocommerce, { requestsPerSecond: 20 });
    expect(changed).toMatchObject({ settings: { requestsPerSecond: 20, priceDecimals: 2 }, state: 'active' });
    await expect(set(woocommerce, { requestsPerSecond: 'many' })).rejects.toMatchObject({ status: 400 });
    await expect(set(feed, { currency: 'GBP', stockPath: 'other.csv' })).rejects.toMatchObject(
      refused(422, /there is no other\.csv/),
    );
  });

  it('one that something sent is open of, or that a package waits for, is not removed, and both are named', async () => {
    const { cj, easypost } = stand.business.connections;
    await stand.api.post(`/v1/connections/${easypost}/pause`, {});
    place(stand, 'OPEN', [{ item: itemOf('wholesale'), quantity: 1 }], WOO);
    const { shipments } = await orderWhen(stand, 'OPEN', 'packed', (whole) => whole.shipments.length === 1);
    const [shipment] = z.array(z.object({ id: z.string() })).parse(shipments);
    await expect(remove(easypost)).rejects.toMatchObject(refused(409, shipment?.id ?? 'no package'));
    await stand.api.post(`/v1/connections/${easypost}/resume`, {});
    await orderWhen(stand, 'OPEN', 'closed', closed);

    place(stand, 'SENT', [{ item: itemOf('oem_dropship'), quantity: 1 }], WOO);
    const { legs } = await orderWhen(stand, 'SENT', 'sent', (whole) => whole.legs[0]?.state === 'accepted');
    await expect(remove(cj)).rejects.toMatchObject(refused(409, legs[0]?.id ?? 'no leg'));
    await shipped('SENT');
    expect((await shown(cj)).state).toBe('active');
  });

  it('a removed one is gone from lists and stays in history; its shop can be connected again, and rights are named before it goes live', async () => {
    const { woocommerce: old } = stand.business.connections;
    const shop = stand.world.sandboxes.woocommerce;
    const hooks = () => stand.world.db.table<{ delivery_url: string }>('woo_webhooks').all();
    expect(hooks().filter(({ delivery_url }) => delivery_url.endsWith(old))).not.toEqual([]);
    place(stand, 'HISTORY', [{ item: itemOf('wholesale'), quantity: 1 }], WOO);
    const { order } = await orderWhen(stand, 'HISTORY', 'closed', closed);
    await remove(old);
    await remove(old);
    expect(hooks().filter(({ delivery_url }) => delivery_url.endsWith(old))).toEqual([]);
    expect(await listed()).not.toContain('WooCommerce');
    expect(await shown(old)).toMatchObject({ state: 'removed', name: 'WooCommerce' });
    expect(await stand.api.get(`/v1/orders/${order.id}`)).toMatchObject({ order: { connectionId: old } });
    await expect(stand.api.post(`/v1/connections/${old}/check`, {})).rejects.toMatchObject({ status: 404 });
    expect(await stand.platform.store.dues.list('main', { subjectId: old }, { limit: 10 })).toEqual([]);
    expect(await stand.platform.store.connections.find('main', old)).toMatchObject({
      credentials: '',
      webhookSecret: '',
      news: expect.anything(),
    });

    shop.grant?.(['read']);
    const again = await connect('woocommerce', 'WooCommerce');
    expect(await check(again.id)).toMatchObject({ missing: [{ right: 'write', needed: true }], problem: null });
    await expect(stand.api.post(`/v1/connections/${again.id}/live`, {})).rejects.toMatchObject(refused(409, /write/));
    shop.grant?.(['read_write']);
    expect(await stand.api.post(`/v1/connections/${again.id}/live`, {})).toMatchObject({ live: true });
    await stand.api.post(`/v1/connections/${again.id}/sync`, {});
    place(stand, 'AFTER', [{ item: itemOf('oem_dropship'), quantity: 1 }], WOO);
    expect(await shipped('AFTER')).toBe(1);
  });
});
