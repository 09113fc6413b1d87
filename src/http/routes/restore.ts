import { z } from 'zod';
import type { App } from '#app/app.ts';
import { Failure } from '#domain/failure.ts';
import { defineRoute } from '../route.ts';
import { wakeConnection } from './connections.ts';

const time = z.iso.datetime();
const RestoreView = z.object({
  state: z.enum(['none', 'quiet', 'resumed']).describe('`none`: this workspace did not come from a backup.'),
  backupStartedAt: time.nullable(),
  backupEndedAt: time.nullable(),
  restoredAt: time.nullable(),
  resumedAt: time.nullable(),
  waitingFor: z.array(z.string()).describe('What resume waits for.'),
  connections: z.array(z.string()).describe('Connections that were live and will be again.'),
  purchases: z.object({
    sent: z.int().describe('The supplier holds it: it was adopted.'),
    free: z.int().describe('The supplier does not: it is sent after resume.'),
    open: z.int().describe('Not looked up yet.'),
    items: z
      .array(z.object({ legId: z.string(), orderNumber: z.string(), outcome: z.enum(['sent', 'free', 'open']) }))
      .describe('The first 500.'),
  }),
  newOrders: z.int().describe('Orders that the backup did not hold.'),
  shippedElsewhere: z.object({
    orders: z
      .int()
      .describe('Orders read back as fulfilled by packages that the backup does not hold: their costs are not posted.'),
    items: z
      .array(
        z.object({
          orderId: z.string(),
          orderNumber: z.string(),
          lines: z
            .array(z.object({ sku: z.string(), quantity: z.int() }))
            .describe('What the shop shows as fulfilled.'),
        }),
      )
      .describe('The first 500.'),
  }),
  stockDiffers: z.int().describe('Shelves of suppliers with another number than in the backup.'),
  notices: z.array(z.string()),
});

const iso = (ms: number | null | undefined): string | null =>
  ms === null || ms === undefined ? null : new Date(ms).toISOString();

const toRestore = (status: Awaited<ReturnType<App['restoreStatus']>>): z.infer<typeof RestoreView> => {
  const record = status?.record;
  const count = (outcome: string) => status?.lookedUp.filter((found) => found.outcome === outcome).length ?? 0;
  return {
    state: record?.state ?? 'none',
    backupStartedAt: iso(record?.backupStartedAtMs),
    backupEndedAt: iso(record?.backupEndedAtMs),
    restoredAt: iso(record?.restoredAtMs),
    resumedAt: iso(record?.resumedAtMs),
    waitingFor: status?.waitingFor.map(({ text }) => text) ?? [],
    connections: record?.live ?? [],
    purchases: {
      sent: count('sent'),
      free: count('free'),
      open: count('open'),
      items: status?.lookedUp.slice(0, 500) ?? [],
    },
    newOrders: status?.newOrders ?? 0,
    shippedElsewhere: {
      orders: status?.shippedElsewhere.length ?? 0,
      items: status?.shippedElsewhere.slice(0, 500) ?? [],
    },
    stockDiffers: status?.stockDiffers ?? 0,
    notices: status?.notices ?? [],
  };
};

export const restoreRoutes = [
  defineRoute({
    method: 'get',
    path: '/restore',
    scope: 'connections:read',
    summary: 'Of a workspace that came from a backup: what was looked up since, what differs, what resume waits for',
    input: z.strictObject({}),
    response: RestoreView,
    handle: async ({ app, workspaceId }) => toRestore(await app.restoreStatus({ workspaceId })),
  }),
  defineRoute({
    method: 'post',
    path: '/restore/resume',
    scope: 'connections:write',
    summary: 'The connections that were live are live again, and work goes on',
    input: z.strictObject({
      body: z
        .strictObject({ force: z.boolean().default(false).describe('Does not wait for a storefront that is down.') })
        .prefault({}),
    }),
    response: RestoreView,
    async handle(asked, { body }) {
      const { app, actor, workspaceId, store } = asked;
      const { connectionIds } = await app.resumeRestore(actor, { workspaceId, force: body.force });
      for (const id of connectionIds) {
        const connection = await store.connections.find(workspaceId, id);
        if (connection) await wakeConnection(asked, connection);
      }
      const status = await app.restoreStatus({ workspaceId });
      if (!status) throw new Failure('not_found', 'This workspace was not restored from a backup.');
      return toRestore(status);
    },
  }),
];
