import { describe, expect, it } from 'vitest';
import { Exact } from '../decimal.ts';
import { plainDate } from '../plain-date.ts';
import { auLowValueSale } from './assess-au.ts';
import { euSaleReceipt } from './assess-eu.ts';
import { landedCost } from './landed-cost.ts';
import { quoteAgainstActual } from './quote-against-actual.ts';
import { why } from './testing/landed.ts';
import { valuationBasis } from './valuation-basis.ts';

const asOf = { on: plainDate('2026-08-01'), today: plainDate('2026-11-24') };

describe('a receipt', () => {
  it.each([
    ['100', '0', '0', true, '20', '120'],
    ['100', '30', '30', true, '32', '192'],
    ['160', '30', '0', false, '38', '228'],
    ['150.01', '0', '0', false, '30', '180.01'],
  ])('of %s with transport %s and insurance %s', (goods, transport, insurance, eligible, vat, total) => {
    const receipt = euSaleReceipt({ goods, transport, insurance, vatRate: '0.20' }, asOf);
    expect([receipt.iossEligible, receipt.vat.eq(vat), receipt.total.eq(total)]).toEqual([eligible, true, true]);
  });
  it('of an Australian sale is of low value by its price without GST and delivery', () => {
    const sale = (priceInclGst: string) => auLowValueSale({ priceInclGst, deliveryInclGst: '5.50' }, asOf);
    expect([sale('1100.00').isLvig, sale('1100.00').gst.eq('100.5'), sale('1100.01').isLvig]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe('the basis of valuation', () => {
  it('is FOB for ten countries and the territories of the US, CIF for all others', () => {
    const basis = (country: string) => valuationBasis(country, asOf).value;
    expect(['AU', 'US', 'PR', 'ZA', 'DE', 'JP', 'CN'].map(basis)).toEqual([
      'FOB',
      'FOB',
      'FOB',
      'FOB',
      'CIF',
      'CIF',
      'CIF',
    ]);
    expect(['Germany', 'ZZ', 'EU', 'constructor'].map((country) => why(() => basis(country)))).toEqual(
      Array(4).fill('invalid: country: has to be an ISO 3166 code, such as DE'),
    );
  });
});

describe('a promise of DDP', () => {
  const rules = (rest: Record<string, unknown>) =>
    landedCost(
      {
        jurisdiction: 'EU',
        country: 'DE',
        currency: 'EUR',
        incoterm: 'DDP',
        taxRate: '0.19',
        lines: [{ hs: '610910', quantity: 1, value: '200', dutyRate: '0.12' }],
        ...rest,
      },
      asOf,
    )
      .notices.filter(({ rule }) => rule === 'ddp.importer-of-record')
      .map(({ message }) => message);

  it('needs an importer of record, unless a scheme takes tax with the sale', () => {
    expect(rules({})).toEqual([
      'DDP to EU: the seller needs an importer of record, and it is not said who is',
      'DDP without a local tax number: the import tax the seller pays cannot be reclaimed',
    ]);
    const small = [{ hs: '610910', quantity: 1, value: '20' }];
    expect([
      rules({ importerOfRecord: true }),
      rules({ incoterm: 'DAP' }),
      rules({ lines: small, scheme: 'ioss' }),
    ]).toEqual([[], [], []]);
  });
});

describe('a quote against the bill', () => {
  const quote = {
    currency: 'EUR',
    steps: [
      { code: 'duty', base: '230', rate: '0.12', amount: '27.60' },
      { code: 'vat', base: '267.60', rate: '0.19', amount: '50.84' },
    ],
  };
  const bill = (steps: { code: string; amount: string; base?: string }[], currency = 'EUR') =>
    quoteAgainstActual(quote, { currency, steps });

  it('compares step by step, by base and by rate, and lists steps that only one side has', () => {
    const found = bill([
      { code: 'duty', amount: '33.00', base: '240' },
      { code: 'handling', amount: '6.00' },
    ]);
    expect(found.steps).toEqual([
      {
        code: 'duty',
        quoted: '27.60',
        actual: '33.00',
        variance: '5.40',
        percent: '19.6',
        fromBase: '1.20',
        fromRate: '4.20',
        found: 'both',
      },
      {
        code: 'vat',
        quoted: '50.84',
        actual: '0.00',
        variance: '-50.84',
        percent: '-100.0',
        fromBase: null,
        fromRate: null,
        found: 'quoted_only',
      },
      {
        code: 'handling',
        quoted: '0.00',
        actual: '6.00',
        variance: '6.00',
        percent: null,
        fromBase: null,
        fromRate: null,
        found: 'actual_only',
      },
    ]);
    expect(found).toMatchObject({ quoted: '78.44', actual: '39.00', variance: '-39.44', percent: '-50.3' });
    expect(new Exact(found.actual).minus(found.quoted).eq(found.variance)).toBe(true);
  });
  it('is not compared across currencies, nor finer than the currency', () => {
    expect(() => bill([], 'USD')).toThrow('convert first');
    expect(() => bill([{ code: 'duty', amount: '27.605' }])).toThrow('steps.0.amount');
  });
  it('has no negative nothing', () => {
    const steps = [{ code: 'duty', base: '1000000', rate: '0.1', amount: '100000.00' }];
    const found = quoteAgainstActual(
      { currency: 'EUR', steps },
      { currency: 'EUR', steps: [{ code: 'duty', amount: '99999.99' }] },
    );
    expect([found.variance, found.percent]).toEqual(['-0.01', '0.0']);
  });
});
