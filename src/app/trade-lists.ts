import { Failure } from '#domain/failure.ts';
import { idOf } from '#domain/ids.ts';
import type { TradeListKind, TradeListPart, TradeListRecord } from '#domain/trade-list.ts';
import { HS_EDITIONS, type HsEdition } from '#trade/classification/hs-edition.ts';
import { addDays, dayOf, plainDate } from '#trade/plain-date.ts';
import { invalid } from '#trade/read-input.ts';
import type { Notice } from '#trade/rule.ts';
import type { SanctionsList } from '#trade/screening/sanctions-list.ts';
import { buildScreeningIndex, type ScreeningIndex } from '#trade/screening/screening-index.ts';
import type { Ports, Store } from './ports.ts';
import { ENTRIES, HsEntry, SanctionsEntry } from './trade-list-entries.ts';

/** An import with so much fewer entries than what is on file, or with so many bad rows, is a fault more often than not. */
export const DRIFT_PERCENT = 5;
/** Parts that are read at a time. */
const PART_PAGE = 10;
/** Workspaces whose lists are kept laid out in memory: one state of the OFAC list takes some 50 MB. */
const MOST_REMEMBERED = 4;

/** Names under which screenings record the list that they rest on. */
const LIST_IDS = {
  ofac_sdn: 'ofac.sdn',
  un_consolidated: 'un.consolidated',
  bis_dpl: 'bis.dpl',
} as const satisfies Record<Exclude<TradeListKind, 'hs_edition'>, string>;

export type ListFacts = Pick<
  TradeListRecord,
  'kind' | 'edition' | 'title' | 'date' | 'source' | 'sha256' | 'entries' | 'parts' | 'failedRows'
>;
type Needs = Pick<Ports, 'store' | 'clock'>;

export const tradeListId = (workspaceId: string, kind: TradeListKind, sha256: string): string =>
  idOf('tl', workspaceId, kind, sha256);
const partId = (listId: string, part: number): string => idOf('tp', listId, part);

const getList = async ({ store }: Pick<Ports, 'store'>, workspaceId: string, id: string): Promise<TradeListRecord> => {
  const list = await store.tradeLists.find(workspaceId, id);
  if (!list) throw new Failure('not_found', `There is no list ${id}.`);
  return list;
};

const placeOf = ({ kind, edition }: Pick<TradeListRecord, 'kind' | 'edition'>): string => `${kind} ${edition}`.trim();

/** Two active lists of a place are an activation that died half-way, or two at once: the last one counts. */
const newestFirst = (a: TradeListRecord, b: TradeListRecord): number =>
  b.updatedAtMs - a.updatedAtMs || (a._id < b._id ? 1 : -1);

const activeLists = async (store: Store, workspaceId: string): Promise<TradeListRecord[]> =>
  (await store.tradeLists.list(workspaceId, { state: 'active' }, { limit: 100 })).sort(newestFirst);

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
  const schema = ENTRIES[list.kind];
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

/** The parts of a list in turn, a few in memory at a time. */
const partsOf = async function* (store: Store, list: TradeListRecord): AsyncGenerator<TradeListPart> {
  for (let from = 1; from <= list.parts; from += PART_PAGE) {
    const numbers = Array.from({ length: Math.min(PART_PAGE, list.parts - from + 1) }, (_, at) => from + at);
    const found = await store.tradeListParts.findMany(
      list.workspaceId,
      numbers.map((part) => partId(list._id, part)),
    );
    yield* found.sort((a, b) => a.part - b.part);
  }
};

const keysOf = ({ kind }: TradeListRecord, entries: readonly unknown[]): string[] =>
  kind === 'hs_edition'
    ? entries.map((entry) => HsEntry.parse(entry).code)
    : entries.map((entry) => SanctionsEntry.parse(entry).id);

