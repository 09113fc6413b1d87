import type { InboxItem } from '#domain/records.ts';
import type { Ports } from '../ports.ts';

/** Webhooks that were acted on: nobody looks at them again. Those that were done with before stay as they are. */
export const finishDeliveries = async ({ store }: Pick<Ports, 'store'>, items: readonly InboxItem[]): Promise<void> => {
  const waiting = items.filter(({ state }) => state === 'new');
  await store.inbox.changeMany(
    waiting.map(({ _id: id }) => ({ id, guard: {}, changes: { state: 'done', dueAtMs: null } })),
  );
};
