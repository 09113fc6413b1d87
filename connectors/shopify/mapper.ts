import { createHash } from 'node:crypto';
import {
  Address,
  type Confirmation,
  fromMinor,
  type IncomingCharge,
  type IncomingLine,
  type IncomingOrder,
  type IncomingRefund,
  type Input,
  type ListingRead,
  toMinor,
} from '#kit';
import type {
  Fulfillment,
  FulfillmentOrder,
  InventoryItem,
  LineItem,
  MailingAddress,
  Order,
  ProductVariant,
  Refund,
  Transaction,
} from './wire.ts';

const FINANCIAL: Readonly<Record<string, IncomingOrder['financial']>> = {
  PENDING: 'pending',
  PARTIALLY_PAID: 'pending',
  AUTHORIZED: 'authorised',
  PAID: 'paid',
  PARTIALLY_REFUNDED: 'partly_refunded',
  REFUNDED: 'refunded',
  VOIDED: 'voided',
  EXPIRED: 'voided',
};

/** UNLISTED can be bought by its link, so its stock matters as much. */
const LISTING: Readonly<Record<string, ListingRead['status']>> = {
  ACTIVE: 'active',
  UNLISTED: 'active',
  ARCHIVED: 'inactive',
  DRAFT: 'inactive',
};

const RESTOCKED = new Set(['RETURN', 'CANCEL', 'LEGACY_RESTOCK']);

const sum = (amounts: readonly number[]): number => amounts.reduce((a, b) => a + b, 0);

/** A line that is sold by its words alone and is not sent: a handling charge, a tip, a gift card written by hand. */
const isCharge = (line: LineItem): boolean => line.variant === null && !line.requiresShipping;

const toAddress = (address: MailingAddress, email: string): Address =>
  Address.parse({
    name: address.name ?? '',
    company: address.company ?? '',
    line1: address.address1 ?? '',
    line2: address.address2 ?? '',
    city: address.city ?? '',
    region: address.province ?? '',
    postalCode: address.zip ?? '',
    country: address.countryCodeV2 ?? 'ZZ',
    phone: address.phone ?? '',
    email,
  });

const toLine = (line: LineItem, currency: string): IncomingLine => ({
  externalId: line.id,
  externalVariantId: line.variant?.id ?? null,
  sku: line.sku ?? '',
  title: line.name,
  quantity: line.quantity,
  unitPrice: line.originalUnitPriceSet,
  totalMinor: toMinor(line.discountedTotalSet, currency),
});

/**
 * The parts of an order that are not goods. Shopify states a total and not every part of it (an order-wide discount, duties,
 * tips, cash rounding): what is left over is one charge of its own, so that lines and charges always sum to the total.
 */
const toCharges = (order: Order, lines: readonly IncomingLine[], totalMinor: number): IncomingCharge[] => {
  const minor = (text: string) => toMinor(text, order.presentmentCurrencyCode);
  const stated: IncomingCharge[] = [
    ...order.shippingLines.nodes.map((line, index) => ({
      externalId: line.id ?? `shipping-${index}`,
      kind: 'shipping' as const,
      code: line.code ?? '',
      title: line.title,
      totalMinor: minor(line.discountedPriceSet),
    })),
    ...order.lineItems.nodes.filter(isCharge).map((line) => ({
      externalId: line.id,
      kind: 'custom' as const,
      code: line.sku ?? '',
      title: line.name,
      totalMinor: minor(line.discountedTotalSet),
    })),
    ...order.additionalFees.map((fee) => ({
      externalId: fee.id,
      kind: 'fee' as const,
      code: '',
      title: fee.name,
      totalMinor: minor(fee.price),
    })),
    ...(order.taxesIncluded ? [] : order.taxLines).map((tax, index) => ({
      externalId: `tax-${index}`,
      kind: 'tax' as const,
      code: '',
      title: tax.title,
      totalMinor: minor(tax.priceSet),
    })),
  ];
  const rest = totalMinor - sum([...lines, ...stated].map((part) => part.totalMinor));
  if (rest === 0) return stated;
  const other =
    rest < 0
      ? { kind: 'discount' as const, title: 'Discount on the order' }
      : { kind: 'fee' as const, title: 'Not itemised by Shopify' };
  return [...stated, { externalId: 'other', code: '', totalMinor: rest, ...other }];
};

