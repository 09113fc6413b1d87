import type { Address } from '#domain/address.ts';
import { type HistoryRow, rowFailure } from './read-history.ts';

/**
 * The ISO 3166-1 code of every country name in the file and in the whole UCI data set. `ZZ` means no single country.
 */
export const COUNTRIES: Readonly<Record<string, string>> = {
  Australia: 'AU',
  Austria: 'AT',
  Bahrain: 'BH',
  Belgium: 'BE',
  Brazil: 'BR',
  Canada: 'CA',
  // Two customs territories under one name. Jersey has the larger population and mail-order trade, and both are outside
  // the United Kingdom's VAT, so nothing that depends on the country changes with the choice.
  'Channel Islands': 'JE',
  Cyprus: 'CY',
  'Czech Republic': 'CZ',
  Denmark: 'DK',
  EIRE: 'IE',
  'European Community': 'ZZ',
  Finland: 'FI',
  France: 'FR',
  Germany: 'DE',
  Greece: 'GR',
  'Hong Kong': 'HK',
  Iceland: 'IS',
  Israel: 'IL',
  Italy: 'IT',
  Japan: 'JP',
  Lebanon: 'LB',
  Lithuania: 'LT',
  Malta: 'MT',
  Netherlands: 'NL',
  Norway: 'NO',
  Poland: 'PL',
  Portugal: 'PT',
  RSA: 'ZA',
  'Saudi Arabia': 'SA',
  Singapore: 'SG',
  'South Africa': 'ZA',
  Spain: 'ES',
  Sweden: 'SE',
  Switzerland: 'CH',
  USA: 'US',
  'United Arab Emirates': 'AE',
  'United Kingdom': 'GB',
  Unspecified: 'ZZ',
};

const TABLE: ReadonlyMap<string, string> = new Map(Object.entries(COUNTRIES));

/** The ISO code of a row's country. Throws, naming the row, for a name that is not in the table. */
export const countryOf = (row: Pick<HistoryRow, 'row' | 'country'>): string => {
  const code = TABLE.get(row.country);
  if (code === undefined) {
    throw rowFailure(
      row.row,
      `“${row.country.slice(0, 40)}” is not a country we know`,
      'add it to COUNTRIES in src/simulator/history/countries.ts, with ZZ if it is no single country',
      'Country',
    );
  }
  return code;
};

/** An address for an order of the history, which names none: the right country, the rest made up for its storefront. */
export const madeAddress = (name: string, country: string): Address => ({
  name,
  company: '',
  line1: 'Street not given',
  line2: '',
  city: 'City not given',
  region: '',
  postalCode: '00000',
  country,
  phone: '',
  email: '',
});
