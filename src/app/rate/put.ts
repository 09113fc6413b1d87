import type { Actor } from '#domain/actor.ts';
import { Failure, isFailure } from '#domain/failure.ts';
import { dayOf, type PlainDate, plainDate } from '#domain/plain-date.ts';
import { countingRate, pairDayOf, pairOf, type QuotedRate, type Rate, rateId, sameRate } from '#domain/rate.ts';
import { minorUnitOn } from '#trade/currency/minor-unit.ts';
import { faultsOf } from '#trade/fx/rate-file.ts';
import type { Ports } from '../ports.ts';
import { noticeStaleRates } from './notices.ts';

/** Rates that are read and written in one go. */
const CHUNK = 200;
/** Others may have written the same revision meanwhile; then it is looked at again. */
const TRIES = 5;

export interface StoredRates {
  stored: number;
  unchanged: number;
}

/** What is wrong with a currency code on a day, or null: it has to be money by ISO 4217 then. */
export const currencyFault =
  (today: PlainDate) =>
  (code: string, day: PlainDate): string | null => {
    try {
      minorUnitOn(code, { on: day, today });
      return null;
    } catch (error) {
      if (isFailure(error, 'no_row', 'invalid')) return error.message;
      throw error;
    }
  };

/** What is on file for the same pair and day and would make `wanted` no news. */
const knownFor = (onFile: readonly Rate[], { source }: Pick<Rate, 'source'>): Rate | null =>
  // A typed rate is news unless it is what counts; a file or a fetch that is repeated is none, whatever was typed since.
  source === 'typed' ? countingRate(onFile) : countingRate(onFile.filter((rate) => rate.source === source));

/**
 * Writes the rates of one scope that are news, oldest day first, so that a crash leaves no gap behind the newest day. The same again
 * writes nothing; another value for a day that is on file becomes the next revision.
 */
export const storeRates = async (
  { store, clock }: Pick<Ports, 'store' | 'clock'>,
  scope: { workspaceId: string; source: Rate['source'] },
  rates: readonly QuotedRate[],
  by: Actor,
): Promise<StoredRates & { ids: string[] }> => {
  const { workspaceId, source } = scope;
  const inOrder = [...rates].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
  const ids: string[] = [];
  let stored = 0;
  for (let at = 0; at < inOrder.length; at += CHUNK) {
    let left = inOrder.slice(at, at + CHUNK);
    for (let tried = 0; left.length > 0; tried += 1) {
      if (tried === TRIES) throw new Failure('conflict', 'Others write the same rates at this moment; try again.');
      const keys = left.map(({ base, quote, day }) => pairDayOf(base, quote, day));
      const onFile = Map.groupBy(await store.rates.listAny(workspaceId, 'pairDay', keys), ({ pairDay }) => pairDay);
      const fresh = left.flatMap((quoted): Rate[] => {
        const pairDay = pairDayOf(quoted.base, quoted.quote, quoted.day);
        const there = onFile.get(pairDay) ?? [];
        const known = knownFor(there, { source });
        if (known && sameRate(known.rate, quoted.rate)) {
          ids.push(known._id);
          return [];
        }
        const last = Math.max(0, ...there.filter((rate) => rate.source === source).map((rate) => rate.revision));
        const revision = last + 1;
        return [
          {
            _id: rateId(workspaceId, { ...quoted, source, revision }),
            workspaceId,
            base: quoted.base,
            quote: quoted.quote,
            rate: quoted.rate,
            source,
            day: quoted.day,
            revision,
            pair: pairOf(quoted.base, quoted.quote),
            pairDay,
            importedAtMs: clock.now(),
            by,
          },
        ];
      });
      const written = await store.rates.insertMany(fresh);
      stored += written.size;
      ids.push(...written);
      const refused = new Set(fresh.filter(({ _id }) => !written.has(_id)).map(({ pairDay }) => pairDay));
      left = left.filter(({ base, quote, day }) => refused.has(pairDayOf(base, quote, day)));
    }
  }
  return { stored, unchanged: rates.length - stored, ids };
};

/**
 * A rate by hand: units of `quote` for one `base` on `day`. The same value again is the same record; another value is a new record that
 * counts from then on. Throws `rejected` (422) with the fields at fault.
 */
export const putRate = async (
  ports: Ports,
  actor: Actor,
  input: { workspaceId: string; base: string; quote: string; rate: string; day?: string | undefined },
): Promise<Rate> => {
  const { store, clock } = ports;
  const { workspaceId, base, quote, rate } = input;
  const today = dayOf(clock.now());
  const day = input.day ?? today;
  const faults = faultsOf({ day, base, quote, rate }, today, currencyFault(today));
  if (faults.length > 0)
    throw new Failure('rejected', 'The rate cannot be taken: see errors for the fields.', {
      safe: { errors: faults.map(({ field, message }) => ({ path: field, message })) },
    });
  const { ids } = await storeRates(
    ports,
    { workspaceId, source: 'typed' },
    [{ base, quote, rate, day: plainDate(day) }],
    actor,
  );
  const found = await store.rates.find(workspaceId, ids[0] ?? '');
  if (!found) throw new Failure('bug', 'a rate that was written is not there');
  await noticeStaleRates(ports, actor, { workspaceId });
  return found;
};
