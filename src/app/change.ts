import { Failure } from '#domain/failure.ts';
import type { Leg } from '#domain/leg.ts';
import type { Order } from '#domain/order.ts';
import type { Document, Documents, Store } from './ports.ts';

/**
 * Reads a document, lets `next` say what it shall be, and writes it if nobody else wrote in between; else again with what is
 * there then. `next` returns null to leave it as it is. Pure functions only: it may run several times.
 */
const changeDocument = async <T extends Document & { version: number }>(
  documents: Documents<T>,
  workspaceId: string,
  id: string,
  next: (current: T) => T | null,
): Promise<T> => {
  for (let round = 0; round < 100; round += 1) {
    const current = await documents.find(workspaceId, id);
    if (!current) throw new Failure('not_found', `there is no ${id} in this workspace`, { safe: { id } });
    const wanted = next(current);
    if (wanted === null || wanted === current) return current;
    const changed: T = { ...wanted, version: current.version + 1 };
    const { _id, workspaceId: _workspace, ...changes } = changed;
    const guard: Partial<T> = {};
    guard.version = current.version;
    if ((await documents.change(id, guard, changes as Partial<T>)) === 'changed') return changed;
  }
  throw new Failure('unavailable', `${id} is too busy`);
};

export const changeOrder = (
  store: Store,
  workspaceId: string,
  id: string,
  next: (current: Order) => Order | null,
): Promise<Order> => changeDocument<Order>(store.orders, workspaceId, id, next);
export const changeLeg = (
  store: Store,
  workspaceId: string,
  id: string,
  next: (current: Leg) => Leg | null,
): Promise<Leg> => changeDocument<Leg>(store.legs, workspaceId, id, next);
