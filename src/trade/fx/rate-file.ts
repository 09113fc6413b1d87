import { isFailure } from '#domain/failure.ts';
import { type QuotedRate, RateText } from '#domain/rate.ts';
import { addDays, PlainDate } from '../plain-date.ts';
import { invalid } from '../read-input.ts';
import { xmlEvents } from '../screening/lists/xml-events.ts';

/** Rates of one publication. */
export interface RateDay {
  day: PlainDate;
  rates: readonly { currency: string; rate: string }[];
}

/** All days since 1999 are about nine million characters; what is larger is not this file. */
const LONGEST_FILE = 32 * 1024 * 1024;
const MOST_RATES_A_DAY = 200;

/** The tags around the rates, outermost first, and what each may hold. */
const ENVELOPE = 'gesmes:Envelope';
const HEAD = new Set(['gesmes:subject', 'gesmes:Sender', 'gesmes:name']);
const CODE = /^[A-Z]{3}$/;

const refuse = (reason: string) => invalid('file', `it is not a file of ECB reference rates: ${reason}`);

/** A rate of a currency that no table of ours knows is kept: the ECB may name one before we do. It is used when an order is in it. */
const readRate = (attributes: ReadonlyMap<string, string>, day: PlainDate) => {
  const currency = attributes.get('currency') ?? '';
  const rate = attributes.get('rate') ?? '';
  if (attributes.size !== 2 || !CODE.test(currency) || currency === 'EUR')
    throw refuse(`“${currency.slice(0, 20)}” of ${day} is not a currency`);
  if (!RateText.safeParse(rate).success)
    throw refuse(`“${rate.slice(0, 40)}” for ${currency} of ${day} is not a rate above zero`);
  return { currency, rate };
};

/**
 * The days of `eurofxref-daily.xml`, `eurofxref-hist-90d.xml` or `eurofxref-hist.xml`, oldest first: how much of each currency one euro
 * is worth. Read as a whole or refused as a whole (`invalid`, one reason): a document type or entity, another shape, a file that ends
 * early, a rate that is not above zero, a day or currency twice, a day without rates, a day more than one after `today`.
 * Shape: Envelope > Cube > Cube[time] > Cube[currency, rate], as in copies of the ECB's files of 2015-02-12 and 2024-06-28 in public
 * repositories, read 2026-11-30; the ECB's own server was not reached.
 */
export const readEcbRates = (text: string, today: PlainDate): readonly RateDay[] => {
  if (text.length > LONGEST_FILE) throw refuse('it is too large');
  const latest = addDays(today, 1);
  const days = new Map<PlainDate, Map<string, string>>();
  const open: string[] = [];
  let inDay: { day: PlainDate; rates: Map<string, string> } | null = null;
  const openDay = (attributes: ReadonlyMap<string, string>) => {
    const time = PlainDate.safeParse(attributes.get('time'));
    if (!time.success || attributes.size !== 1)
      throw refuse(`“${(attributes.get('time') ?? '').slice(0, 40)}” is not a day`);
    const day = time.data;
    if (day > latest) throw refuse(`${day} is a day to come`);
    if (days.has(day)) throw refuse(`the day ${day} stands twice`);
    const rates = new Map<string, string>();
    days.set(day, rates);
    return { day, rates };
  };
  const openCube = (attributes: ReadonlyMap<string, string>): void => {
    const cubes = open.filter((name) => name === 'Cube').length;
    if (cubes === 2) inDay = openDay(attributes);
    else if (cubes === 3 && inDay) {
      const { currency, rate } = readRate(attributes, inDay.day);
      if (inDay.rates.has(currency)) throw refuse(`${currency} of ${inDay.day} stands twice`);
      if (inDay.rates.size >= MOST_RATES_A_DAY) throw refuse(`${inDay.day} has more currencies than there are`);
      inDay.rates.set(currency, rate);
    } else if (cubes !== 1 || attributes.size > 0) throw refuse('its cubes are not nested as the ECB’s are');
  };
  const read = () => {
    for (const event of xmlEvents([text])) {
      if (event.type === 'close') {
        open.pop();
        continue;
      }
      if (event.type === 'text') {
        if (open.includes('Cube') && event.text.trim() !== '') throw refuse('there is text among the rates');
        continue;
      }
      const parent = open.at(-1);
      const fits =
        event.name === 'Cube'
          ? parent === ENVELOPE || parent === 'Cube'
          : parent === undefined
            ? event.name === ENVELOPE
            : HEAD.has(event.name) && !open.includes('Cube');
      if (!fits) throw refuse(`<${event.name}> has no place in it`);
      open.push(event.name);
      if (event.name === 'Cube') openCube(event.attributes);
    }
  };
  try {
    read();
  } catch (error) {
    if (isFailure(error, 'invalid') && error.safe['field'] === 'xml') throw refuse(String(error.safe['reason']));
    throw error;
  }
  if (days.size === 0) throw refuse('it holds no day');
  const empty = [...days].find(([, rates]) => rates.size === 0);
  if (empty) throw refuse(`${empty[0]} has no rates`);
  return [...days]
    .map(([day, rates]) => ({ day, rates: [...rates].map(([currency, rate]) => ({ currency, rate })) }))
    .sort((a, b) => (a.day < b.day ? -1 : 1));
};

