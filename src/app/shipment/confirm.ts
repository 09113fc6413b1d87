import type { Connection } from '#domain/connection.ts';
import { Failure, isFailure } from '#domain/failure.ts';
import { openUnits } from '#domain/leg.ts';
import type { Shipment } from '#domain/shipment.ts';
import { clearException } from '../exception/open.ts';
import { getShipment } from '../get.ts';
import { storeOrder } from '../order/store.ts';
import type { Ports } from '../ports.ts';
import { applyReturn } from '../return/apply.ts';
import { getActiveConnection } from '../usable-connection.ts';
import { countPackage } from './count.ts';
import { reportTrouble } from './report-trouble.ts';

/**
 * What the storefront still expects of a package: what was refunded before it was told of is no longer expected there, although a
 * supplier who could not be stopped has sent it.
 */
const expectedLines = async ({ store }: Ports, shipment: Shipment) => {
  const { workspaceId, orderId } = shipment;
  const [legs, shipments] = await Promise.all([
    store.legs.list(workspaceId, { orderId }, { limit: 1_000 }),
    store.shipments.list(workspaceId, { orderId }, { limit: 10_000 }),
  ]);
  const told = shipments.filter((s) => s._id !== shipment._id && s.confirmationId !== null).flatMap((s) => s.lines);
  const onLegs = new Map(legs.flatMap((leg) => leg.lines.map((line) => [line.lineId, line])));
  const lines = shipment.lines.flatMap((line) => {
    const onLeg = onLegs.get(line.lineId);
    const before = told.filter((t) => t.lineId === line.lineId).reduce((sum, t) => sum + t.quantity, 0);
    const expected = onLeg
      ? Math.min(line.quantity, onLeg.quantity - onLeg.cancelled - onLeg.returned - before)
      : line.quantity;
    return expected > 0 ? [{ lineExternalId: line.externalId, quantity: expected }] : [];
  });
  const completes = legs.every((leg) => leg.state === 'rejected' || leg.lines.every((line) => openUnits(line) === 0));
  return { lines, completes, first: told.length === 0 };
};

interface ConfirmResult {
  /** The storefront's id of the confirmation, or null when it expects nothing of the package any more. */
  confirmationId: string | null;
  /** The order may stand differently now: its first package is told of, or none is left to leave. */
  moves: boolean;
}

const confirmAtStorefront = async (
  ports: Ports,
  connection: Connection,
  shipment: Shipment,
): Promise<ConfirmResult> => {
  const { workspaceId, _id: shipmentId, orderExternalId, tracking } = shipment;
  if (tracking === null) throw new Failure('conflict', `shipment ${shipmentId} has no tracking yet`);
  for (let again = true; ; again = false) {
    const { lines, completes, first } = await expectedLines(ports, shipment);
    if (lines.length === 0) return { confirmationId: null, moves: true };
    try {
      const confirmation = { reference: shipmentId, orderExternalId, lines, tracking, completes };
      const { externalId } = await ports.gateway.call(connection, 'shipments.confirm', { confirmation });
      return { confirmationId: externalId, moves: first || completes };
    } catch (error) {
      if (!isFailure(error, 'rejected', 'not_found', 'conflict')) throw error;
      if (again && isFailure(error, 'rejected')) {
        // A refund that we have not heard of yet is the usual reason: look, count it, and say what is left.
        const { returnIds } = await storeOrder(
          ports,
          connection,
          await ports.gateway.call(connection, 'orders.get', { externalId: orderExternalId }),
        );
        for (const returnId of returnIds) await applyReturn(ports, workspaceId, returnId);
        continue;
      }
      await reportTrouble(ports, shipment, 'confirmation_refused', error.message);
      throw error;
    }
  }
};

export interface Confirmed {
  orderId: string;
  moves: boolean;
}

/** Tells the storefront of a package, once; then it is the buyer's to follow. */
export const confirmShipment = async (
  ports: Ports,
  workspaceId: string,
  shipmentId: string,
  known?: Shipment,
): Promise<Confirmed> => {
  const { store, clock } = ports;
  const shipment = known ?? (await getShipment(ports, workspaceId, shipmentId));
  const { orderId } = shipment;
  if (shipment.state !== 'planned' && shipment.state !== 'labelled') return { orderId, moves: true };
  if (shipment.tracking === null) throw new Failure('conflict', `shipment ${shipmentId} has no tracking yet`);
  await countPackage(ports, shipment);
  const connection = await getActiveConnection(ports, workspaceId, shipment.connectionId);
  const { confirmationId, moves } = await confirmAtStorefront(ports, connection, shipment);
  const changes = {
    state: 'confirmed',
    counted: true,
    confirmationId,
    dueAtMs: null,
    updatedAtMs: clock.now(),
  } as const;
  await store.shipments.change(shipmentId, { state: shipment.state }, changes);
  if (shipment.troubled) await clearException(ports, workspaceId, 'confirmation_refused', shipmentId);
  return { orderId, moves };
};
