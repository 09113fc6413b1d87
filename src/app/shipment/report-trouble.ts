import type { Actor } from '#domain/actor.ts';
import type { JobName } from '#domain/job.ts';
import type { Shipment } from '#domain/shipment.ts';
import { changeShipment } from '../change.ts';
import { openException } from '../exception/open.ts';
import type { Ports } from '../ports.ts';

export const STEP = {
  label_refused: 'shipment.label',
  confirmation_refused: 'shipment.confirm',
} as const satisfies Record<string, JobName>;

/** An exception about a package, and a mark on it so that the exception is closed when the step succeeds after all. */
export const reportTrouble = async (
  ports: Ports,
  actor: Actor,
  shipment: Shipment,
  cause: keyof typeof STEP,
  detail: string,
): Promise<void> => {
  const { workspaceId, _id: shipmentId, orderId } = shipment;
  await changeShipment(ports, workspaceId, shipmentId, (current) => (current.troubled ? null : { troubled: true }));
  const retry = { job: STEP[cause], payload: { workspaceId, shipmentId } };
  const subject = { kind: 'shipment', id: shipmentId } as const;
  await openException(ports, actor, { workspaceId, cause, subject, orderId, detail, retry });
};
