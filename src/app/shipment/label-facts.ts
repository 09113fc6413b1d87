import type { Address } from '#domain/address.ts';
import { needsCustoms } from '#domain/customs.ts';
import type { HoldCode } from '#domain/hold.ts';
import type { Leg } from '#domain/leg.ts';
import type { LabelRequest, Shipment } from '#domain/shipment.ts';
import { type CustomsFacts, customsFacts, type Variant } from '#domain/variant.ts';

/** What a label needs beyond the parcel, or the hold that names what is missing. */
export type LabelFacts =
  | { kind: 'ready'; from: Address; to: Address; contents: LabelRequest['contents'] }
  | { kind: 'held'; hold: { code: HoldCode; note: string; field: string; sku?: string } };

const FIELD_IN_WORDS: Readonly<Record<keyof CustomsFacts, string>> = {
  weightGrams: 'weight',
  origin: 'country of origin',
  hsCode: 'HS code',
};

/** The SKUs of a leg that have not been cancelled: it is held as a whole, so that one of its packages does not undo another's hold. */
export const skusOf = (leg: Leg): string[] => [
  ...new Set(leg.lines.flatMap((line) => (line.quantity > line.cancelled ? [line.sku] : []))),
];

/** How many units a line's total is for: the package may hold fewer. */
const soldUnits = (leg: Leg, lineId: string): number => leg.lines.find((line) => line.lineId === lineId)?.quantity ?? 1;

/**
 * The addresses and customs lines of a package's label, from facts as they stand now. Within one customs area nothing is asked of the
 * goods: the shipper gives the parcel's weight. Pure.
 */
export const labelFacts = (
  leg: Leg,
  shipment: Pick<Shipment, 'lines'>,
  given: { from: Address | null; to: Address; variants: ReadonlyMap<string, Variant> },
): LabelFacts => {
  const { from, to, variants } = given;
  if (from === null)
    return {
      kind: 'held',
      hold: { code: 'address', field: 'location', note: `Location ${leg.location} has no address.` },
    };
  if (!needsCustoms(from, to)) return { kind: 'ready', from, to, contents: null };
  const bySku = new Map(skusOf(leg).map((sku) => [sku, customsFacts(variants.get(sku), to.country)]));
  const lacking = [...bySku].flatMap(([sku, found]) => ('missing' in found ? [{ sku, missing: found.missing }] : []));
  const [first] = lacking;
  if (first)
    return {
      kind: 'held',
      hold: {
        code: 'product',
        sku: first.sku,
        field: first.missing[0] ?? 'weightGrams',
        note: `For the customs form to ${to.country}: ${lacking
          .map(({ sku, missing }) => `${sku} has no ${missing.map((field) => FIELD_IN_WORDS[field]).join(', no ')}`)
          .join('; ')}.`,
      },
    };
  return {
    kind: 'ready',
    from,
    to,
    contents: shipment.lines.flatMap((line) => {
      const found = bySku.get(line.sku) ?? customsFacts(variants.get(line.sku), to.country);
      if ('missing' in found) return [];
      return [
        {
          sku: line.sku,
          title: line.title,
          quantity: line.quantity,
          valueMinor: Math.max(0, Math.floor(line.totalMinor / soldUnits(leg, line.lineId))),
          currency: leg.currency,
          ...found.facts,
        },
      ];
    }),
  };
};
