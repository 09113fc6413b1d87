import { createHash } from 'node:crypto';
import {
  Address,
  allocate,
  type CancelReason,
  type Confirmation,
  fromMinor,
  type IncomingCharge,
  type IncomingLine,
  type IncomingOrder,
  type IncomingPayment,
  type IncomingRefund,
  type IncomingShopHold,
  type Input,
  type ListingRead,
  type LocationRead,
  type OrderFacts,
  readFacts,
  type TaxId,
  type Tracking,
  toMinor,
} from '#kit';
import { toCompany } from './carriers.ts';
import type {
  Attribute,
  Fulfillment,
  FulfillmentOrder,
  FulfillmentOrderState,
  InventoryItem,
  LineItem,
  LocalizedField,
  Location,
  MailingAddress,
  Order,
  ProductVariant,
  Refund,
  Transaction,
} from './wire.ts';

/** Source: OrderDisplayFinancialStatus in the SDL of 2026-04, read 2026-11-30. */
const PAYMENT: Readonly<Record<string, IncomingPayment['state']>> = {
  PENDING: 'pending',
  PARTIALLY_PAID: 'partly_paid',
  AUTHORIZED: 'authorised',
  PAID: 'paid',
  PARTIALLY_REFUNDED: 'partly_refunded',
  REFUNDED: 'refunded',
  VOIDED: 'voided',
  EXPIRED: 'expired',
};

/** Source: OrderRiskRecommendationResult in the SDL of 2026-04, read 2026-11-30. A value of tomorrow is no advice to go on. */
const RISK: Readonly<Record<string, IncomingOrder['risk']>> = {
  NONE: 'none',
  ACCEPT: 'low',
  INVESTIGATE: 'investigate',
  CANCEL: 'cancel',
};

/** Source: OrderCancelReason in the SDL of 2026-04, read 2026-11-30. */
export const CANCEL_REASON: Readonly<Record<CancelReason, string>> = {
  customer: 'CUSTOMER',
  fraud: 'FRAUD',
  inventory: 'INVENTORY',
  declined: 'DECLINED',
  other: 'OTHER',
};

/** The longest staff note that a cancellation takes. Source: recorded refusal of 2026-06-29, read 2026-11-30. */
const LONGEST_NOTE = 255;
/** Our reference stands first, for what is too long is cut. */
export const toStaffNote = (note: string, reference: string): string =>
  `${toMark(reference)} ${note}`.trim().slice(0, LONGEST_NOTE);

/** UNLISTED can be bought by its link, so its stock matters as much. */
const LISTING: Readonly<Record<string, ListingRead['status']>> = {
  ACTIVE: 'active',
  UNLISTED: 'active',
  ARCHIVED: 'inactive',
  DRAFT: 'inactive',
};

const RESTOCKED = new Set(['RETURN', 'CANCEL', 'LEGACY_RESTOCK']);

const sum = (amounts: readonly number[]): number => amounts.reduce((a, b) => a + b, 0);

/** A line that is sold by its words alone and is not sent: a handling charge, a tip. */
const isCharge = (line: LineItem): boolean => line.variant === null && !line.requiresShipping && !line.isGiftCard;

/** Units of each line that refunds name, and of these the ones that came back after they had left. */
interface RefundedUnits {
  all: ReadonlyMap<string, number>;
  returned: ReadonlyMap<string, number>;
}
const refundedUnits = (order: Order): RefundedUnits => {
  const units = { all: new Map<string, number>(), returned: new Map<string, number>() };
  for (const { lineItem, quantity, restockType } of order.refunds.flatMap((refund) => refund.refundLineItems.nodes))
    for (const counted of restockType === 'RETURN' ? [units.all, units.returned] : [units.all])
      counted.set(lineItem.id, (counted.get(lineItem.id) ?? 0) + quantity);
  return units;
};

/** Units that an edit of the order took off a line: they are gone without a refund that names them. */
const removedUnits = (line: LineItem, refunded: RefundedUnits): number =>
  Math.max(0, line.quantity - line.currentQuantity - (refunded.all.get(line.id) ?? 0));

