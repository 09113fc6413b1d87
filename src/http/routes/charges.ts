import { z } from 'zod';
import { Instant } from '#domain/incoming-order.ts';
import { Minor } from '#domain/money.ts';
import { BatchResult, batchOf, resultsOf, runBatch } from '../batch.ts';
import { listPage, Page, PageQuery } from '../page.ts';
import { defineRoute } from '../route.ts';
import { CurrencyCode } from '../values.ts';
import { ChargeView, toCharge } from '../views.ts';

const Charge = z.strictObject({
  reference: z.string().min(1).max(120).describe('Each is booked once.'),
  code: z.string().max(64).default(''),
  title: z.string().max(400).default(''),
  quantity: z.int().default(1),
  totalMinor: Minor.describe('Zero and less are allowed.'),
  currency: CurrencyCode,
  at: Instant,
});

export const chargeRoutes = [
  defineRoute({
    method: 'get',
    path: '/charges',
    scope: 'charges:read',
    summary: 'Money that belongs to no order: fees, discounts, bad debt',
    input: z.strictObject({ query: z.strictObject(PageQuery) }),
    response: Page(ChargeView),
    handle: ({ store, workspaceId }, { query }) => listPage(store.charges, workspaceId, {}, query, toCharge),
  }),
  defineRoute({
    method: 'post',
    path: '/charges',
    scope: 'charges:write',
    status: 201,
    summary: 'Books one charge, or up to 500 of which each is booked or refused by itself',
    input: z.strictObject({ body: z.union([Charge, z.strictObject({ charges: batchOf(Charge, 500) })]) }),
    response: BatchResult,
    handle(asked, { body }) {
      const { app, actor, workspaceId } = asked;
      return runBatch(asked, Charge, 'charges' in body ? body.charges : [body], async (items) => {
        const charges = items.map(({ item: { at, ...charge } }) => ({ ...charge, atMs: Date.parse(at) }));
        const booked = await app.bookCharges(actor, { workspaceId, charges });
        return resultsOf(asked, items, booked);
      });
    },
  }),
];
