import { Failure } from '#domain/failure.ts';
import { idOf } from '#domain/ids.ts';
import type { TradeListKind, TradeListPart, TradeListRecord } from '#domain/trade-list.ts';
import { HS_EDITIONS, type HsEdition } from '#trade/classification/hs-edition.ts';
import { plainDate } from '#trade/plain-date.ts';
import type { Notice } from '#trade/rule.ts';
import type { RomaniseHan } from '#trade/screening/name.ts';
import type { SanctionsList } from '#trade/screening/sanctions-list.ts';
import { layOutIndex, type ScreeningIndex } from '#trade/screening/screening-index.ts';
import type { Documents } from '../ports.ts';
import { yieldToEventLoop } from '../yield-to-event-loop.ts';
import { HsEntry, SanctionsEntry } from './entries.ts';

/** Workspaces whose lists are kept laid out in memory: one state of the OFAC list takes some 50 MB. */
const MOST_REMEMBERED = 4;

/** The name under which screenings record a list that they rest on: of `ofac_sdn` it is `ofac.sdn`. */
const listIdOf = (kind: TradeListKind): string => kind.replace('_', '.');

/** What is read of the store; the whole of it is one. */
interface ListStore {
  tradeLists: Pick<Documents<TradeListRecord>, 'list'>;
  tradeListParts: Pick<Documents<TradeListPart>, 'find'>;
}

/** Of a place one list is active: of a kind, and of an HS edition each. */
export const placeOf = ({ kind, edition }: Pick<TradeListRecord, 'kind' | 'edition'>): string =>
  `${kind} ${edition}`.trim();

/** Two active lists of a place are an activation that died half-way, or two at once: the last one counts. */
const newestFirst = (a: TradeListRecord, b: TradeListRecord): number =>
  b.updatedAtMs - a.updatedAtMs || (a._id < b._id ? 1 : -1);

export const activeLists = async (
  store: Pick<ListStore, 'tradeLists'>,
  workspaceId: string,
): Promise<TradeListRecord[]> =>
  (await store.tradeLists.list(workspaceId, { state: 'active' }, { limit: 100 })).sort(newestFirst);

export const partId = (listId: string, part: number): string => idOf('tp', listId, part);

/** Entries that are read between two turns of others. */
const ENTRIES_PER_TURN = 50;

const parsed = function* <E>(entries: readonly unknown[], parse: (entry: unknown) => E): Generator<undefined, E[]> {
  const read: E[] = [];
  for (const entry of entries) {
    read.push(parse(entry));
    if (read.length % ENTRIES_PER_TURN === 0) yield;
  }
  return read;
};

