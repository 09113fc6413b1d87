import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closed, ITEMS, itemOf, orderWhen, place } from '../support/shop.ts';
import { openStand, type Stand, until } from '../support/stand.ts';

describe('a supplier whose connection is removed', () => {
  let stand: Stand;
  beforeAll(async () => {
    stand = await openStand({ items: ITEMS });
  });
  afterAll(() => stand.close());

  it('gets nothing that it was not sent: the order waits for another offer, and is bought there once', async () => {
    const { cj, feed } = stand.business.connections;
    const item = itemOf('oem_dropship');
    const offer = (await stand.api.get(`/v1/offers?sku=${item.sku}`)) as { items: { partner: string }[] };
    expect(offer.items[0]?.partner).toBe(cj);
    await stand.api.post(`/v1/connections/${cj}/pause`, {});
    place(stand, 'LEFT', [{ item, quantity: 1 }]);
    await orderWhen(stand, 'LEFT', 'planned', ({ legs }) => legs[0]?.state === 'planned');

    await stand.api.delete(`/v1/connections/${cj}`);
    const waiting = await orderWhen(stand, 'LEFT', 'unmapped', ({ exceptions }) =>
      exceptions.some(({ cause, state }) => cause === 'awaiting_mapping' && state === 'open'),
    );
    expect(waiting.exceptions.filter(({ state }) => state === 'open')).toHaveLength(1);
    expect(waiting.exceptions[0]?.detail).toContain(item.sku);
    expect(stand.world.sandboxes.cj.effects('purchases')).toEqual([]);

    stand.world.feed.addItem({ externalSku: 'FEED-1', title: item.title, unitCost: '1.00', quantity: 10 });
    const anew = {
      ...offer.items[0],
      id: undefined,
      partner: feed,
      location: `supplier:${feed}`,
      externalSku: 'FEED-1',
    };
    expect(await stand.api.put('/v1/offers', { offers: [anew] })).toMatchObject({ processed: 1 });
    const whole = await orderWhen(stand, 'LEFT', 'closed', closed);
    expect(whole.legs.filter(({ state }) => state !== 'cancelled')).toMatchObject([{ partner: feed }]);
    expect(whole.exceptions.filter(({ state }) => state === 'open')).toEqual([]);
    expect(stand.world.sandboxes.cj.effects('purchases')).toEqual([]);
    await until('the feed to have it', () => stand.world.sandboxes.feed.effects('purchases').length === 1);
  });
});
