import { z } from 'zod';
import { Failure } from '#domain/failure.ts';
import { Terms } from '#domain/offer.ts';
import { type OrderState, orderMachine } from '#domain/order.ts';
import type { Posting } from '#domain/posting.ts';
import type { Workspace } from '#domain/records.ts';
import { listPage, Page, PageQuery } from '../page.ts';
import { type Asked, defineRoute } from '../route.ts';
import { CurrencyCode } from '../values.ts';
import { PostingView, toPosting, toWorkspace, WithNotices, WorkspaceView } from '../views.ts';

const getWorkspace = async ({ store, workspaceId }: Asked): Promise<Workspace> => {
  const workspace = await store.workspaces.find(workspaceId, workspaceId);
  if (!workspace) throw new Failure('not_found', 'This workspace is gone.');
  return workspace;
};

const zeroes: Record<OrderState, number> = {
  received: 0,
  awaiting_mapping: 0,
  routed: 0,
  partly_shipped: 0,
  shipped: 0,
  closed: 0,
  cancelled: 0,
};
const OrderCounts = z.object({
  received: z.int().describe('Orders there are.'),
  open: z.int().describe('Of these, not closed and not cancelled.'),
  byState: z.record(z.enum(orderMachine.states), z.int()),
});

export const reportRoutes = [
  defineRoute({
    method: 'get',
    path: '/reports/orders',
    scope: 'reports:read',
    summary: 'How many orders are in which state',
    input: z.strictObject({}),
    response: OrderCounts,
    async handle({ store, workspaceId }) {
      const counts = await Promise.all(
        orderMachine.states.map(async (state) => [state, await store.orders.count(workspaceId, { state })] as const),
      );
      const sum = (only: (state: OrderState) => boolean) =>
        counts.reduce((total, [state, count]) => total + (only(state) ? count : 0), 0);
      return {
        received: sum(() => true),
        open: sum((state) => !orderMachine.final(state)),
        byState: { ...zeroes, ...Object.fromEntries(counts) },
      };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/postings',
    scope: 'reports:read',
    summary: 'Who owes whom, line by line',
    input: z.strictObject({ query: z.strictObject({ ...PageQuery, orderId: z.string().optional() }) }),
    response: Page(PostingView),
    async handle({ store, workspaceId }, { query }) {
      const where: Partial<Posting> = {};
      if (query.orderId !== undefined) where.orderId = query.orderId;
      return listPage(store.postings, workspaceId, where, query, toPosting);
    },
  }),
  defineRoute({
    method: 'get',
    path: '/workspace',
    scope: 'reports:read',
    summary: 'The workspace and its terms',
    input: z.strictObject({}),
    response: WorkspaceView,
    handle: async (asked) => toWorkspace(await getWorkspace(asked)),
  }),
  defineRoute({
    method: 'patch',
    path: '/workspace/terms',
    scope: 'workspace:write',
    summary: 'Changes terms; those that are not named stay',
    input: z.strictObject({ body: Terms.extend({ currency: CurrencyCode }).partial().strict() }),
    response: WorkspaceView.extend(WithNotices),
    async handle({ app, actor, workspaceId }, { body }) {
      const workspace = await app.changeTerms(actor, { workspaceId, terms: body });
      return { ...toWorkspace(workspace), notices: await app.workspaceCurrencyNotices({ workspaceId, also: ['EUR'] }) };
    },
  }),
];
