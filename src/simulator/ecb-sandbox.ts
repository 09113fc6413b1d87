import type { Clock } from '#domain/clock.ts';
import { addDays, daysBetween, type PlainDate, plainDate } from '#domain/plain-date.ts';
import { brusselsInstant, isTargetDay, PUBLISHED_AT } from '#domain/target-days.ts';
import { type FaultScript, type SandboxAnswer, type SandboxDb, seeded, serveSandbox } from '#kit/sandbox';
import { type RateDay, writeEcbRates } from '#trade/fx/rate-file.ts';

/**
 * Where each currency's rate wanders about, its decimals, and between which days it is published. The levels are our own round numbers
 * near those of the mid-2020s, no copies. RUB ended with 2022-03-01 (the ECB's page of reference rates); HRK and BGN joined the euro on
 * 2023-01-01 and 2026-01-01 (https://www.ecb.europa.eu/press/pr/date/2026/html/ecb.pr260101~c830245e42.en.html for BGN). Stored copies
 * read 2026-11-30; that HRK and BGN were published until the last TARGET day before is taken from that. TWD, VND, AED and SAR are in
 * none of the ECB's files that were seen.
 */
const CURRENCIES: readonly (readonly [code: string, level: number, decimals: number, until?: string])[] = [
  ['USD', 1.1, 4],
  ['JPY', 160, 2],
  ['BGN', 1.9558, 4, '2025-12-31'],
  ['CZK', 25, 3],
  ['DKK', 7.46, 4],
  ['GBP', 0.86, 5],
  ['HUF', 390, 2],
  ['PLN', 4.3, 4],
  ['RON', 5, 4],
  ['SEK', 11.2, 4],
  ['CHF', 0.95, 4],
  ['ISK', 148, 2],
  ['NOK', 11.6, 4],
  ['HRK', 7.53, 4, '2022-12-31'],
  ['RUB', 85, 4, '2022-03-01'],
  ['TRY', 36, 4],
  ['AUD', 1.66, 4],
  ['BRL', 6, 4],
  ['CAD', 1.5, 4],
  ['CNY', 7.8, 4],
  ['HKD', 8.6, 4],
  ['IDR', 17_600, 2],
  ['ILS', 4, 4],
  ['INR', 92, 4],
  ['KRW', 1_480, 2],
  ['MXN', 20, 4],
  ['MYR', 4.9, 4],
  ['NZD', 1.82, 4],
  ['PHP', 63, 3],
  ['SGD', 1.46, 4],
  ['THB', 38.5, 3],
  ['ZAR', 20, 4],
];
/** Held to the euro within a narrow band, or fixed to it. */
const STILL: ReadonlySet<string> = new Set(['BGN', 'DKK']);
const FIRST_DAY = plainDate('1999-01-04');
const RECENT_DAYS = 90;

