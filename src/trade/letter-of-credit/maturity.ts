import { addDays, addMonths, type PlainDate } from '../plain-date.ts';
import { invalid } from '../read-input.ts';
import { type AsOf, type Notice, ruleOn } from '../rule.ts';
import { tokenised } from './date-words.ts';
import { quoted } from './quoted.ts';
import { shipmentPeriod } from './shipment-period.ts';
import { DATE_WORDS } from './ucp-rules.ts';

/** The event from which a tenor counts, in the words of drafts and field 42C. */
const EVENTS = [
  ['bill_of_lading', ['bill of lading', 'bills of lading', 'b/l', 'bl', 'b / l']],
  ['shipment', ['shipment', 'on board', 'shipped on board', 'loading', 'dispatch', 'despatch']],
  ['air_waybill', ['air waybill', 'airwaybill', 'awb', 'hawb', 'mawb']],
  ['transport_document', ['transport document', 'cmr', 'waybill', 'cargo receipt', 'fcr', 'delivery order']],
  ['invoice', ['invoice', 'commercial invoice']],
  ['acceptance', ['acceptance', 'accepted']],
  ['presentation', ['presentation', 'receipt', 'negotiation', 'documents']],
  ['delivery', ['delivery', 'arrival', 'arrival of goods', 'delivery of goods']],
  ['sight', ['sight']],
  ['draft', ['draft', 'bill of exchange', 'drawing', 'issue', 'date']],
] as const;
export type TenorEvent = (typeof EVENTS)[number][0];

export type Tenor =
  /** Payable when the draft or the documents are presented. */
  | { kind: 'sight' }
  | { kind: 'usance'; count: number; unit: 'day' | 'week' | 'month' | 'year'; event: TenorEvent }
  | { kind: 'fixed'; date: PlainDate };

const UNITS = {
  day: 'day',
  days: 'day',
  week: 'week',
  weeks: 'week',
  month: 'month',
  months: 'month',
  year: 'year',
  years: 'year',
} as const satisfies Record<string, 'day' | 'week' | 'month' | 'year'>;
const isUnit = (word: string): word is keyof typeof UNITS => Object.hasOwn(UNITS, word);

const ONES = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
  'thirteen',
  'fourteen',
  'fifteen',
  'sixteen',
  'seventeen',
  'eighteen',
  'nineteen',
];
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];

/** An English number below a thousand at the front of `words`: its value and how many words it uses. */
const numberInWords = (words: readonly string[]): { value: number; length: number } => {
  let [value, length] = [0, 0];
  for (const word of words) {
    const [one, ten] = [ONES.indexOf(word), TENS.indexOf(word)];
    if (word === 'hundred') value = Math.max(1, value) * 100;
    else if (one >= 0) value += one;
    else if (ten > 1) value += ten * 10;
    else if (word !== 'and' || length === 0) break;
    length++;
  }
  return { value, length };
};

const EXPECTED = 'is no tenor such as “at sight”, “60 days after B/L date” or “on 15 May 2026”';
const MAX_LENGTH = 210;
const MOST: Readonly<Record<'day' | 'week' | 'month' | 'year', number>> = {
  day: 3650,
  week: 520,
  month: 120,
  year: 10,
};
const BEFORE_EVENT = ['from', 'after', 'following', 'of', 'the', 'date', 'on', 'upon', 'at'];
const AFTER_EVENT = [
  'date',
  'dated',
  'of',
  'the',
  'documents',
  'document',
  'issuance',
  'issue',
  'on',
  'board',
  'draft',
  'by',
  'drawee',
];

const eventOf = (words: readonly string[]): TenorEvent | null => {
  const rest = [...words];
  while (rest.length > 1 && BEFORE_EVENT.includes(rest[0] ?? '')) rest.shift();
  for (const [event, phrases] of EVENTS)
    for (const phrase of phrases) {
      const parts = phrase.split(' ');
      if (
        parts.every((part, index) => rest[index] === part) &&
        rest.slice(parts.length).every((word) => AFTER_EVENT.includes(word))
      )
        return event;
    }
  return null;
};

