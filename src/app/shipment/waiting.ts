import type { Actor } from '#domain/actor.ts';
import type { Shipment } from '#domain/shipment.ts';
import { pagesOf } from '../every-page.ts';
import type { Ports } from '../ports.ts';

type WaitsFor = NonNullable<Shipment['waitsFor']>;

/** The packages that wait for a label because of something that may have changed: of a location, or with any of these SKUs. */
export const waitingPackages = async (
  { store }: Ports,
  _actor: Actor,
  given: { workspaceId: string; waitsFor: readonly WaitsFor[]; location?: string; skus?: ReadonlySet<string> },
): Promise<string[]> => {
  const { workspaceId, waitsFor, location, skus } = given;
  const found: string[] = [];
  for await (const page of pagesOf(store.shipments, workspaceId, { state: 'planned' })) {
    const waiting = page.filter((shipment) => shipment.waitsFor !== null && waitsFor.includes(shipment.waitsFor));
    const legs = await store.legs.findMany(
      workspaceId,
      waiting.map(({ legId }) => legId),
    );
    // A leg is held as a whole: a fact of one of its lines may be what its other packages wait for.
    const concerned = new Set(
      legs
        .filter((leg) => location === undefined || leg.location === location)
        .filter((leg) => skus === undefined || leg.lines.some(({ sku }) => skus.has(sku)))
        .map((leg) => leg._id),
    );
    found.push(...waiting.flatMap(({ _id, legId }) => (concerned.has(legId) ? [_id] : [])));
  }
  return found;
};
