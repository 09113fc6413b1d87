import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { closed, ITEMS, itemOf, orderWhen, place } from '../support/shop.ts';
import { openStand, type Stand, until } from '../support/stand.ts';

const Exceptions = z.object({
  items: z.array(z.object({ id: z.string(), cause: z.string(), subject: z.object({ id: z.string() }) })),
});
const openOf = async (stand: Stand, cause: string): Promise<string[]> =>
  Exceptions.parse(await stand.api.get(`/v1/exceptions?state=open&cause=${cause}`)).items.map(
    ({ subject }) => subject.id,
  );

/** The sandbox's own books: what was asked of EasyPost, CJ and the wholesaler. */
interface Sold {
  bought: object | null;
  wanted: {
    reference: string;
    from_address: { street1: string; city: string; zip: string; country: string; company: string };
    to_address: { country: string };
    customs_info?: {
      customs_items: { origin_country: string; hs_tariff_number: string; quantity: number; weight: number }[];
    };
  };
}
const labelsOf = (stand: Stand): Sold[] =>
  stand.world.db
    .table<Sold>('easypost_shipments')
    .all()
    .filter(({ bought }) => bought !== null);
const filesOf = (stand: Stand): string[] =>
  stand.world.db
    .table<{ text: string }>('feed_orders')
    .all()
    .map(({ text }) => text);

const ADDRESS = { line1: '7 Harbour Way', city: 'Hull', postalCode: 'HU1 2AB', country: 'GB', phone: '+441482000000' };

describe('a location without an address', () => {
  let stand: Stand;
  beforeAll(async () => {
    stand = await openStand({ items: ITEMS, act: false });
    await stand.api.patch('/v1/locations/warehouse', { address: null });
    stand.act();
  });
  afterAll(() => stand.close());

  it('sells no label and buys no goods, says so once, and goes on by itself when it has one', async () => {
    const { sku } = itemOf('wholesale');
    place(stand, 'NO-ADDRESS', [{ item: itemOf('wholesale'), quantity: 1 }]);
    const waiting = await orderWhen(
      stand,
      'NO-ADDRESS',
      'held for the address',
      ({ order, shipments }) =>
        order.holds.some(({ code }) => code === 'address') && shipments.some(({ waitsFor }) => waitsFor === 'hold'),
    );
    expect(waiting.order.holds).toMatchObject([
      {
        code: 'address',
        subject: { kind: 'leg', id: waiting.legs[0]?.id },
        note: 'Location warehouse has no address.',
      },
    ]);
    expect(waiting.shipments).toMatchObject([{ state: 'planned', waitsFor: 'hold', label: null, carrierId: null }]);
    await stand.api.post('/v1/stock/movements', {
      location: 'warehouse',
      movements: [{ sku, kind: 'adjust', quantity: -900, reference: 'count' }],
    });
    const Legs = z.object({ items: z.array(z.object({ id: z.string(), waitsFor: z.string().nullable() })) });
    const [purchase] = await until('the purchase to wait', async () => {
      const { items } = Legs.parse(await stand.api.get('/v1/legs?kind=purchase&state=planned&location=warehouse'));
      return items.some(({ waitsFor }) => waitsFor === 'hold') ? items : null;
    });
    expect(labelsOf(stand)).toEqual([]);
    expect(filesOf(stand)).toEqual([]);
    expect(await openOf(stand, 'location_incomplete')).toEqual(['warehouse']);

    await stand.api.patch('/v1/locations/warehouse', { address: ADDRESS });
    const { order, shipments } = await orderWhen(stand, 'NO-ADDRESS', 'closed', closed);
    expect(order.holds).toEqual([]);
    expect(shipments).toMatchObject([{ carrierId: stand.business.connections.easypost }]);
    expect(labelsOf(stand)).toMatchObject([
      {
        wanted: {
          from_address: { street1: '7 Harbour Way', city: 'Hull', zip: 'HU1 2AB', company: 'Crossdock warehouse' },
        },
      },
    ]);
    await until('the purchase to be sent', () => filesOf(stand).length > 0);
    expect(filesOf(stand).join()).toContain('7 Harbour Way');
    expect(filesOf(stand).join()).not.toContain('Felixstowe');
    expect(purchase).toBeDefined();
    expect(await openOf(stand, 'location_incomplete')).toEqual([]);
  });

  it('does not concern what is drop-shipped: the supplier gets the buyer’s address, letter by letter', async () => {
    place(stand, 'DROP', [{ item: itemOf('oem_dropship'), quantity: 1 }]);
    const { legs } = await orderWhen(stand, 'DROP', 'closed', closed);
    const sent = stand.world.db
      .table<{ orderNumber: string; to: object }>('cj_orders')
      .all()
      .filter(({ orderNumber }) => orderNumber === legs[0]?.id);
    expect(sent).toMatchObject([
      {
        to: {
          shippingCustomerName: 'Ada Example',
          shippingAddress: '1 Market Street',
          shippingCity: 'Leeds',
          shippingZip: 'LS1 1AA',
          shippingCountryCode: 'GB',
          shippingPhone: '+441130000000',
        },
      },
    ]);
  });
});

