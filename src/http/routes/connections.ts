import { z } from 'zod';
import { NOTHING_UNREADABLE, type Unreadable } from '#app/app.ts';
import { CONNECTION_ROLES, type Connection, SYNCED } from '#domain/connection.ts';
import { Failure, isFailure } from '#domain/failure.ts';
import { OrderRules } from '#domain/hold.ts';
import { Instant } from '#domain/incoming-order.ts';
import { advanceLeg, labelShipment, pullListings, pullOrders, pullSupply } from '#jobs';
import { secretFields } from '#kit';
import { listPage, Page, PageQuery } from '../page.ts';
import { Problem, toProblem } from '../problem.ts';
import { type Asked, defineRoute } from '../route.ts';
import { ConnectionView, MissingRightView, toConnection, WithNotices } from '../views.ts';

const params = z.strictObject({ id: z.string() });
const Values = z.record(z.string(), z.unknown());
const Name = z.string().trim().min(1).max(120);
const DEFAULT_POLL_MINUTES = 5;

/** What a connection can be asked for, each by its job. */
const SYNC_JOBS = { orders: pullOrders, listings: pullListings, stock: pullSupply } as const;

const showWith = ({ deps }: Asked, connection: Connection, unreadable: ReadonlyMap<string, Unreadable>) => {
  let credentials: Record<string, unknown> = {};
  try {
    credentials = deps.gateway.shown(connection);
  } catch (error) {
    // Credentials that no longer fit or open have to be entered again; the rest can still be seen.
    if (!isFailure(error)) deps.log.warn({ connectionId: connection._id, err: error }, 'credentials.unreadable');
  }
  return toConnection(connection, credentials, deps.publicUrl, unreadable.get(connection._id) ?? NOTHING_UNREADABLE);
};

const show = async (asked: Asked, connection: Connection) =>
  showWith(asked, connection, await asked.app.countUnreadable(asked.workspaceId));

/** The same, with what should be known about its currencies. */
const showWithNotices = async (asked: Asked, connection: Connection) => {
  const { currencies = [], workspaceId } = connection;
  return { ...(await show(asked, connection)), notices: await asked.app.currencyNotices({ workspaceId, currencies }) };
};
const ConnectionAnswer = ConnectionView.extend(WithNotices);

/** What stood still for this connection is looked at again; what changed meanwhile is published. */
export const wakeConnection = async (
  { app, actor, deps, workspaceId }: Asked,
  connection: Connection,
): Promise<void> => {
  const { legIds } = await app.findWaiting(actor, connection);
  if (connection.role === 'logistics') {
    const shipmentIds = await app.waitingPackages(actor, { workspaceId, waitsFor: ['carrier', 'live'] });
    await deps.enqueueAll(
      labelShipment,
      shipmentIds.map((shipmentId) => ({ workspaceId, shipmentId })),
    );
  }
  await deps.enqueueAll(
    advanceLeg,
    legIds.map((legId) => ({ workspaceId, legId })),
  );
};

/** A vendor's refusal as data; anything else is thrown on. */
const problemOf = (asked: Asked, error: unknown) => {
  if (!isFailure(error)) throw error;
  return toProblem(error, asked.requestId).body;
};

