import { z } from 'zod';
import { requestReevaluation } from '#app/stock/apply.ts';
import { type Connection, connectionMachine } from '#domain/connection.ts';
import { Failure, isFailure } from '#domain/failure.ts';
import { Instant } from '#domain/incoming-order.ts';
import { advanceLeg, publishStock, pullListings, pullOrders, pullSupply } from '#jobs';
import { type Connector, secretFields } from '#kit';
import { everyPage, listPage, Page, PageQuery } from '../page.ts';
import { Problem, toProblem } from '../problem.ts';
import { type Asked, defineRoute } from '../route.ts';
import { ConnectionView, toConnection } from '../views.ts';

const params = z.strictObject({ id: z.string() });
const Values = z.record(z.string(), z.unknown());
const DEFAULT_POLL_MINUTES = 5;

const getConnection = async ({ store, workspaceId }: Asked, id: string): Promise<Connection> => {
  const connection = await store.connections.find(workspaceId, id);
  if (!connection || connection.state === 'removed') throw new Failure('not_found', `There is no connection ${id}.`);
  return connection;
};

const show = ({ deps }: Asked, connection: Connection) => {
  let credentials: Record<string, unknown> = {};
  try {
    credentials = deps.gateway.shown(connection);
  } catch (error) {
    // Credentials that no longer fit or open have to be entered again; the rest can still be seen.
    if (!isFailure(error)) deps.log.warn({ connectionId: connection._id, err: error }, 'credentials.unreadable');
  }
  return toConnection(connection, credentials, deps.publicUrl);
};

/** Moves a connection along its table; a step that it does not have is a conflict. */
const move = async (asked: Asked, id: string, to: Connection['state'], changes: Partial<Connection> = {}) => {
  const connection = await getConnection(asked, id);
  connectionMachine.check(connection.state, to);
  const written = await asked.store.connections.change(id, { state: connection.state }, { ...changes, state: to });
  const stays = connection.state === to && Object.keys(changes).length === 0;
  if (written !== 'changed' && !stays) throw new Failure('conflict', 'It was changed meanwhile.');
  return getConnection(asked, id);
};

/** What stood still for this connection is looked at again; what changed meanwhile is published. */
const goOn = async (asked: Asked, connection: Connection): Promise<void> => {
  const { store, workspaceId, deps } = asked;
  if (connection.role === 'supplier')
    await everyPage(store.legs, workspaceId, { state: 'planned' }, (legs) =>
      deps.enqueueAll(
        advanceLeg,
        legs.filter((leg) => leg.partner === connection._id).map((leg) => ({ workspaceId, legId: leg._id })),
      ),
    );
  if (connection.role !== 'storefront' || !connection.live) return;
  await everyPage(store.levels, workspaceId, { toPublish: false }, (levels) =>
    requestReevaluation(
      { store, clock: deps.clock },
      levels.map((level) => level._id),
      { toPublish: true },
    ),
  );
  await deps.enqueue(publishStock, { workspaceId });
};

const connectorOf = ({ deps }: Asked, id: string): Connector => {
  const connector = deps.connectors.get(id);
  if (!connector) throw new Failure('rejected', `There is no connector ${id}.`, { safe: { connectorId: id } });
  return connector;
};

