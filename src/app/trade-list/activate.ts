import type { Actor } from '#domain/actor.ts';
import { Failure } from '#domain/failure.ts';
import type { TradeListRecord } from '#domain/trade-list.ts';
import type { Ports, Store } from '../ports.ts';
import { checkDrift, getList } from './drift.ts';
import { HsEntry, SanctionsEntry } from './entries.ts';
import { activeLists, placeOf, readEntries } from './lists.ts';

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
const forgetReplaced = async ({ store, clock }: Pick<Ports, 'store' | 'clock'>, workspaceId: string): Promise<void> => {
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
  { store, clock }: Ports,
  _actor: Actor,
  { workspaceId, listId, force }: { workspaceId: string; listId: string; force: boolean },
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
