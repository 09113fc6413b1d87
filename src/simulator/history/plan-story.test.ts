import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify } from './classify.ts';
import { generateWeek } from './generate-week.ts';
import { bucketOf } from './mode-of.ts';
import { planStory, type StoryEvent } from './plan-story.ts';
import type { HistoryRow } from './read-history.ts';

const STOREFRONTS = [{ negativeFees: false }, { negativeFees: true }];
const tell = async (rows: AsyncIterable<HistoryRow> | Iterable<HistoryRow>, storefronts = STOREFRONTS) => {
  const story = planStory(rows, { storefronts });
  const events: StoryEvent[] = [];
  for await (const event of story.events) events.push(event);
  return { events, figures: story.figures() };
};

const NOON = Date.UTC(2011, 0, 3, 12);
const MINUTE = 60_000;
const rowsOf = (...changes: Partial<HistoryRow>[]): HistoryRow[] =>
  changes.map((changed, index) => ({
    row: index + 1,
    invoice: '1',
    code: 'X',
    description: 'THING',
    quantity: 5,
    atMs: NOON,
    unitPrice: '2.00',
    customer: '17850.0',
    country: 'EIRE',
    ...changed,
  }));
const kinds = (events: readonly StoryEvent[]) => events.map(({ kind }) => kind);
const ordersOf = (events: readonly StoryEvent[]) => events.filter((event) => event.kind === 'order');
const refundsOf = (events: readonly StoryEvent[]) => events.filter((event) => event.kind === 'refund');

/** Every row that an event covers, from the numbers in its keys and references. */
const rowNumbers = (event: StoryEvent): number[] => {
  const keys =
    event.kind === 'order' ? [...event.order.lines, ...event.order.charges].map(({ key }) => key) : [event.reference];
  return keys.map((key) => Number(key.split('#')[1]));
};

const weeks = fc
  .record({ seed: fc.nat(), orders: fc.nat(60), largeOrderLines: fc.integer({ min: 1, max: 40 }) })
  .map(generateWeek);

