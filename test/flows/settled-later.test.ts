import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ITEMS, itemOf, orderWhen, place, type Whole } from '../support/shop.ts';
import { openStand, type Stand } from '../support/stand.ts';

describe('a cancellation of which the supplier declines a part', () => {
  let stand: Stand;
  beforeAll(async () => {
    // Nobody packs, and suppliers ship late: what is there to cancel stays there.
    stand = await openStand({
      items: ITEMS,
      rate: 600,
      act: false,
      shipAfterMs: 300 * 86_400_000,
      pollEveryMinutes: 10,
    });
  });
  afterAll(() => stand?.close());

  const paid = ({ returns }: Whole) => returns.map(({ state, totalMinor }) => `${state} ${totalMinor}`).toSorted();

  it.each([
    ['Shopify', 0],
    ['WooCommerce', 1],
  ] as const)(
    'at %s: the rest is paid back when it is settled later, with a refund of its own, and the shop is told',
    async (name, storefront) => {
      const reference = `PARTLY ${name}`;
      place(
        stand,
        reference,
        [itemOf('wholesale'), itemOf('oem_dropship')].map((item) => ({ item, quantity: 3 })),
        storefront,
      );
      const before = await orderWhen(stand, reference, 'at its supplier', ({ legs }) =>
        legs.some(({ kind, state }) => kind === 'purchase' && state === 'accepted'),
      );
      const [shelfMinor, boughtMinor] = before.order.lines.map(({ totalMinor }) => totalMinor);
      const cancel = { id: 'c-1', refund: 'notShipped', note: 'changed his mind' };
      await stand.api.post(`/v1/orders/${before.order.id}/cancel`, cancel);
      const stateOf = ({ order }: Whole) => order.cancels.find(({ id }) => id === 'c-1')?.state;
      const partly = await orderWhen(
        stand,
        reference,
        'cancelled and paid back in part',
        (whole) =>
          stateOf(whole) === 'partly' &&
          whole.order.refundedMinor === shelfMinor &&
          whole.returns.some(({ state }) => state === 'applied'),
      );
      expect(paid(partly)).toEqual([`applied ${shelfMinor}`]);

      const legId = partly.legs.find(({ kind }) => kind === 'purchase')?.id ?? expect.fail('no purchase');
      stand.world.cj.cancel?.({ reference: legId });
      await stand.api.post(`/v1/legs/${legId}/cancel-answer`, { cancelled: true, note: 'By telephone.' });
      const over = await orderWhen(
        stand,
        reference,
        // WooCommerce calls an order that was paid back whole refunded, and cancels it no more: here the postage is kept.
        'cancelled here and at the shop',
        ({ order }) => order.state === 'cancelled' && order.cancelledAt !== null,
      );
      expect(stateOf(over)).toBe('confirmed');
      expect(paid(over).filter((one) => !one.endsWith(' 0'))).toEqual(
        [`applied ${shelfMinor}`, `applied ${boughtMinor}`].toSorted(),
      );
      expect(over.order.refundedMinor).toBe((shelfMinor ?? 0) + (boughtMinor ?? 0));
      expect(over.exceptions.filter(({ state }) => state === 'open')).toEqual([]);
    },
  );
});
