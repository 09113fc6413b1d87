import { createServer } from 'node:http';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type Connector, hmacSha256Of, isFailure, type Output, type PurchaseRequest, parseExact } from '#kit';
import {
  describeConnector,
  hostConnector,
  type ManualClock,
  manualClock,
  openSandboxDb,
  withRawServer,
} from '#kit/testing';
import { cj } from './index.ts';
import { classify, manifest, TOKEN_EVERY_MS } from './manifest.ts';
import { fromPurchase, sellable, singleAmount, toInstant, toPurchaseReport, toState, toSupplyLevel } from './mapper.ts';
import { type CjSandboxOptions, cjSandbox } from './sandbox.ts';
import { Message, Order } from './wire.ts';

describeConnector(cj, cjSandbox);

type World = Awaited<ReturnType<typeof cjSandbox.start>>['supplier'];

const DAY_MS = 86_400_000;
const SETTINGS = { payType: 2, logisticName: 'PostNL', fromCountryCode: 'CN', iossNumber: '' } as const;
const NOTHING_DECLARED = { taxId: undefined, consigneeID: undefined, iossType: undefined, iossNumber: undefined };
type PartyTaxId = PurchaseRequest['taxIds'][number];
const taxId = (party: PartyTaxId['party'], kind: PartyTaxId['kind'], number: string): PartyTaxId => ({
  party,
  kind,
  number,
  country: '',
});
const purchase = (reference: string, externalSku: string): PurchaseRequest => ({
  reference,
  currency: 'USD',
  lines: [{ lineId: 'l1', sku: 'OURS-1', externalSku, quantity: 2, unitCost: '3.50', attributes: [] }],
  shipTo: {
    name: 'Ada Example',
    company: '',
    line1: '1 Market Street',
    line2: '',
    city: 'Leeds',
    region: '',
    postalCode: 'LS1 1AA',
    country: 'GB',
    phone: '',
    email: '',
    made: false,
  },
  neutralPacking: true,
  taxIds: [],
  note: '',
});

