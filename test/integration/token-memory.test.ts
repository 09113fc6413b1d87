import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '#domain/clock.ts';
import { Failure, isFailure } from '#domain/failure.ts';
import { makeSecrets } from '#runtime/secrets.ts';
import { makeTokenMemory, type StoredToken, type TokenStore } from '#runtime/token-memory.ts';
import { freshRedisPrefix, servers } from '../support/servers.ts';

const secrets = makeSecrets([Buffer.alloc(32, 3)]);
const connection = { workspaceId: 'w1', connectionId: 'c1' };
let redis: Redis[] = [];
beforeAll(() => {
  redis = [0, 1, 2].map(() => new Redis(servers().redisUrl, { maxRetriesPerRequest: 1 }));
});
afterAll(() => {
  for (const made of redis) made.disconnect();
});

const scene = (options: { lockMs?: number; maxWaitMs?: number } = {}) => {
  const clock = manualClock();
  const values = new Map<string, StoredToken>();
  const tokens: TokenStore = {
    get: async (key) => values.get(key) ?? null,
    put: async (key, value) => void values.set(key, value),
    delete: async (key) => void values.delete(key),
  };
  const prefix = freshRedisPrefix();
  // One for each process: they share the database and Redis, and nothing else.
  const workers = redis.map((own) => makeTokenMemory({ redis: own, clock, tokens, secrets, prefix, ...options }));
  const made: string[] = [];
  const make = async () => {
    const value = `token-${made.length + 1}`;
    made.push(value);
    await new Promise((resolve) => setImmediate(resolve));
    return { value, expiresAtMs: clock.now() + 60_000 };
  };
  const memory = (worker = 0) => {
    const own = workers[worker];
    if (!own) throw new Error('no such worker');
    return own.of(connection);
  };
  return { clock, values, made, make, memory, prefix };
};

describe('the tokens of a connection', () => {
  it('are made once when sixty callers of three processes ask at once', async () => {
    const { made, make, memory } = scene();
    const got = await Promise.all(Array.from({ length: 60 }, (_, index) => memory(index % 3).once('access', make)));
    expect(new Set(got)).toEqual(new Set(['token-1']));
    expect(made).toHaveLength(1);
  });

  it('are made again when their time is over, once', async () => {
    const { clock, made, make, memory } = scene();
    await memory().once('access', make);
    clock.advance(59_999);
    expect(await memory(1).once('access', make)).toBe('token-1');
    clock.advance(1);
    const got = await Promise.all([0, 1, 2].map((worker) => memory(worker).once('access', make)));
    expect(got).toEqual(['token-2', 'token-2', 'token-2']);
    expect(made).toHaveLength(2);
  });

  it('are stored sealed, each for its connection and key', async () => {
    const { values, make, memory } = scene();
    await memory().once('access', make);
    expect(JSON.stringify([...values])).not.toContain('token-1');
    const stored = values.get('c1:access');
    if (stored) values.set('c1:other', stored);
    expect(await memory().once('other', make)).toBe('token-2');
  });

  it('are replaced once when twenty operations were refused with the same one', async () => {
    const { made, make, memory } = scene();
    const operations = Array.from({ length: 20 }, (_, index) => memory(index % 3));
    await Promise.all(operations.map((operation) => operation.once('access', make)));
    const again = await Promise.all(
      operations.map(async (operation) => {
        await operation.forget('access');
        return operation.once('access', make);
      }),
    );
    expect(new Set(again)).toEqual(new Set(['token-2']));
    expect(made).toHaveLength(2);
  });

  it('hand on the failure of whoever makes them, and are made by the next who asks', async () => {
    const { make, memory } = scene();
    const refuse = async () => {
      throw new Failure('unauthorised', 'no');
    };
    await expect(memory().once('access', refuse)).rejects.toThrow('no');
    expect(await memory(1).once('access', make)).toBe('token-1');
  });

  it('are not overwritten by one who stood still until the lock was another’s', async () => {
    const { clock, make, memory, prefix } = scene();
    const slow = memory(0).once('access', async () => {
      // The lock runs out while this one stands still, and another worker makes a newer token.
      await redis[1]?.del(`${prefix}:making:c1:access`);
      expect(await memory(1).once('access', make)).toBe('token-1');
      return { value: 'stale', expiresAtMs: clock.now() + 60_000 };
    });
    expect(await slow).toBe('token-1');
    expect(await memory(2).once('access', make)).toBe('token-1');
  });

  it('are waited for in vain only so long', async () => {
    const { make, memory, prefix } = scene({ maxWaitMs: 30 });
    await redis[0]?.set(`${prefix}:making:c1:access`, 'somebody who died', 'PX', 60_000);
    const error = await memory()
      .once('access', make)
      .catch((thrown) => thrown);
    expect(isFailure(error, 'unavailable')).toBe(true);
  });

  it('are made by another when their maker died', async () => {
    const { make, memory, prefix } = scene();
    await redis[0]?.set(`${prefix}:making:c1:access`, 'somebody who died', 'PX', 40);
    expect(await memory().once('access', make)).toBe('token-1');
  });

  it('keep the lock as long as making takes', async () => {
    const { made, make, memory, prefix } = scene({ lockMs: 30 });
    const key = `${prefix}:making:c1:access`;
    const slow = memory(0).once('access', async () => {
      // Longer than the lock lives: waits until it has been extended several times.
      const us = await redis[0]?.get(key);
      const until = performance.now() + 120;
      while (performance.now() < until) expect(await redis[0]?.get(key)).toBe(us);
      return make();
    });
    expect(await Promise.all([slow, memory(1).once('access', make)])).toEqual(['token-1', 'token-1']);
    expect(made).toHaveLength(1);
  });
});
