import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { exceptionId } from '#domain/ids.ts';
import { paymentsAtCj, purchaseUnder } from '../support/books.ts';
import { closed, ITEMS, itemOf, orderWhen, place, type Whole } from '../support/shop.ts';
import { openStand, type Stand, until } from '../support/stand.ts';

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
  const unpaidOf = ({ exceptions }: Whole) => exceptions.find(({ cause }) => cause === 'purchase_unpaid');
  const pay = (legId: string) => stand.api.post(`/v1/legs/${legId}/pay`, {});
  const paymentsOf = (legId: string) => paymentsAtCj(stand.world, legId);
  const accepted = (number: string) =>
    orderWhen(
      stand,
      number,
      'accepted',
      (whole) => whole.legs[0]?.state === 'accepted' && unpaidOf(whole)?.state === 'resolved',
    );
  const faults = () => stand.world.sandboxes.cj.faults;
  const PAYMENT = { method: 'POST', path: /payBalance$/ };
  const sent = (number: string) =>
    orderWhen(stand, number, 'sent', ({ legs }) => legs[0]?.kind === 'purchase' && legs[0].externalId !== '');

  it('is submitted and not accepted; once paid and sent it is told and closed', async () => {
    place(stand, 'unpaid', goods);
    const whole = await sent('unpaid');
    expect(whole.legs[0]?.state).toBe('submitted');
    expect(atCj(whole)?.unpaid).toBe('CREATED');
    expect(whole.legs[0]).toMatchObject({ waitsFor: 'payment', unpaid: { pay: 'none', reason: '' } });
    expect(unpaidOf(whole)).toMatchObject({ state: 'open', detail: expect.stringMatching(/waits for \d+\.\d\d USD/) });
    const reference = whole.legs[0]?.id ?? '';
    stand.world.cj.pay?.({ reference });
    stand.world.cj.ship?.({ reference });
    const over = await orderWhen(stand, 'unpaid', 'closed', closed);
    expect(over.legs[0]?.lines[0]).toMatchObject({ shipped: 2, cancelled: 0 });
    expect(unpaidOf(over)?.state).toBe('resolved');
  });

  it('is paid by us when a person says so, once, and is accepted', async () => {
    place(stand, 'pay-it', goods);
    const legId = (await sent('pay-it')).legs[0]?.id ?? '';
    await Promise.all([pay(legId), pay(legId)]);
    const whole = await accepted('pay-it');
    expect(unpaidOf(whole)?.state).toBe('resolved');
    expect(paymentsOf(legId)).toBe(1);
    await expect(pay(legId)).rejects.toMatchObject({ status: 409 });
  });

  it.each(['reset_after_commit', '500_after_commit'] as const)(
    'is paid once when the answer to the payment is lost by %s',
    async (fault) => {
      const number = `lost-${fault}`;
      place(stand, number, goods);
      const legId = (await sent(number)).legs[0]?.id ?? '';
      const planned = faults().next(fault, PAYMENT);
      await pay(legId);
      const whole = await accepted(number);
      expect([planned.met(), paymentsOf(legId), unpaidOf(whole)?.state]).toEqual([1, 1, 'resolved']);
    },
  );

  it('is not paid again by itself when a payment was lost and the supplier does not show it', async () => {
    place(stand, 'lost-before', goods);
    const legId = (await sent('lost-before')).legs[0]?.id ?? '';
    const planned = faults().next('reset', PAYMENT);
    await pay(legId);
    const whole = await orderWhen(stand, 'lost-before', 'left to a person', ({ legs }) =>
      /not known what became/.test(legs[0]?.kind === 'purchase' ? (legs[0].unpaid?.reason ?? '') : ''),
    );
    expect([planned.met(), paymentsOf(legId)]).toEqual([1, 0]);
    expect(unpaidOf(whole)).toMatchObject({ state: 'open', detail: expect.stringContaining('not known what became') });
    await pay(legId);
    await accepted('lost-before');
    expect(paymentsOf(legId)).toBe(1);
  });

  it('rests when a person says that it is paid, and is accepted when its supplier shows it', async () => {
    place(stand, 'by-hand', goods);
    const legId = (await sent('by-hand')).legs[0]?.id ?? '';
    await stand.api.post(`/v1/legs/${legId}/paid`, { note: 'paid at the site of CJ' });
    const resting = await orderWhen(stand, 'by-hand', 'resting', (whole) => unpaidOf(whole)?.state === 'resolved');
    expect(resting.legs[0]).toMatchObject({ state: 'submitted', unpaid: { pay: 'byHand' } });
    stand.world.cj.pay?.({ reference: legId });
    await accepted('by-hand');
  });

  it('is cancelled when a person says so: the supplier holds none, and nothing waits', async () => {
    place(stand, 'cancel-it', goods);
    const legId = (await sent('cancel-it')).legs[0]?.id ?? '';
    await stand.api.post(`/v1/legs/${legId}/cancel`, {});
    const whole = await orderWhen(stand, 'cancel-it', 'cancelled', ({ legs }) => legs[0]?.state === 'cancelled');
    expect(atCj(whole)).toBeNull();
    const closedSoon = await orderWhen(stand, 'cancel-it', 'quiet', (now) => unpaidOf(now)?.state === 'resolved');
    expect(closedSoon.legs[0]).toMatchObject({ unpaid: null });
  });

  it('is taken back when the shop cancels the order', async () => {
    place(stand, 'given-up', goods);
    await sent('given-up');
    stand.world.storefronts[0]?.world.cancel({ orderReference: 'given-up' });
    const whole = await orderWhen(stand, 'given-up', 'cancelled', ({ order }) => order.state === 'cancelled');
    expect(atCj(whole)).toBeNull();
    expect(whole.exceptions).toMatchObject([{ cause: 'purchase_unpaid', state: 'resolved' }]);
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

describe('a purchase that the balance at its supplier does not cover', () => {
  let stand: Stand;
  beforeAll(async () => {
    stand = await openStand({ items: ITEMS, rate: 600, shipAfterMs: YEAR_MS, pollEveryMinutes: 1_440 });
  });
  afterAll(() => stand.close());

  it('is told of with the words of the supplier and the amount, and paid when the balance was topped up', async () => {
    stand.world.cj.setBalance?.({ amount: '0.01' });
    place(stand, 'too-dear', [{ item: itemOf('oem_dropship'), quantity: 2 }]);
    const open = await orderWhen(stand, 'too-dear', 'unpaid', ({ exceptions }) => exceptions.length > 0);
    const [told] = open.exceptions;
    expect(told).toMatchObject({ cause: 'purchase_unpaid', state: 'open' });
    expect(told?.detail).toMatch(/waits for \d+\.\d\d USD\..*Balance is insufficient/);
    const retry = () =>
      stand.api.post(`/v1/exceptions/${exceptionId('main', 'purchase_unpaid', told?.subject.id ?? '')}/retry`, {});
    await retry();
    const again = await orderWhen(stand, 'too-dear', 'refused', ({ legs }) =>
      legs[0]?.kind === 'purchase' ? legs[0].unpaid?.pay === 'none' : false,
    );
    expect(again.legs[0]).toMatchObject({ state: 'submitted', unpaid: { reason: expect.stringContaining('Balance') } });
    stand.world.cj.setBalance?.({ amount: '1000' });
    await retry();
    const paid = await orderWhen(stand, 'too-dear', 'paid', ({ exceptions }) => exceptions[0]?.state === 'resolved');
    expect(paid.legs[0]?.state).toBe('accepted');
    expect(paid.exceptions).toHaveLength(1);
  });

  it('is warned of before: the balance is shown with its connection, and closes when it was topped up', async () => {
    const cj = await connectionOf(stand, 'cj');
    const ask = async () => WithBalance.parse(await stand.api.post(`/v1/connections/${cj.id}/balance`, {})).balance;
    const low = async () =>
      Exceptions.parse(await stand.api.get('/v1/exceptions?cause=balance_low')).items.map(({ state, detail }) => ({
        state,
        detail,
      }));
    stand.world.cj.setBalance?.({ amount: '0.02' });
    expect((await ask())?.amount).toEqual({ amount: 2, currency: 'USD' });
    expect(await low()).toMatchObject([
      { state: 'open', detail: expect.stringMatching(/0\.02 USD are left, and a day/) },
    ]);
    stand.world.cj.setBalance?.({ amount: '5000' });
    // Read again by itself, within the hour.
    await until(
      'the balance to be read',
      async () => (await connectionOf(stand, 'cj')).balance?.amount.amount === 500_000,
    );
    await until('the warning to close', async () => (await low()).every(({ state }) => state === 'resolved'));
    const shop = await connectionOf(stand, 'shopify');
    expect(shop.balance).toBeNull();
    await expect(stand.api.post(`/v1/connections/${shop.id}/balance`, {})).rejects.toMatchObject({ status: 409 });
  });
});

const WithBalance = z.object({
  id: z.string(),
  connectorId: z.string(),
  balance: z.object({ amount: z.object({ amount: z.int(), currency: z.string() }) }).nullable(),
});
const Exceptions = z.object({ items: z.array(z.object({ state: z.string(), detail: z.string() })) });
const connectionOf = async (stand: Stand, connectorId: string) => {
  const { items } = z.object({ items: z.array(WithBalance) }).parse(await stand.api.get('/v1/connections'));
  return items.find((one) => one.connectorId === connectorId) ?? expect.fail(`nothing is connected to ${connectorId}`);
};
