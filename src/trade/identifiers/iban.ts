import { plainDate } from '../plain-date.ts';
import type { Source } from '../rule.ts';
import { bare, type Checked, compared, malformed } from './checked.ts';

export const IBAN_SOURCE: Source = {
  title: 'SWIFT IBAN Registry, release 101',
  url: 'https://www.swift.com/standards/data-standards/iban-international-bank-account-number',
  read: plainDate('2026-11-25'),
};

/**
 * The part after the country and the two check digits, as the registry writes it: n digits, a capitals, c either. The
 * fields of bank and account are merged if they take the same characters.
 */
const STRUCTURES: Readonly<Record<string, string>> = {
  AD: '8n12c',
  AE: '19n',
  AL: '8n16c',
  AT: '16n',
  AZ: '4a20c',
  BA: '16n',
  BE: '12n',
  BG: '4a6n8c',
  BH: '4a14c',
  BI: '23n',
  BR: '23n1a1c',
  BY: '4c4n16c',
  CH: '5n12c',
  CR: '18n',
  CY: '8n16c',
  CZ: '20n',
  DE: '18n',
  DJ: '23n',
  DK: '14n',
  DO: '4c20n',
  EE: '16n',
  EG: '25n',
  ES: '20n',
  FI: '14n',
  FK: '2a12n',
  FO: '14n',
  FR: '10n11c2n',
  GB: '4a14n',
  GE: '2a16n',
  GI: '4a15c',
  GL: '14n',
  GR: '7n16c',
  GT: '24c',
  HN: '4a20n',
  HR: '17n',
  HU: '24n',
  IE: '4a14n',
  IL: '19n',
  IQ: '4a15n',
  IS: '22n',
  IT: '1a10n12c',
  JO: '4a4n18c',
  KW: '4a22c',
  KZ: '3n13c',
  LB: '4n20c',
  LC: '4a24c',
  LI: '5n12c',
  LT: '16n',
  LU: '3n13c',
  LV: '4a13c',
  LY: '21n',
  MC: '10n11c2n',
  MD: '20c',
  ME: '18n',
  MK: '3n10c2n',
  MN: '16n',
  MR: '23n',
  MT: '4a5n18c',
  MU: '4a19n3a',
  NI: '4a20n',
  NL: '4a10n',
  NO: '11n',
  OM: '3n16c',
  PK: '4a16c',
  PL: '24n',
  PS: '4a21c',
  PT: '21n',
  QA: '4a21c',
  RO: '4a16c',

  RS: '18n',
  RU: '14n15c',
  SA: '2n18c',
  SC: '4a20n3a',
  SD: '14n',
  SE: '20n',
  SI: '15n',
  SK: '20n',
  SM: '1a10n12c',
  SO: '19n',
  ST: '21n',
  SV: '4a20n',
  TL: '19n',
  TN: '20n',
  TR: '6n16c',
  UA: '6n19c',
  VA: '18n',
  VG: '4a16n',
  XK: '16n',
  YE: '4a4n18c',
};

const CLASSES: Readonly<Record<string, string>> = { n: '\\d', a: '[A-Z]', c: '[A-Z0-9]' };

interface Structure {
  length: number;
  form: RegExp;
}

const structureOf = (fields: string): Structure => {
  const parts = [...fields.matchAll(/(\d+)([nac])/g)].map(([, count = '', kind = '']) => ({ count, kind }));
  return {
    length: 4 + parts.reduce((sum, { count }) => sum + Number(count), 0),
    form: new RegExp(`^${parts.map(({ count, kind }) => `${CLASSES[kind]}{${count}}`).join('')}$`),
  };
};

const BY_COUNTRY: ReadonlyMap<string, Structure> = new Map(
  Object.entries(STRUCTURES).map(([country, fields]) => [country, structureOf(fields)]),
);

/** The length of an IBAN of `country`; null if the registry does not have the country. */
export const ibanLength = (country: string): number | null => BY_COUNTRY.get(country)?.length ?? null;

/** ISO 7064 MOD 97-10 of letters and digits, letters as 10 to 35. */
const mod97 = (text: string): number => {
  let rest = 0;
  for (const char of text) {
    const value = Number.parseInt(char, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
};

/**
 * Checks an account number by country, length, structure and check digits. Groups of four and lower case are accepted.
 * `check` is the pair of check digits. Source: ISO 13616 and the IBAN registry.
 */
export const checkIban = (text: string): Checked => {
  const iban = bare(text) ?? '';
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]+$/.test(iban))
    return malformed('IBAN: a country, two check digits, then letters and digits');
  const country = iban.slice(0, 2);
  const structure = BY_COUNTRY.get(country);
  if (!structure) return malformed(`IBAN: ${country} is not in the registry`);
  if (iban.length !== structure.length)
    return malformed(`IBAN: ${country} has ${structure.length} characters, not ${iban.length}`);
  const account = iban.slice(4);
  if (!structure.form.test(account)) return malformed(`IBAN: the account number is not of the form of ${country}`);
  const check = String(98 - mod97(`${account}${country}00`)).padStart(2, '0');
  return compared(iban.slice(2, 4), check, iban, iban);
};
