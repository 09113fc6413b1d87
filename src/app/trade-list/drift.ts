import { Failure } from '#domain/failure.ts';
import type { TradeListRecord } from '#domain/trade-list.ts';
import type { Ports } from '../ports.ts';

/** An import with so much fewer entries than what is on file, or with so many bad rows, is a fault more often than not. */
export const DRIFT_PERCENT = 5;

export type ListFacts = Pick<
  TradeListRecord,
  'kind' | 'edition' | 'title' | 'date' | 'source' | 'sha256' | 'entries' | 'parts' | 'failedRows'
>;

export const getList = async (
  { store }: Pick<Ports, 'store'>,
  workspaceId: string,
  id: string,
): Promise<TradeListRecord> => {
  const list = await store.tradeLists.find(workspaceId, id);
  if (!list) throw new Failure('not_found', `There is no list ${id}.`);
  return list;
};

/** Refuses what would take the place of a better state: far fewer entries, many bad rows, an older day. */
export const checkDrift = (next: ListFacts, present: TradeListRecord | undefined): void => {
  const refuse = (field: string, reason: string): never => {
    throw new Failure('conflict', `${field}: ${reason}; send it with force when that is right`, {
      safe: {
        field,
        reason,
        present: present ? { id: present._id, entries: present.entries, date: present.date } : null,
      },
    });
  };
  const rows = next.entries + next.failedRows;
  if (next.failedRows * 100 > rows * DRIFT_PERCENT)
    refuse('failedRows', `${next.failedRows} rows could not be read, more than ${DRIFT_PERCENT} % of ${rows}`);
  if (!present) return;
  if (next.entries * 100 < present.entries * (100 - DRIFT_PERCENT))
    refuse(
      'entries',
      `${next.entries} are more than ${DRIFT_PERCENT} % fewer than the ${present.entries} of ${present.date} on file`,
    );
  if (next.date < present.date) refuse('date', `${next.date} is before ${present.date}, the state on file`);
};
