import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/**
 * A Lua script cached by Redis: its source is sent only to a Redis that does not know it yet. Runs atomically, like all
 * scripts.
 */
export const redisScript = (source: string) => {
  const sha = createHash('sha1').update(source).digest('hex');
  return async (redis: Redis, key: string, ...args: (string | number)[]): Promise<unknown> => {
    try {
      return await redis.evalsha(sha, 1, key, ...args);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return redis.eval(source, 1, key, ...args);
    }
  };
};