/** Of an amount that Shopify gives for all units ever ordered of a line, the part of `units` of them. */
const shareOf = (whole: number, { quantity }: LineItem, units: number): number =>
  quantity === 0 || units === quantity ? whole : Math.round((whole * units) / quantity);

/** A line's own total for `units` of it. */
const totalOf = (line: LineItem, units: number, currency: string): number =>
  shareOf(toMinor(line.discountedTotalSet, currency), line, units);

const toAttributes = (given: readonly Attribute[]): OrderFacts['attributes'] =>
  given.map(({ key, value }) => ({ name: key, value: value ?? '' }));

/** What a line says beside goods and money: nothing in a body that version 0.2 has kept. */
const toLineFacts = (line: LineItem, units: number, currency: string): Pick<IncomingLine, 'facts'> => {
  const { taxLines, discountAllocations, customAttributes } = line;
  if (taxLines === undefined) return {};
  const share = (amounts: readonly string[]) => shareOf(sum(amounts.map((a) => toMinor(a, currency))), line, units);
  return {
    facts: {
      discountMinor: share((discountAllocations ?? []).map(({ allocatedAmountSet }) => allocatedAmountSet)),
      taxMinor: share((taxLines ?? []).map(({ priceSet }) => priceSet)),
      attributes: toAttributes(customAttributes ?? []),
    },
  };
};

const toCountry = (code: string | null): string | null => (code !== null && /^[A-Z]{2}$/.test(code) ? code : null);

const toAddress = (address: MailingAddress, email: string): Address =>
  Address.parse({
    name: address.name ?? '',
    company: address.company ?? '',
    line1: address.address1 ?? '',
    line2: address.address2 ?? '',
    city: address.city ?? '',
    region: address.province ?? '',
    postalCode: address.zip ?? '',
    country: toCountry(address.countryCodeV2) ?? 'ZZ',
    phone: address.phone ?? '',
    email,
  });

/**
 * Of the units that Shopify still counts those have left that are not unfulfilled, and so have those that came back. A unit
 * refunded without coming back is not counted as one that left, for Shopify does not say.
 */
const toLine = (line: LineItem, refunded: RefundedUnits, currency: string): IncomingLine => {
  const current = line.quantity - removedUnits(line, refunded);
  const left = Math.max(0, line.currentQuantity - line.unfulfilledQuantity) + (refunded.returned.get(line.id) ?? 0);
  return {
    externalId: line.id,
    externalVariantId: line.variant?.id ?? null,
    sku: line.sku ?? '',
    title: line.name,
    quantity: line.quantity,
    currentQuantity: current,
    fulfilledQuantity: Math.min(current, left),
    requiresShipping: line.requiresShipping && !line.isGiftCard,
    unitPrice: line.originalUnitPriceSet,
    totalMinor: totalOf(line, current, currency),
    ...toLineFacts(line, current, currency),
  };
};

/**
 * The order's total after edits and before refunds, with the tax in it that stands beside the prices. Shopify gives the
 * total as placed and the one after edits and refunds together: without a refund that is the one; with refunds, what
 * edits took off is taken off the total as placed.
 */
const toTotal = (order: Order, refunded: RefundedUnits): { totalMinor: number; taxMinor: number[] } => {
  const currency = order.presentmentCurrencyCode;
  const minor = (text: string) => toMinor(text, currency);
  const taxes = (lines: Order['taxLines']) => (order.taxesIncluded ? [] : lines.map((tax) => minor(tax.priceSet)));
  if (order.refunds.length === 0)
    return { totalMinor: minor(order.currentTotalPriceSet.amount), taxMinor: taxes(order.currentTaxLines) };
  const placed = taxes(order.taxLines);
  const goods = sum(
    order.lineItems.nodes
      .map((line) => totalOf(line, removedUnits(line, refunded), currency))
      .filter((part) => part > 0),
  );
  const edited = order.lineItems.nodes.some((line) => removedUnits(line, refunded) > 0);
  if (!edited) return { totalMinor: minor(order.totalPriceSet.amount), taxMinor: placed };
  const refundedTax = order.refunds.flatMap((refund) => refund.refundLineItems.nodes.map((n) => minor(n.totalTaxSet)));
  const tax = order.taxesIncluded ? 0 : Math.max(0, sum(placed) - sum(taxes(order.currentTaxLines)) - sum(refundedTax));
  return { totalMinor: minor(order.totalPriceSet.amount) - goods - tax, taxMinor: allocate(sum(placed) - tax, placed) };
};