const schemaOf = (schema: z.ZodObject): Record<string, unknown> => {
  const { $schema: _schema, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
};

const command = (verb: string, act: 'goLive' | 'pauseConnection' | 'resumeConnection', summary: string) =>
  defineRoute({
    method: 'post',
    path: `/connections/{id}/${verb}`,
    scope: 'connections:write',
    summary,
    input: z.strictObject({ params }),
    response: ConnectionView,
    async handle(asked, input) {
      const { app, actor, workspaceId } = asked;
      const connection = await app[act](actor, { workspaceId, connectionId: input.params.id });
      await wakeConnection(asked, connection);
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
          role: z.enum(CONNECTION_ROLES),
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
    async handle(asked, { query }) {
      const unreadable = await asked.app.countUnreadable(asked.workspaceId);
      return listPage(
        asked.store.connections,
        asked.workspaceId,
        {},
        query,
        (connection) => showWith(asked, connection, unreadable),
        (connection) => connection.state !== 'removed',
      );
    },
  }),
  defineRoute({
    method: 'get',
    path: '/connections/{id}',
    scope: 'connections:read',
    summary: 'A connected account',
    input: z.strictObject({ params }),
    response: ConnectionAnswer,
    async handle(asked, { params: { id } }) {
      // A removed one, too: orders and postings name it.
      const connection = await asked.store.connections.find(asked.workspaceId, id);
      if (!connection) throw new Failure('not_found', `There is no connection ${id}.`);
      return showWithNotices(asked, connection);
    },
  }),
  defineRoute({
    method: 'patch',
    path: '/connections/{id}',
    scope: 'connections:write',
    summary: 'Renames a connection',
    input: z.strictObject({ params, body: z.strictObject({ name: Name }) }),
    response: ConnectionView,
    async handle(asked, { params: { id: connectionId }, body: { name } }) {
      const { app, actor, workspaceId } = asked;
      return show(asked, await app.renameConnection(actor, { workspaceId, connectionId, name }));
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/connections/{id}',
    scope: 'connections:write',
    summary:
      'Removes a connection: its history stays, its account is free. Refused while something sent through it is open',
    input: z.strictObject({ params }),
    response: ConnectionView,
    async handle(asked, { params: { id: connectionId } }) {
      const { app, actor, workspaceId } = asked;
      return show(asked, await app.removeConnection(actor, { workspaceId, connectionId }));
    },
  }),
  defineRoute({
    method: 'put',
    path: '/connections/{id}/settings',
    scope: 'connections:write',
    summary: 'Replaces the settings, once the vendor has answered under them; they may not lead to another account',
    input: z.strictObject({ params, body: z.strictObject({ settings: Values }) }),
    response: ConnectionAnswer,
    async handle(asked, { params: { id: connectionId }, body: { settings } }) {
      const { app, actor, workspaceId } = asked;
      const connection = await app.changeSettings(actor, { workspaceId, connectionId, settings });
      await wakeConnection(asked, connection);
      return showWithNotices(asked, connection);
    },
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
        name: Name,
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
    response: ConnectionAnswer,
    async handle(asked, { body }) {
      const { app, actor, workspaceId } = asked;
      const { fulfilFrom, ...given } = body;
      const fulfilFromMs = fulfilFrom === undefined ? null : Date.parse(fulfilFrom);
      return showWithNotices(asked, await app.connect(actor, { workspaceId, ...given, fulfilFromMs }));
    },
  }),
  defineRoute({
    method: 'post',
    path: '/connections/{id}/check',
    scope: 'connections:write',
    summary: 'Asks the vendor whose account it is and which rights are missing: an answer or a problem, as data',
    input: z.strictObject({ params }),
    response: z.object({
      account: z.string().nullable(),
      missing: z.array(MissingRightView),
      problem: Problem.nullable(),
      ...WithNotices,
    }),
    async handle(asked, input) {
      const { app, actor, workspaceId } = asked;
      const { _id: connectionId } = await app.getConnection(workspaceId, input.params.id);
      try {
        const { account, missing, connection } = await app.checkConnection(actor, { workspaceId, connectionId });
        const { currencies = [] } = connection;
        const notices = await app.currencyNotices({ workspaceId, currencies });
        return { account, missing: [...missing], problem: null, notices };
      } catch (error) {
        return { account: null, missing: [], problem: problemOf(asked, error), notices: [] };
      }
    },
  }),
  command('live', 'goLive', 'From now on orders, labels and refunds are sent for real'),
  command('pause', 'pauseConnection', 'Nothing is sent or asked until it is resumed'),
  command('resume', 'resumeConnection', 'Goes on with what waited'),
  defineRoute({
    method: 'get',
    path: '/connections/{id}/locations',
    scope: 'connections:read',
    summary: 'The places of a storefront’s account, as it tells them now: one of them is named in the settings',
    input: z.strictObject({ params }),
    response: z.object({
      items: z.array(
        z.object({
          externalId: z.string().describe('What the settings want.'),
          name: z.string(),
          active: z.boolean().describe('False: it was closed.'),
        }),
      ),
      unreadable: z
        .array(z.object({ id: z.string().nullable(), field: z.string(), reason: z.string() }))
        .describe('What could not be read, and so is not among the items.'),
    }),
    async handle({ app, actor, workspaceId }, input) {
      const { items, rejected } = await app.readLocations(actor, { workspaceId, connectionId: input.params.id });
      return { items, unreadable: rejected.map(({ id, field, reason }) => ({ id, field, reason })) };
    },
  }),
  defineRoute({
    method: 'put',
    path: '/connections/{id}/credentials',
    scope: 'connections:write',
    summary: 'Enters new credentials of the same account, once the vendor has taken them; what waited for them goes on',
    input: z.strictObject({ params, body: z.strictObject({ credentials: Values }) }),
    response: ConnectionView,
    async handle(asked, input) {
      const { app, actor, workspaceId } = asked;
      const { credentials } = input.body;
      const connection = await app.enterCredentials(actor, { workspaceId, connectionId: input.params.id, credentials });
      await wakeConnection(asked, connection);
      return show(asked, connection);
    },
  }),
  defineRoute({
    method: 'put',
    path: '/connections/{id}/order-rules',
    scope: 'connections:write',
    summary:
      'How a storefront’s orders are taken in: which unpaid ones may go on, how long units are kept. What waits is looked at again',
    input: z.strictObject({ params, body: OrderRules }),
    response: ConnectionView,
    async handle(asked, { params: { id: connectionId }, body: rules }) {
      const { app, actor, workspaceId } = asked;
      return show(asked, await app.setOrderRules(actor, { workspaceId, connectionId, rules }));
    },
  }),
  defineRoute({
    method: 'post',
    path: '/connections/{id}/sync',
    scope: 'connections:write',
    summary: 'Asks the vendor now for what is new',
    input: z.strictObject({
      params,
      body: z.strictObject({ what: z.enum(SYNCED).optional() }).default({}),
    }),
    response: z.object({ queued: z.array(z.string()) }),
    async handle(asked, input) {
      const { app, actor, deps, workspaceId } = asked;
      const connectionId = input.params.id;
      const wanted = await app.syncConnection(actor, { workspaceId, connectionId, what: input.body.what ?? null });
      for (const what of wanted) await deps.enqueue(SYNC_JOBS[what], { workspaceId, connectionId });
      return { queued: [...wanted] };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/connections/{id}/balance',
    scope: 'connections:write',
    summary: 'Asks a supplier now what is left there to pay with',
    input: z.strictObject({ params }),
    response: ConnectionView,
    async handle(asked, { params: { id: connectionId } }) {
      const { app, actor, workspaceId } = asked;
      return show(asked, await app.readBalance(actor, { workspaceId, connectionId }));
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
      const { app, actor, deps, workspaceId } = asked;
      const { _id: connectionId } = await app.getConnection(workspaceId, input.params.id);
      const base = (input.body.publicUrl ?? deps.publicUrl)?.replace(/\/+$/, '');
      if (base === undefined)
        throw new Failure('conflict', 'The outside has no address to reach us at (PUBLIC_URL): polling is used.');
      const url = `${base}/webhooks/${connectionId}`;
      try {
        const topics = await app.registerWebhooks(actor, { workspaceId, connectionId, url });
        return { url, topics: [...topics], problem: null };
      } catch (error) {
        return { url, topics: null, problem: problemOf(asked, error) };
      }
    },
  }),
];
