import type { Redis } from 'ioredis';
import type { Clock } from '#domain/clock.ts';
import { Failure } from '#domain/failure.ts';
import type { Limit, Limiter } from '#kit';
import { redisScript } from './redis-script.ts';

export interface RedisLimiterOptions {
  redis: Redis;
  clock: Clock;
  /** One Redis hash holds all buckets of a connection, so that one script can read them all, also in a cluster. */
  key: string;
  /** How long `take` waits at most, in real milliseconds: so long a worker is held. Default 2,000. */
  maxWaitMs?: number;
}

// The caller passes the time, so that virtual time works. A bucket's own time never goes backwards: a worker whose
// clock is ahead brings forward at most that much refill, and one whose clock is behind waits until it has caught up.
// What the caller remembers of a bucket also limits it, so a Redis that lost its data does not allow a second burst.
const REFILL = `
local now = tonumber(ARGV[1])
local function refilled(i)
  local name, amount, per, burst = ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2]), tonumber(ARGV[i + 3])
  local knownLevel, knownAt = tonumber(ARGV[i + 4]), tonumber(ARGV[i + 5])
  local stored = redis.call('HMGET', KEYS[1], 'level:' .. name, 'at:' .. name)
  local level, at = tonumber(stored[1]) or burst, tonumber(stored[2]) or now
  if now > at then
    level = level + (now - at) * amount / per
    at = now
  end
  level = math.min(level, burst)
  if knownLevel then level = math.min(level, knownLevel + math.max(0, at - knownAt) * amount / per) end
  return name, level, at, per / amount
end
local function exact(n) return string.format('%.17g', n) end
local function store(name, level, at)
  redis.call('HSET', KEYS[1], 'level:' .. name, exact(level), 'at:' .. name, exact(at))
end
`;

/**
 * ARGV: now, seconds to keep, closed until as far as known, how long the caller would wait; then for each bucket: six
 * of REFILL, and the cost. A caller that would not wait so long gets a place in the queue of the short bucket, which
 * moves on as the bucket refills. Without places, all postponed callers would come back at the same moment and be
 * postponed again, and again.
 */
const take = redisScript(`${REFILL}
local closed = math.max(tonumber(redis.call('HGET', KEYS[1], 'closed') or '0'), tonumber(ARGV[3]))
local wait, buckets, answer, behind, short, each = math.max(0, closed - now), {}, {}, 0, '*', 0
for i = 5, #ARGV, 7 do
  local name, level, at, msEach = refilled(i)
  local cost = tonumber(ARGV[i + 6])
  if short == '*' then each = math.max(each, cost * msEach) end
  if level < cost then
    local needed = math.ceil((cost - level) * msEach + at - now)
    if needed >= wait then wait, short, each = needed, name, cost * msEach end
  end
  buckets[#buckets + 1] = { name, level, at, cost }
end
for _, bucket in ipairs(buckets) do
  local level = bucket[2]
  if wait == 0 then level = level - bucket[4] end
  store(bucket[1], level, bucket[3])
  answer[#answer + 1] = exact(level)
  answer[#answer + 1] = exact(bucket[3])
end
if wait > tonumber(ARGV[4]) then
  local place = math.max(now + wait, tonumber(redis.call('HGET', KEYS[1], 'line:' .. short) or '0'))
  redis.call('HSET', KEYS[1], 'line:' .. short, exact(place + each))
  behind = place - now - wait
end
redis.call('EXPIRE', KEYS[1], ARGV[2])
return { exact(wait), exact(closed), exact(behind), unpack(answer) }
`);

/** ARGV: now, seconds to keep, remaining capacity; then six of REFILL. */
const lower = redisScript(`${REFILL}
local name, level, at = refilled(4)
level = math.min(level, math.max(0, tonumber(ARGV[3])))
store(name, level, at)
redis.call('EXPIRE', KEYS[1], ARGV[2])
return { exact(level), exact(at) }
`);

/** ARGV: closed until, seconds to keep. */
const close = redisScript(`
local closed = math.max(tonumber(redis.call('HGET', KEYS[1], 'closed') or '0'), tonumber(ARGV[1]))
redis.call('HSET', KEYS[1], 'closed', string.format('%.17g', closed))
if redis.call('TTL', KEYS[1]) < tonumber(ARGV[2]) then redis.call('EXPIRE', KEYS[1], ARGV[2]) end
return closed
`);

