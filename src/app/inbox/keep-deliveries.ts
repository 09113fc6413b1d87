import { Failure } from '#domain/failure.ts';
import type { InboxItem } from '#domain/records.ts';
import type { Ports } from '../ports.ts';

/** Writes webhooks down, each once by its delivery: the ids that are new. Throws `unavailable` when none is known to be written. */
export const keepDeliveries = async ({ store }: Ports, items: readonly InboxItem[]): Promise<ReadonlySet<string>> => {
  const unique = [...new Map(items.map((item) => [item._id, item])).values()];
  return store.inbox.insertMany(unique).catch((cause: unknown) => {
    throw new Failure('unavailable', 'the inbox cannot be written', { cause });
  });
};
