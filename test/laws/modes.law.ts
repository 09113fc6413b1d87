import fc from 'fast-check';
import { expect } from 'vitest';
import type { LegLine } from '#domain/leg.ts';
import { MODE_NAMES, type ModeName, type Offer, type Terms } from '#domain/offer.ts';
import { available, emptyLevel, type StockLevel, waitingUnits } from '#domain/stock.ts';
import { MODES, type OfferedLine, unitsToOrder } from '#modes';
import { defineLaw } from './law.ts';

const minor = fc.integer({ min: -1_000_000, max: 100_000_000 });
const units = fc.integer({ min: 0, max: 1_000 });
const cost = fc.integer({ min: 0, max: 1_000_000 }).map((cents) => `${Math.floor(cents / 1_000)}.${cents % 1_000}`);

const offer: fc.Arbitrary<Offer> = fc.record({
  sku: fc.constant('SKU'),
  mode: fc.constantFrom(...MODE_NAMES),
  title: fc.constant(''),
  partner: fc.constantFrom('p1', 'p2'),
  location: fc.constantFrom('north', 'south'),
  externalSku: fc.constant(''),
  unitCost: cost,
  currency: fc.constantFrom('GBP', 'JPY', 'KWD'),
  leadTimeDays: fc.constant(7),
  commissionBps: fc.integer({ min: 0, max: 10_000 }),
  reorderPoint: units,
  orderUpTo: units,
});

const terms: fc.Arbitrary<Terms> = fc.record({
  currency: fc.constantFrom('GBP', 'JPY', 'KWD'),
  creditLimitMinor: minor,
  mandateLimitMinor: minor,
  marginFloorBps: fc.integer({ min: -10_000, max: 10_000 }),
  safetyStock: units,
});

/** Any book, also one that a count took below what is reserved. */
const level: fc.Arbitrary<StockLevel> = fc
  .record({
    onHand: fc.integer({ min: -100, max: 1_000 }),
    reserved: units,
    onOrder: units,
    waits: fc.array(units, { maxLength: 4 }),
  })
  .map(({ onHand, reserved, onOrder, waits }) => ({
    ...emptyLevel('ws', 'north', 'SKU'),
    onHand,
    reserved,
    onOrder,
    waiting: waits.map((quantity, index) => ({ key: `w${index}`, orderId: 'o', quantity, atMs: index })),
  }));

const offeredLines: fc.Arbitrary<OfferedLine[]> = fc
  .array(fc.record({ offer, quantity: fc.integer({ min: 1, max: 50 }), totalMinor: minor }), { maxLength: 12 })
  .map((lines) => lines.map((line, index) => ({ id: `l${index}`, externalId: `x${index}`, title: '', ...line })));

const legLine: fc.Arbitrary<LegLine> = fc
  .record({
    quantity: fc.integer({ min: 1, max: 50 }),
    totalMinor: minor,
    unitCost: cost,
    parts: fc.tuple(fc.nat(50), fc.nat(50)),
  })
  .map(({ quantity, totalMinor, unitCost, parts: [a, b] }) => ({
    lineId: 'l0',
    externalId: 'x0',
    sku: 'SKU',
    title: '',
    quantity,
    totalMinor,
    externalSku: '',
    unitCost,
    reservation: 'l0',
    ready: true,
    shipped: Math.min(a, quantity),
    cancelled: Math.min(b, quantity - Math.min(a, quantity)),
    returned: 0,
    asked: 0,
    received: 0,
  }));

/** A leg all in the currency of the terms: nothing about it needs a rate. */
const legIn = ({ currency }: { currency: string }, lines: readonly LegLine[]) => ({
  lines,
  currency,
  costCurrency: currency,
});
const noRate = (amount: number, from: string, to: string): number =>
  from === to ? amount : expect.fail(`no rate from ${from} to ${to}`);

const total = (postings: readonly { minor: number }[]) => postings.reduce((sum, p) => sum + p.minor, 0);

/** The modes in which the size of an order decides whether somebody is asked. */
const LIMITED: ReadonlySet<string> = new Set(['wholesale', 'agent_operated']);

/** Cost of a line in minor units, reckoned apart from the code: half away from zero, on integers alone. */
const costOf = ({ unitCost, quantity }: LegLine, currency: string): number => {
  const [whole = '0', fraction = ''] = unitCost.split('.');
  const exponent = currency === 'JPY' ? 0 : currency === 'KWD' ? 3 : 2;
  const [numerator, denominator] = [
    BigInt(whole + fraction) * BigInt(quantity) * 10n ** BigInt(exponent),
    10n ** BigInt(fraction.length),
  ];
  return Number((2n * numerator + denominator) / (2n * denominator));
};