const AT_SIGHT =
  /^(drafts? )?(payable )?(at )?sight( draft| drafts| payment)?$|^on (demand|presentation)$|^at sight .{0,80}$/;

/**
 * Parses a tenor as in field 42C, 42P or a draft: “at sight”, “60 days after B/L date”, “30 days sight”, “sixty (60)
 * days from invoice date”, “on 15 May 2026”. Throws `invalid` for anything else, such as banking days or “60 days end
 * of month”.
 */
export const tenorOf = (text: string, asOf: AsOf, field = 'tenor'): Tenor => {
  if (text.length > MAX_LENGTH) throw invalid(field, `is longer than ${MAX_LENGTH} characters`);
  const said = text.normalize('NFKC').toLowerCase();
  const words = said
    .replace(/\(([^()]{0,60})\)/g, ' $1 ')
    .replace(/[,.;:]/g, ' ')
    .replace(/(?<=\d)-?(?=[a-z])/g, ' ')
    .replace(/(?<=[a-z])-(?=[a-z])|’|'/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '' && word !== 's' && word !== 'calendar');
  if (words.length === 0)
    throw invalid(field, 'is empty; it says when payment falls due, such as “60 days after B/L date”');
  if (AT_SIGHT.test(words.join(' '))) return { kind: 'sight' };
  const rest = words[0] === 'at' || words[0] === 'drafts' ? words.slice(1) : [...words];
  if (rest[0] === 'at') rest.shift();
  let count: number | null = null;
  while (rest.length > 0 && !isUnit(rest[0] ?? '')) {
    const word = rest[0] ?? '';
    const inWords = numberInWords(rest);
    const value = /^\d{1,5}$/.test(word) ? Number(word) : inWords.length > 0 ? inWords.value : null;
    // “60 (sixty) days”: figure and words must agree.
    if (value === null || (count !== null && count !== value)) break;
    count = value;
    rest.splice(0, /^\d/.test(word) ? 1 : inWords.length);
  }
  const unit = rest[0];
  if (count === null || unit === undefined || !isUnit(unit)) {
    if (words.some(isUnit)) throw invalid(field, `${quoted(text)} ${EXPECTED}`);
    return fixedDate(text, asOf, field);
  }
  const event = eventOf(rest.slice(1));
  if (event === null)
    throw invalid(field, `${quoted(text)} does not say from which date it counts; such as “60 days after B/L date”`);
  if (count > MOST[UNITS[unit]]) throw invalid(field, `${quoted(text)} is more than ten years`);
  return { kind: 'usance', count, unit: UNITS[unit], event };
};

const fixedDate = (text: string, asOf: AsOf, field: string): Tenor => {
  const named = tokenised(text, field).some(({ kind }) => kind === 'date' || kind === 'number');
  const { earliest, latest } = named ? shipmentPeriod(text, asOf, field) : { earliest: null, latest: null };
  if (earliest === null || earliest !== latest) throw invalid(field, `${quoted(text)} ${EXPECTED}`);
  return { kind: 'fixed', date: earliest };
};

const ADD: Record<'day' | 'week' | 'month' | 'year', (base: PlainDate, count: number) => PlainDate> = {
  day: addDays,
  week: (base, count) => addDays(base, count * 7),
  month: addMonths,
  year: (base, count) => addMonths(base, count * 12),
};

export interface Maturity {
  maturity: PlainDate;
  tenor: Tenor;
  notices: readonly Notice[];
}

/**
 * The day payment is due. `base` is the date of the event from which the tenor counts (for “sight” the day of
 * presentation); that day itself does not count, after “from” as well as “after” (UCP 600 art. 3). Months end on the
 * corresponding day, otherwise on the last day of the month. UCP 600 does not move a maturity that falls on a closed
 * day.
 */
export const maturityOf = (text: string, base: PlainDate, asOf: AsOf, field = 'tenor'): Maturity => {
  const tenor = tenorOf(text, asOf, field);
  const { notices } = ruleOn(DATE_WORDS, asOf);
  if (tenor.kind === 'sight') return { maturity: base, tenor, notices };
  if (tenor.kind === 'fixed') return { maturity: tenor.date, tenor, notices };
  return { maturity: ADD[tenor.unit](base, tenor.count), tenor, notices };
};
