import { type Address, fromMinor, type Label, type LabelRequest, type Rate, type TrackingReport, toMinor } from '#kit';
import type { RateMessage, Shipment, Tracker, WireRate } from './wire.ts';

const GRAMS_PER_OUNCE = 28.349523125;
const MM_PER_INCH = 25.4;

/**
 * To hundredths, rounded up: a parcel is never declared lighter or smaller than it is, and the way back gives the same
 * whole gram or millimetre.
 */
const upToHundredths = (value: number): number => Math.ceil(value * 100 - 1e-9) / 100;
/** Rounded down: the lines of a customs form together never weigh more than the parcel, which is rounded up. */
const toOuncesAtMost = (grams: number): number => Math.floor((grams / GRAMS_PER_OUNCE) * 100 + 1e-9) / 100;
export const toOunces = (grams: number): number => upToHundredths(grams / GRAMS_PER_OUNCE);
export const toInches = (mm: number): number => upToHundredths(mm / MM_PER_INCH);

/** All four ways in which EasyPost writes a time, as UTC with a Z. One without a zone is taken as UTC. */
export const toInstant = (text: string | null | undefined): string | null => {
  if (!text) return null;
  const at = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
};

/** Source: EasyPost, “Trackers”, read 2026-11-24. Its `error` is a fault of the tracking, not of the delivery. */
const STATES: Readonly<Record<string, TrackingReport['state']>> = {
  pre_transit: 'pre_transit',
  in_transit: 'in_transit',
  out_for_delivery: 'out_for_delivery',
  available_for_pickup: 'available_for_pickup',
  delivered: 'delivered',
  return_to_sender: 'return_to_sender',
  failure: 'failure',
  cancelled: 'cancelled',
  error: 'unknown',
  unknown: 'unknown',
};
export const toState = (status: string): TrackingReport['state'] =>
  Object.hasOwn(STATES, status) ? (STATES[status] ?? 'unknown') : 'unknown';

/** A refund that EasyPost has taken up: the label is not to be used any more. */
export const isVoided = (refundStatus: string | null | undefined): boolean =>
  refundStatus === 'submitted' || refundStatus === 'refunded';

export const toRate = (rate: WireRate): Rate => ({
  externalId: rate.id,
  carrier: rate.carrier,
  service: rate.service,
  costMinor: toMinor(rate.rate, rate.currency),
  currency: rate.currency,
  days: rate.delivery_days ?? rate.est_delivery_days ?? null,
});

export const toMessages = (messages: readonly RateMessage[] | null | undefined): string[] =>
  (messages ?? []).map(({ carrier, message }) => [carrier, message].filter(Boolean).join(': '));

/**
 * What is charged for a label: its fees, of which the postage is one. Without fees, or without the postage among them, the rate counts.
 * Source: recorded purchases of 2024-07 to 2026-02 (LabelFee, PostageFee equal to the rate, InsuranceFee), read 2026-12-01.
 */
export const chargedMinor = (rate: WireRate, fees: Shipment['fees']): number => {
  const given = fees ?? [];
  const minor = (text: string) => toMinor(text, rate.currency);
  const postage = given.some(({ type }) => type === 'PostageFee') ? 0 : minor(rate.rate);
  return given.reduce((sum, { amount }) => sum + minor(amount), postage);
};

/** The label on a shipment, or null while none has been bought. */
export const toLabel = (shipment: Shipment): Label | null => {
  const { selected_rate: rate, postage_label: label, tracking_code: number } = shipment;
  if (!rate || !label) return null;
  return {
    externalId: shipment.id,
    reference: shipment.reference ?? '',
    tracking: { carrier: rate.carrier, number: number ?? '', url: shipment.tracker?.public_url ?? '' },
    service: rate.service,
    costMinor: chargedMinor(rate, shipment.fees),
    currency: rate.currency,
    url: label.label_url ?? '',
    voided: isVoided(shipment.refund_status),
  };
};

