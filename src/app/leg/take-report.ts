import type { Connection } from '#domain/connection.ts';
import { idOf } from '#domain/ids.ts';
import { type Leg, legMachine, openUnits } from '#domain/leg.ts';
import type { PurchaseReport } from '#domain/purchase.ts';
import { changeLeg } from '../change.ts';
import { openException } from '../exception/open.ts';
import type { Ports } from '../ports.ts';
import { packageOf } from '../shipment/count.ts';

/** How long at least, in clock time, until a supplier is asked again how an order stands. */
const POLL_EVERY_MS = 6 * 3_600_000;

export interface Submitted {
  leg: Leg;
  next: 'poll' | 'probe' | 'wait' | 'progress' | 'submit';
  shipmentIds: string[];
}

/** Sent, and nobody knows what came of it. */
export const isLost = (leg: Leg): boolean =>
  leg.state === 'unknown' || (leg.state === 'submitted' && leg.externalId === '');

const SHIPPED: readonly PurchaseReport['state'][] = ['partly_shipped', 'shipped', 'delivered'];

/**
 * What the supplier says, taken over: packages become shipments to the buyer, or, for our own shelf, goods that the warehouse
 * will receive. Nothing is counted twice: a package is known by its id.
 */
export const takeReport = async (
  ports: Ports,
  connection: Connection,
  leg: Leg,
  report: PurchaseReport,
): Promise<Submitted> => {
  const { store, clock } = ports;
  const { workspaceId, _id: legId } = leg;
  const now = clock.now();
  if (report.state === 'rejected' || report.state === 'cancelled') {
    const rejected = await changeLeg(store, workspaceId, legId, (current) =>
      legMachine.allows(current.state, 'rejected') && current.state !== 'rejected'
        ? {
            ...current,
            state: 'rejected',
            externalId: report.externalId,
            note: report.reason,
            dueAtMs: null,
            updatedAtMs: now,
          }
        : null,
    );
    await openException(ports, {
      workspaceId,
      cause: 'purchase_rejected',
      subject: { kind: 'leg', id: legId },
      orderId: leg.orderId,
      detail: `Order ${leg.orderNumber}: the supplier says ${report.rawStatus} ${report.reason}`,
      retry: null,
    });
    return { leg: rejected, next: 'progress', shipmentIds: [] };
  }
  const take = (current: Leg): Leg | null => {
    const taken = { ...current, externalId: report.externalId, updatedAtMs: now };
    const arrived = leg.orderId === null && (report.state === 'shipped' || report.state === 'delivered');
    const state = ['submitted', 'unknown', 'planned'].includes(current.state) ? ('accepted' as const) : current.state;
    // For our own shelf “shipped” is news for the warehouse, which then receives it.
    if (arrived && (state === 'accepted' || state === 'partly_shipped'))
      return { ...taken, state: 'shipped', dueAtMs: null };
    // All of it has left: what comes after that comes by a message of the supplier's.
    const over = arrived || (leg.orderId !== null && state === 'shipped');
    const every = Math.max(POLL_EVERY_MS, connection.pollEveryMinutes * 60_000);
    const dueAtMs = over ? null : now + every;
    // Nothing new, and the next look is set about as far off: that this one was earlier is not worth a write. What a sweep has set
    // meanwhile, should this run be lost, is not the next look.
    const looksAgain =
      current.dueAtMs === null || dueAtMs === null
        ? current.dueAtMs === dueAtMs
        : current.dueAtMs > now + every / 2 && current.dueAtMs <= dueAtMs;
    return looksAgain && state === current.state && report.externalId === current.externalId
      ? null
      : { ...taken, state, dueAtMs };
  };
  // What is in a package follows from what is left on the leg: for that it is read anew.
  const accepted = await changeLeg(store, workspaceId, legId, take, SHIPPED.includes(report.state) ? undefined : leg);
  if (leg.orderId === null || !SHIPPED.includes(report.state)) return { leg: accepted, next: 'poll', shipmentIds: [] };

  const fresh = report.packages.filter((p) => p.tracking.number !== '');
  const shipmentIds: string[] = [];
  for (const parcel of fresh) {
    const shipmentId = idOf('sh', legId, parcel.externalId);
    const { lines } = parcel;
    const units = accepted.lines.flatMap((line) => {
      const quantity =
        lines === null
          ? openUnits(line)
          : Math.min(
              openUnits(line),
              lines.filter((l) => l.externalSku === line.externalSku).reduce((sum, l) => sum + l.quantity, 0),
            );
      return quantity > 0 ? [{ line, quantity }] : [];
    });
    shipmentIds.push(shipmentId);
    if (accepted.counted.includes(shipmentId) || units.length === 0) continue;
    const { externalId: reference, tracking } = parcel;
    const given = { _id: shipmentId, reference, units, parcel: null, tracking, trackingState: 'pre_transit' } as const;
    await store.shipments.insert(packageOf(ports, leg, leg.orderId, given));
  }
  return { leg: accepted, next: 'poll', shipmentIds };
};
