import { createServer } from 'node:http';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { hmacSha256Of, isFailure, type LabelRequest, parseJson } from '#kit';
import { describeConnector, hostConnector, manualClock, openSandboxDb } from '#kit/testing';
import { classify } from './errors.ts';
import { easypost } from './index.ts';
import { keyKindOf, manifest } from './manifest.ts';
import {
  chargedMinor,
  chooseRate,
  fromLabelRequest,
  isVoided,
  toInches,
  toInstant,
  toLabel,
  toOunces,
  toState,
  toTrackingReport,
} from './mapper.ts';
import { easypostSandbox } from './sandbox.ts';
import { Shipment, Tracker } from './wire.ts';

describeConnector(easypost, easypostSandbox);

it.each([
  ['EZTK0001', 'test'],
  ['EZAK0001', 'production'],
  ['0001', 'other'],
])('the key %s is for %s', (key, kind) => expect(keyKindOf(key)).toBe(kind));

const DAY_MS = 86_400_000;
const address = {
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
};
const request = (reference: string, change: Partial<LabelRequest> = {}): LabelRequest => ({
  reference,
  from: address,
  to: { ...address, city: 'Bristol', postalCode: 'BS1 4RN' },
  parcel: { weightGrams: 800, lengthMm: 200, widthMm: 150, heightMm: 100 },
  contents: [
    {
      sku: 'A-1',
      title: 'Lantern',
      quantity: 3,
      valueMinor: 1250,
      currency: 'GBP',
      weightGrams: 250,
      origin: 'CN',
      hsCode: '940550',
    },
  ],
  taxIds: [],
  service: null,
  ...change,
});
const abroad = { to: { ...address, city: 'Paris', postalCode: '75001', country: 'FR' } };

describe('easypost: what its words mean', () => {
  it.each([
    [401, 'APIKEY.INACTIVE', 'unauthorised'],
    [402, 'PAYMENT_REQUIRED', 'rejected'],
    [403, 'FORBIDDEN', 'forbidden'],
    [404, 'NOT_FOUND', 'not_found'],
    [422, 'PARAMETER.REQUIRED', 'rejected'],
    [422, 'SHIPMENT.POSTAGE.EXISTS', 'conflict'],
    [422, 'SHIPMENT.POSTAGE.TIMED_OUT', 'unavailable'],
    [422, 'SHIPMENT.PURCHASE.IN_PROGRESS', 'unavailable'],
    [429, 'RATE_LIMITED', 'rate_limited'],
  ])('takes %i %s as %s', (status, code, failure) => {
    expect(classify({ status, body: () => ({ error: { code, message: 'm', errors: [] } }) })?.code).toBe(failure);
  });

  it.each([
    [200, '{}'],
    [500, '{"error":{"code":"INTERNAL","message":"m","errors":[]}}'],
    [502, '<html>'],
    [404, 'not json'],
  ])('leaves %i %s to the status', (status, text) => {
    const read = parseJson(text);
    expect(classify({ status, body: () => (read.kind === 'json' ? read.body : undefined) })).toBeNull();
  });

  it('repeats errors given as texts and as objects, as recorded', () => {
    const told = (errors: unknown) =>
      classify({ status: 422, body: () => ({ error: { code: 'C', message: 'Why.', errors } }) })?.message;
    expect(told([{ field: 'shipment', message: 'cannot be blank' }])).toContain('shipment cannot be blank');
    expect(told(['a text'])).toContain('a text');
    expect(told('nonsense')).toContain('Why.');
  });

  it.each([
    ['pre_transit', 'pre_transit'],
    ['in_transit', 'in_transit'],
    ['out_for_delivery', 'out_for_delivery'],
    ['available_for_pickup', 'available_for_pickup'],
    ['delivered', 'delivered'],
    ['return_to_sender', 'return_to_sender'],
    ['failure', 'failure'],
    ['cancelled', 'cancelled'],
    ['error', 'unknown'],
    ['unknown', 'unknown'],
    ['lost_in_space', 'unknown'],
    ['constructor', 'unknown'],
  ])('maps the tracker status %s to %s', (status, state) => expect(toState(status)).toBe(state));

  it.each([
    ['submitted', true],
    ['refunded', true],
    ['rejected', false],
    ['not_applicable', false],
    [null, false],
  ])('takes the refund status %s as voided: %s', (status, voided) => expect(isVoided(status)).toBe(voided));

  it.each([
    ['2024-07-30T16:12:14Z', '2024-07-30T16:12:14.000Z'],
    ['2024-07-30T16:12:14+00:00', '2024-07-30T16:12:14.000Z'],
    ['2024-08-02T19:26:52.000Z', '2024-08-02T19:26:52.000Z'],
    ['2024-07-30T16:12:14', '2024-07-30T16:12:14.000Z'],
    ['2024-07-30T16:12:14+02:00', '2024-07-30T14:12:14.000Z'],
    ['yesterday', null],
    [null, null],
  ])('reads the time %s as %s', (text, instant) => expect(toInstant(text)).toBe(instant));

  it('tells the last scan’s time, or the tracker’s own where there was none', () => {
    const tracker = { tracking_code: '1', status: 'in_transit', updated_at: '2024-01-02T00:00:00Z' };
    expect(toTrackingReport(Tracker.parse(tracker)).at).toBe('2024-01-02T00:00:00.000Z');
    const scanned = {
      ...tracker,
      tracking_details: [{ datetime: '2024-01-01T00:00:00Z' }, { datetime: '2024-01-01T12:00:00Z' }],
    };
    expect(toTrackingReport(Tracker.parse(scanned)).at).toBe('2024-01-01T12:00:00.000Z');
  });
});

