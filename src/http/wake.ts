import { advanceLeg } from '#jobs';
import type { Asked } from './route.ts';

/** Puts the legs of these orders, and `legIds`, on their way again: those that have not started yet. */
export const wakeLegs = async (
  { store, deps, workspaceId }: Asked,
  orderIds: readonly string[],
  legIds: readonly string[] = [],
): Promise<void> => {
  const legs = await Promise.all(
    [...new Set(orderIds)].map((orderId) => store.legs.list(workspaceId, { orderId }, { limit: 1_000 })),
  );
  const woken = legs.flat().filter((leg) => leg.state === 'planned' || leg.state === 'awaiting');
  const ids = new Set([...legIds, ...woken.map((leg) => leg._id)]);
  await deps.enqueueAll(
    advanceLeg,
    [...ids].map((legId) => ({ workspaceId, legId })),
  );
};