const slugOf = (name: ModeName): string => name.replaceAll('_', '-');

const lawsOf = (name: ModeName) => {
  const mode = MODES[name];
  return [
    defineLaw({
      name: `mode-${slugOf(name)}-plans-each-line-once`,
      title: `the mode ${name} plans each line in exactly one leg, lines of one partner and shelf together, and short lines are among them`,
      property: () =>
        fc.property(offeredLines, fc.infiniteStream(fc.boolean()), (lines, holds) => {
          const held = new Set(lines.filter(() => holds.next().value).map((line) => line.id));
          const { legs, short } = mode.plan(lines, { held: (id) => held.has(id) });
          expect(legs.flatMap((leg) => leg.lineIds).sort()).toEqual(lines.map((line) => line.id).sort());
          for (const leg of legs) {
            expect(leg).toMatchObject({ mode: name });
            const own = lines.filter((line) => leg.lineIds.includes(line.id));
            expect(own.length).toBeGreaterThan(0);
            for (const line of own)
              expect([line.offer.partner, line.offer.location]).toEqual([leg.partner, leg.location]);
          }
          // One purchase is in one currency.
          const currencyOf = (id: string | undefined) => lines.find((line) => line.id === id)?.offer.currency;
          for (const { lineIds } of legs) expect(new Set(lineIds.map(currencyOf)).size).toBe(1);
          const keys = legs.map((leg) => [leg.kind, leg.partner, leg.location, currencyOf(leg.lineIds[0])].join('|'));
          expect(new Set(keys).size).toBe(legs.length);
          expect(new Set(short).size).toBe(short.length);
          for (const id of short) expect(lines.some((line) => line.id === id) && !held.has(id)).toBe(true);
          // Where goods are counted before a leg is planned, what is not held is short; elsewhere nothing is.
          expect(short.length).toBe(mode.shelf ? lines.length - held.size : 0);
        }),
    }),
    defineLaw({
      name: `mode-${slugOf(name)}-promises-what-is-free`,
      title: `the mode ${name} promises no more than is free, and never less than nothing`,
      property: () =>
        fc.property(level, terms, (shelf, agreed) => {
          const sellable = mode.sellable(shelf, agreed);
          expect(sellable).toBeGreaterThanOrEqual(0);
          expect(sellable).toBeLessThanOrEqual(available(shelf));
          expect(sellable).toBe(Math.max(0, shelf.onHand - shelf.reserved - agreed.safetyStock));
        }),
    }),
    defineLaw({
      name: `mode-${slugOf(name)}-sale-sums-to-price`,
      title: `the mode ${name} settles a line so that its sale postings sum to what the buyer pays, to the seller of record`,
      property: () =>
        fc.property(legLine, offer, (line, sold) => {
          const postings = mode.settle(line, sold);
          const sale = postings.filter((p) => p.kind === 'sale');
          expect(total(sale)).toBe(line.totalMinor);
          for (const posting of sale) expect([posting.from, posting.to]).toEqual(['buyer', mode.sellerOfRecord]);
          for (const posting of postings) {
            expect(Number.isSafeInteger(posting.minor)).toBe(true);
            expect(posting.from).not.toBe(posting.to);
          }
          // Nobody is paid for what has not left.
          if (line.shipped === 0) expect(total(postings.filter((p) => p.kind === 'cost'))).toBe(0);
        }),
    }),
    defineLaw({
      name: `mode-${slugOf(name)}-refund-is-what-it-says`,
      title: `the mode ${name} refunds the buyer exactly what the refund says, from the seller of record`,
      property: () =>
        fc.property(minor, offer, (amount, sold) => {
          const postings = mode.refund(amount, sold);
          const toBuyer = postings.filter((p) => p.to === 'buyer');
          expect(total(toBuyer)).toBe(amount);
          for (const posting of toBuyer) expect([posting.kind, posting.from]).toEqual(['refund', mode.sellerOfRecord]);
          expect(postings.some((p) => p.from === 'buyer')).toBe(false);
        }),
    }),
    defineLaw({
      name: `mode-${slugOf(name)}-full-refund-leaves-nothing`,
      title: `the mode ${name} leaves nobody with anything when a whole line is refunded that nobody had to be paid for`,
      property: () =>
        fc.property(legLine, offer, (line, sold) => {
          const net = new Map<string, number>();
          for (const { from, to, minor: amount } of [
            ...mode.settle({ ...line, shipped: 0 }, sold),
            ...mode.refund(line.totalMinor, sold),
          ]) {
            net.set(from, (net.get(from) ?? 0) - amount);
            net.set(to, (net.get(to) ?? 0) + amount);
          }
          for (const balance of net.values()) expect(balance + 0).toBe(0);
        }),
    }),
    defineLaw({
      name: `mode-${slugOf(name)}-refill-covers-what-waits`,
      title: `the mode ${name} refills by a positive quantity or not at all, so that what is waited for is always covered`,
      property: () =>
        fc.property(level, offer, (shelf, sold) => {
          const rule = mode.refill(sold);
          if (!rule) return;
          const quantity = unitsToOrder(shelf, rule);
          expect(quantity).toBeGreaterThanOrEqual(0);
          const after = shelf.onHand - shelf.reserved + shelf.onOrder + quantity;
          expect(after).toBeGreaterThanOrEqual(waitingUnits(shelf));
          if (quantity > 0) expect(after - waitingUnits(shelf)).toBe(sold.orderUpTo);
          // Once it is on its way nothing more is ordered.
          expect(unitsToOrder({ ...shelf, onOrder: shelf.onOrder + quantity }, rule)).toBe(0);
        }),
    }),
    defineLaw({
      name: `mode-${slugOf(name)}-refill-fills-a-bare-shelf`,
      title: `the mode ${name} fills a shelf that lacks units, whatever its rule says, or never fills it`,
      property: () =>
        fc.property(level, offer, (shelf, sold) => {
          const rule = mode.refill(sold);
          if (!rule) return;
          const bare = { ...shelf, onHand: -1, reserved: 0, onOrder: 0, waiting: [] };
          expect(unitsToOrder(bare, rule)).toBeGreaterThan(0);
          expect(rule.upTo).toBeGreaterThanOrEqual(rule.below);
          expect(rule.below).toBeGreaterThanOrEqual(0);
        }),
    }),
    defineLaw({
      name: `mode-${slugOf(name)}-asks-above-the-limit`,
      title: `the mode ${name} asks somebody exactly above the limit that it has, at it and below it nobody`,
      property: () =>
        fc.property(fc.array(legLine, { minLength: 1, maxLength: 5 }), terms, (lines, agreed) => {
          const amount = lines.reduce((sum, line) => sum + line.totalMinor, 0);
          const asked = (given: Partial<Terms>) =>
            mode.approvals(legIn(agreed, lines), { ...agreed, ...given }, noRate);
          for (const approval of asked({})) expect(approval.reason).not.toBe('');
          for (const limit of [amount - 1, amount, amount + 1]) {
            const at = { creditLimitMinor: limit, mandateLimitMinor: limit };
            const over = asked(at).filter((a) => a.kind !== 'margin_floor');
            const wanted = limit < amount && LIMITED.has(name);
            expect(over.map(({ amount: a, limit: l }) => [a, l])).toEqual(wanted ? [[amount, limit]] : []);
          }
        }),
    }),
  ];
};

