import { z } from 'zod';
import type { Shipment } from '#domain/shipment.ts';
import { shipmentMachine } from '#domain/shipment.ts';
import { listPage, Page, PageQuery } from '../page.ts';
import { defineRoute } from '../route.ts';
import { ShipmentView, toShipment } from '../views.ts';

export const shipmentRoutes = [
  defineRoute({
    method: 'get',
    path: '/shipments',
    scope: 'legs:read',
    summary: 'Packages, by id',
    input: z.strictObject({
      query: z.strictObject({ ...PageQuery, state: z.enum(shipmentMachine.states).optional() }),
    }),
    response: Page(ShipmentView),
    async handle({ store, workspaceId }, { query }) {
      const where: Partial<Shipment> = {};
      if (query.state !== undefined) where.state = query.state;
      return listPage(store.shipments, workspaceId, where, query, toShipment);
    },
  }),
];