describe('a parcel across a customs border', () => {
  let stand: Stand;
  const abroad = { city: 'Dublin', postalCode: 'D02 XY00', country: 'IE' };
  beforeAll(async () => {
    stand = await openStand({ items: ITEMS });
  });
  afterAll(() => stand.close());

  it('waits for what its customs form lacks, names SKU and field, and goes on when a person says it', async () => {
    const { sku } = itemOf('wholesale');
    await stand.api.put('/v1/variants', { variants: [{ sku, hsCodes: null }] });
    place(stand, 'NO-HS', [{ item: itemOf('wholesale'), quantity: 2 }], 0, abroad);
    const waiting = await orderWhen(stand, 'NO-HS', 'held for the HS code', ({ order }) =>
      order.holds.some(({ code }) => code === 'product'),
    );
    expect(waiting.order.holds).toMatchObject([{ code: 'product', sku, field: 'hsCode', subject: { kind: 'leg' } }]);
    expect(waiting.order.holds[0]?.note).toContain(`${sku} has no HS code`);
    expect(labelsOf(stand)).toEqual([]);

    await stand.api.put('/v1/variants', { variants: [{ sku, hsCodes: { EU: '9505.90', '*': '111111' } }] });
    const { order } = await orderWhen(stand, 'NO-HS', 'closed', closed);
    expect(order.holds).toEqual([]);
    expect(labelsOf(stand)).toMatchObject([
      {
        wanted: {
          to_address: { country: 'IE' },
          customs_info: { customs_items: [{ origin_country: 'CN', hs_tariff_number: '950590', quantity: 2 }] },
        },
      },
    ]);
  });

  it('asks nothing of the goods inside one customs area', async () => {
    const item = itemOf('wholesale', 1);
    await stand.api.put('/v1/variants', {
      variants: [{ sku: item.sku, hsCodes: null, weightGrams: null, origin: null }],
    });
    place(stand, 'AT-HOME', [{ item, quantity: 1 }]);
    await orderWhen(stand, 'AT-HOME', 'closed', closed);
    const sold = labelsOf(stand).filter(({ wanted }) => wanted.to_address.country === 'GB');
    expect(sold).toHaveLength(1);
    expect(sold[0]?.wanted.customs_info ?? null).toBeNull();
  });
});

describe('a parcel whose customs form lacks a fact that its listing says', () => {
  let stand: Stand;
  beforeAll(async () => {
    // A package that waits is looked at again by itself after a quarter of an hour: longer than this test waits.
    stand = await openStand({ items: ITEMS, rate: 5 });
  });
  afterAll(() => stand?.close());

  it('goes on at once when the listing is read', async () => {
    const item = itemOf('wholesale');
    await stand.api.put('/v1/variants', { variants: [{ sku: item.sku, hsCodes: null }] });
    place(stand, 'HS-LISTED', [{ item, quantity: 1 }], 0, {
      city: 'Dublin',
      postalCode: 'D02 XY00',
      country: 'IE',
    });
    await orderWhen(
      stand,
      'HS-LISTED',
      'held for the HS code',
      ({ order, shipments }) =>
        order.holds.some(({ code }) => code === 'product') && shipments.some(({ waitsFor }) => waitsFor === 'hold'),
    );
    stand.world.storefronts[0]?.world.addListing({ ...item, quantity: 5, facts: { hsCode: '950590' } });
    await stand.api.post(`/v1/connections/${stand.business.connections.shopify}/sync`, { what: 'listings' });
    await orderWhen(stand, 'HS-LISTED', 'labelled', ({ shipments }) => shipments.some(({ label }) => label !== null));
  });
});

