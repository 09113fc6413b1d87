import type { Actor } from '#domain/actor.ts';
import { Failure } from '#domain/failure.ts';
import { exceptionId } from '#domain/ids.ts';
import { move, noted } from '#domain/move.ts';
import { hasFailed, nextLook, plainNumber, type Shipment, shipmentMachine } from '#domain/shipment.ts';
import { changeShipment } from '../change.ts';
import { clearException, openException } from '../exception/open.ts';
import { resolveException } from '../exception/resolve.ts';
import { getShipment } from '../get.ts';
import type { Ports } from '../ports.ts';

type Ref = { workspaceId: string; shipmentId: string };

/** What the carrier last said; a scan that we do not understand changes nothing that we know. */
const takeScan = async (
  ports: Ports,
  actor: Actor,
  shipment: Shipment,
  said: { state: Shipment['trackingState']; rawStatus: string },
): Promise<Shipment> => {
  const { workspaceId, _id: shipmentId, reference, trackingState: before } = shipment;
  const state = said.state === 'unknown' ? before : said.state;
  const by = { actor, atMs: ports.clock.now() };
  // Told before it is written down: a run that dies in between tells again, and one that a person has settled is not opened again.
  if (hasFailed(state) && state !== before)
    await openException(ports, actor, {
      workspaceId,
      cause: 'parcel_failed',
      subject: { kind: 'shipment', id: shipmentId },
      orderId: shipment.orderId,
      detail: `Package ${reference}: the carrier says ${said.rawStatus || state}`,
      retry: null,
    });
  if (!hasFailed(state) && hasFailed(before))
    await clearException(ports, actor, { workspaceId, cause: 'parcel_failed', subjectId: shipmentId });
  return changeShipment(ports, workspaceId, shipmentId, (current) => {
    const changes = { trackingState: state, dueAtMs: nextLook(current, state, by.atMs) };
    if (state === 'delivered' && current.state === 'confirmed')
      return move(shipmentMachine, current, 'delivered', changes, by);
    if (state === current.trackingState) return changes;
    return noted(current, 'shipment.scanned', changes, { ...by, data: { scan: state } });
  });
};

/**
 * Asks the carrier of our label about a parcel that the storefront was told of, and sets when it is asked next. A carrier that cannot be
 * asked now, or has no answer, is asked at the next look: this look fails nothing.
 */
export const followShipment = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, shipmentId }: Ref,
): Promise<Shipment> => {
  const shipment = await getShipment(ports, workspaceId, shipmentId);
  const { label, tracking, state } = shipment;
  if (label === null || tracking === null || (state !== 'confirmed' && state !== 'delivered')) return shipment;
  const connection = await ports.cached.connection(workspaceId, label.connectionId);
  const later = () =>
    changeShipment(ports, workspaceId, shipmentId, (current) => ({
      dueAtMs:
        connection === null || connection.state === 'removed'
          ? null
          : nextLook(current, current.trackingState, ports.clock.now()),
    }));
  if (connection?.state !== 'active') return later();
  try {
    const { carrier, number } = tracking;
    const said = await ports.gateway.call(connection, 'tracking.get', { tracking: { carrier, number } });
    return await takeScan(ports, actor, shipment, said);
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'bug') throw error;
    ports.log.info({ shipmentId, code: error.code }, 'the carrier has no answer about a parcel');
    return later();
  }
};

/** A carrier has told something about parcels under this number: those of ours are looked at now. */
export const hearOfParcel = async (
  ports: Pick<Ports, 'store' | 'clock'>,
  { workspaceId, connectionId, number }: { workspaceId: string; connectionId: string; number: string },
): Promise<void> => {
  const followed = plainNumber(number);
  if (followed === '') return;
  for (const shipment of await ports.store.shipments.list(workspaceId, { followed }, { limit: 100 }))
    if (shipment.label?.connectionId === connectionId)
      await changeShipment(ports, workspaceId, shipment._id, () => ({ dueAtMs: ports.clock.now() }));
};

/** A person has settled what became of a parcel that failed: its exception is closed, and its carrier is not asked any more. */
export const settleParcel = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, shipmentId, note }: Ref & { note: string },
): Promise<Shipment> => {
  const { reference, trackingState } = await getShipment(ports, workspaceId, shipmentId);
  if (!hasFailed(trackingState))
    throw new Failure('conflict', `package ${reference} has not failed: its carrier says ${trackingState}`, {
      safe: { trackingState },
    });
  const exception = await ports.store.exceptions.find(
    workspaceId,
    exceptionId(workspaceId, 'parcel_failed', shipmentId),
  );
  if (exception?.state === 'open')
    await resolveException(ports, actor, { workspaceId, exceptionId: exception._id, note });
  const by = { actor, atMs: ports.clock.now(), personal: { note } };
  return changeShipment(ports, workspaceId, shipmentId, (current) =>
    noted(current, 'shipment.parcel_settled', { dueAtMs: null }, by),
  );
};
