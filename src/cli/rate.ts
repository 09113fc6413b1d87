import { z } from 'zod';
import { plainDate } from '#domain/plain-date.ts';
import type { ApiClient } from '#simulator/api-client.ts';
import { RATE_CSV_HEADER, type RateDay, readEcbRates, readRateCsv, writeEcbRates } from '#trade/fx/rate-file.ts';
import type { Command } from './command.ts';
import { readText } from './read-file.ts';

/** Rates that go in one request. */
const MOST_IN_PART = 5_000;
/** The product knows what day it is; here a file is looked at for its shape alone. */
const ANY_DAY = plainDate('9990-01-01');

const Imported = z.object({ rates: z.number(), stored: z.number(), unchanged: z.number() });

interface Part {
  format: 'csv' | 'ecb_xml';
  content: string;
}

const xmlParts = (text: string): Part[] => {
  const parts: RateDay[][] = [];
  let room = 0;
  for (const day of readEcbRates(text, ANY_DAY)) {
    if (room < day.rates.length) {
      parts.push([]);
      room = MOST_IN_PART;
    }
    parts.at(-1)?.push(day);
    room -= day.rates.length;
  }
  return parts.map((days) => ({ format: 'ecb_xml', content: writeEcbRates(days) }));
};

const csvParts = (text: string): Part[] => {
  const { rates, faults } = readRateCsv(text, ANY_DAY, () => null);
  // One part, so that the product names the rows as they stand in the file.
  if (faults.length > 0 || rates.length <= MOST_IN_PART) return [{ format: 'csv', content: text }];
  const lines = rates.map(({ day, base, quote, rate }) => [day, base, quote, rate].join(','));
  return Array.from({ length: Math.ceil(lines.length / MOST_IN_PART) }, (_, at) => ({
    format: 'csv',
    content: [RATE_CSV_HEADER, ...lines.slice(at * MOST_IN_PART, (at + 1) * MOST_IN_PART)].join('\n'),
  }));
};

/** A large file goes in parts, after it was read whole here; the same command again goes on where it died. */
const importFile = async (api: ApiClient, file: string, progress: (line: string) => void) => {
  const text = readText(file);
  const parts = /^\uFEFF?\s*</.test(text) ? xmlParts(text) : csvParts(text);
  const sum = { rates: 0, stored: 0, unchanged: 0 };
  for (const [index, part] of parts.entries()) {
    const { rates, stored, unchanged } = Imported.parse(await api.post('/v1/rates/import', part));
    sum.rates += rates;
    sum.stored += stored;
    sum.unchanged += unchanged;
    if (parts.length > 1) progress(`part ${index + 1} of ${parts.length}: ${sum.rates} rates`);
  }
  return sum;
};

const queryOf = (values: Readonly<Record<string, string | undefined>>, names: readonly string[]): string => {
  const given = names.flatMap((name): [string, string][] => {
    const value = values[name];
    return value === undefined ? [] : [[name, value]];
  });
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
};

const WORDS = `rate WHAT
      list    [--base EUR] [--quote USD] [--day 2026-11-27] [--source ecb|import|typed] [--from 2026-11-01]
      put     BASE QUOTE RATE [--day 2026-11-27]     (units of QUOTE for one BASE)
      import  FILE     (a CSV with the header ${RATE_CSV_HEADER}, or a file of the ECB such as eurofxref-hist.xml)
      convert AMOUNT FROM TO [--day 2026-11-27]     (minor units: 1999 GBP is 19.99)
      fetch
      notices`;

export const rate: Command = {
  words: WORDS,
  says: 'exchange rates: shows, types, imports and fetches them, and converts an amount by them',
  options: Object.fromEntries(
    ['base', 'quote', 'day', 'source', 'from'].map((name) => [name, { type: 'string' } as const]),
  ),
  async run({ api, args: [what, ...rest], values, say, progress }) {
    const [first, second, third] = rest;
    const { day } = values;
    if (what === 'list') {
      const query = queryOf(values, ['base', 'quote', 'day', 'source', 'from']);
      for await (const found of api.all(`/v1/rates${query}`)) say(found);
    } else if (what === 'put' && first !== undefined && second !== undefined && third !== undefined)
      say(
        await api.post('/v1/rates', { base: first, quote: second, rate: third, ...(day === undefined ? {} : { day }) }),
      );
    else if (what === 'import' && first !== undefined) say(await importFile(api, first, progress));
    else if (what === 'convert' && first !== undefined && second !== undefined && third !== undefined)
      say(
        await api.get(
          `/v1/rates/convert${queryOf({ amount: first, from: second, to: third, day }, ['amount', 'from', 'to', 'day'])}`,
        ),
      );
    else if (what === 'fetch') say(await api.post('/v1/rates/fetch', {}));
    else if (what === 'notices') say(await api.get('/v1/rates/notices'));
    else return 'usage';
    return 'done';
  },
};