/** The entries of all parts that are there, in order, one part in memory at a time; others have their turns meanwhile. */
export const readEntries = async <E>(
  store: Pick<ListStore, 'tradeListParts'>,
  list: TradeListRecord,
  parse: (entry: unknown) => E,
  seen: (part: number) => void = () => {},
): Promise<E[]> => {
  const read: E[] = [];
  for (let number = 1; number <= list.parts; number++) {
    const part = await store.tradeListParts.find(list.workspaceId, partId(list._id, number));
    if (!part) continue;
    seen(number);
    for (const entry of await yieldToEventLoop(parsed(part.entries, parse))) read.push(entry);
  }
  return read;
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

const entriesOf = async <E>(store: ListStore, list: TradeListRecord, parse: (entry: unknown) => E): Promise<E[]> => {
  const entries = await readEntries(store, list, parse);
  if (entries.length !== list.entries)
    throw new Failure('bug', `list ${list._id} has ${entries.length} entries, not ${list.entries}`);
  return entries;
};

const toEdition = async (store: ListStore, list: TradeListRecord): Promise<HsEdition[]> => {
  const row = HS_EDITIONS.rows.find(({ value }) => value === list.edition);
  if (!row?.from) return [];
  const entries = await entriesOf(store, list, (entry) => HsEntry.parse(entry));
  const codes = new Map(entries.map(({ code, description }) => [code, description]));
  return [{ id: row.value, from: row.from, to: row.to, codes }];
};

const toSanctionsList = async (store: ListStore, list: TradeListRecord): Promise<SanctionsList[]> => {
  if (list.kind === 'hs_edition') return [];
  const entries = await entriesOf(store, list, (entry) => SanctionsEntry.parse(entry));
  const { title, sha256 } = list;
  return [{ id: listIdOf(list.kind), title, date: plainDate(list.date), sha256, entries }];
};

const rowNotices = (lists: readonly TradeListRecord[]): Notice[] =>
  lists.flatMap(({ kind, date, failedRows }): Notice[] =>
    kind === 'hs_edition' || failedRows === 0
      ? []
      : [
          {
            code: 'advice',
            rule: 'screening.list-rows',
            message: `${listIdOf(kind)}: ${failedRows} rows of its state of ${date} could not be read and are not screened against`,
          },
        ],
  );

/** What the lists are read from and laid out with. */
export interface ReferencePorts {
  store: ListStore;
  romaniseHan: RomaniseHan;
}

const load = async (
  { store, romaniseHan }: ReferencePorts,
  records: readonly TradeListRecord[],
): Promise<TradeReference> => {
  const editions: HsEdition[] = [];
  const lists: SanctionsList[] = [];
  for (const record of records) {
    if (record.kind === 'hs_edition') editions.push(...(await toEdition(store, record)));
    else lists.push(...(await toSanctionsList(store, record)));
  }
  editions.sort((a, b) => (a.id < b.id ? -1 : 1));
  lists.sort((a, b) => (a.id < b.id ? -1 : 1));
  const index = lists.length === 0 ? null : await yieldToEventLoop(layOutIndex(lists, { romaniseHan }));
  return { editions, lists, index, notices: rowNotices(records) };
};

/** What is laid out for a set of active lists. */
interface Kept {
  of: string;
  /** Null while it is under way, after a failure, and when it was given up for a newer set. */
  ready: TradeReference | null;
  done: Promise<void>;
}

/** Of each workspace the newest; and the work under way, behind which the next waits. */
interface Memory {
  kept: Map<string, Kept>;
  lane: Promise<unknown>;
}

const remembered = new WeakMap<ListStore, Memory>();

const memoryOf = (store: ListStore): Memory => {
  const memory = remembered.get(store) ?? { kept: new Map<string, Kept>(), lane: Promise.resolve() };
  remembered.set(store, memory);
  return memory;
};

/** Begins to lay `records` out, after what is under way: one at a time, so that each is ready as soon as can be. */
const begin = (ports: ReferencePorts, workspaceId: string, of: string, records: readonly TradeListRecord[]): Kept => {
  const memory = memoryOf(ports.store);
  const begun: Kept = {
    of,
    ready: null,
    done: memory.lane.then(async () => {
      const newest = memory.kept.get(workspaceId) ?? begun;
      if (newest.of === of) begun.ready = await load(ports, records);
    }),
  };
  // A failure is not kept: whoever asks next tries again.
  memory.lane = begun.done.catch(() => {
    if (memory.kept.get(workspaceId) === begun) memory.kept.delete(workspaceId);
  });
  return begun;
};

const keptFor = (ports: ReferencePorts, workspaceId: string, of: string, records: readonly TradeListRecord[]): Kept => {
  const { kept } = memoryOf(ports.store);
  const known = kept.get(workspaceId);
  const wanted = known?.of === of ? known : begin(ports, workspaceId, of, records);
  // Put last, so that the first of the map is the one not asked for longest.
  kept.delete(workspaceId);
  kept.set(workspaceId, wanted);
  const [oldest] = kept.keys();
  if (kept.size > MOST_REMEMBERED && oldest !== undefined) kept.delete(oldest);
  return wanted;
};

/** The newest active list of each place, and a text that is another one as soon as any of them is. */
const currentLists = async (store: ListStore, workspaceId: string) => {
  const byPlace = Map.groupBy(await activeLists(store, workspaceId), placeOf);
  const records = [...byPlace.values()].flatMap(([newest]) => newest ?? []);
  const of = records.map(({ _id, updatedAtMs }) => `${_id} ${updatedAtMs}`).sort();
  return { records, of: of.join('\n') };
};

/**
 * The lists that are active in a workspace now, laid out for the rules. The set of active lists is read each time, so that a
 * new state counts at once; their entries are read, checked and indexed once a set, and the last few workspaces' are kept.
 * While that goes on everything else does too, and whoever asks waits: never is an answer given of a set that was replaced
 * before it was ready.
 */
export const tradeReference = async (ports: ReferencePorts, workspaceId: string): Promise<TradeReference> => {
  for (let awaited: Kept | null = null; ; ) {
    const { records, of } = await currentLists(ports.store, workspaceId);
    if (awaited?.of === of && awaited.ready) return awaited.ready;
    const kept = keptFor(ports, workspaceId, of, records);
    if (kept.ready) return kept.ready;
    await kept.done;
    awaited = kept;
  }
};
