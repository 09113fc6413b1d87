import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '#domain/actor.ts';
import { newVariant, variantId } from '#domain/variant.ts';
import { isProblem } from '#simulator/api-client.ts';
import { itemOf } from '../support/shop.ts';
import { openStand, type Stand, until } from '../support/stand.ts';

const ADDRESS = { line1: '1 Quay', city: 'Hull', postalCode: 'HU1 1AA', country: 'GB' };

let stand: Stand;
beforeAll(async () => {
  stand = await openStand({ items: [itemOf('wholesale')], act: false, webhooks: false });
});
afterAll(() => stand.close());

/** The problem that a call is refused with. */
const refusal = async (call: Promise<unknown>): Promise<{ status: number; body: unknown }> => {
  const error = await call.then(
    () => expect.fail('it was not refused'),
    (thrown: unknown) => thrown,
  );
  if (!isProblem(error)) throw error;
  return { status: error.status, body: error.body };
};
const offer = (location: string) => ({
  sku: 'NEW-1',
  mode: 'wholesale',
  partner: stand.business.connections.feed,
  location,
  unitCost: '1.00',
  currency: 'GBP',
});

describe('locations through the API', () => {
  it('are made, changed and read; what is left out of a change stays', async () => {
    const { easypost } = stand.business.connections;
    const made = await stand.api.put('/v1/locations/hull', {
      name: 'Hull',
      kind: 'third_party',
      address: ADDRESS,
      timeZone: 'Europe/London',
      cutOff: '16:30',
      holidays: ['2026-12-25'],
      carriers: [easypost],
    });
    expect(made).toMatchObject({ code: 'hull', kind: 'third_party', address: ADDRESS, cutOff: '16:30', active: true });
    const changed = await stand.api.patch('/v1/locations/hull', { fallback: true });
    expect(changed).toMatchObject({ name: 'Hull', address: ADDRESS, carriers: [easypost], fallback: true });
    expect(await stand.api.get('/v1/locations/hull')).toEqual(changed);
    const replaced = await stand.api.put('/v1/locations/hull', { name: 'Hull' });
    expect(replaced).toMatchObject({ kind: 'own', address: null, carriers: [] });
    const codes: string[] = [];
    for await (const { code } of stand.api.all<{ code: string }>('/v1/locations')) codes.push(code);
    expect(codes.sort()).toEqual(['brand', 'hull', 'principal', 'warehouse']);
  });

  it.each([
    [{ address: { ...ADDRESS, line1: '' } }, 'address.line1'],
    [{ address: { ...ADDRESS, country: 'QQ' } }, 'address.country'],
    [{ timeZone: 'Mars/Olympus' }, 'timeZone'],
    [{ carriers: ['cn_nobody'] }, 'carriers'],
    [{ connectionId: 'cn_nobody' }, 'connectionId'],
  ])('are refused with the field: %j', async (body, field) => {
    expect(await refusal(stand.api.put('/v1/locations/wrong', body))).toMatchObject({ status: 422, body: { field } });
    expect(await refusal(stand.api.get('/v1/locations/wrong'))).toMatchObject({ status: 404 });
  });

  it('name carriers among the logistics connections alone', async () => {
    const carriers = [stand.business.connections.shopify];
    expect(await refusal(stand.api.patch('/v1/locations/warehouse', { carriers }))).toMatchObject({
      status: 422,
      body: { field: 'carriers' },
    });
  });

  it('are not made by a change, nor with a code that is kept for suppliers', async () => {
    expect(await refusal(stand.api.patch('/v1/locations/nowhere', { name: 'X' }))).toMatchObject({ status: 404 });
    expect(await refusal(stand.api.put('/v1/locations/supplier:x', {}))).toMatchObject({ status: 400 });
  });

  it('have to be there for an offer, a key and a stock movement', async () => {
    const result = await stand.api.put('/v1/offers', {
      offers: [offer('nowhere'), offer('warehouse'), offer('supplier:cn_nobody')],
    });
    expect(result).toMatchObject({
      processed: 1,
      failed: 2,
      results: [
        { ok: false, problem: { status: 422, field: 'location', detail: expect.stringContaining('make it first') } },
        { ok: true },
        { ok: false, problem: { status: 422, field: 'location' } },
      ],
    });
    const key = { name: 'clerk', scopes: ['stock:read'], location: 'nowhere' };
    expect(await refusal(stand.api.post('/v1/keys', key))).toMatchObject({ status: 422, body: { field: 'location' } });
    const movements = [{ sku: 'NEW-1', kind: 'adjust', quantity: 1, reference: 'r' }];
    expect(await refusal(stand.api.post('/v1/stock/movements', { location: 'nowhere', movements }))).toMatchObject({
      status: 422,
      body: { field: 'location' },
    });
  });

  it('take no new offers while they are not active', async () => {
    await stand.api.put('/v1/locations/closed', { active: false });
    expect(await stand.api.put('/v1/offers', { offers: [offer('closed')] })).toMatchObject({
      failed: 1,
      results: [{ problem: { status: 422, detail: expect.stringContaining('not active') } }],
    });
  });
});

