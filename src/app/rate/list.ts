import { plainDate } from '#domain/plain-date.ts';
import { ECB_SCOPE, pairDayOf, pairOf, type Rate, type RateSource, ratesFrom } from '#domain/rate.ts';
import type { Ports } from '../ports.ts';

export interface RateFilter {
  base?: string | undefined;
  quote?: string | undefined;
  day?: string | undefined;
  source?: RateSource | undefined;
  /** Rates of this day and later. */
  from?: string | undefined;
}

/** Documents that one page looks through at most for those that fit. */
const CHUNK = 500;
const MOST_CHUNKS = 40;

/** The filter that the index serves; what it leaves over is looked at document by document. */
const indexed = ({ base, quote, day }: RateFilter): Partial<Rate> => {
  if (base !== undefined && quote !== undefined)
    return day === undefined ? { pair: pairOf(base, quote) } : { pairDay: pairDayOf(base, quote, day) };
  if (day !== undefined) return { day: plainDate(day, 'day') };
  return quote === undefined ? {} : { quote };
};

/**
 * A page of the rates that a workspace reads, its own and the ECB's, oldest day first. Filters combine. A page may hold fewer than
 * `limit` and still have a `next`; null ends the list.
 */
export const listRates = async (
  { store }: Pick<Ports, 'store'>,
  question: RateFilter & { workspaceId: string; after?: string | undefined; limit: number },
): Promise<{ rates: Rate[]; next: string | null }> => {
  const { workspaceId, base, quote, day, source, limit } = question;
  const scopes = [
    ...(source === 'ecb' ? [] : [workspaceId]),
    ...(source === undefined || source === 'ecb' ? [ECB_SCOPE] : []),
  ];
  const fits = (rate: Rate): boolean =>
    (base === undefined || rate.base === base) &&
    (quote === undefined || rate.quote === quote) &&
    (day === undefined || rate.day === day) &&
    (source === undefined || rate.source === source);
  const start = question.from === undefined ? '' : ratesFrom(plainDate(question.from, 'from'));
  let after = question.after === undefined || question.after < start ? start : question.after;
  const rates: Rate[] = [];
  for (let chunk = 0; chunk < MOST_CHUNKS; chunk += 1) {
    const pages = await Promise.all(
      scopes.map((scope) =>
        store.rates.list(scope, indexed(question), { limit: CHUNK, ...(after === '' ? {} : { after }) }),
      ),
    );
    // What lies beyond the end of a full page of one scope is not known yet of that scope.
    const ends = pages.filter((page) => page.length === CHUNK).map((page) => page.at(-1)?._id ?? '');
    const known = ends.sort()[0];
    const found = pages
      .flat()
      .filter(({ _id }) => known === undefined || _id <= known)
      .sort((a, b) => (a._id < b._id ? -1 : 1));
    for (const rate of found) {
      if (fits(rate)) rates.push(rate);
      if (rates.length === limit)
        return { rates, next: known === undefined && rate === found.at(-1) ? null : rate._id };
    }
    if (known === undefined) return { rates, next: null };
    after = known;
  }
  return { rates, next: after };
};
