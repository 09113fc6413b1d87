import { z } from 'zod';
import type { Clock } from '#domain/clock.ts';
import type { FailureCode } from '#domain/failure.ts';
import type { Input, Output, RequiredVerb, Role, Verb } from './capabilities.ts';
import type { Files, FilesTarget } from './files.ts';
import type { Answer, Http } from './http.ts';

const SECRET = 'crossdock.secret';

/** A credential that is encrypted at rest, never shown again and redacted from every log line. */
export const secret = (): z.ZodString =>
  z
    .string()
    .min(1)
    .meta({ [SECRET]: true });
export const isSecret = (schema: unknown): boolean => schema instanceof z.ZodType && schema.meta()?.[SECRET] === true;

/** The names of the secret fields of a credentials schema. */
export const secretFields = (schema: z.ZodObject): string[] =>
  Object.entries(schema.shape).flatMap(([name, field]) => (isSecret(field) ? [name] : []));

/** A bucket that every worker shares: `burst` at once, refilled by `amount` per `perMs`. */
export interface Limit {
  /** The name by which `Call.cost` charges it; `requests` is charged 1 by every call that names nothing. */
  name: string;
  amount: number;
  perMs: number;
  burst: number;
}

export interface SignInput<C> {
  credentials: C;
  method: string;
  url: URL;
  body: string;
}

export interface WebhookCheck {
  rawBody: Buffer;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  /** The secret of this connection's webhooks: ours where the vendor takes one, else a credential. */
  secret: string;
  nowMs: number;
}

/** What a verified webhook means to us. It is a hint: the truth is fetched again. */
export type WebhookMeaning =
  | { kind: 'order'; externalId: string }
  /**
   * `reference` is empty where the vendor names its own id alone. `parts`: the vendor now fulfils the purchase as these orders of
   * its own.
   */
  | { kind: 'purchase'; reference: string; externalId: string; parts?: readonly string[] }
  /** The storefront asks us to erase a customer: by an id there of the customer or the request, and the orders that it names. */
  | { kind: 'erase'; externalId: string; orders: readonly string[] }
  | { kind: 'tracking'; number: string; carrier: string }
  | { kind: 'ping' }
  | { kind: 'ignored'; topic: string };

export interface Webhooks<C> {
  /** Which secret verifies: one that we mint for each connection, or a field of the credentials. */
  secret: 'ours' | ((credentials: C) => string);
  /** Throws `unauthorised` for a bad or stale signature. Constant time, on the raw bytes. */
  verify(check: WebhookCheck): void;
  /** A ping that a vendor sends unsigned before it knows the secret; answered 200, nothing stored. */
  isPing?(check: { rawBody: Buffer; headers: Readonly<Record<string, string>> }): boolean;
  /** The vendor's id of this delivery: the same delivery again has no effect. */
  deliveryId(check: { rawBody: Buffer; headers: Readonly<Record<string, string>> }): string;
  /** Throws `rejected` for a topic we do not know and `invalid` for a body that is not what the topic promises. */
  read(check: { body: unknown; headers: Readonly<Record<string, string>> }): WebhookMeaning;
}

export interface Manifest<
  R extends Role = Role,
  C extends z.ZodObject = z.ZodObject,
  S extends z.ZodObject = z.ZodObject,
> {
  id: string;
  role: R;
  title: string;
  /** The vendor's version that this connector speaks. */
  apiVersion: string;
  /** The vendor's documentation, with the day it was read. */
  docs: { url: string; read: string };
  /** One source for the form, the encryption and the redaction. */
  credentials: C;
  settings: S;
  /**
   * Which account it is, as `connection.check` says it, where credentials and settings tell without asking the vendor; null where
   * they do not. A connection to an account that is connected already is refused at once.
   */
  identity?(input: { credentials: z.infer<C>; settings: z.infer<S> }): string | null;
  /** The currencies of the account, where they are known before it is asked. */
  currencies?(input: { settings: z.infer<S> }): readonly string[];
  http: {
    baseUrl(input: { credentials: z.infer<C>; settings: z.infer<S> }): string;
    /** Headers that carry the credentials. */
    sign?(input: SignInput<z.infer<C>>): Record<string, string>;
    limits(input: { settings: z.infer<S> }): readonly Limit[];
    /** Which calls share the buckets: all of one connection, or all that use one credential. */
    timeoutMs: number;
    /**
     * Failures that hide in the body of a 2xx, or that a status alone does not tell. Null leaves it to the table of statuses.
     */
    classify?(answer: Omit<Answer, 'json'>): {
      code: FailureCode;
      message: string;
      retryAfterMs?: number;
    } | null;
    /** Limits learnt from an answer: what the vendor says is left, so that others who share the budget are seen. */
    observe?(answer: Answer): { limit: string; available: number } | null;
  };
  webhooks?: Webhooks<z.infer<C>>;
  /** For a connector that exchanges files beside or instead of HTTP; null where these credentials have none. */
  files?(input: { credentials: z.infer<C>; settings: z.infer<S> }): FilesTarget | null;
}

export const defineManifest = <R extends Role, C extends z.ZodObject, S extends z.ZodObject>(
  manifest: Manifest<R, C, S>,
): Manifest<R, C, S> => manifest;

/** What an operation is given. Nothing else is at hand: no database, no process, no other network. */
export interface Context<C, S> {
  http: Http;
  /** Opens the manifest's file target for the length of `work`; throws `rejected` where there is none. */
  files<T>(work: (files: Files) => Promise<T>): Promise<T>;
  credentials: C;
  settings: S;
  clock: Clock;
  /** A small memory shared by every worker of the connection: tokens and the like, encrypted at rest. */
  memory: Memory;
  log(event: string, facts?: Record<string, string | number | boolean | null>): void;
}

export interface Memory {
  /**
   * The value under `key`; when absent or past its time, `make` is run by exactly one caller at a time over all workers
   * and the others wait for its value.
   */
  once(key: string, make: () => Promise<{ value: string; expiresAtMs: number }>): Promise<string>;
  forget(key: string): Promise<void>;
}

/**
 * One verb as a connector does it. Written as a method's type so that a connector with its own credentials fits where any
 * connector is taken: the host parses the credentials with the manifest's schema before it calls.
 */
export type Operation<M extends Manifest, V extends Verb> = {
  run(context: Context<z.infer<M['credentials']>, z.infer<M['settings']>>, input: Input<V>): Promise<Output<V>>;
}['run'];

/** Over several roles: what any one of them has, so that a connector of one fits where any connector is taken. */
export type Operations<M extends Manifest, R extends Role = M['role']> = R extends Role
  ? { [V in RequiredVerb<R>]: Operation<M, V> } & { [V in Verb]?: Operation<M, V> }
  : never;

export interface Connector<M extends Manifest = Manifest> {
  manifest: M;
  operations: Operations<M>;
}

/** Implementing a verb is how it is declared; a role's missing verb or a wrong shape does not compile. */
export const defineConnector = <R extends Role, C extends z.ZodObject, S extends z.ZodObject>(
  manifest: Manifest<R, C, S>,
  operations: Operations<Manifest<R, C, S>>,
): Connector<Manifest<R, C, S>> => ({ manifest, operations });

/** The operation for a verb, or undefined where the connector cannot do it. */
export const operationOf = <V extends Verb>(connector: Connector, verb: V): Operation<Manifest, V> | undefined => {
  const table: { [W in Verb]?: Operation<Manifest, W> } = connector.operations;
  return table[verb];
};
