import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, request as httpsRequest } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Clock } from '#domain/clock.ts';
import { makeAuthority } from './certificate.ts';
import type { SandboxDb } from './sandbox-db.ts';

/** What a sandbox may be told to do wrong. `commit` faults let the request take effect first and lose the answer. */
export const FAULTS = [
  '429',
  '500',
  '503_html',
  '200_html',
  'reset',
  'truncated',
  '500_after_commit',
  'reset_after_commit',
  'hang_after_commit',
  'hang',
] as const;
export type Fault = (typeof FAULTS)[number];

export interface FaultScript {
  /** Applies to the next `times` (default 1) requests that match; first come, first served. */
  next(fault: Fault, match?: { method?: string; path?: RegExp; body?: RegExp; times?: number }): PlannedFault;
  /** Every request fails with `probability`, drawn from a seeded sequence; 0 ends it. */
  randomly(probability: number, seed: number, faults?: readonly Fault[]): void;
  /** Every request is answered this much later, in real milliseconds; 0 ends it. Absent at a server that has no http. */
  slow?(ms: number): void;
  clear(): void;
}

/** Whoever plans a fault asks whether it was met: a fault that nothing met has proved nothing. */
export interface PlannedFault {
  /** Requests that have met it so far. */
  met(): number;
}

export interface SandboxRequest {
  method: string;
  /** With the host that the caller named, and https where it came so. */
  url: URL;
  headers: Readonly<Record<string, string>>;
  rawBody: Buffer;
  /** The body as JSON; a body that is not JSON is answered by the route's own words through `badJson`. */
  json(): unknown;
  /** Named groups of the route's pattern. */
  params: Readonly<Record<string, string>>;
}

export interface SandboxAnswer {
  status: number;
  headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a text as it is. */
  body?: unknown;
}

export interface Route {
  method: string;
  path: RegExp;
  /** Runs inside one transaction of the sandbox's db: an effect and its answer are one. Synchronous on purpose. */
  handle(request: SandboxRequest): SandboxAnswer;
}

export interface SandboxServerOptions {
  name: string;
  clock: Clock;
  db: SandboxDb;
  port?: number;
  /** It listens with TLS here too; 0 is any port that is free. */
  tlsPort?: number | undefined;
  /** Layers before the routes, in the vendor's order (auth, version, limits, validation); the first answer wins. */
  before: readonly ((request: SandboxRequest) => SandboxAnswer | null)[];
  routes: readonly Route[];
  /** How this vendor words a 429, an unknown path and bad JSON. */
  words: { tooMany(): SandboxAnswer; notFound(): SandboxAnswer; badJson(): SandboxAnswer };
}

export interface SandboxTls {
  url: string;
  /** The file of the authority's certificate, which is there while the sandbox runs: the value of NODE_EXTRA_CA_CERTS. */
  caFile: string;
}

export interface SandboxServer {
  url: string;
  /** Where `tlsPort` was given. */
  tls?: SandboxTls | undefined;
  faults: FaultScript;
  /** Requests seen since start, by `METHOD path`. */
  requests(): readonly { method: string; path: string; status: number }[];
  close(): Promise<void>;
}

const HTML = '<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Something went wrong</h1></body></html>';

/** The address as the caller wrote it, so that links made of it work. */
const urlOf = (message: IncomingMessage): URL => {
  const scheme = 'encrypted' in message.socket ? 'https' : 'http';
  const named = `${scheme}://${message.headers.host ?? 'sandbox.invalid'}`;
  const base = URL.canParse(named) ? named : `${scheme}://sandbox.invalid`;
  const { url: asked = '/' } = message;
  // Put together as texts: “//x” is a path here, and no host.
  return URL.parse(asked.startsWith('/') ? `${base}${asked}` : asked) ?? new URL(base);
};

/** What broke in a sandbox is said aloud: silence would look like the vendor's fault. */
const tell = (name: string, what: string, error: unknown): void => {
  process.stderr.write(`sandbox ${name}: ${what}: ${error instanceof Error ? error.stack : String(error)}\n`);
};

const listen = async (server: Server, port: number): Promise<number> => {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
};

