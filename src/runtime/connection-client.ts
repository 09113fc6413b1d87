import type { Redis } from 'ioredis';
import type { Clock } from '#domain/clock.ts';
import type { Connection } from '#domain/connection.ts';
import { Failure, isFailure } from '#domain/failure.ts';
import { type ClientOptions, type Connector, type Http, makeClient, secretFields } from '#kit';
import type { Egress } from './egress.ts';
import { redisLimiter } from './rate-limiter.ts';

export interface ConnectionClient {
  credentials: Record<string, unknown>;
  settings: Record<string, unknown>;
  http: Http;
  /** Removes the connection's secrets from the text. */
  clean(text: string): string;
}

export interface ConnectionClientOptions {
  connector: Connector;
  connection: Connection;
  credentials: Record<string, unknown>;
  redis: Redis;
  clock: Clock;
  egress: Egress;
  prefix: string;
  maxWaitMs: number;
  onCall: NonNullable<ClientOptions<unknown, unknown>['onCall']>;
}

/** The HTTP client of a connection's operations. All workers of the connection share its limits. */
export const makeConnectionClient = (options: ConnectionClientOptions): ConnectionClient => {
  const { connector, connection, credentials, redis, clock, egress, prefix, maxWaitMs, onCall } = options;
  const { manifest } = connector;
  const settings = manifest.settings.safeParse(connection.settings);
  if (!settings.success)
    throw new Failure(
      'rejected',
      `The settings of ${connection.name} do not fit ${manifest.title}: ${namesOf(settings)}`,
    );
  const baseUrl = baseUrlOf(connector, credentials, settings.data);
  if (!URL.canParse(baseUrl)) throw new Failure('rejected', `The address of ${connection.name} is not a URL`);

  const limiter = redisLimiter({ redis, clock, key: `${prefix}:limits:${connection._id}`, maxWaitMs });
  const http = makeClient({
    manifest,
    credentials,
    settings: settings.data,
    limiter,
    clock,
    agents: egress.agents,
    onCall,
  });
  const secrets = secretFields(manifest.credentials)
    .map((name) => credentials[name])
    .filter((value) => typeof value === 'string' && value.length > 3);

  return {
    credentials,
    settings: settings.data,
    http: {
      async send(call) {
        try {
          return await http.send(call);
        } catch (error) {
          // The client cannot tell a host that is down from one we may not call. Retrying never helps with the latter.
          if (isFailure(error, 'unavailable') && error.safe['status'] === undefined)
            await throwIfRefused(egress, baseUrl);
          throw error;
        }
      },
    },
    clean: (text) => secrets.reduce<string>((result, value) => result.replaceAll(String(value), '[secret]'), text),
  };
};

/** Empty if the manifest cannot build a URL from the settings. */
const baseUrlOf = (
  { manifest }: Connector,
  credentials: Record<string, unknown>,
  settings: Record<string, unknown>,
): string => {
  try {
    return manifest.http.baseUrl({ credentials, settings });
  } catch {
    return '';
  }
};

/** Throws if the egress rules refuse the URL. A name that currently does not resolve throws nothing. */
const throwIfRefused = async (egress: Egress, url: string): Promise<void> => {
  try {
    await egress.check(url);
  } catch (error) {
    if (isFailure(error, 'rejected')) throw error;
  }
};

/** The names of the invalid fields, never their values. */
export const namesOf = (parsed: { error: { issues: readonly { path: readonly PropertyKey[] }[] } }): string =>
  [...new Set(parsed.error.issues.map((issue) => issue.path.map(String).join('.') || 'the whole'))].join(', ');
