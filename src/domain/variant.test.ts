import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectionActor, systemActor } from './actor.ts';
import {
  customsFacts,
  hsCodeFor,
  newVariant,
  type Variant,
  VariantInput,
  withConfirmed,
  withRead,
  withTyped,
} from './variant.ts';

const by = systemActor('test');
const shop = connectionActor({ _id: 'cn_shop', name: 'Shop' });
const other = connectionActor({ _id: 'cn_other', name: 'Other shop' });
const supplier = connectionActor({ _id: 'cn_supplier', name: 'Supplier' });
const blank = newVariant('w', 'A-1', by, 1);
const typed = (given: object, on: Variant = blank) =>
  withTyped(on, VariantInput.parse({ sku: 'A-1', ...given }), by, 2);
const listed = (grams: number, actor = shop, on: Variant = blank) =>
  withRead(on, { title: 'Lantern', facts: { weightGrams: grams } }, { source: 'listing', by: actor, atMs: 3 });
const catalogued = (grams: number, on: Variant = blank) =>
  withRead(on, { title: 'Lantern', facts: { weightGrams: grams } }, { source: 'catalogue', by: supplier, atMs: 3 });

describe('the facts of a variant', () => {
  it('are taken over with their source', () => {
    expect(listed(700)).toMatchObject({
      title: 'Lantern',
      weightGrams: { value: 700, source: 'listing', from: 'cn_shop', atMs: 3 },
    });
  });

  it('stay as a person said them, whatever is read', () => {
    const known = typed({ weightGrams: 500, title: 'Lamp' });
    expect(listed(700, shop, known)).toBeNull();
    expect(catalogued(700, known)).toBeNull();
  });

  it('are a catalogue’s before a listing’s, and the first storefront’s of two', () => {
    const first = listed(700) ?? expect.fail();
    expect(listed(900, other, first)).toBeNull();
    expect(listed(900, shop, first)?.weightGrams?.value).toBe(900);
    const second = catalogued(650, first) ?? expect.fail();
    expect(second.weightGrams).toMatchObject({ value: 650, source: 'catalogue' });
    expect(listed(900, shop, second)).toBeNull();
  });

  it('that are assumed are used for nothing until a person confirms them', () => {
    const assumed = { source: 'assumed' as const, from: '', atMs: 1 };
    const old: Variant = {
      ...typed({ hsCodes: { '*': '9405.50' } }),
      weightGrams: { value: 250, ...assumed },
      origin: { value: 'CN', ...assumed },
      assumed: true,
    };
    expect(customsFacts(old, 'US')).toEqual({ missing: ['weightGrams', 'origin'] });
    const confirmed = withConfirmed(old, by, 5);
    expect(customsFacts(confirmed, 'US')).toEqual({ facts: { weightGrams: 250, origin: 'CN', hsCode: '940550' } });
    expect(confirmed).toMatchObject({ assumed: false, origin: { source: 'person', atMs: 5 } });
    expect(listed(700, shop, old)?.weightGrams).toMatchObject({ value: 700, source: 'listing' });
  });

  it('name every field that nobody has said', () => {
    expect(customsFacts(undefined, 'US')).toEqual({ missing: ['weightGrams', 'origin', 'hsCode'] });
    expect(customsFacts(typed({ weightGrams: 1, origin: 'GB' }), 'US')).toEqual({ missing: ['hsCode'] });
  });

  it('are taken away by null, and left by what is not said', () => {
    const known = typed({ weightGrams: 500, origin: 'GB' });
    expect(typed({ weightGrams: null }, known)).toMatchObject({ weightGrams: null, origin: { value: 'GB' } });
  });

  it.each([
    { origin: 'QQ' },
    { origin: 'cn' },
    { hsCodes: { '*': '12345' } },
    { hsCodes: { QQ: '610910' } },
    { weightGrams: 0 },
    { dangerousGoods: { dangerous: true, unNumber: '3481', hazardClass: '9', packingGroup: null } },
    { colour: 'red' },
  ])('are refused: %j', (given) => {
    expect(VariantInput.safeParse({ sku: 'A-1', ...given }).success).toBe(false);
  });

  it('choose the HS code of the country, then of its union, then of everywhere', () => {
    const variant = typed({ hsCodes: { '*': '610910', EU: '6109100010', US: '6109100012' } });
    expect(['US', 'DE', 'JP', 'CH'].map((country) => hsCodeFor(variant, country))).toEqual([
      '6109100012',
      '6109100010',
      '610910',
      '610910',
    ]);
  });

  it('never lose a person’s word, whoever reads in whatever order', () => {
    const grams = fc.integer({ min: 1, max: 9_999 });
    const step = fc.oneof(
      fc.record({ who: fc.constantFrom('shop', 'other', 'supplier'), grams }),
      fc.record({ who: fc.constant('person'), grams }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let variant = blank;
        let said: number | null = null;
        for (const { who, grams: value } of steps) {
          if (who === 'person') {
            said = value;
            variant = typed({ weightGrams: value }, variant);
          } else if (who === 'supplier') variant = catalogued(value, variant) ?? variant;
          else variant = listed(value, who === 'shop' ? shop : other, variant) ?? variant;
        }
        if (said !== null) expect(variant.weightGrams).toMatchObject({ value: said, source: 'person' });
      }),
    );
  });
});
