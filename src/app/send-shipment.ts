import type { Connection } from '#domain/connection.ts';
import { Failure, isFailure } from '#domain/failure.ts';
import { type Leg, openUnits } from '#domain/leg.ts';
import type { LabelRequest, Shipment } from '#domain/shipment.ts';
import { getLeg } from './advance-leg.ts';
import { applyReturn } from './apply-return.ts';
import { clearException, openException } from './exceptions.ts';
import { clearHeldBack, HELD_AGAIN_MS, heldBack, tellHeldBack } from './held-back.ts';
import type { Ports } from './ports.ts';
import { countPackage } from './ship-leg.ts';
import { WAREHOUSE } from './ship-to.ts';
import { storeOrder } from './store-order.ts';
import { getWorkingConnection } from './submit-leg.ts';

export const getShipment = async ({ store }: Ports, workspaceId: string, shipmentId: string): Promise<Shipment> => {
  const shipment = await store.shipments.find(workspaceId, shipmentId);
  if (!shipment) throw new Failure('not_found', `there is no shipment ${shipmentId}`, { safe: { shipmentId } });
  return shipment;
};

/** How many units a line's total is for: the package may hold fewer. */
const soldUnits = (leg: Leg, lineId: string): number => leg.lines.find((line) => line.lineId === lineId)?.quantity ?? 1;

const STEP = { label_refused: 'shipment.label', confirmation_refused: 'shipment.confirm' } as const;

/** An exception about a package, and a mark on it so that the exception is closed when the step succeeds after all. */
const trouble = async (ports: Ports, shipment: Shipment, cause: keyof typeof STEP, detail: string): Promise<void> => {
  const { workspaceId, _id: shipmentId, orderId } = shipment;
  await ports.store.shipments.change(shipmentId, {}, { troubled: true });
  const retry = { job: STEP[cause], payload: { workspaceId, shipmentId } };
  await openException(ports, {
    workspaceId,
    cause,
    subject: { kind: 'shipment', id: shipmentId },
    orderId,
    detail,
    retry,
  });
};

/**
 * Gives a package its label: bought once under the shipment's id, adopted when it was bought before, and not while a case holds its
 * order back. A package that came with tracking needs none.
 */
export const labelShipment = async (ports: Ports, workspaceId: string, shipmentId: string): Promise<Shipment> => {
  const { store, clock, gateway } = ports;
  const shipment = await getShipment(ports, workspaceId, shipmentId);
  if (shipment.state !== 'planned') return shipment;
  const leg = await getLeg(ports, workspaceId, shipment.legId);
  await countPackage(ports, shipment, leg);
  if (shipment.parcel === null || shipment.tracking !== null) return shipment;
  const [carrier] = await ports.recalled.connectionsOf(workspaceId, 'logistics');
  if (!carrier) {
    const refused = 'no logistics connection: add one, or ship with a tracking number of your own';
    await trouble(ports, shipment, 'label_refused', refused);
    throw new Failure('rejected', refused);
  }
  const connection = await getWorkingConnection(ports, workspaceId, carrier._id);
  if (!connection.live)
    throw new Failure('rate_limited', `${connection.name} is not live yet: no label is bought`, {
      retryAfterMs: 60_000,
    });
  const held = await heldBack(ports, workspaceId, 'dispatch', { orderId: shipment.orderId });
  if (held) {
    const changes = { troubled: true, dueAtMs: clock.now() + HELD_AGAIN_MS };
    await store.shipments.change(shipmentId, { state: 'planned' }, changes);
    const retry = { job: STEP.label_refused, payload: { workspaceId, shipmentId } };
    await tellHeldBack(ports, held, { kind: 'shipment', id: shipmentId }, retry);
    return shipment;
  }
  const request: LabelRequest = {
    reference: shipmentId,
    from: WAREHOUSE,
    to: leg.shipTo,
    parcel: shipment.parcel,
    contents: shipment.lines.map((line) => ({
      sku: line.sku,
      title: line.title,
      quantity: line.quantity,
      valueMinor: Math.max(0, Math.floor(line.totalMinor / soldUnits(leg, line.lineId))),
      currency: leg.currency,
      weightGrams: line.weightGrams,
      origin: line.origin,
      hsCode: line.hsCode,
    })),
    service: null,
  };
  try {
    const label = await gateway.call(connection, 'labels.buy', { request });
    const changes = {
      state: 'labelled' as const,
      counted: true,
      tracking: label.tracking,
      label: {
        connectionId: connection._id,
        externalId: label.externalId,
        costMinor: label.costMinor,
        currency: label.currency,
        url: label.url,
      },
      dueAtMs: clock.now() + ports.grace(),
      updatedAtMs: clock.now(),
    };
    await store.shipments.change(shipmentId, { state: 'planned' }, changes);
    if (shipment.troubled) {
      await clearException(ports, workspaceId, 'label_refused', shipmentId);
      await clearHeldBack(ports, workspaceId, shipmentId);
    }
    return { ...shipment, ...changes };
  } catch (error) {
    if (isFailure(error, 'rejected')) await trouble(ports, shipment, 'label_refused', error.message);
    throw error;
  }
};

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

interface Told {
  /** The storefront's id of the confirmation, or null when it expects nothing of the package any more. */
  confirmationId: string | null;
  /** The order may stand differently now: its first package is told of, or none is left to leave. */
  moves: boolean;
}

const tell = async (ports: Ports, connection: Connection, shipment: Shipment): Promise<Told> => {
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
      await trouble(ports, shipment, 'confirmation_refused', error.message);
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
  const connection = await getWorkingConnection(ports, workspaceId, shipment.connectionId);
  const { confirmationId, moves } = await tell(ports, connection, shipment);
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
