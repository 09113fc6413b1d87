import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Clock } from '#domain/clock.ts';
import { Failure } from '#domain/failure.ts';
import type { Memory } from '#kit';
import { redisScript } from './redis-script.ts';
import type { Place, Secrets } from './secrets.ts';

export interface StoredToken {
  sealed: string;
  expiresAtMs: number;
}

/** Where tokens outlive a process. Sees sealed values only. */
export interface TokenStore {
  get(key: string): Promise<StoredToken | null>;
  put(key: string, value: StoredToken): Promise<void>;
  delete(key: string): Promise<void>;
}

export interface TokenMemoryOptions {
  redis: Redis;
  clock: Clock;
  tokens: TokenStore;
  secrets: Secrets;
  /** In front of the lock's key. Default `crossdock`. */
  prefix?: string;
  /** Real time that a lock outlives a holder which died or stands still. Default 10,000. */
  lockMs?: number;
  /** Real time that a caller waits for another's value before it throws `unavailable`. Default 60,000. */
  patienceMs?: number;
}

export interface TokenMemory {
  /**
   * A connection's memory for one operation. Take a new one for each: `forget` drops only the value that this one gave
   * out, so that twenty operations which are refused with the same old token lead to one new token, not twenty.
   */
  of(connection: { workspaceId: string; connectionId: string }): Memory;
}

const extend = redisScript(
  `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0`,
);
const release = redisScript(
  `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`,
);

/**
 * The kit's Memory over all workers: `make` is run by one caller at a time whatever the number of processes, the others
 * wait for its value; values are sealed before they leave the process. A holder that stood still for longer than the lock
 * lives finds it lost and takes the other's value instead of storing its own. Throws what `make` threw, and
 * `unavailable` when Redis does not answer.
 */
export const makeTokenMemory = (options: TokenMemoryOptions): TokenMemory => {
  const { redis, clock, tokens, secrets, prefix = 'crossdock', lockMs = 10_000, patienceMs = 60_000 } = options;
  /** One caller of this process goes to Redis for all of them. */
  const flights = new Map<string, Promise<StoredToken>>();

  const valid = async (id: string, place: Place): Promise<StoredToken | null> => {
    const stored = await tokens.get(id);
    if (!stored || stored.expiresAtMs <= clock.now()) return null;
    try {
      secrets.open(stored.sealed, place);
      return stored;
    } catch {
      // Sealed with a key that is gone: a token can be made again.
      return null;
    }
  };

  /** Runs `work` while nobody else does, or gives what `meanwhile` finds while waiting. */
  const alone = async <T>(
    id: string,
    meanwhile: () => Promise<T | null>,
    work: (stillOurs: () => Promise<boolean>) => Promise<T | null>,
  ): Promise<T> => {
    const key = `${prefix}:making:${id}`;
    const us = randomUUID();
    const giveUpAt = performance.now() + patienceMs;
    for (let pauseMs = 10; performance.now() < giveUpAt; pauseMs = Math.min(200, pauseMs * 2)) {
      const got = await redis.set(key, us, 'PX', lockMs, 'NX').catch((error) => {
        throw new Failure('unavailable', 'The shared lock cannot be taken: Redis does not answer', { cause: error });
      });
      if (got === 'OK') {
        const stillOurs = async (): Promise<boolean> => (await extend(redis, key, us, lockMs).catch(() => 0)) === 1;
        const beat = setInterval(() => void stillOurs(), lockMs / 3);
        try {
          const done = await work(stillOurs);
          if (done !== null) return done;
        } finally {
          clearInterval(beat);
          await release(redis, key, us).catch(() => 0);
        }
      }
      const found = await meanwhile();
      if (found !== null) return found;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    throw new Failure('unavailable', 'Another worker has been making this connection’s token for too long');
  };

  const obtain = (id: string, place: Place, make: Parameters<Memory['once']>[1]): Promise<StoredToken> =>
    alone(
      id,
      () => valid(id, place),
      async (stillOurs) => {
        const already = await valid(id, place);
        if (already) return already;
        const made = await make();
        const token = { sealed: secrets.seal(made.value, place), expiresAtMs: made.expiresAtMs };
        // Asked after `make`: whoever took the lock meanwhile may have stored a newer one. Extends it for the write.
        if (!(await stillOurs())) return null;
        await tokens.put(id, token);
        return token;
      },
    );

  return {
    of({ workspaceId, connectionId }) {
      const given = new Map<string, string>();
      const idOf = (key: string): string => `${connectionId}:${key}`;
      return {
        async once(key, make) {
          const id = idOf(key);
          const place = { workspaceId, collection: 'tokens', documentId: connectionId, field: key };
          let token = await valid(id, place);
          if (!token) {
            const flight = flights.get(id) ?? obtain(id, place, make).finally(() => flights.delete(id));
            flights.set(id, flight);
            token = await flight;
          }
          given.set(key, token.sealed);
          return secrets.open(token.sealed, place);
        },

        async forget(key) {
          const id = idOf(key);
          const ours = given.get(key);
          /** True once the refused value is no longer there; asked again under the lock, where nobody replaces it meanwhile. */
          const isGone = async (): Promise<true | null> => {
            const stored = await tokens.get(id);
            return !stored || (ours !== undefined && stored.sealed !== ours) ? true : null;
          };
          if (await isGone()) return;
          await alone(id, isGone, async () => {
            if (!(await isGone())) await tokens.delete(id);
            return true;
          });
        },
      };
    },
  };
};
