import { z } from 'zod';
import { Currency } from '#domain/money.ts';
import { Calendar, isOpen } from '../calendar.ts';
import { minorUnitOn } from '../currency/minor-unit.ts';
import { Exact, exact, moneyText } from '../decimal.ts';
import { addDays, PlainDate } from '../plain-date.ts';
import { invalid, readInput } from '../read-input.ts';
import { mergeNotices, type Notice, noRow } from '../rule.ts';

const RateText = z.string().regex(/^\d{1,12}(\.\d{1,12})?$/, 'is not a rate such as 1.0850');

/** One publication of a source: the value of one unit of `base` in each currency. */
export const RateSheet = z.strictObject({
  /** The publisher, such as “ECB reference rates”. */
  source: z.string().min(1).max(200),
  base: Currency,
  /** The day of publication, which is the date of the rates. */
  date: PlainDate,
  rates: z.record(Currency, RateText),
});
export type RateSheet = z.infer<typeof RateSheet>;

export const RateQuestion = z.strictObject({
  from: Currency,
  to: Currency,
  on: PlainDate,
  /** The days on which the source publishes. Default: every day except Saturday and Sunday. */
  calendar: Calendar.optional(),
  /**
   * Decimals of the stamped rate. Default: six, or more if six significant figures need them. Amounts use all 60
   * digits.
   */
  decimals: z.int().min(0).max(12).optional(),
});

/** A rate with its origin, so that whoever reads the amount later can look the rate up again. */
export interface StampedRate {
  from: string;
  to: string;
  /** The value of one `from` in `to`, rounded half up. */
  rate: string;
  source: string;
  /** The day of the publication, on or before the requested day. */
  date: PlainDate;
  notices: readonly Notice[];
}

export const WEEKDAYS_ONLY: Calendar = { weekend: ['Sat', 'Sun'], closed: [], openDays: [] };

/** Longer than any source goes without a publication. */
const MAX_DAYS_WITHOUT_PUBLICATION = 14;

/** The last publication day on or before `on`: Friday for a weekend, the day before a holiday. */
export const publicationDay = (on: PlainDate, calendar: Calendar = WEEKDAYS_ONLY): PlainDate => {
  let day = on;
  for (let tried = 0; tried <= MAX_DAYS_WITHOUT_PUBLICATION; tried++) {
    if (isOpen(day, calendar)) return day;
    day = addDays(day, -1);
  }
  throw invalid('calendar', `no day of publication in the ${MAX_DAYS_WITHOUT_PUBLICATION} days before ${on}`);
};

/**
 * Units of `second` for one of `first`, both quoted for one unit of the same base: second ÷ first. EURUSD 1.0850 and
 * EURJPY 162.75 make USDJPY 150. Not rounded. Throws `invalid` for a rate that is not above zero.
 */
export const crossRate = (first: string, second: string): Exact =>
  exact(second, 'second', { zero: false }).div(exact(first, 'first', { zero: false }));

const quoteOf = (sheet: RateSheet, currency: string): Exact => {
  if (currency === sheet.base) return new Exact(1);
  const rate = sheet.rates[currency];
  if (rate === undefined) throw noRow(`a rate of ${currency} in ${sheet.source} of ${sheet.date}`, 'rate');
  return exact(rate, `rates.${currency}`, { zero: false });
};

const sheetOn = (sheets: readonly RateSheet[], day: PlainDate): RateSheet => {
  const [sheet, twin] = sheets.filter(({ date }) => date === day);
  if (!sheet) throw noRow(`a publication of rates on ${day}`, 'sheets');
  if (twin) throw invalid('sheets', `two publications bear the day ${day}; hand in those of one source`);
  return sheet;
};

const FIGURES = 6;

/**
 * Six decimals for a rate of 1 or more, six significant figures for a smaller one: one rial is not 0.000001 dollars.
 */
const usualDecimals = (rate: Exact): number => Math.max(FIGURES, FIGURES - 1 - rate.e);

const rateWith = (sheets: readonly RateSheet[], input: z.input<typeof RateQuestion>, today: PlainDate) => {
  const question = readInput(RateQuestion, input);
  const { from, to, on, decimals } = question;
  const units = [from, to].map((code, index) => minorUnitOn(code, { on, today }, index === 0 ? 'from' : 'to'));
  const sheet = sheetOn(readInput(z.array(RateSheet), sheets), publicationDay(on, question.calendar));
  const exactRate = quoteOf(sheet, to).div(quoteOf(sheet, from));
  const stamp: StampedRate = {
    from,
    to,
    rate: exactRate.toFixed(decimals ?? usualDecimals(exactRate)),
    source: sheet.source,
    date: sheet.date,
    notices: mergeNotices(...units.map(({ notices }) => notices)),
  };
  return { exactRate, stamp };
};

/**
 * The rate in force on the requested day, with source and date; crosses go through the base. On a day without
 * publication it is the previous one (ECB: about 16:00 CET on TARGET days, for information only,
 * https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates, read 2026-11-25). If the
 * publication of a calendar day is missing, throws `no_row`: an older one is never used instead.
 */
export const stampedRate = (
  sheets: readonly RateSheet[],
  question: z.input<typeof RateQuestion>,
  today: PlainDate,
): StampedRate => rateWith(sheets, question, today).stamp;

/** `amount` converted at the rate of the day and rounded once, half up, to the minor unit of `to`, with the rate’s stamp. */
export const converted = (
  amount: string,
  sheets: readonly RateSheet[],
  question: z.input<typeof RateQuestion>,
  today: PlainDate,
): { amount: string; stamp: StampedRate } => {
  const { exactRate, stamp } = rateWith(sheets, question, today);
  return { amount: moneyText(exact(amount, 'amount', { negative: true }).times(exactRate), stamp.to), stamp };
};
