import { Failure } from '#domain/failure.ts';
import type { Leg, LegPatch } from '#domain/leg.ts';
import type { Edit, Moved, Stateful } from '#domain/move.ts';
import type { Order } from '#domain/order.ts';
import type { Return } from '#domain/return.ts';
import type { Shipment } from '#domain/shipment.ts';
import type { CaseFile } from '#trade/case-file/case-file.ts';
import type { Document, Documents, Ports } from './ports.ts';

/** The fields that `next` has another value in, by identity: what was spread over unchanged is not sent again. */
export const difference = <T extends object>(current: T, next: T): Partial<T> => {
  const changes: Partial<T> = {};
  for (const field in next) if (next[field] !== current[field]) changes[field] = next[field];
  return changes;
};

type Dated = Document & { updatedAtMs: number };
type Writing = Pick<Ports, 'store' | 'clock'>;

/**
 * The guard of a write that moves a document as it was read: refused when somebody else has moved it, or left an event in it,
 * meanwhile.
 */
export const asRead = <T extends Stateful>(document: T): Partial<T> => {
  const guard: Partial<T> = {};
  guard.state = document.state;
  if (document.newsSeq !== undefined) guard.newsSeq = document.newsSeq;
  return guard;
};

/**
 * Reads a document, lets `next` say what changes, and writes it if nobody else wrote in between; else again with what is there
 * then. `next` returns null to leave it as it is. Pure functions only: it may run several times. Who has just read it hands it in as
 * `known`: a write is then refused if it was old, and nothing is written on the strength of it otherwise.
 */
const changeDocument = async <T extends Dated>(
  documents: Documents<T>,
  nowMs: number,
  guardOf: (current: T) => Partial<T>,
  alsoOf: (current: T) => Partial<T>,
  { workspaceId, id, known }: { workspaceId: string; id: string; known: T | undefined },
  next: (current: T) => object | null,
): Promise<T> => {
  for (let round = 0; round < 100; round += 1) {
    const current = (round === 0 ? known : undefined) ?? (await documents.find(workspaceId, id));
    if (!current) throw new Failure('not_found', `there is no ${id} in this workspace`, { safe: { id } });
    const patch = next(current);
    if (patch === null) return current;
    const changed: T = Object.assign({}, current, patch, alsoOf(current), { updatedAtMs: nowMs });
    const changes = difference(current, changed);
    // Within one millisecond a repeat may change nothing, which the store would not count as a write.
    if (Object.keys(changes).length === 0) return current;
    if ((await documents.change(id, guardOf(current), changes)) === 'changed') return changed;
  }
  throw new Failure('unavailable', `${id} is too busy`);
};

type Versioned = Dated & { version: number };
const versioned = <T extends Versioned>(
  { clock }: Writing,
  documents: Documents<T>,
  workspaceId: string,
  id: string,
  next: (current: T) => object | null,
  known?: T,
): Promise<T> => {
  const guard = (current: T): Partial<T> => pick(current, 'version');
  const also = (current: T): Partial<T> => Object.assign(pick(current), { version: current.version + 1 });
  return changeDocument(documents, clock.now(), guard, also, { workspaceId, id, known }, next);
};

/** Documents without a version are guarded by their state and by how many events they have left. */
type Counted = Dated & { state: string; newsSeq?: number | undefined };
const counted = <T extends Counted>(
  { clock }: Writing,
  documents: Documents<T>,
  workspaceId: string,
  id: string,
  next: (current: T) => object | null,
  known?: T,
): Promise<T> => {
  const guard = (current: T): Partial<T> => pick(current, 'state', 'newsSeq');
  return changeDocument(documents, clock.now(), guard, () => ({}), { workspaceId, id, known }, next);
};

function pick<T extends object>(from: T, ...fields: (keyof T)[]): Partial<T> {
  const picked: Partial<T> = {};
  for (const field of fields) picked[field] = from[field];
  return picked;
}

export type OrderPatch = Edit<Order> | Moved<Order>;
export const changeOrder = (
  ports: Writing,
  workspaceId: string,
  id: string,
  next: (current: Order) => OrderPatch | null,
  known?: Order,
): Promise<Order> => versioned(ports, ports.store.orders, workspaceId, id, next, known);
export const changeLeg = (
  ports: Writing,
  workspaceId: string,
  id: string,
  next: (current: Leg) => LegPatch | null,
  known?: Leg,
): Promise<Leg> => versioned<Leg>(ports, ports.store.legs, workspaceId, id, next, known);
export const changeCase = (
  ports: Writing,
  workspaceId: string,
  id: string,
  next: (current: CaseFile) => CaseFile | null,
): Promise<CaseFile> => versioned<CaseFile>(ports, ports.store.cases, workspaceId, id, next);
export const changeShipment = (
  ports: Writing,
  workspaceId: string,
  id: string,
  next: (current: Shipment) => Edit<Shipment> | Moved<Shipment> | null,
  known?: Shipment,
): Promise<Shipment> => counted<Shipment>(ports, ports.store.shipments, workspaceId, id, next, known);
export const changeReturn = (
  ports: Writing,
  workspaceId: string,
  id: string,
  next: (current: Return) => Edit<Return> | Moved<Return> | null,
  known?: Return,
): Promise<Return> => counted<Return>(ports, ports.store.returns, workspaceId, id, next, known);
