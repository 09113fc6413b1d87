import { describe, expect, it } from 'vitest';
import { manualClock } from '#domain/clock.ts';
import { openSandboxDb } from './sandbox-db.ts';
import { serveSandbox, webhookSender } from './sandbox-server.ts';

describe('a sandbox’s webhooks', () => {
  it.each(['https://127.0.0.1:1/hook', 'http://127.0.0.1:1/hook', 'nonsense', 'ftp://127.0.0.1/x'])(
    'a delivery to %s that cannot be made is a failed one, and the next is tried',
    async (url) => {
      const db = openSandboxDb();
      const sender = webhookSender({ clock: manualClock(), db, table: 'hooks', retriesMs: [], timeoutMs: 500 });
      sender.enqueue('1', { url, headers: {}, body: '{}' });
      sender.enqueue('2', { url, headers: {}, body: '{}' });
      await expect.poll(() => sender.counts().dropped).toBe(2);
      expect(sender.waiting()).toBe(0);
      sender.close();
      db.close();
    },
  );
});

describe('a planned fault', () => {
  it('says how often it was met, and is met by what it names alone', async () => {
    const db = openSandboxDb();
    const server = await serveSandbox({
      name: 'small',
      clock: manualClock(),
      db,
      before: [],
      routes: [{ method: 'GET', path: /./, handle: () => ({ status: 200, body: 'ok' }) }],
      words: {
        tooMany: () => ({ status: 429 }),
        notFound: () => ({ status: 404 }),
        badJson: () => ({ status: 400 }),
      },
    });
    const planned = server.faults.next('500', { path: /^\/a$/, times: 2 });
    const statusOf = async (path: string) => (await fetch(`${server.url}${path}`)).status;
    expect([await statusOf('/b'), planned.met()]).toEqual([200, 0]);
    expect([await statusOf('/a'), planned.met()]).toEqual([500, 1]);
    expect([await statusOf('/a'), await statusOf('/a'), planned.met()]).toEqual([500, 200, 2]);
    await server.close();
    db.close();
  });
});