/** The rates of the ECB's days one by one, each for one euro. */
export const quotedInEuro = (days: readonly RateDay[]): QuotedRate[] =>
  days.flatMap(({ day, rates }) => rates.map(({ currency, rate }) => ({ day, base: 'EUR', quote: currency, rate })));

/** The header of our own file of rates: one rate a line, such as `2026-11-27,EUR,TWD,36.512`. */
export const RATE_CSV_HEADER = 'day,base,quote,rate';

export interface RowFault {
  /** The line of the file, from 1; the header is line 1. */
  row: number;
  field: string;
  message: string;
}

/** Why a rate cannot be taken, by field; nothing when it can. `checkCurrency` says what is wrong with a code on a day. */
export const faultsOf = (
  given: Readonly<Record<'day' | 'base' | 'quote' | 'rate', string>>,
  today: PlainDate,
  checkCurrency: (code: string, day: PlainDate) => string | null,
): { field: string; message: string }[] => {
  const faults: { field: string; message: string }[] = [];
  const day = PlainDate.safeParse(given.day);
  if (!day.success) faults.push({ field: 'day', message: 'is not a day of the calendar, such as 2026-11-27' });
  else if (day.data > addDays(today, 1)) faults.push({ field: 'day', message: `is a day to come: today is ${today}` });
  for (const field of ['base', 'quote'] as const) {
    const code = given[field];
    if (!CODE.test(code)) faults.push({ field, message: 'is not an ISO 4217 code such as EUR' });
    else if (day.success) {
      const wrong = checkCurrency(code, day.data);
      if (wrong !== null) faults.push({ field, message: wrong });
    }
  }
  if (CODE.test(given.base) && given.base === given.quote)
    faults.push({ field: 'quote', message: 'is the base currency itself' });
  if (!RateText.safeParse(given.rate).success)
    faults.push({ field: 'rate', message: 'is not a rate above zero, such as 1.0850' });
  return faults;
};

const cellsOf = (line: string): string[] =>
  line.split(',').map((cell) => {
    const trimmed = cell.trim();
    return /^"[^"]*"$/.test(trimmed) ? trimmed.slice(1, -1).trim() : trimmed;
  });

/**
 * Our own file of rates: UTF-8, the header `day,base,quote,rate`, a point before the decimals, cells with or without double quotes.
 * Every line with something wrong is a fault with its place; rates count only when there is no fault.
 */
export const readRateCsv = (
  text: string,
  today: PlainDate,
  checkCurrency: (code: string, day: PlainDate) => string | null,
): { rates: QuotedRate[]; faults: RowFault[] } => {
  const [header = '', ...lines] = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  if (cellsOf(header).join(',').toLowerCase() !== RATE_CSV_HEADER)
    return { rates: [], faults: [{ row: 1, field: 'header', message: `is not ${RATE_CSV_HEADER}` }] };
  const rates: QuotedRate[] = [];
  const faults: RowFault[] = [];
  const seen = new Map<string, number>();
  lines.forEach((line, index) => {
    const row = index + 2;
    if (line.trim() === '') return;
    const cells = cellsOf(line);
    if (cells.length !== 4) {
      faults.push({ row, field: 'row', message: `has ${cells.length} cells where ${RATE_CSV_HEADER} are wanted` });
      return;
    }
    const [day = '', base = '', quote = '', rate = ''] = cells;
    const wrong = faultsOf({ day, base, quote, rate }, today, checkCurrency);
    const key = `${day} ${base} ${quote}`;
    const twin = seen.get(key);
    if (twin !== undefined) wrong.push({ field: 'row', message: `gives the rate of row ${twin} once more` });
    seen.set(key, row);
    faults.push(...wrong.map((fault) => ({ row, ...fault })));
    const parsed = PlainDate.safeParse(day);
    if (wrong.length === 0 && parsed.success) rates.push({ day: parsed.data, base, quote, rate });
  });
  if (rates.length === 0 && faults.length === 0)
    faults.push({ row: 1, field: 'row', message: 'is the only one: there are no rates' });
  return { rates, faults };
};

/** A file of the ECB's shape with these days, newest first as the ECB has them. */
export const writeEcbRates = (days: readonly RateDay[]): string => {
  const cube = ({ day, rates }: RateDay): string =>
    [
      `\t\t<Cube time='${day}'>`,
      ...rates.map(({ currency, rate }) => `\t\t\t<Cube currency='${currency}' rate='${rate}'/>`),
      '\t\t</Cube>',
    ].join('\n');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">',
    '\t<gesmes:subject>Reference rates</gesmes:subject>',
    '\t<gesmes:Sender>',
    '\t\t<gesmes:name>European Central Bank</gesmes:name>',
    '\t</gesmes:Sender>',
    '\t<Cube>',
    ...[...days].sort((a, b) => (a.day < b.day ? 1 : -1)).map(cube),
    '\t</Cube>',
    '</gesmes:Envelope>',
    '',
  ].join('\n');
};
