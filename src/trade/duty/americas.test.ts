import { describe, expect, it } from 'vitest';
import type { ConsignmentInput } from './consignment.ts';
import { codes, cost, type Line, line, totals, why } from './testing/landed.ts';

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
  it('has no fee row for another fiscal year or for informal entries, but accepts a given fee', () => {
    expect(why(() => entry('5000', '2026-10-01'))).toContain('processing fee of a formal entry on 2026-10-01');
    expect(why(() => entry('2500.00', '2025-10-01'))).toContain('processing fee of an informal entry');
    const handedIn = [
      { rule: 'us.mpf', value: '34.10', source: 'Federal Register' },
      { rule: 'us.section-122', value: '0', source: 'CSMS' },
    ] satisfies ConsignmentInput['handedIn'];
    const found = entry('5000', '2026-10-01', { handedIn });
    expect([found.totals.levies, codes(found).includes('advice us.mpf')]).toEqual(['40.35', true]);
  });
  it('stacks the surcharge of Section 122 from 2026-02-24 to 2026-07-24, and knows nothing after', () => {
    const duty = (on: string, of: Partial<Line> = {}) => entry('5000', on, {}, { dutyRate: '0.05', ...of }).totals.duty;
    expect([duty('2026-02-23'), duty('2026-02-24'), duty('2026-07-23')]).toEqual(['250.00', '750.00', '750.00']);
    expect(why(() => duty('2026-07-25'))).toContain('Section 122');
    expect(duty('2026-07-25', { exemptFrom: ['us.section-122'] })).toBe('250.00');
  });
  it('does not vouch for the surcharge on the day that it ends a minute after midnight, and names its exemptions', () => {
    const on = (day: string) => codes(entry('5000', day));
    expect(on('2026-07-24')).toContain('unverified us.section-122');
    expect(on('2026-07-23')).not.toContain('unverified us.section-122');
    expect(on('2026-07-23')).toContain('advice us.section-122');
  });
  it('takes a surcharge handed in as a share, and no figure for a rule that takes none', () => {
    const refusalFor = (rule: string, value: string) =>
      why(() =>
        entry('5000', '2026-08-01', JSON.parse(JSON.stringify({ handedIn: [{ rule, value, source: 'CSMS' }] }))),
      );
    expect(refusalFor('us.section-122', '10.00')).toContain('invalid: handedIn.0.value');
    expect(refusalFor('us.section-122', '0.15')).toBe('no failure');
    expect(refusalFor('us.mpff', '34.10')).toContain('invalid: handedIn.0.rule');
    expect(refusalFor('us.mpf', '34.105')).toContain('more decimals than USD');
    expect(refusalFor('constructor', '1')).toContain('invalid: handedIn.0.rule');
  });
  it('lets a line be exempt from each fee and from nothing that is no rule', () => {
    const levies = (exemptFrom: Line['exemptFrom']) => entry('5000', '2025-10-01', {}, { exemptFrom }).totals.levies;
    expect([levies([]), levies(['us.mpf']), levies(['us.hmf']), levies(['us.mpf', 'us.hmf'])]).toEqual([
      '39.83',
      '6.25',
      '33.58',
      '0.00',
    ]);
    const typo = JSON.parse(JSON.stringify({ exemptFrom: ['us.mpff'] }));
    expect(why(() => entry('5000', '2025-10-01', {}, typo))).toContain('invalid: lines.0.exemptFrom');
  });
  it('says that duties under the IEEPA ended', () => {
    const layers = [{ code: 'ieepa', rate: '0.2' }];
    const on = (day: string) => codes(cost('US', day, [line('50', { layers })], { channel: 'postal' }));
    expect([on('2026-02-23').includes('advice us.ieepa'), on('2026-02-24').includes('advice us.ieepa')]).toEqual([
      false,
      true,
    ]);
  });
  it('refuses a tax rate, for it levies none', () => {
    expect(why(() => entry('5000', '2025-10-01', { taxRate: '0.07' }))).toBe(
      'invalid: taxRate: has to be left out for US',
    );
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
  it('says that publications may be left out of the remission', () => {
    const book = (value: string) =>
      codes(cost('CA', '2026-08-01', [line(value, { hs: '490199', dutyRate: '0' })], { taxRate: '0.05' }));
    expect([book('20'), book('20.01')].map((told) => told.includes('advice ca.publications'))).toEqual([true, false]);
  });
  it('gives goods merely transhipped through the US no more than others, and wants the rate of the province', () => {
    const via = { channel: 'courier', shipFrom: 'US', directShipment: false, taxRate: '0.05' } as const;
    expect(cost('CA', '2026-08-01', [line('30', { dutyRate: '0.1' })], via).regime).toBe('duty-and-tax');
    expect(why(() => cost('CA', '2026-08-01', [line('30', { dutyRate: '0' })]))).toContain('GST or HST rate');
  });
  it.each([
    ['ON', '2026-08-01', '0.13'],
    ['NS', '2025-03-31', '0.15'],
    ['NS', '2025-04-01', '0.14'],
    ['AB', '2026-08-01', '0.05'],
  ])('takes of a consumer in %s on %s a rate of %s, and of a business the GST alone', (region, on, rate) => {
    const taxed = (sale: 'b2c_distance' | 'b2b') =>
      cost('CA', on, [line('100', { dutyRate: '0' })], { region, sale }).steps.at(-1)?.rate;
    expect([taxed('b2c_distance'), taxed('b2b')]).toEqual([rate, '0.05']);
  });
  it('has no rate for a province with its own tax besides the GST, or for an unknown province', () => {
    const into = (region: string, taxRate?: string) =>
      why(() =>
        cost('CA', '2026-08-01', [line('100', { dutyRate: '0' })], { region, ...(taxRate ? { taxRate } : {}) }),
      );
    expect([into('QC'), into('Ontario'), into('constructor')].map((text) => text.slice(0, 6))).toEqual(
      Array(3).fill('no_row'),
    );
    expect(into('QC')).toContain('GST or HST rate of QC for consumers on 2026-08-01');
    expect([into('QC', '0.14975'), into('Québec', '0.14975')]).toEqual(['no failure', 'no failure']);
  });
  it('values at the rate handed in', () => {
    const fx = [{ from: 'USD', to: 'CAD', rate: '1.15', source: 'Bank of Canada' }];
    const rest = { currency: 'USD', channel: 'postal', taxRate: '0.05', fx } as const;
    expect(totals('CA', '2026-08-01', [line('100', { dutyRate: '0.04' })], { ...rest, fx: [...fx] })).toMatchObject({
      customsValue: '115.00',
      duty: '4.60',
      tax: '5.98',
      dutyAndTax: '10.58',
    });
  });
});

describe('Brazil and Mexico', () => {
  const brazil = (value: string, rate: string, rest: Partial<ConsignmentInput> = {}) =>
    totals('BR', '2025-09-01', [line(value)], {
      taxRate: '0.17',
      scheme: 'remessa_conforme',
      fx: [{ from: 'USD', to: 'BRL', rate, source: 'PTAX' }],
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
