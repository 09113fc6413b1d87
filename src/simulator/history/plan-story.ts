import type { PlacedOrder } from '#kit/sandbox';
import { type ClassifiedRow, CURRENCY, classify } from './classify.ts';
import { countryOf, madeAddress } from './countries.ts';
import { countFigures, type FileFigures } from './figures.ts';
import { lineKey, type Match, makeMatcher, type Placed } from './match-cancellations.ts';
import { storefrontOf } from './mode-of.ts';
import { type HistoryRow, rowFailure } from './read-history.ts';

interface Happening {
  atMs: number;
  /** The first row of the file that this event covers. */
  row: number;
}

/** A whole invoice placed at a storefront; `goodsless` if it only has charges. */
export interface OrderEvent extends Happening {
  kind: 'order';
  storefront: number;
  goodsless: boolean;
  order: PlacedOrder;
}

/** A cancellation that belongs to a sale line. Quantity and total are positive, as storefronts report refunds. */
export interface RefundEvent extends Happening {
  kind: 'refund';
  storefront: number;
  reference: string;
  orderReference: string;
  lineKey: string;
  quantity: number;
  totalMinor: number;
}

/** A cancellation that belongs to no sale line. Quantity and total are positive, as for a refund. */
export interface UnmatchedReturnEvent extends Happening {
  kind: 'return_unmatched';
  reference: string;
  invoice: string;
  code: string;
  title: string;
  quantity: number;
  totalMinor: number;
  customer: string | null;
}

/** A charge that belongs to no order. Signs are the file's. */
export interface ChargeEvent extends Happening {
  kind: 'charge';
  reference: string;
  code: string;
  title: string;
  quantity: number;
  totalMinor: number;
}

/** A change of stock, up or down. */
export interface StockEvent extends Happening {
  kind: 'stock';
  reference: string;
  sku: string;
  /** The note in the file: “damaged”, “?”, often empty. */
  note: string;
  quantity: number;
}

export type StoryEvent = OrderEvent | RefundEvent | UnmatchedReturnEvent | ChargeEvent | StockEvent;

export interface Story {
  /** Can be read once, from the start. */
  events: AsyncGenerator<StoryEvent, void, undefined>;
  /** The figures of the rows read so far; of all rows once the events have ended. */
  figures(): FileFigures;
}

export interface StoryOptions {
  /** The storefronts by index, and whether an order there can have a negative fee. */
  storefronts: readonly { negativeFees: boolean }[];
}

/**
 * How long after its first row an invoice may continue, and how far rows may be out of order. Some invoices of the real
 * file continue into a second minute, and another invoice interrupts one of them. An hour is far longer than that and
 * still a small buffer.
 */
const WINDOW_MS = 3_600_000;

const SHIPPING_CODES: ReadonlySet<string> = new Set(['POST', 'DOT']);
const CUSTOM_CODES: ReadonlySet<string> = new Set(['M', 'm', 'S']);
const GOODSLESS_CODES: ReadonlySet<string> = new Set(['POST', 'DOT', 'C2', 'M']);

/** The rows of an invoice that may become an order: its sales and charges. */
interface Invoice {
  first: ClassifiedRow;
  placed: Placed;
  sales: ClassifiedRow[];
  charges: ClassifiedRow[];
}

/** An event that waits until no row can come before it or belong to it any more. */
interface Pending {
  atMs: number;
  events(): StoryEvent[];
}

const titleOf = (row: HistoryRow): string => row.description.trim() || row.code;
// Not `-x`: that would turn 0 into -0.
const negated = (value: number): number => 0 - value;

const buyerOf = (customer: string): PlacedOrder['buyer'] =>
  customer === ''
    ? { id: null, name: 'Guest', email: '' }
    : { id: customer, name: `Customer ${customer}`, email: `${customer}@buyers.example` };

