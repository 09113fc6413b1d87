import { z } from 'zod';
import type { Clock } from '#domain/clock.ts';
import {
  FAULTS,
  type Harness,
  openSandboxDb,
  type PlannedFault,
  type Route,
  type SandboxAnswer,
  type SandboxDb,
  type SandboxRequest,
  type SandboxServer,
  serveSandbox,
  webhookCopies,
} from '#kit/sandbox';
import type { WorldClock } from '#runtime/virtual-clock.ts';

const Pattern = z.string().transform((text, context) => {
  try {
    return new RegExp(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
    return z.NEVER;
  }
});
const Fault = z.strictObject({
  fault: z.enum(FAULTS),
  method: z.string().optional(),
  path: Pattern.optional(),
  body: Pattern.optional(),
  times: z.int().min(1).optional(),
});
const Chance = z.strictObject({ probability: z.number().min(0).max(1), seed: z.int().optional() });
const Latency = z.strictObject({ ms: z.int().min(0).max(600_000) });
const Webhooks = z.strictObject({ copies: z.int().min(1).max(100) });
const Clocked = z.strictObject({ advanceMs: z.number().min(0).optional(), rate: z.number().min(0).optional() });
const Orders = z.strictObject({ count: z.int().min(1).max(1_000) });

/** What the control API offers, a line each; it is its own help. */
export const CONTROL = {
  'POST /faults': `the next requests fail: {"fault": ${FAULTS.map((fault) => `"${fault}"`).join(' | ')}, "method"?, "path"?: a regular expression, "body"?: one, "times"?: 1}`,
  'GET /faults': 'which were planned, and how many requests met each',
  'POST /faults/random': '{"probability": 0.1, "seed"?}: each request fails with this probability; 0 ends it',
  'DELETE /faults': 'ends all faults and the latency',
  'POST /latency': '{"ms": 500}: each answer comes this much later, in real milliseconds; 0 ends it',
  'POST /webhooks': '{"copies": 3}: each webhook that is taken is sent so many times; 1 ends it',
  'POST /orders': '{"count": 3}: buyers place paid orders (storefronts)',
  'GET /requests': 'the last requests and how they were answered',
  'GET /clock': 'the time of the sandbox and its rate',
  'POST /clock': '{"advanceMs"?: 60000, "rate"?: 1}: moves its time on; a rate of 0 stops it',
} as const;

/** Serves the control API of one running sandbox on a port of its own. What it is asked wrongly is a 400 that says why. */
export const serveControl = async (options: {
  sandbox: Awaited<ReturnType<Harness['start']>>;
  /** The sandbox's own. */
  db: SandboxDb;
  clock: WorldClock;
  seed: number;
  port?: number;
  /** What `GET /` tells beside the help. */
  about: object;
}): Promise<SandboxServer> => {
  const { sandbox, clock } = options;
  const { faults } = sandbox;
  const db = openSandboxDb();
  const planned: { asked: unknown; fault: PlannedFault }[] = [];
  const copies = webhookCopies(options.db);
  let rate = clock.clock.rate();

  const ok = (body: object): SandboxAnswer => ({ status: 200, body });
  const refused = (error: string, status = 400): SandboxAnswer => ({ status, body: { error } });
  const route = (name: keyof typeof CONTROL, handle: (request: SandboxRequest) => SandboxAnswer): Route => {
    const [method = '', path = ''] = name.split(' ');
    return { method, path: new RegExp(`^${path}$`), handle };
  };
  /** A route with a body of this shape. */
  const taking = <T>(
    name: keyof typeof CONTROL,
    shape: z.ZodType<T>,
    act: (input: T, asked: unknown) => SandboxAnswer,
  ) =>
    route(name, (request) => {
      const asked = request.json();
      const read = shape.safeParse(asked);
      return read.success
        ? act(read.data, asked)
        : refused(`${z.prettifyError(read.error)}\n${name}: ${CONTROL[name]}`);
    });
  const time = () => ok({ now: new Date(clock.clock.now()).toISOString(), rate });

  const server = await serveSandbox({
    name: 'control',
    clock: clock.clock satisfies Clock,
    db,
    ...(options.port === undefined ? {} : { port: options.port }),
    before: [],
    routes: [
      { method: 'GET', path: /^\/$/, handle: () => ok({ ...options.about, control: CONTROL }) },
      taking('POST /faults', Fault, ({ fault, times = 1, method, path, body }, asked) => {
        planned.push({
          asked,
          fault: faults.next(fault, {
            times,
            ...(method === undefined ? {} : { method }),
            ...(path === undefined ? {} : { path }),
            ...(body === undefined ? {} : { body }),
          }),
        });
        return ok({ planned: planned.length });
      }),
      route('GET /faults', () => ok(planned.map(({ asked, fault }) => ({ asked, met: fault.met() })))),
      taking('POST /faults/random', Chance, ({ probability, seed = options.seed }) => {
        faults.randomly(probability, seed);
        return ok({ probability, seed });
      }),
      route('DELETE /faults', () => {
        faults.clear();
        planned.length = 0;
        return ok({});
      }),
      taking('POST /latency', Latency, ({ ms }) => {
        if (!faults.slow) return refused('this sandbox has no latency', 501);
        faults.slow(ms);
        return ok({ ms });
      }),
      taking('POST /webhooks', Webhooks, (input) => {
        copies.set(input.copies);
        return ok(input);
      }),
      taking('POST /orders', Orders, ({ count }) =>
        sandbox.scene.placeOrders
          ? ok({ placed: sandbox.scene.placeOrders(count) })
          : refused('nobody orders at this vendor: it is no storefront', 501),
      ),
      route('GET /requests', () => ok(sandbox.requests())),
      route('GET /clock', time),
      taking('POST /clock', Clocked, (input) => {
        if (input.rate !== undefined) {
          rate = input.rate;
          clock.setRate(rate);
        }
        clock.advanceTo(clock.clock.now() + (input.advanceMs ?? 0));
        return time();
      }),
    ],
    words: {
      tooMany: () => refused('too many requests', 429),
      notFound: () => ({ status: 404, body: { error: 'there is no such address', control: CONTROL } }),
      badJson: () => refused('the body is no JSON'),
    },
  });
  return {
    ...server,
    async close() {
      await server.close();
      db.close();
    },
  };
};
