import type { Ports } from '../ports.ts';

/** The legs of these orders that have not started yet: what they waited for may be there now. */
export const findStartable = async (
  { store }: Ports,
  workspaceId: string,
  orderIds: readonly string[],
): Promise<string[]> => {
  const legs = await Promise.all(
    [...new Set(orderIds)].map((orderId) => store.legs.list(workspaceId, { orderId }, { limit: 1_000 })),
  );
  return legs.flat().flatMap(({ _id, state }) => (state === 'planned' || state === 'awaiting' ? [_id] : []));
};
