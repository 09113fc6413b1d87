import type { Actor } from '#domain/actor.ts';
import type { Connection } from '#domain/connection.ts';
import { CAUSE_NAMES, connectionOf, UNREADABLE_CAUSES } from '#domain/exception.ts';
import { Failure, isFailure } from '#domain/failure.ts';
import type { Leg, LegState } from '#domain/leg.ts';
import { locationId } from '#domain/location.ts';
import { keepDues } from '../due/keep.ts';
import { pagesOf } from '../every-page.ts';
import { clearException, clearFailedStep } from '../exception/open.ts';
import { getConnection } from '../get.ts';
import { leavePartner } from '../leg/partner-gone.ts';
import type { Ports } from '../ports.ts';
import { moveConnection } from './move.ts';
import type { ConnectionRef } from './ref.ts';

/** Sent, and not at its end. */
const SENT_AND_OPEN: readonly LegState[] = ['submitted', 'unknown', 'accepted', 'partly_shipped'];
/** So many are named. */
const MOST_NAMED = 100;

const openLegs = async ({ store }: Ports, { _id, workspaceId }: Connection): Promise<string[]> => {
  const isIts = ({ partner, connectionId }: Leg): boolean => partner === _id || connectionId === _id;
  const found: string[] = [];
  for (const state of SENT_AND_OPEN)
    for await (const page of pagesOf(store.legs, workspaceId, { state }))
      found.push(...page.filter(isIts).map((leg) => leg._id));
  return found;
};

/** Packages that it is to sell a label for, or that its storefront is to be told of. */
const openPackages = async ({ store }: Ports, { _id, workspaceId, role }: Connection): Promise<string[]> => {
  const found: string[] = [];
  for (const state of ['planned', 'labelled'] as const)
    for await (const page of pagesOf(store.shipments, workspaceId, { state }))
      if (role === 'storefront')
        found.push(...page.filter(({ connectionId }) => connectionId === _id).map((shipment) => shipment._id));
      else if (role === 'logistics' && state === 'planned') {
        const unlabelled = page.filter(({ parcel, tracking }) => parcel !== null && tracking === null);
        const legs = await store.legs.findMany(
          workspaceId,
          unlabelled.map(({ legId }) => legId),
        );
        const locations = await store.locations.findMany(workspaceId, [
          ...new Set(legs.map(({ location }) => locationId(workspaceId, location))),
        ]);
        const itsOwn = new Set(locations.filter(({ carriers }) => carriers.includes(_id)).map(({ code }) => code));
        const waiting = new Set(legs.filter(({ location }) => itsOwn.has(location)).map((leg) => leg._id));
        found.push(
          ...unlabelled
            .filter(({ carrierId, legId }) => (carrierId === null ? waiting.has(legId) : carrierId === _id))
            .map((shipment) => shipment._id),
        );
      }
  return found;
};

const named = (count: number, one: string, many: string, ids: readonly string[]): string[] =>
  count === 0 ? [] : [`${count} ${count === 1 ? one : many} (${ids.slice(0, MOST_NAMED).join(', ')})`];

/** Ends our subscriptions where the vendor can; what it leaves is answered 404 from now on. */
const endWebhooks = async (ports: Ports, connection: Connection): Promise<void> => {
  const { gateway, log } = ports;
  if (!gateway.can(connection, 'webhooks.deregister')) return;
  try {
    await gateway.call(connection, 'webhooks.deregister', { path: `/webhooks/${connection._id}` });
  } catch (error) {
    if (!isFailure(error)) throw error;
    log.warn({ connectionId: connection._id, err: error }, 'the webhooks of a removed connection stay at the vendor');
  }
};

/** Jobs for a connection, whose exceptions go with it. */
const ITS_JOBS = ['orders.pull', 'orders.recheck', 'listings.pull', 'stock.pull', 'stock.publish'] as const;

/**
 * Removes a connection: nothing is asked of it or taken from it any more, its credentials are forgotten and its account is free. Its
 * orders, listings and postings stay, and so does its name; what was planned with it and never sent is planned anew. Throws `conflict` while legs of it are sent and open, or packages wait
 * for its labels or to be told to it, naming them. Again changes nothing.
 */
export const removeConnection = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, connectionId }: ConnectionRef,
): Promise<Connection> => {
  const known = await ports.store.connections.find(workspaceId, connectionId);
  if (known?.state === 'removed') return tidyUp(ports, actor, known);
  const connection = await getConnection(ports, workspaceId, connectionId);
  const legIds = await openLegs(ports, connection);
  const shipmentIds = await openPackages(ports, connection);
  const open = [
    ...named(legIds.length, 'leg is sent and open', 'legs are sent and open', legIds),
    ...named(shipmentIds.length, 'package waits for it', 'packages wait for it', shipmentIds),
  ];
  if (open.length > 0)
    throw new Failure('conflict', `${connection.name} cannot be removed yet: ${open.join('; ')}.`, {
      safe: { legIds: legIds.slice(0, MOST_NAMED), shipmentIds: shipmentIds.slice(0, MOST_NAMED) },
    });
  // First: should this process end here, the connection is still there and polls bring the news.
  await endWebhooks(ports, connection);
  const changes = { live: false, credentials: '', webhookSecret: '', recheck: null, lastError: '' };
  const current = await getConnection(ports, workspaceId, connectionId);
  return tidyUp(ports, actor, await moveConnection(ports, actor, current, 'removed', changes));
};

/** What hung on it: safe to repeat, should a process have ended before it was done. */
const tidyUp = async (ports: Ports, actor: Actor, removed: Connection): Promise<Connection> => {
  const { _id: connectionId, workspaceId } = removed;
  await keepDues(ports, actor, { of: 'connection', connection: removed });
  for (const cause of CAUSE_NAMES) await clearException(ports, actor, { workspaceId, cause, subjectId: connectionId });
  for (const cause of UNREADABLE_CAUSES)
    for await (const page of pagesOf(ports.store.exceptions, workspaceId, { cause }))
      for (const { subject } of page)
        if (connectionOf(subject) === connectionId)
          await clearException(ports, actor, { workspaceId, cause, subjectId: subject.id });
  for await (const page of pagesOf(ports.store.legs, workspaceId, { state: 'planned' }))
    for (const leg of page)
      if (leg.kind === 'purchase' && leg.partner === connectionId) await leavePartner(ports, actor, leg, removed);
  for (const job of ITS_JOBS) await clearFailedStep(ports, actor, { workspaceId, job, subjectId: connectionId });
  return removed;
};
