import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Order } from '#domain/order.ts';
import type { PlacedOrder, StorefrontWorld } from '#kit/sandbox';
import { order as orderCommand } from '../../src/cli/order.ts';
import { ITEMS, itemOf, orderWhen, type Whole } from '../support/shop.ts';
import { openStand, type Stand, until } from '../support/stand.ts';

const STOREFRONTS = [
  ['shopify', 0],
  ['woocommerce', 1],
] as const;

/** As a person types it in. */
const HOME = {
  name: 'Ana Example',
  company: '',
  line1: 'Street 1',
  line2: '',
  city: 'Town',
  region: '',
  postalCode: '10115',
  country: 'DE',
  phone: '+491',
  email: '',
};

interface Preview {
  changes: { field: string; from: unknown; to: unknown }[];
  next: string;
}

describe('an order is read again from the body that is kept of it', () => {
  let stand: Stand;
  beforeAll(async () => {
    stand = await openStand({
      items: ITEMS,
      rate: 600,
      act: false,
      shipAfterMs: 30 * 86_400_000,
      pollEveryMinutes: 10,
    });
  });
  afterAll(() => stand?.close());

  const item = itemOf('oem_dropship');
  const shop = (index: number): StorefrontWorld =>
    stand.world.storefronts[index]?.world ?? expect.fail(`no storefront ${index}`);
  const place = (reference: string, storefront: number): void => {
    const placed: PlacedOrder = {
      reference,
      placedAtMs: Math.floor(stand.world.clock.clock.now()),
      currency: 'GBP',
      buyer: { id: null, name: 'Ana Example', email: 'ana@buyers.example' },
      shipTo: { ...HOME, made: false },
      lines: [
        {
          key: `${reference}#0`,
          sku: item.sku,
          title: item.title,
          quantity: 2,
          unitPrice: item.price,
          totalMinor: Math.round(Number(item.price) * 200),
        },
      ],
      charges: [],
      note: '',
      payment: { state: 'pending' },
    };
    shop(storefront).placeOrder(placed);
  };
  const holdsOf = ({ order }: Whole) => order.holds.map(({ code }) => code).toSorted();
  const purchasesOf = ({ legs }: Whole) =>
    stand.world.sandboxes.cj.effects('purchases').filter(({ reference }) => legs.some((leg) => leg.id === reference));
  const replays = (order: Pick<Order, 'versions'>) => order.versions.filter(({ source }) => source === 'replay');
  const cli = async (...words: string[]): Promise<string[]> => {
    const lines: string[] = [];
    const [apply, args] = [words.includes('--apply'), words.filter((word) => word !== '--apply')];
    const outcome = await orderCommand.run({
      api: stand.api,
      args,
      values: apply ? { apply: 'true' } : {},
      say: (value) => lines.push(JSON.stringify(value)),
      print: (line) => lines.push(line),
      progress: () => {},
    });
    expect(outcome).toBe('done');
    return lines;
  };
  /** Past the overlap of the polls: from here on nothing reads the order again by itself. */
  const pollsArePast = (order: Order) =>
    until('the polls are past the order’s last change', async () => {
      const connection = await stand.platform.store.connections.find('main', order.connectionId);
      const read = await stand.platform.store.orders.find('main', order._id);
      return (
        connection?.cursor.next === null &&
        Date.parse(connection.cursor.since) > Date.parse(read?.seenUpdatedAt ?? '') + 3_600_000
      );
    });

  it.each(STOREFRONTS)(
    '%s: what an older connector has read wrongly is shown by field, stored once as a version, and acted on',
    async (name, storefront) => {
      const { api } = stand;
      const { store } = stand.platform;
      const reference = `replay-${name}`;
      place(reference, storefront);
      const unpaid = await orderWhen(stand, reference, 'held', (whole) => holdsOf(whole).join() === 'payment');
      const { id } = unpaid.order;
      await api.post(`/v1/orders/${id}/hold`, { note: 'wait for the test' });
      await api.post(`/v1/orders/${id}/address`, { address: { ...HOME, line1: 'Typed Road 2' } });
      shop(storefront).pay({ orderReference: reference });
      await orderWhen(stand, reference, 'paid and held', ({ order }) => order.payment.state === 'paid');
      // The body is kept after the order was.
      await until('the body that it was last read from is kept', async () => {
        const [order, body] = [await store.orders.find('main', id), await store.orderBodies.find('main', id)];
        return body !== null && body.hash === order?.bodyHash;
      });
      const paid = (await store.orders.find('main', id)) ?? expect.fail('no order');
      expect(paid.plan).toBeNull();
      await pollsArePast(paid);

      // As it is stored, the order is what today's connector reads.
      expect(await cli('replay', id)).toEqual([expect.stringContaining('Nothing differs')]);

      // As a connector would have stored it that did not know this payment.
      const wrong: Order['payment'] = { state: 'unknown', method: '', paidMinor: null, paidAt: null };
      const lines = paid.lines.map((line) => ({ ...line, title: 'another title' }));
      await store.orders.change(id, {}, { payment: wrong, lines });
      await api.post(`/v1/orders/${id}/release`, { code: 'manual', note: 'now the test goes on' });
      const waits = await orderWhen(stand, reference, 'held', (whole) => holdsOf(whole).join() === 'payment');
      expect(waits.legs).toEqual([]);

      const changes = [
        { field: 'payment', from: wrong, to: paid.payment },
        {
          field: `lines.${paid.lines[0]?.externalId}`,
          from: { title: 'another title' },
          to: { title: item.title },
        },
      ];
      for (let times = 0; times < 2; times += 1) {
        const preview = (await api.post(`/v1/orders/${id}/replay/preview`, {})) as Preview;
        expect(preview).toMatchObject({ orderId: id, readAtMs: expect.any(Number), taken: [], next: 'route' });
        expect(preview.changes).toEqual(changes);
      }
      expect(await cli('replay', reference)).toEqual([
        expect.stringMatching(/^payment: .*unknown.* → .*paid/u),
        expect.stringMatching(/^lines\./u),
        expect.stringContaining('--apply'),
      ]);
      expect(replays((await store.orders.find('main', id)) ?? expect.fail('no order'))).toEqual([]);

      const applied = (await api.post(`/v1/orders/${id}/replay`, {})) as Preview & { order: Order };
      expect(applied.changes).toEqual(changes);
      expect(replays(applied.order)).toHaveLength(1);
      const bought = await orderWhen(stand, reference, 'bought', (whole) => purchasesOf(whole).length === 1);
      expect(bought.order.shipTo).toMatchObject({ line1: 'Typed Road 2' });

      expect(await cli('replay', id, '--apply')).toEqual([expect.stringContaining('Nothing differs')]);
      const after = (await store.orders.find('main', id)) ?? expect.fail('no order');
      expect(replays(after)).toMatchObject([{ changes, by: { kind: 'key' } }]);
    },
  );

  it('says why an order cannot be read again, and leaves it as it is', async () => {
    const { api } = stand;
    const { store } = stand.platform;
    place('replay-not', 0);
    const { order } = await orderWhen(stand, 'replay-not', 'held', (whole) => holdsOf(whole).join() === 'payment');
    const before = (await store.orders.find('main', order.id)) ?? expect.fail('no order');
    await pollsArePast(before);
    const kept = (await store.orderBodies.find('main', order.id)) ?? expect.fail('no body');
    const refused = async (status: number, detail: string) => {
      for (const path of ['replay/preview', 'replay'])
        await expect(api.post(`/v1/orders/${order.id}/${path}`, {})).rejects.toMatchObject({
          status,
          message: expect.stringContaining(detail),
        });
      expect((await store.orders.find('main', order.id))?.versions).toEqual(before.versions);
    };

    // What it holds is no order of today's connector: the field is named and its value is not.
    const parsed: Record<string, unknown> = JSON.parse(kept.json);
    await store.orderBodies.change(order.id, {}, { json: JSON.stringify({ ...parsed, lineItems: 'Ana Example' }) });
    await refused(422, 'lineItems');

    // It is not the body that the order was last read from.
    await store.orderBodies.change(order.id, {}, { json: kept.json, hash: 'another' });
    await refused(409, 'not the one that it was last read from');

    // Retention has removed it; an order of version 0.1.0 never had one.
    await store.orderBodies.delete(order.id);
    await refused(404, '30 days');
  });
});
