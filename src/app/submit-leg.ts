import type { Connection } from '#domain/connection.ts';
import { Failure, isFailure } from '#domain/failure.ts';
import { idOf } from '#domain/ids.ts';
import { type Leg, legMachine, openUnits } from '#domain/leg.ts';
import type { PurchaseReport, PurchaseRequest } from '#domain/purchase.ts';
import { getLeg } from './advance-leg.ts';
import { changeLeg } from './change.ts';
import { openException } from './exceptions.ts';
import { clearHeldBack, HELD_AGAIN_MS, heldBack, tellHeldBack } from './held-back.ts';
import type { Ports } from './ports.ts';
import { packageOf } from './ship-leg.ts';

/** How long at least, in clock time, until a supplier is asked again how an order stands. */
const POLL_EVERY_MS = 6 * 3_600_000;

const HELD_NOTE = 'Not sent: a case file holds it back.';

export interface Submitted {
  leg: Leg;
  next: 'poll' | 'probe' | 'wait' | 'progress' | 'submit';
  shipmentIds: string[];
}

/** The connection if it may be used now; else a failure that parks the work without losing an attempt. */
export const working = (connection: Connection | null, connectionId: string): Connection => {
  if (!connection || connection.state === 'removed')
    throw new Failure('not_found', `there is no connection ${connectionId}`, { safe: { connectionId } });
  if (connection.state !== 'active')
    throw new Failure('rate_limited', `${connection.name} is ${connection.state}`, { retryAfterMs: 60_000 });
  return connection;
};

export const getWorkingConnection = async (
  { recalled }: Ports,
  workspaceId: string,
  connectionId: string,
): Promise<Connection> => working(await recalled.connection(workspaceId, connectionId), connectionId);

const purchaseOf = (leg: Leg): PurchaseRequest => ({
  reference: leg._id,
  currency: leg.currency,
  lines: leg.lines.flatMap((line) =>
    openUnits(line) > 0
      ? [
          {
            lineId: line.lineId,
            sku: line.sku,
            externalSku: line.externalSku,
            quantity: openUnits(line),
            unitCost: line.unitCost,
          },
        ]
      : [],
  ),
  shipTo: leg.shipTo,
  neutralPacking: leg.orderId !== null,
  note: leg.orderNumber,
});

/**
 * Sends a purchase order to its supplier. The supplier ends with at most one live order under the leg's id: a call whose outcome
 * is lost leaves the leg `unknown`, and it is only sent again after a probe found nothing.
 */
export const submitLeg = async (ports: Ports, workspaceId: string, legId: string): Promise<Submitted> => {
  const { store, clock, gateway } = ports;
  const leg = await getLeg(ports, workspaceId, legId);
  // A run before this one may have died in the middle of the call: what came of it is looked up.
  if (leg.state !== 'planned') return { leg, next: isLost(leg) ? 'probe' : 'wait', shipmentIds: [] };
  const connection = await getWorkingConnection(ports, workspaceId, leg.partner);
  if (!connection.live) {
    await store.legs.change(
      legId,
      { version: leg.version },
      { note: 'Not sent: the connection is not live yet.', dueAtMs: null },
    );
    return { leg, next: 'wait', shipmentIds: [] };
  }
  const held = leg.orderId === null ? null : await heldBack(ports, workspaceId, 'dispatch', { orderId: leg.orderId });
  if (held) {
    await store.legs.change(legId, { version: leg.version }, { note: HELD_NOTE, dueAtMs: clock.now() + HELD_AGAIN_MS });
    await tellHeldBack(ports, held, { kind: 'leg', id: legId }, { job: 'leg.submit', payload: { workspaceId, legId } });
    return { leg, next: 'wait', shipmentIds: [] };
  }
  if (leg.note === HELD_NOTE) await clearHeldBack(ports, workspaceId, legId);
  const purchase = purchaseOf(leg);
  // Written down before the call: whoever finds it submitted without an external id knows that the call may have happened.
  const submitted = await changeLeg(
    store,
    workspaceId,
    legId,
    (current) =>
      current.state === 'planned'
        ? { ...current, state: 'submitted', dueAtMs: clock.now() + ports.grace(), updatedAtMs: clock.now() }
        : null,
    leg,
  );
  if (submitted.version !== leg.version + 1) return { leg: submitted, next: 'wait', shipmentIds: [] };
  try {
    const report = await gateway.call(connection, 'purchases.place', { purchase });
    return await takeReport(ports, connection, submitted, report);
  } catch (error) {
    if (isFailure(error, 'rejected')) {
      const rejected = await changeLeg(store, workspaceId, legId, (current) =>
        current.state === 'submitted' ? { ...current, state: 'rejected', note: error.message, dueAtMs: null } : null,
      );
      await openException(ports, {
        workspaceId,
        cause: 'purchase_rejected',
        subject: { kind: 'leg', id: legId },
        orderId: leg.orderId,
        detail: `Order ${leg.orderNumber}: ${error.message}`,
        retry: { job: 'leg.advance', payload: { workspaceId, legId } },
      });
      return { leg: rejected, next: 'progress', shipmentIds: [] };
    }
    // Whatever else went wrong, the call may have happened.
    const unknown = await changeLeg(store, workspaceId, legId, (current) =>
      current.state === 'submitted' && current.externalId === ''
        ? { ...current, state: 'unknown', dueAtMs: clock.now() + ports.grace(), updatedAtMs: clock.now() }
        : null,
    );
    if (isFailure(error, 'outcome_unknown', 'unavailable', 'rate_limited'))
      return { leg: unknown, next: 'probe', shipmentIds: [] };
    throw error;
  }
};

