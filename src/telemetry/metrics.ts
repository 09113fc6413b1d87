import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface QueueDepth {
  queue: string;
  /** waiting, delayed, active, failed … */
  state: string;
  count: number;
}

export interface Metrics {
  /** `route` is the pattern, never the path: with resource ids as labels, every order would become a time series. */
  http(event: { method: string; route: string; status: number; ms: number }): void;
  job(event: { name: string; ms: number; failure: string | null }): void;
  /** `status` 0: the call got no response. */
  outbound(event: { connector: string; status: number; ms: number }): void;
  webhook(event: { connector: string; outcome: string }): void;
  /** An order was read again at its storefront before something that costs. */
  orderReadAgain(connector: string): void;
  /** Called at each `render`. One source per process. */
  queueDepths(read: () => Promise<readonly QueueDepth[]>): void;
  render(): Promise<{ contentType: string; body: string }>;
}

const SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Uses a registry of its own, so that two instances in one process do not interfere. */
export const makeMetrics = (options: { process?: boolean } = {}): Metrics => {
  const registry = new Registry();
  const registers = [registry];
  if (options.process) collectDefaultMetrics({ register: registry });

  const http = new Histogram({
    name: 'crossdock_http_seconds',
    help: 'Time to answer a request',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: SECONDS,
    registers,
  });
  const job = new Histogram({
    name: 'crossdock_job_seconds',
    help: 'Time of one run of a job',
    labelNames: ['name'] as const,
    buckets: SECONDS,
    registers,
  });
  const jobFailures = new Counter({
    name: 'crossdock_job_failures_total',
    help: 'Runs of a job that failed, by the code of the failure',
    labelNames: ['name', 'code'] as const,
    registers,
  });
  const outbound = new Histogram({
    name: 'crossdock_outbound_seconds',
    help: 'Time of one call to a vendor, by class of status (none: no answer)',
    labelNames: ['connector', 'status'] as const,
    buckets: SECONDS,
    registers,
  });
  const webhooks = new Counter({
    name: 'crossdock_webhooks_total',
    help: 'Webhooks that came in, by what became of them',
    labelNames: ['connector', 'outcome'] as const,
    registers,
  });

  const readAgain = new Counter({
    name: 'crossdock_orders_read_again_total',
    help: 'Orders that were read again at their storefront before something that costs: one of them is one call or more',
    labelNames: ['connector'] as const,
    registers,
  });

  return {
    http: ({ method, route, status, ms }) => http.observe({ method, route, status }, ms / 1000),
    job({ name, ms, failure }) {
      job.observe({ name }, ms / 1000);
      if (failure !== null) jobFailures.inc({ name, code: failure });
    },
    outbound: ({ connector, status, ms }) => outbound.observe({ connector, status: classOf(status) }, ms / 1000),
    webhook: ({ connector, outcome }) => webhooks.inc({ connector, outcome }),
    orderReadAgain: (connector) => readAgain.inc({ connector }),
    queueDepths(read) {
      new Gauge({
        name: 'crossdock_queue_jobs',
        help: 'Jobs in each queue, by state',
        labelNames: ['queue', 'state'] as const,
        registers,
        async collect() {
          this.reset();
          for (const { queue, state, count } of await read()) this.set({ queue, state }, count);
        },
      });
    },
    render: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
};

const classOf = (status: number): string => (status === 0 ? 'none' : `${Math.floor(status / 100)}xx`);
