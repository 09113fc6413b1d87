import express, { type Express, type Request, type Response } from 'express';
import { Failure } from '#domain/failure.ts';
import { allows } from '#domain/scopes.ts';
import { type Authenticate, makeAuthenticate } from './authenticate.ts';
import type { ServerDeps } from './deps.ts';
import { answerOnce, type PlainAnswer } from './idempotency.ts';
import { openApiDocument } from './openapi.ts';
import { refusal, toProblem } from './problem.ts';
import { discardBody, parseJson, readBody } from './read-body.ts';
import type { Asked, Method, Route } from './route.ts';
import { ROUTES } from './routes/index.ts';
import { securityHeaders } from './security-headers.ts';
import { makeWebhookIntake } from './webhooks.ts';

export type { ServerDeps } from './deps.ts';

/** A queue that does not answer for so long is out of reach; BullMQ itself would wait for ever. */
const QUEUE_LIMIT_MS = 5_000;
const REQUEST_ID = /^[\w.-]{8,64}$/;
const JSON_TYPE = 'application/json; charset=utf-8';

type Handle = (request: Request, response: Response, requestId: string) => Promise<void>;

const send = (response: Response, status: number, body: unknown, type = JSON_TYPE): void => {
  response.statusCode = status;
  response.setHeader('content-type', type);
  response.end(typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body));
};

/**
 * The HTTP side: /v1 with its document, the webhooks, the probes, and the console's pages behind them. Every answer carries
 * `x-request-id`; every error is an RFC 9457 problem that says nothing of our inside. `close` stops being ready and resolves
 * when every webhook that was taken has been written.
 */
export const makeServer = (given: ServerDeps): { handler: Express; close(): Promise<void> } => {
  const deps = withinTime(given);
  const { metrics, log } = deps;
  const authenticate = makeAuthenticate(deps.app.ports.store);
  const intake = makeWebhookIntake(deps);
  const document = JSON.stringify(openApiDocument(deps.publicUrl));
  const inContext = deps.inContext ?? (<T>(_context: { correlationId: string }, work: () => T): T => work());
  let closing = false;

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.use(securityHeaders);

  /** Runs a handler with its request id, answers what it throws, and measures it under the route's pattern. */
  const wrap = (route: string, handle: Handle) => async (request: Request, response: Response) => {
    const started = performance.now();
    const asked = request.headers['x-request-id'];
    const requestId = typeof asked === 'string' && REQUEST_ID.test(asked) ? asked : deps.newId();
    response.setHeader('x-request-id', requestId);
    response.once('close', () =>
      metrics.http({
        method: request.method,
        route,
        status: response.statusCode,
        ms: performance.now() - started,
      }),
    );
    await inContext({ correlationId: requestId }, async () => {
      try {
        await handle(request, response, requestId);
      } catch (error) {
        const { status, headers, body } = toProblem(error, requestId);
        if (status >= 500)
          log.error({ err: error, requestId, route }, status === 500 ? 'http.bug' : 'http.unavailable');
        if (response.headersSent) return void response.destroy();
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
        send(response, status, body, 'application/problem+json; charset=utf-8');
        discardBody(request, deps.bodyLimitBytes);
      }
    });
  };
  const unknownMethod = (methods: readonly string[]): Handle => {
    const allow = methods.map((method) => method.toUpperCase()).join(', ');
    return () => {
      throw refusal('method_not_allowed', `It knows ${allow}.`, { headers: { allow } });
    };
  };
  const nothingHere: Handle = async () => {
    throw refusal('no_route', 'See GET /v1/openapi.json for the addresses there are.');
  };

  app.post(
    '/webhooks/:connectionId',
    wrap('/webhooks/{connectionId}', async (request, response) => {
      const id = request.params['connectionId'];
      send(response, 200, { status: await intake.handle(request, typeof id === 'string' ? id : '') });
    }),
  );
  app.all('/webhooks/:connectionId', wrap('/webhooks/{connectionId}', unknownMethod(['post'])));

  app.get(
    '/live',
    wrap('/live', async (_request, response) => send(response, 200, { ok: true })),
  );
  app.get(
    '/ready',
    wrap('/ready', async (_request, response) => {
      const { ok, problems } = closing ? { ok: false, problems: ['closing'] } : await deps.ready();
      response.setHeader('cache-control', 'no-store');
      send(response, ok ? 200 : 503, { ok, problems });
    }),
  );
  app.get(
    '/metrics',
    wrap('/metrics', async (_request, response) => {
      const { contentType, body } = await metrics.render();
      send(response, 200, body, contentType);
    }),
  );

  app.get(
    '/v1/openapi.json',
    wrap('/v1/openapi.json', async (_request, response) => send(response, 200, document)),
  );
  const methodsOf = new Map<string, Method[]>([['/v1/openapi.json', ['get']]]);
  for (const route of ROUTES) {
    const path = `/v1${route.path}`.replace(/\{(\w+)\}/g, ':$1');
    methodsOf.set(path, [...(methodsOf.get(path) ?? []), route.method]);
    app[route.method](path, wrap(`/v1${route.path}`, serve(deps, route, authenticate)));
  }
  for (const [path, methods] of methodsOf) app.all(path, wrap(path, unknownMethod(methods)));
  app.use('/v1', wrap('none', nothingHere));
  if (deps.console) app.use('/', deps.console);
  app.use(wrap('none', nothingHere));

  return {
    handler: app,
    async close() {
      closing = true;
      await intake.drained();
    },
  };
};

