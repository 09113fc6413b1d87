import type { App } from '#app/app.ts';
import type { Clock } from '#domain/clock.ts';
import { publishStock, pullOrders, pullSupply, refillStock, remindCases, sweepDue } from '#jobs';
import type { Enqueue } from '#queue';
import type { Log } from '#telemetry/log.ts';

/** What is done in every workspace again and again, in clock time. Connections are polled at their own pace. */
const EVERYWHERE = {
  refill: { job: refillStock, everyMs: 60_000 },
  publish: { job: publishStock, everyMs: 15_000 },
  remind: { job: remindCases, everyMs: 3_600_000 },
} as const;
/** The database is asked what is due once a second of real time: that is what bounds how long a lost step stays lost. */
const SWEEP_REAL_MS = 1_000;
const PAGE = 500;

/**
 * The product's own clockwork. Every worker runs it: what it puts on the queues has a key, so that several make no difference.
 */
export const startSchedules = ({
  app,
  enqueue,
  clock,
  log,
}: {
  app: App;
  enqueue: Enqueue;
  clock: Clock;
  log: Log;
}): { close(): Promise<void> } => {
  const stop = new AbortController();
  const { store } = app.ports;

  const workspaces = async function* () {
    for (let after: string | undefined; ; ) {
      const page = await store.allWorkspaces({ limit: PAGE, ...(after === undefined ? {} : { after }) });
      yield* page;
      after = page.at(-1)?._id;
      if (page.length < PAGE) return;
    }
  };

  const each = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!stop.signal.aborted) log.error({ err: error, schedule: name }, 'schedule.failed');
    }
  };

  const loop = async (name: string, wait: () => Promise<void>, work: () => Promise<unknown>): Promise<void> => {
    while (!stop.signal.aborted) {
      await each(name, work);
      await wait().catch(() => {});
    }
  };
  /** Clock time, and never more often than once a second of real time, however fast the clock runs. */
  const clockwork = (ms: number) => () => clock.wait(Math.max(ms, clock.rate() * 1_000), stop.signal);
  const real = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(done, SWEEP_REAL_MS);
      function done() {
        clearTimeout(timer);
        stop.signal.removeEventListener('abort', done);
        resolve();
      }
      stop.signal.addEventListener('abort', done);
    });

  const polled = new Map<string, number>();
  const running = [
    loop('sweep', real, () => sweepDue(app, enqueue)),
    ...Object.entries(EVERYWHERE).map(([name, { job, everyMs }]) =>
      loop(name, clockwork(everyMs), async () => {
        for await (const { _id: workspaceId } of workspaces()) await enqueue(job, { workspaceId });
      }),
    ),
    loop('poll', clockwork(30_000), async () => {
      for await (const { _id: workspaceId } of workspaces())
        for (const connection of await store.connections.list(workspaceId, { state: 'active' }, { limit: 1_000 })) {
          const job = { storefront: pullOrders, supplier: pullSupply, logistics: null }[connection.role];
          const every = connection.pollEveryMinutes * 60_000;
          if (!job || clock.now() - (polled.get(connection._id) ?? 0) < every) continue;
          polled.set(connection._id, clock.now());
          await enqueue(job, { workspaceId, connectionId: connection._id });
        }
    }),
  ];
  return {
    async close() {
      stop.abort();
      await Promise.all(running);
    },
  };
};
