import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFailure } from '#domain/failure.ts';
import { Exact } from '../decimal.ts';
import { plainDate } from '../plain-date.ts';
import { faultsOf } from '../rule.ts';
import type { ConsignmentInput } from './consignment.ts';
import { DUTY_RULES } from './duty-rules.ts';
import { type LandedCost, landedCost } from './landed-cost.ts';

type Line = ConsignmentInput['lines'][number];

const line = (value: string, rest: Partial<Line> = {}): Line => ({ hs: '610910', quantity: 1, value, ...rest });

const CURRENCY: Record<string, string> = {
  ...{ EU: 'EUR', GB: 'GBP', US: 'USD', CA: 'CAD', AU: 'AUD', NZ: 'NZD' },
  ...{ CH: 'CHF', NO: 'NOK', JP: 'JPY', BR: 'USD', MX: 'USD' },
};

const cost = (
  jurisdiction: ConsignmentInput['jurisdiction'],
  on: string,
  lines: Line[],
  rest: Partial<ConsignmentInput> = {},
): LandedCost =>
  landedCost(
    {
      ...{ jurisdiction, country: jurisdiction === 'EU' ? 'DE' : jurisdiction, lines },
      ...{ currency: CURRENCY[jurisdiction] ?? 'EUR', ...rest },
    },
    { on: plainDate(on), today: plainDate('2026-11-24') },
  );

const totals = (...of: Parameters<typeof cost>) => cost(...of).totals;
const why = (ask: () => unknown): string => {
  try {
    ask();
    return 'no failure';
  } catch (error) {
    return isFailure(error) ? `${error.code}: ${error.message}` : String(error);
  }
};
const codes = ({ notices }: LandedCost) => notices.map(({ code, rule }) => `${code} ${rule}`);

describe('the rules of the landed cost', () => {
  it('have dates that neither overlap nor end before they begin, and ids of their own', () => {
    expect(DUTY_RULES.flatMap(faultsOf)).toEqual([]);
    expect(new Set(DUTY_RULES.map(({ id }) => id)).size).toBe(DUTY_RULES.length);
  });
  it('have a source, a day of reading and a day of review in every row', () => {
    for (const { rows } of DUTY_RULES)
      for (const { source, reviewBy } of rows)
        expect([source.title.length > 5, reviewBy !== null]).toEqual([true, true]);
  });
});

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
  it('asks the limit of the price without freight: 150.00 is small, 150.01 bears the tariff', () => {
    expect(totals('EU', '2026-08-01', [line('150.00')], { freight: '99.00' }).duty).toBe('3.00');
    const dear = totals('EU', '2026-08-01', [line('150.07', { dutyRate: '0.12' })]);
    expect(dear).toMatchObject({ customsValue: '150.07', duty: '18.01', tax: '31.94' });
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
    const dear = cost('EU', '2026-08-01', [line('200', { dutyRate: '0.1' })], { scheme: 'ioss' });
    expect([dear.totals.atSale, codes(dear).includes('advice eu.low-value-limit')]).toEqual(['0.00', true]);
  });
  it('lets a preference stand in for the duty of an item by H1 alone, and not under the IOSS', () => {
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
    expect(fee('IT', '2026-07-01', { parcels: 2 })).toBe('4.00');
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
      ...['0.00', '0.00', '7.80', '13.50'],
    ]);
  });
  it('has no rules for Northern Ireland, nor for a time after the relief, but takes a duty that is assessed', () => {
    expect(why(() => cost('GB', '2026-08-01', [line('10')], { region: 'NI' }))).toContain('Northern Ireland');
    expect(why(() => cost('GB', '2029-03-01', [line('10')]))).toContain('no_row');
    const assessed = [line('80', { layers: [{ code: 'duty', amount: '4.02' }] })];
    expect(totals('GB', '2010-06-15', assessed, { freight: '35', taxRate: '0.175' })).toMatchObject({
      ...{ tax: '20.83', dutyAndTax: '24.85' },
    });
  });
  it('does not waive small duty, and says that it may be', () => {
    const small = cost('GB', '2026-08-01', [line('140', { dutyRate: '0.05' })]);
    expect([small.totals.duty, codes(small).includes('unverified gb.duty-waiver')]).toEqual(['7.00', true]);
  });
});

