import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COUNTRY_CODES } from './country.ts';
import { needsCustoms } from './customs.ts';

const at = (country: string, region = '') => ({ country, region });
const country = fc.constantFrom(...COUNTRY_CODES);

describe('a customs border', () => {
  it.each([
    ['GB', 'GB', false],
    ['DE', 'FR', false],
    ['PT', 'FI', false],
    ['GB', 'DE', true],
    ['DE', 'GB', true],
    ['DE', 'CH', true],
    ['DE', 'NO', true],
    ['CN', 'US', true],
    ['GB', 'JE', true],
  ])('%s to %s: %s', (from, to, crosses) => {
    expect(needsCustoms(at(from), at(to))).toBe(crosses);
  });

  it('is the same both ways, and none inside a country', () => {
    fc.assert(
      fc.property(country, country, (a, b) => {
        expect(needsCustoms(at(a), at(b))).toBe(needsCustoms(at(b), at(a)));
        expect(needsCustoms(at(a), at(a))).toBe(false);
      }),
    );
  });

  it.each(['AA', 'AE', 'AP', 'ae', ' AP '])('lies before a military post office of the United States: %s', (region) => {
    const [home, base] = [at('US', 'CA'), at('US', region)];
    expect([needsCustoms(home, base), needsCustoms(base, home), needsCustoms(base, base)]).toEqual([true, true, true]);
    expect(needsCustoms(at('DE', region), at('FR'))).toBe(false);
  });
});
