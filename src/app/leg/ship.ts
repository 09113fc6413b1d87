import type { Actor } from '#domain/actor.ts';
import { Failure } from '#domain/failure.ts';
import { HOLDS } from '#domain/hold.ts';
import { idOf } from '#domain/ids.ts';
import { checkShipment, type Leg } from '#domain/leg.ts';
import { born } from '#domain/move.ts';
import type { Parcel, Shipment, Tracking } from '#domain/shipment.ts';
import { shipmentMachine } from '#domain/shipment.ts';
import { levelId } from '#domain/stock.ts';
import { blockFailure, findBlock } from '../case/block.ts';
import { changeShipment } from '../change.ts';
import { getOrder, getShipment } from '../get.ts';
import type { Ports } from '../ports.ts';
import { countPackage, packageOf } from '../shipment/count.ts';

export interface ShipRequest {
  /** As it was just read. */
  leg: Leg;
  /** The shipper's own name for the package: the same again is the same package. */
  reference: string;
  lines: readonly { lineId: string; quantity: number }[];
  /** Null when the shipper brings a tracking number of its own. */
  parcel: Parcel | null;
  tracking: Tracking | null;
}

/**
 * One package leaves: counted on the leg, taken off the shelf, and written down as a shipment, each once for a reference.
 * Refused as a whole (`conflict`, naming the lines) when units are not held, not on the shelf, or already gone.
 */
export const shipLeg = async (ports: Ports, actor: Actor, request: ShipRequest): Promise<Shipment> => {
  const { store } = ports;
  const { leg } = request;
  const { workspaceId, _id: legId } = leg;
  const shipmentId = idOf('sh', legId, request.reference);
  const before = leg.counted.includes(shipmentId) ? await store.shipments.find(workspaceId, shipmentId) : null;
  if (before) return countPackage(ports, actor, before, { leg });
  if (leg.orderId === null || leg.kind === 'purchase')
    throw new Failure('conflict', `leg ${legId} is a ${leg.kind} leg that its supplier ships`, { safe: { legId } });
  if (request.parcel === null && request.tracking === null)
    throw new Failure('invalid', 'give a parcel to buy a label for, or the tracking of a package that has one');
  const units = [...Map.groupBy(request.lines, (l) => l.lineId)].map(([lineId, entries]) => {
    const line = leg.lines.find((l) => l.lineId === lineId);
    if (!line) throw new Failure('invalid', `leg ${legId} has no line ${lineId}`, { safe: { lineId } });
    return { line, quantity: entries.reduce((sum, entry) => sum + entry.quantity, 0) };
  });
  const held = await findBlock(ports, workspaceId, 'dispatch', { orderId: leg.orderId });
  if (held) throw blockFailure(held);
  // What has left on another's label has left, and is written down; our own label is not bought for an order that waits.
  const order = await getOrder(ports, workspaceId, leg.orderId);
  const waits = request.parcel === null ? undefined : order.holds.find(({ subject }) => subject.kind === 'order');
  if (waits)
    throw new Failure('conflict', `order ${leg.orderNumber} is held: ${HOLDS[waits.code].title}`, {
      safe: { hold: waits.code },
    });
  // Asked before anything is written; what slips through between is caught by the leg's own count.
  checkShipment(leg, request.lines);
  const waiting = units.filter(({ line }) => !line.ready).map(({ line }) => line.sku);
  if (waiting.length > 0)
    throw new Failure('conflict', `goods are still missing for ${waiting.join(', ')}`, { safe: { waiting } });
  const levels = new Map(
    (
      await store.levels.findMany(
        workspaceId,
        units.map(({ line }) => levelId(workspaceId, leg.location, line.sku)),
      )
    ).map((level) => [level._id, level.onHand]),
  );
  const short = [...Map.groupBy(units, ({ line }) => line.sku)]
    .filter(
      ([sku, group]) =>
        (levels.get(levelId(workspaceId, leg.location, sku)) ?? 0) < group.reduce((sum, u) => sum + u.quantity, 0),
    )
    .map(([sku]) => sku);
  if (short.length > 0)
    throw new Failure('conflict', `a count has shown less on the shelf than was held of ${short.join(', ')}`, {
      safe: { short },
    });

  const { reference, parcel, tracking } = request;
  const trackingState = 'unknown';
  const given = { _id: shipmentId, reference, units, parcel, tracking, trackingState } as const;
  const fresh = born(shipmentMachine, packageOf(ports, leg, leg.orderId, given), { actor, atMs: ports.clock.now() });
  // Written down before and not counted: a run before this one died, or what is left was packed under a name that was voided.
  const shipment = (await store.shipments.insert(fresh)) ? fresh : await getShipment(ports, workspaceId, shipmentId);
  const counted = await countPackage(ports, actor, shipment, { leg, order });
  // Its label and its confirmation need not count it again.
  await changeShipment(
    ports,
    workspaceId,
    shipmentId,
    (current) => (current.state === 'planned' && !current.counted ? { counted: true } : null),
    shipment,
  );
  return counted;
};