describe('the United States', () => {
  const entry = (value: string, on: string, rest: Partial<ConsignmentInput> = {}, of: Partial<Line> = {}) =>
    cost('US', on, [line(value, { dutyRate: '0', ...of })], { channel: 'ocean', ...rest });

  it.each([
    ['10000', '34.64', '12.50'],
    ['5000', '33.58', '6.25'],
    ['500000', '651.50', '625.00'],
  ])('takes from %s a processing fee of %s within its limits, and harbor maintenance of %s', (value, mpf, hmf) => {
    const { steps } = entry(value, '2025-10-01', { freight: '999.00' });
    expect(steps.filter(({ kind }) => kind === 'levy').map(({ amount }) => amount)).toEqual([mpf, hmf]);
  });
  it('has no fee row for another fiscal year, nor for informal entries, but takes one that is handed in', () => {
    expect(why(() => entry('5000', '2026-10-01'))).toContain('processing fee of a formal entry on 2026-10-01');
    expect(why(() => entry('2500.00', '2025-10-01'))).toContain('processing fee of an informal entry');
    const handedIn = [
      { rule: 'us.mpf', value: '34.10', source: 'Federal Register' },
      { rule: 'us.section-122', value: '0', source: 'CSMS' },
    ];
    const found = entry('5000', '2026-10-01', { handedIn });
    expect([found.totals.levies, codes(found).includes('advice us.mpf')]).toEqual(['40.35', true]);
  });
  it('stacks the surcharge of Section 122 from 2026-02-24 to 2026-07-24, and knows nothing after', () => {
    const duty = (on: string, of: Partial<Line> = {}) => entry('5000', on, {}, { dutyRate: '0.05', ...of }).totals.duty;
    expect([duty('2026-02-23'), duty('2026-02-24'), duty('2026-07-24')]).toEqual(['250.00', '750.00', '750.00']);
    expect(why(() => duty('2026-07-25'))).toContain('Section 122');
    expect(duty('2026-07-25', { exemptFrom: ['us.section-122'] })).toBe('250.00');
  });
  it('takes a specific duty on postal parcels by the IEEPA rate until 2026-02-27', () => {
    const parcel = (rate: string, on: string) =>
      cost('US', on, [line('50', { layers: [{ code: 'ieepa', rate }] })], {
        channel: 'postal',
        postalMethod: 'specific',
      });
    const duty = (rate: string, on = '2025-09-15') => parcel(rate, on).totals.duty;
    expect([duty('0.1599'), duty('0.16'), duty('0.25'), duty('0.2501')]).toEqual([
      '80.00',
      '160.00',
      '160.00',
      '200.00',
    ]);
    expect(codes(parcel('0.1', '2026-02-27'))).toContain('unverified us.postal-specific');
    for (const on of ['2025-08-28', '2026-02-28']) expect(why(() => duty('0.1', on))).toContain('no_row');
  });
  it('frees gifts up to USD 100 only', () => {
    const gift = (value: string) =>
      entry(value, '2025-10-01', { sale: 'c2c_gift', channel: 'postal' }, { dutyRate: '0.1' });
    expect([gift('100').totals.dutyAndTax, gift('100.01').totals.dutyAndTax]).toEqual(['0.00', '10.00']);
  });
});

describe('Canada', () => {
  it.each([
    ['courier', 'CN', '20.00', 'relief'],
    ['courier', 'CN', '20.01', 'duty-and-tax'],
    ['courier', 'US', '40.00', 'relief'],
    ['courier', 'US', '40.01', 'tax-only'],
    ['courier', 'MX', '150.00', 'tax-only'],
    ['courier', 'US', '150.01', 'duty-and-tax'],
    ['postal', 'US', '20.01', 'duty-and-tax'],
    ['ocean', 'US', '5.00', 'duty-and-tax'],
  ] as const)('by %s from %s, CAD %s: %s', (channel, shipFrom, value, regime) => {
    const rest = { channel, shipFrom, taxRate: '0.13' };
    expect(cost('CA', '2026-08-01', [line(value, { dutyRate: '0.1' })], rest).regime).toBe(regime);
  });
  it('gives goods merely transhipped through the US no more than others, and wants the rate of the province', () => {
    const via = { channel: 'courier', shipFrom: 'US', directShipment: false, taxRate: '0.05' } as const;
    expect(cost('CA', '2026-08-01', [line('30', { dutyRate: '0.1' })], via).regime).toBe('duty-and-tax');
    expect(why(() => cost('CA', '2026-08-01', [line('30', { dutyRate: '0' })]))).toContain('GST or HST rate');
  });
  it('values at the rate handed in', () => {
    const fx = [{ from: 'USD', to: 'CAD', rate: '1.15', source: 'Bank of Canada' }];
    const rest = { currency: 'USD', channel: 'postal', taxRate: '0.05', fx } as const;
    expect(totals('CA', '2026-08-01', [line('100', { dutyRate: '0.04' })], { ...rest, fx: [...fx] })).toMatchObject({
      ...{ customsValue: '115.00', duty: '4.60', tax: '5.98', dutyAndTax: '10.58' },
    });
  });
});

