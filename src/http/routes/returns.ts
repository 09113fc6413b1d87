import { z } from 'zod';
import { Minor } from '#domain/money.ts';
import { type Return, returnMachine } from '#domain/return.ts';
import { payReturn } from '#jobs';
import { listPage, Page, PageQuery } from '../page.ts';
import { defineRoute } from '../route.ts';
import { CurrencyCode } from '../values.ts';
import { ReturnView, toReturn } from '../views.ts';

const ReturnInput = z.strictObject({
  reference: z.string().min(1).max(120).describe('Each is taken once.'),
  orderNumber: z.string().min(1).max(200).optional(),
  connectionId: z.string().optional().describe('The storefront, where two have the same order number.'),
  lineExternalId: z.string().min(1).optional().describe('The storefront’s id of the line.'),
  sku: z.string().min(1).max(64).optional(),
  quantity: z.int().positive(),
  totalMinor: Minor.nonnegative().describe('What the buyer gets back.'),
  currency: CurrencyCode,
  reason: z.string().max(2_000).default(''),
  customer: z.string().max(200).default('').describe('Named in the exception when it belongs to nothing.'),
});
export const returnRoutes = [
  defineRoute({
    method: 'get',
    path: '/returns',
    scope: 'returns:read',
    summary: 'Money that goes back, and what it did to the units',
    input: z.strictObject({
      query: z.strictObject({
        ...PageQuery,
        state: z.enum(returnMachine.states).optional(),
        orderId: z.string().optional(),
      }),
    }),
    response: Page(ReturnView),
    async handle({ store, workspaceId }, { query }) {
      const { state, orderId } = query;
      const where: Partial<Return> = {};
      if (orderId !== undefined) where.orderId = orderId;
      else if (state !== undefined) where.state = state;
      const refines = orderId !== undefined && state !== undefined;
      return listPage(
        store.returns,
        workspaceId,
        where,
        query,
        toReturn,
        refines ? (found) => found.state === state : undefined,
      );
    },
  }),
  defineRoute({
    method: 'post',
    path: '/returns',
    scope: 'returns:write',
    status: 201,
    summary: 'Gives money back for a line of an order; what names no order becomes an exception',
    input: z.strictObject({ body: ReturnInput }),
    response: ReturnView,
    async handle({ app, actor, deps, workspaceId }, { body }) {
      const kept = await app.requestReturn(actor, { workspaceId, ...body });
      if (kept.state === 'wanted') await deps.enqueue(payReturn, { workspaceId, returnId: kept._id });
      return toReturn(kept);
    },
  }),
];
