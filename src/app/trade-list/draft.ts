import type { Actor } from '#domain/actor.ts';
import { badValue } from '#domain/failure.ts';
import { idOf } from '#domain/ids.ts';
import type { TradeListKind, TradeListRecord } from '#domain/trade-list.ts';
import { HS_EDITIONS } from '#trade/classification/hs-edition.ts';
import { addDays, dayOf, plainDate } from '#trade/plain-date.ts';
import type { Ports } from '../ports.ts';
import { checkDrift, getList, type ListFacts } from './drift.ts';
import { activeLists, placeOf } from './lists.ts';

const tradeListId = (workspaceId: string, kind: TradeListKind, sha256: string): string =>
  idOf('tl', workspaceId, kind, sha256);

const checkFacts = ({ kind, edition, date, failedRows, entries, parts }: ListFacts, nowMs: number): void => {
  const known = HS_EDITIONS.rows.some(({ value }) => value === edition);
  if (kind === 'hs_edition' && !known)
    throw badValue('edition', `has to be one of ${HS_EDITIONS.rows.map(({ value }) => value).join(', ')}`);
  if (kind !== 'hs_edition' && edition !== '') throw badValue('edition', 'only an hs_edition has one');
  const tomorrow = addDays(dayOf(nowMs), 1);
  if (plainDate(date) > tomorrow) throw badValue('date', `${date} is in the future; it is the day of the list’s state`);
  if (entries < 1 || failedRows < 0) throw badValue('entries', 'a list without entries was not read');
  if (parts < 1 || parts > entries) throw badValue('parts', `${entries} entries cannot come in ${parts} parts`);
};

/**
 * Begins the import of a list, or goes on with one that died: a draft, which nothing is decided on before it is activated.
 * The same bytes as the active list change nothing and answer that one. Throws `conflict` for an import that drifts from what
 * is on file, unless `force`, and `rejected` naming the field.
 */
export const draftList = async (
  { store, clock }: Ports,
  _actor: Actor,
  { workspaceId, facts, force }: { workspaceId: string; facts: ListFacts; force: boolean },
): Promise<TradeListRecord> => {
  const now = Math.floor(clock.now());
  checkFacts(facts, now);
  const _id = tradeListId(workspaceId, facts.kind, facts.sha256);
  const known = await store.tradeLists.find(workspaceId, _id);
  if (known && known.edition !== facts.edition)
    throw badValue('edition', `the same file was imported as ${known.edition} before`);
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
