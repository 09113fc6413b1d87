import { addDays, dayOf, type PlainDate, plainDate } from '#domain/plain-date.ts';
import { chooseLegs, ECB_SCOPE, pairDayOf, pairOf, type Rate, type RateLeg, ratesFrom } from '#domain/rate.ts';
import type { Ports } from '../ports.ts';

export type FoundRate =
  | { kind: 'same' }
  /** `day` is that of the oldest step; `legs` go to `convert`, and are stamped on what was converted. */
  | { kind: 'found'; legs: readonly [RateLeg, ...RateLeg[]]; day: PlainDate }
  /** `lastDay`: the newest day on or before the one asked for that has any rate of `missing`. */
  | { kind: 'none'; missing: string; lastDay: PlainDate | null };

type Reading = Pick<Ports, 'store'>;

/** Both directions of the pairs that lead from one currency to the other. */
const pairsBetween = (from: string, to: string): (readonly [string, string])[] => {
  const ways =
    from === 'EUR' || to === 'EUR'
      ? [[from, to] as const]
      : ([
          [from, to],
          ['EUR', from],
          ['EUR', to],
        ] as const);
  return ways.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]);
};

const PAGE = 1_000;
/** How far back is looked in turn, in days: most of what is asked for was there last week, or last month. */
const LOOK_BACK = [6, 40, 400, null] as const;

/** The newest day on or before `day` on which `scope` has a rate that one of the filters fits. */
const lastDayOf = async (
  { store }: Reading,
  scope: string,
  filters: readonly Partial<Rate>[],
  day: PlainDate,
): Promise<PlainDate | null> => {
  for (const back of LOOK_BACK) {
    let last: PlainDate | null = null;
    for (const filter of filters) {
      let after = back === null ? undefined : ratesFrom(addDays(day, -back));
      for (;;) {
        const page: Rate[] = await store.rates.list(scope, filter, {
          limit: PAGE,
          ...(after === undefined ? {} : { after }),
        });
        // Ids sort by day.
        const upTo = page.filter((rate) => rate.day <= day).at(-1);
        if (upTo && (last === null || upTo.day > last)) last = upTo.day;
        after = page.at(-1)?._id;
        if (page.length < PAGE || (page.at(-1)?.day ?? day) > day) break;
      }
    }
    if (last !== null) return last;
  }
  return null;
};

/** The newest day on which `scope` has rates. None is of a day after tomorrow. */
export const newestRateDay = (ports: Pick<Ports, 'store' | 'clock'>, scope: string): Promise<PlainDate | null> =>
  lastDayOf(ports, scope, [{}], addDays(dayOf(ports.clock.now()), 1));

/**
 * The rate of a day from one currency to another: the last one published on or before it, at most `maxAgeDays` old, from the workspace's
 * own rates and the ECB's. See `chooseLegs` for which counts. A rate that is recorded later changes the next answer and nothing that was
 * stamped before.
 */
export const findRate = async (
  ports: Pick<Ports, 'store' | 'rates'>,
  question: { workspaceId: string; from: string; to: string; day: string; maxAgeDays?: number },
): Promise<FoundRate> => {
  const { store } = ports;
  const { workspaceId, from, to, maxAgeDays = ports.rates.maxAgeDays } = question;
  if (from === to) return { kind: 'same' };
  const day = plainDate(question.day, 'day');
  const pairs = pairsBetween(from, to);
  const keys = Array.from({ length: maxAgeDays + 1 }, (_, age) => addDays(day, -age)).flatMap((on) =>
    pairs.map(([base, quote]) => pairDayOf(base, quote, on)),
  );
  const [own, ecb] = await Promise.all([
    store.rates.listAny(workspaceId, 'pairDay', keys),
    store.rates.listAny(ECB_SCOPE, 'pairDay', keys),
  ]);
  const chosen = chooseLegs([...own, ...ecb], from, to);
  if ('legs' in chosen) return { kind: 'found', ...chosen };
  const { missing } = chosen;
  const ofMissing = pairs
    .filter((pair) => pair.includes(missing))
    .map(([base, quote]) => ({ pair: pairOf(base, quote) }));
  const days = await Promise.all([workspaceId, ECB_SCOPE].map((scope) => lastDayOf(ports, scope, ofMissing, day)));
  const lastDay = days.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null);
  return { kind: 'none', missing, lastDay };
};

/** The currencies of the newest day of the ECB that is on file, EUR among them; null when there is none. */
export const publishedCurrencies = async (
  ports: Pick<Ports, 'store' | 'clock'>,
): Promise<{ day: PlainDate; currencies: readonly string[] } | null> => {
  const day = await newestRateDay(ports, ECB_SCOPE);
  if (day === null) return null;
  const rates = await ports.store.rates.listAny(ECB_SCOPE, 'day', [day]);
  return { day, currencies: ['EUR', ...new Set(rates.map(({ quote }) => quote))].sort() };
};

/**
 * Those of `currencies` that the ECB does not publish by its newest day on file, each once. Empty when the fetch is off or no day is on
 * file: then nothing is known.
 */
export const unpublished = async (
  ports: Pick<Ports, 'store' | 'clock' | 'rates'>,
  currencies: readonly string[],
): Promise<string[]> => {
  if (ports.rates.source === 'off') return [];
  const published = await publishedCurrencies(ports);
  if (!published) return [];
  return [...new Set(currencies)].filter((currency) => !published.currencies.includes(currency));
};
