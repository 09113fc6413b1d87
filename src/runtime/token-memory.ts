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

/** Stores tokens beyond the life of a process. Receives sealed values only. */
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
  /** Prefix of the lock's key. Default `crossdock`. */
  prefix?: string;
  /** Real time until a lock expires whose holder died or hangs. Default 10,000. */
  lockMs?: number;
  /** Real time that a caller waits for another caller's value before it throws `unavailable`. Default 60,000. */
  maxWaitMs?: number;
}

export interface TokenMemory {
  /**
   * The memory of a connection for one operation. Use a new one for each operation: `forget` only drops the value that
   * this one returned, so that twenty operations refused with the same old token cause one new token, not twenty.
   */
  of(connection: { workspaceId: string; connectionId: string }): Memory;
}

const extend = redisScript(
  `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0`,
);
const release = redisScript(
  `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`,
);

interface OpenToken {
  sealed: string;
  value: string;
}

/**
 * The kit's Memory shared by all workers. One caller at a time runs `make`, however many processes there are; the
 * others wait for its value. Values are sealed before they leave the process. A holder that hung for longer than the
 * lock lives notices that it lost the lock and takes the other caller's value instead of storing its own. Throws what
 * `make` threw, and `unavailable` if Redis does not answer.
 */
export const makeTokenMemory = (options: TokenMemoryOptions): TokenMemory => {
  const { redis, clock, tokens, secrets, prefix = 'crossdock', lockMs = 10_000, maxWaitMs = 60_000 } = options;
  /** Coalesces the callers of this process: one of them goes to Redis for all. */
  const flights = new Map<string, Promise<OpenToken>>();

  const valid = async (id: string, place: Place): Promise<OpenToken | null> => {
    const stored = await tokens.get(id);
    if (!stored || stored.expiresAtMs <= clock.now()) return null;
    try {
      return { sealed: stored.sealed, value: secrets.open(stored.sealed, place) };
    } catch {
      // Sealed with a key that no longer exists: make a new token.
      return null;
    }
  };

  /** Runs `work` under the lock, or returns what `meanwhile` finds while waiting for it. */
  const underLock = async <T>(
    id: string,
    meanwhile: () => Promise<T | null>,
    work: (stillOurs: () => Promise<boolean>) => Promise<T | null>,
  ): Promise<T> => {
    const key = `${prefix}:making:${id}`;
    const us = randomUUID();
    const giveUpAt = performance.now() + maxWaitMs;
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

  const obtain = (id: string, place: Place, make: Parameters<Memory['once']>[1]): Promise<OpenToken> =>
    underLock(
      id,
      () => valid(id, place),
      async (stillOurs) => {
        const already = await valid(id, place);
        if (already) return already;
        const made = await make();
        const token = { sealed: secrets.seal(made.value, place), expiresAtMs: made.expiresAtMs };
        // Checked after `make`: another process may have taken the lock and stored a newer value. The check extends the
        // lock for the write.
        if (!(await stillOurs())) return null;
        await tokens.put(id, token);
        return { sealed: token.sealed, value: made.value };
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
          return token.value;
        },

        async forget(key) {
          const id = idOf(key);
          const ours = given.get(key);
          /**
           * True once the refused value has been removed. Checked again under the lock, where nobody can replace it.
           */
          const isGone = async (): Promise<true | null> => {
            const stored = await tokens.get(id);
            return !stored || (ours !== undefined && stored.sealed !== ours) ? true : null;
          };
          if (await isGone()) return;
          await underLock(id, isGone, async () => {
            if (!(await isGone())) await tokens.delete(id);
            return true;
          });
        },
      };
    },
  };
};
