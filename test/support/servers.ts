import { randomUUID } from 'node:crypto';

/** The Redis and the MongoDB of this test run; throws a sentence that says how to start them. */
export function servers(): { redisUrl: string; mongodbUri: string } {
  const { REDIS_URL: redisUrl, MONGODB_URI: mongodbUri } = process.env;
  if (!redisUrl || !mongodbUri) {
    throw new Error(
      'These tests need a Redis and a MongoDB: run `npm test -- <file>`, which starts both, or set REDIS_URL and MONGODB_URI.',
    );
  }
  return { redisUrl, mongodbUri };
}

/** The address of a database that nobody else uses, on the server of this run. */
export function freshDatabase(): string {
  const { mongodbUri } = servers();
  // A connection string may name several hosts, which URL does not read.
  const [, hosts, options = ''] = /^([a-z+]+:\/\/[^/?]+)(?:\/[^?]*)?(\?.*)?$/.exec(mongodbUri) ?? [];
  if (hosts === undefined) throw new Error(`MONGODB_URI is not a connection string: ${mongodbUri}`);
  return `${hosts}/test_${randomUUID().replaceAll('-', '')}${options}`;
}

/** A prefix for keys and queues that nobody else uses; it ends without a colon. */
export const freshRedisPrefix = (): string => `test-${randomUUID().slice(0, 13)}`;

/** Vitest calls this once before the first test that needs servers, so that the sentence appears once and at once. */
export function setup(): void {
  servers();
}
