/**
 * Sends webhooks from a process of its own over keep-alive connections. A line of JSON in is one run, a line of JSON out its result.
 * Every request is built and signed before the run begins, and each has an order id and a delivery id of its own.
 */
import { createHmac } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { watchParent } from '#setup/parent-watch.mjs';
import { median, percentile } from './stats.ts';

watchParent();

const Run = z.object({
  url: z.string(),
  secret: z.string(),
  /** The first order id; the others follow. */
  from: z.number(),
  count: z.number(),
  connections: z.number(),
  /** Requests a second from a fixed timetable (open loop); null: as fast as the answers come. */
  perSecond: z.number().nullable(),
  bodyBytes: z.number(),
});
type Run = z.infer<typeof Run>;

const requestOf = ({ url, secret, bodyBytes }: Run, id: number): Buffer => {
  const { host, pathname } = new URL(url);
  const order = { id, number: String(id), status: 'processing', currency: 'GBP', note: '' };
  const body = JSON.stringify({ ...order, note: 'x'.repeat(Math.max(0, bodyBytes - JSON.stringify(order).length)) });
  const signature = createHmac('sha256', secret).update(body).digest('base64');
  return Buffer.from(
    `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n` +
      `user-agent: WooCommerce/10.7 Hookshot (WordPress/6.9)\r\nx-wc-webhook-topic: order.created\r\n` +
      `x-wc-webhook-resource: order\r\nx-wc-webhook-event: created\r\nx-wc-webhook-id: 1\r\n` +
      `x-wc-webhook-delivery-id: ${id}\r\nx-wc-webhook-signature: ${signature}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
};

/** One connection: a request at a time, its answer by content-length. */
const openWire = async (url: URL) => {
  const socket: Socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  let seen = '';
  let waiting: ((status: number) => void) | null = null;
  const answer = (status: number) => {
    const tell = waiting;
    waiting = null;
    tell?.(status);
  };
  socket.on('data', (chunk) => {
    seen += chunk.toString('latin1');
    const head = seen.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(seen.slice(0, head))?.[1] ?? 0);
    if (seen.length < head + 4 + length) return;
    const status = Number(seen.slice(9, 12));
    seen = seen.slice(head + 4 + length);
    answer(status);
  });
  socket.on('error', () => answer(0));
  socket.on('close', () => answer(0));
  return {
    send: (request: Buffer) =>
      new Promise<number>((resolve) => {
        waiting = resolve;
        socket.write(request);
      }),
    close: () => socket.destroy(),
  };
};

const play = async (run: Run) => {
  const requests = Array.from({ length: run.count }, (_, n) => requestOf(run, run.from + n));
  const wires = await Promise.all(Array.from({ length: run.connections }, () => openWire(new URL(run.url))));
  const latencies: number[] = [];
  const statuses: Record<string, number> = {};
  let next = 0;
  const started = performance.now();
  /** When request `n` is meant to leave; what has to wait for a free connection waits on its own account. */
  const dueAt = (n: number): number =>
    run.perSecond === null ? performance.now() : started + (n * 1_000) / run.perSecond;
  await Promise.all(
    wires.map(async (wire) => {
      for (let n = next++; n < requests.length; n = next++) {
        const due = dueAt(n);
        const early = due - performance.now();
        if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
        const status = await wire.send(requests[n] ?? Buffer.alloc(0));
        latencies.push(performance.now() - due);
        statuses[status] = (statuses[status] ?? 0) + 1;
      }
    }),
  );
  const seconds = (performance.now() - started) / 1_000;
  for (const wire of wires) wire.close();
  return { seconds, statuses, p50: median(latencies), p99: percentile(latencies, 0.99) };
};

createInterface({ input: process.stdin }).on('line', async (line) => {
  process.stdout.write(`result ${JSON.stringify(await play(Run.parse(JSON.parse(line))))}\n`);
});
process.stdout.write('ready\n');