describe('cj: what its words mean', () => {
  it.each([
    [1600000, 'unavailable'],
    [1600001, 'unauthorised'],
    [1600005, 'unauthorised'],
    [1600100, 'rejected'],
    [1600200, 'rate_limited'],
    [1600201, 'rate_limited'],
    [16900500, 'rate_limited'],
    [1602000, 'rejected'],
    [1602001, 'not_found'],
    [1603002, 'conflict'],
    [1603100, 'not_found'],
    [1604000, 'rejected'],
    [1699999, 'rejected'],
  ])('takes code %i, sent with HTTP 200, as %s', (code, failure) => {
    expect(classify({ body: () => ({ code, result: false, message: 'm', data: null }) })?.code).toBe(failure);
  });

  it.each([{ code: 200, result: true, data: null }, undefined, [], { data: 1 }])('leaves %j to the status', (body) =>
    expect(classify({ body: () => body })).toBeNull(),
  );

  it('never answers with a number for a range of prices', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_999_999 }), fc.integer({ min: 0, max: 9_999_999 }), (a, b) => {
        const text = (minor: number) => (minor / 100).toFixed(2);
        expect(singleAmount(`${text(a)}-${text(b)}`)).toBeNull();
        expect(singleAmount(text(a))).toBe(text(a));
        expect(Number(singleAmount(a / 100))).toBe(a / 100);
      }),
    );
  });

  const NO_FACTS = { variantWeight: null, variantLength: null, variantWidth: null, variantHeight: null };
  it.each([[null], [undefined], [''], ['8.13-10.00'], ['8.13 -- 10.00'], ['from 3'], [-1], [1e21], [Number.NaN]])(
    'knows no price in %s',
    (amount) => {
      expect(singleAmount(amount)).toBeNull();
      const inventory = [{ countryCode: 'CN', cjInventory: 1, verifiedWarehouse: 1 }];
      const variant = { vid: 'v', variantNameEn: null, variantSellPrice: amount, inventory };
      expect(toSupplyLevel({ ...NO_FACTS, ...variant }, 'P', 'CN')).toMatchObject({
        externalSku: 'v',
        quantity: 1,
        unitCost: null,
        currency: null,
        title: 'P',
      });
    },
  );

  it.each([
    ['CREATED', 'created'],
    ['IN_CART', 'created'],
    ['UNPAID', 'created'],
    ['UNSHIPPED', 'accepted'],
    ['SHIPPED', 'shipped'],
    ['DELIVERED', 'delivered'],
    ['CANCELLED', 'cancelled'],
    ['TRASH', 'unknown'],
    ['toString', 'unknown'],
    ['', 'unknown'],
  ])('maps the status %s to %s', (status, state) => expect(toState(status)).toBe(state));

  it.each([
    ['2021-08-18T09:16:33+08:00', '2021-08-18T01:16:33.000Z'],
    ['2024-01-01 10:00:00', '2024-01-01T02:00:00.000Z'],
    ['2024-01-01T10:00:00', '2024-01-01T02:00:00.000Z'],
    ['2024-01-01T10:00:00Z', '2024-01-01T10:00:00.000Z'],
    ['soon', null],
  ])('reads the time %s as %s', (text, instant) => expect(toInstant(text)).toBe(instant));

  it('sells only what CJ counted itself where our orders leave from', () => {
    const us = { countryCode: 'US', cjInventory: 7, verifiedWarehouse: 1 };
    const factory = { countryCode: 'CN', cjInventory: 100, verifiedWarehouse: 2 };
    const cn = { countryCode: 'CN', cjInventory: 5, verifiedWarehouse: 1 };
    expect(sellable([us, factory, cn], 'CN')).toBe(5);
    expect(sellable([us, factory, cn], 'US')).toBe(7);
    expect(
      sellable(
        [
          { ...cn, cjInventory: -3 },
          { ...cn, cjInventory: null },
        ],
        'CN',
      ),
    ).toBe(0);
  });

  it('reads an order by either name of our number and amounts as text or number', () => {
    const detail = Order.parse({
      orderId: 'SD1',
      orderNum: 'po',
      orderStatus: 'SHIPPED',
      orderAmount: 25.5,
      trackNumber: 'T',
    });
    expect(toPurchaseReport(detail, 'po')).toMatchObject({
      costMinor: 2550,
      state: 'shipped',
      packages: [{ lines: null }],
    });
    const created = Order.parse({ orderId: 'SD1', orderNumber: 'po', orderStatus: 'CREATED', orderAmount: '25.50' });
    expect(toPurchaseReport(created, 'po')).toMatchObject({ costMinor: 2550, state: 'created', packages: [] });
  });

  it('fills in the province that CJ requires and asks for neutral packing', () => {
    const body = fromPurchase(purchase('po', 'v'), SETTINGS);
    expect(body).toMatchObject({ shippingProvince: 'Leeds', shippingCountry: 'United Kingdom', orderNumber: 'po' });
    expect(body.remark).toContain('Neutral packing');
  });

  it.each<[string, string, PurchaseRequest['taxIds'], string, object]>([
    ['nothing', 'FR', [], '', {}],
    ['the buyer’s VAT number', 'FR', [taxId('buyer', 'vat', 'FR1')], '', { taxId: 'FR1' }],
    ['a person’s own number', 'KR', [taxId('buyer', 'other', 'P12')], '', { consigneeID: 'P12' }],
    ['the seller’s IOSS number', 'FR', [taxId('seller', 'ioss', 'IM1')], 'IM2', { iossType: 2, iossNumber: 'IM1' }],
    ['the IOSS number of the settings', 'FR', [], 'IM2', { iossType: 2, iossNumber: 'IM2' }],
    ['CJ’s own IOSS', 'FR', [], 'CJ-IOSS', { iossType: 3, iossNumber: 'CJ-IOSS' }],
    ['no IOSS outside the EU', 'GB', [taxId('seller', 'ioss', 'IM1')], 'IM2', {}],
    ['no VAT number of the seller', 'FR', [taxId('seller', 'vat', 'DE1')], '', {}],
  ])('declares %s', (_, country, taxIds, iossNumber, declared) => {
    const given = purchase('po', 'v');
    const body = fromPurchase({ ...given, shipTo: { ...given.shipTo, country }, taxIds }, { ...SETTINGS, iossNumber });
    const { taxId: business, consigneeID, iossType, iossNumber: number } = { ...NOTHING_DECLARED, ...body };
    expect({ taxId: business, consigneeID, iossType, iossNumber: number }).toEqual({
      ...NOTHING_DECLARED,
      ...declared,
    });
  });

  it('tells the packer how the buyer wants each line made, whole or not at all', () => {
    const wanting = (value: string): PurchaseRequest => {
      const given = purchase('po', 'v-1');
      const lines = given.lines.map((line) => ({ ...line, attributes: [{ name: 'Engraving', value }] }));
      return { ...given, lines, note: 'n'.repeat(500) };
    };
    expect(fromPurchase(wanting('ADA'), SETTINGS).remark).toContain('v-1: Engraving: ADA.');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 800 }), (length) => {
        const value = 'x'.repeat(length);
        try {
          const { remark } = fromPurchase(wanting(value), SETTINGS);
          expect(remark.length).toBeLessThanOrEqual(500);
          expect(remark).toContain(value);
        } catch (error) {
          expect(isFailure(error, 'rejected')).toBe(true);
          expect(length).toBeGreaterThan(350);
        }
      }),
    );
  });
});