const checkComplete = async (store: Store, list: TradeListRecord): Promise<void> => {
  const refuse = (field: string, reason: string): never => {
    throw new Failure('conflict', `${field}: ${reason}; it stays a draft`, { safe: { field, reason } });
  };
  const missing = new Set(Array.from({ length: list.parts }, (_, at) => at + 1));
  const keys = new Set<string>();
  let count = 0;
  for await (const { part, entries } of partsOf(store, list)) {
    missing.delete(part);
    count += entries.length;
    for (const key of keysOf(list, entries)) keys.add(key);
  }
  if (missing.size > 0)
    refuse('parts', `${missing.size} of ${list.parts} are missing: ${[...missing].slice(0, 20).join(', ')}`);
  if (count !== list.entries) refuse('entries', `${count} were uploaded, ${list.entries} announced`);
  if (keys.size !== count) refuse('entries', `${count - keys.size} of them stand in the list twice`);
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

/** What the rules are asked with: the lists that are active in a workspace. */
export interface TradeReference {
  editions: HsEdition[];
  lists: SanctionsList[];
  /** Over all of `lists`; null when there is none, and then nobody can be screened. */
  index: ScreeningIndex | null;
  /** What has to be told with every screening against these lists. */
  notices: Notice[];
}

const entriesOf = async <E>(store: Store, list: TradeListRecord, parse: (entry: unknown) => E): Promise<E[]> => {
  const entries: E[] = [];
  for await (const part of partsOf(store, list)) for (const entry of part.entries) entries.push(parse(entry));
  if (entries.length !== list.entries)
    throw new Failure('bug', `list ${list._id} has ${entries.length} entries, not ${list.entries}`);
  return entries;
};

const toEdition = async (store: Store, list: TradeListRecord): Promise<HsEdition[]> => {
  const row = HS_EDITIONS.rows.find(({ value }) => value === list.edition);
  if (!row?.from) return [];
  const entries = await entriesOf(store, list, (entry) => HsEntry.parse(entry));
  const codes = new Map(entries.map(({ code, description }) => [code, description]));
  return [{ id: row.value, from: row.from, to: row.to, codes }];
};

const toSanctionsList = async (store: Store, list: TradeListRecord): Promise<SanctionsList[]> => {
  if (list.kind === 'hs_edition') return [];
  const entries = await entriesOf(store, list, (entry) => SanctionsEntry.parse(entry));
  const { title, sha256 } = list;
  return [{ id: LIST_IDS[list.kind], title, date: plainDate(list.date), sha256, entries }];
};

const rowNotices = (lists: readonly TradeListRecord[]): Notice[] =>
  lists.flatMap(({ kind, date, failedRows }): Notice[] =>
    kind === 'hs_edition' || failedRows === 0
      ? []
      : [
          {
            ...{ code: 'advice', rule: 'screening.list-rows' },
            message: `${LIST_IDS[kind]}: ${failedRows} rows of its state of ${date} could not be read and are not screened against`,
          },
        ],
  );

const load = async (store: Store, records: readonly TradeListRecord[]): Promise<TradeReference> => {
  const editions: HsEdition[] = [];
  const lists: SanctionsList[] = [];
  for (const record of records) {
    if (record.kind === 'hs_edition') editions.push(...(await toEdition(store, record)));
    else lists.push(...(await toSanctionsList(store, record)));
  }
  editions.sort((a, b) => (a.id < b.id ? -1 : 1));
  lists.sort((a, b) => (a.id < b.id ? -1 : 1));
  const index = lists.length === 0 ? null : buildScreeningIndex(lists);
  return { editions, lists, index, notices: rowNotices(records) };
};

const remembered = new WeakMap<Store, Map<string, { of: string; value: Promise<TradeReference> }>>();

/**
 * The lists that are active in a workspace now, laid out for the rules. The set of active lists is read each time, so that a
 * new state counts at once; their entries are read, checked and indexed once a set, and the last few workspaces' are kept.
 */
export const tradeReference = async ({ store }: Pick<Ports, 'store'>, workspaceId: string): Promise<TradeReference> => {
  const seen = new Set<string>();
  const records = (await activeLists(store, workspaceId)).filter((list) => {
    const first = !seen.has(placeOf(list));
    seen.add(placeOf(list));
    return first;
  });
  const of = records
    .map(({ _id, updatedAtMs }) => `${_id} ${updatedAtMs}`)
    .sort()
    .join('\n');
  const memory = remembered.get(store) ?? new Map<string, { of: string; value: Promise<TradeReference> }>();
  remembered.set(store, memory);
  const known = memory.get(workspaceId);
  const kept = known?.of === of ? known : { of, value: load(store, records) };
  // Put last, so that the first of the map is the one not asked for longest.
  memory.delete(workspaceId);
  memory.set(workspaceId, kept);
  const [oldest] = memory.keys();
  if (memory.size > MOST_REMEMBERED && oldest !== undefined) memory.delete(oldest);
  kept.value.catch(() => {
    if (memory.get(workspaceId) === kept) memory.delete(workspaceId);
  });
  return kept.value;
};