describe('easypost: units and money', () => {
  it('never declares a parcel lighter or smaller, and every gram and millimetre comes back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200_000 }), (n) => {
        expect(toOunces(n) * 28.349523125).toBeGreaterThanOrEqual(n - 1e-6);
        expect(Math.round(toOunces(n) * 28.349523125)).toBe(n);
        expect(toInches(n) * 25.4).toBeGreaterThanOrEqual(n - 1e-6);
        expect(Math.round(toInches(n) * 25.4)).toBe(n);
      }),
    );
    expect([toOunces(1), toOunces(454), toInches(254), toInches(1)]).toEqual([0.04, 16.02, 10, 0.04]);
  });

  it('declares whole values and weights of a customs line, and makes no form without lines', () => {
    const { shipment } = fromLabelRequest(request('r', abroad), 'r', 'NOEEI 30.37(a)');
    expect(shipment).toMatchObject({
      customs_info: {
        customs_signer: 'Ada Example',
        customs_items: [{ quantity: 3, value: 37.5, currency: 'GBP', weight: 26.45, origin_country: 'CN' }],
      },
    });
    expect(fromLabelRequest(request('r', { contents: null }), 'r', '').shipment).not.toHaveProperty('customs_info');
  });

  it('never declares customs lines that weigh more than the parcel that they fill', () => {
    const grams = fc.integer({ min: 1, max: 5_000 });
    fc.assert(
      fc.property(fc.array(grams, { minLength: 1, maxLength: 12 }), (weights) => {
        const [line] = request('r').contents ?? [];
        const contents = weights.map((weightGrams) => ({
          ...(line ?? expect.fail('no line')),
          quantity: 1,
          weightGrams,
        }));
        const weightGrams = weights.reduce((sum, weight) => sum + weight, 0);
        const parcel = { weightGrams, lengthMm: 200, widthMm: 150, heightMm: 100 };
        const { shipment } = fromLabelRequest(request('r', { ...abroad, parcel, contents }), 'r', '');
        const declared = (shipment.customs_info?.customs_items ?? []).reduce((sum, { weight }) => sum + weight, 0);
        expect(declared).toBeLessThanOrEqual(shipment.parcel.weight + 1e-9);
        expect(declared).toBeGreaterThan(0);
      }),
    );
    const [line] = request('r').contents ?? [];
    const contents = [1, 2, 3].map(() => ({ ...(line ?? expect.fail('no line')), quantity: 1, weightGrams: 10 }));
    const parcel = { weightGrams: 30, lengthMm: 200, widthMm: 150, heightMm: 100 };
    expect(fromLabelRequest(request('r', { ...abroad, parcel, contents }), 'r', '').shipment).toMatchObject({
      parcel: { weight: 1.06 },
      customs_info: { customs_items: [{ weight: 0.35 }, { weight: 0.35 }, { weight: 0.35 }] },
    });
  });

  it('cites United States export law on what leaves the United States, and on nothing else', () => {
    const of = (country: string) =>
      fromLabelRequest(request('r', { ...abroad, from: { ...address, country } }), 'r', 'NOEEI 30.37(a)').shipment
        .customs_info;
    expect(of('US')).toMatchObject({ eel_pfc: 'NOEEI 30.37(a)' });
    expect(of('GB')).not.toHaveProperty('eel_pfc');
  });

  it('says the tax ids of both parties, and none of which nobody knows the kind', () => {
    const taxIds = [
      { kind: 'ioss', number: 'IM2760000742', country: '', party: 'seller' },
      { kind: 'vat', number: 'FR40303265045', country: 'FR', party: 'buyer' },
      { kind: 'other', number: '123', country: 'BR', party: 'buyer' },
    ] as const;
    expect(fromLabelRequest(request('r', { taxIds: [...taxIds] }), 'r', '').shipment).toMatchObject({
      tax_identifiers: [
        { entity: 'SENDER', tax_id_type: 'IOSS', tax_id: 'IM2760000742' },
        { entity: 'RECEIVER', tax_id_type: 'VAT', tax_id: 'FR40303265045', issuing_country: 'FR' },
      ],
    });
    expect(fromLabelRequest(request('r'), 'r', '').shipment).not.toHaveProperty('tax_identifiers');
  });

  it.each([
    ['no fees', null, 593],
    ['an empty list of fees', [], 593],
    ['the postage alone', [['PostageFee', '5.93000']], 593],
    [
      'an insurance beside the postage',
      [
        ['LabelFee', '0.00000'],
        ['PostageFee', '5.93000'],
        ['InsuranceFee', '0.50000'],
      ],
      643,
    ],
    ['an insurance, the postage not told', [['InsuranceFee', '0.50000']], 643],
  ] as const)('counts what is charged for a label: %s', (_, fees, minor) => {
    const rate = { id: 'rate_1', carrier: 'USPS', service: 'Priority', rate: '5.93', currency: 'USD' };
    expect(
      chargedMinor(
        rate,
        fees?.map(([type, amount]) => ({ type, amount })),
      ),
    ).toBe(minor);
  });

  it('chooses the cheapest rate, or exactly the wanted one', () => {
    const rate = (externalId: string, carrier: string, costMinor: number) => ({
      externalId,
      carrier,
      service: 'S',
      costMinor,
      currency: 'USD',
      days: null,
    });
    const rates = [rate('a', 'UPS', 900), rate('b', 'USPS', 700), rate('c', 'DHL', 700)];
    expect(chooseRate(rates, null)?.externalId).toBe('b');
    expect(chooseRate(rates, { carrier: 'DHL', service: 'S' })?.externalId).toBe('c');
    expect(chooseRate(rates, { carrier: 'DHL', service: 'T' })).toBeNull();
    expect(chooseRate([], null)).toBeNull();
  });

  it('reads a price by its currency', () => {
    const shipment = (rate: string, currency: string) =>
      toLabel(
        Shipment.parse({
          id: 's',
          selected_rate: { id: 'r', carrier: 'C', service: 'S', rate, currency },
          postage_label: { label_url: 'u' },
          tracking_code: 't',
        }),
      )?.costMinor;
    expect([shipment('5.93', 'USD'), shipment('5.93000', 'USD'), shipment('593', 'JPY')]).toEqual([593, 593, 593]);
  });
});