/** A small real HTTP server on loopback that remembers, in `db`, and answers by its routes. */
export const serveSandbox = async (options: SandboxServerOptions): Promise<SandboxServer> => {
  const planned: { fault: Fault; method?: string; path?: RegExp; body?: RegExp; left: number; met: number }[] = [];
  let chance: { probability: number; faults: readonly Fault[]; draw: () => number } | null = null;
  const seen: { method: string; path: string; status: number }[] = [];
  const hanging = new Set<ServerResponse>();
  const late = new Set<NodeJS.Timeout>();
  let slowMs = 0;

  const faultFor = (request: SandboxRequest): Fault | null => {
    const index = planned.findIndex(
      (p) =>
        (p.method === undefined || p.method === request.method) &&
        (p.path === undefined || p.path.test(request.url.pathname)) &&
        (p.body === undefined || p.body.test(request.rawBody.toString('utf8'))),
    );
    const plan = planned[index];
    if (plan) {
      plan.left -= 1;
      plan.met += 1;
      if (plan.left <= 0) planned.splice(index, 1);
      return plan.fault;
    }
    if (chance && chance.draw() < chance.probability)
      return chance.faults[Math.floor(chance.draw() * chance.faults.length)] ?? null;
    return null;
  };

  const send = (response: ServerResponse, request: SandboxRequest, answer: SandboxAnswer): void => {
    seen.push({ method: request.method, path: request.url.pathname, status: answer.status });
    if (seen.length > 5_000) seen.splice(0, 2_500);
    const text =
      answer.body === undefined ? '' : typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
    response.writeHead(answer.status, {
      ...(answer.body !== undefined && typeof answer.body !== 'string'
        ? { 'content-type': 'application/json; charset=utf-8' }
        : {}),
      date: new Date(options.clock.now()).toUTCString(),
      ...answer.headers,
    });
    response.end(text);
  };

  const answerOf = (request: SandboxRequest): SandboxAnswer => {
    for (const layer of options.before) {
      const answer = layer(request);
      if (answer) return answer;
    }
    for (const route of options.routes) {
      if (route.method !== request.method) continue;
      const match = route.path.exec(request.url.pathname);
      if (match) return route.handle({ ...request, params: { ...match.groups } });
    }
    return options.words.notFound();
  };

  const BAD_JSON = Symbol('bad json');
  const handle = (message: IncomingMessage, response: ServerResponse, rawBody: Buffer): void => {
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(message.headers))
      headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
    const request: SandboxRequest = {
      method: message.method ?? 'GET',
      url: urlOf(message),
      headers,
      rawBody,
      params: {},
      json() {
        try {
          return JSON.parse(rawBody.toString('utf8'));
        } catch {
          throw BAD_JSON;
        }
      },
    };
    const fault = faultFor(request);
    const lose = () => response.destroy();
    if (fault === '429') return send(response, request, options.words.tooMany());
    if (fault === '500') return send(response, request, { status: 500, body: '' });
    if (fault === '503_html')
      return send(response, request, { status: 503, headers: { 'content-type': 'text/html' }, body: HTML });
    if (fault === '200_html')
      return send(response, request, { status: 200, headers: { 'content-type': 'text/html' }, body: HTML });
    if (fault === 'reset') {
      lose();
      return;
    }
    if (fault === 'hang') {
      hanging.add(response);
      return;
    }
    let answer: SandboxAnswer;
    try {
      answer = options.db.transaction(() => answerOf(request));
    } catch (error) {
      if (error !== BAD_JSON) {
        tell(options.name, `${request.method} ${request.url.pathname}`, error);
        return send(response, request, { status: 500, body: { error: 'sandbox failure' } });
      }
      answer = options.words.badJson();
    }
    if (fault === '500_after_commit') return send(response, request, { status: 500, body: '' });
    if (fault === 'reset_after_commit') {
      lose();
      return;
    }
    if (fault === 'hang_after_commit') {
      hanging.add(response);
      return;
    }
    if (fault === 'truncated') {
      const text = JSON.stringify(answer.body ?? '');
      return send(response, request, {
        ...answer,
        headers: { ...answer.headers, 'content-type': 'application/json' },
        body: text.slice(0, Math.floor(text.length / 2)),
      });
    }
    send(response, request, answer);
  };

  const receive = (message: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    const respond = () => {
      try {
        handle(message, response, Buffer.concat(chunks));
      } catch (error) {
        // Nothing that one request does ends the process, which may hold the product and the other sandboxes.
        tell(options.name, `${message.method} ${message.url}`, error);
        response.destroy();
      }
    };
    message.on('end', () => {
      if (slowMs === 0) return respond();
      const timer = setTimeout(() => {
        late.delete(timer);
        respond();
      }, slowMs);
      late.add(timer);
    });
    message.on('error', () => response.destroy());
  };
  const server = createServer({ keepAliveTimeout: 60_000 }, receive);
  const servers = [server];
  const url = `http://127.0.0.1:${await listen(server, options.port ?? 0)}`;
  let folder: string | null = null;
  let tls: SandboxTls | undefined;
  if (options.tlsPort !== undefined) {
    const authority = makeAuthority(`Sandbox ${options.name}`);
    const identity = authority.issue({ names: ['localhost'], addresses: ['127.0.0.1'] });
    const tlsServer = createTlsServer({ keepAliveTimeout: 60_000, ...identity }, receive);
    try {
      const port = await listen(tlsServer, options.tlsPort);
      servers.push(tlsServer);
      folder = mkdtempSync(path.join(tmpdir(), 'sandbox-ca-'));
      tls = { url: `https://127.0.0.1:${port}`, caFile: path.join(folder, 'ca.pem') };
      writeFileSync(tls.caFile, authority.cert);
    } catch (error) {
      server.close();
      throw error;
    }
  }

  return {
    url,
    tls,
    faults: {
      next(fault, match = {}) {
        const plan = { fault, ...match, left: match.times ?? 1, met: 0 };
        planned.push(plan);
        return { met: () => plan.met };
      },
      randomly(probability, seed, faults = FAULTS.filter((f) => !f.startsWith('hang'))) {
        chance = probability === 0 ? null : { probability, faults, draw: seeded(seed) };
      },
      slow(ms) {
        slowMs = ms;
      },
      clear() {
        planned.length = 0;
        chance = null;
        slowMs = 0;
      },
    },
    requests: () => seen,
    async close() {
      for (const response of hanging) response.destroy();
      for (const timer of late) clearTimeout(timer);
      await Promise.all(
        servers.map(
          (each) =>
            new Promise<void>((resolve) => {
              each.close(() => resolve());
              each.closeAllConnections();
            }),
        ),
      );
      if (folder !== null) rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** Numbers in [0, 1) that follow from the seed alone (mulberry32). */
export const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/** A token bucket on the sandbox's clock, the vendor's side of a limit. */
export const vendorBucket = (clock: Clock, limit: { amount: number; perMs: number; burst: number }) => {
  let level = limit.burst;
  let at = clock.now();
  const refill = () => {
    const now = clock.now();
    level = Math.min(limit.burst, level + ((now - at) * limit.amount) / limit.perMs);
    at = now;
  };
  return {
    take(cost: number): boolean {
      refill();
      if (level + 1e-9 < cost) return false;
      level -= cost;
      return true;
    },
    give(back: number): void {
      refill();
      level = Math.min(limit.burst, level + back);
    },
    available(): number {
      refill();
      return Math.floor(level);
    },
    /** Milliseconds until `cost` is there. */
    msUntil(cost: number): number {
      refill();
      return Math.max(0, Math.ceil(((cost - level) * limit.perMs) / limit.amount));
    },
  };
};

export interface Delivery {
  url: string;
  headers: Record<string, string>;
  body: string;
}

const isTaken = (status: number): boolean => status >= 200 && status < 300;

/** How often a delivery that was taken is sent in all, as a vendor does that lost the answer: 1 at first. Kept in `db`, for all senders there. */
export const webhookCopies = (db: SandboxDb) => {
  const kept = db.table<{ copies: number }>('webhook_copies');
  return {
    get: (): number => kept.get('all')?.copies ?? 1,
    set: (copies: number): void => kept.put('all', { copies }),
  };
};

/**
 * A vendor's webhook sender: what is queued in the transaction of the effect is delivered after it, again and again by the
 * vendor's own schedule until a 2xx, and survives a restart of the sandbox.
 */
export const webhookSender = (options: {
  clock: Clock;
  db: SandboxDb;
  table: string;
  /** Waits between tries in milliseconds of the sandbox's clock; when used up the delivery is dropped. */
  retriesMs: readonly number[];
  /** Deliveries under way at once. */
  concurrency?: number;
  timeoutMs?: number;
  /** Told of each try in the transaction that records it, for a vendor that switches off a receiver that fails too often. */
  tried?(delivery: Delivery, ok: boolean): void;
}) => {
  const queue = options.db.table<Delivery & { tries: number }>(options.table);
  const delivered = options.db.table<{ count: number }>(`${options.table}_done`);
  const copies = webhookCopies(options.db);
  const key = (ms: number) => String(Math.floor(ms)).padStart(15, '0');
  const stop = new AbortController();
  const underWay = new Set<string>();
  let wakeUp: (() => void) | null = null;

  const post = ({ url, headers, body }: Delivery): Promise<number> =>
    new Promise((resolve) => {
      const send = url.startsWith('https:') ? httpsRequest : httpRequest;
      const request = send(
        url,
        { method: 'POST', headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
        (response) => {
          response.resume();
          response.on('end', () => resolve(response.statusCode ?? 0));
          response.on('error', () => resolve(0));
        },
      );
      request.setTimeout(options.timeoutMs ?? 5_000, () => request.destroy());
      request.on('error', () => resolve(0));
      request.end(body);
    });

  const deliver = async (id: string, item: Delivery & { tries: number }): Promise<void> => {
    // An address that cannot even be called is a failed try, not the end of the sender.
    let status = await post(item).catch(() => 0);
    for (let more = 1; isTaken(status) && !stop.signal.aborted && more < copies.get(); more += 1)
      status = await post(item).catch(() => 0);
    if (stop.signal.aborted) return;
    options.db.transaction(() => {
      const wait = options.retriesMs[item.tries];
      const ok = isTaken(status);
      options.tried?.(item, ok);
      if (ok) end(id, 'ok');
      else if (wait === undefined) end(id, 'dropped');
      else queue.put(id, { ...item, tries: item.tries + 1 }, { a: key(options.clock.now() + wait) });
    });
  };
  const end = (id: string, how: 'ok' | 'dropped'): void => {
    queue.delete(id);
    delivered.put(how, { count: (delivered.get(how)?.count ?? 0) + 1 });
  };

  /** A delivery whose outcome cannot be recorded is dropped aloud: kept, it would break this and each later start in the same way. */
  const attempt = async (id: string, item: Delivery & { tries: number }): Promise<void> => {
    try {
      await deliver(id, item);
    } catch (error) {
      tell(options.table, `delivery ${id}`, error);
      if (!stop.signal.aborted) options.db.transaction(() => end(id, 'dropped'));
    }
  };

  const pump = async (): Promise<void> => {
    const most = options.concurrency ?? 4;
    while (!stop.signal.aborted) {
      const free = most - underWay.size;
      const due =
        free > 0
          ? queue.byA({ to: key(options.clock.now()), limit: free + underWay.size }).filter((d) => !underWay.has(d.id))
          : [];
      for (const { id, document } of due.slice(0, free)) {
        underWay.add(id);
        void attempt(id, document)
          .catch((error: unknown) => tell(options.table, `delivery ${id} cannot be dropped`, error))
          .finally(() => {
            underWay.delete(id);
            wakeUp?.();
          });
      }
      if (due.length > 0 && underWay.size < most) continue;
      const next = queue.byA({ limit: underWay.size + 1 }).find((d) => !underWay.has(d.id));
      const woken = new Promise<void>((resolve) => {
        wakeUp = resolve;
      });
      const giveUp = new AbortController();
      const timer =
        next && underWay.size < most
          ? options.clock.wait(Math.max(1, Number(next.a) - options.clock.now()), giveUp.signal).catch(() => {})
          : new Promise<void>(() => {});
      await Promise.race([woken, timer]);
      giveUp.abort();
      wakeUp = null;
    }
  };
  pump().catch((error: unknown) => tell(options.table, 'the sender of webhooks has ended', error));

  return {
    /**
     * Call it inside the transaction of the effect that it tells of. `atMs` is when the vendor sends it, for a change that
     * is still to come; the same id again replaces what has not been delivered yet.
     */
    enqueue(id: string, delivery: Delivery, atMs = options.clock.now()): void {
      queue.put(id, { ...delivery, tries: 0 }, { a: key(atMs) });
      queueMicrotask(() => wakeUp?.());
    },
    waiting: () => queue.count(),
    counts: () => ({ ok: delivered.get('ok')?.count ?? 0, dropped: delivered.get('dropped')?.count ?? 0 }),
    close(): void {
      stop.abort();
      wakeUp?.();
    },
  };
};
export type WebhookSender = ReturnType<typeof webhookSender>;
