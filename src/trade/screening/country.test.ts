import { describe, expect, it } from 'vitest';
import { COUNTRY_CODES } from '#domain/country.ts';
import { countryCode } from './country.ts';

describe('a country', () => {
  it('is one of the 249 of ISO 3166-1, or Kosovo', () => {
    expect(COUNTRY_CODES.size).toBe(250);
    for (const code of ['CN', 'XK', 'SS', 'TW']) expect(COUNTRY_CODES.has(code)).toBe(true);
    // The Canary Islands, Ascension and the like are parts of countries; the others no longer exist or are no
    // countries.
    for (const code of ['IC', 'AC', 'TA', 'EA', 'SU', 'AN', 'EU', 'UK', 'ZZ'])
      expect(COUNTRY_CODES.has(code)).toBe(false);
  });

  it.each([
    ['cn', 'CN'],
    [' Iran (Islamic Republic of) ', 'IR'],
    ['RUSSIAN FEDERATION', 'RU'],
    ['Korea, North', 'KP'],
    ['Congo (Democratic Republic)', 'CD'],
    ['Türkiye', 'TR'],
    ['Turkey', 'TR'],
    ['Côte d’Ivoire', 'CI'],
    ['Occupied Palestinian Territories', 'PS'],
    ['UNKNOWN', null],
    ['', null],
    ['__proto__', null],
    ['constructor', null],
    ['x'.repeat(10_240), null],
  ])('called %s is %s', (name, code) => {
    expect(countryCode(name)).toBe(code);
  });
});