const schemaOf = (schema: z.ZodObject): Record<string, unknown> => {
  const { $schema: _schema, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
};

const command = (verb: string, summary: string, act: (asked: Asked, id: string) => Promise<Connection>) =>
  defineRoute({
    method: 'post',
    path: `/connections/{id}/${verb}`,
    scope: 'connections:write',
    summary,
    input: z.strictObject({ params }),
    response: ConnectionView,
    async handle(asked, input) {
      const connection = await act(asked, input.params.id);
      await goOn(asked, connection);
      return show(asked, connection);
    },
  });

export const connectionRoutes = [
  defineRoute({
    method: 'get',
    path: '/connectors',
    scope: 'connections:read',
    summary: 'What can be connected, and what each asks for',
    input: z.strictObject({}),
    response: z.object({
      items: z.array(
        z.object({
          id: z.string(),
          role: z.enum(['storefront', 'supplier', 'logistics']),
          title: z.string(),
          apiVersion: z.string(),
          docs: z.object({ url: z.string(), read: z.string() }),
          credentials: Values.describe('JSON Schema.'),
          secretFields: z.array(z.string()),
          settings: Values.describe('JSON Schema.'),
          webhooks: z.boolean(),
        }),
      ),
    }),
    handle: async ({ deps }) => ({
      items: [...deps.connectors.values()].map(({ manifest }) => ({
        id: manifest.id,
        role: manifest.role,
        title: manifest.title,
        apiVersion: manifest.apiVersion,
        docs: manifest.docs,
        credentials: schemaOf(manifest.credentials),
        secretFields: secretFields(manifest.credentials),
        settings: schemaOf(manifest.settings),
        webhooks: manifest.webhooks !== undefined,
      })),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/connections',
    scope: 'connections:read',
    summary: 'Connected accounts',
    input: z.strictObject({ query: z.strictObject(PageQuery) }),
    response: Page(ConnectionView),
    handle: (asked, { query }) =>
      listPage(
        asked.store.connections,
        asked.workspaceId,
        {},
        query,
        (connection) => show(asked, connection),
        (connection) => connection.state !== 'removed',
      ),
  }),
  defineRoute({
    method: 'get',
    path: '/connections/{id}',
    scope: 'connections:read',
    summary: 'A connected account',
    input: z.strictObject({ params }),
    response: ConnectionView,
    handle: async (asked, input) => show(asked, await getConnection(asked, input.params.id)),
  }),
  defineRoute({
    method: 'post',
    path: '/connections',
    scope: 'connections:write',
    status: 201,
    summary: 'Connects an account; nothing that costs money is sent before it is live',
    input: z.strictObject({
      body: z.strictObject({
        connectorId: z.string(),
        name: z.string().min(1).max(120),
        credentials: Values,
        settings: Values.default({}),
        fulfilFrom: Instant.optional().describe('Orders placed before are shown and not fulfilled. Default: now.'),
        pollEveryMinutes: z
          .number()
          .positive()
          .max(30 * 1_440)
          .default(DEFAULT_POLL_MINUTES),
      }),
    }),
    response: ConnectionView,
    async handle(asked, { body }) {
      const { deps, store, workspaceId } = asked;
      const { manifest } = connectorOf(asked, body.connectorId);
      const now = deps.clock.now();
      const fulfilFromMs = body.fulfilFrom === undefined ? now : Date.parse(body.fulfilFrom);
      const _id = `cn_${deps.newId()}`;
      const connection: Connection = {
        _id,
        workspaceId,
        connectorId: manifest.id,
        role: manifest.role,
        name: body.name,
        credentials: deps.gateway.sealCredentials(workspaceId, _id, manifest.id, body.credentials),
        settings: deps.gateway.readSettings(manifest.id, body.settings),
        state: 'active',
        live: false,
        fulfilFromMs,
        webhookSecret: deps.gateway.mintWebhookSecret(workspaceId, _id),
        cursor: { since: new Date(Math.min(now, fulfilFromMs)).toISOString(), next: null },
        pollEveryMinutes: body.pollEveryMinutes,
        createdAtMs: now,
        lastError: '',
      };
      await store.connections.insert(connection);
      return show(asked, connection);
    },
  }),
  defineRoute({
    method: 'post',
    path: '/connections/{id}/check',
    scope: 'connections:write',
    summary: 'Asks the vendor whose account it is: an answer or a problem, as data',
    input: z.strictObject({ params }),
    response: z.object({ account: z.string().nullable(), problem: Problem.nullable() }),
    async handle(asked, input) {
      const connection = await getConnection(asked, input.params.id);
      try {
        const { account } = await asked.app.ask(asked.workspaceId, connection._id, 'connection.check', {});
        return { account, problem: null };
      } catch (error) {
        if (!isFailure(error)) throw error;
        return { account: null, problem: toProblem(error, asked.requestId).body };
      }
    },
  }),
  command('live', 'From now on orders, labels and refunds are sent for real', async (asked, id) => {
    await getConnection(asked, id);
    await asked.store.connections.change(id, {}, { live: true });
    return getConnection(asked, id);
  }),
  command('pause', 'Nothing is sent or asked until it is resumed', (asked, id) => move(asked, id, 'paused')),
  command('resume', 'Goes on with what waited', async (asked, id) => {
    const { state } = await getConnection(asked, id);
    if (state === 'needs_attention')
      throw new Failure('conflict', 'Its credentials were refused: enter new ones and it goes on by itself.');
    return move(asked, id, 'active');
  }),
  defineRoute({
    method: 'put',
    path: '/connections/{id}/credentials',
    scope: 'connections:write',
    summary: 'Enters new credentials; what waited for them goes on',
    input: z.strictObject({ params, body: z.strictObject({ credentials: Values }) }),
    response: ConnectionView,
    async handle(asked, input) {
      const { deps, workspaceId, app } = asked;
      const { id } = input.params;
      const before = await getConnection(asked, id);
      const credentials = deps.gateway.sealCredentials(workspaceId, id, before.connectorId, input.body.credentials);
      const state = before.state === 'needs_attention' ? 'active' : before.state;
      const connection = await move(asked, id, state, { credentials, lastError: '' });
      await app.clearException(workspaceId, 'credentials_refused', id);
      await goOn(asked, connection);
      return show(asked, connection);
    },
  }),
  defineRoute({
    method: 'post',
    path: '/connections/{id}/sync',
    scope: 'connections:write',
    summary: 'Asks the vendor now for what is new',
    input: z.strictObject({
      params,
      body: z.strictObject({ what: z.enum(['orders', 'listings', 'stock']).optional() }).default({}),
    }),
    response: z.object({ queued: z.array(z.string()) }),
    async handle(asked, input) {
      const { deps, workspaceId } = asked;
      const connection = await getConnection(asked, input.params.id);
      const payload = { workspaceId, connectionId: connection._id };
      const offered = {
        storefront: [
          { what: 'listings', job: pullListings },
          { what: 'orders', job: pullOrders },
        ],
        supplier: [{ what: 'stock', job: pullSupply }],
        logistics: [],
      }[connection.role];
      const wanted = offered.filter(({ what }) => input.body.what === undefined || what === input.body.what);
      if (wanted.length === 0)
        throw new Failure('rejected', `A ${connection.role} has no ${input.body.what ?? 'data'} to be asked for.`);
      for (const { job } of wanted) await deps.enqueue(job, payload);
      return { queued: wanted.map(({ what }) => what) };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/connections/{id}/webhooks',
    scope: 'connections:write',
    summary: 'Subscribes us to the vendor’s webhooks',
    input: z.strictObject({
      params,
      body: z
        .strictObject({ publicUrl: z.url().optional().describe('Where the vendor reaches us; default PUBLIC_URL.') })
        .default({}),
    }),
    response: z.object({ url: z.string(), topics: z.array(z.string()).nullable(), problem: Problem.nullable() }),
    async handle(asked, input) {
      const { deps, app, workspaceId, requestId } = asked;
      const connection = await getConnection(asked, input.params.id);
      const base = (input.body.publicUrl ?? deps.publicUrl)?.replace(/\/+$/, '');
      if (base === undefined)
        throw new Failure('conflict', 'The outside has no address to reach us at (PUBLIC_URL): polling is used.');
      const url = `${base}/webhooks/${connection._id}`;
      try {
        const secret = deps.gateway.webhooks(connection).secret();
        const { topics } = await app.ask(workspaceId, connection._id, 'webhooks.register', { url, secret });
        return { url, topics: [...topics], problem: null };
      } catch (error) {
        if (!isFailure(error)) throw error;
        return { url, topics: null, problem: toProblem(error, requestId).body };
      }
    },
  }),
];