const DAY_MS = 86_400_000;

/**
 * The limits of a connection, shared by all processes with the same key. Over any period of the clock they grant at
 * most `burst + period × amount / perMs` of each bucket. A call gets all its buckets or none. `take` waits on the clock
 * for what is at most `maxWaitMs` at the clock's rate, otherwise it throws `rate_limited` with the time until there is capacity, so that the job is
 * postponed and holds no worker. It throws `unavailable` if Redis does not answer. `observe` and `pause` are hints and
 * never throw, because they follow a response that must not be lost. A cost above the burst is charged as the burst.
 * Postponed callers get staggered times as capacity returns. These are no reservations: whoever comes first then is
 * served first.
 */
export const redisLimiter = ({ redis, clock, key, maxWaitMs = 2_000 }: RedisLimiterOptions): Limiter => {
  const known = new Map<string, { level: number; at: number }>();
  let closedUntil = 0;
  // Real seconds, although the clock may run slower: by then the bucket is full again anyway.
  const keepSeconds = (limits: readonly Limit[]): number => {
    const fullMs = Math.max(0, ...limits.map((limit) => (limit.burst * limit.perMs) / limit.amount));
    return Math.ceil((fullMs / Math.min(1, Math.max(clock.rate(), 0.01)) + DAY_MS) / 1_000);
  };
  const bucket = ({ name, amount, perMs, burst }: Limit): (string | number)[] => {
    const last = known.get(name);
    return [name, amount, perMs, burst, last?.level ?? '', last?.at ?? ''];
  };
  const remember = (name: string, level: unknown, at: unknown): void => {
    known.set(name, { level: Number(level), at: Number(at) });
  };

  /**
   * Returns the milliseconds until there is capacity (0 if granted) and the time that those ahead in the queue need.
   */
  const ask = async (
    limits: readonly Limit[],
    cost: Readonly<Record<string, number>>,
    waitLeftMs: number,
  ): Promise<{ wait: number; queueMs: number }> => {
    const charges = limits.flatMap((limit) => [...bucket(limit), Math.min(cost[limit.name] ?? 0, limit.burst)]);
    const now = Math.floor(clock.now());
    const answer = await take(redis, key, now, keepSeconds(limits), closedUntil, waitLeftMs, ...charges).catch(
      (error) => {
        throw new Failure('unavailable', 'The shared rate limits cannot be read: Redis does not answer', {
          cause: error,
        });
      },
    );
    const [wait, closed, queueMs, ...levels] = Array.isArray(answer) ? answer : [];
    closedUntil = Math.max(closedUntil, Number(closed));
    for (const [at, { name }] of limits.entries()) remember(name, levels[2 * at], levels[2 * at + 1]);
    return { wait: Number(wait), queueMs: Number(queueMs) };
  };

  return {
    async take(limits, cost) {
      let realLeftMs = maxWaitMs;
      for (;;) {
        const waitLeftMs = realLeftMs * clock.rate();
        const { wait, queueMs } = await ask(limits, cost, waitLeftMs);
        if (wait === 0) return;
        if (wait > waitLeftMs) {
          const retryAfterMs = Math.min(Math.ceil(wait + queueMs), DAY_MS);
          throw new Failure('rate_limited', `The limits of this connection leave no room for ${retryAfterMs} ms`, {
            retryAfterMs,
          });
        }
        realLeftMs -= wait / clock.rate();
        await clock.wait(wait);
      }
    },

    async observe(limit, available) {
      const now = Math.floor(clock.now());
      const last = known.get(limit.name);
      // The reported level is no lower than the one we know: no need to tell Redis.
      if (last && available >= last.level + (Math.max(0, now - last.at) * limit.amount) / limit.perMs) return;
      const answer = await lower(redis, key, now, keepSeconds([limit]), available, ...bucket(limit)).catch(() => null);
      if (Array.isArray(answer)) remember(limit.name, answer[0], answer[1]);
    },

    async pause(ms) {
      // A vendor that asks for eleven days is mistaken, or a person has to look at it: wait at most a day.
      const until = clock.now() + Math.min(Math.max(0, ms), DAY_MS);
      closedUntil = Math.max(closedUntil, until);
      await close(redis, key, Math.ceil(until), Math.ceil((2 * DAY_MS) / 1_000)).catch(() => null);
    },
  };
};
