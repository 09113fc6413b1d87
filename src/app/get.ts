import { Failure } from '#domain/failure.ts';
import type { Leg } from '#domain/leg.ts';
import type { Order, Return } from '#domain/order.ts';
import type { Shipment } from '#domain/shipment.ts';
import type { Ports } from './ports.ts';

export const getOrder = async (
  { store }: Pick<Ports, 'store'>,
  workspaceId: string,
  orderId: string,
): Promise<Order> => {
  const order = await store.orders.find(workspaceId, orderId);
  if (!order) throw new Failure('not_found', `there is no order ${orderId}`, { safe: { orderId } });
  return order;
};

export const getLeg = async ({ store }: Ports, workspaceId: string, legId: string): Promise<Leg> => {
  const leg = await store.legs.find(workspaceId, legId);
  if (!leg) throw new Failure('not_found', `there is no leg ${legId}`, { safe: { legId } });
  return leg;
};

export const getShipment = async ({ store }: Ports, workspaceId: string, shipmentId: string): Promise<Shipment> => {
  const shipment = await store.shipments.find(workspaceId, shipmentId);
  if (!shipment) throw new Failure('not_found', `there is no shipment ${shipmentId}`, { safe: { shipmentId } });
  return shipment;
};

export const getReturn = async ({ store }: Ports, workspaceId: string, returnId: string): Promise<Return> => {
  const found = await store.returns.find(workspaceId, returnId);
  if (!found) throw new Failure('not_found', `there is no return ${returnId}`, { safe: { returnId } });
  return found;
};
