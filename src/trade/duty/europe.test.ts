import { describe, expect, it } from 'vitest';
import type { ConsignmentInput } from './consignment.ts';
import { codes, cost, type Line, line, totals, why } from './testing/landed.ts';

describe('the European Union', () => {
  const shirts = [line('60.00', { quantity: 5 })];
  const paris = { country: 'FR', freight: '10.00', taxRate: '0.20' };

  it.each([
    ['2026-06-30', '0.00', '14.00'],
    ['2026-07-01', '3.00', '14.60'],
    ['2028-06-30', '3.00', '14.60'],
  ])('on %s takes a duty of %s on a small distance sale', (on, duty, tax) => {
    expect(totals('EU', on, shirts, { ...paris, country: 'DE' })).toMatchObject({ duty, tax });
  });
  it('has no row for small consignments from 2028-07-01, nor from before 2021-07-01', () => {
    expect(why(() => cost('EU', '2028-07-01', shirts, paris))).toBe(
      'no_row: no row: EU duty on consignments of low intrinsic value on 2028-07-01',
    );
    expect(why(() => cost('EU', '2021-06-30', shirts, paris))).toContain('no_row');
  });
  it('counts an item for each classification, by six digits in H7 and by ten in H1', () => {
    const items = (hs: string[], declaration?: 'H1') =>
      cost(
        'EU',
        '2026-08-01',
        hs.map((code) => line('10', { hs: code })),
        { ...(declaration ? { declaration } : {}) },
      );
    expect(items(['610910', '610910', '910212'])).toMatchObject({ items: 2, totals: { duty: '6.00' } });
    expect(items(['6109.10.0010', '6109100090'])).toMatchObject({ items: 1, declaration: 'H7' });
    expect(items(['6109100010', '6109100090'], 'H1')).toMatchObject({ items: 2, totals: { duty: '6.00' } });
  });
  it('applies the limit to the price without freight: 150.00 is low value, 150.01 pays the tariff', () => {
    expect(totals('EU', '2026-08-01', [line('150.00')], { freight: '99.00' }).duty).toBe('3.00');
    const expensive = totals('EU', '2026-08-01', [line('150.07', { dutyRate: '0.12' })]);
    expect(expensive).toMatchObject({ customsValue: '150.07', duty: '18.01', tax: '31.94' });
    expect(why(() => cost('EU', '2026-08-01', [line('150.01', { origin: 'CN' })]))).toBe(
      'no_row: no row: duty rate for HS 610910 (origin CN) into DE on 2026-08-01; hand it in',
    );
  });
  it('keeps alcohol, tobacco and perfume out of the relief, and in the duty for each item', () => {
    const wine = line('60', { hs: '220421', dutyRate: '0.05' });
    expect(totals('EU', '2026-06-30', [wine, line('10')]).duty).toBe('3.00');
    expect(cost('EU', '2026-07-01', [wine, line('10')])).toMatchObject({ declaration: 'H1', totals: { duty: '6.00' } });
    expect(why(() => cost('EU', '2026-07-01', [wine], { declaration: 'H7' }))).toContain('invalid: declaration');
  });
  it('takes VAT with the sale under the IOSS, on all that is charged, and says what is not settled', () => {
    const ioss = cost('EU', '2026-08-01', shirts, { freight: '10.00', taxRate: '0.20', scheme: 'ioss' });
    expect(ioss.totals).toMatchObject({ tax: '14.00', atSale: '14.00', atImport: '3.00' });
    expect(codes(ioss)).toContain('unverified eu.ioss-vat-base');
    const expensive = cost('EU', '2026-08-01', [line('200', { dutyRate: '0.1' })], { scheme: 'ioss' });
    expect([expensive.totals.atSale, codes(expensive).includes('advice eu.low-value-limit')]).toEqual(['0.00', true]);
  });
  it('applies a preference instead of the item duty only under H1, and not under the IOSS', () => {
    const preferred = [line('60', { hs: '6109100010', preference: true, dutyRate: '0' })];
    expect(cost('EU', '2026-08-01', preferred)).toMatchObject({ declaration: 'H1', totals: { duty: '0.00' } });
    expect(totals('EU', '2026-08-01', preferred, { scheme: 'ioss' }).duty).toBe('3.00');
  });
  it('frees gifts up to EUR 45, and neither sales between businesses nor dearer gifts from 2026-07-01', () => {
    expect(totals('EU', '2026-08-01', [line('45.00')], { sale: 'c2c_gift' })).toMatchObject({ dutyAndTax: '0.00' });
    for (const sale of ['c2c_gift', 'b2b'] as const)
      expect(totals('EU', '2026-08-01', [line('45.01', { dutyRate: '0.1' })], { sale }).duty).toBe('4.50');
  });
  it('adds the national fees, in their own currency at the rate handed in', () => {
    const fee = (country: string, on: string, rest: Partial<ConsignmentInput> = {}) =>
      totals('EU', on, [line('10'), line('10', { hs: '910212' })], { country, ...rest }).levies;
    expect([fee('FR', '2026-02-28'), fee('FR', '2026-03-01'), fee('IT', '2026-06-30')]).toEqual([
      '0.00',
      '4.00',
      '0.00',
    ]);
    expect(['2025-12-31', '2026-01-01', '2026-03-11', '2026-03-12', '2026-07-01'].map((on) => fee('IT', on))).toEqual([
      '0.00',
      '2.00',
      '2.00',
      '0.00',
      '2.00',
    ]);
    expect(fee('IT', '2026-07-01', { parcels: 2 })).toBe('2.00');
    expect(codes(cost('EU', '2026-05-01', [line('10')], { country: 'IT' }))).toContain('unverified eu.fee-it');
    const fx = [{ from: 'EUR', to: 'RON', rate: '5', source: 'BNR' }];
    expect(fee('RO', '2026-02-01', { fx })).toBe('5.00');
    expect(why(() => fee('RO', '2026-02-01'))).toContain('fx: the rate from RON to EUR is needed');
  });
  it('has standard VAT rates for its 27 members by their dates', () => {
    const rate = (country: string, on: string) =>
      cost('EU', on, [line('200', { dutyRate: '0' })], { country }).steps.find(({ code }) => code === 'vat')?.rate;
    expect([rate('FI', '2026-01-01'), rate('EE', '2025-07-01'), rate('RO', '2025-08-01')]).toEqual([
      '0.255',
      '0.24',
      '0.21',
    ]);
    expect(why(() => rate('EE', '2025-06-30'))).toContain('no_row');
    expect(why(() => rate('GB', '2026-01-01'))).toContain('invalid: country');
  });
  it('has no row for a region with its own law, unless the rate is given', () => {
    const expensive = [line('200', { dutyRate: '0' })];
    expect(why(() => cost('EU', '2026-08-01', expensive, { country: 'ES', region: 'Canarias' }))).toBe(
      'no_row: no row: VAT rate of the region “Canarias” of ES; leave it out where the rate of the state holds',
    );
    expect(totals('EU', '2026-08-01', expensive, { country: 'PT', region: 'Madeira', taxRate: '0.22' }).tax).toBe(
      '44.00',
    );
  });
  it('declares by H1 what the relief left out, perfume too, and by H7 once the relief has ended', () => {
    const perfume = [line('60', { hs: '330300', dutyRate: '0' })];
    const declared = (on: string) => cost('EU', on, perfume).declaration;
    expect([declared('2026-06-30'), declared('2026-07-01')]).toEqual(['H1', 'H7']);
    const gift = { sale: 'c2c_gift', declaration: 'H7' } as const;
    expect(why(() => cost('EU', '2026-08-01', [line('20', { restricted: true })], gift))).toContain(
      'invalid: declaration',
    );
  });
  it('says in H1 that several origins of one code may be several items', () => {
    const of = (...origins: string[]) =>
      cost(
        'EU',
        '2026-08-01',
        origins.map((origin) => line('10', { hs: '6109100010', origin })),
        { declaration: 'H1' },
      ).notices.filter(({ message }) => message.includes('several origins')).length;
    expect([of('CN', 'CN'), of('CN', 'VN')]).toEqual([0, 1]);
  });
  it('says what is expected but not known', () => {
    const notices = codes(cost('EU', '2026-11-01', shirts));
    expect(notices).toContain('unverified eu.handling-fee');
    expect(notices).toContain('general_knowledge eu.vat-de');
  });
});

