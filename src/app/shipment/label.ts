import { Failure, isFailure } from '#domain/failure.ts';
import type { Leg } from '#domain/leg.ts';
import type { LabelRequest, Shipment } from '#domain/shipment.ts';
import { clearBlock, findBlock, RECHECK_MS, reportBlock } from '../case/block.ts';
import { clearException } from '../exception/open.ts';
import { getLeg, getShipment } from '../get.ts';
import { WAREHOUSE } from '../order/ship-to.ts';
import type { Ports } from '../ports.ts';
import { getActiveConnection } from '../usable-connection.ts';
import { countPackage } from './count.ts';
import { reportTrouble, STEP } from './report-trouble.ts';

/** How many units a line's total is for: the package may hold fewer. */
const soldUnits = (leg: Leg, lineId: string): number => leg.lines.find((line) => line.lineId === lineId)?.quantity ?? 1;

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
  const [carrier] = await ports.cached.connectionsOf(workspaceId, 'logistics');
  if (!carrier) {
    const refused = 'no logistics connection: add one, or ship with a tracking number of your own';
    await reportTrouble(ports, shipment, 'label_refused', refused);
    throw new Failure('rejected', refused);
  }
  const connection = await getActiveConnection(ports, workspaceId, carrier._id);
  if (!connection.live)
    throw new Failure('rate_limited', `${connection.name} is not live yet: no label is bought`, {
      retryAfterMs: 60_000,
    });
  const held = await findBlock(ports, workspaceId, 'dispatch', { orderId: shipment.orderId });
  if (held) {
    const changes = { troubled: true, dueAtMs: clock.now() + RECHECK_MS };
    await store.shipments.change(shipmentId, { state: 'planned' }, changes);
    const retry = { job: STEP.label_refused, payload: { workspaceId, shipmentId } };
    await reportBlock(ports, held, { kind: 'shipment', id: shipmentId }, retry);
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
      await clearBlock(ports, workspaceId, shipmentId);
    }
    return { ...shipment, ...changes };
  } catch (error) {
    if (isFailure(error, 'rejected')) await reportTrouble(ports, shipment, 'label_refused', error.message);
    throw error;
  }
};
