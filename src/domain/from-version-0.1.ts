import type { Actor } from './actor.ts';
import type { Address } from './address.ts';
import type { ExceptionRecord } from './exception.ts';
import { supplierOf } from './ids.ts';
import { type Location, newLocation } from './location.ts';
import type { ModeName } from './offer.ts';
import { newVariant, type Variant } from './variant.ts';

/**
 * What version 0.1 left behind about places and goods, as version 0.2 keeps it. Pure: whoever migrates writes it down. That version
 * knew a location by its name alone, sent everything from one made-up warehouse, and filled in 250 g and CN where nobody had said.
 */
const FILLED_IN = { weightGrams: 250, origin: 'CN' } as const;

export interface Offer01 {
  workspaceId: string;
  sku: string;
  title: string;
  mode: ModeName;
  location: string;
  weightGrams: number;
  origin: string;
  hsCode: string;
}

/** Whose a shelf was, by the way of doing business that used it. */
const KIND_OF: Readonly<Record<ModeName, Location['kind']>> = {
  wholesale: 'own',
  self_produced: 'factory',
  agent_operated: 'principal',
  oem_dropship: 'third_party',
};

/** Every place that offers, keys or shelves of a workspace name, without an address. Suppliers' own shelves are none. */
export const locationsFrom01 = (given: {
  workspaceId: string;
  offers: readonly Pick<Offer01, 'mode' | 'location'>[];
  keys: readonly { location: string }[];
  levels: readonly { location: string }[];
  by: Actor;
  atMs: number;
}): Location[] => {
  const { workspaceId, offers, keys, levels, by, atMs } = given;
  const kinds = new Map(offers.map(({ location, mode }) => [location, KIND_OF[mode]]));
  const codes = new Set([...offers, ...levels, ...keys].map(({ location }) => location));
  return [...codes]
    .filter((code) => code !== '' && supplierOf(code) === null)
    .sort()
    .map((code) => newLocation({ workspaceId, code, kind: kinds.get(code) ?? 'own', by, atMs }));
};

/** One variant for each SKU on offer. What equals what version 0.1 filled in is assumed; anything else somebody has typed. */
export const variantsFrom01 = (given: {
  offers: readonly Offer01[];
  listings: readonly { sku: string; title: string }[];
  by: Actor;
  atMs: number;
}): Variant[] => {
  const { offers, listings, by, atMs } = given;
  const titles = new Map(listings.map(({ sku, title }) => [sku, title]));
  const fact = <T>(value: T, filledIn: T | null) => ({
    value,
    source: value === filledIn ? ('assumed' as const) : ('person' as const),
    from: '',
    atMs,
  });
  return offers.map((offer) => {
    const weightGrams = fact(offer.weightGrams, FILLED_IN.weightGrams);
    const origin = fact(offer.origin, FILLED_IN.origin);
    return {
      ...newVariant(offer.workspaceId, offer.sku, by, atMs),
      title: offer.title || (titles.get(offer.sku) ?? ''),
      weightGrams,
      origin,
      hsCodes: /^\d{6,13}$/.test(offer.hsCode.replace(/[. ]/g, ''))
        ? { '*': fact(offer.hsCode.replace(/[. ]/g, ''), null) }
        : {},
      assumed: weightGrams.source === 'assumed' || origin.source === 'assumed',
    };
  });
};

/** What a person has to look at after the upgrade: one exception for the addresses, one for the facts that were filled in. */
export const exceptionsFrom01 = (
  workspaceId: string,
  locations: readonly Location[],
  variants: readonly Variant[],
): Pick<ExceptionRecord, 'workspaceId' | 'cause' | 'subject' | 'orderId' | 'detail' | 'retry'>[] => {
  const about = { workspaceId, subject: { kind: 'workspace' as const, id: workspaceId }, orderId: null, retry: null };
  const assumed = variants.filter((variant) => variant.assumed).length;
  return [
    ...(locations.length === 0
      ? []
      : [
          {
            ...about,
            cause: 'location_incomplete' as const,
            detail: `Enter the addresses of ${locations.map(({ code }) => code).join(', ')}: version 0.1 sent everything from a made-up one`,
          },
        ]),
    ...(assumed === 0
      ? []
      : [
          {
            ...about,
            cause: 'facts_assumed' as const,
            detail: `${assumed} ${assumed === 1 ? 'variant has a weight or an origin' : 'variants have weights or origins'} that version 0.1 filled in (${FILLED_IN.weightGrams} g, ${FILLED_IN.origin})`,
          },
        ]),
  ];
};

/** An address as it stands, without the mark of version 0.1. */
export const withoutMark = <A extends { made?: boolean | undefined }>({ made: _, ...address }: A): Omit<A, 'made'> =>
  address;

/** An address without the mark of version 0.1; null for one that was made up. */
export const addressFrom01 = (address: Address | null): Address | null => {
  if (address === null || address.made === true) return null;
  return withoutMark(address);
};

/** An offer, or a line of a leg or of a package, without the facts that the variant has now. */
export const withoutFacts = <T extends { weightGrams: number; origin: string; hsCode: string }>({
  weightGrams: _weight,
  origin: _origin,
  hsCode: _code,
  ...rest
}: T): Omit<T, 'weightGrams' | 'origin' | 'hsCode'> => rest;

/** States of version 0.1 in which nobody had been told of a leg. */
const UNSENT: readonly string[] = ['planned', 'awaiting'];
/**
 * Where a leg goes, as it is kept now. One that was not sent and had a made-up address has none: the order is held for it, or a
 * purchase for the shelf takes the location's. One that was sent keeps what its party was told.
 */
export const shipToFrom01 = (leg: { state: string; shipTo: Address }): Address | null => {
  if (UNSENT.includes(leg.state)) return addressFrom01(leg.shipTo);
  return withoutMark(leg.shipTo);
};

/**
 * Which connection may have been asked for a package's label: version 0.1 asked the first logistics connection, whatever its state.
 * `logistics` in the order of ids, without the removed ones.
 */
export const carrierFrom01 = (
  shipment: { parcel: object | null; label: { connectionId: string } | null },
  logistics: readonly { _id: string }[],
): string | null => shipment.label?.connectionId ?? (shipment.parcel === null ? null : (logistics[0]?._id ?? null));
