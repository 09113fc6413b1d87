import { type PurchaseReport, type PurchaseRequest, readFacts, type SupplyLevel, toMinor } from '#kit';
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
export const toState = (status: string): PurchaseReport['state'] =>
  Object.hasOwn(STATES, status) ? (STATES[status] ?? 'unknown') : 'unknown';

/** States in which CJ lets go of an order; from payment on it does not. [unverified: named so by third parties only] */
export const canDelete = (status: string): boolean => ['CREATED', 'IN_CART', 'UNPAID'].includes(status);

export const referenceOf = (order: Order): string => order.orderNum ?? order.orderNumber ?? '';

/** CJ packs an order as one parcel and does not say its lines, nor when it left. */
export const toPurchaseReport = (order: Order, reference: string, reason = ''): PurchaseReport => {
  const amount = singleAmount(order.orderAmount);
  return {
    externalId: order.orderId,
    reference,
    state: toState(order.orderStatus),
    rawStatus: order.orderStatus,
    costMinor: amount === null ? null : toMinor(amount, CURRENCY),
    currency: amount === null ? null : CURRENCY,
    packages: order.trackNumber
      ? [
          {
            externalId: order.trackNumber,
            tracking: {
              carrier: order.logisticName ?? '',
              number: order.trackNumber,
              url: order.trackingUrl ?? '',
            },
            shippedAt: null,
            lines: null,
          },
        ]
      : [],
    reason,
  };
};

const countries = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' });

/** The body of createOrderV2. CJ has no field for neutral packing: the packer is asked in words. */
export const fromPurchase = (
  purchase: PurchaseRequest,
  settings: { payType: 2 | 3; logisticName: string; fromCountryCode: string },
) => {
  const { shipTo } = purchase;
  const packing = purchase.neutralPacking ? 'Neutral packing, please: no price and no seller on or in the parcel.' : '';
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
    remark: [packing, purchase.note].filter(Boolean).join(' ').slice(0, REMARK_LENGTH),
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
