import { createServer, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { isFailure } from '#domain/failure.ts';
import { followClock, makeWorldClock } from './virtual-clock.ts';

const START = Date.UTC(2026, 0, 5);
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const world = async (options: { rate?: number; port?: number; startMs?: number } = {}) => {
  const made = await makeWorldClock({ startMs: START, ...options });
  ends.push(made.close);
  return made;
};
const follow = async (url: string) => {
  const clock = await followClock(url, { retryMs: 5 });
  ends.push(clock.close);
  return clock;
};

/** A server whose ticks are sent by the test. */
const ticker = async () => {
  let reader: ServerResponse | undefined;
  let connected = Promise.withResolvers<void>();
  const server = createServer((_request, response) => {
    reader = response;
    response.writeHead(200).flushHeaders();
    connected.resolve();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    connection: () => connected.promise,
    tick: (nowMs: number, rate: number) => reader?.write(`${JSON.stringify({ nowMs, rate })}\n`),
    write: (text: string) => reader?.write(text),
    cut() {
      connected = Promise.withResolvers();
      reader?.destroy();
    },
  };
};

describe('a followed clock', () => {
  it('waits in the time of the world, at any rate', async () => {
    const { clock, url } = await world({ rate: 1_000_000 });
    const here = await follow(url);
    const before = here.now();
    await here.wait(86_400_000);
    expect(here.now() - before).toBeGreaterThanOrEqual(86_400_000);
    expect(here.now()).toBeLessThanOrEqual(clock.now() + 100 * 1_000_000);
    expect(here.rate()).toBe(1_000_000);
  });

  it('stops with the world, and follows its jumps in the order of the waits', async () => {
    const { clock, url, advanceTo } = await world({ rate: 0 });
    const here = await follow(url);
    expect(here.now()).toBe(START);
    const woken: string[] = [];
    const waits = [
      here.wait(2_000).then(() => woken.push('second')),
      here.wait(1_000).then(() => woken.push('first')),
      clock.wait(1_500).then(() => woken.push('at home')),
    ];
    advanceTo(START + 5_000);
    await Promise.all(waits);
    expect(woken.indexOf('first')).toBeLessThan(woken.indexOf('second'));
    expect(here.now()).toBe(START + 5_000);
    advanceTo(START);
    expect(clock.now()).toBe(START + 5_000);
  });

  it('never goes backwards and never far beyond the last tick', async () => {
    const server = await ticker();
    const following = follow(server.url);
    await server.connection();
    server.tick(START + 1_000, 10);
    const here = await following;
    const seen = [here.now()];
    server.tick(START + 500, 0);
    server.tick(START + 60_000, 0);
    await here.wait(50_000);
    seen.push(here.now(), here.now());
    expect(seen[0]).toBeGreaterThanOrEqual(START + 1_000);
    expect(seen[0]).toBeLessThanOrEqual(START + 1_000 + 100 * 10);
    expect(seen.slice(1)).toEqual([START + 60_000, START + 60_000]);
  });

  it('stops when the connection is lost and continues when it is back', async () => {
    const server = await ticker();
    const following = follow(server.url);
    await server.connection();
    server.tick(START, 0);
    const here = await following;
    server.write('{"nowMs":');
    server.cut();
    await server.connection();
    expect(here.now()).toBe(START);
    const wait = here.wait(10);
    server.tick(START + 10, 0);
    await wait;
    expect(here.now()).toBe(START + 10);
  });

  it('ends waits by their signal, and all of them when it is closed', async () => {
    const { url } = await world({ rate: 0 });
    const here = await follow(url);
    const stop = new AbortController();
    const wait = here.wait(1, stop.signal);
    const other = here.wait(1);
    stop.abort(new Error('enough'));
    await expect(wait).rejects.toThrow('enough');
    here.close();
    await expect(other).rejects.toThrow('closed');
  });

  it('fails when nobody answers', async () => {
    const { url, close } = await world();
    await close();
    const error = await followClock(url, { retryMs: 1, firstTickTimeoutMs: 20 }).catch((thrown) => thrown);
    expect(isFailure(error, 'unavailable')).toBe(true);
  });

  it('changes its rate with the world', async () => {
    const { url, setRate, clock } = await world({ rate: 0 });
    const here = await follow(url);
    const wait = here.wait(3_600_000);
    setRate(3_600_000);
    await wait;
    expect(here.now()).toBeGreaterThanOrEqual(START + 3_600_000);
    setRate(0);
    expect(clock.now()).toBe(clock.now());
  });
});
