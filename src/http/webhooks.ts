import type { Request } from 'express';
import type { Connection } from '#domain/connection.ts';
import { Failure } from '#domain/failure.ts';
import { groupCommit } from '#domain/group-commit.ts';
import type { InboxItem } from '#domain/records.ts';
import { eraseCustomer, ingestOrder, pollLeg } from '#jobs';
import type { ServerDeps } from './deps.ts';
import { parseJson, readBody } from './read-body.ts';

export type WebhookOutcome = 'stored' | 'known' | 'ignored' | 'ping';

const headersOf = (request: Request): Record<string, string> => {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers[name] = typeof value === 'string' ? value : value.join(', ');
  return headers;
};

/** Batches on their way to the queue; when so many hang, the sweep is left to it. */
const MOST_TELLING = 100;

/**
 * Takes webhooks in. One that is answered 200 has been written to the database, or has no effect: a ping, a topic that means
 * nothing to us, a delivery that is known. A forged or stale one leaves no trace. What waits is written in one batch.
 */
export const makeWebhookIntake = (deps: ServerDeps) => {
  const { app, gateway, clock, metrics } = deps;

  const write = groupCommit(async (items: readonly InboxItem[]): Promise<boolean[]> => {
    const fresh = await app.keepDeliveries(items);
    const unique = new Map(items.map((item) => [item._id, item]));
    void tell([...unique.values()].filter(({ _id }) => fresh.has(_id)));
    return items.map(({ _id }) => fresh.has(_id));
  });
  /**
   * What is on the disk goes on the queue too, but nobody waits for it: what is lost on the way is found by the sweep, and the sender
   * is answered while the queue is out of reach.
   */
  let telling = 0;
  const tell = async (items: readonly InboxItem[]): Promise<void> => {
    if (items.length === 0 || telling >= MOST_TELLING) return;
    telling += 1;
    try {
      await announce(items);
    } catch (error) {
      deps.log.warn({ err: error, webhooks: items.length }, 'webhooks.not_queued');
    } finally {
      telling -= 1;
    }
  };
  const announce = async (items: readonly InboxItem[]): Promise<void> => {
    const about = (kind: string) => items.filter(({ meaning }) => meaning.kind === kind);
    const named = (kind: string) =>
      about(kind).map(({ workspaceId, connectionId, meaning: { externalId } }) => ({
        workspaceId,
        connectionId,
        externalId,
      }));
    await deps.enqueueAll(ingestOrder, named('order'));
    await deps.enqueueAll(eraseCustomer, named('erase'));
    await deps.enqueueAll(
      pollLeg,
      about('purchase').map(({ workspaceId, meaning }) => ({ workspaceId, legId: meaning.reference })),
    );
  };

  const take = async (request: Request, connection: Connection): Promise<WebhookOutcome> => {
    const { webhooks, secret } = gateway.webhooks(connection);
    const rawBody = await readBody(request, deps.bodyLimitBytes);
    const headers = headersOf(request);
    if (webhooks.isPing?.({ rawBody, headers })) return 'ping';
    webhooks.verify({ rawBody, headers, secret: secret(), nowMs: clock.now() });
    const body = parseJson(rawBody);
    const deliveryId = webhooks.deliveryId({ rawBody, headers });
    const meaning = webhooks.read({ body, headers });
    if (meaning.kind === 'ping') return 'ping';
    const item = await app.readDelivery(connection, deliveryId, meaning);
    if (item === null) return 'ignored';
    return (await write.add(item)) ? 'stored' : 'known';
  };

  return {
    async handle(request: Request, connectionId: string): Promise<WebhookOutcome> {
      const connection = await deps.findConnection(connectionId).catch((error: unknown) => {
        throw new Failure('unavailable', 'the database cannot be asked', { cause: error });
      });
      const connector = connection && deps.connectors.get(connection.connectorId);
      if (!connection || connection.state === 'removed' || !connector?.manifest.webhooks)
        throw new Failure('not_found', 'No connection has this address.');
      try {
        const outcome = await take(request, connection);
        metrics.webhook({ connector: connection.connectorId, outcome });
        return outcome;
      } catch (error) {
        metrics.webhook({
          connector: connection.connectorId,
          outcome: error instanceof Failure ? error.code : 'refused',
        });
        throw error;
      }
    },
    drained: write.drained,
  };
};
