import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { manualClock } from '#domain/clock.ts';
import { openSandboxDb } from './sandbox-db.ts';
import { type Delivery, serveSandbox, webhookCopies, webhookSender } from './sandbox-server.ts';

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

  it('end nothing when the outcome of one cannot be recorded: it is dropped, also by a later start, and the next is tried', async () => {
    const db = openSandboxDb();
    const kept = db.table<Partial<Delivery>>('hooks');
    // As a vendor's own book might say of a receiver that is gone, and as no version ever wrote it.
    kept.put('1', { url: 'http://127.0.0.1:1/', headers: {}, body: '{}' }, { a: '' });
    kept.put('2', {}, { a: '' });
    const start = () =>
      webhookSender({
        clock: manualClock(),
        db,
        table: 'hooks',
        retriesMs: [],
        tried({ headers }) {
          if (headers['x-known'] === undefined) throw new Error('no such receiver');
        },
      });
    const first = start();
    await expect.poll(() => first.counts().dropped).toBe(2);
    first.close();
    kept.put('3', {}, { a: '' });
    const second = start();
    second.enqueue('4', { url: 'http://127.0.0.1:1/', headers: { 'x-known': 'yes' }, body: '{}' });
    await expect.poll(() => second.counts().dropped).toBe(4);
    expect(second.waiting()).toBe(0);
    second.close();
    db.close();
  });
});

describe('copies of webhooks', () => {
  it('are sent of each delivery that is taken, and count as one', async () => {
    const db = openSandboxDb();
    const server = await serveSandbox({
      name: 'receiver',
      clock: manualClock(),
      db,
      before: [],
      routes: [{ method: 'POST', path: /^\/taken$/, handle: () => ({ status: 200 }) }],
      words: { tooMany: () => ({ status: 429 }), notFound: () => ({ status: 404 }), badJson: () => ({ status: 400 }) },
    });
    const sender = webhookSender({ clock: manualClock(), db, table: 'hooks', retriesMs: [] });
    webhookCopies(db).set(3);
    sender.enqueue('1', { url: `${server.url}/taken`, headers: {}, body: '{}' });
    sender.enqueue('2', { url: `${server.url}/refused`, headers: {}, body: '{}' });
    await expect.poll(() => sender.counts()).toEqual({ ok: 1, dropped: 1 });
    const paths = server.requests().map((request) => request.path);
    expect(paths.toSorted()).toEqual(['/refused', '/taken', '/taken', '/taken']);
    sender.close();
    await server.close();
    db.close();
  });
});

describe('a request', () => {
  it('that no answer can be made for loses its connection and ends nothing else; an odd path is a path', async () => {
    const db = openSandboxDb();
    const server = await serveSandbox({
      name: 'small',
      clock: manualClock(),
      db,
      before: [],
      routes: [{ method: 'GET', path: /^\/broken$/, handle: () => ({ status: 7 }) }],
      words: {
        tooMany: () => ({ status: 429 }),
        notFound: () => ({ status: 404 }),
        badJson: () => ({ status: 400 }),
      },
    });
    // As it is on the wire; fetch would tidy the path.
    const ask = (path: string): Promise<number | string> =>
      new Promise((resolve) => {
        request(server.url, { path, agent: false }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        })
          .on('error', () => resolve('lost'))
          .end();
      });
    expect(await ask('/broken')).toBe('lost');
    for (const path of ['//', '//x', '/%', '*', 'http://elsewhere.example/', '/ok'])
      expect([path, await ask(path)]).toEqual([path, 404]);
    await server.close();
    db.close();
  });
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
