import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trackingAt } from '../support/books.ts';
import { closed, ITEMS, itemOf, orderWhen, place, type Whole } from '../support/shop.ts';
import { openStand, type Stand, until } from '../support/stand.ts';

const YEAR_MS = 365 * 86_400_000;
const SHOPS = ['shopify', 'woocommerce'] as const;
const TELLS = {
  shopify: {
    first: { method: 'POST', body: /fulfillmentCreate/ },
    change: { method: 'POST', body: /TrackingInfoUpdate/ },
  },
  woocommerce: { first: { method: 'POST', path: /\/notes$/ }, change: { method: 'POST', path: /\/notes$/ } },
} as const;

describe.each(SHOPS)('the tracking of a package that changes, told to %s', (shop) => {
  let stand: Stand;
  beforeAll(async () => {
    stand = await openStand({ items: ITEMS, rate: 600, shipAfterMs: YEAR_MS, pollEveryMinutes: 10 });
  });
  afterAll(() => stand.close());

  const faults = () => stand.world.sandboxes[shop].faults;
  const at = (number: string) => trackingAt(stand.world, shop, number);
  const first = ({ shipments }: Whole) => shipments[0];
  const retrack = (reference: string, number: string) => stand.world.cj.retrack?.({ reference, number });
  const sent = async (number: string): Promise<string> => {
    place(stand, number, [{ item: itemOf('oem_dropship'), quantity: 2 }], SHOPS.indexOf(shop));
    const { legs } = await orderWhen(stand, number, 'sent', (w) => w.legs[0]?.state === 'accepted');
    return legs[0]?.id ?? '';
  };
  const numbers = (whole: Whole) => first(whole)?.trackingHistory?.map(({ tracking }) => tracking.number);
  const toldOf = (tracking: string) => (whole: Whole) => {
    const last = first(whole)?.trackingHistory?.at(-1);
    return last?.tracking.number === tracking && last.toldAtMs !== null;
  };
  const shipped = async (number: string) => {
    const reference = await sent(number);
    stand.world.cj.ship?.({ reference });
    const whole = await orderWhen(stand, number, 'closed', closed);
    return { reference, old: first(whole)?.tracking?.number ?? '' };
  };
  const inOneShipment = (whole: Whole) => {
    expect(whole.shipments).toHaveLength(1);
    expect(whole.legs[0]?.lines[0]).toMatchObject({ shipped: 2 });
    expect(whole.exceptions).toEqual([]);
  };

  it('is shown by the shop, once told for each change, and both are in the history', async () => {
    const { reference, old } = await shipped('told');
    expect(at('told')).toEqual({ shown: [old], mails: [old] });
    retrack(reference, 'NEW222');
    const whole = await orderWhen(stand, 'told', 'told again', toldOf('NEW222'));
    expect(at('told')).toEqual({ shown: ['NEW222'], mails: [old, 'NEW222'] });
    expect([numbers(whole), first(whole)?.state]).toEqual([[old, 'NEW222'], 'confirmed']);
    expect(first(whole)?.trackingHistory?.every(({ toldAtMs }) => toldAtMs !== null)).toBe(true);
    inOneShipment(whole);
    retrack(reference, 'NEW333');
    await orderWhen(stand, 'told', 'told a third time', toldOf('NEW333'));
    expect(at('told')).toEqual({ shown: ['NEW333'], mails: [old, 'NEW222', 'NEW333'] });
  });

  /** What the process was at when it died, and what the shop then has to show and the buyer to have been written. */
  const deaths: Record<string, (number: string) => Promise<{ mails: (string | undefined)[]; history: unknown[] }>> = {
    async 'after the shop took the change'(number) {
      const { reference, old } = await shipped(number);
      faults().next('hang_after_commit', TELLS[shop].change);
      retrack(reference, 'NEW222');
      await until('the shop knows it', () => at(number).mails.includes('NEW222'));
      return { mails: [old, 'NEW222'], history: [old, 'NEW222'] };
    },
    async 'after the change was heard of and before anybody was told'(number) {
      const { reference, old } = await shipped(number);
      faults().next('hang', TELLS[shop].change);
      retrack(reference, 'NEW222');
      await orderWhen(stand, number, 'heard of', (whole) => first(whole)?.tracking?.number === 'NEW222');
      return { mails: [old, 'NEW222'], history: [old, 'NEW222'] };
    },
    async 'before the first number was told, which changed'(number) {
      const reference = await sent(number);
      faults().next('hang', TELLS[shop].first);
      stand.world.cj.ship?.({ reference });
      const whole = await orderWhen(stand, number, 'packed', ({ shipments }) => shipments.length === 1);
      const old = first(whole)?.tracking?.number;
      retrack(reference, 'NEW222');
      await orderWhen(stand, number, 'heard of', (now) => first(now)?.tracking?.number === 'NEW222');
      return { mails: ['NEW222'], history: [old, 'NEW222'] };
    },
    async 'after the shop took the first number and before we wrote it down, and it changed'(number) {
      const reference = await sent(number);
      faults().next('hang_after_commit', TELLS[shop].first);
      stand.world.cj.ship?.({ reference });
      await until('the shop knows the first', () => at(number).mails.length === 1);
      const [old] = at(number).mails;
      retrack(reference, 'NEW222');
      await orderWhen(stand, number, 'heard of', (whole) => first(whole)?.tracking?.number === 'NEW222');
      return { mails: [old, 'NEW222'], history: [old, 'NEW222'] };
    },
  };

  it('is told once for each change and in one package, wherever in between the process dies', async () => {
    const expected: Record<string, Awaited<ReturnType<(typeof deaths)[string]>>> = {};
    for (const [number, prepare] of Object.entries(deaths)) expected[number] = await prepare(number);
    await stand.restartWorkers();
    for (const [number, { mails, history }] of Object.entries(expected)) {
      const whole = await orderWhen(stand, number, 'told', toldOf('NEW222'), 120_000);
      expect({ number, ...at(number), history: numbers(whole) }).toEqual({ number, shown: ['NEW222'], mails, history });
      inOneShipment(whole);
    }
  });
});
