import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Leg } from '#domain/leg.ts';
import { MODE_NAMES } from '#domain/offer.ts';
import type { Posting } from '#domain/posting.ts';
import type { ApprovalRecord } from '#domain/records.ts';
import type { StockLevel } from '#domain/stock.ts';
import { closed, ITEMS, itemOf, orderWhen, place } from '../support/shop.ts';
import { openStand, type Stand, until } from '../support/stand.ts';

// One stand, and in it each test has goods and orders of its own: they run in any order.
describe('an order goes all the way round', () => {
  let stand: Stand;
  beforeAll(async () => {
    stand = await openStand({ items: ITEMS });
  });
  afterAll(() => stand.close());

  const postingsOf = async (orderId: string) => {
    const all: Posting[] = [];
    for await (const posting of stand.api.all<Posting>(`/v1/postings?orderId=${orderId}`)) all.push(posting);
    return all;
  };
  const levelOf = async (sku: string, location: string) => {
    const { items } = (await stand.api.get(`/v1/stock?sku=${sku}`)) as { items: StockLevel[] };
    return items.find((level) => level.location === location);
  };

  it('wholesale: from our shelf, with our label, told to the storefront, settled; what the shelf lacks is bought and the line waits for it', async () => {
    const item = itemOf('wholesale');
    place(stand, 'W-1', [{ item, quantity: 5 }]);
    const small = await orderWhen(stand, 'W-1', 'closed', closed);
    expect(small.legs.map((leg) => [leg.kind, leg.state])).toEqual([['fulfilment', 'shipped']]);
    expect(small.shipments[0]).toMatchObject({ state: 'confirmed' });
    expect(small.shipments[0]?.label?.costMinor).toBeGreaterThan(0);
    const postings = await postingsOf(small.order.id);
    expect(postings.filter((p) => p.kind === 'sale').reduce((sum, p) => sum + p.minor, 0)).toBe(
      small.order.lines[0]?.totalMinor,
    );

    place(stand, 'W-2', [{ item, quantity: 1_500 }]);
    const big = await orderWhen(stand, 'W-2', 'closed', closed);
    expect(big.legs[0]?.lines[0]).toMatchObject({ shipped: 1_500, cancelled: 0 });
    const level = await levelOf(item.sku, 'warehouse');
    expect(level?.reserved).toBe(0);
    expect(level?.onHand).toBeGreaterThanOrEqual(0);
    // What the shelf lacked was ordered at its supplier: the order there is the leg that fills this shelf.
    const { items: purchases } = (await stand.api.get('/v1/legs?kind=purchase')) as { items: (Leg & { id: string })[] };
    const refill = purchases.find((leg) => leg.orderId === null && leg.lines.some((line) => line.sku === item.sku));
    const ordered = stand.world.sandboxes.feed.effects('purchases').map(({ reference }) => reference);
    expect(ordered).toContain(refill?.id);
  });

  it('self-produced: from the shelf while there is some, else made to order by the factory, released and shipped', async () => {
    const item = itemOf('self_produced');
    place(stand, 'S-1', [{ item, quantity: 3 }], 1);
    const fromShelf = await orderWhen(stand, 'S-1', 'closed', closed);
    expect(fromShelf.legs.map((leg) => leg.kind)).toEqual(['fulfilment']);
    place(stand, 'S-2', [{ item, quantity: 2_000 }], 1);
    const made = await orderWhen(stand, 'S-2', 'closed', closed);
    expect(made.legs.map((leg) => [leg.kind, leg.lines[0]?.received, leg.lines[0]?.shipped])).toEqual([
      ['work', 2_000, 2_000],
    ]);
  });

  it('agent-operated: above the mandate the principal is asked; it ships its own goods, and we earn the commission', async () => {
    const item = itemOf('agent_operated');
    place(stand, 'A-1', [{ item, quantity: 900 }]);
    const { order, legs } = await orderWhen(stand, 'A-1', 'closed', closed);
    expect(legs[0]?.location).toBe('principal');
    const { items } = (await stand.api.get('/v1/approvals?state=approved')) as { items: ApprovalRecord[] };
    expect(items).toContainEqual(expect.objectContaining({ orderId: order.id, kind: 'mandate', party: 'principal' }));
    const postings = await postingsOf(order.id);
    expect(postings).toContainEqual(expect.objectContaining({ kind: 'sale', from: 'buyer', to: 'principal' }));
    expect(postings.find((p) => p.kind === 'commission')?.minor).toBe(
      Math.round((order.lines[0]?.totalMinor ?? 0) * 0.15),
    );
  });

  it('drop shipping: a purchase order at the supplier, shipped to the buyer, its tracking relayed once', async () => {
    const item = itemOf('oem_dropship');
    place(stand, 'D-1', [{ item, quantity: 2 }]);
    const { legs, shipments } = await orderWhen(stand, 'D-1', 'closed', closed);
    const [leg] = legs;
    expect(leg?.kind).toBe('purchase');
    expect(stand.world.sandboxes.cj.effects('purchases').filter((p) => p.reference === leg?.id)).toHaveLength(1);
    expect(shipments).toHaveLength(1);
    expect(shipments[0]?.label).toBeNull();
    expect(shipments[0]?.tracking?.number).not.toBe('');
  });

  it('drop shipping at a cost in another currency: it waits for the rate, goes on when that is typed, and is booked in its own', async () => {
    const item = itemOf('oem_dropship', 1);
    const { items } = (await stand.api.get(`/v1/offers?sku=${item.sku}`)) as { items: object[] };
    // The ECB publishes no Taiwan dollar.
    const offer = { ...items[0], id: undefined, currency: 'TWD', unitCost: '30.00' };
    await stand.api.put('/v1/offers', { offers: [offer] });
    place(stand, 'D-TWD', [{ item, quantity: 2 }]);
    const waiting = await orderWhen(stand, 'D-TWD', 'held', ({ order }) =>
      order.holds.some(({ code }) => code === 'currency'),
    );
    const purchases = () =>
      stand.world.sandboxes.cj.effects('purchases').filter(({ reference }) => reference === waiting.legs[0]?.id);
    expect(purchases()).toEqual([]);
    // For the day of the order and later, also where the order was placed the day before the rate was typed.
    const day = new Date(waiting.order.placedAtMs - 86_400_000).toISOString().slice(0, 10);
    await stand.api.post('/v1/rates', { base: 'GBP', quote: 'TWD', rate: '40', day });
    const { order } = await orderWhen(stand, 'D-TWD', 'closed', closed);
    expect(purchases()).toHaveLength(1);
    const postings = await postingsOf(order.id);
    const cost = postings.filter(({ kind }) => kind === 'cost');
    expect(cost).toMatchObject([{ minor: 6_000, currency: 'TWD', base: { minor: 150, currency: 'GBP' } }]);
    const sales = postings.filter(({ kind }) => kind === 'sale');
    expect(sales.every(({ currency }) => currency === 'GBP')).toBe(true);
    expect(sales.reduce((sum, { minor }) => sum + minor, 0)).toBe(
      order.lines.reduce((sum, l) => sum + l.totalMinor, 0),
    );
  });

  it('one cart mixes the modes: one order, a leg for each, every line in exactly one', async () => {
    const items = MODE_NAMES.flatMap((mode) => [itemOf(mode, 2), itemOf(mode, 3)]);
    place(
      stand,
      'M-1',
      items.map((item) => ({ item, quantity: 1 })),
      1,
    );
    const { order, legs, shipments } = await orderWhen(stand, 'M-1', 'closed', closed);
    expect(legs).toHaveLength(4);
    expect(legs.flatMap((leg) => leg.lines.map((line) => line.lineId)).sort()).toEqual(
      order.lines.map((line) => line.id).sort(),
    );
    expect(shipments.every((s) => s.state === 'confirmed' && s.confirmationId !== null)).toBe(true);
  });

  it('a refund before shipping cancels units and gives them back to the shelf; one after it counts as returned', async () => {
    const item = itemOf('wholesale', 1);
    const shop = stand.world.storefronts[0]?.world ?? expect.fail('no shop');
    // More than the shelf has, so that it still waits when the refund comes.
    place(stand, 'R-1', [{ item, quantity: 1_200 }]);
    await orderWhen(stand, 'R-1', 'planned', ({ legs }) => legs.length > 0);
    shop.refund({
      orderReference: 'R-1',
      reference: 'C1#1',
      lineKey: 'R-1#0',
      quantity: 1_200,
      totalMinor: 1_200,
      atMs: stand.world.clock.clock.now(),
    });
    const cancelled = await orderWhen(
      stand,
      'R-1',
      'cancelled or closed',
      ({ order }) => order.state === 'cancelled' || order.state === 'closed',
    );
    // Refunded before it was planned it has no leg; else its leg has nothing left.
    const [line] = cancelled.legs[0]?.lines ?? [];
    if (line) expect(line.shipped + line.cancelled).toBe(1_200);
    else expect(cancelled.order.state).toBe('cancelled');

    place(stand, 'R-2', [{ item, quantity: 4 }]);
    await orderWhen(stand, 'R-2', 'closed', closed);
    shop.refund({
      orderReference: 'R-2',
      reference: 'C2#1',
      lineKey: 'R-2#0',
      quantity: 1,
      totalMinor: 333,
      atMs: stand.world.clock.clock.now(),
    });
    const after = await orderWhen(stand, 'R-2', 'refunded', ({ returns }) =>
      returns.some((r) => r.state === 'applied'),
    );
    expect(after.legs[0]?.lines[0]).toMatchObject({ shipped: 4, cancelled: 0, returned: 1 });
    expect(after.returns[0]).toMatchObject({ reference: expect.stringContaining('C2#1'), totalMinor: 333 });
  });

  it('an item nobody has mapped makes the order wait, and it goes on by itself once it is mapped', async () => {
    const item = { sku: 'NEW-1', title: 'Brand new', price: '9.00' };
    stand.world.storefronts[0]?.world.addListing({ ...item, quantity: 5 });
    place(stand, 'N-1', [{ item, quantity: 1 }]);
    await orderWhen(stand, 'N-1', 'awaiting mapping', ({ order }) => order.state === 'awaiting_mapping');
    const { items } = (await stand.api.get('/v1/exceptions?state=open')) as {
      items: { cause: string; detail: string }[];
    };
    expect(items.find((e) => e.cause === 'awaiting_mapping')?.detail).toContain('NEW-1');
    const terms = (await stand.api.get(`/v1/offers?sku=${itemOf('oem_dropship').sku}`)) as { items: object[] };
    await stand.api.put('/v1/offers', {
      offers: [{ ...terms.items[0], id: undefined, sku: 'NEW-1' }],
    });
    await orderWhen(stand, 'N-1', 'routed', ({ order }) => order.state !== 'awaiting_mapping');
    await until('the exception to close by itself', async () => {
      const open = (await stand.api.get('/v1/exceptions?state=open')) as { items: { cause: string }[] };
      return open.items.every((e) => e.cause !== 'awaiting_mapping');
    });
  });
});
