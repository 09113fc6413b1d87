import type { Actor } from '#domain/actor.ts';
import { supplierOf } from '#domain/ids.ts';
import { locationId } from '#domain/location.ts';
import type { Ports } from '../ports.ts';

/**
 * Of the locations that something new names, those that it may not name, each with the reason. A supplier's shelf is there as long as
 * its connection is.
 */
export const findWrongLocations = async (
  { store }: Ports,
  _actor: Actor,
  { workspaceId, codes }: { workspaceId: string; codes: readonly string[] },
): Promise<ReadonlyMap<string, string>> => {
  const asked = [...new Set(codes)];
  const suppliers = asked.flatMap((code) => supplierOf(code) ?? []);
  const own = asked.filter((code) => supplierOf(code) === null);
  const [locations, connections] = await Promise.all([
    store.locations.findMany(
      workspaceId,
      own.map((code) => locationId(workspaceId, code)),
    ),
    store.connections.findMany(workspaceId, suppliers),
  ]);
  const byCode = new Map(locations.map((location) => [location.code, location]));
  const there = new Set(
    connections.filter(({ role, state }) => role === 'supplier' && state !== 'removed').map(({ _id }) => _id),
  );
  return new Map(
    asked.flatMap((code): [string, string][] => {
      const supplier = supplierOf(code);
      if (supplier !== null) return there.has(supplier) ? [] : [[code, `there is no supplier connection ${supplier}`]];
      const location = byCode.get(code);
      if (!location) return [[code, `there is no location ${code}: make it first`]];
      return location.active ? [] : [[code, `location ${code} is not active`]];
    }),
  );
};