describe('Australia and New Zealand', () => {
  it('take GST with the sale up to 1,000, and duty and GST at the border above', () => {
    const dear = totals('AU', '2026-08-01', [line('1200', { dutyRate: '0.05' })], { freight: '150' });
    expect(dear).toMatchObject({ duty: '60.00', taxBase: '1410.00', tax: '141.00', atImport: '201.00' });
    expect(totals('AU', '2026-08-01', [line('1000.00')], { freight: '5', scheme: 'au_lvig' }).atSale).toBe('100.50');
    expect(totals('NZ', '2026-08-01', [line('1000.00')], { scheme: 'nz_gst' }).atSale).toBe('150.00');
  });
  it('never take alcohol as of low value', () => {
    const wine = [line('10', { hs: '220421', dutyRate: '0.05' })];
    expect(cost('AU', '2026-08-01', wine, { scheme: 'au_lvig' }).regime).toBe('import');
  });
  it('have no row for the entry fees of New Zealand unless they are handed in', () => {
    const dear = [line('1000.01', { dutyRate: '0' })];
    expect(why(() => cost('NZ', '2026-08-01', dear))).toContain('import entry transaction fee');
    const handedIn = [{ rule: 'nz.entry-fees', value: '59.88', source: 'Customs notice' }];
    expect(totals('NZ', '2026-08-01', dear, { handedIn })).toMatchObject({ levies: '59.88', tax: '150.00' });
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
      ...[tax, '0.00', true],
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
      ...{ regime: 'voec-and-border', totals: { duty: '10.00', atSale: '25.00', atImport: '37.50' } },
    });
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
  it('from 2028-04-01 takes consumption tax on small consignments with the sale of a registered seller', () => {
    expect(totals('JP', '2028-03-31', [toy('9000')]).dutyAndTax).toBe('0');
    expect(totals('JP', '2028-04-01', [toy('9000')], { scheme: 'jp_registered' }).atSale).toBe('900');
    expect(why(() => cost('JP', '2028-04-01', [toy('9000')]))).toContain('no_row');
  });
});

describe('Brazil and Mexico', () => {
  const brazil = (value: string, rate: string, rest: Partial<ConsignmentInput> = {}) =>
    totals('BR', '2025-09-01', [line(value)], {
      ...{ taxRate: '0.17', scheme: 'remessa_conforme', fx: [{ from: 'USD', to: 'BRL', rate, source: 'PTAX' }] },
      ...rest,
    });

  it.each([
    ['50', '1', '10.00', '12.29', '72.29'],
    ['100', '1', '40.00', '28.67', '168.67'],
    ['60', '5.50', '88.00', '85.61', '503.61'],
  ])('Brazil grosses up: USD %s at %s', (value, rate, duty, tax, total) => {
    expect(brazil(value, rate)).toMatchObject({ duty, tax, total });
  });
  it('Brazil takes 60 % from the first dollar outside the programme, and has no row above USD 3,000', () => {
    expect(brazil('50', '1', { scheme: 'none' })).toMatchObject({ duty: '30.00', tax: '16.39', total: '96.39' });
    expect(why(() => brazil('3000.01', '1'))).toContain('above USD 3,000');
    expect(why(() => brazil('50', '1', { channel: 'ocean' }))).toContain('by ocean');
    expect(
      codes(
        cost('BR', '2026-01-01', [line('1')], {
          taxRate: '0.17',
          fx: [{ from: 'USD', to: 'BRL', rate: '5', source: 'PTAX' }],
        }),
      ),
    ).toContain('unverified br.simplified');
  });
  it.each([
    ['CN', '2025-08-14', '500', '95.00'],
    ['CN', '2025-08-15', '500', '167.50'],
    ['US', '2025-09-01', '50.00', '0.00'],
    ['CA', '2025-09-01', '50.01', '8.50'],
    ['US', '2025-09-01', '117.00', '19.89'],
    ['US', '2025-09-01', '117.01', '22.23'],
  ])('Mexico takes on goods of %s, %s, USD %s: %s', (origin, on, value, tax) => {
    expect(totals('MX', on, [line(value, { origin })]).tax).toBe(tax);
  });
  it('Mexico has no row above USD 2,500, for other treaties, nor for goods of unknown origin', () => {
    const ask = (value: string, origin?: string) =>
      why(() => cost('MX', '2025-09-01', [line(value, origin ? { origin } : {})]));
    expect([ask('2500.01', 'CN'), ask('10', 'JP'), ask('10')].map((text) => text.slice(0, 6))).toEqual(
      Array(3).fill('no_row'),
    );
    expect(ask('2500.00', 'CN')).toBe('no failure');
  });
});