const chargeKind = (code: string): PlacedOrder['charges'][number]['kind'] => {
  if (SHIPPING_CODES.has(code)) return 'shipping';
  return CUSTOM_CODES.has(code) ? 'custom' : 'fee';
};

const toOrder = ({ first, placed, sales }: Invoice, charges: readonly ClassifiedRow[]): OrderEvent => {
  const buyer = buyerOf(first.customer);
  return {
    kind: 'order',
    atMs: placed.atMs,
    row: first.row,
    storefront: placed.storefront,
    goodsless: sales.length === 0,
    order: {
      reference: first.invoice,
      placedAtMs: placed.atMs,
      currency: CURRENCY,
      buyer,
      shipTo: madeAddress(buyer.name, countryOf(first)),
      lines: sales.map((row) => ({
        key: lineKey(row.invoice, row.row),
        sku: row.code,
        title: titleOf(row),
        quantity: row.quantity,
        unitPrice: row.unitPrice,
        totalMinor: row.minor,
      })),
      charges: charges.map((row) => ({
        key: lineKey(row.invoice, row.row),
        // Shipping is never negative at any storefront; a fee can be.
        kind: row.minor < 0 ? 'fee' : chargeKind(row.code),
        code: row.code,
        title: titleOf(row),
        totalMinor: row.minor,
      })),
      note: '',
    },
  };
};

const toCharge = (row: ClassifiedRow, atMs: number): ChargeEvent => ({
  kind: 'charge',
  atMs,
  row: row.row,
  reference: lineKey(row.invoice, row.row),
  code: row.code,
  title: titleOf(row),
  quantity: row.quantity,
  totalMinor: row.minor,
});

const toStock = (row: ClassifiedRow): StockEvent => ({
  kind: 'stock',
  atMs: row.atMs,
  row: row.row,
  reference: lineKey(row.invoice, row.row),
  sku: row.code,
  note: row.description.trim(),
  quantity: row.quantity,
});

const toCancellation = (row: ClassifiedRow, match: Match | null): RefundEvent | UnmatchedReturnEvent => {
  const given = {
    row: row.row,
    reference: lineKey(row.invoice, row.row),
    quantity: negated(row.quantity),
    totalMinor: negated(row.minor),
  };
  if (!match) {
    return {
      kind: 'return_unmatched',
      atMs: row.atMs,
      ...given,
      invoice: row.invoice,
      code: row.code,
      title: titleOf(row),
      customer: row.customer || null,
    };
  }
  return {
    kind: 'refund',
    // Rows may be slightly out of order, but a refund never precedes its purchase.
    atMs: Math.max(row.atMs, match.placed.atMs),
    ...given,
    storefront: match.placed.storefront,
    orderReference: match.placed.reference,
    lineKey: match.lineKey,
  };
};

/**
 * Only a positive invoice of POST, DOT, C2 or M is an order without goods, never one of cancellations or adjustments.
 */
const isGoodsless = ({ first, charges }: Invoice): boolean =>
  !/^[CA]/.test(first.invoice) &&
  charges.some((row) => GOODSLESS_CODES.has(row.code)) &&
  charges.every((row) => row.minor >= 0) &&
  charges.some((row) => row.minor > 0);

const toEvents = (invoice: Invoice, negativeFees: boolean): StoryEvent[] => {
  const carried =
    invoice.sales.length > 0
      ? invoice.charges.filter((row) => row.minor >= 0 || negativeFees)
      : isGoodsless(invoice)
        ? invoice.charges
        : [];
  const apart = invoice.charges.filter((row) => !carried.includes(row));
  const isOrder = invoice.sales.length > 0 || carried.length > 0;
  return [
    ...(isOrder ? [toOrder(invoice, carried)] : []),
    // An invoice is one document with one time, so that its parts stay together.
    ...apart.map((row) => toCharge(row, invoice.placed.atMs)),
  ];
};