describe('cj: webhooks', () => {
  const hooks = manifest.webhooks ?? expect.fail('no webhooks');
  const body = JSON.stringify({
    messageId: 'm1',
    type: 'ORDER',
    messageType: 'UPDATE',
    openId: 123,
    params: { orderNumber: 'po-1', cjOrderId: 'SD1' },
  });
  const given = {
    rawBody: Buffer.from(body),
    headers: { sign: hmacSha256Of('123', body, 'base64') },
    secret: '123',
    nowMs: 0,
  };

  it('are signed with the openId', () => {
    hooks.verify(given);
    expect(hooks.deliveryId(given)).toBe('m1');
    for (const change of [{ secret: '124' }, { secret: '' }, { headers: {} }, { rawBody: Buffer.from(`${body} `) }])
      expect(() => hooks.verify({ ...given, ...change })).toThrow('does not match');
  });

  it.each([
    ['ORDER', { orderNumber: 'po-1', cjOrderId: 'SD1' }, { kind: 'purchase', reference: 'po-1', externalId: 'SD1' }],
    ['LOGISTIC', { orderId: 'SD1' }, { kind: 'purchase', reference: '', externalId: 'SD1' }],
    // Whoever parsed it has lost digits: they are not CJ's any more.
    ['ORDER', { orderNumber: 'po-1', cjOrderId: 2 ** 60 }, { kind: 'purchase', reference: 'po-1', externalId: '' }],
    ['ORDER', { orderNum: 'po-1', orderStatus: 'UNSHIPPED' }, { kind: 'purchase', reference: 'po-1', externalId: '' }],
    ['ORDER', { orderNum: 'po-1', orderStatus: 'UNPAID' }, { kind: 'ignored', topic: 'ORDER' }],
    ['STOCK', { '1424608152007086080': [{ vid: 'v', storageNum: 12 }] }, { kind: 'ignored', topic: 'STOCK' }],
    ['PRODUCT', { pid: '1', productStatus: 3, fields: [] }, { kind: 'ignored', topic: 'PRODUCT' }],
    ['VARIANT', { vid: 'v', variantSellPrice: 1.5 }, { kind: 'ignored', topic: 'VARIANT' }],
    ['SOURCINGCREATE', { cjProductId: 'p', status: 'completed' }, { kind: 'ignored', topic: 'SOURCINGCREATE' }],
  ])('%s with %o means %o', (type, params, meaning) => {
    expect(hooks.read({ body: { messageId: 'm', type, params }, headers: {} })).toEqual(meaning);
  });

  it('reads the ids of the documented messages with all their 18 digits', () => {
    const read = (text: string) => hooks.read({ body: parseExact(text), headers: {} });
    const externalId = '210823100016290555';
    const head = '"messageId":"7cceede817dc47ed9748328b64353c5c","messageType":"UPDATE"';
    expect(read(`{${head},"type":"LOGISTIC","params":{"orderId":${externalId},"trackingStatus":12}}`)).toEqual({
      kind: 'purchase',
      reference: '',
      externalId,
    });
    expect(read(`{${head},"type":"ORDER","params":{"orderNumber":"po","cjOrderId": ${externalId}}}`)).toEqual({
      kind: 'purchase',
      reference: 'po',
      externalId,
    });
    const parts = ['SD1613355441583259648-2', 'SD1613355441583259648-1'];
    const list = parts.map((orderCode) => ({ createAt: 1673490845706, orderCode, orderStatus: 300, productList: [] }));
    expect(
      read(
        `{${head},"type":"ORDERSPLIT","params":{"originalOrderId":${externalId},"splitOrderList":${JSON.stringify(list)}}}`,
      ),
    ).toEqual({ kind: 'purchase', reference: '', externalId, parts });
  });

  it('looks at an order that gets its id only now, unpaid though it is', () => {
    const params = { orderNumber: 'po', cjOrderId: '21', orderStatus: 'CREATED' };
    const body = { messageId: 'm', type: 'ORDER', messageType: 'ORDER_CONNNECTED', params };
    expect(hooks.read({ body, headers: {} })).toEqual({ kind: 'purchase', reference: 'po', externalId: '21' });
  });

  it.each([
    ['a topic we do not know', { messageId: 'm', type: 'WEATHER', params: {} }, 'rejected'],
    ['an order without a name', { messageId: 'm', type: 'ORDER', params: {} }, 'invalid'],
    ['no message at all', { hello: 1 }, 'invalid'],
  ])('refuses %s', (_, message, code) => {
    try {
      hooks.read({ body: message, headers: {} });
      expect.fail('it was read');
    } catch (error) {
      expect(isFailure(error) && error.code).toBe(code);
    }
  });
});

