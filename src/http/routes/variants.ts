import { z } from 'zod';
import type { Variant } from '#domain/variant.ts';
import { VariantInput, variantId } from '#domain/variant.ts';
import { labelShipment } from '#jobs';
import { BatchResult, batchOf, eachOf } from '../batch.ts';
import { listPage, Page, PageQuery } from '../page.ts';
import { type Asked, defineRoute } from '../route.ts';
import { toVariant, VariantView } from '../views-goods.ts';

const MOST = 500;

const sendOn = ({ deps, workspaceId }: Asked, shipmentIds: readonly string[]): Promise<void> =>
  deps.enqueueAll(
    labelShipment,
    shipmentIds.map((shipmentId) => ({ workspaceId, shipmentId })),
  );

export const variantRoutes = [
  defineRoute({
    method: 'get',
    path: '/variants',
    scope: 'variants:read',
    summary: 'Our SKUs with their physical and customs facts, each with who said it',
    input: z.strictObject({
      query: z.strictObject({
        ...PageQuery,
        sku: z.string().optional(),
        assumed: z.enum(['true']).optional().describe('Only those with a fact that a person has to confirm.'),
      }),
    }),
    response: Page(VariantView),
    async handle({ store, workspaceId }, { query }) {
      const { sku, assumed } = query;
      if (sku !== undefined) {
        const variant = await store.variants.find(workspaceId, variantId(workspaceId, sku));
        const fits = variant && (assumed === undefined || variant.assumed);
        return { items: fits ? [toVariant(variant)] : [], next: null };
      }
      const where: Partial<Variant> = {};
      if (assumed !== undefined) where.assumed = true;
      return listPage(store.variants, workspaceId, where, query, toVariant);
    },
  }),
  defineRoute({
    method: 'put',
    path: '/variants',
    scope: 'variants:write',
    summary:
      'Says facts of up to 500 SKUs: what is left out stays, null takes away; packages that waited for one go on',
    input: z.strictObject({ body: z.strictObject({ variants: batchOf(VariantInput, MOST) }) }),
    response: BatchResult,
    async handle(asked, { body }) {
      const { app, workspaceId } = asked;
      const actor = asked.actor;
      const skus: string[] = [];
      const result = await eachOf(asked, VariantInput, body.variants, async (variant) => {
        const { _id, sku } = await app.putVariant(actor, { workspaceId, variant });
        skus.push(sku);
        return _id;
      });
      await sendOn(asked, await app.afterVariants(actor, { workspaceId, skus }));
      return result;
    },
  }),
  defineRoute({
    method: 'post',
    path: '/variants/confirm',
    scope: 'variants:write',
    summary: 'Takes the assumed facts of these SKUs, or of all, as a person’s word',
    input: z.strictObject({
      body: z.union([
        z.strictObject({ skus: z.array(z.string().min(1).max(64)).min(1).max(MOST) }),
        z.strictObject({ all: z.literal(true) }),
      ]),
    }),
    response: z.object({ confirmed: z.int() }),
    async handle(asked, { body }) {
      const skus = 'all' in body ? ('all' as const) : body.skus;
      const { confirmed, shipmentIds } = await asked.app.confirmVariants(asked.actor, {
        workspaceId: asked.workspaceId,
        skus,
      });
      await sendOn(asked, shipmentIds);
      return { confirmed };
    },
  }),
];
