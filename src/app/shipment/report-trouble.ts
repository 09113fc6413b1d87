import type { Shipment } from '#domain/shipment.ts';
import { openException } from '../exception/open.ts';
import type { Ports } from '../ports.ts';

export const STEP = { label_refused: 'shipment.label', confirmation_refused: 'shipment.confirm' } as const;

/** An exception about a package, and a mark on it so that the exception is closed when the step succeeds after all. */
export const reportTrouble = async (
  ports: Ports,
  shipment: Shipment,
  cause: keyof typeof STEP,
  detail: string,
): Promise<void> => {
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
