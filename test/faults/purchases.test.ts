import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closed, ITEMS, itemOf, orderWhen, place } from '../support/shop.ts';
import { openStand, type Stand } from '../support/stand.ts';

describe('F5: a purchase whose outcome is lost', () => {
  let stand: Stand;
  beforeAll(async () => {
    stand = await openStand({ items: ITEMS });
  });
  afterAll(() => stand.close());
  const create = { method: 'POST', path: /createOrderV2$/ };
  const placed = (legId: string | undefined) =>
    stand.world.sandboxes.cj.effects('purchases').filter((p) => p.reference === legId);

  it.each(['reset_after_commit', '500_after_commit', 'reset', '500', '429', 'truncated'] as const)(
    'ends in one order at the supplier after %s',
    async (fault) => {
      stand.world.sandboxes.cj.faults.next(fault, create);
      place(stand, `F5-${fault}`, [{ item: itemOf('oem_dropship'), quantity: 1 }]);
      const { legs } = await orderWhen(stand, `F5-${fault}`, 'closed', closed);
      expect(placed(legs[0]?.id)).toHaveLength(1);
    },
  );

  it.each(['reset', '500', '429'] as const)(
    'that %s kept from being sent is sent again, without a doubt and without another look',
    async (fault) => {
      // The supplier is asked whether it holds the order before it is placed.
      stand.world.sandboxes.cj.faults.next(fault, { method: 'GET', path: /getOrderDetail$/ });
      place(stand, `F5-unsent-${fault}`, [{ item: itemOf('oem_dropship'), quantity: 1 }]);
      const { order, legs } = await orderWhen(stand, `F5-unsent-${fault}`, 'closed', closed);
      expect(placed(legs[0]?.id)).toHaveLength(1);
      const { items } = (await stand.api.get(`/v1/orders/${order.id}/timeline`)) as { items: { to: string | null }[] };
      const states = items.map(({ to }) => to);
      expect(states.filter((to) => to === 'submitted')).toHaveLength(2);
      expect(states).not.toContain('unknown');
    },
  );

  it('ends in one order when the worker dies between the call and the answer', async () => {
    stand.world.sandboxes.cj.faults.next('hang_after_commit', create);
    place(stand, 'F5-kill', [{ item: itemOf('oem_dropship'), quantity: 1 }]);
    await orderWhen(stand, 'F5-kill', 'sent', ({ legs }) => placed(legs[0]?.id).length === 1);
    await stand.restartWorkers();
    const { legs, shipments } = await orderWhen(stand, 'F5-kill', 'closed', closed, 120_000);
    expect(placed(legs[0]?.id)).toHaveLength(1);
    expect(shipments).toHaveLength(1);
  });

  it('ends in one label and one confirmation when their answers are lost', async () => {
    const { easypost, shopify } = stand.world.sandboxes;
    const before = { labels: easypost.effects('labels').length, told: shopify.effects('confirmations').length };
    easypost.faults.next('reset_after_commit', { method: 'POST', path: /buy$/ });
    shopify.faults.next('500_after_commit', { method: 'POST', body: /fulfillmentCreate/ });
    place(stand, 'F5-label', [{ item: itemOf('wholesale'), quantity: 1 }]);
    await orderWhen(stand, 'F5-label', 'closed', closed);
    expect(easypost.effects('labels').length - before.labels).toBe(1);
    expect(shopify.effects('confirmations').length - before.told).toBe(1);
  });
});

describe('F8: partial success is told', () => {
  let stand: Stand;
  beforeAll(async () => {
    stand = await openStand({ items: ITEMS, act: false });
  });
  afterAll(() => stand.close());

  it('of a batch with bad items the good ones are applied and each bad one is named', async () => {
    const good = Array.from({ length: 50 }, (_, n) => ({
      sku: itemOf('wholesale').sku,
      kind: 'adjust',
      quantity: 1,
      reference: `f8-${n}`,
    }));
    const result = (await stand.api.post('/v1/stock/movements', {
      location: 'warehouse',
      movements: [
        ...good,
        { sku: '', kind: 'adjust', quantity: 1, reference: 'bad-1' },
        { sku: 'X', kind: 'receipt', quantity: -5, reference: 'bad-2' },
      ],
    })) as { processed: number; failed: number; results: { ok: boolean; index: number }[] };
    expect(result).toMatchObject({ processed: 50, failed: 2 });
    expect(result.results.filter((r) => !r.ok).map((r) => r.index)).toEqual([50, 51]);
    const again = (await stand.api.post('/v1/stock/movements', { location: 'warehouse', movements: good })) as {
      processed: number;
    };
    expect(again.processed).toBe(50);
    const { items } = (await stand.api.get(`/v1/stock?sku=${itemOf('wholesale').sku}`)) as {
      items: { onHand: number }[];
    };
    expect(items[0]?.onHand).toBe(1_050);
  });

  it('a storefront that answers HTML, 429, 500 or resets loses nothing', async () => {
    const { shopify, woocommerce } = stand.world.sandboxes;
    for (const [index, { faults }] of [shopify, woocommerce].entries())
      for (const fault of ['200_html', '429', '500', 'reset'] as const) {
        faults.next(fault);
        place(stand, `F8-${index}-${fault}`, [{ item: itemOf('wholesale'), quantity: 1 }], index);
      }
    for (const index of [0, 1])
      for (const fault of ['200_html', '429', '500', 'reset'])
        await orderWhen(stand, `F8-${index}-${fault}`, 'routed', ({ order }) => order.state === 'routed');
  });
});
