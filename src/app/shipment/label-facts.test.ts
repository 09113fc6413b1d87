import { describe, expect, it } from 'vitest';
import { systemActor } from '#domain/actor.ts';
import { Address } from '#domain/address.ts';
import { newLeg, newLegLine } from '#domain/leg.ts';
import { newVariant, type Variant, VariantInput, withTyped } from '#domain/variant.ts';
import { labelFacts } from './label-facts.ts';

const by = systemActor('test');
const at = (country: string) => Address.parse({ name: 'A', line1: '1 Street', city: 'Town', country });
const line = (sku: string, quantity: number, cancelled = 0) => ({
  ...newLegLine({
    lineId: `line-${sku}`,
    externalId: sku,
    sku,
    title: `Thing ${sku}`,
    quantity,
    totalMinor: quantity * 500,
    externalSku: sku,
    unitCost: '1.00',
    reservation: `line-${sku}`,
    ready: true,
  }),
  cancelled,
});
const leg = newLeg({
  _id: 'lg_1',
  workspaceId: 'w',
  kind: 'fulfilment',
  mode: 'wholesale',
  partner: 'p',
  location: 'hull',
  currency: 'GBP',
  costCurrency: 'GBP',
  lines: [line('A', 4), line('B', 2), line('GONE', 1, 1)],
  dueAtMs: null,
  atMs: 1,
  shipTo: null,
  order: null,
});
/** A package of two of the four. */
const shipment = {
  lines: [{ lineId: 'line-A', externalId: 'A', sku: 'A', title: 'Thing A', quantity: 2, totalMinor: 2_000 }],
};
const variant = (sku: string, given: object): [string, Variant] => [
  sku,
  withTyped(newVariant('w', sku, by, 1), VariantInput.parse({ sku, ...given }), by, 2),
];
const WHOLE = { weightGrams: 300, origin: 'CN', hsCodes: { '*': '940550' } };
const facts = (from: string | null, to: string, ...variants: [string, Variant][]) =>
  labelFacts(leg, shipment, { from: from === null ? null : at(from), to: at(to), variants: new Map(variants) });

describe('the facts of a label', () => {
  it('lack the address of a location that has none, whatever else is known', () => {
    expect(facts(null, 'GB', variant('A', WHOLE))).toMatchObject({
      kind: 'held',
      hold: { code: 'address', note: 'Location hull has no address.' },
    });
  });

  it('hold no customs lines inside one customs area, and then ask nothing of the goods', () => {
    expect(facts('GB', 'GB')).toMatchObject({ kind: 'ready', contents: null });
    expect(facts('DE', 'FR')).toMatchObject({ kind: 'ready', contents: null });
  });

  it('name each SKU of the leg with each field that is missing, and none that was cancelled', () => {
    const held = facts(
      'GB',
      'DE',
      variant('A', { weightGrams: 300 }),
      variant('B', { ...WHOLE, hsCodes: { US: '940550' } }),
    );
    expect(held).toMatchObject({ kind: 'held', hold: { code: 'product', sku: 'A', field: 'origin' } });
    expect(held.kind === 'held' && held.hold.note).toBe(
      'For the customs form to DE: A has no country of origin, no HS code; B has no HS code.',
    );
  });

  it('declare what is in the package, by unit, in the currency of the sale', () => {
    expect(facts('GB', 'DE', variant('A', WHOLE), variant('B', WHOLE))).toMatchObject({
      kind: 'ready',
      contents: [
        {
          sku: 'A',
          title: 'Thing A',
          quantity: 2,
          valueMinor: 500,
          currency: 'GBP',
          weightGrams: 300,
          origin: 'CN',
          hsCode: '940550',
        },
      ],
    });
  });
});
