import type { Actor } from '#domain/actor.ts';
import type { Connection } from '#domain/connection.ts';
import { idOf } from '#domain/ids.ts';
import {
  allAsked,
  LEG_MACHINES,
  type Leg,
  legMachine,
  moveUnsent,
  openUnits,
  type PurchaseLeg,
  unpaidOf,
} from '#domain/leg.ts';
import { type By, born, move } from '#domain/move.ts';
import { matchPackages, numbersOf } from '#domain/packages.ts';
import type { PurchaseReport } from '#domain/purchase.ts';
import { shipmentMachine } from '#domain/shipment.ts';
import { changeLeg } from '../change.ts';
import { openException } from '../exception/open.ts';
import { getLeg } from '../get.ts';
import type { Ports } from '../ports.ts';
import { packageOf } from '../shipment/count.ts';
import { takeTracking } from '../shipment/take-tracking.ts';
import { confirmCancelled } from './cancel.ts';
import { countExpected } from './count-expected.ts';
import { clearUnpaid, isNews, isPaying, openUnpaid, sameUnpaid, unpaidAfter } from './unpaid.ts';

/** How long at least, in clock time, until a supplier is asked again how an order stands. */
const POLL_EVERY_MS = 6 * 3_600_000;

export interface Submitted {
  leg: Leg;
  next: 'poll' | 'probe' | 'wait' | 'progress' | 'submit' | 'reconcile';
  shipmentIds: string[];
}

/** When a refused leg is looked at: one for our own shelf is no longer on its way, also should the run that learnt of it die. */
export const refusedDue = ({ clock, grace }: Ports, { orderId }: Leg): number | null =>
  orderId === null ? clock.now() + grace() : null;

const SHIPPED: readonly PurchaseReport['state'][] = ['partly_shipped', 'shipped', 'delivered'];

/** The supplier has cancelled what we asked it to cancel: the units are free, and the order is looked at again. */
const takeCancelled = async (
  ports: Ports,
  actor: Actor,
  leg: PurchaseLeg,
  report: PurchaseReport,
): Promise<Submitted> => {
  const cancelled = await confirmCancelled(ports, actor, leg, report.reason);
  return { leg: cancelled, next: 'reconcile', shipmentIds: [] };
};

/**
 * Packages that are new are written down; of one that is written down another tracking is taken over, for the storefront to be told of.
 * Names the packages of the report that are the storefront's to know.
 */
const takePackages = async (
  ports: Ports,
  by: By,
  leg: Leg,
  orderId: string,
  reported: PurchaseReport['packages'],
): Promise<string[]> => {
  const { store } = ports;
  const { workspaceId, _id: legId } = leg;
  const idOfPackage = (externalId: string) => idOf('sh', legId, externalId);
  const shipments = await store.shipments.list(workspaceId, { legId }, { limit: 10_000 });
  const skuOf = new Map(leg.lines.map(({ lineId, externalSku }) => [lineId, externalSku]));
  const own = shipments.map((shipment) => ({
    id: shipment._id,
    numbers: numbersOf(shipment),
    lines: shipment.lines.map(({ lineId, quantity }) => ({ externalSku: skuOf.get(lineId) ?? '', quantity })),
    shipment,
  }));
  // Written down and not counted yet, its units are not open for another.
  const promised = shipments.filter(({ _id, state }) => state !== 'voided' && !leg.counted.includes(_id));
  const lines = leg.lines.map((line) => {
    const here = promised.flatMap((one) => one.lines).filter(({ lineId }) => lineId === line.lineId);
    const open = openUnits(line) - here.reduce((sum, { quantity }) => sum + quantity, 0);
    return { lineId: line.lineId, externalSku: line.externalSku, open: Math.max(0, open), asked: line.asked };
  });
  const { known, fresh } = matchPackages(lines, own, reported, idOfPackage);
  for (const one of known) await takeTracking(ports, by, one.known.shipment, one.reported.tracking);
  for (const { id, reported: parcel, units } of fresh) {
    const { externalId: reference, tracking } = parcel;
    const packed = leg.lines.flatMap((line) => {
      const quantity = units.find(({ lineId }) => lineId === line.lineId)?.quantity;
      return quantity === undefined ? [] : [{ line, quantity }];
    });
    const given = { _id: id, reference, units: packed, parcel: null, tracking, trackingState: 'pre_transit' } as const;
    await store.shipments.insert(born(shipmentMachine, packageOf(ports, leg, orderId, given), by));
  }
  return [...known.map((one) => one.known.id), ...fresh.map(({ id }) => id)];
};

/**
 * What the supplier says, taken over: packages become shipments to the buyer, or, for our own shelf, goods that the warehouse
 * will receive. Nothing is counted twice: a package is known by its id. What it has taken down and waits to be paid for is told of once.
 */
