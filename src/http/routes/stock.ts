import { z } from 'zod';
import { Failure } from '#domain/failure.ts';
import { COUNTED_KINDS, MOVEMENT_KINDS, type Movement, type StockLevel } from '#domain/stock.ts';
import { BatchResult, batchOf, resultsOf, runBatch } from '../batch.ts';
import { listPage, Page, PageQuery } from '../page.ts';
import { defineRoute } from '../route.ts';
import { LevelView, MovementView, toLevel, toMovement } from '../views.ts';
import { wakeLegs } from '../wake.ts';

const Moved = z
  .strictObject({
    sku: z.string().min(1).max(64),
    kind: z.enum(COUNTED_KINDS),
    quantity: z.int(),
    reference: z.string().min(1).max(120).describe('Each counts once for a SKU and kind.'),
  })
  .refine(({ kind, quantity }) => kind === 'adjust' || quantity >= 0, {
    path: ['quantity'],
    message: 'Only an adjustment may take away.',
  });

const ShelfFigures = z.object({
  onHand: z.int().describe('Units that lie there.'),
  reserved: z.int().describe('Units that orders hold.'),
  onOrder: z.int().describe('Units on their way.'),
});
const ShelfProofView = z.object({
  location: z.string(),
  sku: z.string(),
  shelf: ShelfFigures.describe('What the shelf says.'),
  movements: ShelfFigures.describe('What its movements add up to.'),
  proven: z.boolean().describe('True when the two are the same.'),
  booked: z.boolean().describe('True when the difference was entered in the ledger just now.'),
});

export const stockRoutes = [
  defineRoute({
    method: 'get',
    path: '/stock',
    scope: 'stock:read',
    located: true,
    summary: 'What lies on the shelves, what is promised and what waits',
    input: z.strictObject({
      query: z.strictObject({
        ...PageQuery,
        location: z.string().optional(),
        sku: z.string().optional(),
        short: z.enum(['true', 'false']).default('false').describe('Only where orders wait for units.'),
      }),
    }),
    response: Page(LevelView),
    async handle({ store, workspaceId, caller }, { query }) {
      const location = caller.location === '' ? query.location : caller.location;
      if (query.location !== undefined && query.location !== location) return { items: [], next: null };
      const where: Partial<StockLevel> = {};
      const short = query.short === 'true';
      if (query.sku !== undefined) where.sku = query.sku;
      else {
        if (location !== undefined) where.location = location;
        if (short) where.short = true;
      }
      const keep = (level: StockLevel) =>
        (location === undefined || level.location === location) && (!short || level.short);
      const refines = query.sku !== undefined && (short || location !== undefined);
      return listPage(store.levels, workspaceId, where, query, toLevel, refines ? keep : undefined);
    },
  }),
  defineRoute({
    method: 'get',
    path: '/stock/movements',
    scope: 'stock:read',
    located: true,
    summary: 'The ledger of the shelves',
    input: z.strictObject({
      query: z.strictObject({
        ...PageQuery,
        kind: z.enum(MOVEMENT_KINDS).optional(),
        sku: z.string().optional(),
        location: z.string().optional(),
      }),
    }),
    response: Page(MovementView),
    async handle({ store, workspaceId, caller }, { query }) {
      const location = caller.location === '' ? query.location : caller.location;
      if (query.location !== undefined && query.location !== location) return { items: [], next: null };
      const { sku, kind } = query;
      const where: Partial<Movement> = {};
      if (sku !== undefined) where.sku = sku;
      else if (kind !== undefined) where.kind = kind;
      else if (location !== undefined) where.location = location;
      const keep = (movement: Movement) =>
        (kind === undefined || movement.kind === kind) && (location === undefined || movement.location === location);
      const refines = [sku, kind, location].filter((f) => f !== undefined).length > 1;
      return listPage(store.movements, workspaceId, where, query, toMovement, refines ? keep : undefined);
    },
  }),
  defineRoute({
    method: 'post',
    path: '/stock/movements',
    scope: 'stock:write',
    located: true,
    summary: 'The inventory door: opening counts, adjustments, goods in and goods back',
    input: z.strictObject({
      body: z.strictObject({
        location: z.string().min(1).max(120).optional().describe('Default: the shelf of each SKU’s offer.'),
        movements: batchOf(Moved, 500),
      }),
    }),
    response: BatchResult,
    async handle(asked, { body }) {
      const { actor, workspaceId, caller, app } = asked;
      if (caller.location !== '' && body.location !== undefined && body.location !== caller.location)
        throw new Failure('forbidden', `This key counts at ${caller.location}, not at ${body.location}.`);
      const location = caller.location || (body.location ?? null);
      return runBatch(asked, Moved, body.movements, async (items) => {
        const movements = items.map(({ item }) => item);
        const { results, orderIds } = await app.countByHand(actor, { workspaceId, location, movements });
        await wakeLegs(asked, orderIds);
        return resultsOf(asked, items, results);
      });
    },
  }),
  defineRoute({
    method: 'post',
    path: '/stock/prove',
    scope: 'stock:write',
    summary: 'Compares shelves with their movements, and with a note enters the difference in the ledger',
    input: z.strictObject({
      body: z.strictObject({
        shelves: z
          .array(z.strictObject({ location: z.string().min(1).max(120), sku: z.string().min(1).max(64) }))
          .max(100)
          .default([])
          .describe('Besides those that the daily check found to differ.'),
        note: z
          .string()
          .trim()
          .min(1)
          .max(200)
          .optional()
          .describe('Why the ledger takes over what the shelf says. Without one nothing is changed.'),
      }),
    }),
    response: z.object({ items: z.array(ShelfProofView) }),
    async handle({ app, actor, workspaceId }, { body: { shelves, note = null } }) {
      return { items: await app.proveShelves(actor, { workspaceId, shelves, note }) };
    },
  }),
];
