import type { Actor } from '#domain/actor.ts';
import { badValue, Failure } from '#domain/failure.ts';
import type { TradeListPart, TradeListRecord } from '#domain/trade-list.ts';
import type { Ports } from '../ports.ts';
import { getList } from './drift.ts';
import { entrySchema } from './entries.ts';
import { partId } from './lists.ts';

/**
 * One part of a draft, from 1 on. The same again changes nothing; other entries take its place. Entries that do not have the
 * form of their kind are `invalid` as a whole part, with the place of each in `safe.errors`.
 */
export const putPart = async (
  { store }: Ports,
  _actor: Actor,
  {
    workspaceId,
    listId,
    part,
    entries,
  }: {
    workspaceId: string;
    listId: string;
    part: number;
    entries: readonly unknown[];
  },
): Promise<TradeListRecord> => {
  const list = await getList({ store }, workspaceId, listId);
  if (part < 1 || part > list.parts) throw badValue('part', `the list comes in parts 1 to ${list.parts}`);
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