describe('cj: against its sandbox', () => {
  const open: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
  });
  const start = async (options: Partial<CjSandboxOptions> = {}, settings: Record<string, unknown> = {}) => {
    const clock = manualClock();
    const db = openSandboxDb();
    const sandbox = await cjSandbox.start({ clock, db, ...options });
    const connector: Connector = cj;
    const host = hostConnector(connector, { ...sandbox, settings: { ...sandbox.settings, ...settings } }, clock);
    const ticking = setInterval(() => clock.advance(20), 1);
    open.push(
      () => db.close(),
      () => sandbox.close(),
      () => clearInterval(ticking),
    );
    return { clock, sandbox, host, db };
  };
  /** A CJ that answers each call with this as its `data`; null: it breaks down. */
  const answering = async (answer: (path: string) => string | null) => {
    const TOKEN = '{"accessToken":"t","accessTokenExpiryDate":"2027-02-01T00:00:00+08:00"}';
    const server = createServer((request, response) => {
      const path = request.url ?? '';
      const data = path.endsWith('/getAccessToken') ? TOKEN : answer(path);
      if (data === null) response.writeHead(500).end('');
      else response.end(`{"code":200,"result":true,"message":"","data":${data}}`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push(() => void server.close());
    const { clock } = await start();
    const address = server.address();
    const endpoint = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    return hostConnector(cj, { credentials: { apiKey: 'key-of-this-test' }, settings: { endpoint } }, clock);
  };
  const seen = (sandbox: { requests(): readonly { path: string }[] }, end: string) =>
    sandbox.requests().filter((r) => r.path.endsWith(end)).length;
  const jump = (clock: ManualClock, ms: number) => clock.advance(ms);

  it('fetches one token for twenty calls at once', async () => {
    const { host, sandbox } = await start();
    await Promise.all(Array.from({ length: 20 }, () => host.call('connection.check', {})));
    expect(seen(sandbox, 'getAccessToken')).toBe(1);
  });

  it('fetches a new token when the old one has run out', async () => {
    const { host, sandbox, clock } = await start();
    await host.call('connection.check', {});
    jump(clock, 16 * DAY_MS);
    await Promise.all(Array.from({ length: 5 }, () => host.call('connection.check', {})));
    expect(seen(sandbox, 'getAccessToken')).toBe(2);
  });

  it('says how long to wait when a token was fetched less than five minutes ago', async () => {
    const { host, sandbox, clock } = await start();
    await host.call('connection.check', {});
    const restarted = hostConnector(cj, sandbox, clock);
    const error = await restarted.call('connection.check', {}).catch((e: unknown) => e);
    expect(isFailure(error, 'rate_limited') && error.retryAfterMs).toBe(TOKEN_EVERY_MS);
    jump(clock, TOKEN_EVERY_MS);
    await restarted.call('connection.check', {});
  });

  it('says which account it is, and when the number that was entered is another', async () => {
    const { sandbox, clock } = await start();
    const checked = (openId: string) =>
      hostConnector(cj, { ...sandbox, credentials: { ...sandbox.credentials, openId } }, clock).call(
        'connection.check',
        {},
      );
    const { identity, missing } = await checked(sandbox.credentials.openId);
    expect([identity, missing]).toEqual([sandbox.credentials.openId, []]);
    for (const openId of ['', '42']) {
      jump(clock, TOKEN_EVERY_MS);
      const told = await checked(openId);
      expect(told).toMatchObject({ identity, missing: [{ right: 'openId', needed: false }] });
      expect(told.missing[0]?.why).toContain(identity);
    }
  });

  it('reads the account’s number with all its digits', async () => {
    const host = await answering(() => '{"openId":12345678901234567890,"openName":"A"}');
    expect((await host.call('connection.check', {})).identity).toBe('12345678901234567890');
  });

  it('gives each variant its own price where the product has a range', async () => {
    const { host, sandbox } = await start();
    sandbox.scene.stockItems(3);
    sandbox.supplier.addItem({ externalSku: 'V9', title: 'Kite', unitCost: '12.05', quantity: 4 });
    const { items, next } = await host.call('stock.pull', { cursor: null });
    expect(next).toBeNull();
    expect(items.map((i) => i.unitCost)).toEqual(['3.50', '4.75', '6.00', '12.05']);
    expect(items.map((i) => i.quantity)).toEqual([200, 200, 200, 4]);
  });

  it('waits for points instead of being refused', async () => {
    const { host, sandbox, clock } = await start({ pointsPerDay: 100 });
    sandbox.scene.stockItems(12);
    const began = clock.now();
    const hurry = setInterval(() => jump(clock, 600_000), 1);
    open.push(() => clearInterval(hurry));
    await host.call('stock.pull', { cursor: null });
    expect(sandbox.requests().filter((r) => r.status === 429)).toEqual([]);
    // 50 for the page and 80 for its four products: 30 more than the day began with.
    expect(clock.now() - began).toBeGreaterThanOrEqual(0.3 * DAY_MS);
  });

  it('ships after a day, delivers a week later, and takes its stock from the shelf', async () => {
    const { host, sandbox, clock } = await start();
    const [vid = ''] = sandbox.scene.stockItems(1);
    const { externalId, ...placed } = await host.call('purchases.place', { purchase: purchase('po-1', vid) });
    expect(placed).toMatchObject({ state: 'accepted', costMinor: 999, currency: 'USD', reason: '' });
    const state = async () => (await host.call('purchases.get', { externalId, reference: 'po-1' })).state;
    jump(clock, 1.2 * DAY_MS);
    expect(await state()).toBe('shipped');
    jump(clock, 7 * DAY_MS);
    expect(await state()).toBe('delivered');
    expect((await host.call('stock.pull', { cursor: null })).items[0]?.quantity).toBe(198);
    expect(await host.call('purchases.cancel', { externalId, reference: 'po-1' })).toMatchObject({ cancelled: false });
  });

  it('adopts the order of a rival call that it could not see', async () => {
    const { host, sandbox } = await start();
    const [vid = ''] = sandbox.scene.stockItems(1);
    const both = await Promise.all(
      [1, 2, 3].map(() => host.call('purchases.place', { purchase: purchase('po-1', vid) })),
    );
    expect(new Set(both.map((p) => p.externalId)).size).toBe(1);
    expect(sandbox.effects('purchases')).toHaveLength(1);
  });

  it('reads an order that was split as the parcels that it became, each with its own lines', async () => {
    const { host, sandbox } = await start();
    const [vid = ''] = sandbox.scene.stockItems(1);
    const { externalId } = await host.call('purchases.place', { purchase: purchase('po-1', vid) });
    expect(externalId).toMatch(/^\d{18}$/);
    sandbox.supplier.split({ reference: 'po-1' });
    const parts = [`SD${externalId}-1`, `SD${externalId}-2`];
    const get = () => host.call('purchases.get', { externalId, reference: 'po-1', parts });
    expect(await get()).toMatchObject({ externalId, reference: 'po-1', state: 'accepted', packages: [] });
    sandbox.supplier.ship({ reference: 'po-1' });
    const lines = [{ externalSku: vid, quantity: 1 }];
    expect(await get()).toMatchObject({ state: 'partly_shipped', packages: [{ lines }] });
    // What was not told is not guessed at: without the parts no parcel is known.
    expect(await host.call('purchases.get', { externalId, reference: 'po-1' })).toMatchObject({ packages: [] });
    sandbox.supplier.ship({ reference: 'po-1' });
    const whole = await get();
    expect(whole).toMatchObject({ state: 'shipped', packages: [{ lines }, { lines }] });
    expect(new Set(whole.packages.map((one) => one.tracking.number)).size).toBe(2);
    const unseen = await host.call('purchases.get', { externalId, reference: 'po-1', parts: [...parts, 'SD-lost'] });
    expect(unseen.state).toBe('partly_shipped');
  });

  it.each([
    ['finds the order by our number where CJ does not tell its id', true, '210823100016290555'],
    ['goes by our number where CJ does not show the order yet', false, 'po-1'],
  ])('%s', async (_, shown, externalId) => {
    const order = '"orderNum":"po-1","orderStatus":"CREATED","orderAmount":9.99';
    let created = false;
    const host = await answering((path) => {
      if (!path.endsWith('/createOrderV2'))
        return created && shown
          ? `{"orderId":${externalId},${order}}`
          : 'null,"code":1600300,"message":"order not found"';
      created = true;
      return `{"orderId":null,${order}}`;
    });
    expect(await host.call('purchases.place', { purchase: purchase('po-1', 'v') })).toMatchObject({
      externalId,
      reference: 'po-1',
      state: 'created',
      costMinor: 999,
    });
  });

  it('sends tax ids, IOSS and wishes where CJ takes them', async () => {
    const { host, sandbox, db } = await start({}, { iossNumber: 'IM5280000001' });
    const [vid = ''] = sandbox.scene.stockItems(1);
    const given = purchase('po-1', vid);
    const { externalId } = await host.call('purchases.place', {
      purchase: {
        ...given,
        shipTo: { ...given.shipTo, country: 'FR' },
        taxIds: [taxId('buyer', 'vat', 'FR40303265045')],
        lines: given.lines.map((line) => ({ ...line, attributes: [{ name: 'Engraving', value: 'ADA' }] })),
      },
    });
    expect(db.table<{ declared: object }>('cj_orders').get(externalId)?.declared).toEqual({
      taxId: 'FR40303265045',
      iossType: 2,
      iossNumber: 'IM5280000001',
      remark: expect.stringContaining('Engraving: ADA'),
    });
  });

  it('reports an order that the balance does not cover, with CJ’s words', async () => {
    const { host, sandbox } = await start({ balance: 1 });
    const [vid = ''] = sandbox.scene.stockItems(1);
    const placed = await host.call('purchases.place', { purchase: purchase('po-1', vid) });
    expect(placed).toMatchObject({ state: 'created', rawStatus: 'UNPAID' });
    expect(placed.reason).toContain('Balance is insufficient');
  });

  it('pays an order that the balance did not cover once it covers it, and ships it from then on', async () => {
    const { host, sandbox, clock } = await start({ balance: 1 });
    const [vid = ''] = sandbox.scene.stockItems(1);
    const { externalId } = await host.call('purchases.place', { purchase: purchase('po-1', vid) });
    const given = { externalId, reference: 'po-1' };
    const refused = await host.call('purchases.pay', given).catch((error: unknown) => error);
    expect(isFailure(refused, 'rejected') && refused.message).toContain('Balance is insufficient');
    expect(await host.call('purchases.get', given)).toMatchObject({ rawStatus: 'UNPAID', unpaid: true });
    sandbox.supplier.setBalance({ amount: '10.00' });
    expect(await host.call('purchases.pay', given)).toMatchObject({ rawStatus: 'UNSHIPPED', unpaid: false });
    expect(await host.call('purchases.pay', given)).toMatchObject({ rawStatus: 'UNSHIPPED', unpaid: false });
    expect(sandbox.effects('payments')).toHaveLength(1);
    expect(seen(sandbox, 'confirmOrder')).toBe(0);
    jump(clock, 1.2 * DAY_MS);
    expect(await host.call('purchases.get', given)).toMatchObject({ state: 'shipped' });
  });

  it('reads what is left to pay with, as CJ writes it', async () => {
    const { host, sandbox } = await start({ balance: 87_247.32 }, { warnBelow: '50' });
    expect(await host.call('balance.read', {})).toEqual({
      amountMinor: 8_724_732,
      currency: 'USD',
      warnBelowMinor: 5_000,
    });
    sandbox.supplier.setBalance({ amount: '0' });
    expect(await host.call('balance.read', {})).toMatchObject({ amountMinor: 0 });
    for (const [amount, amountMinor] of [
      ['"12.30"', 1_230],
      ['-4.5', -450],
      ['"0.00"', 0],
    ] as const) {
      const raw = await answering(() => `{"amount":${amount},"noWithdrawalAmount":0.00,"freezeAmount":9}`);
      expect(await raw.call('balance.read', {})).toEqual({ amountMinor, currency: 'USD', warnBelowMinor: null });
    }
    const strange = await answering(() => '{"amount":"much"}');
    const failure = await strange.call('balance.read', {}).catch((error: unknown) => error);
    expect(isFailure(failure, 'contract') && failure.message).toContain('data.amount');
  });

  it('confirms an order before it pays it, and pays none that CJ does not hold', async () => {
    const { host, sandbox } = await start({}, { payType: 3 });
    const [vid = ''] = sandbox.scene.stockItems(1);
    const { externalId } = await host.call('purchases.place', { purchase: purchase('po-1', vid) });
    expect(await host.call('purchases.pay', { externalId, reference: 'po-1' })).toMatchObject({ state: 'accepted' });
    expect(seen(sandbox, 'confirmOrder')).toBe(1);
    const gone = await host.call('purchases.pay', { externalId: '1', reference: 'po-1' }).catch((e: unknown) => e);
    expect(isFailure(gone, 'not_found')).toBe(true);
    const other = await host.call('purchases.place', { purchase: purchase('po-2', vid) });
    sandbox.supplier.pay({ reference: 'po-2' });
    await host.call('purchases.pay', { externalId: other.externalId, reference: 'po-2' });
    // One by us, one by the merchant.
    expect(sandbox.effects('payments')).toHaveLength(2);
  });

  it('does not know what became of a payment when it cannot be looked at afterwards', async () => {
    const asked: string[] = [];
    const host = await answering((path) => {
      asked.push(path);
      const looks = asked.filter((one) => one.includes('getOrderDetail')).length;
      if (path.includes('getOrderDetail') && looks === 2) return null;
      return '{"orderId":"21","orderNum":"po-1","orderStatus":"UNPAID","orderAmount":9.99}';
    });
    const outcome = await host.call('purchases.pay', { externalId: '21', reference: 'po-1' }).catch((e: unknown) => e);
    expect(isFailure(outcome, 'outcome_unknown')).toBe(true);
    expect(asked.filter((path) => path.includes('payBalance'))).toHaveLength(1);
  });

  it('only creates the order with payType 3, and takes it back', async () => {
    const { host, sandbox, clock } = await start({}, { payType: 3 });
    const [vid = ''] = sandbox.scene.stockItems(1);
    const { externalId, state } = await host.call('purchases.place', { purchase: purchase('po-1', vid) });
    expect(state).toBe('created');
    jump(clock, 30 * DAY_MS);
    expect((await host.call('purchases.get', { externalId, reference: 'po-1' })).state).toBe('created');
    const cancel = () => host.call('purchases.cancel', { externalId, reference: 'po-1' });
    expect((await cancel()).cancelled).toBe(true);
    expect((await cancel()).cancelled).toBe(true);
    expect(await host.call('purchases.find', { reference: 'po-1' })).toBeNull();
  });

  it.each([
    ['paid by us', { payType: 2 }, () => {}, false],
    ['not paid yet', { payType: 3 }, () => {}, true],
    ['paid at CJ since', { payType: 3 }, (world: World) => world.pay({ reference: 'po-1' }), false],
    ['shipped', { payType: 2 }, (world: World) => world.ship({ reference: 'po-1' }), false],
    ['cancelled at CJ, unpaid', { payType: 3 }, (world: World) => world.cancel({ reference: 'po-1' }), true],
    ['cancelled by CJ, paid', { payType: 2 }, (world: World) => world.cancel({ reference: 'po-1' }), true],
  ])('asked to take back an order that is %s', async (_, settings, happens, cancelled) => {
    const { host, sandbox } = await start({}, settings);
    const [vid = ''] = sandbox.scene.stockItems(1);
    const { externalId } = await host.call('purchases.place', { purchase: purchase('po-1', vid) });
    happens(sandbox.supplier);
    const answer = await host.call('purchases.cancel', { externalId, reference: 'po-1' });
    expect(answer.cancelled).toBe(cancelled);
    // A refusal says why; nothing is asked of CJ that it does not do.
    if (!cancelled) expect(answer.reason).toMatch(/does not take back/);
    expect(sandbox.requests().filter((r) => r.method === 'DELETE' && r.status !== 200)).toEqual([]);
  });

  it('looks again when CJ refuses, for the order may be gone or paid since', async () => {
    const { host, sandbox } = await start({}, { payType: 3 });
    const [vid = ''] = sandbox.scene.stockItems(1);
    const placed = [];
    for (const reference of ['po-1', 'po-2', 'po-3'])
      placed.push(await host.call('purchases.place', { purchase: purchase(reference, vid) }));
    const cancelAll = placed.flatMap(({ externalId, reference }) =>
      [1, 2].map(() => host.call('purchases.cancel', { externalId, reference })),
    );
    for (const answer of await Promise.all(cancelAll)) expect(answer.cancelled).toBe(true);
    expect(sandbox.effects('cancellations')).toHaveLength(3);
    expect(sandbox.effects('purchases')).toEqual([]);
  });

  it('gives the units of a cancelled order back, pays one unpaid order once, and ships no unpaid one', async () => {
    const { host, sandbox, clock } = await start({}, { payType: 3 });
    const [vid = ''] = sandbox.scene.stockItems(1);
    const stock = async () => (await host.call('stock.pull', { cursor: null })).items[0]?.quantity;
    const { externalId } = await host.call('purchases.place', { purchase: purchase('po-1', vid) });
    sandbox.supplier.ship({ reference: 'po-1' });
    const state = async () => (await host.call('purchases.get', { externalId, reference: 'po-1' })).state;
    expect([await state(), await stock()]).toEqual(['created', 198]);
    sandbox.supplier.pay({ reference: 'po-1' });
    expect(await state()).toBe('accepted');
    expect(() => sandbox.supplier.pay({ reference: 'po-1' })).toThrow('not unpaid');
    jump(clock, 2 * DAY_MS);
    expect(await state()).toBe('shipped');
    expect(() => sandbox.supplier.cancel({ reference: 'po-1' })).toThrow('SHIPPED');
    const other = await host.call('purchases.place', { purchase: purchase('po-2', vid) });
    sandbox.supplier.cancel({ reference: 'po-2' });
    expect(await stock()).toBe(198);
    const gone = await host.call('purchases.get', { externalId: other.externalId, reference: 'po-2' });
    expect(gone).toMatchObject({ state: 'cancelled', packages: [] });
  });

  it('tells the subscriber of each change when it becomes true, signed', async () => {
    const { host, sandbox, clock } = await start({ shipAfterMs: 10_000 });
    const got: { body: string; sign: string }[] = [];
    const receiver = createServer((message, response) => {
      let body = '';
      message.on('data', (chunk) => {
        body += chunk;
      });
      message.on('end', () => {
        got.push({ body, sign: String(message.headers['sign']) });
        response.end('{}');
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    open.push(() => void receiver.close());
    const address = receiver.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/hook`;
    expect(await host.call('webhooks.register', { url, secret: '' })).toEqual({ topics: ['ORDER', 'LOGISTIC'] });
    const [vid = ''] = sandbox.scene.stockItems(1);
    const { externalId } = await host.call('purchases.place', { purchase: purchase('po-1', vid) });
    await expect.poll(() => got.length).toBeGreaterThanOrEqual(1);
    jump(clock, 8 * DAY_MS);
    await expect.poll(() => got.length).toBe(5);
    const hooks = manifest.webhooks ?? expect.fail('no webhooks');
    for (const { body, sign } of got) {
      hooks.verify({ rawBody: Buffer.from(body), headers: { sign }, secret: '123456789', nowMs: 0 });
      const message = Message.parse(parseExact(body));
      // A parcel's message names the order by CJ's id alone.
      const reference = message.type === 'ORDER' ? 'po-1' : '';
      expect(hooks.read({ body: message, headers: {} })).toEqual({ kind: 'purchase', reference, externalId });
    }
    expect(new Set(got.map((g) => Message.parse(parseExact(g.body)).messageId)).size).toBe(5);
  });
});

describe('cj: a variant that cannot be read stops no other', () => {
  const PID = '04A22450-67F0-4617-A132-E7AE7F8963B0';
  const variant = (vid: unknown, changes: Record<string, unknown> = {}) => ({
    vid,
    variantNameEn: 'Lantern',
    variantSellPrice: '3.50',
    variantWeight: 250,
    ...changes,
  });
  const inCn = (cjInventory: unknown, changes: Record<string, unknown> = {}) => [
    { countryCode: 'CN', cjInventory, verifiedWarehouse: 1, ...changes },
  ];
  const THREE = ['v1', 'v2', 'v3'];
  interface Shown {
    products?: unknown[];
    variants?: unknown;
    stock?: unknown;
    totalPages?: unknown;
  }
  const read = ({ products = [{ id: PID }], variants, stock, totalPages = 2 }: Shown) =>
    withRawServer(
      ({ path }) => {
        const done = (data: unknown) => ({ code: 200, result: true, message: 'Success', data });
        if (path.includes('getAccessToken'))
          return done({ accessToken: 'a', accessTokenExpiryDate: '2099-01-01T00:00:00+08:00' });
        if (path.includes('listV2')) return done({ totalPages, content: [{ productList: products }] });
        if (path.includes('getInventoryByPid'))
          return done({ variantInventories: stock ?? THREE.map((vid) => ({ vid, inventory: inCn(4) })) });
        if (path.includes('pid=bad')) return done('soon');
        return done({ productNameEn: 'Lanterns', variants: variants ?? THREE.map((vid) => variant(vid)) });
      },
      (endpoint) => {
        const clock = manualClock();
        const credentials = { apiKey: 'CJ1234567@api@5d41402abc4b2a76', openId: '123456789' };
        const host = hostConnector(cj, { credentials, settings: { endpoint, level: 'Advanced' } }, clock);
        const ticking = setInterval(() => clock.advance(20), 1);
        return host.call('stock.pull', { cursor: null }).finally(() => clearInterval(ticking));
      },
    );
  const of = (second: Record<string, unknown>) =>
    read({ variants: [variant('v1'), variant('v2', second), variant('v3')] });
  const withStock = (second: unknown) =>
    read({ stock: THREE.map((vid) => ({ vid, inventory: vid === 'v2' ? second : inCn(4) })) });
  const skus = (page: Output<'stock.pull'>) => page.items.map((item) => item.externalSku);

  it.each([
    ['its price as a number', { variantSellPrice: 3.5 }, { unitCost: '3.5' }],
    ['a range for a price', { variantSellPrice: '3.50 -- 8.10' }, { unitCost: null }],
    ['no price', { variantSellPrice: null }, { unitCost: null }],
    ['an empty price', { variantSellPrice: '' }, { unitCost: null }],
    ['no name', { variantNameEn: null }, { title: 'Lanterns' }],
    ['facts of another shape', { variantWeight: { g: 250 }, variantLength: 'long' }, { facts: { weightGrams: null } }],
  ])('reads all three where the second has %s', async (_, second, read2) => {
    const page = await of(second);
    expect(page.rejected).toEqual([]);
    expect(skus(page)).toEqual(THREE);
    expect(page.items[1]).toMatchObject(read2);
  });

  it('reads a number for an id, with all its digits', async () => {
    // Written as 144115188075855870, which is no number that a double keeps.
    const page = await read({
      variants: [variant(41), variant(2 ** 57)],
      stock: [
        { vid: '41', inventory: inCn(4) },
        { vid: '144115188075855870', inventory: inCn(7) },
      ],
    });
    expect(page.items).toMatchObject([
      { externalSku: '41', quantity: 4 },
      { externalSku: '144115188075855870', quantity: 7 },
    ]);
    expect(page.rejected).toEqual([]);
  });

  it.each([
    ['its count as text', inCn('7'), 7],
    ['its kind of count as text', inCn(7, { verifiedWarehouse: '1' }), 7],
    ['nothing for a count', inCn(null), 0],
    ['no warehouse', [], 0],
    ['nothing for its warehouses', null, 0],
  ])('reads all three where the stock of the second has %s', async (_, second, quantity) => {
    const page = await withStock(second);
    expect(page.rejected).toEqual([]);
    expect(page.items.map((item) => item.quantity)).toEqual([4, quantity, 4]);
  });

  it.each([
    ['a price in words', () => of({ variantSellPrice: 'ask us' }), 'variantSellPrice', '"ask us"'],
    ['a price below zero', () => of({ variantSellPrice: -1 }), 'variantSellPrice', '-1'],
    ['a quantity in words', () => withStock(inCn('many')), 'inventory.0.cjInventory', '"many"'],
    ['a warehouse nowhere', () => withStock(inCn(4, { countryCode: null })), 'inventory.0.countryCode', 'null'],
    ['warehouses that are no list', () => withStock('some'), 'inventory', '"some"'],
  ])('reads the two others where the second has %s, and says what is wrong', async (_, ask, field, raw) => {
    const page = await ask();
    expect(skus(page)).toEqual(['v1', 'v3']);
    expect(page.rejected).toEqual([{ id: 'v2', field, raw, reason: expect.stringMatching(/./) }]);
    expect(page.next).toBe('2');
  });

  it('counts no variant as none because the row of its stock names no variant', async () => {
    const page = await read({
      stock: [
        { vid: 'v1', inventory: inCn(4) },
        { vid: null, inventory: inCn(9) },
      ],
    });
    expect(page.items).toMatchObject([{ externalSku: 'v1', quantity: 4 }]);
    expect(page.rejected).toMatchObject([
      { id: 'v2', field: 'inventory' },
      { id: 'v3', field: 'inventory' },
    ]);
  });

  it('reads the other products where one has no id and one has a detail of another shape', async () => {
    const page = await read({ products: [{ id: null }, { id: 'bad' }, 'lost', { id: PID }], totalPages: '2' });
    expect(skus(page)).toEqual(THREE);
    expect(page.rejected?.map(({ id, field }) => [id, field])).toEqual([
      [null, 'id'],
      ['bad', ''],
      [null, ''],
    ]);
    expect(page.next).toBe('2');
  });
});
