import { Failure } from '#domain/failure.ts';
import { idOf } from '#domain/ids.ts';
import type { TradeListKind, TradeListPart, TradeListRecord } from '#domain/trade-list.ts';
import { HS_EDITIONS } from '#trade/classification/hs-edition.ts';
import { addDays, dayOf, plainDate } from '#trade/plain-date.ts';
import { invalid } from '#trade/read-input.ts';
import type { Ports, Store } from '../ports.ts';
import { entrySchema, HsEntry, SanctionsEntry } from './entries.ts';
import { activeLists, partId, placeOf, readEntries } from './lists.ts';

/** An import with so much fewer entries than what is on file, or with so many bad rows, is a fault more often than not. */
export const DRIFT_PERCENT = 5;

export type ListFacts = Pick<
  TradeListRecord,
  'kind' | 'edition' | 'title' | 'date' | 'source' | 'sha256' | 'entries' | 'parts' | 'failedRows'
>;
type Needs = Pick<Ports, 'store' | 'clock'>;

export const tradeListId = (workspaceId: string, kind: TradeListKind, sha256: string): string =>
  idOf('tl', workspaceId, kind, sha256);

const getList = async ({ store }: Pick<Ports, 'store'>, workspaceId: string, id: string): Promise<TradeListRecord> => {
  const list = await store.tradeLists.find(workspaceId, id);
  if (!list) throw new Failure('not_found', `There is no list ${id}.`);
  return list;
};

