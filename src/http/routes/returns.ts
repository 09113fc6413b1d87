import { z } from 'zod';
import { exceptionId } from '#app/exception/open.ts';
import { Failure } from '#domain/failure.ts';
import { idOf } from '#domain/ids.ts';
import { Currency, Minor } from '#domain/money.ts';
import type { Order, OrderLine, Return } from '#domain/order.ts';
import { payReturn } from '#jobs';
import { listPage, Page, PageQuery } from '../page.ts';
import { type Asked, defineRoute } from '../route.ts';
import { ReturnView, toReturn } from '../views.ts';

const ReturnInput = z.strictObject({
  reference: z.string().min(1).max(120).describe('Each is taken once.'),
  orderNumber: z.string().min(1).max(200).optional(),
  connectionId: z.string().optional().describe('The storefront, where two have the same order number.'),
  lineExternalId: z.string().min(1).optional().describe('The storefront’s id of the line.'),
  sku: z.string().min(1).max(64).optional(),
  quantity: z.int().positive(),
  totalMinor: Minor.nonnegative().describe('What the buyer gets back.'),
  currency: Currency,
  reason: z.string().max(2_000).default(''),
  customer: z.string().max(200).default('').describe('Named in the exception when it belongs to nothing.'),
});
type ReturnInput = z.infer<typeof ReturnInput>;

/** The line that a return belongs to, or null: by the storefront's id of it, else the first of the SKU with enough units. */
const findLine = async (
  { store, workspaceId }: Asked,
  { orderNumber, connectionId, lineExternalId, sku, quantity }: ReturnInput,
): Promise<{ order: Order; line: OrderLine } | null> => {
  if (orderNumber === undefined) return null;
  const orders = await store.orders.list(workspaceId, { number: orderNumber }, { limit: 100 });
  for (const order of orders) {
    if (connectionId !== undefined && order.connectionId !== connectionId) continue;
    const line = order.lines.find((l) =>
      lineExternalId === undefined
        ? (l.offer?.sku ?? l.sku) === sku && l.quantity >= quantity
        : l.externalId === lineExternalId,
    );
    if (line) return { order, line };
  }
  return null;
};

export const returnRoutes = [
  defineRoute({
    method: 'get',
    path: '/returns',
    scope: 'returns:read',
    summary: 'Money that goes back, and what it did to the units',
    input: z.strictObject({
      query: z.strictObject({
        ...PageQuery,
        state: ReturnView.shape.state.optional(),
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
    summary: 'Gives money back for a line; what belongs to no line becomes an exception',
    input: z.strictObject({ body: ReturnInput }),
    response: ReturnView,
    async handle(asked, { body }) {
      const { store, workspaceId, deps, app } = asked;
      const now = deps.clock.now();
      const found = await findLine(asked, body);
      const _id = idOf('rt', workspaceId, 'ours', body.reference);
      const fresh: Return = {
        _id,
        workspaceId,
        orderId: found?.order._id ?? null,
        connectionId: found?.order.connectionId ?? body.connectionId ?? '',
        externalId: '',
        reference: body.reference,
        currency: body.currency,
        totalMinor: body.totalMinor,
        lines: [
          {
            id: idOf('rl', _id, 0),
            lineId: found?.line.id ?? '',
            sku: found ? (found.line.offer?.sku ?? found.line.sku) : (body.sku ?? ''),
            quantity: body.quantity,
            totalMinor: body.totalMinor,
            restock: true,
            cancelled: 0,
            returned: 0,
          },
        ],
        origin: 'ours',
        state: found ? 'wanted' : 'unmatched',
        received: [],
        reason: body.reason,
        dueAtMs: found ? now + app.ports.grace() : null,
        createdAtMs: now,
        updatedAtMs: now,
      };
      const kept = (await store.returns.insert(fresh)) ? fresh : await store.returns.find(workspaceId, _id);
      if (!kept) throw new Failure('bug', `return ${_id} is neither new nor known`);
      const units = kept.lines.reduce((sum, line) => sum + line.quantity, 0);
      if (kept.totalMinor !== body.totalMinor || kept.currency !== body.currency || units !== body.quantity)
        throw new Failure('conflict', `Return ${body.reference} was taken before, with other figures.`);
      if (kept.state === 'wanted') await deps.enqueue(payReturn, { workspaceId, returnId: _id });
      // Also at a repetition, should a crash have come between; one that a person resolved stays so.
      if (kept.state === 'unmatched') await openUnmatched(asked, kept, body, kept === fresh);
      return toReturn(kept);
    },
  }),
];

const openUnmatched = async (
  { app, store, workspaceId }: Asked,
  kept: Return,
  body: ReturnInput,
  isNew: boolean,
): Promise<void> => {
  if (!isNew && (await store.exceptions.find(workspaceId, exceptionId(workspaceId, 'return_unmatched', kept._id))))
    return;
  await app.openException({
    workspaceId,
    cause: 'return_unmatched',
    subject: { kind: 'return', id: kept._id },
    orderId: null,
    detail:
      `Return ${body.reference} of ${body.customer === '' ? 'an unnamed customer' : `customer ${body.customer}`}: ` +
      `${body.quantity} of ${body.sku ?? body.lineExternalId ?? 'an unnamed item'} belong to no order line`,
    retry: null,
  });
};