describe('a story', () => {
  it('gives no order back more than was paid for it: a dearer cancellation belongs to an earlier sale, or to nothing', async () => {
    const cancelled = { invoice: 'C9', quantity: -5, unitPrice: '3.00', atMs: NOON + 3 * MINUTE };
    const cheap = { invoice: '2', unitPrice: '1.00', atMs: NOON + MINUTE };
    const { events, figures } = await tell(rowsOf(cheap, cancelled));
    expect(kinds(events)).toEqual(['order', 'return_unmatched']);
    expect(figures.cancellation).toMatchObject({ lines: 1, unmatchedLines: 1 });
    const dear = { unitPrice: '4.00' };
    expect(refundsOf((await tell(rowsOf(dear, cheap, cancelled))).events)).toMatchObject([{ orderReference: '1' }]);
    // Shipping was paid too; an earlier refund used part of it.
    const carriage = { ...cheap, code: 'POST', quantity: 1, unitPrice: '10.00' };
    const twice = { ...cancelled, invoice: 'C10', quantity: -2 };
    const half = { ...cancelled, quantity: -3 };
    expect(kinds((await tell(rowsOf(cheap, carriage, half, twice))).events)).toEqual(['order', 'refund', 'refund']);
    expect(kinds((await tell(rowsOf(cheap, half, twice))).events)).toEqual([
      'order',
      'return_unmatched',
      'return_unmatched',
    ]);
  });

  it('has each row in exactly one event, in order of time, with the amounts of the file', async () => {
    await fc.assert(
      fc.asyncProperty(weeks, async (week) => {
        const { events } = await tell(week);
        expect(events.flatMap(rowNumbers).sort((a, b) => a - b)).toEqual(week.map(({ row }) => row));
        expect(events.map(({ atMs }) => atMs)).toEqual(events.map(({ atMs }) => atMs).sort((a, b) => a - b));
        const minor = events.reduce((total, event) => {
          if (event.kind === 'order') {
            return [...event.order.lines, ...event.order.charges].reduce((sum, part) => sum + part.totalMinor, total);
          }
          if (event.kind === 'stock') return total;
          return event.kind === 'charge' ? total + event.totalMinor : total - event.totalMinor;
        }, 0);
        expect(minor).toBe(week.reduce((total, row) => total + classify(row).minor, 0));
      }),
      { numRuns: 25 },
    );
  });

  it('never gives back more of a line than was sold, nor before it was', async () => {
    await fc.assert(
      fc.asyncProperty(weeks, async (week) => {
        const left = new Map<string, number>();
        for (const event of (await tell(week)).events) {
          if (event.kind === 'order') for (const line of event.order.lines) left.set(line.key, line.quantity);
          if (event.kind !== 'refund') continue;
          const rest = (left.get(event.lineKey) ?? 0) - event.quantity;
          expect(rest).toBeGreaterThanOrEqual(0);
          left.set(event.lineKey, rest);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('is the same however the rows arrive', async () => {
    await fc.assert(
      fc.asyncProperty(weeks, fc.integer({ min: 1, max: 50 }), async (week, size) => {
        const inChunks = async function* () {
          for (let start = 0; start < week.length; start += size) {
            await Promise.resolve();
            yield* week.slice(start, start + size);
          }
        };
        expect(await tell(inChunks())).toEqual(await tell(week));
      }),
      { numRuns: 10 },
    );
  });

  it('makes one order of an invoice that runs into another minute and is interrupted', async () => {
    const { events } = await tell(
      rowsOf({}, { invoice: '2', atMs: NOON + MINUTE, customer: '' }, { atMs: NOON + MINUTE }),
    );
    expect(ordersOf(events).map(({ order }) => order)).toMatchObject([
      {
        reference: '1',
        placedAtMs: NOON,
        buyer: { id: '17850.0' },
        shipTo: { country: 'IE' },
        lines: [{ key: '1#1' }, { key: '1#3' }],
      },
      { reference: '2', buyer: { id: null }, lines: [{ key: '2#2' }] },
    ]);
  });

  it('refuses by row what it cannot put together', async () => {
    const late = rowsOf({}, { invoice: '2', atMs: NOON + 61 * MINUTE }, { atMs: NOON + 61 * MINUTE });
    await expect(tell(late)).rejects.toThrow('row 3: invoice 1 goes on more than an hour');
    const unsorted = rowsOf({ atMs: NOON + 61 * MINUTE }, { invoice: '2' });
    await expect(tell(unsorted)).rejects.toThrow('row 2, column InvoiceDate');
    await expect(tell(rowsOf({}, { customer: '' }))).rejects.toThrow('row 2: invoice 1 has customer “”');
    await expect(tell(rowsOf({}, { country: 'USA' }))).rejects.toThrow('row 2: invoice 1 has country “USA”');
  });

  it('puts rows that are a little out of order into order', async () => {
    const { events } = await tell(
      rowsOf({ atMs: NOON + MINUTE }, { invoice: 'C2', quantity: -1 }, { invoice: '3', atMs: NOON - MINUTE }),
    );
    expect(events.map(({ kind, row }) => [kind, row])).toEqual([
      ['order', 3],
      ['order', 1],
      ['refund', 2],
    ]);
  });
});

describe('charges', () => {
  const charge = (code: string, unitPrice: string, changed: Partial<HistoryRow> = {}) => ({
    code,
    unitPrice,
    quantity: 1,
    ...changed,
  });

  it('are parts of the order on an invoice with goods', async () => {
    const { events } = await tell(
      rowsOf({}, charge('POST', '18', { quantity: 3 }), charge('M', '1.25'), charge('C2', '50')),
    );
    expect(ordersOf(events)[0]?.order.charges).toMatchObject([
      { key: '1#2', kind: 'shipping', code: 'POST', totalMinor: 5400 },
      { key: '1#3', kind: 'custom', totalMinor: 125 },
      { key: '1#4', kind: 'fee', totalMinor: 5000 },
    ]);
    expect(events).toHaveLength(1);
  });

  it('below zero are a fee where the storefront can have one, and stand apart where not', async () => {
    const rows = rowsOf({}, charge('D', '2', { quantity: -1 }));
    const can = await tell(rows, [{ negativeFees: true }]);
    expect(ordersOf(can.events)[0]?.order.charges).toMatchObject([{ kind: 'fee', totalMinor: -200 }]);
    const cannot = await tell(rows, [{ negativeFees: false }]);
    expect(kinds(cannot.events)).toEqual(['order', 'charge']);
    expect(cannot.events[1]).toMatchObject({ reference: '1#2', totalMinor: -200, quantity: -1 });
  });

  it.each(['POST', 'DOT', 'C2', 'M'])('of %s only are an order without goods', async (code) => {
    const { events } = await tell(rowsOf(charge(code, '40')));
    expect(events).toMatchObject([{ kind: 'order', goodsless: true, order: { lines: [], charges: [{ key: '1#1' }] } }]);
  });

  it.each([
    ['a fee', charge('AMAZONFEE', '40')],
    ['m', charge('m', '40')],
    ['of nothing', charge('POST', '0.0')],
    ['below zero', charge('M', '40', { quantity: -1 })],
    ['of a cancellation', charge('M', '40', { invoice: 'C1' })],
    ['of an adjustment', charge('M', '40', { invoice: 'A1' })],
  ])('stand apart otherwise: %s', async (_, changed) => {
    expect(kinds((await tell(rowsOf(changed))).events)).toEqual(['charge']);
  });
});

describe('the generated week', () => {
  it('is the same for the same seed and another for another', () => {
    expect(generateWeek({ seed: 4 })).toEqual(generateWeek({ seed: 4 }));
    expect(generateWeek({ seed: 4 })).not.toEqual(generateWeek({ seed: 5 }));
  });

  it('contains every special case', async () => {
    const week = generateWeek();
    const { events } = await tell(week);
    const orders = ordersOf(events);
    const refunds = refundsOf(events);
    const placed = new Map(orders.map((event) => [event.order.reference, event]));
    const has = <T>(list: readonly T[], test: (item: T) => boolean) => expect(list.some(test)).toBe(true);

    expect(new Set(kinds(events))).toEqual(new Set(['order', 'refund', 'return_unmatched', 'charge', 'stock']));
    for (const country of ['EIRE', 'Unspecified', 'European Community']) has(week, (row) => row.country === country);
    for (const code of ['85123A', '85123a']) has(week, (row) => row.code === code);
    has(week, (row) => row.customer === '17850.0');
    has(week, (row) => row.invoice.startsWith('A'));
    has(week, (row) => /\.\d{3}$/.test(row.unitPrice) && row.quantity > 1);
    has(week, (row) => Number(row.unitPrice) === 0 && row.customer !== '');

    for (const prices of [1, 2]) {
      has(orders, ({ order: { lines } }) =>
        lines.some(({ sku }) => {
          const twice = lines.filter((line) => line.sku === sku);
          return twice.length === 2 && new Set(twice.map(({ unitPrice }) => unitPrice)).size === prices;
        }),
      );
    }
    for (const index of [0, 1])
      has(orders, ({ order, storefront }) => order.lines.length === 704 && storefront === index);
    has(orders, ({ order }) => order.lines.length > 0 && order.lines.every(({ totalMinor }) => totalMinor === 0));
    has(orders, ({ order }) => order.buyer.id === null && order.lines.length > 0);
    for (const code of ['POST', 'DOT', 'C2', 'M']) {
      has(orders, ({ goodsless, order }) => goodsless && order.charges[0]?.code === code);
    }
    has(events, (event) => event.kind === 'charge' && event.totalMinor < 0);
    has(events, (event) => event.kind === 'charge' && event.totalMinor > 0);
    has(events, (event) => event.kind === 'stock' && event.quantity > 0 && event.note === '?');
    has(events, (event) => event.kind === 'stock' && event.quantity < 0 && event.note === 'damaged');

    const waited = (event: { atMs: number; orderReference: string }) =>
      event.atMs - (placed.get(event.orderReference)?.atMs ?? 0);
    has(refunds, (event) => waited(event) === 0);
    has(refunds, (event) => waited(event) > 0 && waited(event) < 60 * MINUTE);
    has(refunds, (event) => waited(event) > 2 * 24 * 60 * MINUTE);
    has(refunds, (event) => event.totalMinor === 0);
    has(events, (event) => event.kind === 'return_unmatched' && event.customer === null);
    const unmatchedOf = (customer: string) =>
      events.filter((event) => event.kind === 'return_unmatched' && event.customer === customer).length;
    // Never bought; another case; another customer's; more than is left; more than one line has; before the purchase.
    for (const customer of ['18012.0', '18000.0', '18013.0', '18014.0', '18015.0', '18017.0']) {
      expect([customer, unmatchedOf(customer)]).toEqual([customer, 1]);
    }
    // A line with the equal price comes before a later one; without one the later line is taken.
    const chosen = refunds
      .filter((event) => placed.get(event.orderReference)?.order.buyer.id === '18016.0')
      .map(({ lineKey }) => week[Number(lineKey.split('#')[1]) - 1]?.unitPrice);
    expect(chosen).toEqual(['2.10', '1.85']);

    const bought = new Map<string, number>();
    for (const line of orders.flatMap(({ order }) => order.lines)) {
      bought.set(line.sku, (bought.get(line.sku) ?? 0) + line.quantity);
    }
    const beyond = [...bought].filter(([, units]) => units > 1_000).map(([code]) => bucketOf(code, 4));
    expect(new Set(beyond)).toEqual(new Set([0, 1, 2, 3]));
  });
});