describe('easypost: webhooks', () => {
  const hooks = manifest.webhooks ?? expect.fail('no webhooks');
  const nowMs = Date.UTC(2026, 10, 24, 12);
  const event = { id: 'evt_1', description: 'tracker.updated', result: { tracking_code: '1', carrier: 'FedEx' } };
  // EasyPost writes whole weights as floats; only the raw bytes keep the zero.
  const body = JSON.stringify(event).replace('"FedEx"', '"FedEx","weight":614.0');
  // “sécret” composed as people type it; EasyPost signs with the decomposed form.
  const secret = 's\u00e9cret';
  const sign = (text: string, key = 'se\u0301cret') => `hmac-sha256-hex=${hmacSha256Of(key, text, 'hex')}`;
  const legacy = { rawBody: Buffer.from(body), headers: { 'x-hmac-signature': sign(body) }, secret, nowMs };
  const fresh = (atMs: number, text = body) => {
    const timestamp = new Date(atMs).toISOString();
    const headers = {
      'x-timestamp': timestamp,
      'x-path': '/hooks/1',
      'x-hmac-signature-v2': sign(`${timestamp}POST/hooks/1${body}`),
    };
    return { ...legacy, rawBody: Buffer.from(text), headers };
  };
  const codeOf = (work: () => void) => {
    try {
      work();
    } catch (error) {
      return isFailure(error) ? error.code : String(error);
    }
    return 'accepted';
  };

  it('verify with a secret that is not ASCII', () => {
    expect(codeOf(() => hooks.verify(legacy))).toBe('accepted');
    expect(codeOf(() => hooks.verify({ ...legacy, headers: { 'x-hmac-signature': sign(body, secret) } }))).toBe(
      'unauthorised',
    );
  });

  it.each([
    ['another secret', { secret: 'secret' }],
    ['no secret', { secret: '' }],
    ['no header', { headers: {} }],
    ['a changed body', { rawBody: Buffer.from(body.replace('614.0', '614')) }],
    ['an empty signature', { headers: { 'x-hmac-signature': '' } }],
  ])('refuse %s', (_, change) => expect(codeOf(() => hooks.verify({ ...legacy, ...change }))).toBe('unauthorised'));

  it.each([
    [0, 'accepted'],
    [4 * 60_000, 'accepted'],
    [-4 * 60_000, 'accepted'],
    [6 * 60_000, 'unauthorised'],
    [-6 * 60_000, 'unauthorised'],
  ])('with the second signature, %i ms old, are %s', (age, outcome) => {
    expect(codeOf(() => hooks.verify(fresh(nowMs - age)))).toBe(outcome);
  });

  it('with a bad second signature are refused, even beside a good first one', () => {
    const { headers } = fresh(nowMs);
    const both = { ...legacy, headers: { ...headers, ...legacy.headers, 'x-path': '/elsewhere' } };
    expect(codeOf(() => hooks.verify(both))).toBe('unauthorised');
    expect(codeOf(() => hooks.verify(fresh(nowMs, `${body} `)))).toBe('unauthorised');
  });

  it('mean a tracking, or nothing to us', () => {
    expect(hooks.deliveryId(legacy)).toBe('evt_1');
    expect(hooks.read({ body: event, headers: {} })).toEqual({ kind: 'tracking', number: '1', carrier: 'FedEx' });
    const other = { ...event, description: 'batch.updated' };
    expect(hooks.read({ body: other, headers: {} })).toEqual({ kind: 'ignored', topic: 'batch.updated' });
    expect(codeOf(() => void hooks.read({ body: { ...event, result: {} }, headers: {} }))).toBe('invalid');
    expect(codeOf(() => void hooks.read({ body: [], headers: {} }))).toBe('invalid');
    expect(codeOf(() => void hooks.deliveryId({ rawBody: Buffer.from('<html>'), headers: {} }))).toBe('invalid');
  });
});