/**
 * The parts of an order that are not goods. Shopify states a total and not every part of it (an order-wide discount, duties,
 * tips, cash rounding): what is left over is one charge of its own, so that lines and charges always sum to the total.
 */
const toCharges = (
  order: Order,
  refunded: RefundedUnits,
  lines: readonly IncomingLine[],
  { totalMinor, taxMinor }: { totalMinor: number; taxMinor: readonly number[] },
): IncomingCharge[] => {
  const minor = (text: string) => toMinor(text, order.presentmentCurrencyCode);
  const stated: IncomingCharge[] = [
    ...order.shippingLines.nodes.map((line, index) => ({
      externalId: line.id ?? `shipping-${index}`,
      kind: 'shipping' as const,
      code: line.code ?? '',
      title: line.title,
      totalMinor: minor(line.discountedPriceSet),
    })),
    ...order.lineItems.nodes
      .filter((line) => isCharge(line) && line.quantity > removedUnits(line, refunded))
      .map((line) => ({
        externalId: line.id,
        kind: 'custom' as const,
        code: line.sku ?? '',
        title: line.name,
        totalMinor: totalOf(line, line.quantity - removedUnits(line, refunded), order.presentmentCurrencyCode),
      })),
    ...order.additionalFees.map((fee) => ({
      externalId: fee.id,
      kind: 'fee' as const,
      code: '',
      title: fee.name,
      totalMinor: minor(fee.price),
    })),
    ...taxMinor.map((amount, index) => ({
      externalId: `tax-${index}`,
      kind: 'tax' as const,
      code: '',
      title: (order.refunds.length === 0 ? order.currentTaxLines : order.taxLines)[index]?.title ?? '',
      totalMinor: amount,
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

const MONEY_IN = new Set(['SALE', 'CAPTURE']);

/** Shopify calls an order partly refunded also when it was never paid whole: what is to be paid is what stands on it before refunds. */
const toPayment = (order: Order, totalMinor: number): IncomingPayment => {
  const paidMinor = toMinor(order.totalReceivedSet, order.presentmentCurrencyCode);
  const times = order.transactions
    .filter((t) => MONEY_IN.has(t.kind) && t.status === 'SUCCESS')
    .flatMap((t) => t.processedAt ?? []);
  const shown = PAYMENT[order.displayFinancialStatus ?? ''] ?? 'unknown';
  return {
    state: shown === 'partly_refunded' && paidMinor < totalMinor ? 'partly_paid' : shown,
    method: order.paymentGatewayNames.join(', '),
    paidMinor,
    paidAt: times.toSorted((a, b) => Date.parse(a) - Date.parse(b)).at(-1) ?? null,
  };
};

/**
 * Numbers of the buyer, such as TAX_CREDENTIAL_IT or SHIPPING_CREDENTIAL_KR, each once. What kind of number a country asks for Shopify
 * does not say. Source: LocalizedFieldKey in the SDL of 2026-04, read 2026-12-01.
 */
const CREDENTIAL = /^(TAX|SHIPPING)_CREDENTIAL_[A-Z]{2}$/;
const toTaxIds = (order: Order, localized: readonly LocalizedField[]): TaxId[] => {
  const company = order.purchasingEntity?.location?.taxSettings.taxRegistrationId ?? '';
  const given = [
    ...localized
      .filter(({ key }) => CREDENTIAL.test(key))
      .map(({ value, countryCode }) => ({ number: value.trim(), country: toCountry(countryCode) ?? '' })),
    { number: company.trim(), country: '' },
  ].filter(({ number }) => number !== '');
  const isFirst = ({ number, country }: (typeof given)[number], index: number) =>
    given.findIndex((other) => other.number === number && other.country === country) === index;
  return given.filter(isFirst).map((id) => ({ kind: 'other', ...id }));
};

/** The total in the shop's own currency: where Shopify does not state the one that we count, its share of the one that it states. */
const toShopMoney = (order: Order, totalMinor: number): OrderFacts['shopMoney'] => {
  const { amount, shop } = order.refunds.length === 0 ? order.currentTotalPriceSet : order.totalPriceSet;
  if (!shop || shop.currencyCode === order.presentmentCurrencyCode) return null;
  const [whole, inShop] = [toMinor(amount, order.presentmentCurrencyCode), toMinor(shop.amount, shop.currencyCode)];
  return {
    currency: shop.currencyCode,
    totalMinor: whole === totalMinor || whole === 0 ? inShop : Math.round((inShop * totalMinor) / whole),
  };
};

/** What an order says beside goods and money: nothing in a body that version 0.2 has kept. */
const toFacts = (order: Order, totalMinor: number): Pick<IncomingOrder, 'facts'> => {
  if (order.tags === undefined) return {};
  const localized = order.localizedFields?.nodes ?? [];
  return {
    facts: {
      taxIds: toTaxIds(order, localized),
      poNumber: order.poNumber ?? '',
      tags: order.tags ?? [],
      shippingMethod: order.shippingLines.nodes.map(({ title }) => title).join(', '),
      attributes: [
        ...toAttributes(order.customAttributes ?? []),
        ...localized
          .filter(({ key }) => !CREDENTIAL.test(key))
          .map(({ key, title, value }) => ({ name: title || key, value })),
      ],
      shopMoney: toShopMoney(order, totalMinor),
    },
  };
};

/**
 * What keeps a part of the order from being sent: each hold by itself, or that it opens only later.
 * Source: FulfillmentOrderStatus in the SDL of 2026-04, recorded holds of 2026-07-10, read 2026-12-01.
 */
const toShopHolds = ({ id, status, fulfillAt, fulfillmentHolds }: FulfillmentOrderState): IncomingShopHold[] => {
  const whole = { externalId: id, reason: status, note: '', untilAt: null };
  if (status === 'SCHEDULED') return [{ ...whole, untilAt: fulfillAt }];
  if (status !== 'ON_HOLD') return [];
  if (fulfillmentHolds.length === 0) return [whole];
  return fulfillmentHolds.map((hold) => ({
    externalId: hold.id,
    reason: hold.reason,
    note: hold.reasonNotes ?? '',
    untilAt: null,
  }));
};

/** What the shop shows as sent, and what it wants to wait: nothing in a body that version 0.2 has kept. */
const toSending = (order: Order): Pick<IncomingOrder, 'fulfilments' | 'shopHolds'> => {
  const { fulfillments, fulfillmentOrders } = order;
  if (fulfillments === undefined) return {};
  return {
    fulfilments: (fulfillments ?? []).map(({ id, status, trackingInfo, fulfillmentLineItems }) => ({
      externalId: id,
      rawStatus: status,
      tracking: trackingInfo.map(({ company, number, url }) => ({
        carrier: company ?? '',
        number: number ?? '',
        url: url ?? '',
      })),
      lines: fulfillmentLineItems.nodes.flatMap(({ lineItem, quantity }) =>
        quantity !== null && quantity > 0 ? [{ lineExternalId: lineItem.id, quantity }] : [],
      ),
    })),
    shopHolds: (fulfillmentOrders?.nodes ?? []).flatMap(toShopHolds),
  };
};

/** An order in the currency that the buyer paid in. Total: any order of the wire's shape has a meaning. */
export const toOrder = (order: Order): IncomingOrder => {
  const currency = order.presentmentCurrencyCode;
  const refunded = refundedUnits(order);
  const total = toTotal(order, refunded);
  const lines = order.lineItems.nodes
    .filter((line) => !isCharge(line) && line.quantity > 0)
    .map((line) => toLine(line, refunded, currency));
  const email = order.email ?? '';
  return {
    externalId: order.id,
    number: order.name,
    placedAt: order.createdAt,
    updatedAt: order.updatedAt,
    currency,
    payment: toPayment(order, total.totalMinor),
    rawStatus: `${order.displayFinancialStatus ?? ''}/${order.displayFulfillmentStatus}`,
    cancelledAt: order.cancelledAt,
    buyer: {
      externalId: order.customer?.id ?? null,
      name: order.customer?.displayName ?? order.billingAddress?.name ?? order.shippingAddress?.name ?? '',
      email,
    },
    test: order.test,
    risk: RISK[order.risk.recommendation] ?? 'investigate',
    shipTo: order.shippingAddress ? toAddress(order.shippingAddress, email) : null,
    billTo: order.billingAddress ? toAddress(order.billingAddress, email) : null,
    lines,
    charges: toCharges(order, refunded, lines, total),
    refunds: order.refunds.map((refund) => toRefund(refund, currency)),
    totalMinor: total.totalMinor,
    note: order.note ?? '',
    ...toFacts(order, total.totalMinor),
    ...toSending(order),
  };
};

/** What a listing shows at our location; null where the item is not stocked there. */
export const toQuantity = (item: InventoryItem): number | null => item.inventoryLevel?.quantities[0]?.quantity ?? null;

/** Source: WeightUnit in the SDL of 2026-04, read 2026-11-30; the international avoirdupois pound is 453.59237 g. */
const GRAMS_IN: Readonly<Record<string, number>> = {
  GRAMS: 1,
  KILOGRAMS: 1_000,
  POUNDS: 453.59237,
  OUNCES: 28.349523125,
};
const toGrams = (weight: { value: number; unit: string } | null | undefined): number | null => {
  const grams = weight && GRAMS_IN[weight.unit];
  return weight && grams ? weight.value * grams : null;
};

/** Source: ProductVariantInventoryPolicy in the SDL of 2026-04, read 2026-12-01. */
const SELLS_WITHOUT_STOCK: Readonly<Record<string, boolean>> = { CONTINUE: true, DENY: false };
const toPolicy = (policy: string | null | undefined): Pick<ListingRead, 'sellsWithoutStock'> => {
  const sellsWithoutStock = SELLS_WITHOUT_STOCK[policy ?? ''];
  return sellsWithoutStock === undefined ? {} : { sellsWithoutStock };
};

export const toLocation = ({ id, name, isActive }: Location): LocationRead => ({
  externalId: id,
  name,
  active: isActive,
});

export const toListing = (variant: ProductVariant, currency: string): ListingRead => ({
  externalVariantId: variant.id,
  externalProductId: variant.product.id,
  externalInventoryId: variant.inventoryItem.id,
  sku: variant.sku,
  title: variant.title === 'Default Title' ? variant.product.title : `${variant.product.title} - ${variant.title}`,
  price: variant.price,
  currency,
  quantity: toQuantity(variant.inventoryItem),
  status: LISTING[variant.product.status] ?? 'unknown',
  rawStatus: variant.product.status,
  ...toPolicy(variant.inventoryPolicy),
  facts: readFacts({
    weightGrams: toGrams(variant.inventoryItem.measurement?.weight),
    origin: variant.inventoryItem.countryCodeOfOrigin ?? null,
    hsCode: variant.inventoryItem.harmonizedSystemCode ?? null,
    gtin: variant.barcode ?? null,
  }),
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
  const ours = [number, ...(confirmation.earlier ?? [])].filter((each) => each !== '');
  const told = fulfillments.filter((fulfillment) => {
    const numbers = fulfillment.trackingInfo.map((info) => info.number ?? '');
    const same = ours.length === 0 ? numbers.every((n) => n === '') : numbers.some((n) => ours.includes(n));
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

export const toTrackingInfo = (tracking: Tracking): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ company: toCompany(tracking.carrier), number: tracking.number, url: tracking.url }).filter(
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