describe('a landed cost', () => {
  const cents = fc.integer({ min: 0, max: 5_000_000 }).map((minor) => (minor / 100).toFixed(2));
  const lines = fc.array(
    fc.record({
      hs: fc.constantFrom('610910', '910212', '950300', '420292'),
      quantity: fc.integer({ min: 1, max: 50 }),
      value: cents,
      dutyRate: fc.constantFrom('0', '0.027', '0.12', '0.3333'),
    }),
    { minLength: 1, maxLength: 8 },
  );
  const sum = (texts: readonly string[]) => texts.reduce((total, text) => total.plus(text), new Exact(0)).toFixed(2);

  it('shares every amount over the lines without a remainder', () => {
    fc.assert(
      fc.property(lines, cents, cents, (of, freight, insurance) => {
        const found = cost('EU', '2026-08-01', of, { freight, insurance });
        for (const key of ['goods', 'freight', 'insurance', 'customsValue', 'duty', 'taxBase', 'tax', 'total'] as const)
          expect(sum(found.lines.map((one) => one[key]))).toBe(found.totals[key]);
        for (const kind of ['duty', 'tax'] as const)
          expect(sum(found.steps.filter((step) => step.kind === kind).map(({ amount }) => amount))).toBe(
            found.totals[kind],
          );
      }),
      { numRuns: 60 },
    );
  });
  it('takes EUR 3 for each distinct classification', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('610910', '910212', '950300', '330300'), { minLength: 1, maxLength: 9 }),
        (hs) => {
          const found = cost(
            'EU',
            '2026-08-01',
            hs.map((code) => line('1.00', { hs: code })),
          );
          expect(found.totals.duty).toBe((new Set(hs).size * 3).toFixed(2));
        },
      ),
      { numRuns: 60 },
    );
  });
  it('never has less duty on a dearer consignment of the same band', () => {
    const above = fc.integer({ min: 15_001, max: 9_000_000 });
    fc.assert(
      fc.property(above, above, fc.constantFrom('0.012', '0.17', '0.065'), (a, b, dutyRate) => {
        const duty = (minor: number) =>
          new Exact(totals('EU', '2026-08-01', [line((minor / 100).toFixed(2), { dutyRate })]).duty);
        expect(duty(Math.min(a, b)).lte(duty(Math.max(a, b)))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
  it('refuses with one failure that names the field, whatever it is handed', () => {
    const ask = (rest: Record<string, unknown>) =>
      why(() => cost('EU', '2026-08-01', [line('10')], JSON.parse(JSON.stringify(rest))));
    expect(ask({ lines: [] })).toContain('invalid: lines');
    expect(ask({ freight: '-1' })).toContain('invalid: freight');
    expect(ask({ freight: '9'.repeat(10_000) })).toContain('invalid: freight');
    expect(ask({ freight: '1.005' })).toContain('more decimals than EUR');
    expect(ask({ country: '\u0301'.repeat(5_000) })).toContain('invalid: country');
    expect(ask({ currency: 'USD' })).toContain('fx: the rate from USD to EUR');
    expect(ask({ unknown: 1 })).toContain('invalid');
    expect(ask({ jurisdiction: 'GB' })).toContain('invalid: country');
    expect(ask({ lines: Array(5_000).fill(line('99999999999')) })).toContain('worth more than');
    fc.assert(
      fc.property(fc.anything(), (anything) => {
        const said = why(() =>
          landedCost(JSON.parse(JSON.stringify(anything ?? null)) ?? null, {
            on: plainDate('2026-08-01'),
            today: plainDate('2026-08-01'),
          }),
        );
        expect(said).toMatch(/^invalid: /);
      }),
      { numRuns: 100 },
    );
  });
});