export const takeReport = async (
  ports: Ports,
  actor: Actor,
  connection: Connection,
  leg: PurchaseLeg,
  report: PurchaseReport,
): Promise<Submitted> => {
  const { clock } = ports;
  const { workspaceId, _id: legId } = leg;
  const now = clock.now();
  const by = { actor, atMs: now };
  if (report.state === 'rejected' || report.state === 'cancelled') {
    // A supplier that refuses what it is to cancel has cancelled it.
    if (leg.cancel !== 'none' || allAsked(leg)) return takeCancelled(ports, actor, leg, report);
    await clearUnpaid(ports, actor, leg);
    const rejected = await changeLeg(ports, workspaceId, legId, (current) =>
      current.kind === 'purchase' &&
      current.state !== 'rejected' &&
      legMachine(current).allows(current.state, 'rejected')
        ? moveUnsent(
            current,
            'rejected',
            {
              externalId: report.externalId,
              reason: report.reason,
              dueAtMs: refusedDue(ports, current),
              waitsFor: null,
              unpaid: null,
            },
            by,
          )
        : null,
    );
    await countExpected(ports, rejected);
    if (rejected.state === 'cancelled') return takeCancelled(ports, actor, leg, report);
    await openException(ports, actor, {
      workspaceId,
      cause: 'purchase_rejected',
      subject: { kind: 'leg', id: legId },
      orderId: leg.orderId,
      detail: `Order ${leg.orderNumber}: the supplier says ${report.rawStatus} ${report.reason}`.trim(),
      retry: null,
    });
    return { leg: rejected, next: 'progress', shipmentIds: [] };
  }
  const known = unpaidOf(leg);
  const told = unpaidAfter(known, report, now);
  // Told before it is written down: a run that dies in between tells it again.
  if (told !== null && isNews(known, told)) await openUnpaid(ports, actor, { connection, leg, unpaid: told });
  // So is its end: what a run that died has told is closed by the next that finds nothing to pay.
  if (told === null && report.unpaid !== undefined) await clearUnpaid(ports, actor, leg);
  const take = (current: Leg) => {
    // Whoever asked may have been overtaken: news of what is over is old.
    if (current.kind !== 'purchase' || legMachine(current).final(current.state)) return null;
    const { externalId } = report;
    const arrived = leg.orderId === null && (report.state === 'shipped' || report.state === 'delivered');
    // What the supplier has taken down and not taken on (unpaid, for one) is still to be answered for.
    const answered = report.state === 'created' ? ('submitted' as const) : ('accepted' as const);
    const state = ['submitted', 'unknown', 'planned'].includes(current.state) ? answered : current.state;
    // For our own shelf “shipped” is news for the warehouse, which then receives it.
    if (arrived && (state === 'accepted' || state === 'partly_shipped'))
      return move(LEG_MACHINES.purchase, current, 'shipped', { externalId, dueAtMs: null, waitsFor: null }, by);
    const unpaid = state === 'submitted' ? unpaidAfter(unpaidOf(current), report, now) : null;
    const waitsFor = unpaid === null ? null : 'payment';
    // All of it has left: what comes after that comes by a message of the supplier's.
    const over = arrived || (leg.orderId !== null && state === 'shipped');
    const every = Math.max(POLL_EVERY_MS, connection.pollEveryMinutes * 60_000);
    const dueAtMs = over ? null : now + (isPaying(unpaid) ? ports.grace() : every);
    // Nothing changed and the next poll is already due at about the right time: skip the write. A dueAtMs set by the sweep is a crash
    // guard, not the next poll.
    const looksAgain =
      current.dueAtMs === null || dueAtMs === null
        ? current.dueAtMs === dueAtMs
        : current.dueAtMs > now + every / 2 && current.dueAtMs <= dueAtMs;
    const same = state === current.state && externalId === current.externalId && sameUnpaid(unpaidOf(current), unpaid);
    const changes = { externalId, dueAtMs, waitsFor, ...(current.unpaid || unpaid ? { unpaid } : {}) } as const;
    return looksAgain && same ? null : move(LEG_MACHINES.purchase, current, state, changes, by);
  };
  const taken = await changeLeg(ports, workspaceId, legId, take, leg);
  // Overtaken by a run that found it paid.
  if (told !== null && unpaidOf(taken) === null) await clearUnpaid(ports, actor, leg);
  if (leg.orderId === null || !SHIPPED.includes(report.state)) return { leg: taken, next: 'poll', shipmentIds: [] };
  // What is in a package follows from what is left on the leg: one that was not just written is read anew.
  const accepted = taken === leg ? await getLeg(ports, workspaceId, legId) : taken;

  const shipmentIds = await takePackages(ports, by, accepted, leg.orderId, report.packages);
  return { leg: accepted, next: 'poll', shipmentIds };
};