/** The wanted service, or the cheapest where none is wanted; null when it is not on offer. Ties go to the earlier. */
export const chooseRate = (rates: readonly Rate[], service: LabelRequest['service']): Rate | null => {
  const offered = service ? rates.filter((r) => r.carrier === service.carrier && r.service === service.service) : rates;
  return offered.reduce<Rate | null>((best, rate) => (best && best.costMinor <= rate.costMinor ? best : rate), null);
};

export const toTrackingReport = (tracker: Tracker): TrackingReport => ({
  state: toState(tracker.status),
  rawStatus: tracker.status,
  at: toInstant(tracker.tracking_details?.at(-1)?.datetime) ?? toInstant(tracker.updated_at),
  tracking: { carrier: tracker.carrier ?? '', number: tracker.tracking_code, url: tracker.public_url ?? '' },
});

const fromAddress = (address: Address) => ({
  name: address.name,
  company: address.company,
  street1: address.line1,
  street2: address.line2,
  city: address.city,
  state: address.region,
  zip: address.postalCode,
  country: address.country,
  phone: address.phone,
  email: address.email,
});

/**
 * EasyPost wants each customs line's whole value and whole weight; ours are of one unit.
 * Source: EasyPost, “CustomsItem”, read 2026-11-24.
 */
const fromContents = (contents: NonNullable<LabelRequest['contents']>) =>
  contents.map((line) => ({
    description: line.title,
    code: line.sku,
    quantity: line.quantity,
    // A JSON number, as recorded. It is only written, so that it is the shortest text of these digits and loses none.
    value: Number(fromMinor(line.valueMinor * line.quantity, line.currency)),
    currency: line.currency,
    weight: toOuncesAtMost(line.weightGrams * line.quantity),
    hs_tariff_number: line.hsCode,
    origin_country: line.origin,
  }));

/** Source: EasyPost, “TaxIdentifier”, read 2026-12-01; it takes eight. */
const MOST_TAX_IDS = 8;
const TAX_ID_TYPES: Readonly<Record<LabelRequest['taxIds'][number]['kind'], string | null>> = {
  vat: 'VAT',
  eori: 'EORI',
  ioss: 'IOSS',
  // What kind it is nobody says, and EasyPost asks.
  other: null,
};
const fromTaxIds = (taxIds: LabelRequest['taxIds']) =>
  taxIds
    .flatMap(({ kind, number, country, party }) => {
      const type = TAX_ID_TYPES[kind];
      return type === null
        ? []
        : [
            {
              entity: party === 'seller' ? 'SENDER' : 'RECEIVER',
              tax_id_type: type,
              tax_id: number,
              ...(country === '' ? {} : { issuing_country: country }),
            },
          ];
    })
    .slice(0, MOST_TAX_IDS);

/** The body of a new shipment under `reference`, with a customs form where the request has customs lines. */
export const fromLabelRequest = (request: LabelRequest, reference: string, eelPfc: string) => {
  const { from, to, parcel, contents } = request;
  const taxIds = fromTaxIds(request.taxIds);
  return {
    shipment: {
      reference,
      from_address: fromAddress(from),
      to_address: fromAddress(to),
      parcel: {
        weight: toOunces(parcel.weightGrams),
        length: toInches(parcel.lengthMm),
        width: toInches(parcel.widthMm),
        height: toInches(parcel.heightMm),
      },
      ...(contents === null
        ? {}
        : {
            customs_info: {
              contents_type: 'merchandise',
              restriction_type: 'none',
              non_delivery_option: 'return',
              // The citation is one of United States export law.
              ...(from.country === 'US' ? { eel_pfc: eelPfc } : {}),
              customs_certify: true,
              customs_signer: from.name,
              customs_items: fromContents(contents),
            },
          }),
      ...(taxIds.length === 0 ? {} : { tax_identifiers: taxIds }),
    },
  };
};
