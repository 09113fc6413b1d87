import { COUNTRY_CODES } from '#domain/country.ts';
import { invalid } from '../read-input.ts';
import { type AsOf, type Ruled, type RuleTable, ruleOn } from '../rule.ts';
import { row, source } from './dated-row.ts';

/** Countries that exclude international freight and insurance from the customs value, and the territories of the US. */
export const fobBasisCountries: RuleTable<readonly string[]> = {
  id: 'valuation.fob-basis',
  name: 'Countries whose customs value is FOB; all others take CIF',
  rows: [
    row(
      '2020-01-01',
      null,
      ['AU', 'BW', 'CA', 'HT', 'LS', 'NA', 'NZ', 'SZ', 'US', 'ZA', 'AS', 'GU', 'MP', 'PR', 'VI'],
      { source: source('Urshipper, countries by valuation basis'), status: 'verified' },
    ),
  ],
};

/** The basis on which a country (ISO 3166 code) values imports. */
export const valuationBasis = (country: string, asOf: AsOf): Ruled<'CIF' | 'FOB'> => {
  if (!COUNTRY_CODES.has(country)) throw invalid('country', 'has to be an ISO 3166 code, such as DE');
  const { value, row: found, notices } = ruleOn(fobBasisCountries, asOf);
  const basis = value.includes(country) ? 'FOB' : 'CIF';
  return { value: basis, row: { ...found, value: basis }, notices };
};
