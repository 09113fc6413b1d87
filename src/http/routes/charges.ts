import { z } from 'zod';
import { Failure } from '#domain/failure.ts';
import { idOf } from '#domain/ids.ts';
import { Instant } from '#domain/incoming-order.ts';
import { Currency, Minor } from '#domain/money.ts';
import type { ChargeRecord } from '#domain/records.ts';
import { BatchResult, batchOf, failed, runBatch, succeeded } from '../batch.ts';
import { listPage, Page, PageQuery } from '../page.ts';
import { defineRoute } from '../route.ts';
import { ChargeView, toCharge } from '../views.ts';

const Charge = z.strictObject({
  reference: z.string().min(1).max(120).describe('Each is booked once.'),
  code: z.string().max(64).default(''),
  title: z.string().max(400).default(''),
  quantity: z.int().default(1),
  totalMinor: Minor.describe('Zero and less are allowed.'),
  currency: Currency,
  at: Instant,
});

const sameCharge = (a: ChargeRecord, b: ChargeRecord): boolean =>
  a.totalMinor === b.totalMinor && a.currency === b.currency && a.quantity === b.quantity && a.code === b.code;

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
      const { store, workspaceId, deps } = asked;
      return runBatch(asked, Charge, 'charges' in body ? body.charges : [body], async (items) => {
        const now = deps.clock.now();
        const records = items.map(({ index, item: { at, ...charge } }) => ({
          index,
          record: {
            _id: idOf('ch', workspaceId, charge.reference),
            workspaceId,
            ...charge,
            atMs: Date.parse(at),
            createdAtMs: now,
          },
        }));
        // Of two in one batch the first is booked; the second is then known, or in conflict with it.
        const unique = [...new Map(records.toReversed().map(({ record }) => [record._id, record] as const)).values()];
        await store.charges.insertMany(unique);
        const stored = new Map(
          (
            await store.charges.findMany(
              workspaceId,
              unique.map((record) => record._id),
            )
          ).map((record) => [record._id, record]),
        );
        return records.map(({ index, record }) => {
          const kept = stored.get(record._id);
          return kept && sameCharge(kept, record)
            ? succeeded(index, record._id)
            : failed(
                asked,
                index,
                new Failure('conflict', `Charge ${record.reference} was booked before, with other figures.`),
              );
        });
      });
    },
  }),
];
