import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { purchaseUnder } from '../support/books.ts';
import { closed, ITEMS, itemOf, orderWhen, place, type Whole } from '../support/shop.ts';
import { openStand, type Stand } from '../support/stand.ts';

const YEAR_MS = 365 * 86_400_000;

describe('a purchase that its supplier has taken down and that nobody has paid yet', () => {
  let stand: Stand;
  beforeAll(async () => {
    stand = await openStand({
      items: ITEMS,
      rate: 600,
      shipAfterMs: YEAR_MS,
      settings: { cj: { payType: 3 } },
      pollEveryMinutes: 10,
    });
  });
  afterAll(() => stand.close());

  const atCj = ({ legs }: Whole) => purchaseUnder(stand.world, legs[0]?.id ?? '');
  const goods = [{ item: itemOf('oem_dropship'), quantity: 2 }];
  const sent = (number: string) =>
    orderWhen(stand, number, 'sent', ({ legs }) => legs[0]?.kind === 'purchase' && legs[0].externalId !== '');

  it('is submitted and not accepted; once paid and sent it is told and closed', async () => {
    place(stand, 'unpaid', goods);
    const whole = await sent('unpaid');
    expect(whole.legs[0]?.state).toBe('submitted');
    expect(atCj(whole)?.unpaid).toBe('CREATED');
    const reference = whole.legs[0]?.id ?? '';
    stand.world.cj.pay?.({ reference });
    stand.world.cj.ship?.({ reference });
    const over = await orderWhen(stand, 'unpaid', 'closed', closed);
    expect(over.legs[0]?.lines[0]).toMatchObject({ shipped: 2, cancelled: 0 });
  });

  it('is taken back when the shop cancels the order', async () => {
    place(stand, 'given-up', goods);
    await sent('given-up');
    stand.world.storefronts[0]?.world.cancel({ orderReference: 'given-up' });
    const whole = await orderWhen(stand, 'given-up', 'cancelled', ({ order }) => order.state === 'cancelled');
    expect(atCj(whole)).toBeNull();
    expect(whole.exceptions).toEqual([]);
  });

  it('is decided when CJ sends it although it was to be cancelled: nothing is told to the shop, and the order ends', async () => {
    // WooCommerce takes no units off an order that is cancelled: the request names them, and is decided by what became of them.
    place(stand, 'sent-anyway', goods, 1);
    const reference = (await sent('sent-anyway')).legs[0]?.id ?? '';
    stand.world.cj.pay?.({ reference });
    stand.world.storefronts[1]?.world.cancel({ orderReference: 'sent-anyway' });
    await orderWhen(stand, 'sent-anyway', 'declined', ({ exceptions }) =>
      exceptions.some(({ cause, state }) => cause === 'cancel_declined' && state === 'open'),
    );
    stand.world.cj.ship?.({ reference });
    const over = await orderWhen(stand, 'sent-anyway', 'closed', closed);
    expect(over.order.cancels).toMatchObject([{ state: 'declined' }]);
    expect(over.legs[0]?.lines[0]).toMatchObject({ shipped: 2, returned: 2, asked: 0 });
  });
});
