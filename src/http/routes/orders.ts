import { z } from 'zod';
import { Failure } from '#domain/failure.ts';
import { type Order, orderMachine } from '#domain/order.ts';
import { reconcileOrder, routeOrder } from '#jobs';
import { listPage, Page, PageQuery } from '../page.ts';
import { type Asked, defineRoute } from '../route.ts';
import {
  ExceptionView,
  LegView,
  OrderView,
  ReturnView,
  ShipmentView,
  toException,
  toLeg,
  toOrder,
  toReturn,
  toShipment,
} from '../views.ts';

const Id = z.strictObject({ id: z.string() });

const getOrder = async ({ store, workspaceId }: Asked, id: string): Promise<Order> => {
  const order = await store.orders.find(workspaceId, id);
  if (!order) throw new Failure('not_found', `There is no order ${id}.`);
  return order;
};

export const orderRoutes = [
  defineRoute({
    method: 'get',
    path: '/orders',
    scope: 'orders:read',
    summary: 'Orders, by id; with `recent` the newest of all',
    input: z.strictObject({
      query: z.strictObject({
        ...PageQuery,
        state: z.enum(orderMachine.states).optional(),
        number: z.string().min(1).max(200).optional(),
        connectionId: z.string().optional(),
        recent: z.coerce.number().int().min(1).max(500).optional(),
      }),
    }),
    response: Page(OrderView),
    async handle({ store, workspaceId }, { query }) {
      if (query.recent !== undefined)
        return { items: (await store.orders.recent(workspaceId, query.recent)).map(toOrder), next: null };
      const { state, number, connectionId } = query;
      const where: Partial<Order> = {};
      // One index is asked, the narrowest; the rest is refined on what it gives.
      if (number !== undefined) where.number = number;
      else if (state !== undefined) where.state = state;
      else if (connectionId !== undefined) where.connectionId = connectionId;
      const refines = Object.keys(where).length < [state, number, connectionId].filter((f) => f !== undefined).length;
      const keep = (order: Order) =>
        (state === undefined || order.state === state) &&
        (connectionId === undefined || order.connectionId === connectionId);
      return listPage(store.orders, workspaceId, where, query, toOrder, refines ? keep : undefined);
    },
  }),
  defineRoute({
    method: 'get',
    path: '/orders/{id}',
    scope: 'orders:read',
    summary: 'An order with its legs, packages, returns and exceptions',
    input: z.strictObject({ params: Id }),
    response: z.object({
      order: OrderView,
      legs: z.array(LegView),
      shipments: z.array(ShipmentView),
      returns: z.array(ReturnView),
      exceptions: z.array(ExceptionView),
    }),
    async handle(asked, { params }) {
      const { store, workspaceId } = asked;
      const order = await getOrder(asked, params.id);
      const where = { orderId: order._id };
      const page = { limit: 10_000 };
      const [legs, shipments, returns, exceptions] = await Promise.all([
        store.legs.list(workspaceId, where, page),
        store.shipments.list(workspaceId, where, page),
        store.returns.list(workspaceId, where, page),
        store.exceptions.list(workspaceId, where, page),
      ]);
      return {
        order: toOrder(order),
        legs: legs.map(toLeg),
        shipments: shipments.map(toShipment),
        returns: returns.map(toReturn),
        exceptions: exceptions.map(toException),
      };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/orders/{id}/retry',
    scope: 'orders:retry',
    summary: 'Looks at an order again: routes it, starts its legs, closes it',
    input: z.strictObject({ params: Id }),
    response: z.object({ id: z.string() }),
    async handle(asked, { params }) {
      const { workspaceId, deps } = asked;
      const order = await getOrder(asked, params.id);
      await deps.enqueue(routeOrder, { workspaceId, orderId: order._id });
      if (order.plan) await deps.enqueue(reconcileOrder, { workspaceId, orderId: order._id });
      return { id: order._id };
    },
  }),
];
