import type { Actor } from '#domain/actor.ts';
import { Failure, isFailure } from '#domain/failure.ts';
import { dayOf, type PlainDate } from '#domain/plain-date.ts';
import type { QuotedRate, RateFormat } from '#domain/rate.ts';
import { quotedInEuro, type RowFault, readEcbRates, readRateCsv } from '#trade/fx/rate-file.ts';
import type { Ports } from '../ports.ts';
import { noticeStaleRates } from './notices.ts';
import { currencyFault, type StoredRates, storeRates } from './put.ts';

/** More than this is sent in several files, each of which may be repeated. */
export const MOST_RATES = 20_000;
const MOST_NAMED = 100;

const refused = (faults: readonly RowFault[]): Failure =>
  new Failure('rejected', `Nothing was imported: ${faults.length} places of the file are wrong; see errors.`, {
    safe: {
      faults: faults.length,
      errors: faults.slice(0, MOST_NAMED).map(({ row, field, message }) => ({
        path: `row ${row} ${field}`,
        message: `row ${row}: ${field} ${message}`,
      })),
    },
  });

const readFile = (format: RateFormat, content: string, today: PlainDate): readonly QuotedRate[] => {
  if (format === 'csv') {
    const { rates, faults } = readRateCsv(content, today, currencyFault(today));
    if (faults.length > 0) throw refused(faults);
    return rates;
  }
  try {
    return quotedInEuro(readEcbRates(content, today));
  } catch (error) {
    if (!isFailure(error, 'invalid')) throw error;
    throw new Failure('rejected', `Nothing was imported: ${String(error.safe['reason'])}`, {
      safe: { errors: [{ path: 'content', message: String(error.safe['reason']) }] },
    });
  }
};

/**
 * Takes a file of rates into the workspace's own: a CSV of ours or a file of the ECB. The whole file is checked before the first rate is
 * written, and nothing is written of one with a fault (`rejected`, with row and field). A crash in between is made good by the same file
 * once more. The rates are the workspace's alone: what others read as the ECB's comes from the ECB only.
 */
export const importRates = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, format, content }: { workspaceId: string; format: RateFormat; content: string },
): Promise<StoredRates & { rates: number; firstDay: PlainDate; lastDay: PlainDate }> => {
  const rates = readFile(format, content, dayOf(ports.clock.now()));
  const days = rates.map(({ day }) => day).sort();
  const [firstDay] = days;
  const lastDay = days.at(-1);
  if (firstDay === undefined || lastDay === undefined) throw new Failure('bug', 'a file without rates was read as one');
  if (rates.length > MOST_RATES)
    throw new Failure(
      'rejected',
      `A file may hold ${MOST_RATES} rates, this one has ${rates.length}: split it by days.`,
      {
        safe: { errors: [{ path: 'content', message: `has more than ${MOST_RATES} rates` }] },
      },
    );
  const { stored, unchanged } = await storeRates(ports, { workspaceId, source: 'import' }, rates, actor);
  await noticeStaleRates(ports, actor, { workspaceId });
  return { rates: rates.length, stored, unchanged, firstDay, lastDay };
};