/** Sent, and nobody knows what came of it. */
const isLost = (leg: Leg): boolean => leg.state === 'unknown' || (leg.state === 'submitted' && leg.externalId === '');

/** Looks up what became of a purchase order: adopts what the supplier holds, or frees the leg to be sent again. */
export const probeLeg = async (ports: Ports, workspaceId: string, legId: string): Promise<Submitted> => {
  const { store, clock, gateway } = ports;
  const leg = await getLeg(ports, workspaceId, legId);
  if (!isLost(leg)) return { leg, next: 'wait', shipmentIds: [] };
  const connection = await getWorkingConnection(ports, workspaceId, leg.partner);
  const report = await gateway.call(connection, 'purchases.find', { reference: leg._id });
  if (report) return takeReport(ports, connection, leg, report);
  const planned = await changeLeg(store, workspaceId, legId, (current) =>
    current.version === leg.version
      ? {
          ...current,
          state: current.state === 'submitted' ? 'unknown' : 'planned',
          dueAtMs: clock.now() + ports.grace(),
          updatedAtMs: clock.now(),
        }
      : null,
  );
  return { leg: planned, next: planned.state === 'planned' ? 'submit' : 'probe', shipmentIds: [] };
};

/** Asks the supplier how a purchase order stands. */
export const pollLeg = async (ports: Ports, workspaceId: string, legId: string): Promise<Submitted> => {
  const leg = await getLeg(ports, workspaceId, legId);
  const waiting = await ports.store.inbox.list(
    workspaceId,
    { subject: purchaseSubject(leg.partner, legId) },
    { limit: 1_000 },
  );
  const result = await askSupplier(ports, leg);
  await ports.store.inbox.changeMany(
    waiting
      .filter((item) => item.state === 'new')
      .map((item) => ({ id: item._id, guard: {}, changes: { state: 'done' as const, dueAtMs: null } })),
  );
  return result;
};

export const purchaseSubject = (connectionId: string, legId: string): string => `${connectionId} purchase ${legId}`;

const askSupplier = async (ports: Ports, leg: Leg): Promise<Submitted> => {
  const { workspaceId } = leg;
  // News of an order whose number we have not stored yet must not pass for old: it is asked for again.
  if (leg.kind === 'purchase' && isLost(leg))
    throw new Failure('unavailable', `it is not known yet what became of leg ${leg._id}`);
  if (
    leg.kind !== 'purchase' ||
    leg.externalId === '' ||
    !['submitted', 'accepted', 'partly_shipped', 'shipped'].includes(leg.state)
  )
    return { leg, next: 'wait', shipmentIds: [] };
  const connection = await getWorkingConnection(ports, workspaceId, leg.partner);
  return takeReport(
    ports,
    connection,
    leg,
    await ports.gateway.call(connection, 'purchases.get', { externalId: leg.externalId, reference: leg._id }),
  );
};

const SHIPPED: readonly PurchaseReport['state'][] = ['partly_shipped', 'shipped', 'delivered'];

/**
 * What the supplier says, taken over: packages become shipments to the buyer, or, for our own shelf, goods that the warehouse
 * will receive. Nothing is counted twice: a package is known by its id.
 */
const takeReport = async (
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