/**
 * A refund with its money on its lines: Shopify's subtotals do not know of an amount that the merchant typed in, so the
 * difference goes to the last line and the lines always sum to the refund.
 */
export const toRefund = (refund: Refund, currency: string): IncomingRefund => {
  const totalMinor = toMinor(refund.totalRefundedSet, currency);
  const items = refund.refundLineItems.nodes;
  const subtotals = items.map((item) => toMinor(item.subtotalSet, currency));
  const rest = totalMinor - sum(subtotals);
  return {
    externalId: refund.id,
    createdAt: refund.createdAt ?? refund.processedAt,
    note: refund.note ?? '',
    totalMinor,
    lines: items.map((item, index) => ({
      lineExternalId: item.lineItem.id,
      quantity: item.quantity,
      totalMinor: (subtotals[index] ?? 0) + (index === items.length - 1 ? rest : 0),
      restock: RESTOCKED.has(item.restockType),
    })),
  };
};

/** An order in the currency that the buyer paid in. Total: any order of the wire's shape has a meaning. */
export const toOrder = (order: Order): IncomingOrder => {
  const currency = order.presentmentCurrencyCode;
  const totalMinor = toMinor(order.totalPriceSet, currency);
  const lines = order.lineItems.nodes
    .filter((line) => !isCharge(line) && line.quantity > 0)
    .map((line) => toLine(line, currency));
  const email = order.email ?? '';
  return {
    externalId: order.id,
    number: order.name,
    placedAt: order.createdAt,
    updatedAt: order.updatedAt,
    currency,
    financial: FINANCIAL[order.displayFinancialStatus ?? ''] ?? 'unknown',
    rawStatus: `${order.displayFinancialStatus ?? ''}/${order.displayFulfillmentStatus}`,
    cancelledAt: order.cancelledAt,
    buyer: {
      externalId: order.customer?.id ?? null,
      name: order.customer?.displayName ?? order.billingAddress?.name ?? order.shippingAddress?.name ?? '',
      email,
    },
    shipTo: order.shippingAddress ? toAddress(order.shippingAddress, email) : null,
    lines,
    charges: toCharges(order, lines, totalMinor),
    refunds: order.refunds.map((refund) => toRefund(refund, currency)),
    totalMinor,
    note: order.note ?? '',
  };
};

/** What a listing shows at our location; null where the item is not stocked there. */
export const toQuantity = (item: InventoryItem): number | null => item.inventoryLevel?.quantities[0]?.quantity ?? null;

export const toListing = (variant: ProductVariant, currency: string): ListingRead => ({
  externalVariantId: variant.id,
  externalProductId: variant.product.id,
  externalInventoryId: variant.inventoryItem.id,
  sku: variant.sku ?? '',
  title: variant.title === 'Default Title' ? variant.product.title : `${variant.product.title} - ${variant.title}`,
  price: variant.price,
  currency,
  quantity: toQuantity(variant.inventoryItem),
  status: LISTING[variant.product.status] ?? 'unknown',
  rawStatus: variant.product.status,
});

const OPEN = new Set(['OPEN', 'IN_PROGRESS']);
const DEAD = new Set(['CANCELLED', 'ERROR', 'FAILURE']);

export interface Packing {
  /** The fulfillments that already tell of this package. */
  told: readonly string[];
  /** One call each: Shopify takes fulfillment orders of a single location together, and we never mix them. */
  calls: readonly {
    fulfillmentOrderId: string;
    /** Null is everything that is left of it. */
    lines: readonly { id: string; quantity: number }[] | null;
  }[];
  /** Units that no open fulfillment order has left. */
  short: number;
}

/** Shopify's limit on the length of an input array. Source: recorded MAX_INPUT_SIZE_EXCEEDED, read 2026-11-24. */
export const MOST_INPUTS = 250;

/** A short text that is the same for the same texts in the same order. */
export const toDigest = (texts: readonly string[]): string =>
  createHash('sha256').update(texts.join(' ')).digest('hex').slice(0, 16);

export const chunksOf = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));

