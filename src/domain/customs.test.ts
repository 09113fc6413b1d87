import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COUNTRY_CODES } from './country.ts';
import { needsCustoms } from './customs.ts';

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
    expect(needsCustoms(from, to)).toBe(crosses);
  });

  it('is the same both ways, and none inside a country', () => {
    fc.assert(
      fc.property(country, country, (a, b) => {
        expect(needsCustoms(a, b)).toBe(needsCustoms(b, a));
        expect(needsCustoms(a, a)).toBe(false);
      }),
    );
  });
});
