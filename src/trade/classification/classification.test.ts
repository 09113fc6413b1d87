import { describe, expect, it } from 'vitest';
import { plainDate } from '../plain-date.ts';
import { faultsOf } from '../rule.ts';
import { checkHs, editionOnFile, type HsQuestion, normaliseHs, requireHs } from './check-hs.ts';
import { readEccn } from './export-control.ts';
import { editionOn, HS_EDITIONS, type HsEdition } from './hs-edition.ts';
import { NATIONAL_LENGTHS } from './national-lengths.ts';
import { readHsEdition } from './read-hs-edition.ts';

const day = plainDate;
const asOf = { on: day('2026-11-25'), today: day('2026-11-25') };

const edition: HsEdition = {
  id: 'HS2022',
  from: day('2022-01-01'),
  to: day('2027-12-31'),
  codes: new Map([
    ['010121', 'Horses; pure-bred'],
    ['300241', 'Vaccines; human'],
    ['300242', 'Vaccines; veterinary'],
    ['610910', 'T-shirts of cotton'],
    ['610990', 'T-shirts of other textiles'],
    ['999999', 'Not specified'],
  ]),
};
const ask = (code: string, more: Partial<HsQuestion> = {}) => checkHs({ code, edition, ...more }, asOf);

describe('an HS code', () => {
  it.each(['610910', '6109.10', '6109 10', '6109.10.0010', '61091000'])('%s is valid', (code) => {
    expect(ask(code)).toMatchObject({ valid: true, hs6: '610910', chapter: '61', description: 'T-shirts of cotton' });
  });

  it('keeps its text: points are left off, zeros are not', () => {
    expect([normaliseHs('0101.21'), ask('0101.21')]).toMatchObject(['010121', { valid: true, code: '010121' }]);
  });

  it.each([
    ['10121', 'length', ['010121']],
    ['770000', 'reserved_chapter', []],
    ['980100', 'national_chapter', []],
    ['999999', 'residue', []],
    ['9999990000', 'residue', []],
    ['300230', 'other_edition', ['300242']],
    ['610920', 'unknown_code', ['610910', '610990']],
    ['6109', 'length', []],
    ['610910000', 'length', []],
    ['6109-10', 'not_digits', ['610910']],
    ['６１０９１０', 'not_digits', ['610910']],
    ['', 'not_digits', []],
    ['T-shirt', 'not_digits', []],
  ])('%s is not, with the reason and leads', (code, fault, leads) => {
    const checked = ask(code);
    expect(checked).toMatchObject({ valid: false, fault });
    expect(checked.valid ? [] : checked.suggestions.map((lead) => lead.code)).toEqual(leads);
  });

  it('of any length and script is answered', () => {
    for (const code of [
      '9'.repeat(10_000),
      `610910${'.'.repeat(10_000)}`,
      '\u0301'.repeat(10_000),
      '六一〇九一〇',
      '-610910',
    ])
      expect(ask(code)).toMatchObject({ valid: false, fault: 'not_digits' });
  });

  it('of another edition is refused, naming both editions', () => {
    const before: HsEdition = {
      id: 'HS2017',
      from: day('2017-01-01'),
      to: day('2021-12-31'),
      codes: new Map([['610911', 'an old one']]),
    };
    expect(ask('300230')).toMatchObject({ reason: '300230 is a code of HS2017, not of HS2022' });
    expect(ask('610911', { others: [before] })).toMatchObject({ fault: 'other_edition' });
    expect(ask('610910', { storedAs: 'HS2017' })).toMatchObject({
      reason: '610910 is stored as a code of HS2017, and HS2022 is asked for',
    });
  });

  it('is checked against the length of the country’s tariff codes, which is marked as general knowledge', () => {
    expect(ask('610910000', { country: 'JP' })).toMatchObject({
      valid: true,
      notices: [{ code: 'general_knowledge' }],
    });
    expect(ask('6109100000', { country: 'JP' })).toMatchObject({ valid: false, fault: 'length' });
    expect(ask('61091000', { country: 'US' }).valid).toBe(false);
    expect([ask('61091000', { country: 'DE' }).valid, ask('6109100010', { country: 'XI' }).valid]).toEqual([
      true,
      true,
    ]);
    expect(ask('610910', { country: 'ZZ' }).valid).toBe(true);
    expect(() => ask('61091000', { country: 'ZZ' })).toThrow(/no row.*ZZ/);
    expect(() => ask('61091000', { country: 'constructor' })).toThrow(/no row/);
  });

  it('comes with its suggestions as leads, and says where a succession was not read', () => {
    const old = { ...edition, codes: new Map([...edition.codes, ['851771', 'Aerials'], ['851779', 'Other parts']]) };
    expect(ask('10121').notices.map(({ code }) => code)).toEqual(['advice']);
    expect(ask('851770', { edition: old }).notices.map(({ code }) => code)).toEqual(['advice', 'general_knowledge']);
    expect(ask('770000').notices).toEqual([]);
  });

  it('of statistics may be the residue', () => {
    expect(ask('999999', { use: 'statistics' }).valid).toBe(true);
  });

  it('that is required and not valid fails with its leads', () => {
    expect(requireHs({ code: '610910', edition }, asOf).hs6).toBe('610910');
    expect(() => requireHs({ code: '10121', edition }, asOf, 'lines[2].hsCode')).toThrow(/^lines\[2\].hsCode:.*010121/);
  });
});