describe('Great Britain', () => {
  it.each([
    ['135.00', 'supply-vat', '0.00', '29.00'],
    ['135.01', 'import', '17.40', '32.48'],
  ])('takes VAT with the sale up to GBP 135 of goods: %s is %s', (value, regime, duty, tax) => {
    const found = cost('GB', '2026-08-01', [line(value, { dutyRate: '0.12' })], { freight: '10.00' });
    expect(found).toMatchObject({ regime, totals: { duty, tax } });
  });
  it('leaves the tax to a buyer with a VAT number, and excise goods to the border', () => {
    const sold = totals('GB', '2026-08-01', [line('100')], { sale: 'b2b', buyerVatNumber: true });
    expect(sold).toMatchObject({ reverseCharge: '20.00', atSale: '0.00' });
    expect(cost('GB', '2026-08-01', [line('10', { hs: '220421', dutyRate: '0' })]).regime).toBe('import');
  });
  it('frees gifts up to GBP 39 of both and up to 135 of duty', () => {
    const gift = (value: string) =>
      totals('GB', '2026-08-01', [line(value, { dutyRate: '0.1' })], { sale: 'c2c_gift' });
    expect([gift('39').dutyAndTax, gift('39.01').duty, gift('39.01').tax, gift('135.01').duty]).toEqual([
      '0.00',
      '0.00',
      '7.80',
      '13.50',
    ]);
  });
  it('takes a duty that is assessed for what it is only where no limit is on file', () => {
    const small = [line('100', { layers: [{ code: 'duty', amount: '4.00' }] })];
    expect(cost('GB', '2026-08-01', small)).toMatchObject({ regime: 'supply-vat', totals: { duty: '0.00' } });
  });
  it('knows the regions of Great Britain, and no other by a guess', () => {
    const into = (region: string) => why(() => cost('GB', '2026-08-01', [line('10')], { region }));
    expect(['ENG', 'SCT', 'WLS'].map(into)).toEqual(Array(3).fill('no failure'));
    expect(into('NIR')).toContain('Northern Ireland');
    expect(into('ni')).toContain('no_row');
  });
  it('has no rules for Northern Ireland, nor for a time after the relief, but takes a duty that is assessed', () => {
    expect(why(() => cost('GB', '2026-08-01', [line('10')], { region: 'NI' }))).toContain('Northern Ireland');
    expect(why(() => cost('GB', '2029-03-01', [line('10')]))).toContain('no_row');
    const assessed = [line('80', { layers: [{ code: 'duty', amount: '4.02' }] })];
    expect(totals('GB', '2010-06-15', assessed, { freight: '35', taxRate: '0.175' })).toMatchObject({
      tax: '20.83',
      dutyAndTax: '24.85',
    });
  });
  it('does not waive small duty, and says that it may be', () => {
    const small = cost('GB', '2026-08-01', [line('140', { dutyRate: '0.05' })]);
    expect([small.totals.duty, codes(small).includes('unverified gb.duty-waiver')]).toEqual(['7.00', true]);
  });
});

