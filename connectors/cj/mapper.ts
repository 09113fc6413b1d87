import {
  EU_MEMBERS,
  Failure,
  type PurchaseReport,
  type PurchaseRequest,
  readFacts,
  type SupplyLevel,
  toMinor,
} from '#kit';
import { type Amount, CURRENCY, type Order, type Variant, type Warehouse } from './wire.ts';

const DECIMAL = /^\d{1,15}(\.\d{1,10})?$/;
const REMARK_LENGTH = 500;

/** The amount as decimal text, or null where CJ gave none or a range: a range is no price. */
export const singleAmount = (amount: Amount): string | null => {
  const text = String(amount ?? '').trim();
  return DECIMAL.test(text) ? text : null;
};

/** CJ's dates are in China's time, whether they say so (“…T09:16:33+08:00”) or not (“… 09:16:33”). */
export const toInstant = (text: string): string | null => {
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text.replace(' ', 'T')}+08:00`;
  const at = Date.parse(zoned);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
};

/** Units that CJ has counted itself in the country that our orders leave from; a factory's promise is not stock. */
export const sellable = (warehouses: readonly Warehouse[], country: string): number =>
  warehouses
    .filter((w) => w.verifiedWarehouse === 1 && w.countryCode === country)
    .reduce((sum, w) => sum + Math.max(0, Math.trunc(w.cjInventory ?? 0)), 0);

export const toSupplyLevel = (variant: Variant, productTitle: string, country: string): SupplyLevel => {
  const unitCost = singleAmount(variant.variantSellPrice);
  return {
    externalSku: variant.vid,
    quantity: sellable(variant.inventory ?? [], country),
    unitCost,
    currency: unitCost === null ? null : CURRENCY,
    title: variant.variantNameEn ?? productTitle,
    facts: readFacts({
      weightGrams: Number(singleAmount(variant.variantWeight) ?? 0),
      dimensions: {
        lengthMm: Number(singleAmount(variant.variantLength) ?? 0),
        widthMm: Number(singleAmount(variant.variantWidth) ?? 0),
        heightMm: Number(singleAmount(variant.variantHeight) ?? 0),
      },
    }),
  };
};

/** Source: CJ, “Shopping”, read 2026-11-24. An order not yet paid is nothing that CJ has accepted. */
const STATES: Readonly<Record<string, PurchaseReport['state']>> = {
  CREATED: 'created',
  IN_CART: 'created',
  UNPAID: 'created',
  UNSHIPPED: 'accepted',
  SHIPPED: 'shipped',
  DELIVERED: 'delivered',
  CANCELLED: 'cancelled',
};
/** Taken down, and waits for its payment. */
export const isUnpaid = (status: string): boolean => toState(status) === 'created';

export const toState = (status: string): PurchaseReport['state'] =>
  Object.hasOwn(STATES, status) ? (STATES[status] ?? 'unknown') : 'unknown';

/** CJ lets go of an order until it is paid, and then no more. [unverified: named so by third parties only] */
export const canDelete = isUnpaid;

export const referenceOf = (order: Order): string => order.orderNum ?? order.orderNumber ?? '';

type Package = PurchaseReport['packages'][number];

const packageOf = (order: Order, lines: Package['lines']): Package[] =>
  order.trackNumber
    ? [
        {
          externalId: order.trackNumber,
          tracking: { carrier: order.logisticName ?? '', number: order.trackNumber, url: order.trackingUrl ?? '' },
          shippedAt: null,
          lines,
        },
      ]
    : [];

/** CJ packs an order as one parcel, nor does it say when it left. */
export const toPurchaseReport = (order: Order, reference: string, reason = ''): PurchaseReport => {
  const amount = singleAmount(order.orderAmount);
  return {
    externalId: order.orderId,
    reference,
    state: toState(order.orderStatus),
    rawStatus: order.orderStatus,
    unpaid: isUnpaid(order.orderStatus),
    costMinor: amount === null ? null : toMinor(amount, CURRENCY),
    currency: amount === null ? null : CURRENCY,
    packages: packageOf(order, null),
    reason,
  };
};

const LEFT: readonly PurchaseReport['state'][] = ['shipped', 'delivered'];

/** How an order stands that CJ fulfils as several; `unseen` of them CJ does not show. */
const stateOfParts = (states: readonly PurchaseReport['state'][], unseen: number): PurchaseReport['state'] => {
  const live = states.filter((state) => state !== 'cancelled');
  const left = live.filter((state) => LEFT.includes(state));
  if (live.length === 0) return unseen === 0 ? 'cancelled' : 'accepted';
  if (left.length < live.length + unseen) return left.length > 0 ? 'partly_shipped' : (live[0] ?? 'accepted');
  return live.every((state) => state === 'delivered') ? 'delivered' : 'shipped';
};

/**
 * An order that CJ has split: each of the orders that it became is a parcel of its own with its own lines. What the order itself still
 * shows of a parcel is left out, for its lines are in theirs.
 */
export const toSplitReport = (
  order: Order,
  reference: string,
  parts: readonly Order[],
  unseen = 0,
): PurchaseReport => ({
  ...toPurchaseReport(order, reference),
  state: stateOfParts(
    parts.map(({ orderStatus }) => toState(orderStatus)),
    unseen,
  ),
  unpaid: false,
  rawStatus: parts.map(({ orderStatus }) => orderStatus).join(' '),
  packages: parts.flatMap((part) =>
    packageOf(
      part,
      (part.productList ?? []).flatMap(({ vid, quantity }) =>
        quantity && quantity > 0 ? [{ externalSku: vid, quantity: Math.trunc(quantity) }] : [],
      ),
    ),
  ),
});

const countries = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' });

/** How the buyer wants each line made, in words: CJ's own field (`podProperties`) takes links to pictures and nothing else. */
const wishesOf = ({ lines }: PurchaseRequest): string =>
  lines
    .flatMap(({ externalSku, attributes }) =>
      attributes.length === 0
        ? []
        : [`${externalSku}: ${attributes.map(({ name, value }) => `${name}: ${value}`).join('; ')}.`],
    )
    .join(' ');

/** CJ has no field for neutral packing: the packer is asked in words. Throws `rejected` where the wishes do not fit: none is cut. */
const remarkOf = (purchase: PurchaseRequest): string => {
  const packing = purchase.neutralPacking ? 'Neutral packing, please: no price and no seller on or in the parcel.' : '';
  const needed = [packing, wishesOf(purchase)].filter(Boolean).join(' ');
  if (needed.length > REMARK_LENGTH)
    throw new Failure(
      'rejected',
      `CJ takes a remark of ${REMARK_LENGTH} characters: how the buyer wants the goods made is longer`,
    );
  return [needed, purchase.note].filter(Boolean).join(' ').slice(0, REMARK_LENGTH);
};

const CJ_IOSS = 'CJ-IOSS';

/**
 * What customs is told. `consigneeID` is a buyer's own number, `taxId` one of its business. Source: CJ, “Shopping”, 1.1, read
 * 2026-12-01; which of the two a country asks for is not said there.
 */
const declaredOf = (purchase: PurchaseRequest, iossNumber: string) => {
  const numberOf = (party: string, ...kinds: readonly string[]): string | undefined =>
    purchase.taxIds.find((id) => id.party === party && kinds.includes(id.kind))?.number;
  const taxId = numberOf('buyer', 'vat', 'eori');
  const consigneeID = numberOf('buyer', 'other');
  const inEu = EU_MEMBERS.some((member) => member === purchase.shipTo.country);
  const ioss = inEu ? (numberOf('seller', 'ioss') ?? iossNumber) : '';
  return {
    ...(taxId === undefined ? {} : { taxId }),
    ...(consigneeID === undefined ? {} : { consigneeID }),
    ...(ioss === '' ? {} : { iossType: ioss === CJ_IOSS ? 3 : 2, iossNumber: ioss }),
  };
};

/** The body of createOrderV2. */
export const fromPurchase = (
  purchase: PurchaseRequest,
  settings: { payType: 2 | 3; logisticName: string; fromCountryCode: string; iossNumber: string },
) => {
  const { shipTo } = purchase;
  return {
    orderNumber: purchase.reference,
    shippingCustomerName: shipTo.name,
    shippingAddress: shipTo.line1,
    shippingAddress2: shipTo.line2,
    shippingCity: shipTo.city,
    // Required by CJ, and many countries have none.
    shippingProvince: shipTo.region || shipTo.city,
    shippingZip: shipTo.postalCode,
    shippingCountryCode: shipTo.country,
    shippingCountry: countries.of(shipTo.country) ?? shipTo.country,
    shippingPhone: shipTo.phone,
    email: shipTo.email,
    ...declaredOf(purchase, settings.iossNumber),
    remark: remarkOf(purchase),
    payType: settings.payType,
    logisticName: settings.logisticName,
    fromCountryCode: settings.fromCountryCode,
    products: purchase.lines.map((line) => ({
      vid: line.externalSku,
      quantity: line.quantity,
      storeLineItemId: line.lineId,
    })),
  };
};
