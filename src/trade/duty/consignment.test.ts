import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Exact } from '../decimal.ts';
import { plainDate } from '../plain-date.ts';
import { exchangeWith } from './exchange.ts';
import { landedCost } from './landed-cost.ts';
import { codes, cost, line, totals, why } from './testing/landed.ts';

/** Untyped input, for values that typed callers cannot write. */
const untyped = (rest: Record<string, unknown>) => JSON.parse(JSON.stringify(rest));
const refusal = (rest: Record<string, unknown>) =>
  why(() => cost('EU', '2026-08-01', [line('200', { dutyRate: '0' })], untyped(rest)));
const ofLine = (rest: Record<string, unknown>) =>
  why(() => cost('EU', '2026-08-01', [line('200', { dutyRate: '0', ...untyped(rest) })]));

describe('a consignment', () => {
  it('refuses any bad input with one failure that names the field', () => {
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
    expect(ask({ lines: Array(5_000).fill(line('99999999999')) })).toContain('too large');
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
  it('names no country and no currency that there is not', () => {
    const nowhere = fc.constantFrom('QQ', 'ZZ', 'UK', 'XX', 'cn', '__proto__', 'constructor', 'Z\u0301', '');
    fc.assert(
      fc.property(nowhere, (code) => {
        expect(ofLine({ origin: code })).toContain('invalid: lines.0.origin');
        expect(refusal({ shipFrom: code })).toContain('invalid: shipFrom');
        expect(why(() => cost('MX', '2025-09-01', [line('10', { origin: code })]))).toContain('invalid');
      }),
    );
    const fx = (from: string) => [{ from, to: 'EUR', rate: '1', source: 'a bank' }];
    expect(refusal({ currency: 'QQQ', fx: fx('QQQ') })).toBe('no_row: no row: the currency QQQ in ISO 4217');
    expect(refusal({ currency: 'BGN', fx: fx('BGN') })).toContain('no_row: no row: the currency BGN on 2026-08-01');
    expect(refusal({ currency: 'XAU', fx: fx('XAU') })).toContain('no_row');
  });
  it('refuses a scheme, declaration or method of another jurisdiction', () => {
    expect(refusal({ scheme: 'voec' })).toBe('invalid: scheme: has to be ioss or special_arrangements for EU');
    expect(why(() => cost('GB', '2026-08-01', [line('10')], { scheme: 'ioss' }))).toContain(
      'has to be left out for GB',
    );
    expect(refusal({ declaration: 'formal' })).toBe('invalid: declaration: has to be H1 or H7 for EU');
    expect(refusal({ postalMethod: 'specific', channel: 'postal' })).toContain('invalid: postalMethod');
  });
  it('gives each rate of exchange once, above zero, and of two currencies', () => {
    const pair = (from: string, to: string, rate = '1.1') => ({ from, to, rate, source: 'a bank' });
    const usd = (...fx: object[]) => refusal({ currency: 'USD', fx });
    expect(usd(pair('USD', 'EUR'))).toBe('no failure');
    expect(usd(pair('USD', 'EUR'), pair('EUR', 'USD'))).toBe('invalid: fx.1: gives EUR USD a second time');
    expect(usd(pair('USD', 'EUR'), pair('USD', 'EUR', '2'))).toContain('invalid: fx.1');
    expect(usd(pair('EUR', 'EUR'))).toContain('invalid: fx.0');
    expect(usd(pair('USD', 'EUR', '0.000'))).toContain('invalid: fx.0.rate');
    expect(why(() => exchangeWith([])(new Exact(1), 'USD', 'EUR'))).toContain('from USD to EUR');
  });
  it('has no duty twice on one line, but several bases of a compound duty', () => {
    const layer = (rest: object) => ({ code: 'mfn', ...rest });
    expect(ofLine({ dutyRate: undefined, layers: [layer({ rate: '0.1' }), layer({ rate: '0.1' })] })).toContain(
      'invalid: lines.0.layers',
    );
    expect(ofLine({ layers: [{ code: 'duty', rate: '0.1' }] })).toContain('invalid: lines.0.dutyRate');
    expect(ofLine({ weightKg: '2', layers: [layer({ rate: '0.1' }), layer({ per100kg: '38' })] })).toBe('no failure');
  });
  it('has a weight above zero and a code of a chapter that there is', () => {
    expect(ofLine({ weightKg: '0.000' })).toContain('invalid: lines.0.weightKg');
    for (const hs of ['770000', '000000', '61091', '61091000101', '6109.1x', '६१०९१०'])
      expect(ofLine({ hs })).toContain('invalid: lines.0.hs');
  });
  it('too expensive to be split to the cent is refused, whatever the cause', () => {
    const layers = [{ code: 'specific', amount: '99999999999' }];
    const many = Array.from({ length: 20 }, () => line('99999999999', { layers, weightKg: '1' }));
    expect(why(() => cost('EU', '2026-08-01', many))).toContain('invalid: lines');
    const heavy = [line('200', { weightKg: '999999999', layers: [{ code: 'specific', per100kg: '99999999999' }] })];
    expect(why(() => cost('EU', '2026-08-01', heavy))).toContain('invalid: lines');
    const fx = [{ from: 'USD', to: 'BRL', rate: '5', source: 'PTAX' }];
    expect(why(() => cost('BR', '2025-09-01', [line('3000')], { taxRate: '0.9999999999', fx }))).toContain(
      'invalid: lines',
    );
  });
  it('is not changed by being assessed, and costs the same each time', () => {
    const sent = {
      jurisdiction: 'EU',
      country: 'DE',
      currency: 'EUR',
      lines: [line('60'), line('20', { hs: '910212' })],
    };
    const frozen = Object.freeze(untyped(sent));
    const on = { on: plainDate('2026-08-01'), today: plainDate('2026-08-01') };
    const first = landedCost(frozen, on);
    expect([landedCost(frozen, on), frozen]).toEqual([first, sent]);
  });
  it('says of every rate of tax that was handed in that it was, and of excise that it is not included', () => {
    const lines = [line('200', { dutyRate: '0', taxRate: '0.07' }), line('10', { hs: '220421', dutyRate: '0' })];
    const found = cost('EU', '2026-08-01', lines);
    expect(codes(found)).toEqual(expect.arrayContaining(['advice eu.tax-rate', 'advice eu.excise']));
    expect(codes(cost('EU', '2026-08-01', [line('200', { dutyRate: '0' })]))).not.toContain('advice eu.excise');
  });
  it('in yen has no minor unit and in dinars three, and is rounded once in the currency of the levies', () => {
    const kwd = { currency: 'KWD', fx: [{ from: 'KWD', to: 'EUR', rate: '3.00', source: 'a bank' }] };
    expect(totals('EU', '2026-08-01', [line('100.125', { dutyRate: '0.1' })], kwd)).toMatchObject({
      goods: '300.38',
      duty: '30.04',
    });
    expect(why(() => cost('JP', '2026-08-01', [line('100.5')]))).toContain('more decimals than JPY');
  });
});