describe('the edition of a day', () => {
  it('is the one in force', () => {
    const on = (date: string) => editionOn({ on: day(date), today: asOf.today }).value;
    expect([on('2021-12-31'), on('2022-01-01'), on('2027-12-31'), on('2028-01-01')]).toEqual([
      'HS2017',
      'HS2022',
      'HS2022',
      'HS2028',
    ]);
    expect(() => on('2011-12-31')).toThrow(/no row/);
  });

  it('has to be on file', () => {
    expect(editionOnFile([edition], asOf).id).toBe('HS2022');
    expect(() => editionOnFile([edition], { ...asOf, on: day('2028-01-01') })).toThrow(/HS2028/);
  });

  it('comes from rows without overlap', () => {
    expect([HS_EDITIONS, NATIONAL_LENGTHS].flatMap(faultsOf)).toEqual([]);
  });
});

describe('the list of an edition', () => {
  const about = { id: 'HS2022', from: day('2022-01-01'), to: null } as const;
  const header = 'section,hscode,description,parent,level';
  const good = [
    header,
    'XI,61,"Apparel, knitted",TOTAL,2',
    'XI,6109,T-shirts,61,4',
    'XI,610910,"T-shirts; of ""cotton"", knitted",6109,6',
    'TOTAL,TOTAL,All,TOTAL,5',
    '',
  ].join('\r\n');

  it('is read whole, quotes and byte order mark included', () => {
    const reading = readHsEdition(`\ufeff${good}`, about);
    expect(reading.faults).toEqual([]);
    expect(reading.counts).toEqual({ chapters: 1, headings: 1, subheadings: 1 });
    expect([...(reading.edition?.codes ?? [])]).toEqual([['610910', 'T-shirts; of "cotton", knitted']]);
  });

  it.each([
    ['XI,61091,eaten,6109,6', 6, 'hscode'],
    ['XI,610910,again,6109,6', 6, 'hscode'],
    ['XI,610990,orphan,6110,6', 6, 'parent'],
    ['XI,620110,no heading,6201,6', 6, 'parent'],
    ['XI,610990,deep,6109,8', 6, 'level'],
    ['XI,610990,,6109,6', 6, 'description'],
    ['XI,610990,short', 6, null],
    ['XI,610990,"never closed,6109,6', 6, null],
  ])('with the row %s is refused as a whole, with the line', (row, line, column) => {
    const reading = readHsEdition(`${good}${row}\n`, about);
    expect(reading.edition).toBeNull();
    expect(reading.faults[0]).toMatchObject({ line, column });
  });

  it('without its columns or without rows is refused', () => {
    expect(readHsEdition('', about)).toMatchObject({ edition: null, faults: [{ line: 1 }] });
    expect(readHsEdition(header, about).edition).toBeNull();
  });
});

describe('an ECCN', () => {
  it.each(['EAR99', '3A001', '3A001.a.1', '3A001.a.1.a', '5A992.c', '9E610', '0A998'])('%s is well formed', (eccn) => {
    expect(readEccn(eccn).wellFormed).toBe(true);
  });
  it.each(['3F001', 'A3001', '3a001', 'ear99', '3A001.', '3A001..a', '3A0011', '', ' 3A001', '3A001\n', '3A001.A'])(
    '“%s” is not',
    (eccn) => expect(readEccn(eccn).wellFormed).toBe(false),
  );
  it('is read into its parts, and a long text is answered at once', () => {
    expect(readEccn('3A001.a.1')).toMatchObject({ category: '3', group: 'A', entry: '3A001', paragraphs: ['a', '1'] });
    expect(readEccn(`3A001${'.a'.repeat(50_000)}!`).wellFormed).toBe(false);
  });
});
