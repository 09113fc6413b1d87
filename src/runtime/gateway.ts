import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Clock } from '#domain/clock.ts';
import type { Connection } from '#domain/connection.ts';
import { badValue, Failure, type FailureCode, failureWith, isFailure } from '#domain/failure.ts';
import {
  type Connector,
  type Context,
  type Http,
  type Input,
  type Manifest,
  type Memory,
  type Output,
  openFiles,
  operationOf,
  secretFields,
  type Verb,
  type Webhooks,
} from '#kit';
import { type ConnectionClient, makeConnectionClient, namesOf } from './connection-client.ts';
import type { Egress } from './egress.ts';
import type { Place, Secrets } from './secrets.ts';
import { makeTokenMemory, type TokenStore } from './token-memory.ts';

/** Receives the gateway's log events; the product's log fits. */
export interface GatewayLog {
  debug(facts: object, event: string): void;
  info(facts: object, event: string): void;
  error(facts: object, event: string): void;
}

export interface GatewayOptions {
  connectors: ReadonlyMap<string, Connector>;
  clock: Clock;
  redis: Redis;
  egress: Egress;
  secrets: Secrets;
  tokens: TokenStore;
  log: GatewayLog;
  metrics?: { outbound(event: { connector: string; status: number; ms: number; failure: FailureCode | null }): void };
  /** Prefix of every Redis key. Default `crossdock`. */
  prefix?: string;
  /** How long a call waits at most for capacity in its limits, in real milliseconds. Default 2,000. */
  maxWaitMs?: number;
}

export interface Gateway {
  /**
   * Runs one verb at the connection's system. Only throws Failures: `rejected` if the connector has no such verb,
   * `unauthorised` if the stored credentials do not (or no longer) fit it, `bug` for anything else that an operation
   * throws.
   */
  call<V extends Verb>(connection: Connection, verb: V, input: Input<V>): Promise<Output<V>>;
  /** The manifest of a connector. Throws `rejected` if there is none of this id. */
  manifest(connectorId: string): Manifest;
  /** Whether the connection's system supports this verb. */
  can(connection: { connectorId: string }, verb: Verb): boolean;
  /** Verifies and reads incoming webhooks. Throws `rejected` if the connector has none. */
  webhooks(connection: Connection): {
    manifest: Manifest;
    webhooks: Webhooks<Record<string, unknown>>;
    secret(): string;
  };
  /**
   * Seals credentials for `Connection.credentials`. Throws `invalid` with the fields in `safe.fields` if they do not
   * fit the connector.
   */
  sealCredentials(workspaceId: string, connectionId: string, connectorId: string, credentials: unknown): string;
  /** Parses settings with the connector's manifest. Throws `invalid` like `sealCredentials`. */
  readSettings(connectorId: string, settings: unknown): Record<string, unknown>;
  /** The account that the manifest names for these credentials and settings; null where only the vendor knows. */
  identityOf(connection: Connection): string | null;
  /** Creates a new 256-bit secret, sealed for `Connection.webhookSecret`. */
  mintWebhookSecret(workspaceId: string, connectionId: string): string;
  /** The credentials for display: every secret is masked. */
  shown(connection: Connection): Record<string, unknown>;
}

const MASK = '••••••••';
/** Cached clients with their opened credentials. The least recently used one is evicted. */
const MAX_CLIENTS = 2_000;

/**
 * The only way from the product to an outside system: opens the credentials, enforces the limits and runs the
 * operation.
 */
