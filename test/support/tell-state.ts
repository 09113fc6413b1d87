import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { INSTALLATION } from '#domain/due.ts';
import { QUEUES, type QueueName } from '../../config/queues.ts';
import { servers } from './servers.ts';
import type { Stand } from './stand.ts';

const LANES = Object.keys(QUEUES) as QueueName[];
const MOST = 1_000;

/** The jobs of a lane that are not done, each in one line. */
const jobsOf = async (redis: Redis, prefix: string, lane: QueueName): Promise<string[]> => {
  const queue = new Queue(lane, { connection: redis, prefix });
  try {
    const found = await Promise.all(
      (['active', 'waiting', 'delayed', 'prioritized', 'failed'] as const).map(async (state) =>
        (await queue.getJobs([state], 0, 40)).map((job) => {
          const age = `${Date.now() - job.timestamp} ms old`;
          const waits = state === 'delayed' ? `, runs in ${job.timestamp + job.delay - Date.now()} ms` : '';
          const tries = `${job.attemptsStarted} starts, ${job.attemptsMade} failures, ${job.stalledCounter} stalls`;
          return `${state} ${job.id} ${job.opts.deduplication?.id}: ${age}${waits}, ${tries} ${job.failedReason ?? ''}`;
        }),
      ),
    );
    return found.flat();
  } finally {
    await queue.close();
  }
};

/** The keys that keep a second job off, with who holds them. */
const keysOf = async (redis: Redis, prefix: string): Promise<string[]> => {
  const found = (await Promise.all(['*:de:*', 'alone:*'].map((name) => redis.keys(`${prefix}:${name}`)))).flat();
  return Promise.all(
    found.map(async (key) => `${key.slice(prefix.length + 1)} = ${await redis.get(key)}, ${await redis.pttl(key)} ms`),
  );
};

/**
 * What there is to know of an order that did not come to what a test waits for, as text: the order itself, the webhooks for it and
 * those that are not done with, what is due, the jobs and their keys, and the storefronts' own books. Asks the servers, not the API.
 */
export const tellState = async ({ platform, world, business }: Stand, number: string): Promise<string> => {
  const { store, clock, config } = platform;
  const redis = new Redis(servers().redisUrl, { maxRetriesPerRequest: null });
  try {
    const { shopify } = business.connections;
    const { workspaceId } = (await store.findConnection(shopify)) ?? { workspaceId: '-' };
    const [order] = await store.orders.list(workspaceId, { number }, { limit: 1 });
    const inbox = await store.inbox.list(workspaceId, {}, { limit: 100_000 });
    const connections = await store.connections.list(workspaceId, {}, { limit: MOST });
    const named = new Map(connections.map(({ _id, name }) => [_id, name]));
    const now = clock.now();
    const from = (ms: number | null | undefined) =>
      ms == null ? 'never' : `${Math.round(ms - now)} clock ms from now`;
    const dues = (
      await Promise.all([workspaceId, INSTALLATION].map((id) => store.dues.list(id, {}, { limit: MOST })))
    ).flat();
    const lanes = await Promise.all(LANES.map((lane) => jobsOf(redis, config.queuePrefix, lane)));
    const facts: Readonly<Record<string, readonly unknown[]>> = {
      clock: [
        `${new Date(now).toISOString()}, ${Math.round(world.clock.clock.now() - now)} ms behind, rate ${clock.rate()}`,
      ],
      order: order ? [`due ${from(order.dueAtMs)}`, order] : ['it is not there'],
      events: order
        ? (await store.events.list(workspaceId, { orderId: order._id }, { limit: MOST })).map(
            ({ type, to, actor, atMs, data }) =>
              `${type} ${to} by ${actor.kind} ${actor.name} ${from(atMs)} ${JSON.stringify(data)}`,
          )
        : [],
      exceptions: order ? await store.exceptions.list(workspaceId, { orderId: order._id }, { limit: MOST }) : [],
      webhooks: inbox
        .toSorted((a, b) => b.createdAtMs - a.createdAtMs)
        .filter(({ state, subject }, at) =>
          order ? state === 'new' || subject.endsWith(` ${order.externalId}`) : state === 'new' || at < 5,
        )
        .map(({ _id, subject, state, dueAtMs }) => `${_id} ${subject} ${state}, due ${from(dueAtMs)}`),
      connections: connections.map(({ name, state, cursor }) => `${name} ${state} ${JSON.stringify(cursor)}`),
      dues: dues.map(
        ({ kind, subjectId, dueAtMs, lastRunAtMs }) =>
          `${kind} ${named.get(subjectId) ?? subjectId}: due ${from(dueAtMs)}, ran ${from(lastRunAtMs)}`,
      ),
      jobs: LANES.flatMap((lane, index) => (lanes[index] ?? []).map((job) => `${lane} ${job}`)),
      keys: await keysOf(redis, config.queuePrefix),
      storefronts: world.storefronts.flatMap(({ place, world: shop }) => [
        `${place} deliveries ${JSON.stringify(shop.webhooks())}`,
        `${place} was last asked ${JSON.stringify(world.sandboxes[place].requests().slice(-6))}`,
      ]),
    };
    return Object.entries(facts)
      .flatMap(([name, rows]) => rows.map((row) => `${name}: ${typeof row === 'string' ? row : JSON.stringify(row)}`))
      .join('\n');
  } catch (error) {
    return `what came of order ${number} could not be told: ${String(error)}`;
  } finally {
    redis.disconnect();
  }
};
