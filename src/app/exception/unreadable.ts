import type { Actor } from '#domain/actor.ts';
import type { Connection, Synced } from '#domain/connection.ts';
import {
  connectionOf,
  type ExceptionRecord,
  exceptionMachine,
  UNREADABLE,
  UNREADABLE_CAUSES,
  type UnreadableCause,
  unreadableSubject,
} from '#domain/exception.ts';
import { exceptionId } from '#domain/ids.ts';
import type { Retry } from '#domain/job.ts';
import { move } from '#domain/move.ts';
import type { RejectedItem } from '#kit';
import { asRead } from '../change.ts';
import { everyPage } from '../every-page.ts';
import type { Ports } from '../ports.ts';
import { openException } from './open.ts';

type Of = Pick<Connection, '_id' | 'workspaceId' | 'name'>;

/** The step that reads an item again; null for an order without a readable id, which nothing can ask for. */
const stepOf: Readonly<Record<UnreadableCause, (connection: Of, id: string | null) => Retry | null>> = {
  order_unreadable: ({ workspaceId, _id: connectionId }, externalId) =>
    externalId === null ? null : { job: 'order.ingest', payload: { workspaceId, connectionId, externalId } },
  listing_unreadable: ({ workspaceId, _id: connectionId }) => ({
    job: 'listings.pull',
    payload: { workspaceId, connectionId },
  }),
  stock_unreadable: ({ workspaceId, _id: connectionId }) => ({
    job: 'stock.pull',
    payload: { workspaceId, connectionId },
  }),
};

/**
 * Opens an exception for each item of a page that cannot be read; several of one id, such as a SKU on two rows, are one. `place` names
 * the page where an item has no id. An exception that is open is marked as met again.
 */
export const tellUnreadable = async (
  ports: Ports,
  actor: Actor,
  given: { connection: Of; cause: UnreadableCause; rejected: readonly RejectedItem[]; place: string },
): Promise<void> => {
  const { connection, cause, rejected, place } = given;
  const { word } = UNREADABLE[cause];
  // Of several of one id the first is told.
  const byId = new Map(rejected.toReversed().map((item) => [item.id ?? `${place} ${item.field}`, item]));
  await Promise.all(
    [...byId].map(([known, { id, field, reason, raw }]) =>
      openException(ports, actor, {
        workspaceId: connection.workspaceId,
        cause,
        subject: { kind: 'connection', id: unreadableSubject(cause, connection._id, known) },
        orderId: null,
        detail: `${connection.name}, ${word} ${id ?? 'without a readable id'}: ${field} ${reason} (${raw})`,
        retry: stepOf[cause](connection, id),
        unread: { atMs: ports.clock.now(), version: ports.version },
      }),
    ),
  );
};

const close = async (
  { store, clock }: Ports,
  actor: Actor,
  exception: ExceptionRecord,
  note: string,
): Promise<void> => {
  const by = { actor, atMs: clock.now() };
  const closed = move(exceptionMachine, exception, 'resolved', { note, closedAtMs: by.atMs }, by);
  // Refused: it was closed, or met again, meanwhile.
  await store.exceptions.change(exception._id, asRead(exception), closed);
};

/** Closes the exceptions of items that have been read. One look-up for all of them. */
export const clearRead = async (
  ports: Ports,
  actor: Actor,
  { connection, cause, ids }: { connection: Of; cause: UnreadableCause; ids: readonly string[] },
): Promise<void> => {
  const { workspaceId, _id } = connection;
  const found = await ports.store.exceptions.findMany(
    workspaceId,
    ids.map((id) => exceptionId(workspaceId, cause, unreadableSubject(cause, _id, id))),
  );
  const open = found.filter(({ state }) => state === 'open');
  await Promise.all(open.map((exception) => close(ports, actor, exception, 'It has been read.')));
};

/** Closes the exceptions of what a whole walk, begun at `begunAtMs`, has not met as unreadable: it has been read, or is gone. */
export const clearUnmet = async (
  ports: Ports,
  actor: Actor,
  { connection, cause, begunAtMs }: { connection: Of; cause: UnreadableCause; begunAtMs: number },
): Promise<void> => {
  const { workspaceId, _id } = connection;
  const own = unreadableSubject(cause, _id, '');
  await everyPage(ports.store.exceptions, workspaceId, { cause, state: 'open' }, async (page) => {
    const unmet = page.filter(({ subject, unread }) => subject.id.startsWith(own) && (unread?.atMs ?? 0) < begunAtMs);
    await Promise.all(unmet.map((exception) => close(ports, actor, exception, 'It has been read, or is gone.')));
  });
};

/** How many items of each list of a connection cannot be read. */
export type Unreadable = Readonly<Record<Synced, number>>;
export const NOTHING_UNREADABLE: Unreadable = { orders: 0, listings: 0, stock: 0 };

/** More are not counted, of each cause in a workspace. */
const MOST_COUNTED = 1_000;

/** What cannot be read, by connection; a connection that is not there has nothing. */
export const countUnreadable = async (
  { store }: Pick<Ports, 'store'>,
  workspaceId: string,
): Promise<ReadonlyMap<string, Unreadable>> => {
  const counts = new Map<string, Record<Synced, number>>();
  await Promise.all(
    UNREADABLE_CAUSES.map(async (cause) => {
      const { list } = UNREADABLE[cause];
      const open = await store.exceptions.list(workspaceId, { cause, state: 'open' }, { limit: MOST_COUNTED });
      for (const { subject } of open) {
        const connectionId = connectionOf(subject);
        const count = counts.get(connectionId) ?? { ...NOTHING_UNREADABLE };
        counts.set(connectionId, { ...count, [list]: count[list] + 1 });
      }
    }),
  );
  return counts;
};