/** What the ECB never said: files that have to be refused as a whole. */
export const GARBLES = {
  doctype_bomb: (xml: string) =>
    xml
      .replace(
        '?>',
        '?>\n<!DOCTYPE bomb [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>',
      )
      .replace('Reference rates', '&c;'),
  zero_rate: (xml: string) => xml.replace(/rate='[^']+'/, "rate='0.0000'"),
  negative_rate: (xml: string) => xml.replace(/rate='/, "rate='-"),
  not_a_number: (xml: string) => xml.replace(/rate='[^']+'/, "rate='N/A'"),
  twice: (xml: string) => xml.replace(/(\t\t<Cube time=[\s\S]*?<\/Cube>\n)/, '$1$1'),
  future: (xml: string) => xml.replace(/time='[^']+'/, "time='2999-01-04'"),
  cut: (xml: string) => xml.slice(0, Math.floor(xml.length / 2)),
  empty: () => '',
  page: () => '<html><body>Maintenance</body></html>',
  huge: (xml: string) => `${xml}${' '.repeat(3 * 1024 * 1024)}`,
} as const satisfies Record<string, (xml: string) => string>;
export type Garble = keyof typeof GARBLES;

export interface EcbSandbox {
  /** What RATES_URL is set to. */
  url: string;
  faults: FaultScript;
  /** The next `times` (default 1) files are made wrong in this way. */
  garble(how: Garble, times?: number): void;
  requests(): readonly { method: string; path: string; status: number }[];
  close(): Promise<void>;
}

const hashOf = (text: string): number => {
  let hash = 2_166_136_261;
  for (const sign of text) hash = Math.imul(hash ^ (sign.codePointAt(0) ?? 0), 16_777_619);
  return hash >>> 0;
};

/** The rate of a day follows from currency, day and seed alone: slow swings of some per cent and a little noise each day. */
const rateOn = (seed: number, [code, level, decimals]: (typeof CURRENCIES)[number], day: PlainDate): string => {
  const days = daysBetween(FIRST_DAY, day);
  const phase = seeded(seed ^ hashOf(code));
  const swing = [900, 240, 60].reduce(
    (sum, length, at) => sum + ([0.05, 0.02, 0.008][at] ?? 0) * Math.sin((days / length + phase()) * 2 * Math.PI),
    0,
  );
  const noise = (seeded(seed ^ hashOf(`${code} ${day}`))() - 0.5) * 0.006;
  const moved = STILL.has(code) ? 0 : swing + noise;
  return (level * Math.exp(moved)).toFixed(decimals);
};

export const ecbDay = (seed: number, day: PlainDate): RateDay => ({
  day,
  rates: CURRENCIES.filter(([, , , until]) => until === undefined || day <= until).map((row) => ({
    currency: row[0],
    rate: rateOn(seed, row, day),
  })),
});

/**
 * The ECB's three files of reference rates as a real server on loopback: one day more at 16:00 in Brussels on each TARGET day of
 * `clock`, none at weekends and on closing days.
 */
export const startEcbSandbox = async (options: {
  clock: Clock;
  db: SandboxDb;
  port?: number;
  seed?: number;
  /** The first day that the files reach back to. Default: the ECB's own. */
  firstDay?: PlainDate;
}): Promise<EcbSandbox> => {
  const { clock, seed = 1, firstDay = FIRST_DAY } = options;
  const garbles: Garble[] = [];

  /** The newest days first. */
  const published = function* (): Generator<PlainDate> {
    let day = plainDate(new Date(clock.now()).toISOString().slice(0, 10));
    for (; day >= firstDay; day = addDays(day, -1))
      if (isTargetDay(day) && brusselsInstant(day, PUBLISHED_AT) <= clock.now()) yield day;
  };
  const daysOf = {
    'eurofxref-daily.xml': () => [...published().take(1)],
    'eurofxref-hist-90d.xml': () => {
      const [newest] = published().take(1);
      if (newest === undefined) return [];
      const oldest = addDays(newest, -RECENT_DAYS);
      return [...published().take(RECENT_DAYS)].filter((day) => day >= oldest);
    },
    'eurofxref-hist.xml': () => [...published()],
  } as const;
  const answer = (name: keyof typeof daysOf) => (): SandboxAnswer => {
    const xml = writeEcbRates(daysOf[name]().map((day) => ecbDay(seed, day)));
    const how = garbles.shift();
    return { status: 200, headers: { 'content-type': 'text/xml' }, body: how ? GARBLES[how](xml) : xml };
  };
  const nothing = (): SandboxAnswer => ({ status: 404, headers: { 'content-type': 'text/html' }, body: 'Not found' });
  const server = await serveSandbox({
    name: 'ecb',
    clock,
    db: options.db,
    ...(options.port === undefined ? {} : { port: options.port }),
    before: [],
    routes: [
      { method: 'GET', path: /^\/stats\/eurofxref\/eurofxref-daily\.xml$/, handle: answer('eurofxref-daily.xml') },
      {
        method: 'GET',
        path: /^\/stats\/eurofxref\/eurofxref-hist-90d\.xml$/,
        handle: answer('eurofxref-hist-90d.xml'),
      },
      { method: 'GET', path: /^\/stats\/eurofxref\/eurofxref-hist\.xml$/, handle: answer('eurofxref-hist.xml') },
    ],
    words: { tooMany: () => ({ status: 429 }), notFound: nothing, badJson: () => ({ status: 400 }) },
  });
  return {
    url: `${server.url}/stats/eurofxref`,
    faults: server.faults,
    garble: (how, times = 1) => void garbles.push(...Array.from({ length: times }, () => how)),
    requests: server.requests,
    close: server.close,
  };
};
