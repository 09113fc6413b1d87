import { invalid } from '../read-input.ts';
import { quoted } from './quoted.ts';

/** A word or date in a clause of a credit. */
export type Token =
  | { kind: 'word'; text: string }
  | { kind: 'number'; text: string; value: number }
  | { kind: 'date'; year: number | null; month: number; day: number }
  | { kind: 'dash' };

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] as const;
const FULL = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

/** 1 to 12 for a month in full or abbreviated, otherwise null. */
export const monthOf = (word: string): number | null => {
  const full = FULL.indexOf(word);
  if (full >= 0) return full + 1;
  const short = MONTHS.findIndex((month) => month === word || (word === 'sept' && month === 'sep'));
  return short >= 0 ? short + 1 : null;
};

/** Two-digit years as SWIFT reads them: 80 to 99 are 1980 to 1999, others 2000 to 2079. */
export const fullYear = (twoDigits: number): number => (twoDigits >= 80 ? 1900 : 2000) + twoDigits;

const MAX_CLAUSE_LENGTH = 600;
const ISO = /^(\d{4})-(\d{2})-(\d{2})$/;
const NUMERIC = /^(\d{1,2})[./](\d{1,2})[./](\d{4})$/;
const NAMED = /^(\d{1,2})[-./]?([a-z]{3,9})[-./]?(\d{4}|\d{2})$/;
const ORDINAL = /^(\d{1,4})(?:st|nd|rd|th)?$/;
const RANGE = /^(\d{1,2})(?:st|nd|rd|th)?-(\d{1,2})(?:st|nd|rd|th)?$/;
const SWIFT_DATE = /^(\d{2})(\d{2})(\d{2})$/;

const numericDate = (text: string, [, first = '', second = '', year = '']: readonly string[], field: string): Token => {
  const [one, two] = [Number(first), Number(second)];
  if (one <= 12 && two <= 12 && one !== two)
    throw invalid(field, `${quoted(text)} may be day/month or month/day; write the month as a word`);
  return { kind: 'date', year: Number(year), ...(two > 12 ? { month: one, day: two } : { month: two, day: one }) };
};

const tokensOf = (part: string, field: string): Token[] => {
  const iso = ISO.exec(part);
  if (iso) return [{ kind: 'date', year: Number(iso[1]), month: Number(iso[2]), day: Number(iso[3]) }];
  const numeric = NUMERIC.exec(part);
  if (numeric) return [numericDate(part, numeric, field)];
  const named = NAMED.exec(part);
  const month = named?.[2] === undefined ? null : monthOf(named[2]);
  if (named && month !== null) {
    const year = Number(named[3]);
    return [{ kind: 'date', year: year < 100 ? fullYear(year) : year, month, day: Number(named[1]) }];
  }
  const swift = SWIFT_DATE.exec(part);
  if (swift)
    return [{ kind: 'date', year: fullYear(Number(swift[1])), month: Number(swift[2]), day: Number(swift[3]) }];
  const range = RANGE.exec(part);
  if (range) {
    const [first = '', second = ''] = [range[1], range[2]];
    return [
      { kind: 'number', text: first, value: Number(first) },
      { kind: 'dash' },
      { kind: 'number', text: second, value: Number(second) },
    ];
  }
  const ordinal = ORDINAL.exec(part);
  if (ordinal?.[1] !== undefined) return [{ kind: 'number', text: part, value: Number(ordinal[1]) }];
  if (part === '-') return [{ kind: 'dash' }];
  return part
    .split('-')
    .filter((word) => word !== '')
    .map((text) => ({ kind: 'word', text }));
};

/** A clause as tokens. Ignores case, commas and dashes of every kind. Throws `invalid` if it is empty or too long. */
export const tokenised = (clause: string, field: string): Token[] => {
  if (clause.length > MAX_CLAUSE_LENGTH) throw invalid(field, `is longer than ${MAX_CLAUSE_LENGTH} characters`);
  const words = clause
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[‐-―−~]/g, '-')
    .replace(/[,;:()"'’“”]/g, ' ')
    .split(/\s+/)
    .map((word) => word.replace(/\.$/, ''))
    .filter((word) => word !== '');
  if (words.length === 0) throw invalid(field, 'is empty; it names a date or a period');
  return words.flatMap((word) => tokensOf(word, field));
};