/** Refuses what would take the place of a better state: far fewer entries, many bad rows, an older day. */
const checkDrift = (next: ListFacts, present: TradeListRecord | undefined): void => {
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

const checkFacts = ({ kind, edition, date, failedRows, entries, parts }: ListFacts, nowMs: number): void => {
  const known = HS_EDITIONS.rows.some(({ value }) => value === edition);
  if (kind === 'hs_edition' && !known)
    throw invalid('edition', `has to be one of ${HS_EDITIONS.rows.map(({ value }) => value).join(', ')}`);
  if (kind !== 'hs_edition' && edition !== '') throw invalid('edition', 'only an hs_edition has one');
  const tomorrow = addDays(dayOf(nowMs), 1);
  if (plainDate(date) > tomorrow) throw invalid('date', `${date} is in the future; it is the day of the list’s state`);
  if (entries < 1 || failedRows < 0) throw invalid('entries', 'a list without entries was not read');
  if (parts < 1 || parts > entries) throw invalid('parts', `${entries} entries cannot come in ${parts} parts`);
};

/**
 * Begins the import of a list, or goes on with one that died: a draft, which nothing is decided on before it is activated.
 * The same bytes as the active list change nothing and answer that one. Throws `conflict` for an import that drifts from what
 * is on file, unless `force`, and `invalid` naming the field.
 */
export const draftList = async (
  { store, clock }: Needs,
  workspaceId: string,
  facts: ListFacts,
  { force = false } = {},
): Promise<TradeListRecord> => {
  const now = Math.floor(clock.now());
  checkFacts(facts, now);
  const _id = tradeListId(workspaceId, facts.kind, facts.sha256);
  const known = await store.tradeLists.find(workspaceId, _id);
  if (known && known.edition !== facts.edition)
    throw invalid('edition', `the same file was imported as ${known.edition} before`);
  if (known?.state === 'active') return known;
  const actives = await activeLists(store, workspaceId);
  if (!force)
    checkDrift(
      facts,
      actives.find((list) => placeOf(list) === placeOf(facts)),
    );
  const draft: TradeListRecord = { _id, workspaceId, ...facts, state: 'draft', createdAtMs: now, updatedAtMs: now };
  if (await store.tradeLists.insert(draft)) return draft;
  const found = await getList({ store }, workspaceId, _id);
  if (found.state !== 'active')
    await store.tradeLists.change(_id, { state: found.state }, { ...facts, state: 'draft', updatedAtMs: now });
  return getList({ store }, workspaceId, _id);
};

/**
 * One part of a draft, from 1 on. The same again changes nothing; other entries take its place. Entries that do not have the
 * form of their kind are `invalid` as a whole part, with the place of each in `safe.errors`.
 */
export const putPart = async (
  { store }: Pick<Ports, 'store'>,
  workspaceId: string,
  listId: string,
  part: number,
  entries: readonly unknown[],
): Promise<TradeListRecord> => {
  const list = await getList({ store }, workspaceId, listId);
  if (part < 1 || part > list.parts) throw invalid('part', `the list comes in parts 1 to ${list.parts}`);
  const schema = entrySchema(list.kind);
  const errors = entries.flatMap((entry, index) => {
    const issue = schema.safeParse(entry).error?.issues[0];
    return issue ? [{ path: ['body', 'entries', index, ...issue.path].join('.'), message: issue.message }] : [];
  });
  if (errors.length > 0 || entries.length === 0)
    throw new Failure(
      'invalid',
      `entries: ${errors.length} of ${entries.length} do not have the form of ${list.kind}`,
      {
        safe: { field: 'entries', errors: errors.slice(0, 100) },
      },
    );
  // Of a list that is active nothing is changed: the same bytes hold the same parts.
  if (list.state !== 'draft') return list;
  const record: TradeListPart = { _id: partId(listId, part), workspaceId, listId, part, entries };
  if (!(await store.tradeListParts.insert(record))) await store.tradeListParts.change(record._id, {}, { entries });
  return list;
};

/** What may stand in a list only once: of each entry its code or id. */
const keysOf = async (store: Store, list: TradeListRecord, seen: (part: number) => void): Promise<string[]> => {
  const keyOf =
    list.kind === 'hs_edition'
      ? (entry: unknown) => HsEntry.parse(entry).code
      : (entry: unknown) => SanctionsEntry.parse(entry).id;
  return readEntries(store, list, keyOf, seen);
};

const checkComplete = async (store: Store, list: TradeListRecord): Promise<void> => {
  const refuse = (field: string, reason: string): never => {
    throw new Failure('conflict', `${field}: ${reason}; it stays a draft`, { safe: { field, reason } });
  };
  const missing = new Set(Array.from({ length: list.parts }, (_, at) => at + 1));
  const keys = await keysOf(store, list, (part) => missing.delete(part));
  const twice = keys.length - new Set(keys).size;
  if (missing.size > 0)
    refuse('parts', `${missing.size} of ${list.parts} are missing: ${[...missing].slice(0, 20).join(', ')}`);
  if (keys.length !== list.entries) refuse('entries', `${keys.length} were uploaded, ${list.entries} announced`);
  if (twice > 0) refuse('entries', `${twice} of them stand in the list twice`);
};

/** Who reads a list that was just replaced may finish; after this long nobody does. */
const READ_OUT_MS = 86_400_000;

/** The entries of lists that were replaced a day ago and longer are given up; their records, dates and hashes stay. */
const forgetReplaced = async ({ store, clock }: Needs, workspaceId: string): Promise<void> => {
  const replaced = await store.tradeLists.list(workspaceId, { state: 'replaced' }, { limit: 1_000 });
  for (const list of replaced) {
    if (list.updatedAtMs > clock.now() - READ_OUT_MS) continue;
    const parts = await store.tradeListParts.list(workspaceId, { listId: list._id }, { limit: 500 });
    for (const part of parts) await store.tradeListParts.delete(part._id);
  }
};

/**
 * Makes a complete draft the list that answers are given on, and what was active in its place `replaced`: both or, after a
 * crash in between, the newer one alone counts. Again for an active list changes nothing. Throws `conflict` when parts are
 * missing, the count differs, an entry stands twice, or the list drifts from what is on file and `force` is not set.
 */
export const activateList = async (
  { store, clock }: Needs,
  workspaceId: string,
  listId: string,
  { force = false } = {},
): Promise<TradeListRecord> => {
  const list = await getList({ store }, workspaceId, listId);
  if (list.state === 'replaced') throw new Failure('conflict', 'The list was replaced; import it again first.');
  const inPlace = async () =>
    (await activeLists(store, workspaceId)).filter((other) => placeOf(other) === placeOf(list));
  if (list.state === 'draft') {
    await checkComplete(store, list);
    const [present] = await inPlace();
    if (!force) checkDrift(list, present);
    const updatedAtMs = Math.max(Math.floor(clock.now()), (present?.updatedAtMs ?? 0) + 1);
    const { entries, parts } = list;
    await store.tradeLists.change(listId, { state: 'draft', entries, parts }, { state: 'active', updatedAtMs });
  }
  const [, ...older] = await inPlace();
  for (const { _id, updatedAtMs } of older)
    await store.tradeLists.change(
      _id,
      { state: 'active', updatedAtMs },
      { state: 'replaced', updatedAtMs: Math.floor(clock.now()) },
    );
  await forgetReplaced({ store, clock }, workspaceId);
  const after = await getList({ store }, workspaceId, listId);
  if (after.state === 'draft') throw new Failure('conflict', 'The draft was changed meanwhile; activate it again.');
  return after;
};
