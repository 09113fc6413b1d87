import type { Actor } from '#domain/actor.ts';
import { Failure } from '#domain/failure.ts';
import {
  type Location,
  type LocationChanges,
  locationId,
  newLocation,
  withChanges,
  wrongIn,
} from '#domain/location.ts';
import { pagesOf } from '../every-page.ts';
import { clearException } from '../exception/open.ts';
import type { Ports } from '../ports.ts';
import { waitingPackages } from '../shipment/waiting.ts';

export interface LocationSet {
  location: Location;
  /** Packages and purchases that waited for what was entered. */
  shipmentIds: string[];
  legIds: string[];
}

const wrong = (field: string, why: string): Failure => new Failure('rejected', why, { safe: { field } });

/** Throws `rejected` with the field that is wrong. */
const check = async ({ store }: Ports, location: Location): Promise<void> => {
  const found = wrongIn(location);
  if (found) throw wrong(found.field, found.why);
  const { workspaceId, carriers, connectionId } = location;
  const ids = [...carriers, ...(connectionId === null ? [] : [connectionId])];
  const connections = new Map(
    (await store.connections.findMany(workspaceId, ids))
      .filter(({ state }) => state !== 'removed')
      .map((connection) => [connection._id, connection]),
  );
  const stranger = carriers.find((id) => connections.get(id)?.role !== 'logistics');
  if (stranger !== undefined) throw wrong('carriers', `there is no logistics connection ${stranger}`);
  if (connectionId !== null && !connections.has(connectionId))
    throw wrong('connectionId', `there is no connection ${connectionId}`);
};

/** Purchases for the shelf that were not sent because nobody knew where to. */
const waitingPurchases = async ({ store }: Ports, { workspaceId, code }: Location): Promise<string[]> => {
  const found: string[] = [];
  for await (const page of pagesOf(store.legs, workspaceId, { location: code, state: 'planned' }))
    for (const leg of page)
      if (leg.kind === 'purchase' && leg.orderId === null && leg.waitsFor === 'hold') found.push(leg._id);
  return found;
};

/** Every location has its address: the upgrade's question is answered. */
const clearWorkspaceException = async (ports: Ports, actor: Actor, workspaceId: string): Promise<void> => {
  const all = await ports.store.locations.list(workspaceId, {}, { limit: 1_000 });
  if (all.every(({ active, address }) => !active || address !== null))
    await clearException(ports, actor, { workspaceId, cause: 'location_incomplete', subjectId: workspaceId });
};

/**
 * Makes a location (`how: 'make'`, which also replaces one), or changes some of its facts (`how: 'change'`). Throws `rejected` with
 * the field that is wrong, and `not_found` for a change of a location that is not there. What waited for its address or for its
 * carrier goes on.
 */
export const setLocation = async (
  ports: Ports,
  actor: Actor,
  given: { workspaceId: string; code: string; how: 'make' | 'change'; changes: LocationChanges },
): Promise<LocationSet> => {
  const { store, clock } = ports;
  const { workspaceId, code, how } = given;
  const atMs = clock.now();
  const before = await store.locations.find(workspaceId, locationId(workspaceId, code));
  if (how === 'change' && !before)
    throw new Failure('not_found', `there is no location ${code}`, { safe: { location: code } });
  const blank = newLocation({ workspaceId, code, kind: 'own', by: actor, atMs });
  const base = how === 'change' && before ? before : { ...blank, createdAtMs: before?.createdAtMs ?? atMs };
  const location = withChanges(base, given.changes, actor, atMs);
  await check(ports, location);
  const fresh = before === null && (await store.locations.insert(location));
  if (!fresh) await store.locations.change(location._id, {}, location);
  if (location.address) {
    await clearException(ports, actor, { workspaceId, cause: 'location_incomplete', subjectId: code });
    await clearWorkspaceException(ports, actor, workspaceId);
  }
  if (location.carriers.length > 0)
    await clearException(ports, actor, { workspaceId, cause: 'carrier_ambiguous', subjectId: code });
  return {
    location,
    shipmentIds: await waitingPackages(ports, actor, {
      workspaceId,
      waitsFor: ['hold', 'carrier', 'live'],
      location: code,
    }),
    legIds: location.address ? await waitingPurchases(ports, location) : [],
  };
};
