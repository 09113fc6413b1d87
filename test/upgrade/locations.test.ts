import { BSON } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { systemActor } from '#domain/actor.ts';
import { Address } from '#domain/address.ts';
import {
  addressFrom01,
  exceptionsFrom01,
  locationsFrom01,
  shipToFrom01,
  variantsFrom01,
  withoutFacts,
} from '#domain/from-version-0.1.ts';
import { Location, wrongIn } from '#domain/location.ts';
import { ModeName, Offer } from '#domain/offer.ts';
import { customsFacts, Variant } from '#domain/variant.ts';
import { factsOf, linesOf, SETS } from './load-evidence.ts';

const read = <S extends z.ZodType>(set: (typeof SETS)[number], collection: string, schema: S): z.output<S>[] =>
  linesOf(set, collection).map((line) => schema.parse(BSON.EJSON.parse(line, { relaxed: true })));

const Offer01 = z.looseObject({
  workspaceId: z.string(),
  sku: z.string(),
  title: z.string(),
  mode: ModeName,
  location: z.string(),
  weightGrams: z.number(),
  origin: z.string(),
  hsCode: z.string(),
});
const Placed = z.object({ location: z.string() });
const Leg01 = z.object({
  _id: z.string(),
  orderId: z.string().nullable(),
  state: z.string(),
  shipTo: Address,
});
const by = systemActor('migration');
const atMs = 1_796_000_000_000;

describe.each(SETS)('what version 0.1 left of places and goods in “%s”', (set) => {
  const { workspaceId } = factsOf(set);
  const offers = read(set, 'offers', Offer01);
  const locations = locationsFrom01({
    workspaceId,
    offers,
    keys: read(set, 'apiKeys', Placed),
    levels: read(set, 'levels', Placed),
    by,
    atMs,
  });
  const listings = read(set, 'listings', z.object({ sku: z.string(), title: z.string() }));
  const variants = variantsFrom01({ offers, listings, by, atMs });

  it('becomes a location for every name that is used, with its kind and without an address', () => {
    expect(locations.map(({ code, kind }) => [code, kind])).toEqual([
      ['brand', 'factory'],
      ['principal', 'principal'],
      ['warehouse', 'own'],
    ]);
    for (const location of locations) {
      expect(Location.parse(location)).toEqual(location);
      expect(wrongIn(location)).toBeNull();
      expect(location.address).toBeNull();
    }
  });

  it('becomes a variant for each SKU; what was filled in is assumed and used for nothing', () => {
    expect(variants.map(({ sku }) => sku)).toEqual(offers.map(({ sku }) => sku));
    expect(variants.length).toBeGreaterThan(10);
    for (const variant of variants) {
      expect(Variant.parse(variant)).toEqual(variant);
      expect(variant.weightGrams).toMatchObject({ value: 250, source: 'assumed' });
      expect(customsFacts(variant, 'US')).toMatchObject({ missing: ['weightGrams', 'origin', 'hsCode'] });
      expect(variant.title).not.toBe('');
    }
  });

  it('asks a person once for the addresses and once for the facts', () => {
    const opened = exceptionsFrom01(workspaceId, locations, variants);
    expect(opened.map(({ cause }) => cause)).toEqual(['location_incomplete', 'facts_assumed']);
    expect(opened[0]?.detail).toContain('brand, principal, warehouse');
    expect(opened[1]?.detail).toContain(`${variants.length} variants`);
  });

  it('leaves offers that fit, without the facts', () => {
    for (const offer of offers) expect(Object.keys(withoutFacts(offer))).not.toContain('weightGrams');
    expect(Offer.safeParse(withoutFacts(offers[0] ?? expect.fail())).success).toBe(true);
  });

  it('leaves no made-up address on a leg that was not sent, and every other as it was told', () => {
    const legs = read(set, 'legs', Leg01);
    const made = legs.filter(({ shipTo }) => shipTo.made);
    for (const leg of legs) {
      const now = shipToFrom01(leg);
      const unsent = leg.state === 'planned' || leg.state === 'awaiting';
      if (leg.shipTo.made && unsent) expect(now).toBeNull();
      else expect(now).toMatchObject({ line1: leg.shipTo.line1, country: leg.shipTo.country });
      expect(now ?? {}).not.toHaveProperty('made');
    }
    for (const { shipTo } of made) expect(addressFrom01(shipTo)).toBeNull();
    if (set === 'states') expect(made.some(({ orderId }) => orderId !== null)).toBe(true);
  });
});
