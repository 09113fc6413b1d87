import type { Actor } from '#domain/actor.ts';
import type { Connection } from '#domain/connection.ts';
import { keepDues } from '../due/keep.ts';
import { everyPage } from '../every-page.ts';
import type { Ports } from '../ports.ts';
import { markToTell } from '../stock/mark-listings.ts';

export interface WaitingForConnection {
  /** Legs that were not sent yet. */
  legIds: string[];
}

/**
 * What stood still for a connection and is to be looked at again: a supplier's legs. A live storefront is told anew what may be sold, and
 * the connection's schedule goes on or waits.
 */
export const findWaiting = async (
  ports: Ports,
  actor: Actor,
  connection: Connection,
): Promise<WaitingForConnection> => {
  const { store } = ports;
  const { workspaceId, role, live } = connection;
  const legIds: string[] = [];
  if (role === 'supplier')
    await everyPage(store.legs, workspaceId, { state: 'planned' }, async (legs) => {
      for (const { _id, partner } of legs) if (partner === connection._id) legIds.push(_id);
    });
  if (role === 'storefront' && live)
    await everyPage(store.listings, workspaceId, { connectionId: connection._id }, (listings) =>
      markToTell({ store }, listings),
    );
  await keepDues(ports, actor, { of: 'connection', connection });
  return { legIds };
};