describe('easypost: against its sandbox', () => {
  const open: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
  });
  const start = async () => {
    const clock = manualClock();
    const db = openSandboxDb();
    const sandbox = await easypostSandbox.start({ clock, db });
    const ticking = setInterval(() => clock.advance(20), 1);
    open.push(
      () => db.close(),
      () => sandbox.close(),
      () => clearInterval(ticking),
    );
    return { clock, sandbox, host: hostConnector(easypost, sandbox, clock) };
  };
  const failure = (work: Promise<unknown>) =>
    work.then(
      () => expect.fail('it went well'),
      (error: unknown) => error,
    );

  it('buys the shipment that an earlier call created and whose answer was lost', async () => {
    const { host, sandbox } = await start();
    sandbox.faults.next('reset_after_commit', { method: 'POST', path: /\/shipments$/ });
    expect(isFailure(await failure(host.call('labels.buy', { request: request('r1') })), 'unavailable')).toBe(true);
    await host.call('labels.buy', { request: request('r1') });
    // The sandbox notes answered requests only: none here means that the lost create was the only one.
    expect(sandbox.requests().filter((r) => r.method === 'POST' && r.path === '/v2/shipments')).toEqual([]);
    expect(sandbox.effects('labels')).toHaveLength(1);
  });

  it('adopts the label of a call that ran beside it', async () => {
    const { host, sandbox } = await start();
    sandbox.faults.next('reset_after_commit', { method: 'POST', path: /\/buy$/ });
    await failure(host.call('labels.buy', { request: request('r1') }));
    const labels = await Promise.all([1, 2].map(() => host.call('labels.buy', { request: request('r1') })));
    expect(labels[0]).toEqual(labels[1]);
    expect(sandbox.effects('labels')).toHaveLength(1);
  });

  it('quotes without buying, and a quote stands in no label’s way', async () => {
    const { host, sandbox } = await start();
    const { rates } = await host.call('rates.quote', { request: request('r1') });
    expect(new Set(rates.map((r) => r.carrier)).size).toBeGreaterThan(1);
    expect(await host.call('labels.find', { reference: 'r1' })).toBeNull();
    const label = await host.call('labels.buy', { request: request('r1') });
    expect(label.costMinor).toBe(Math.min(...rates.map((r) => r.costMinor)));
    expect(sandbox.effects('labels')).toEqual([{ id: label.externalId, reference: 'r1' }]);
  });

  it('takes a reference that is awkward in a path', async () => {
    const { host } = await start();
    const reference = 'wh/1 Ü?x=#2';
    const label = await host.call('labels.buy', { request: request(reference) });
    expect(await host.call('labels.find', { reference })).toEqual(label);
  });

  it('gives the carriers’ words when none takes the parcel', async () => {
    const { host } = await start();
    const heavy = request('r1', { parcel: { weightGrams: 90_000, lengthMm: 200, widthMm: 150, heightMm: 100 } });
    expect((await host.call('rates.quote', { request: heavy })).messages.join()).toContain('Weight exceeds');
    const error = await failure(host.call('labels.buy', { request: heavy }));
    expect(isFailure(error, 'rejected') && error.message).toContain('Weight exceeds');
    const odd = request('r2', { service: { carrier: 'UPS', service: 'Balloon' } });
    expect(isFailure(await failure(host.call('labels.buy', { request: odd })), 'rejected')).toBe(true);
  });

  it('crosses a border with a customs form', async () => {
    const { host } = await start();
    const label = await host.call('labels.buy', { request: request('r1', abroad) });
    expect(label.service).toBe('ExpressWorldwide');
  });

  it('follows a parcel as the clock moves; a scanned one is not refunded, a refund asked twice is one', async () => {
    const { host, clock, sandbox } = await start();
    const label = await host.call('labels.buy', { request: request('r1') });
    const other = await host.call('labels.buy', { request: request('r2') });
    const state = async () => (await host.call('tracking.get', { tracking: label.tracking })).state;
    expect(await state()).toBe('pre_transit');
    const voidOther = () => host.call('labels.void', { externalId: other.externalId });
    expect([await voidOther(), await voidOther()]).toEqual(Array(2).fill({ voided: true, rawStatus: 'submitted' }));
    clock.advance(0.6 * DAY_MS);
    expect(await state()).toBe('in_transit');
    expect(await host.call('labels.void', { externalId: label.externalId })).toEqual({
      voided: false,
      rawStatus: 'rejected',
    });
    clock.advance(3 * DAY_MS);
    expect(await state()).toBe('delivered');
    expect(sandbox.effects('labels').map((l) => l.reference)).toEqual(['r1']);
    const unknown = { carrier: 'UPS', number: '1Z999', url: '' };
    expect(isFailure(await failure(host.call('tracking.get', { tracking: unknown })), 'not_found')).toBe(true);
  });

  it('serves the label on its own origin', async () => {
    const { host } = await start();
    const { url, tracking } = await host.call('labels.buy', { request: request('r1') });
    const answer = await fetch(url);
    expect(answer.headers.get('content-type')).toBe('image/svg+xml');
    expect(await answer.text()).toContain(tracking.number);
  });

  it('tells a registered webhook of each scan when it happens', async () => {
    const { host, sandbox, clock } = await start();
    const got: { body: string; headers: Record<string, string> }[] = [];
    const receiver = createServer((message, response) => {
      let body = '';
      message.on('data', (chunk) => {
        body += chunk;
      });
      message.on('end', () => {
        got.push({ body, headers: { 'x-hmac-signature': String(message.headers['x-hmac-signature']) } });
        response.end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    open.push(() => void receiver.close());
    const at = receiver.address();
    const { apiKey, webhookSecret } = sandbox.credentials;
    await fetch(`${sandbox.url}/v2/webhooks`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${apiKey}:`).toString('base64')}` },
      body: JSON.stringify({
        webhook: { url: `http://127.0.0.1:${typeof at === 'object' ? at?.port : 0}/`, webhook_secret: webhookSecret },
      }),
    });
    const { tracking } = await host.call('labels.buy', { request: request('r1') });
    clock.advance(0.6 * DAY_MS);
    await expect.poll(() => got.length).toBe(1);
    clock.advance(3 * DAY_MS);
    await expect.poll(() => got.length).toBe(2);
    const hooks = manifest.webhooks ?? expect.fail('no webhooks');
    for (const { body, headers } of got) {
      hooks.verify({ rawBody: Buffer.from(body), headers, secret: webhookSecret, nowMs: clock.now() });
      expect(hooks.read({ body: JSON.parse(body), headers })).toMatchObject({
        kind: 'tracking',
        number: tracking.number,
      });
    }
  });
});