describe('Switzerland and Norway', () => {
  it.each([
    ['62', '0.00'],
    ['63', '5.10'],
    ['135', '10.95'],
  ])('Switzerland rounds the tax on %s to five centimes and levies %s', (value, tax) => {
    const found = cost('CH', '2026-08-01', [line(value)]);
    expect([found.totals.tax, found.totals.duty, codes(found).includes('unverified ch.rounding')]).toEqual([
      tax,
      '0.00',
      true,
    ]);
  });
  it('Switzerland takes duty on food by its gross weight', () => {
    const honey = (weightKg?: string) =>
      line('300', { hs: '040900', layers: [{ code: 'duty', per100kg: '38.00' }], ...(weightKg ? { weightKg } : {}) });
    const found = cost('CH', '2026-08-01', [honey('12.5'), line('100')]);
    expect(found.lines.map(({ duty }) => duty)).toEqual(['4.75', '0.00']);
    expect(found.lines[0]?.steps[0]).toMatchObject({ base: '12.5', rate: '38.00 for 100 kg', amount: '4.75' });
    expect(why(() => cost('CH', '2026-08-01', [honey()]))).toContain('gross weight of line 1');
  });
  it('Switzerland has no rate for the chapters of industry in which some goods count as agricultural', () => {
    for (const hs of ['350510', '382311'])
      expect(why(() => cost('CH', '2026-08-01', [line('100', { hs })]))).toContain(`duty rate for HS ${hs}`);
    expect(totals('CH', '2026-08-01', [line('100', { hs: '350510', dutyRate: '0.1' })]).duty).toBe('10.00');
  });
  it('Norway leaves animals, plants, food and what is marked as restricted to the border, and says so', () => {
    const way = (rest: Partial<Line>) =>
      cost('NO', '2026-08-01', [line('100', { dutyRate: '0', ...rest })], { scheme: 'voec' });
    const hs = ['010619', '060290', '220210', '240411'];
    expect(hs.map((code) => way({ hs: code }).regime)).toEqual(Array(4).fill('border'));
    expect(way({ restricted: true }).regime).toBe('border');
    expect(way({ hs: '230990' }).regime).toBe('voec');
    expect(codes(way({}))).toContain('general_knowledge no.voec-excluded');
  });
  it.each([
    ['2999.99', 'voec', '750.00'],
    ['3000.00', 'border', '750.00'],
  ])('Norway tests each item without freight: %s goes by %s', (value, regime, tax) => {
    const found = cost('NO', '2026-08-01', [line(value, { dutyRate: '0' })], { scheme: 'voec' });
    expect(found).toMatchObject({ regime, totals: { tax } });
  });
  it('Norway tests the price of the piece, not of the line, and clears food at the border', () => {
    const two = cost('NO', '2026-08-01', [line('5000', { quantity: 2 })], { scheme: 'voec' });
    expect(two).toMatchObject({ regime: 'voec', totals: { atSale: '1250.00' } });
    const mixed = [line('100'), line('100', { hs: '180631', dutyRate: '0.1' })];
    expect(cost('NO', '2026-08-01', mixed, { scheme: 'voec' })).toMatchObject({
      regime: 'voec-and-border',
      totals: { duty: '10.00', atSale: '25.00', atImport: '37.50' },
    });
  });
});
