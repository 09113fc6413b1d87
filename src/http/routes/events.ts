import { z } from 'zod';
import { Failure } from '#domain/failure.ts';
import { listPage, Page, PageQuery } from '../page.ts';
import { defineRoute } from '../route.ts';
import { EventView, toEvent } from '../views.ts';

const Id = z.strictObject({ id: z.string() });

const AuditView = z.object({
  events: z.int().describe('Events that were held against the chain.'),
  erased: z.int().describe('Of them, those with personal values that were erased since.'),
  next: z.int().nullable().describe('Goes into `after`; null at the end of the chain.'),
  problems: z
    .array(z.object({ seq: z.int(), what: z.string() }))
    .describe('The first hundred; empty when the chain is whole.'),
});

export const eventRoutes = [
  defineRoute({
    method: 'get',
    path: '/events',
    scope: 'events:read',
    summary: 'What happened in the workspace, the oldest first: `after` takes the id of the last event that you have',
    input: z.strictObject({
      query: z.strictObject({
        ...PageQuery,
        type: z.string().min(1).max(80).optional().describe('Such as `order.routed`, or `order` for all of orders.'),
      }),
    }),
    response: Page(EventView),
    handle({ store, workspaceId }, { query }) {
      const { type } = query;
      const keep =
        type === undefined ? undefined : (event: { type: string }) => `${event.type}.`.startsWith(`${type}.`);
      return listPage(store.events, workspaceId, {}, query, toEvent, keep);
    },
  }),
  defineRoute({
    method: 'get',
    path: '/orders/{id}/timeline',
    scope: 'orders:read',
    summary: 'What happened to an order, its legs, packages, returns, approvals and exceptions, the oldest first',
    input: z.strictObject({ params: Id, query: z.strictObject(PageQuery) }),
    response: Page(EventView),
    async handle({ app, actor, store, workspaceId }, { params, query }) {
      if (!(await store.orders.find(workspaceId, params.id)))
        throw new Failure('not_found', `There is no order ${params.id}.`);
      // What happened a moment ago is in it.
      await app.fileEvents(actor, { workspaceId });
      return listPage(store.events, workspaceId, { orderId: params.id }, query, toEvent);
    },
  }),
  defineRoute({
    method: 'post',
    path: '/audit/verify',
    scope: 'events:read',
    summary:
      'Holds the events against their chain and their signatures: what was changed, dropped or inserted is named',
    input: z.strictObject({
      body: z
        .strictObject({
          after: z.int().nonnegative().nullable().default(null).describe('`next` of the answer before.'),
          limit: z.int().min(1).max(20_000).default(10_000),
        })
        .prefault({}),
    }),
    response: AuditView,
    handle: ({ app, actor, workspaceId }, { body }) => app.verifyEvents(actor, { workspaceId, ...body }),
  }),
];
