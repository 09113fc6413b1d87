import { advanceLeg } from '#jobs';
import type { Asked } from './route.ts';

/** Puts the legs of these orders that have not started yet on their way again, and `legIds`. */
export const wakeLegs = async (
  { app, deps, workspaceId }: Asked,
  orderIds: readonly string[],
  legIds: readonly string[] = [],
): Promise<void> => {
  const startable = await app.findStartable(workspaceId, orderIds);
  await deps.enqueueAll(
    advanceLeg,
    [...new Set([...legIds, ...startable])].map((legId) => ({ workspaceId, legId })),
  );
};
