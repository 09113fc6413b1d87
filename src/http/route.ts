import type { z } from 'zod';
import type { App } from '#app/app.ts';
import type { Documents, Store } from '#app/ports.ts';
import type { Actor } from '#domain/actor.ts';
import type { Scope } from '#domain/scopes.ts';
import type { Caller } from './authenticate.ts';
import type { ServerDeps } from './deps.ts';
import { invalidInput } from './problem.ts';

/** What a page may ask of a collection. Nothing is written but by a use case. */
export type Readable<D> =
  D extends Documents<infer T>
    ? Pick<Documents<T>, 'find' | 'findMany' | 'list' | 'listAny' | 'recent' | 'count'>
    : never;

/** What a handler is given beside its parsed input. */
export interface Asked {
  deps: ServerDeps;
  app: App;
  /** For lists and look-ups. */
  store: {
    readonly [C in Exclude<keyof Store, 'allWorkspaces' | 'news' | 'findConnection' | 'ready' | 'close'>]: Readable<
      Store[C]
    >;
  };
  caller: Caller;
  /** Who acts: the caller's key. */
  actor: Actor;
  workspaceId: string;
  requestId: string;
  /** A key was revoked: it is not to be remembered. */
  forgetKey(keyId: string): void;
}

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

interface RouteFacts {
  method: Method;
  /** Under /v1, parameters in braces. */
  path: string;
  scope: Scope;
  summary: string;
  /** Whether a key of one location may call it; such a handler narrows what it shows to `caller.location`. Default no. */
  located?: true;
  /** Of the good answer. Default 200. */
  status?: 201 | 202;
  /** The media type of an answer that is not JSON. */
  answers?: 'application/pdf';
  /** The answer holds a secret: it is never stored, so that no idempotency key is taken. */
  secretAnswer?: true;
}

export interface Route extends RouteFacts {
  /** An object of `params`, `query` and `body`, as far as there are any. */
  input: z.ZodObject;
  response: z.ZodType;
  run(asked: Asked, raw: Readonly<Record<string, unknown>>): Promise<unknown>;
}

/** One row of the route table: express and the OpenAPI document are both made from it. */
export const defineRoute = <I extends z.ZodObject, R extends z.ZodType>(
  route: RouteFacts & { input: I; response: R; handle(asked: Asked, input: z.output<I>): Promise<z.input<R>> },
): Route => {
  const { handle, ...facts } = route;
  return {
    ...facts,
    run(asked, raw) {
      const parsed = route.input.safeParse(raw);
      if (!parsed.success) throw invalidInput(parsed.error);
      return handle(asked, parsed.data);
    },
  };
};
