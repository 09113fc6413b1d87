import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '#domain/clock.ts';
import { isFailure } from '#domain/failure.ts';
import type { Limit, Limiter } from '#kit';
import { redisLimiter } from '#runtime/rate-limiter.ts';
import { freshRedisPrefix, servers } from '../support/servers.ts';

const clients: Redis[] = [];
const client = (): Redis => {
  const made = new Redis(servers().redisUrl, { maxRetriesPerRequest: 1 });
  clients.push(made);
  return made;
};
let one: Redis;
let two: Redis;
beforeAll(() => {
  one = client();
  two = client();
});
afterAll(() => {
  for (const made of clients) made.disconnect();
});

const requests: Limit = { name: 'requests', amount: 2, perMs: 1_000, burst: 5 };
const points: Limit = { name: 'points', amount: 50, perMs: 1_000, burst: 100 };

/** Milliseconds until there is room, or 0 when granted. */
const tryTake = async (limiter: Limiter, limits: readonly Limit[], cost: Record<string, number>): Promise<number> => {
  try {
    await limiter.take(limits, cost);
    return 0;
  } catch (error) {
    if (isFailure(error, 'rate_limited')) return error.retryAfterMs ?? 0;
    throw error;
  }
};

describe('the shared limits', () => {
  it('never grant more than burst + rate × window, whoever asks and however the clock moves', async () => {
    const step = fc.oneof(
      fc.record({ advance: fc.integer({ min: 1, max: 3_000 }) }),
      fc.record({ by: fc.nat(3), cost: fc.integer({ min: 1, max: 60 }), times: fc.integer({ min: 1, max: 6 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const clock = manualClock();
        const key = freshRedisPrefix();
        const limiters = [one, two, one, two].map((redis) => redisLimiter({ redis, clock, key, maxWaitMs: 0 }));
        const grants: { at: number; points: number }[] = [];
        for (const next of steps) {
          if ('advance' in next) {
            clock.advance(next.advance);
            continue;
          }
          const asking = Array.from({ length: next.times }, (_, index) => limiters[(next.by + index) % 4]);
          await Promise.all(
            asking.map(async (limiter) => {
              if (limiter && (await tryTake(limiter, [requests, points], { requests: 1, points: next.cost })) === 0)
                grants.push({ at: clock.now(), points: next.cost });
            }),
          );
        }
        for (const [from, first] of grants.entries())
          for (let to = from; to < grants.length; to += 1) {
            const window = grants.slice(from, to + 1);
            const seconds = ((window.at(-1)?.at ?? 0) - first.at) / 1_000;
            expect(window.length).toBeLessThanOrEqual(5 + 2 * seconds + 1e-6);
            const spent = window.reduce((sum, grant) => sum + grant.points, 0);
            expect(spent).toBeLessThanOrEqual(100 + 50 * seconds + 1e-6);
          }
      }),
      { numRuns: 40 },
    );
  });

  it('grant all that the limit allows to greedy workers', async () => {
    const clock = manualClock();
    const key = freshRedisPrefix();
    const limiters = [one, two].map((redis) => redisLimiter({ redis, clock, key, maxWaitMs: 0 }));
    let granted = 0;
    for (let second = 0; second < 60; second += 1) {
      for (const limiter of limiters)
        for (let attempt = 0; attempt < 4; attempt += 1)
          if ((await tryTake(limiter, [requests], { requests: 1 })) === 0) granted += 1;
      clock.advance(1_000);
    }
    expect(granted).toBe(5 + 59 * 2);
  });

  it('charge all buckets of a call or none', async () => {
    const clock = manualClock();
    const limiter = redisLimiter({ redis: one, clock, key: freshRedisPrefix(), maxWaitMs: 0 });
    expect(await tryTake(limiter, [requests, points], { requests: 1, points: 90 })).toBe(0);
    expect(await tryTake(limiter, [requests, points], { requests: 1, points: 90 })).toBe(1_600);
    // The refused call took no request: four are left.
    for (let call = 0; call < 4; call += 1) expect(await tryTake(limiter, [requests], { requests: 1 })).toBe(0);
    expect(await tryTake(limiter, [requests], { requests: 1 })).toBe(500);
  });

  it('wait on the clock for what is near, and put off what is far', async () => {
    const clock = manualClock();
    const limiter = redisLimiter({ redis: one, clock, key: freshRedisPrefix(), maxWaitMs: 600 });
    await limiter.take([requests], { requests: 5 });
    const waiting = limiter.take([requests], { requests: 1 });
    const done = waiting.then(() => clock.now());
    const start = clock.now();
    // The wait begins when Redis has answered; a second call's answer comes after the first one's.
    expect(await tryTake(limiter, [requests], { requests: 2 })).toBe(1_000);
    clock.advance(500);
    expect((await done) - start).toBe(500);
  });

  it('hold a worker by real time: a fast clock is waited for longer, and one that stands still not at all', async () => {
    const clock = manualClock();
    const at = (rate: number) =>
      redisLimiter({ redis: one, clock: { ...clock, rate: () => rate }, key: freshRedisPrefix(), maxWaitMs: 10 });
    const fast = at(100);
    await fast.take([requests], { requests: 5 });
    const waiting = fast.take([requests], { requests: 1 }).then(() => clock.now());
    const start = clock.now();
    expect(await tryTake(fast, [requests], { requests: 3 })).toBe(1_500);
    clock.advance(500);
    expect((await waiting) - start).toBe(500);
    const still = at(0);
    await still.take([requests], { requests: 5 });
    expect(await tryTake(still, [requests], { requests: 1 })).toBe(500);
  });

  it('tell those who are put off times one after the other, so that they do not all come back at once', async () => {
    const clock = manualClock();
    const key = freshRedisPrefix();
    const limiters = [one, two].map((redis) => redisLimiter({ redis, clock, key, maxWaitMs: 0 }));
    const [mine] = limiters;
    if (mine) await mine.take([requests], { requests: 5 });
    const told: number[] = [];
    for (let call = 0; call < 6; call += 1)
      for (const limiter of limiters) told.push(await tryTake(limiter, [requests], { requests: 1 }));
    expect(told).toEqual(Array.from({ length: 12 }, (_, place) => 500 + place * 500));
    // The line moves on with the clock, and is gone when it has passed.
    clock.advance(3_000);
    expect(mine && (await tryTake(mine, [requests], { requests: 5 }))).toBe(0);
    expect(mine && (await tryTake(mine, [requests], { requests: 1 }))).toBe(500 + 3_000);
    clock.advance(60_000);
    expect(mine && (await tryTake(mine, [requests], { requests: 5 }))).toBe(0);
    expect(mine && (await tryTake(mine, [requests], { requests: 1 }))).toBe(500);
  });

  it('charge a cost above the burst as the burst, and ignore what has no bucket', async () => {
    const clock = manualClock();
    const limiter = redisLimiter({ redis: one, clock, key: freshRedisPrefix(), maxWaitMs: 0 });
    expect(await tryTake(limiter, [requests], { requests: 99, rows: 1_000 })).toBe(0);
    expect(await tryTake(limiter, [requests], { requests: 99 })).toBe(2_500);
  });

  it('let nobody call while the vendor asks for a pause', async () => {
    const clock = manualClock();
    const key = freshRedisPrefix();
    const [mine, theirs] = [one, two].map((redis) => redisLimiter({ redis, clock, key, maxWaitMs: 0 }));
    await mine?.pause(30_000);
    await mine?.pause(10_000);
    expect(theirs && (await tryTake(theirs, [requests], { requests: 1 }))).toBe(30_000);
    clock.advance(30_000);
    expect(theirs && (await tryTake(theirs, [requests], { requests: 1 }))).toBe(0);
    await mine?.pause(999_999_000);
    expect(theirs && (await tryTake(theirs, [requests], { requests: 1 }))).toBe(86_400_000);
  });

  it('go down to what the vendor says is left, and never up', async () => {
    const clock = manualClock();
    const key = freshRedisPrefix();
    const [mine, theirs] = [one, two].map((redis) => redisLimiter({ redis, clock, key, maxWaitMs: 0 }));
    await mine?.observe(requests, 1);
    await mine?.observe(requests, 400);
    expect(theirs && (await tryTake(theirs, [requests], { requests: 1 }))).toBe(0);
    expect(theirs && (await tryTake(theirs, [requests], { requests: 1 }))).toBe(500);
  });

  it('go down by what a vendor says between two calls of one who knows them, and only then', async () => {
    const clock = manualClock();
    const key = freshRedisPrefix();
    const [mine, theirs] = [one, two].map((redis) => redisLimiter({ redis, clock, key, maxWaitMs: 0 }));
    expect(mine && (await tryTake(mine, [requests], { requests: 1 }))).toBe(0);
    const left = requests.burst - 1;
    await mine?.observe(requests, left);
    await mine?.observe(requests, left + 50);
    expect(theirs && (await tryTake(theirs, [requests], { requests: left - 2 }))).toBe(0);
    // Two are left in truth; who has not asked since knows of more, and what the vendor says is less than that.
    await mine?.observe(requests, 1);
    expect(theirs && (await tryTake(theirs, [requests], { requests: 1 }))).toBe(0);
    expect(theirs && (await tryTake(theirs, [requests], { requests: 1 }))).toBeGreaterThan(0);
  });

  it('do not give the burst twice to one who remembers when Redis loses its data', async () => {
    const clock = manualClock();
    const key = freshRedisPrefix();
    const limiter = redisLimiter({ redis: one, clock, key, maxWaitMs: 0 });
    await limiter.take([requests], { requests: 5 });
    await limiter.pause(400);
    await one.del(key);
    clock.advance(399);
    expect(await tryTake(limiter, [requests], { requests: 1 })).toBe(101);
    clock.advance(101);
    expect(await tryTake(limiter, [requests], { requests: 1 })).toBe(0);
    expect(await tryTake(limiter, [requests], { requests: 1 })).toBe(500);
  });

  it('bring at most the stretch forward by which one worker’s clock runs ahead', async () => {
    const key = freshRedisPrefix();
    const [right, ahead] = [manualClock(0), manualClock(2_000)];
    const mine = redisLimiter({ redis: one, clock: right, key, maxWaitMs: 0 });
    const theirs = redisLimiter({ redis: two, clock: ahead, key, maxWaitMs: 0 });
    let granted = 0;
    for (let round = 0; round < 20; round += 1)
      for (const limiter of [mine, theirs])
        if ((await tryTake(limiter, [requests], { requests: 1 })) === 0) granted += 1;
    expect(granted).toBeLessThanOrEqual(5 + 2 * 2);
  });

  it('forget a bucket only after days', async () => {
    const key = freshRedisPrefix();
    await redisLimiter({ redis: one, clock: manualClock(), key }).take([requests], { requests: 1 });
    expect(await one.ttl(key)).toBeGreaterThan(86_000);
  });

  it('fail as unavailable without Redis, but never lose an answer that came in', async () => {
    const gone = new Redis({ port: 1, lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
    gone.on('error', () => {});
    clients.push(gone);
    const limiter = redisLimiter({ redis: gone, clock: manualClock(), key: 'none' });
    const error = await limiter.take([requests], { requests: 1 }).catch((thrown) => thrown);
    expect(isFailure(error, 'unavailable')).toBe(true);
    await limiter.observe(requests, 1);
    await limiter.pause(1_000);
  });
});