/**
 * How to tell Shopify of a package: the units that it was told of under the same tracking number are taken off, the rest is
 * spread over what the open fulfillment orders have left.
 */
export const toPacking = (
  confirmation: Confirmation,
  fulfillments: readonly Fulfillment[],
  orders: readonly FulfillmentOrder[],
): Packing => {
  const left = new Map<string, number>();
  for (const line of confirmation.lines)
    left.set(line.lineExternalId, (left.get(line.lineExternalId) ?? 0) + line.quantity);
  const take = (line: string, most: number): number => {
    const units = Math.min(left.get(line) ?? 0, most);
    if (units > 0) left.set(line, (left.get(line) ?? 0) - units);
    return units;
  };

  const { number } = confirmation.tracking;
  const told = fulfillments.filter((fulfillment) => {
    const numbers = fulfillment.trackingInfo.map((info) => info.number ?? '');
    const same = number === '' ? numbers.every((n) => n === '') : numbers.includes(number);
    if (DEAD.has(fulfillment.status) || !same) return false;
    const units = fulfillment.fulfillmentLineItems.nodes.map((n) => take(n.lineItem.id, n.quantity ?? 0));
    return sum(units) > 0;
  });

  const calls = orders
    .filter((order) => OPEN.has(order.status))
    .flatMap(({ id: fulfillmentOrderId, lineItems }): Packing['calls'][number][] => {
      const open = lineItems.nodes.filter((item) => item.remainingQuantity > 0);
      const lines = open
        .map((item) => ({ id: item.id, quantity: take(item.lineItem.id, item.remainingQuantity) }))
        .filter((line) => line.quantity > 0);
      if (lines.length === 0) return [];
      const whole = open.length === lines.length && open.every((o, n) => o.remainingQuantity === lines[n]?.quantity);
      if (whole) return [{ fulfillmentOrderId, lines: null }];
      return chunksOf(lines, MOST_INPUTS).map((chunk) => ({ fulfillmentOrderId, lines: chunk }));
    });
  return { told: told.map((f) => f.id), calls, short: sum([...left.values()]) };
};

export const toTrackingInfo = ({ tracking }: Confirmation): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ company: tracking.carrier, number: tracking.number, url: tracking.url }).filter(
      ([, value]) => value !== '',
    ),
  );

/** How our reference stands in a refund's note: in brackets, so that refund-1 is not found in refund-10. */
export const toMark = (reference: string): string => `[${reference}]`;

const PAID = new Set(['SALE', 'CAPTURE']);

/**
 * The money of a refund shared over the payments, first come first served by what each has left. What no payment can cover
 * is asked of the last one all the same: it is Shopify that says no, in its own words.
 */
export const toRefundTransactions = (
  totalMinor: number,
  order: string,
  all: readonly Transaction[],
  currency: string,
) => {
  const good = all.filter((t) => t.status === 'SUCCESS');
  const minor = (t: Transaction) => toMinor(t.amountSet, currency);
  const payments = good.filter((t) => PAID.has(t.kind));
  let left = totalMinor;
  return payments.flatMap((payment, index) => {
    const back = good.filter((t) => t.kind === 'REFUND' && t.parentTransaction?.id === payment.id).map(minor);
    const part = index === payments.length - 1 ? left : Math.min(left, minor(payment) - sum(back));
    left -= part;
    if (part <= 0) return [];
    const amount = fromMinor(part, currency);
    return [{ orderId: order, parentId: payment.id, gateway: payment.gateway, kind: 'REFUND' as const, amount }];
  });
};

/** The units of a refund, put back to stock where it says so: CANCEL for what has not left yet, else RETURN. */
export const toRefundLines = (
  lines: Input<'refunds.create'>['lines'],
  unfulfilled: ReadonlyMap<string, number>,
  locationId: string,
) =>
  lines
    .filter((line) => line.quantity > 0)
    .map(({ lineExternalId, quantity, restock }) => ({
      lineItemId: lineExternalId,
      quantity,
      ...(restock
        ? { restockType: quantity <= (unfulfilled.get(lineExternalId) ?? 0) ? 'CANCEL' : 'RETURN', locationId }
        : { restockType: 'NO_RESTOCK' }),
    }));
