import type { Clock } from '#domain/clock.ts';
import type { Limiter } from './client.ts';

/** The limits of one process, for tests and tools; the product's is in Redis and shared. Starts full. */
export const memoryLimiter = (clock: Clock): Limiter => {
  const buckets = new Map<string, { level: number; at: number }>();
  let closedUntil = 0;
  return {
    async take(limits, cost) {
      for (;;) {
        const now = clock.now();
        let wait = Math.max(0, closedUntil - now);
        for (const limit of limits) {
          const bucket = buckets.get(limit.name) ?? { level: limit.burst, at: now };
          bucket.level = Math.min(limit.burst, bucket.level + ((now - bucket.at) * limit.amount) / limit.perMs);
          bucket.at = now;
          buckets.set(limit.name, bucket);
          const need = Math.min(cost[limit.name] ?? 0, limit.burst);
          if (bucket.level < need)
            wait = Math.max(wait, Math.ceil(((need - bucket.level) * limit.perMs) / limit.amount));
        }
        if (wait === 0) {
          for (const limit of limits) {
            const bucket = buckets.get(limit.name);
            if (bucket) bucket.level -= Math.min(cost[limit.name] ?? 0, limit.burst);
          }
          return;
        }
        await clock.wait(wait);
      }
    },
    async observe(limit, available) {
      const bucket = buckets.get(limit.name);
      if (bucket) bucket.level = Math.min(bucket.level, available);
    },
    async pause(ms) {
      closedUntil = Math.max(closedUntil, clock.now() + ms);
    },
  };
};
