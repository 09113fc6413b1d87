import { describe, expect, it } from 'vitest';
import { Failure } from '#domain/failure.ts';
import { currentContext, withContext } from './context.ts';
import { makeLog } from './log.ts';

const recorder = () => {
  const lines: string[] = [];
  return { lines, log: makeLog('debug', { write: (line) => lines.push(line) }) };
};

describe('the log', () => {
  it('has the context of the running work, across awaits, and nothing outside it', async () => {
    const { lines, log } = recorder();
    await withContext({ correlationId: 'c-1' }, async () => {
      await Promise.resolve();
      await withContext({ correlationId: 'c-1', workspaceId: 'w-1' }, async () =>
        log.info({ orderId: 'o-1' }, 'order.in'),
      );
    });
    log.info('idle');
    log.trace({ at: 1 }, 'below the level');
    expect(currentContext()).toBeUndefined();
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'info',
      event: 'order.in',
      orderId: 'o-1',
      correlationId: 'c-1',
      workspaceId: 'w-1',
    });
    expect(lines[1]).not.toContain('correlationId');
    expect(lines).toHaveLength(2);
  });

  it('writes no secret and no person, however deep', () => {
    const { lines, log } = recorder();
    const canaries = {
      headers: { Authorization: 'Bearer canary-1', 'X-Shopify-Access-Token': 'canary-2', cookie: 'canary-3' },
      connection: {
        credentials: { shop: 'canary-4' },
        api_key: 'canary-5',
        apiKey: 'canary-6',
        client_secret: 'canary-7',
      },
      order: {
        shipTo: { name: 'canary-8', line1: 'canary-9' },
        buyer: { id: 'canary-10' },
        contact: { name: 'canary-11' },
      },
      lines: [{ deliveryAddress: { city: 'canary-12' } }, { email: 'canary-13' }, { password: ['canary-14'] }],
      note: 'call with Bearer canary-15 at https://u:canary-16@host/x?access_token=canary-17 or canary-18@example.com',
      err: Object.assign(new Error('no: Bearer canary-19'), { config: { headers: { a: 'canary-20' } } }),
      body: Buffer.from('canary-21'),
    };
    log.warn(canaries, 'facts');
    log.child({ token: 'canary-22' }).warn({ name: 'order.ingest', orderId: 'kept' }, 'child');
    log.error(new Failure('rejected', 'kept message', { cause: { secret: 'canary-23' }, safe: { connector: 'acme' } }));
    expect(lines.join('')).not.toContain('canary');
    expect(lines[1]).toContain('"name":"order.ingest"');
    expect(lines[1]).toContain('kept');
    expect(lines[2]).toContain('kept message');
    expect(lines[2]).toContain('acme');
  });

  it('survives values that cannot be serialised', () => {
    const { lines, log } = recorder();
    const circular: Record<string, unknown> = { big: 10n };
    circular['self'] = circular;
    log.info(circular, 'odd canary-1@example.com');
    log.error(new Error('Bearer canary-2'));
    expect(lines[0]).toContain('"big":"10"');
    expect(lines.join('')).not.toContain('canary');
  });
});

it('is not held up by a graph without end', () => {
  const { lines, log } = recorder();
  const nodes = Array.from({ length: 60 }, (): Record<string, unknown> => ({}));
  for (const node of nodes) for (const [at, other] of nodes.entries()) node[`to${at}`] = other;
  log.info({ nodes }, 'graph');
  expect(lines[0]?.length).toBeLessThan(100_000);
});
