import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '#domain/actor.ts';
import { Failure } from '#domain/failure.ts';
import { ITEMS, itemOf, orderWhen, place, type Whole } from '../support/shop.ts';
import { openStand, type Stand, until } from '../support/stand.ts';

describe('what a person or a later run settles', () => {
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

  it('a step that had failed for good is no exception any more when a worker has done it', async () => {
    place(stand, 'FAILED STEP', [{ item: itemOf('oem_dropship'), quantity: 1 }]);
    const { order } = await orderWhen(stand, 'FAILED STEP', 'planned', ({ legs }) => legs.length > 0);
    const { app } = stand.platform;
    const shop = await app.ports.store.findConnection(stand.business.connections.shopify);
    const { workspaceId } = shop ?? expect.fail('no storefront');
    const id = await app.giveUp(systemActor('test'), {
      step: {
        job: 'order.reconcile',
        payload: { workspaceId, orderId: order.id },
        subject: { kind: 'order', id: order.id },
        reports: [],
      },
      failure: new Failure('bug', 'broken'),
    });
    const state = async () => (await app.ports.store.exceptions.find(workspaceId, id ?? ''))?.state;
    expect(await state()).toBe('open');
    const path = `/v1/orders/${order.id}`;
    await until('it is done once more, and closed', async () => {
      await stand.api.post(`${path}/hold`, { note: 'A look.' });
      await stand.api.post(`${path}/release`, { code: 'manual', note: 'Seen.' });
      return (await state()) === 'resolved';
    });
  });

  it.each([
    ['Shopify', 0],
    ['WooCommerce', 1],
  ] as const)(
    'at %s: what a supplier declined of a cancellation is paid back when it is settled later, with a refund of its own, and the shop is told',
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
