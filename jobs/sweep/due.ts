import type { App } from '#app/app.ts';
import type { Leg } from '#domain/leg.ts';
import type { Enqueue } from '#queue';
import { advanceLeg } from '../leg/advance.ts';
import { pollLeg, probeLeg, submitLeg } from '../leg/submit.ts';
import { ingestOrder } from '../order/ingest.ts';
import { progressOrder } from '../order/progress.ts';
import { routeOrder } from '../order/route.ts';
import { applyReturn } from '../return/apply.ts';
import { payReturn } from '../return/pay.ts';
import { confirmShipment } from '../shipment/confirm.ts';
import { labelShipment } from '../shipment/label.ts';

const BATCH = 1_000;

/** What a leg that is due needs, by its state. */
const forLeg = (leg: Leg) => {
  if (leg.kind !== 'purchase') return advanceLeg;
  if (leg.state === 'planned' || leg.state === 'awaiting')
    return leg.orderId === null || leg.note === '' ? advanceLeg : submitLeg;
  return leg.externalId === '' ? probeLeg : pollLeg;
};

/**
 * Puts back on the queues whatever the database says is due: polls whose time has come, and every step that a crash or a lost
 * Redis left undone. The database is the truth, the queues are an index of it. Returns how much was found.
 */
export const sweepDue = async (app: App, enqueue: Enqueue): Promise<number> => {
  const { store, clock } = app.ports;
  const now = clock.now();
  const later = now + app.ports.grace();
  const [inbox, orders, legs, shipments, returns] = await Promise.all([
    store.inbox.due(now, BATCH),
    store.orders.due(now, BATCH),
    store.legs.due(now, BATCH),
    store.shipments.due(now, BATCH),
    store.returns.due(now, BATCH),
  ]);
  const work: Promise<void>[] = [];
  for (const { workspaceId, connectionId, meaning } of inbox)
    work.push(
      meaning.kind === 'purchase'
        ? enqueue(pollLeg, { workspaceId, legId: meaning.reference })
        : enqueue(ingestOrder, { workspaceId, connectionId, externalId: meaning.externalId }),
    );
  for (const { workspaceId, _id: orderId, plan, state } of orders)
    work.push(
      plan && state !== 'routed'
        ? enqueue(progressOrder, { workspaceId, orderId })
        : enqueue(routeOrder, { workspaceId, orderId }),
    );
  for (const leg of legs) work.push(enqueue(forLeg(leg), { workspaceId: leg.workspaceId, legId: leg._id }));
  for (const { workspaceId, _id: shipmentId, tracking } of shipments)
    work.push(enqueue(tracking ? confirmShipment : labelShipment, { workspaceId, shipmentId }));
  for (const { workspaceId, _id: returnId, state } of returns)
    work.push(enqueue(state === 'wanted' ? payReturn : applyReturn, { workspaceId, returnId }));
  await Promise.all(work);
  // Looked at again only after another grace, should this run be lost too; the steps themselves set what is really next.
  const postpone = { dueAtMs: later };
  await Promise.all([
    store.inbox.changeMany(inbox.map((d) => ({ id: d._id, guard: { dueAtMs: d.dueAtMs }, changes: postpone }))),
    store.orders.changeMany(orders.map((d) => ({ id: d._id, guard: { dueAtMs: d.dueAtMs }, changes: postpone }))),
    store.legs.changeMany(legs.map((d) => ({ id: d._id, guard: { dueAtMs: d.dueAtMs }, changes: postpone }))),
    store.shipments.changeMany(shipments.map((d) => ({ id: d._id, guard: { dueAtMs: d.dueAtMs }, changes: postpone }))),
    store.returns.changeMany(returns.map((d) => ({ id: d._id, guard: { dueAtMs: d.dueAtMs }, changes: postpone }))),
  ]);
  return inbox.length + orders.length + legs.length + shipments.length + returns.length;
};
