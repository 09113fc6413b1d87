import { describe, expect, it } from 'vitest';
import { Address } from '#domain/address.ts';
import { classify } from './classify.ts';
import { COUNTRIES, countryOf, madeAddress } from './countries.ts';
import { bucketOf, storefrontOf } from './mode-of.ts';
import type { HistoryRow } from './read-history.ts';

const row = (changed: Partial<HistoryRow>): HistoryRow => ({
  row: 7,
  invoice: '536365',
  code: '85123A',
  description: 'HOLDER',
  quantity: 6,
  atMs: 0,
  unitPrice: '2.55',
  customer: '17850.0',
  country: 'United Kingdom',
  ...changed,
});

describe('the kind of a row', () => {
  it.each([
    ['charge', { code: 'POST' }],
    ['charge', { code: 'm', invoice: 'C536365', quantity: -1 }],
    ['charge', { code: 'BANK CHARGES', unitPrice: '0.0', customer: '' }],
    ['charge', { code: 'B', invoice: 'A563186', unitPrice: '-11062.06' }],
    ['sale', { code: 'post' }],
    ['cancellation', { invoice: 'C1', quantity: -1 }],
    ['cancellation', { invoice: 'C1', quantity: -1, unitPrice: '0', customer: '' }],
    ['stock', { unitPrice: '0.00', customer: '', quantity: 5 }],
    ['stock', { unitPrice: '0', customer: '', quantity: -5 }],
    ['sale', { unitPrice: '0.0' }],
    ['sale', { customer: '' }],
    ['sale', { unitPrice: '0.001', customer: '' }],
  ])('is %s for %j', (kind, changed) => {
    expect(classify(row(changed)).kind).toBe(kind);
  });

  it('comes with an amount rounded half away from zero', () => {
    expect(classify(row({ quantity: 3, unitPrice: '1.295' })).minor).toBe(389);
    expect(classify(row({ invoice: 'C1', quantity: -1, unitPrice: '0.005' })).minor).toBe(-1);
    expect(classify(row({ quantity: 1, unitPrice: '0.001' })).minor).toBe(0);
  });

  it('is refused by row number when it can be none', () => {
    expect(() => classify(row({ quantity: -1 }))).toThrow('row 7, column Quantity: a sale of -1 units');
    expect(() => classify(row({ quantity: 0 }))).toThrow('a sale of 0 units');
    expect(() => classify(row({ unitPrice: '-1' }))).toThrow('row 7, column UnitPrice: a sale at -1');
    expect(() => classify(row({ invoice: 'C1' }))).toThrow('a cancellation of 6 units');
  });
});

describe('the published hash', () => {
  it('gives the examples of its documentation', () => {
    expect(['22423', '85123A', 'POST'].map((code) => bucketOf(code, 4))).toEqual([0, 1, 3]);
    expect(['22423', '85123A', 'POST'].map((code) => bucketOf(code, 2 ** 32))).toEqual([
      0x59452270, 0xe878cba9, 0x7302a987,
    ]);
    expect(['536365', '536366', '581587'].map((invoice) => storefrontOf(invoice, 2))).toEqual([1, 0, 1]);
  });

  it('is FNV-1a: the vectors of its authors', () => {
    expect(bucketOf('', 2 ** 32)).toBe(0x811c9dc5);
    expect(bucketOf('a', 2 ** 32)).toBe(0xe40c292c);
    expect(bucketOf('foobar', 2 ** 32)).toBe(0xbf9cf968);
  });
});

describe('the table of countries', () => {
  it('gives codes an address can have', () => {
    for (const code of Object.values(COUNTRIES)) {
      expect(Address.parse(madeAddress('Guest', code))).toMatchObject({ country: code });
    }
    expect(countryOf({ row: 1, country: 'EIRE' })).toBe('IE');
    expect(countryOf({ row: 1, country: 'European Community' })).toBe('ZZ');
  });

  it('refuses a name that it lacks, by row', () => {
    expect(() => countryOf({ row: 9, country: 'Atlantis' })).toThrow('row 9, column Country: “Atlantis”');
    expect(() => countryOf({ row: 9, country: 'constructor' })).toThrow('row 9');
  });
});
