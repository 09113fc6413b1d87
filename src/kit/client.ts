import type { Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import axios, { AxiosError } from 'axios';
import type { z } from 'zod';
import type { Clock } from '#domain/clock.ts';
import { Failure, type FailureCode, failureWith, isFailure } from '#domain/failure.ts';
import { type Limit, type Manifest, secretFields } from './connector.ts';
import type { Answer, Call, Http } from './http.ts';
import { MOST_LEVELS, type Parsed, parseJson } from './json.ts';

/** Where a call waits until every bucket that it costs has room. Shared by all workers of a connection. */
export interface Limiter {
  take(limits: readonly Limit[], cost: Readonly<Record<string, number>>): Promise<void>;
  /** What the vendor says is left of a bucket: never raises ours above its burst. */
  observe(limit: Limit, available: number): Promise<void>;
  /** The vendor refused: nobody calls for this long. */
  pause(ms: number): Promise<void>;
}

export interface ClientOptions<C, S> {
  manifest: Manifest;
  credentials: C;
  settings: S;
  limiter: Limiter;
  clock: Clock;
  /** Agents that refuse addresses outside the egress rules; absent only where the target is our own sandbox on loopback. */
  agents?: { http: HttpAgent; https: HttpsAgent };
  /** Told of each answer or failure, with no secret in it. */
  onCall?(event: { method: string; path: string; status: number; ms: number; failure: FailureCode | null }): void;
}

const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

const STATUS: Readonly<Record<number, FailureCode>> = {
  400: 'rejected',
  401: 'unauthorised',
  402: 'rejected',
  403: 'forbidden',
  404: 'not_found',
  405: 'contract',
  406: 'rejected',
  408: 'unavailable',
  409: 'conflict',
  410: 'not_found',
  413: 'rejected',
  415: 'contract',
  422: 'rejected',
  423: 'conflict',
  425: 'unavailable',
  429: 'rate_limited',
};

/** Retry-After as milliseconds from now: seconds, or an HTTP date by the vendor's own Date where given. */
export const retryAfterMs = (headers: Readonly<Record<string, string>>, nowMs: number): number | undefined => {
  const value = headers['retry-after'];
  if (value === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
  const at = Date.parse(value);
  if (Number.isNaN(at)) return undefined;
  return Math.max(0, at - (Date.parse(headers['date'] ?? '') || nowMs));
};

const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EEGRESS']);

/** What a refusal is told in: the connector's words, or else the vendor's own answer. */
export const refusalWords = (
  title: string,
  told: { message: string } | null,
  call: Pick<Call, 'method' | 'path'>,
  { status, text }: { status: number; text: string },
): string => told?.message ?? `${title} answered ${status} to ${call.method} ${call.path.split('?')[0]}: ${text}`;

/** The injected HTTP client of connectors. See `Http` for what it promises. */
export const makeClient = <C extends Record<string, unknown>, S>(options: ClientOptions<C, S>): Http => {
  const { manifest, credentials, settings, limiter, clock } = options;
  const base = new URL(manifest.http.baseUrl({ credentials, settings: settings as Record<string, unknown> }));
  const limits = manifest.http.limits({ settings: settings as Record<string, unknown> });
  const secrets = secretFields(manifest.credentials)
    .map((name) => credentials[name])
    .filter((value): value is string => typeof value === 'string' && value.length > 3);

  const clean = (text: string): string => {
    let result = text.replace(/\s+/g, ' ').slice(0, 600);
    for (const value of secrets) result = result.split(value).join('[secret]');
    return result.slice(0, 300);
  };

  const failureOf = (call: Call, answer: Omit<Answer, 'json'>): Failure | null => {
    const { status, headers, text } = answer;
    const ok = status >= 200 && status < 300;
    const told = manifest.http.classify?.(answer);
    if (ok && !told) return null;
    const code: FailureCode = told?.code ?? STATUS[status] ?? (status >= 500 ? 'unavailable' : 'contract');
    const uncertain = call.unsafe === true && code === 'unavailable';
    const after = told?.retryAfterMs ?? retryAfterMs(headers, clock.now());
    const words = refusalWords(manifest.title, told ?? null, call, { status, text });
    return new Failure(uncertain ? 'outcome_unknown' : code, clean(words), {
      safe: { connector: manifest.id, status },
      ...(after === undefined ? {} : { retryAfterMs: after }),
    });
  };

  const lost = (call: Call, error: unknown): Failure => {
    const code = error instanceof AxiosError ? (error.code ?? '') : '';
    const nothingDone = NEVER_SENT.has(code);
    const name: FailureCode = call.unsafe === true && !nothingDone ? 'outcome_unknown' : 'unavailable';
    // The cause is left out: axios hangs the request, its headers and so the credentials on it.
    return new Failure(
      name,
      clean(
        `${manifest.title} could not be reached for ${call.method} ${call.path.split('?')[0]} (${code || 'no answer'})`,
      ),
      { safe: { connector: manifest.id }, nothingDone },
    );
  };

  return {
    async send(call) {
      try {
        await limiter.take(limits, { requests: 1, ...call.cost });
      } catch (error) {
        throw isFailure(error) ? failureWith(error, { nothingDone: true }) : error;
      }
      // The host comes from the manifest alone: a path such as //elsewhere or https://elsewhere cannot replace it.
      const url = new URL(base.toString());
      const [path = '', query = ''] = call.path.split('?', 2);
      url.pathname = `${base.pathname.replace(/\/$/, '')}/${path.replace(/^\/+/, '')}`;
      url.search = query;
      for (const [name, value] of Object.entries(call.query ?? {}))
        if (value !== undefined) url.searchParams.set(name, String(value));

      const headers: Record<string, string> = {
        accept: 'application/json',
        'user-agent': 'Crossdock/0.1 (+https://github.com/crossdock)',
      };
      let body = '';
      if (call.json !== undefined) {
        body = JSON.stringify(call.json);
        headers['content-type'] = 'application/json';
      } else if (call.form) {
        body = new URLSearchParams(call.form).toString();
        headers['content-type'] = 'application/x-www-form-urlencoded';
      } else if (call.text) {
        body = call.text.body;
        headers['content-type'] = call.text.type;
      }
      Object.assign(headers, call.headers);
      if (!call.unsigned && manifest.http.sign)
        Object.assign(headers, manifest.http.sign({ credentials, method: call.method, url, body }));

      const timeout = call.timeoutMs ?? manifest.http.timeoutMs;
      const started = performance.now();
      let failure: Failure | null = null;
      let status = 0;
      try {
        const response = await axios.request<string>({
          url: url.toString(),
          method: call.method,
          headers,
          ...(body === '' ? {} : { data: body }),
          timeout,
          // `timeout` alone does not bound a body that drips.
          signal: AbortSignal.timeout(timeout),
          maxRedirects: 0,
          proxy: false,
          maxContentLength: MAX_ANSWER_BYTES,
          maxBodyLength: MAX_ANSWER_BYTES,
          responseType: 'text',
          ...(call.encoding ? { responseEncoding: call.encoding } : {}),
          transformResponse: (data: string) => data,
          transformRequest: (data: string) => data,
          validateStatus: () => true,
          ...(options.agents ? { httpAgent: options.agents.http, httpsAgent: options.agents.https } : {}),
        });
        status = response.status;
        const answerHeaders: Record<string, string> = {};
        for (const [name, value] of Object.entries(response.headers)) answerHeaders[name.toLowerCase()] = String(value);
        const text = typeof response.data === 'string' ? response.data : '';
        const parsed = once(() => parseJson(text));
        const asJson = (): unknown => {
          const found = parsed();
          return found.kind === 'json' ? found.body : undefined;
        };
        failure = failureOf(call, { status, headers: answerHeaders, text, body: asJson });
        if (failure?.code === 'rate_limited') await limiter.pause(failure.retryAfterMs ?? 1_000);
        if (failure) throw failure;
        const answer: Answer = {
          status,
          headers: answerHeaders,
          text,
          body: asJson,
          json: (schema) => fit(manifest, call, { text, parsed: parsed() }, schema, clean),
        };
        const seen = manifest.http.observe?.(answer);
        const limit = seen && limits.find((l) => l.name === seen.limit);
        if (seen && limit) await limiter.observe(limit, seen.available);
        return answer;
      } catch (error) {
        if (error instanceof Failure) throw error;
        failure = lost(call, error);
        throw failure;
      } finally {
        options.onCall?.({
          method: call.method,
          path: path,
          status,
          ms: Math.round(performance.now() - started),
          failure: failure?.code ?? null,
        });
      }
    },
  };
};

const once = <T extends object>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

const fit = <T>(
  manifest: Manifest,
  call: Call,
  { text, parsed: read }: { text: string; parsed: Parsed },
  schema: z.ZodType<T>,
  clean: (text: string) => string,
): T => {
  const asked = `${call.method} ${call.path.split('?')[0]}`;
  const safe = { connector: manifest.id };
  if (read.kind === 'tooDeep')
    throw new Failure('contract', clean(`${manifest.title} answered ${asked} with more than ${MOST_LEVELS} levels`), {
      safe,
    });
  if (read.kind === 'notJson')
    // A maintenance page or a cut answer passes; so it is retried, and for an unsafe write the outcome is probed first.
    throw new Failure(
      call.unsafe === true ? 'outcome_unknown' : 'unavailable',
      clean(`${manifest.title} did not answer with JSON to ${asked}: ${text}`),
      { safe },
    );
  const parsed = schema.safeParse(read.body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Failure(
    'contract',
    clean(
      `${manifest.title} answered ${asked} in a shape we do not know: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
    ),
    { safe },
  );
};