describe('two carriers', () => {
  let stand: Stand;
  let second: string;
  const Made = z.object({ id: z.string() });
  beforeAll(async () => {
    stand = await openStand({ items: ITEMS });
    const { others, settings } = stand.world.sandboxes.easypost;
    const credentials = others?.['production'] ?? expect.fail('no second account');
    const body = { connectorId: 'easypost', name: 'Second carrier', credentials, settings };
    second = Made.parse(await stand.api.post('/v1/connections', body)).id;
  });
  afterAll(() => stand.close());

  const carrierOf = async (number: string): Promise<string | undefined> =>
    (await orderWhen(stand, number, 'closed', closed)).shipments[0]?.label?.connectionId;

  it('one that is not live or paused takes no other’s work, and each label is bought from the one that is named', async () => {
    const { easypost: first } = stand.business.connections;
    place(stand, 'TWO-1', [{ item: itemOf('wholesale'), quantity: 1 }]);
    expect(await carrierOf('TWO-1')).toBe(first);

    await stand.api.post(`/v1/connections/${second}/live`, {});
    await stand.api.post(`/v1/connections/${first}/pause`, {});
    place(stand, 'TWO-2', [{ item: itemOf('wholesale'), quantity: 1 }]);
    const waiting = await orderWhen(stand, 'TWO-2', 'waiting for its carrier', ({ shipments }) =>
      shipments.some(({ waitsFor }) => waitsFor === 'carrier'),
    );
    expect(waiting.shipments).toMatchObject([{ label: null, carrierId: null }]);
    await stand.api.post(`/v1/connections/${first}/resume`, {});
    expect(await carrierOf('TWO-2')).toBe(first);
  });

  it('the next of the list takes over where the location says so', async () => {
    const { easypost: first } = stand.business.connections;
    await stand.api.patch('/v1/locations/brand', { carriers: [first, second], fallback: true });
    await stand.api.post(`/v1/connections/${first}/pause`, {});
    place(stand, 'FALLBACK', [{ item: itemOf('self_produced'), quantity: 1 }]);
    expect(await carrierOf('FALLBACK')).toBe(second);
    await stand.api.post(`/v1/connections/${first}/resume`, {});
  });

  it('nobody guesses where no carrier is named: the exception names both, and the choice lets it go on', async () => {
    await stand.api.patch('/v1/locations/principal', { carriers: [] });
    place(stand, 'WHO', [{ item: itemOf('agent_operated'), quantity: 1 }]);
    await until('the exception', async () => (await openOf(stand, 'carrier_ambiguous')).includes('principal'));
    const before = await orderWhen(stand, 'WHO', 'waiting', ({ shipments }) =>
      shipments.some(({ waitsFor }) => waitsFor === 'carrier'),
    );
    expect(before.shipments).toMatchObject([{ label: null }]);
    await stand.api.patch('/v1/locations/principal', { carriers: [second] });
    expect(await carrierOf('WHO')).toBe(second);
    expect(await openOf(stand, 'carrier_ambiguous')).toEqual([]);
  });

  it('a repeat asks the one that was asked before, whatever the location says by then', async () => {
    const { easypost: first } = stand.business.connections;
    const fault = stand.world.sandboxes.easypost.faults.next('500', { method: 'POST', path: /buy$/, times: 2 });
    place(stand, 'AGAIN', [{ item: itemOf('wholesale'), quantity: 1 }]);
    await orderWhen(stand, 'AGAIN', 'given to its carrier', ({ shipments }) =>
      shipments.some(({ carrierId }) => carrierId === first),
    );
    await stand.api.patch('/v1/locations/warehouse', { carriers: [second] });
    const { shipments } = await orderWhen(stand, 'AGAIN', 'closed', closed);
    expect(fault.met()).toBe(2);
    expect(shipments).toMatchObject([{ carrierId: first, label: { connectionId: first } }]);
    const reference = Object(shipments[0]).id;
    expect(labelsOf(stand).filter(({ wanted }) => wanted.reference === reference)).toHaveLength(1);
    await stand.api.patch('/v1/locations/warehouse', { carriers: [first] });
  });
});

describe('a label that the carrier does not take back', () => {
  let stand: Stand;
  beforeAll(async () => {
    stand = await openStand({ items: ITEMS });
  });
  afterAll(() => stand.close());

  it('is one exception; its retry asks the carrier again, and it closes when the storefront is told of the package', async () => {
    const { easypost, shopify } = stand.world.sandboxes;
    shopify.faults.next('500', { method: 'POST', body: /fulfillmentCreate/, times: 1_000_000 });
    place(stand, 'SCANNED', [{ item: itemOf('wholesale'), quantity: 1 }]);
    const { shipments } = await orderWhen(stand, 'SCANNED', 'labelled', (whole) =>
      whole.shipments.some(({ state }) => state === 'labelled'),
    );
    const { id } = z.object({ id: z.string() }).parse(shipments[0]);
    // Once the carrier has scanned the parcel it gives nothing back for its label.
    const { now } = stand.world.clock.clock;
    const aDayOn = now() + 86_400_000;
    await until('the parcel to be scanned', () => now() > aDayOn);
    await stand.api.post(`/v1/shipments/${id}/void`, {});
    await until('the exception', async () => (await openOf(stand, 'label_not_voided')).includes(id));

    const exceptionId = Exceptions.parse(
      await stand.api.get('/v1/exceptions?state=open&cause=label_not_voided'),
    ).items.find(({ subject }) => subject.id === id)?.id;
    const asked = easypost.faults.next('500', { method: 'POST', path: /refund$/ });
    await stand.api.post(`/v1/exceptions/${exceptionId}/retry`, {});
    await until('the carrier to be asked again', () => asked.met() === 1);
    expect(await openOf(stand, 'label_not_voided')).toEqual([id]);

    shopify.faults.clear();
    await orderWhen(stand, 'SCANNED', 'closed', closed);
    await until('the exception to close', async () => (await openOf(stand, 'label_not_voided')).length === 0);
    await expect(stand.api.post(`/v1/exceptions/${exceptionId}/retry`, {})).rejects.toMatchObject({ status: 409 });
  });
});