export const makeGateway = (options: GatewayOptions): Gateway => {
  const {
    connectors,
    clock,
    redis,
    egress,
    secrets,
    tokens,
    log,
    metrics,
    prefix = 'crossdock',
    maxWaitMs = 2_000,
  } = options;
  const memory = makeTokenMemory({ redis, clock, tokens, secrets, prefix });
  const clients = new Map<string, { stamp: string; client: ConnectionClient }>();

  const connectorOf = (id: string): Connector => {
    const connector = connectors.get(id);
    if (!connector) throw badValue('connectorId', `there is no connector ${id}`);
    return connector;
  };

  const opened = (connection: Connection): Record<string, unknown> => {
    const { manifest } = connectorOf(connection.connectorId);
    const text = secrets.open(connection.credentials, placeOf(connection.workspaceId, connection._id, 'credentials'));
    const parsed = manifest.credentials.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    throw new Failure(
      'unauthorised',
      `The credentials of ${connection.name} have to be entered again: ${namesOf(parsed)}`,
      { safe: { connectionId: connection._id } },
    );
  };

  /** Caches the opened secret while the envelope stays the same, because every webhook needs it. */
  const webhookSecrets = new Map<string, { envelope: string; secret: string }>();
  const webhookSecretOf = ({ workspaceId, _id, webhookSecret: envelope }: Connection): string => {
    const known = webhookSecrets.get(_id);
    if (known?.envelope === envelope) return known.secret;
    if (webhookSecrets.size >= MAX_CLIENTS) webhookSecrets.clear();
    const secret = secrets.open(envelope, placeOf(workspaceId, _id, 'webhookSecret'));
    webhookSecrets.set(_id, { envelope, secret });
    return secret;
  };

  const clientOf = (connection: Connection): ConnectionClient => {
    const stamp = JSON.stringify([connection.connectorId, connection.credentials, connection.settings]);
    const known = clients.get(connection._id);
    clients.delete(connection._id);
    const connector = connectorOf(connection.connectorId);
    const client =
      known?.stamp === stamp
        ? known.client
        : makeConnectionClient({
            connector,
            connection,
            redis,
            clock,
            egress,
            prefix,
            maxWaitMs,
            credentials: opened(connection),
            onCall: (event) => {
              metrics?.outbound({ ...event, connector: connector.manifest.id });
              log.debug({ connector: connector.manifest.id, connectionId: connection._id, ...event }, 'outbound.call');
            },
          });
    clients.set(connection._id, { stamp, client });
    for (const oldest of clients.keys()) {
      if (clients.size <= MAX_CLIENTS) break;
      clients.delete(oldest);
    }
    return client;
  };

  /** What was remembered under other credentials, such as the token of another account, is not found under these. */
  const memoryOf = ({ workspaceId, _id: connectionId, credentialsKey }: Connection): Memory => {
    const remembered = memory.of({ workspaceId, connectionId });
    if (credentialsKey === undefined) return remembered;
    return {
      once: (key, make) => remembered.once(`${key}:${credentialsKey}`, make),
      forget: (key) => remembered.forget(`${key}:${credentialsKey}`),
    };
  };

  const contextOf = (
    connection: Connection,
    manifest: Manifest,
    client: ConnectionClient,
  ): Context<Record<string, unknown>, Record<string, unknown>> => {
    const { credentials, settings, http } = client;
    return {
      http,
      async files(work) {
        const target = manifest.files?.({ credentials, settings }) ?? null;
        if (target) await egress.checkHost(target.host, target.port);
        const { timeoutMs } = manifest.http;
        return openFiles(target, work, target ? { lookup: egress.lookup(target.port), timeoutMs } : { timeoutMs });
      },
      credentials,
      settings,
      clock,
      memory: memoryOf(connection),
      log: (event, facts) => log.info({ connector: manifest.id, connectionId: connection._id, ...facts }, event),
    };
  };

  return {
    async call(connection, verb, input) {
      const connector = connectorOf(connection.connectorId);
      const operation = operationOf(connector, verb);
      if (!operation) throw new Failure('rejected', `${connector.manifest.title} cannot do ${verb}`);
      const client = clientOf(connection);
      const { context, mayHaveActed } = watched(contextOf(connection, connector.manifest, client));
      try {
        return await operation(context, input);
      } catch (thrown) {
        const error = isFailure(thrown) ? failureWith(thrown, { nothingDone: !mayHaveActed() }) : thrown;
        if (isFailure(error, 'unauthorised')) throw ofConnection(error, connection);
        if (error instanceof Failure) throw error;
        // The original error is not attached as the cause, because it may contain credentials.
        const stack = client.clean((error instanceof Error ? error.stack : undefined) ?? String(error));
        log.error({ connector: connector.manifest.id, connectionId: connection._id, verb, stack }, 'operation.bug');
        const message = error instanceof Error ? error.message : String(error);
        throw new Failure('bug', client.clean(`${connector.manifest.id} ${verb}: ${message}`));
      }
    },

    manifest: (connectorId) => connectorOf(connectorId).manifest,

    can: ({ connectorId }, verb) => {
      const connector = connectors.get(connectorId);
      return connector !== undefined && operationOf(connector, verb) !== undefined;
    },

    webhooks(connection) {
      const { manifest } = connectorOf(connection.connectorId);
      const { webhooks } = manifest;
      if (!webhooks) throw new Failure('rejected', `${manifest.title} sends no webhooks`);
      return {
        manifest,
        webhooks,
        secret: () =>
          webhooks.secret === 'ours' ? webhookSecretOf(connection) : webhooks.secret(clientOf(connection).credentials),
      };
    },

    sealCredentials(workspaceId, connectionId, connectorId, credentials) {
      const { manifest } = connectorOf(connectorId);
      const parsed = parse(manifest.credentials, credentials, `credentials of ${manifest.title}`);
      return secrets.seal(JSON.stringify(parsed), placeOf(workspaceId, connectionId, 'credentials'));
    },

    readSettings(connectorId, settings) {
      const { manifest } = connectorOf(connectorId);
      return parse(manifest.settings, settings, `settings of ${manifest.title}`);
    },

    identityOf(connection) {
      const { manifest } = connectorOf(connection.connectorId);
      const settings = parse(manifest.settings, connection.settings, `settings of ${manifest.title}`);
      return manifest.identity?.({ credentials: opened(connection), settings }) ?? null;
    },

    mintWebhookSecret: (workspaceId, connectionId) =>
      secrets.seal(randomBytes(32).toString('hex'), placeOf(workspaceId, connectionId, 'webhookSecret')),

    shown(connection) {
      const hidden = secretFields(connectorOf(connection.connectorId).manifest.credentials);
      return Object.fromEntries(
        Object.entries(opened(connection)).map(([name, value]) => [name, hidden.includes(name) ? MASK : value]),
      );
    },
  };
};