const isEmpty = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && !Array.isArray(body) && Object.keys(body).length === 0;

/** One row of the table as a handler: who calls, may they, what do they say, and the answer, once for an idempotency key. */
const serve =
  (deps: ServerDeps, route: Route, { caller: callerOf, forget }: Authenticate): Handle =>
  async (request, response, requestId) => {
    const caller = await callerOf(request.headers.authorization);
    const { scope } = route;
    if (!allows(caller.scopes, scope))
      throw refusal('missing_scope', `This key lacks the scope ${scope}.`, { facts: { scope } });
    if (caller.location !== '' && !route.located)
      throw refusal('missing_scope', `This key is limited to ${caller.location}.`, { facts: { scope } });
    const { workspaceId } = caller;
    const { app } = deps;
    const { actor } = caller;
    const { store } = app.ports;
    const asked: Asked = { deps, app, store, caller, actor, workspaceId, requestId, forgetKey: forget };

    const bytes = request.method === 'GET' ? Buffer.alloc(0) : await readBody(request, deps.bodyLimitBytes);
    const answer = async (): Promise<PlainAnswer> => {
      const body = parseJson(bytes);
      const raw = {
        ...(Object.keys(request.params).length > 0 ? { params: request.params } : {}),
        ...(Object.keys(request.query).length > 0 || 'query' in route.input.shape ? { query: request.query } : {}),
        // Clients that always send a body send an empty one where none is wanted.
        ...(body === undefined || (!('body' in route.input.shape) && isEmpty(body)) ? {} : { body }),
      };
      return { status: route.status ?? 200, body: await route.run(asked, raw) };
    };

    const key = request.method === 'POST' ? request.headers['idempotency-key'] : undefined;
    if (key !== undefined && route.secretAnswer)
      throw refusal('malformed', 'Its answer is a secret that is not kept: it takes no Idempotency-Key.');
    const said = { method: request.method, path: request.path, body: bytes };
    const { status, body, replayed } =
      typeof key === 'string' ? await answerOnce(asked, key, said, answer) : await answer();
    response.setHeader('cache-control', 'no-store');
    if (replayed) response.setHeader('idempotency-replayed', 'true');
    send(response, status, body, route.answers);
  };

const withinTime = (deps: ServerDeps): ServerDeps => {
  const limited = async <T>(work: Promise<T>): Promise<T> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Failure('unavailable', 'the queue does not answer')), QUEUE_LIMIT_MS);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    ...deps,
    enqueue: (job, payload, options) => limited(deps.enqueue(job, payload, options)),
    enqueueAll: async (job, payloads) => {
      if (payloads.length > 0) await limited(deps.enqueueAll(job, payloads));
    },
  };
};
