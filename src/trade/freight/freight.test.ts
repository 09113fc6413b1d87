import { describe, expect, it } from 'vitest';
import { plainDate } from '../plain-date.ts';
import { chargeableWeight, checkSize, cubicMetres } from './chargeable-weight.ts';
import { compareRates } from './rate-comparison.ts';

const asOf = { on: plainDate('2026-08-01'), today: plainDate('2026-11-24') };
const box = { length: '60', width: '40', height: '40', weightKg: '12.3', count: 1 };

describe('chargeable weight', () => {
  const weigh = (rest: Record<string, unknown> = {}) =>
    chargeableWeight({ packages: [box], carrier: 'courier', stepKg: '0.5', ...rest }, asOf);

  it('is the larger of gross and volumetric weight, up to the step of the tariff', () => {
    expect(weigh()).toMatchObject({ by: 'volumetric' });
    expect([weigh().cbm, weigh().volumetricKg, weigh().chargeableKg].map(String)).toEqual(['0.096', '19.2', '19.5']);
    expect(String(weigh({ carrier: 'air' }).volumetricKg)).toBe('16');
    expect(String(weigh({ divisor: '10000' }).chargeableKg)).toBe('12.5');
  });
  it('is compared for each package, or for the shipment', () => {
    const heavy = { length: '10', width: '10', height: '10', weightKg: '9' };
    const both = (compared: string) => String(weigh({ packages: [box, heavy], compared }).chargeableKg);
    expect([both('package'), both('shipment')]).toEqual(['28.5', '21.5']);
    const by = (compared: string) => weigh({ packages: [box, heavy], compared }).by;
    expect([by('package'), by('shipment'), weigh({ packages: [heavy] }).by]).toEqual(['both', 'gross', 'gross']);
  });
  it('has no row for a step or a divisor that is not on file', () => {
    expect(() => weigh({ stepKg: undefined })).toThrow('no row: step');
    expect(() => weigh({ carrier: 'post' })).toThrow('no row: Volumetric divisor of postal');
    expect(() => weigh({ stepKg: '0' })).toThrow('stepKg');
    expect(() => weigh({ packages: [{ ...box, length: '0' }] })).toThrow('packages.0.length');
  });
  it('says that the usual divisors are general knowledge', () => {
    expect(weigh().notices.map(({ code }) => code)).toEqual(['general_knowledge']);
  });
  it('counts cubic metres of all packages', () => {
    expect(String(cubicMetres({ ...box, count: 10 }))).toBe('0.96');
  });
});

describe('the size of a package', () => {
  it('is checked side by side, in any orientation', () => {
    const found = checkSize(
      { ...box, length: '40', height: '60' },
      { longestSide: '59.9', lengthAndGirth: '220', weightKg: '12' },
    );
    expect([found.longestSide, found.girth, found.lengthAndGirth, found.threeSides].map(String)).toEqual([
      '60',
      '160',
      '220',
      '140',
    ]);
    expect(found.passed).toEqual(['longestSide', 'weightKg']);
  });
});

describe('offers', () => {
  const offer = (id: string, price: string, days: number, service: number, currency = 'EUR') => ({
    id,
    carrier: 'C',
    price,
    days,
    service,
    currency,
  });
  const offers = [offer('slow', '10', 20, 40), offer('fast', '40', 3, 90), offer('middle', '20', 8, 70)];
  const rank = (price: string, days: string, service: string, latestDays?: number) =>
    compareRates({ offers, weights: { price, days, service }, ...(latestDays === undefined ? {} : { latestDays }) });

  it('are ranked by what has weight', () => {
    const ids = (...weights: [string, string, string]) => rank(...weights).ranked.map(({ id }) => id);
    expect([ids('1', '0', '0')[0], ids('0', '1', '0')[0], ids('0', '0', '1')[0]]).toEqual(['slow', 'fast', 'fast']);
    expect(rank('1', '0', '0').ranked.map(({ score }) => score)).toEqual(['100.00', '66.67', '0.00']);
  });
  it('that come too late are not ranked', () => {
    const found = rank('1', '1', '1', 8);
    expect([found.ranked.map(({ id }) => id).sort(), found.tooLate]).toEqual([['fast', 'middle'], ['slow']]);
    expect(rank('1', '1', '1', 0)).toEqual({ ranked: [], tooLate: ['slow', 'fast', 'middle'] });
  });
  it('are refused in several currencies or without a weight', () => {
    const mixed = {
      offers: [...offers, offer('x', '1', 1, 1, 'USD')],
      weights: { price: '1', days: '0', service: '0' },
    };
    expect(() => compareRates(mixed)).toThrow('one currency');
    expect(() => rank('0', '0', '0')).toThrow('weights');
  });
});
