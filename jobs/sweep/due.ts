import type { App } from '#app/app.ts';
import { type Leg, unpaidOf } from '#domain/leg.ts';
import type { Order } from '#domain/order.ts';
import { mustTellTracking, type Shipment } from '#domain/shipment.ts';
import type { Enqueue } from '#queue';
import { advanceLeg } from '../leg/advance.ts';
import { cancelLeg } from '../leg/cancel.ts';
import { payLeg, pollLeg, probeLeg, submitLeg } from '../leg/submit.ts';
import { ingestOrder } from '../order/ingest.ts';
import { reconcileOrder } from '../order/reconcile.ts';
import { routeOrder } from '../order/route.ts';
import { eraseCustomer, erasePerson } from '../person/erase.ts';
import { applyReturn } from '../return/apply.ts';
import { payReturn } from '../return/pay.ts';
import { confirmShipment } from '../shipment/confirm.ts';
import { followShipment } from '../shipment/follow.ts';
import { labelShipment } from '../shipment/label.ts';
import { voidShipment } from '../shipment/void.ts';

const BATCH = 1_000;

/** What a leg that is due needs, by its state. */
const forLeg = (leg: Leg) => {
  if (leg.kind !== 'purchase' || leg.state === 'rejected') return advanceLeg;
  if (leg.state === 'planned' || leg.state === 'awaiting')
    return leg.waitsFor === null || leg.waitsFor === 'approval' ? advanceLeg : submitLeg;
  if (leg.externalId === '') return probeLeg;
  if (leg.cancel === 'wanted') return cancelLeg;
  const pay = unpaidOf(leg)?.pay;
  return pay === 'wanted' || pay === 'sent' ? payLeg : pollLeg;
};

/** What a package that is due needs, by how far it is: one that the storefront was told of is followed. */
const forShipment = (shipment: Shipment) => {
  const { voiding, state, tracking } = shipment;
  if (voiding || state === 'voided') return voidShipment;
  if (state === 'confirmed' || state === 'delivered')
    return mustTellTracking(shipment) ? confirmShipment : followShipment;
  return tracking ? confirmShipment : labelShipment;
};

/** What an order that is due needs: a first plan, or to be brought in line with what was learnt of it. */
const forOrder = (order: Order) => (order.plan ? reconcileOrder : routeOrder);

/**
 * Puts back on the queues whatever the database says is due: polls whose time has come, and every step that a crash or a lost
 * Redis left undone. The database is the truth, the queues are an index of it. Returns how much was found.
 */
export const sweepDue = async (app: App, enqueue: Enqueue): Promise<number> => {
  const { store, clock } = app.ports;
  const now = clock.now();
  const later = now + app.ports.grace();
  const [inbox, orders, legs, shipments, returns, erasures] = await Promise.all([
    store.inbox.due(now, BATCH),
    store.orders.due(now, BATCH),
    store.legs.due(now, BATCH),
    store.shipments.due(now, BATCH),
    store.returns.due(now, BATCH),
    store.erasures.due(now, BATCH),
  ]);
  const work: Promise<void>[] = [];
  for (const { workspaceId, connectionId, meaning } of inbox) {
    const { kind, externalId, reference } = meaning;
    if (kind === 'purchase') work.push(enqueue(pollLeg, { workspaceId, legId: reference }));
    else work.push(enqueue(kind === 'erase' ? eraseCustomer : ingestOrder, { workspaceId, connectionId, externalId }));
  }
  for (const order of orders)
    work.push(enqueue(forOrder(order), { workspaceId: order.workspaceId, orderId: order._id }));
  for (const leg of legs) work.push(enqueue(forLeg(leg), { workspaceId: leg.workspaceId, legId: leg._id }));
  for (const shipment of shipments)
    work.push(enqueue(forShipment(shipment), { workspaceId: shipment.workspaceId, shipmentId: shipment._id }));
  for (const { workspaceId, _id: returnId, state } of returns)
    work.push(enqueue(state === 'wanted' ? payReturn : applyReturn, { workspaceId, returnId }));
  for (const { workspaceId, _id: erasureId } of erasures) work.push(enqueue(erasePerson, { workspaceId, erasureId }));
  await Promise.all(work);
  // Looked at again only after another grace, should this run be lost too; the steps themselves set what is really next.
  const postpone = { dueAtMs: later };
  await Promise.all([
    store.inbox.changeMany(inbox.map((d) => ({ id: d._id, guard: { dueAtMs: d.dueAtMs }, changes: postpone }))),
    store.orders.changeMany(orders.map((d) => ({ id: d._id, guard: { dueAtMs: d.dueAtMs }, changes: postpone }))),
    store.legs.changeMany(legs.map((d) => ({ id: d._id, guard: { dueAtMs: d.dueAtMs }, changes: postpone }))),
    store.shipments.changeMany(shipments.map((d) => ({ id: d._id, guard: { dueAtMs: d.dueAtMs }, changes: postpone }))),
    store.returns.changeMany(returns.map((d) => ({ id: d._id, guard: { dueAtMs: d.dueAtMs }, changes: postpone }))),
    store.erasures.changeMany(erasures.map((d) => ({ id: d._id, guard: { dueAtMs: d.dueAtMs }, changes: postpone }))),
  ]);
  return [inbox, orders, legs, shipments, returns, erasures].reduce((sum, { length }) => sum + length, 0);
};
