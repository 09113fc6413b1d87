import { describe, expect, it } from 'vitest';
import type { ConsignmentInput } from './consignment.ts';
import { codes, cost, type Line, line, totals, why } from './testing/landed.ts';

describe('Australia and New Zealand', () => {
  it('take GST with the sale up to 1,000, and duty and GST at the border above', () => {
    const expensive = totals('AU', '2026-08-01', [line('1200', { dutyRate: '0.05' })], { freight: '150' });
    expect(expensive).toMatchObject({ duty: '60.00', taxBase: '1410.00', tax: '141.00', atImport: '201.00' });
    expect(totals('AU', '2026-08-01', [line('1000.00')], { freight: '5', scheme: 'au_lvig' }).atSale).toBe('100.50');
    expect(totals('NZ', '2026-08-01', [line('1000.00')], { scheme: 'nz_gst' }).atSale).toBe('150.00');
  });
  it('charge no GST with a gift, nor with a sale to a business that gave its number', () => {
    const sold = (rest: Partial<ConsignmentInput>) => [
      totals('AU', '2026-08-01', [line('100')], { scheme: 'au_lvig', ...rest }).tax,
      totals('NZ', '2026-08-01', [line('100')], { scheme: 'nz_gst', ...rest }).tax,
    ];
    expect(sold({})).toEqual(['10.00', '15.00']);
    expect(sold({ sale: 'b2b' })).toEqual(['10.00', '15.00']);
    expect([...sold({ sale: 'c2c_gift' }), ...sold({ sale: 'b2b', buyerVatNumber: true })]).toEqual(
      Array(4).fill('0.00'),
    );
  });
  it('say which cost of an Australian declaration is not included', () => {
    expect(codes(cost('AU', '2026-08-01', [line('1000.01', { dutyRate: '0' })]))).toContain(
      'advice au.import-processing',
    );
    expect(codes(cost('AU', '2026-08-01', [line('1000')]))).not.toContain('advice au.import-processing');
  });
  it.each([
    ['air', '2026-03-31', '0.00'],
    ['air', '2026-04-01', '2.54'],
    ['courier', '2026-04-01', '2.54'],
    ['ocean', '2026-04-01', '2.40'],
    ['postal', '2026-04-01', '0.00'],
  ] as const)('levy in New Zealand on a small consignment by %s on %s: %s with its GST', (channel, on, levies) => {
    const found = cost('NZ', on, [line('100')], { scheme: 'nz_gst', channel });
    expect(found.totals).toMatchObject({ levies, atSale: '15.00', atImport: levies });
    if (on === '2026-04-01') expect(codes(found)).toContain('unverified nz.low-value-levy');
  });
  it('take GST in New Zealand with the sale of items up to NZD 1,000 in a dearer consignment, and of their duty at the border', () => {
    const handedIn = [{ rule: 'nz.entry-fees', value: '0', source: 'Customs notice' }] as const;
    const lines = [line('1600', { quantity: 2, dutyRate: '0.10' }), line('1200', { dutyRate: '0' })];
    const found = totals('NZ', '2026-08-01', lines, { scheme: 'nz_gst', handedIn: [...handedIn] });
    expect(found).toMatchObject({ duty: '160.00', atSale: '240.00', tax: '444.00', taxBase: '2960.00' });
    expect(totals('NZ', '2026-08-01', lines, { handedIn: [...handedIn] })).toMatchObject({
      atSale: '0.00',
      tax: '444.00',
    });
  });
  it('never take alcohol as of low value', () => {
    const wine = [line('10', { hs: '220421', dutyRate: '0.05' })];
    expect(cost('AU', '2026-08-01', wine, { scheme: 'au_lvig' }).regime).toBe('import');
  });
  it('have no row for the entry fees of New Zealand unless they are handed in', () => {
    const expensive = [line('1000.01', { dutyRate: '0' })];
    expect(why(() => cost('NZ', '2026-08-01', expensive))).toContain('import entry transaction fee');
    const handedIn = [{ rule: 'nz.entry-fees', value: '59.88', source: 'Customs notice' } as const];
    expect(totals('NZ', '2026-08-01', expensive, { handedIn })).toMatchObject({ levies: '59.88', tax: '150.00' });
    expect(totals('NZ', '2026-03-31', expensive).levies).toBe('106.80');
    expect(why(() => cost('NZ', '2026-04-01', expensive))).toContain('no_row');
  });
});

describe('Japan', () => {
  const toy = (value: string, rest: Partial<Line> = {}) => line(value, { hs: '950300', dutyRate: '0.10', ...rest });

  it('values a personal import at 60 % of retail and cuts every step', () => {
    const found = cost('JP', '2026-08-01', [toy('30000')]);
    expect(found.totals).toMatchObject({ customsValue: '18000', duty: '1800', tax: '1700', dutyAndTax: '3500' });
    expect(codes(found)).toContain('unverified jp.truncation');
  });
  it('exempts up to JPY 10,000 but for shoes and knitwear; other imports are valued at CIF', () => {
    const trade = (value: string, hs: string) => totals('JP', '2026-08-01', [toy(value, { hs })], { sale: 'b2b' });
    expect([trade('10000', '950300').dutyAndTax, trade('10000', '640399').duty]).toEqual(['0', '1000']);
    expect(totals('JP', '2026-08-01', [toy('10000')], { sale: 'b2b', freight: '5000' }).customsValue).toBe('15000');
  });
  it('taxes of a small consignment the goods that the law leaves out, and exempts the others', () => {
    const both = [toy('4000'), toy('5000', { hs: '610910' })];
    const found = cost('JP', '2026-08-01', both, { sale: 'b2b' });
    expect(found.lines.map(({ duty, tax }) => [duty, tax])).toEqual([
      ['0', '0'],
      ['500', '300'],
    ]);
    expect(found.totals.customsValue).toBe('9000');
  });
  it('exempts alcohol and tobacco of duty and consumption tax alike, and says that excise is not in the answer', () => {
    const sake = cost('JP', '2026-08-01', [toy('3000', { hs: '220600' })]);
    expect([sake.totals.dutyAndTax, codes(sake).includes('advice jp.excise')]).toEqual(['0', true]);
  });
  it('takes the reduced rate that is handed in, in its national and its local part', () => {
    const food = [toy('100000', { hs: '190590', dutyRate: '0', taxRate: '0.08' }), toy('100000', { dutyRate: '0' })];
    const { steps } = cost('JP', '2026-08-01', food, { sale: 'b2b' });
    expect(steps.filter(({ kind }) => kind === 'tax').map(({ rate, amount }) => [rate, amount])).toEqual([
      ['0.0624', '6200'],
      ['22/78', '1700'],

      ['0.078', '7800'],
      ['22/78', '2200'],
    ]);
  });
  it('from 2028-04-01 takes consumption tax on small consignments with the sale of a registered seller', () => {
    expect(totals('JP', '2028-03-31', [toy('9000')]).dutyAndTax).toBe('0');
    expect(totals('JP', '2028-04-01', [toy('9000')], { scheme: 'jp_registered' }).atSale).toBe('900');
    expect(why(() => cost('JP', '2028-04-01', [toy('9000')]))).toContain('no_row');
  });
});
