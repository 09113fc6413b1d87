import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  Address,
  carrierKey,
  exponentOf,
  extend,
  fromMinor,
  type IncomingCharge,
  type IncomingLine,
  type IncomingOrder,
  type IncomingPayment,
  type IncomingRefund,
  type Input,
  type ListingRead,
  readFacts,
  type Tracking,
  toMinor,
} from '#kit';
import { toCarrierName } from './carriers.ts';
import { attributesOf, factsOf, fulfilmentsOf, toldPackages } from './facts.ts';
import {
  decimalText,
  type Line,
  type Meta,
  type Order,
  type Parent,
  type Party,
  type Product,
  plain,
  type Refund,
  type Sold,
  type Variation,
} from './wire.ts';

/** WordPress leaves out the zone: its `_gmt` dates are UTC. */
export const instant = (gmt: string): string => (/(Z|[+-]\d\d:\d\d)$/.test(gmt) ? gmt : `${gmt}Z`);

export const metaOf = (meta: readonly Meta[], key: string): unknown => meta.find((m) => m.key === key)?.value;
const metaText = (meta: readonly Meta[], key: string): string => {
  const value = metaOf(meta, key);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

/** `total` in parts of these weights that sum to it exactly: each part is the step between two rounded running totals. */
export const split = (total: number, weights: readonly number[]): number[] => {
  const sum = weights.reduce((a, b) => a + b, 0);
  const even = sum <= 0;
  const all = even ? weights.length : sum;
  let reached = 0;
  return weights.map((weight, index) => {
    const before = Math.round(total * (reached / all));
    reached = even ? index + 1 : reached + weight;
    return Math.round(total * (reached / all)) - before;
  });
};

const trimmed = (decimal: string): string => decimal.replace(/\.?0+$/, '');

/** minor ÷ quantity in major units, to ten decimals. */
const quotient = (minor: number, quantity: number, currency: string): string => {
  const scale = 10n ** BigInt(10 - exponentOf(currency));
  const by = BigInt(quantity);
  const digits = String((BigInt(Math.abs(minor)) * scale * 2n + by) / (2n * by)).padStart(11, '0');
  return trimmed(`${minor < 0 ? '-' : ''}${digits.slice(0, -10)}.${digits.slice(-10)}`);
};

/**
 * The price of one unit before discounts, as text. The shop's `price` is a float of the price after discounts and before tax:
 * it is believed where, freed of its noise, it explains the line's subtotal; else the subtotal is divided.
 */
export const unitPriceOf = (price: number, subtotalMinor: number, quantity: number, currency: string): string => {
  const told = decimalText(price) || '0';
  return extend(told, quantity, currency) === subtotalMinor ? told : quotient(subtotalMinor, quantity, currency);
};

/** Money of one order: shops whose prices include tax show a line with its tax, the others tax as a line of its own. */
const moneyOf = (order: Pick<Order, 'currency' | 'prices_include_tax'>) => {
  const minor = (text: string) => toMinor(text, order.currency);
  return {
    minor,
    shown: (net: string, tax: string) => minor(net) + (order.prices_include_tax ? minor(tax) : 0),
  };
};

/** What stands in the shop of a package: its tracking, as we wrote it, and its lines. */
export const Told = z.looseObject({ carrier: z.string(), number: z.string(), url: z.string() });
export const isShown = (told: Tracking, { carrier, number, url }: Tracking): boolean =>
  carrierKey(told.carrier) === carrierKey(toCarrierName(carrier)) && told.number === number && told.url === url;

/** Units of a line in the packages that we have told the shop of. */
const toldUnits = (order: Order, lineId: number): number =>
  toldPackages(order)
    .flatMap(({ lines }) => lines)
    .filter((line) => line.lineExternalId === String(lineId))
    .reduce((units, line) => units + line.quantity, 0);

/** The shop keeps one quantity a line and writes over it when the order is edited, and no packages: a completed order has left. */
const toLine = (order: Order, line: Line): IncomingLine => {
  const { minor, shown } = moneyOf(order);
  const beforeMinor = shown(line.subtotal, line.subtotal_tax);
  const totalMinor = shown(line.total, line.total_tax);
  // What is sold by weight or length has no units: the line is one unit, whole.
  const quantity = Number.isInteger(line.quantity) ? line.quantity : 1;
  return {
    externalId: String(line.id),
    externalVariantId: line.product_id === 0 ? null : String(line.variation_id || line.product_id),
    sku: line.sku,
    title: plain(line.name),
    quantity,
    currentQuantity: quantity,
    fulfilledQuantity: order.status === 'completed' ? quantity : Math.min(quantity, toldUnits(order, line.id)),
    // An order line does not tell what is virtual or downloaded.
    requiresShipping: true,
    unitPrice: unitPriceOf(line.price, beforeMinor, quantity, order.currency),
    totalMinor,
    facts: {
      discountMinor: Math.max(0, beforeMinor - totalMinor),
      taxMinor: minor(line.total_tax),
      attributes: attributesOf(line.meta_data),
    },
  };
};

/** Where a shop's plugin, or ours, keeps the code of a shipping or fee line. */
export const CODE = '_code';

const toCharges = (order: Order): IncomingCharge[] => {
  const { minor, shown } = moneyOf(order);
  const charge = (
    kind: IncomingCharge['kind'],
    title: string,
    item: Order['fee_lines'][number] | Order['shipping_lines'][number],
  ) => ({
    externalId: String(item.id),
    kind,
    code: metaText(item.meta_data, CODE),
    title: plain(title),
    totalMinor: shown(item.total, item.total_tax),
  });
  const tax = order.prices_include_tax ? 0 : minor(order.total_tax);
  return [
    ...order.shipping_lines.map((item) => charge('shipping', item.method_title, item)),
    ...order.fee_lines.map((item) => charge('fee', item.name, item)),
    ...(tax === 0 ? [] : [{ externalId: 'tax', kind: 'tax' as const, code: '', title: 'Tax', totalMinor: tax }]),
  ];
};

/** What plugins took from or added to the total with no line of its own (gift cards, rounding). Empty where there is nothing. */
const difference = (totalMinor: number, parts: readonly { totalMinor: number }[]): IncomingCharge[] => {
  const rest = parts.reduce((left, part) => left - part.totalMinor, totalMinor);
  if (rest === 0) return [];
  const kind = rest < 0 ? 'discount' : 'custom';
  return [{ externalId: 'difference', kind, code: '', title: 'Difference to the order’s total', totalMinor: rest }];
};

/** Country and state alone are the shop's default for every order, no address. */
const isEmpty = (party: Party): boolean =>
  [
    party.first_name,
    party.last_name,
    party.company,
    party.address_1,
    party.address_2,
    party.city,
    party.postcode,
  ].every((part) => part.trim() === '');

/** An address as the shop has it, empty parts included; null where all of it is empty. */
const toAddress = (party: Party, billing: Party): Address | null =>
  isEmpty(party)
    ? null
    : Address.parse({
        name: nameOf(party) || nameOf(billing),
        company: plain(party.company),
        line1: plain(party.address_1),
        line2: plain(party.address_2),
        city: plain(party.city),
        region: plain(party.state),
        postalCode: party.postcode,
        country: /^[A-Z]{2}$/.test(party.country) ? party.country : 'ZZ',
        phone: party.phone || billing.phone,
        email: billing.email,
      });

const nameOf = (party: Party): string => plain(`${party.first_name} ${party.last_name}`).trim();

/** The item of the order that a line of a refund gives back: `_refunded_item_id` in its meta data. */
const refundedItem = (line: Refund['line_items'][number]): string => metaText(line.meta_data, '_refunded_item_id');

/** The refund's mark that its units went back to stock; the shop itself does not tell. Written by `refunds.create`. */
export const RESTOCK = '_crossdock_restock';

/**
 * One refund with its lines. Refunded tax and shipping have no place of their own in ours, so the lines share the whole
 * amount by their own size; an amount without lines stays without.
 */
export const toRefund = (order: Pick<Order, 'currency' | 'prices_include_tax'>, refund: Refund): IncomingRefund => {
  const { minor, shown } = moneyOf(order);
  const totalMinor = Math.abs(minor(refund.amount));
  const lines = refund.line_items.filter((line) => refundedItem(line) !== '');
  const parts = split(
    totalMinor,
    lines.map((line) => Math.abs(shown(line.total, line.total_tax))),
  );
  return {
    externalId: String(refund.id),
    createdAt: instant(refund.date_created_gmt),
    note: plain(refund.reason),
    totalMinor,
    lines: lines.map((line, index) => ({
      lineExternalId: refundedItem(line),
      quantity: Math.trunc(Math.abs(line.quantity)),
      totalMinor: parts[index] ?? 0,
      restock: metaText(refund.meta_data, RESTOCK) === 'yes',
    })),
  };
};

/**
 * What a status says of the money, before refunds. Any other word, such as a plugin's, is `unknown`.
 * Source: WooCommerce REST API v3, “Order properties”, read 2026-11-30.
 */
const STATES: Readonly<Record<string, IncomingPayment['state']>> = {
  pending: 'pending',
  'on-hold': 'pending',
  failed: 'failed',
  processing: 'paid',
  completed: 'paid',
  refunded: 'refunded',
  cancelled: 'voided',
  trash: 'voided',
};
/** Cash on delivery goes to `processing` unpaid, with a payment date all the same; the parcel brings the money. */
const COLLECTED_LATER: ReadonlySet<string> = new Set(['cod']);
const GONE: ReadonlySet<string> = new Set(['cancelled', 'trash']);
/** A checkout that nobody has finished: not an order yet. */
const DRAFTS: ReadonlySet<string> = new Set(['checkout-draft', 'auto-draft', 'draft']);
const Draft = z.object({ status: z.string() });
export const isDraft = (row: unknown): boolean => DRAFTS.has(Draft.safeParse(row).data?.status ?? '');

/** States in which money came in, so that a refund says how much of it is left. */
const RECEIVED: ReadonlySet<IncomingPayment['state']> = new Set(['paid']);
/** States that a full refund does not change. */
const OVER: ReadonlySet<IncomingPayment['state']> = new Set(['refunded', 'voided', 'failed']);

const afterRefunds = (
  before: IncomingPayment['state'],
  totalMinor: number,
  refundedMinor: number,
): IncomingPayment['state'] => {
  if (refundedMinor === 0 || OVER.has(before)) return before;
  if (refundedMinor >= totalMinor) return 'refunded';
  return RECEIVED.has(before) ? 'partly_refunded' : before;
};

/** The shop names no amount received: a paid order is paid whole, and a payment date tells of money in every status. */
const toPayment = (order: Order, totalMinor: number, refundedMinor: number): IncomingPayment => {
  const collectedLater = COLLECTED_LATER.has(order.payment_method) && order.status !== 'completed';
  const known = STATES[order.status] ?? 'unknown';
  const before = known === 'paid' && collectedLater ? 'pending' : known;
  const paidAt = order.date_paid_gmt && !collectedLater ? instant(order.date_paid_gmt) : null;
  const received = paidAt !== null || before === 'paid' || before === 'refunded';
  return {
    state: afterRefunds(before, totalMinor, refundedMinor),
    method: order.payment_method,
    paidMinor: received ? totalMinor : before === 'unknown' ? null : 0,
    paidAt,
  };
};

/** One order, complete: lines plus charges are `totalMinor`. `refunds` are the order's own, with their lines. */
export const toOrder = (order: Order, refunds: readonly Refund[]): IncomingOrder => {
  const totalMinor = moneyOf(order).minor(order.total);
  const lines = order.line_items.filter((line) => line.quantity > 0).map((line) => toLine(order, line));
  const charges = toCharges(order);
  const given = refunds.map((refund) => toRefund(order, refund));
  return {
    externalId: String(order.id),
    number: order.number || String(order.id),
    placedAt: instant(order.date_created_gmt || order.date_modified_gmt),
    updatedAt: instant(order.date_modified_gmt),
    currency: order.currency,
    payment: toPayment(
      order,
      totalMinor,
      given.reduce((sum, refund) => sum + refund.totalMinor, 0),
    ),
    rawStatus: order.status,
    // The shop keeps no instant of it; the last change is never too early.
    cancelledAt: GONE.has(order.status) ? instant(order.date_modified_gmt) : null,
    buyer: {
      externalId: order.customer_id === 0 ? null : String(order.customer_id),
      name: nameOf(order.billing) || plain(order.billing.company),
      email: order.billing.email,
    },
    // The shop knows neither.
    test: false,
    risk: 'none',
    shipTo: toAddress(order.shipping, order.billing) ?? toAddress(order.billing, order.billing),
    billTo: toAddress(order.billing, order.billing),
    lines,
    charges: [...charges, ...difference(totalMinor, [...lines, ...charges])],
    refunds: given,
    totalMinor,
    note: plain(order.customer_note),
    facts: factsOf(order),
    fulfilments: fulfilmentsOf(order),
  };
};

const LISTED: Readonly<Record<string, ListingRead['status']>> = {
  publish: 'active',
  draft: 'inactive',
  pending: 'inactive',
  private: 'inactive',
  future: 'inactive',
  trash: 'inactive',
};

/** `true`, also as PHP and plugins write it. */
const YES: ReadonlySet<unknown> = new Set([true, 1, '1', 'yes', 'true']);

/** Source: the choices of WooCommerce → Settings → Products → Weight unit and Dimensions unit, read 2026-12-01. */
const GRAMS_IN: Readonly<Record<string, number>> = { kg: 1_000, g: 1, lbs: 453.59237, oz: 28.349523125 };
const MILLIMETRES_IN: Readonly<Record<string, number>> = { m: 1_000, cm: 10, mm: 1, in: 25.4, yd: 914.4 };
/** In what the shop weighs and measures, in its own words. With a word that we do not know nothing is read. */
export interface Units {
  weight: string;
  dimension: string;
}

const physical = ({ weight, dimensions, global_unique_id }: Sold, units: Units): ListingRead['facts'] => {
  const grams = GRAMS_IN[units.weight];
  const mm = MILLIMETRES_IN[units.dimension];
  const { length = 0, width = 0, height = 0 } = dimensions ?? {};
  return readFacts({
    weightGrams: grams === undefined ? null : weight * grams,
    dimensions: mm === undefined ? null : { lengthMm: length * mm, widthMm: width * mm, heightMm: height * mm },
    gtin: global_unique_id,
  });
};

/** What the shop does with an order for more than there is. Any other word says nothing. */
const SELLS_ON: Readonly<Record<string, boolean>> = { no: false, notify: true, yes: true };

const listing = (item: Sold, productId: number, title: string, units: Units): ListingRead => {
  const sellsWithoutStock = SELLS_ON[item.backorders];
  return {
    externalVariantId: String(item.id),
    externalProductId: String(productId),
    externalInventoryId: String(item.id),
    sku: item.sku,
    title: plain(title),
    price: item.price === '' ? null : item.price,
    // A product names no currency: it is the shop's.
    currency: null,
    quantity: YES.has(item.manage_stock) && item.stock_quantity !== null ? Math.floor(item.stock_quantity) : null,
    status: LISTED[item.status] ?? 'unknown',
    rawStatus: item.status,
    ...(sellsWithoutStock === undefined ? {} : { sellsWithoutStock }),
    facts: physical(item, units),
  };
};

/** Products that are sold as they are. Of a variable one its variations are; a group or a link elsewhere has no stock. */
const NOT_SOLD_ITSELF: ReadonlySet<string> = new Set(['variable', 'grouped', 'external']);
export const isSoldItself = (type: string): boolean => !NOT_SOLD_ITSELF.has(type);
export const hasVariations = ({ type }: Parent): boolean => type === 'variable';

export const toListing = (product: Product, units: Units): ListingRead =>
  listing(product, product.id, product.name, units);

export const toVariationListing = (parent: Parent, variation: Variation, units: Units): ListingRead => {
  const options = variation.attributes.map((a) => a.option).filter((option) => option !== '');
  return listing(
    variation,
    parent.id,
    [parent.name, options.join(', ')].filter((part) => part !== '').join(' – '),
    units,
  );
};

/** Where the reference stands in a refund's reason: in brackets, so that `r-1` is not found in `r-10`. */
export const mark = (reference: string): string => `[${reference}]`;

const sentence = ({ carrier, number }: Tracking): string => {
  const name = toCarrierName(carrier);
  return `${name === '' ? '' : ` with ${name}`}, tracking number ${number}`;
};
const joined = (...parts: string[]): string => parts.filter((part) => part !== '').join(' ');
export const noteOf = (tracking: Tracking, reference: string): string =>
  joined(`Shipped${sentence(tracking)}`, tracking.url, mark(reference));

/** Beside the reference what the message told, so that it is known again however the shop shows the text. */
export const changeMark = (reference: string, { carrier, number }: Tracking): string =>
  mark(
    `${reference} ${createHash('sha256')
      .update(JSON.stringify([carrier, number]))
      .digest('hex')
      .slice(0, 8)}`,
  );
export const changeNoteOf = (tracking: Tracking, reference: string): string =>
  joined(`The tracking has changed: shipped${sentence(tracking)}`, tracking.url, changeMark(reference, tracking));
/** A message of ours about this package. */
export const isAbout = (note: string, reference: string): boolean =>
  note.includes(mark(reference)) || note.includes(`[${reference} `);

/** One line of a refund as the shop wants it: without tax, and each tax beside it. */
const fromRefundLine = (order: Order, line: Input<'refunds.create'>['lines'][number]) => {
  const original = order.line_items.find((item) => String(item.id) === line.lineExternalId);
  const { minor } = moneyOf(order);
  const taxes = order.prices_include_tax ? (original?.taxes ?? []) : [];
  const [net = 0, ...parts] = split(line.totalMinor, [
    minor(original?.total ?? '0'),
    ...taxes.map((tax) => minor(tax.total)),
  ]);
  const major = (amount: number) => Number(fromMinor(amount, order.currency));
  return {
    id: Number(line.lineExternalId),
    quantity: line.quantity,
    refund_total: major(net),
    ...(taxes.length === 0
      ? {}
      : { refund_tax: taxes.map((tax, index) => ({ id: tax.id, refund_total: major(parts[index] ?? 0) })) }),
  };
};

/** The body of a new refund. Stock goes back only when every line's does: the shop takes one word for all of them. */
export const fromRefund = (order: Order, refund: Input<'refunds.create'>, throughGateway: boolean) => {
  const restock = refund.lines.length > 0 && refund.lines.every((line) => line.restock);
  const total = refund.lines.reduce((sum, line) => sum + line.totalMinor, 0);
  return {
    amount: fromMinor(total, order.currency),
    reason: `${refund.note} ${mark(refund.reference)}`.trim(),
    api_refund: throughGateway,
    api_restock: restock,
    meta_data: [{ key: RESTOCK, value: restock ? 'yes' : 'no' }],
    line_items: refund.lines.map((line) => fromRefundLine(order, line)),
  };
};
