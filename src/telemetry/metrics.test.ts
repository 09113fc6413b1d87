import { expect, it } from 'vitest';
import { makeMetrics } from './metrics.ts';

it('renders what was recorded, separately for each instance', async () => {
  const metrics = makeMetrics();
  metrics.http({ method: 'GET', route: '/orders/:id', status: 200, ms: 4 });
  metrics.job({ name: 'order.ingest', ms: 20, failure: null });
  metrics.job({ name: 'order.ingest', ms: 20, failure: 'unavailable' });
  metrics.outbound({ connector: 'acme', status: 429, ms: 9 });
  metrics.outbound({ connector: 'acme', status: 0, ms: 9 });
  metrics.webhook({ connector: 'acme', outcome: 'accepted' });
  metrics.orderReadAgain('acme');
  const { body, contentType } = await metrics.render();
  expect(contentType).toContain('text/plain');
  expect(body).toContain('crossdock_http_seconds_count{method="GET",route="/orders/:id",status="200"} 1');
  expect(body).toContain('crossdock_job_seconds_count{name="order.ingest"} 2');
  expect(body).toContain('crossdock_job_failures_total{name="order.ingest",code="unavailable"} 1');
  expect(body).toContain('crossdock_outbound_seconds_count{connector="acme",status="4xx"} 1');
  expect(body).toContain('crossdock_outbound_seconds_count{connector="acme",status="none"} 1');
  expect(body).toContain('crossdock_webhooks_total{connector="acme",outcome="accepted"} 1');
  expect(body).toContain('crossdock_orders_read_again_total{connector="acme"} 1');
  expect((await makeMetrics().render()).body).not.toContain('acme');
});

it('reads the queue depths each time, and forgets removed queues', async () => {
  const metrics = makeMetrics();
  let depths = [{ queue: 'inbound', state: 'waiting', count: 3 }];
  metrics.queueDepths(async () => depths);
  expect((await metrics.render()).body).toContain('crossdock_queue_jobs{queue="inbound",state="waiting"} 3');
  depths = [{ queue: 'bulk', state: 'delayed', count: 1 }];
  const { body } = await metrics.render();
  expect(body).toContain('crossdock_queue_jobs{queue="bulk",state="delayed"} 1');
  expect(body).not.toContain('inbound');
});