/**
 * Turns the rows of a history into a story. Every row belongs to exactly one event; events come in time order (in file
 * order if times are equal); the same rows always give the same story. An order has the time of its first row. Memory
 * holds the last hour, the lines that a later cancellation may match, and the invoice numbers. Throws, naming the row,
 * for a row more than an hour older than one before it, a row of an order placed more than an hour before, and an
 * invoice with two customers or two countries.
 */
export const planStory = (
  rows: AsyncIterable<HistoryRow> | Iterable<HistoryRow>,
  { storefronts }: StoryOptions,
): Story => {
  const figures = countFigures();
  const matcher = makeMatcher();
  const invoices = new Map<string, Invoice>();
  const done = new Set<string>();
  const pending: Pending[] = [];
  let latestMs = Number.NEGATIVE_INFINITY;

  const wait = (item: Pending) => {
    const before = pending.findLastIndex((other) => other.atMs <= item.atMs);
    pending.splice(before + 1, 0, item);
  };

  const invoiceOf = (row: ClassifiedRow): Invoice => {
    const known = invoices.get(row.invoice);
    if (known) {
      for (const column of ['customer', 'country'] as const) {
        if (known.first[column] === row[column]) continue;
        throw rowFailure(
          row.row,
          `invoice ${row.invoice} has ${column} “${row[column]}” here and “${known.first[column]}” in row ${known.first.row}`,
          'give an invoice one buyer in one country',
        );
      }
      return known;
    }
    if (done.has(row.invoice)) {
      throw rowFailure(
        row.row,
        `invoice ${row.invoice} goes on more than an hour after it began`,
        'put the rows of an invoice together, at one time',
      );
    }
    const storefront = storefrontOf(row.invoice, storefronts.length);
    const invoice: Invoice = {
      first: row,
      placed: { reference: row.invoice, atMs: row.atMs, storefront, leftMinor: 0 },
      sales: [],
      charges: [],
    };
    invoices.set(row.invoice, invoice);
    wait({
      atMs: row.atMs,
      events() {
        invoices.delete(row.invoice);
        done.add(row.invoice);
        return toEvents(invoice, storefronts[storefront]?.negativeFees ?? false);
      },
    });
    return invoice;
  };

  const take = (row: ClassifiedRow) => {
    let match: Match | null = null;
    if (row.kind === 'sale') {
      const invoice = invoiceOf(row);
      invoice.sales.push(row);
      matcher.sold(row, invoice.placed);
    } else if (row.kind === 'charge') {
      const { charges, placed } = invoiceOf(row);
      charges.push(row);
      // Charges that the order carries are paid with it; separate charges are not.
      if (row.minor >= 0 || storefronts[placed.storefront]?.negativeFees) placed.leftMinor += row.minor;
    } else {
      if (row.kind === 'cancellation') match = matcher.cancelled(row);
      const event = row.kind === 'stock' ? toStock(row) : toCancellation(row, match);
      wait({ atMs: event.atMs, events: () => [event] });
    }
    figures.add(row, match !== null);
  };

  /** The events that no later row can precede or join: everything before this time. */
  const release = (beforeMs: number): StoryEvent[] => {
    const keep = pending.findIndex((item) => item.atMs >= beforeMs);
    return pending.splice(0, keep < 0 ? pending.length : keep).flatMap((item) => item.events());
  };

  const tell = async function* (): AsyncGenerator<StoryEvent, void, undefined> {
    for await (const raw of rows) {
      if (raw.atMs < latestMs - WINDOW_MS) {
        throw rowFailure(raw.row, 'it is more than an hour older than a row before it', 'sort the file', 'InvoiceDate');
      }
      take(classify(raw));
      if (raw.atMs <= latestMs) continue;
      latestMs = raw.atMs;
      yield* release(latestMs - WINDOW_MS);
    }
    yield* release(Number.POSITIVE_INFINITY);
  };

  return { events: tell(), figures: figures.value };
};
