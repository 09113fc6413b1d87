import type { Connection } from '#domain/connection.ts';
import type { ExceptionRecord } from '#domain/exception.ts';
import { Failure } from '#domain/failure.ts';
import type { Leg } from '#domain/leg.ts';
import { type Location, locationId } from '#domain/location.ts';
import type { Order } from '#domain/order.ts';
import type { Return } from '#domain/return.ts';
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

/** By its code, as it is now: what waits for its address is woken as soon as that is entered. */
export const findLocation = async (
  { store }: Pick<Ports, 'store'>,
  workspaceId: string,
  code: string,
): Promise<Location | null> => store.locations.find(workspaceId, locationId(workspaceId, code));

export const getReturn = async ({ store }: Ports, workspaceId: string, returnId: string): Promise<Return> => {
  const found = await store.returns.find(workspaceId, returnId);
  if (!found) throw new Failure('not_found', `there is no return ${returnId}`, { safe: { returnId } });
  return found;
};

/** A connection that was not removed. */
export const getConnection = async ({ store }: Ports, workspaceId: string, id: string): Promise<Connection> => {
  const connection = await store.connections.find(workspaceId, id);
  if (!connection || connection.state === 'removed') throw new Failure('not_found', `There is no connection ${id}.`);
  return connection;
};

export const getException = async ({ store }: Ports, workspaceId: string, id: string): Promise<ExceptionRecord> => {
  const exception = await store.exceptions.find(workspaceId, id);
  if (!exception) throw new Failure('not_found', `There is no exception ${id}.`);
  return exception;
};