describe('variants through the API', () => {
  it('are said one by one: a bad one spoils no other, and what is left out stays', async () => {
    const result = await stand.api.put('/v1/variants', {
      variants: [
        { sku: 'V-1', weightGrams: 700, origin: 'CN', hsCodes: { '*': '9405.50', US: '9405501000' } },
        { sku: 'V-2', origin: 'QQ' },
        { sku: 'V-3', gtin: '4006381333932' },
        { sku: 'V-4', gtin: '4006381333931' },
      ],
    });
    expect(result).toMatchObject({
      processed: 2,
      failed: 2,
      results: [{ ok: true }, { ok: false }, { ok: false, problem: { status: 422, field: 'gtin' } }, { ok: true }],
    });
    await stand.api.put('/v1/variants', { variants: [{ sku: 'V-1', origin: 'GB', hsCodes: { '*': '940550' } }] });
    expect(await stand.api.get('/v1/variants?sku=V-1')).toMatchObject({
      items: [
        {
          weightGrams: { value: 700, source: 'person' },
          origin: { value: 'GB', source: 'person' },
          hsCodes: { '*': { value: '940550' } },
        },
      ],
    });
    expect(await stand.api.get('/v1/variants?sku=V-2')).toEqual({ items: [], next: null });
  });

  it('that are assumed are listed, and confirmed by SKU or all at once', async () => {
    const { store, clock } = stand.platform;
    const atMs = clock.now();
    const assumed = <T>(value: T) => ({ value, source: 'assumed' as const, from: '', atMs });
    for (const sku of ['OLD-1', 'OLD-2', 'OLD-3'])
      await store.variants.insert({
        ...newVariant('main', sku, systemActor('test'), atMs),
        weightGrams: assumed(250),
        origin: assumed('CN'),
        assumed: true,
      });
    const skusOf = async (): Promise<string[]> => {
      const skus: string[] = [];
      for await (const { sku } of stand.api.all<{ sku: string }>('/v1/variants?assumed=true')) skus.push(sku);
      return skus.sort();
    };
    expect(await skusOf()).toEqual(['OLD-1', 'OLD-2', 'OLD-3']);
    const confirm = (body: object) => stand.api.post('/v1/variants/confirm', body);
    expect(await refusal(confirm({ skus: ['OLD-1', 'NOBODY'] }))).toMatchObject({ status: 404 });
    expect(await confirm({ skus: ['OLD-1'] })).toEqual({ confirmed: 1 });
    expect(await skusOf()).toEqual(['OLD-2', 'OLD-3']);
    expect(await confirm({ all: true })).toEqual({ confirmed: 2 });
    expect(await skusOf()).toEqual([]);
    expect(await stand.api.get('/v1/variants?sku=OLD-2')).toMatchObject({
      items: [{ weightGrams: { value: 250, source: 'person' }, origin: { value: 'CN', source: 'person' } }],
    });
  });

  it('take over what a listing and a catalogue say, with who said it; a person’s word stays', async () => {
    const { api, world, business } = stand;
    const skus = ['READ-1', 'READ-2'];
    await api.put('/v1/offers', {
      offers: [
        { ...offer('warehouse'), sku: 'READ-1' },
        {
          ...offer(`supplier:${business.connections.cj}`),
          mode: 'oem_dropship',
          partner: business.connections.cj,
          sku: 'READ-2',
          externalSku: 'READ-2~cj',
        },
      ],
    });
    await api.put('/v1/variants', { variants: [{ sku: 'READ-1', origin: 'GB' }] });
    world.storefronts[0]?.world.addListing({
      sku: 'READ-1',
      title: 'Read',
      price: '2.00',
      quantity: 1,
      facts: { weightGrams: 340, origin: 'CN', hsCode: '9405.50', gtin: 'no number' },
    });
    world.cj.addItem({ externalSku: 'READ-2~cj', title: 'Catalogued', unitCost: '1.00', quantity: 5 });
    await api.post(`/v1/connections/${business.connections.shopify}/sync`, { what: 'listings' });
    await api.post(`/v1/connections/${business.connections.cj}/sync`, { what: 'stock' });
    const [listed, catalogued] = await until('both to be read', async () => {
      const read = await Promise.all(
        skus.map((sku) => stand.platform.store.variants.find('main', variantId('main', sku))),
      );
      return read.every((variant) => variant?.weightGrams) && read;
    });
    expect(listed).toMatchObject({
      weightGrams: { value: 340, source: 'listing', from: business.connections.shopify },
      origin: { value: 'GB', source: 'person' },
      hsCodes: { '*': { value: '940550', source: 'listing' } },
      gtin: null,
    });
    expect(catalogued).toMatchObject({
      title: 'Catalogued',
      weightGrams: { value: 250, source: 'catalogue', from: business.connections.cj },
      dimensions: { value: { lengthMm: 200, widthMm: 150, heightMm: 80 } },
    });
  });
});
