import { type By, noted } from '#domain/move.ts';
import { newTracking, type Shipment, type Tracking, withTracking } from '#domain/shipment.ts';
import { changeShipment } from '../change.ts';
import type { Ports } from '../ports.ts';

/**
 * The tracking that a package is reported to have, taken over with what it had before. A storefront that was told of the package is told
 * of the change, also when this process dies: the package is due. Null when nothing changed.
 */
export const takeTracking = async (
  ports: Ports,
  by: By,
  shipment: Shipment,
  said: Tracking,
): Promise<Shipment | null> => {
  const next = (current: Shipment) =>
    current.tracking === null || current.state === 'voided' ? null : newTracking(current.tracking, said);
  if (next(shipment) === null) return null;
  return changeShipment(ports, shipment.workspaceId, shipment._id, (current) => {
    const tracking = next(current);
    if (tracking === null) return null;
    const trackingHistory = withTracking(current, tracking, by.atMs);
    const changes = { tracking, trackingHistory, dueAtMs: by.atMs + ports.grace() };
    return noted(current, 'shipment.tracking_changed', changes, by);
  });
};