/** Whoever hears of refused credentials has to know whose they are. */
const ofConnection = (failure: Failure, { _id: connectionId }: Connection): Failure =>
  failureWith(failure, { safe: { ...failure.safe, connectionId } });

/**
 * The context of one operation, and whether it may have changed anything outside so far: any call did that was sent and does not only
 * read by its method.
 */
const watched = <C, S>(context: Context<C, S>): { context: Context<C, S>; mayHaveActed(): boolean } => {
  let acted = false;
  const watchedHttp: Http = {
    async send(call) {
      let isSent = true;
      try {
        return await context.http.send(call);
      } catch (error) {
        isSent = !(isFailure(error) && error.nothingDone);
        throw error;
      } finally {
        acted ||= isSent && call.method !== 'GET';
      }
    },
  };
  return {
    context: {
      ...context,
      http: watchedHttp,
      files(work) {
        acted = true;
        return context.files(work);
      },
    },
    mayHaveActed: () => acted,
  };
};

const placeOf = (workspaceId: string, documentId: string, field: string): Place => ({
  workspaceId,
  collection: 'connections',
  documentId,
  field,
});

const parse = (schema: Manifest['credentials'], value: unknown, what: string): Record<string, unknown> => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  // A schema message may quote the input, which could be a password.
  const fields = parsed.error.issues.map(({ path, code }) => ({ field: path.map(String).join('.'), problem: code }));
  throw new Failure('invalid', `The ${what} do not fit: ${namesOf(parsed)}`, { safe: { fields } });
};
