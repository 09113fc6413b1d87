import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Exact, moneyText } from '../decimal.ts';
import { plainDate } from '../plain-date.ts';
import { sameUnit, unitOf } from './quantity-units.ts';
import { amountRange, leastCover, leastDrawing, quantityRange, toleranceOf } from './tolerance.ts';

const ASKED = { on: plainDate('2026-11-25'), today: plainDate('2026-11-25') };
const range = (amount: string, more: { currency?: string; about?: boolean; tolerance?: string } = {}) => {
  const { min, max } = amountRange(
    {
      amount,
      currency: more.currency ?? 'USD',
      about: more.about ?? false,
      tolerance: more.tolerance === undefined ? null : toleranceOf(more.tolerance),
    },
    ASKED,
  );
  return [min, max];
};

describe('an amount', () => {
  it('is exact without a word, ±10 % with “about”, and as 39A says', () => {
    expect(range('100000.00')).toEqual(['100000.00', '100000.00']);
    expect(range('100000.00', { about: true })).toEqual(['90000.00', '110000.00']);
    expect(range('100000.00', { tolerance: '10/05' })).toEqual(['95000.00', '110000.00']);
    expect(range('100000.00', { tolerance: '00/10' })).toEqual(['90000.00', '100000.00']);
  });
  it('rounds inwards to the minor unit of the currency', () => {
    expect(range('33333.33', { tolerance: '05/05' })).toEqual(['31666.67', '34999.99']);
    expect(range('100001', { currency: 'JPY', tolerance: '05/05' })).toEqual(['95001', '105001']);
    expect(range('1.001', { currency: 'KWD', about: true })).toEqual(['0.901', '1.101']);
    expect(() => range('1.5', { currency: 'JPY' })).toThrow('amount: ');
  });
  it('is never outside its tolerance at either end', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000_000 }),
        fc.integer({ min: 0, max: 99 }),
        fc.integer({ min: 0, max: 99 }),
        (cents, plus, minus) => {
          const amount = moneyText(new Exact(cents).div(100), 'USD');
          const { min, max } = amountRange(
            { amount, currency: 'USD', about: false, tolerance: { plus, minus } },
            ASKED,
          );
          expect(new Exact(max).lte(new Exact(amount).times(100 + plus).div(100))).toBe(true);
          expect(new Exact(min).gte(new Exact(amount).times(100 - minus).div(100))).toBe(true);
          expect(new Exact(min).lte(amount) && new Exact(max).gte(amount)).toBe(true);
        },
      ),
    );
  });
  it('is refused when 39A is not two percentages', () => {
    for (const text of ['5', '5/', '100/05', '-5/05', '05/05/05', '5%/5%', '٠٥/٠٥'])
      expect(() => toleranceOf(text), text).toThrow('39A: ');
  });
});

describe('a quantity', () => {
  const of = (quantity: string, unit: string, about = false) => {
    const { min, max, because } = quantityRange({ quantity, unit, about, tolerance: null }, ASKED);
    return [min, max, because];
  };
  it('in a measure has 5 %, in packing units or items none, with “about” 10 %', () => {
    expect(of('2000', 'MT')).toEqual(['1900', '2100', 'art. 30(b)']);
    expect(of('2000', 'kgs')).toEqual(['1900', '2100', 'art. 30(b)']);
    expect(of('100', 'M³')).toEqual(['95', '105', 'art. 30(b)']);
    for (const unit of ['PCS', 'Sets', 'CARTONS', 'drums', 'PAIRS', 'DOZ.'])
      expect(of('1000', unit)).toEqual(['1000', '1000', 'none']);
    expect(of('1000', 'PCS', true)).toEqual(['900', '1100', 'art. 30(a)']);
  });
  it('of items stays whole', () => {
    expect(of('1005', 'PCS', true)).toEqual(['905', '1105', 'art. 30(a)']);
    expect(of('1005', 'KG', true)).toEqual(['904.5', '1105.5', 'art. 30(a)']);
  });
  it('in a unit that is not on file has no row, unless “about” decides', () => {
    expect(() => of('10', 'CONTAINERS')).toThrow('no row: whether “CONTAINERS”');
    expect(of('10', 'CONTAINERS', true)).toEqual(['9', '11', 'art. 30(a)']);
    for (const unit of ['', '12', '\u0301', 'X'.repeat(10_000)]) expect(() => of('10', unit), unit).toThrow('unit: ');
    for (const quantity of ['0', '-1', 'ten', '1e3']) expect(() => of(quantity, 'MT'), quantity).toThrow('qty: ');
  });
  it('knows spellings of one unit', () => {
    expect([sameUnit('PCS', 'pieces'), sameUnit('metric tons', 'M.T.'), sameUnit('KG', 'LB')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(unitOf('cubic metres')).toEqual({ kind: 'measure', code: 'M3' });
  });
});

describe('a short drawing', () => {
  const least = (change: object = {}) =>
    leastDrawing(
      {
        amount: '50000.00',
        currency: 'USD',
        about: false,
        tolerance: null,
        partial: 'NOT ALLOWED',
        fullQuantity: true,
        unitPriceReduced: false,
        ...change,
      },
      ASKED,
    ).min;
  it('may be 5 % less when all is shipped at full price (art. 30(c))', () => {
    expect(least()).toBe('47500.00');
    expect(least({ amount: '33333.33' })).toBe('31666.67');
  });
  it('is none otherwise, and a tolerance of the credit takes precedence', () => {
    expect([least({ fullQuantity: false }), least({ unitPriceReduced: true })]).toEqual(['50000.00', '50000.00']);
    expect(least({ tolerance: { plus: 0, minus: 2 } })).toBe('49000.00');
    expect(least({ about: true })).toBe('45000.00');
    expect(least({ partial: 'ALLOWED', fullQuantity: false })).toBe('0.00');
  });
});

describe('insurance', () => {
  const cover = (change: object) =>
    leastCover({ currency: 'USD', cifValue: null, honoured: null, grossInvoice: null, perCent: null, ...change }, ASKED)
      .min;
  it('covers 110 % or what the credit states, rounded up', () => {
    expect(cover({ cifValue: '89250.00' })).toBe('98175.00');
    expect(cover({ cifValue: '33333.33' })).toBe('36666.67');
    expect(cover({ cifValue: '10000.00', perCent: '120' })).toBe('12000.00');
    expect(cover({ cifValue: '33333', currency: 'JPY' })).toBe('36667');
  });
  it('covers the greater of drawing and invoice where the CIF value is not known', () => {
    expect(cover({ honoured: '900.00', grossInvoice: '1000.00' })).toBe('1100.00');
    expect(() => cover({})).toThrow('cif: ');
    expect(() => cover({ cifValue: '1.00', perCent: '0' })).toThrow('lcPct: ');
  });
});
