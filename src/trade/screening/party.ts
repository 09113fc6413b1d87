import { z } from 'zod';
import { countryCode } from './country.ts';

/** The kinds of parties and listed parties. */
export const PARTY_KINDS = ['person', 'organisation', 'vessel', 'aircraft'] as const;
export type PartyKind = (typeof PARTY_KINDS)[number];

/** Numbers that identify one party and are compared exactly. */
export const IDENTIFIER_TYPES = [
  ...(['imo', 'mmsi', 'call_sign', 'tail', 'passport', 'national_id', 'tax', 'registration', 'lei', 'bic'] as const),
  'wallet',
] as const;
export type IdentifierType = (typeof IDENTIFIER_TYPES)[number];

export interface Identifier {
  type: IdentifierType;
  value: string;
  /** ISO 3166-1 code of the issuing country. */
  country?: string | undefined;
}

/** A date that may be known only to the month or the year: `1971`, `1971-03`, `1971-03-08`. */
export const PartialDate = z
  .string()
  .regex(/^\d{4}(-\d{2}(-\d{2})?)?$/, 'is not a date such as 1971-03-08, 1971-03 or 1971')
  .refine((text) => {
    const day = `${text}-01-01`.slice(0, 10);
    const ms = Date.parse(`${day}T00:00:00Z`);
    return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(day);
  }, 'is not a day of the calendar');

const Country = z
  .string()
  .refine((text) => countryCode(text) !== null, 'is not a country known here; use its ISO 3166-1 code such as CN')
  .transform((text) => countryCode(text) ?? text);

/** A number in the form used for comparison: letters and digits only, in capitals, without a leading `IMO`. */
export const plainIdentifier = (type: IdentifierType, value: string): string => {
  const plain = value
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  return type === 'imo' ? plain.replace(/^IMO/, '') : plain;
};

/** Whether seven digits are an IMO ship number: the last is the sum of the others, weighted 7 to 2, modulo ten. */
export const isImoNumber = (digits: string): boolean =>
  /^\d{7}$/.test(digits) &&
  [...digits.slice(0, 6)].reduce((sum, digit, index) => sum + Number(digit) * (7 - index), 0) % 10 ===
    Number(digits[6]);

const PartyIdentifier = z
  .strictObject({
    type: z.enum(IDENTIFIER_TYPES),
    value: z.string().max(120, 'is longer than 120 characters'),
    country: Country.optional(),
  })
  .refine(({ type, value }) => plainIdentifier(type, value).length >= 3, {
    path: ['value'],
    message: 'has fewer than three letters and digits; give the whole number',
  })
  .refine(({ type, value }) => type !== 'imo' || isImoNumber(plainIdentifier(type, value)), {
    path: ['value'],
    message: 'is not an IMO number: seven digits of which the last is the check digit',
  });

/** A party to screen, as received from outside. `nameText` checks the name. */
export const Party = z.strictObject({
  name: z.string(),
  aliases: z.array(z.string()).max(50, 'has more than 50 names').default([]),
  kind: z.enum(PARTY_KINDS).optional(),
  dateOfBirth: PartialDate.optional(),
  /** Nationality, residence, registration, flag: codes or English names. */
  countries: z.array(Country).max(30, 'has more than 30 countries').default([]),
  identifiers: z.array(PartyIdentifier).max(50, 'has more than 50 numbers').default([]),
});
export type Party = z.infer<typeof Party>;
export type PartyInput = z.input<typeof Party>;
