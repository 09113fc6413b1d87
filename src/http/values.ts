import { z } from 'zod';
import { COUNTRY_CODES } from '#domain/country.ts';
import { Currency } from '#domain/money.ts';
import { CURRENCY_ROWS } from '#trade/currency/iso-4217.ts';

/** Values as people and programs type them in: what is read here is checked here, and never as late as where it is used. */

/** A currency that ISO 4217 has, or had: a charge may be of another year. What is no money, such as gold, is none. */
export const CurrencyCode = Currency.refine((code) => CURRENCY_ROWS.has(code), 'is no currency of ISO 4217');

const Country = z.string().regex(/^[A-Z]{2}$/, 'a country in two capital letters such as DE');

/** A country of ISO 3166-1. */
export const CountryCode = Country.refine((code) => COUNTRY_CODES.has(code), 'is no country of ISO 3166-1');

/** Where goods are imported: a country, or XI for Northern Ireland, which has customs rules of its own. */
export const ImportCountry = Country.refine(
  (code) => code === 'XI' || COUNTRY_CODES.has(code),
  'is no country of ISO 3166-1, nor XI',
);
