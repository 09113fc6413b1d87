import { Failure } from '#domain/failure.ts';
import type { Leg } from '#domain/leg.ts';
import type { Order } from '#domain/order.ts';
import type { CaseFile } from '#trade/case-file/case-file.ts';
import type { Document, Documents, Store } from './ports.ts';

/** The fields that `next` has another value in, by identity: what was spread over unchanged is not sent again. */
export const difference = <T extends object>(current: T, next: T): Partial<T> => {
  const changes: Partial<T> = {};
  for (const field in next) if (next[field] !== current[field]) changes[field] = next[field];
  return changes;
};

/**
 * Reads a document, lets `next` say what it shall be, and writes it if nobody else wrote in between; else again with what is
 * there then. `next` returns null to leave it as it is. Pure functions only: it may run several times. Who has just read it hands
 * it in as `known`: a write is then refused if it was old, and nothing is written on the strength of it otherwise.
 */
const changeDocument = async <T extends Document & { version: number }>(
  documents: Documents<T>,
  workspaceId: string,
  id: string,
  next: (current: T) => T | null,
  known?: T,
): Promise<T> => {
  for (let round = 0; round < 100; round += 1) {
    const current = (round === 0 ? known : undefined) ?? (await documents.find(workspaceId, id));
    if (!current) throw new Failure('not_found', `there is no ${id} in this workspace`, { safe: { id } });
    const wanted = next(current);
    if (wanted === null || wanted === current) return current;
    const changed: T = { ...wanted, version: current.version + 1 };
    const guard: Partial<T> = {};
    guard.version = current.version;
    if ((await documents.change(id, guard, difference(current, changed))) === 'changed') return changed;
  }
  throw new Failure('unavailable', `${id} is too busy`);
};

export const changeOrder = (
  store: Store,
  workspaceId: string,
  id: string,
  next: (current: Order) => Order | null,
  known?: Order,
): Promise<Order> => changeDocument<Order>(store.orders, workspaceId, id, next, known);
export const changeLeg = (
  store: Store,
  workspaceId: string,
  id: string,
  next: (current: Leg) => Leg | null,
  known?: Leg,
): Promise<Leg> => changeDocument<Leg>(store.legs, workspaceId, id, next, known);
export const changeCase = (
  store: Store,
  workspaceId: string,
  id: string,
  next: (current: CaseFile) => CaseFile | null,
): Promise<CaseFile> => changeDocument<CaseFile>(store.cases, workspaceId, id, next);
