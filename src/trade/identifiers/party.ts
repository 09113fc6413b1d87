import { isMember } from '#domain/eu-members.ts';
import { plainDate } from '../plain-date.ts';
import type { Source } from '../rule.ts';
import { bare, type Checked, compared, malformed } from './checked.ts';
import { VAT_CHECK_DIGITS } from './vat-check-digits.ts';

/** GB 32100-2015: the alphabet has no I, O, S, V and Z. */
const USCC_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const USCC_FORM = /^[0-9A-HJ-NP-RTUWXY]{2}\d{6}[0-9A-HJ-NP-RTUWXY]{10}$/;

const usccCheck = (body: string): string => {
  let sum = 0;
  let weight = 1;
  for (const char of body) {
    sum += USCC_ALPHABET.indexOf(char) * weight;
    weight = (weight * 3) % 31;
  }
  return USCC_ALPHABET[(31 - (sum % 31)) % 31] ?? '';
};

/** A Chinese unified social credit code (统一社会信用代码), 18 characters. Source: GB 32100-2015. */
export const checkUscc = (text: string): Checked => {
  const code = bare(text) ?? '';
  if (!USCC_FORM.test(code))
    return malformed('unified social credit code: 18 characters, the third to eighth digits, none of I O S V Z');
  return compared(code.slice(17), usccCheck(code.slice(0, 17)), code, code);
};

export const VAT_SOURCE: Source = {
  title: 'VIES, frequently asked questions: VAT identification number structure',
  url: 'https://ec.europa.eu/taxation_customs/vies/',
  read: plainDate('2026-11-25'),
};

/**
 * VAT identification numbers of the member states (Greece is EL) and of Northern Ireland (XI), without the prefix. The
 * Irish forms with `+` and `*` are old and still in use.
 */
const VAT_FORMS: Readonly<Record<string, RegExp>> = {
  AT: /^U\d{8}$/,
  BE: /^[01]\d{9}$/,
  BG: /^\d{9,10}$/,
  CY: /^\d{8}[A-Z]$/,
  CZ: /^\d{8,10}$/,
  DE: /^\d{9}$/,
  DK: /^\d{8}$/,
  EE: /^\d{9}$/,
  EL: /^\d{9}$/,
  ES: /^([A-Z]\d{7}[A-Z0-9]|\d{8}[A-Z])$/,
  FI: /^\d{8}$/,
  FR: /^[0-9A-HJ-NP-Z]{2}\d{9}$/,
  HR: /^\d{11}$/,
  HU: /^\d{8}$/,
  IE: /^(\d[A-Z0-9+*]\d{5}[A-Z]|\d{7}[A-W][A-I])$/,
  IT: /^\d{11}$/,
  LT: /^(\d{9}|\d{12})$/,
  LU: /^\d{8}$/,
  LV: /^\d{11}$/,
  MT: /^\d{8}$/,
  NL: /^\d{9}B\d{2}$/,
  PL: /^\d{10}$/,
  PT: /^\d{9}$/,
  RO: /^\d{2,10}$/,
  SE: /^\d{12}$/,
  SI: /^\d{8}$/,
  SK: /^\d{10}$/,
  XI: /^(\d{9}|\d{12}|(GD|HA)\d{3})$/,
};

/**
 * Checks a VAT identification number with its prefix by form and, if the algorithm is on file, by its check digits
 * (`check`; otherwise null). Only VIES knows whether it is currently registered.
 */
export const checkVatNumber = (text: string): Checked => {
  const number = (bare(text) ?? '').replaceAll('.', '');
  const prefix = number.slice(0, 2);
  if (prefix === 'GR') return malformed('VAT number: Greece writes EL, not GR');
  const form = VAT_FORMS[prefix];
  if (!form) return malformed('VAT number: begins with the prefix of an EU member state (Greece EL) or XI');
  const body = number.slice(2);
  if (!form.test(body)) return malformed(`VAT number: not of the form of ${prefix}`);
  const digits = VAT_CHECK_DIGITS[prefix];
  if (!digits) return { valid: true, check: null, full: number };
  const check = digits.of(body);
  return check === null
    ? malformed(`VAT number: ${prefix} gives out no number with these digits`)
    : compared(body.slice(digits.from, digits.to), check, number, number);
};

export const EORI_SOURCE: Source = {
  title: 'Delegated Regulation (EU) 2015/2446 Annex B, format an..17; HMRC manual IMPS03060 for GB and XI',
  url: 'https://www.gov.uk/hmrc-internal-manuals/imports/imps03060',
  read: plainDate('2026-11-25'),
};

/**
 * Checks an EORI number of the EU, of Great Britain (GB) or of Northern Ireland (XI). Checks only the form, because no
 * check digit is public.
 */
export const checkEori = (text: string): Checked => {
  const number = bare(text) ?? '';
  const prefix = number.slice(0, 2);
  const rest = number.slice(2);
  if (prefix === 'GB' || prefix === 'XI')
    return /^\d{12}(\d{3})?$/.test(rest)
      ? { valid: true, check: null, full: number }
      : malformed(`EORI: ${prefix} and 12 or 15 digits`);
  if (prefix === 'EL') return malformed('EORI: Greece writes GR, not EL');
  if (!isMember(prefix)) return malformed('EORI: begins with an EU member state (Greece GR), GB or XI');
  return /^[A-Z0-9]{1,15}$/.test(rest)
    ? { valid: true, check: null, full: number }
    : malformed('EORI: up to 15 letters and digits after the country');
};

/**
 * The state that issued an IOSS number: member states by ISO 3166-1 numeric; 900, a user-assigned code, is Northern
 * Ireland.
 */
const IOSS_STATES: readonly string[] = [
  '040',
  '056',
  '100',
  '191',
  '196',
  '203',
  '208',
  '233',
  '246',
  '250',
  '276',
  '300',
  '348',
  '372',
  '380',
  '428',
  '440',
  '442',
  '470',
  '528',
  '616',
  '620',
  '642',
  '703',
  '705',
  '724',
  '752',
  '900',
];

export const IOSS_SOURCE: Source = {
  title: 'IOSS number IMxxxyyyyyyz (state, number, check digit); the algorithm of the check digit is not public',
  url: 'https://arthurdejong.org/python-stdnum/doc/stdnum.eu.oss',
  read: plainDate('2026-11-25'),
};

/** Checks an IOSS VAT identification number such as IM2760000742 by form and state. Nothing more can be checked. */
export const checkIoss = (text: string): Checked => {
  const number = bare(text) ?? '';
  if (/^IN\d{10}$/.test(number))
    return malformed('IOSS: IN is the number of an intermediary; a declaration takes the IM');
  if (!/^IM\d{10}$/.test(number)) return malformed('IOSS: IM and ten digits');
  const state = number.slice(2, 5);
  if (!IOSS_STATES.includes(state))
    return malformed(`IOSS: ${state} is not the number of an EU member state or of Northern Ireland`);
  return { valid: true, check: null, full: number };
};