/** What every mode of business answers, and what only some do. */
export const modeLaws = [
  ...MODE_NAMES.flatMap(lawsOf),
  defineLaw({
    name: 'modes-margin-floor',
    title: 'a drop-shipped leg passes at its margin floor and is held just below',
    property: () =>
      fc.property(
        fc.array(legLine, { minLength: 1, maxLength: 4 }),
        terms,
        fc.integer({ min: -10_000, max: 10_000 }),
        (lines, agreed, floor) => {
          const priced = lines.map((line) => ({ ...line, totalMinor: Math.abs(line.totalMinor) + 1 }));
          const price = BigInt(priced.reduce((sum, line) => sum + line.totalMinor, 0));
          const leg = legIn(agreed, priced);
          const askedAt = (marginFloorBps: number) =>
            MODES.oem_dropship.approvals(leg, { ...agreed, marginFloorBps }, noRate);
          const [first] = askedAt(10_001);
          const asked = askedAt(floor);
          const marginBps = BigInt(first?.amount ?? 0);
          // `amount` is the margin in whole basis points, rounded down; a margin of exactly the floor is enough.
          expect(asked.length).toBe(marginBps < BigInt(floor) ? 1 : 0);
          const exact =
            (price - BigInt(priced.reduce((sum, line) => sum + costOf(line, agreed.currency), 0))) * 10_000n;
          expect(marginBps * price <= exact && exact < (marginBps + 1n) * price).toBe(true);
        },
      ),
  }),
  defineLaw({
    name: 'modes-commission-given-back',
    title: 'the commission that was earned on what is refunded is given back to the principal',
    property: () => {
      const [sold, refunded] = [{ commissionBps: 1_500 }, 2_000];
      return fc.property(offer, (any) => {
        expect(MODES.agent_operated.refund(refunded, { ...any, ...sold })).toEqual([
          { kind: 'refund', from: 'principal', to: 'buyer', minor: 2_000 },
          { kind: 'commission', from: 'us', to: 'principal', minor: 300 },
        ]);
      });
    },
  }),
];
