import type { Cause } from '#domain/exception.ts';
import { everyPage } from '../every-page.ts';
import type { Ports } from '../ports.ts';

/** How many exceptions are open of each cause; a cause of which none is, is not named. */
export const countExceptions = async (ports: Ports, workspaceId: string): Promise<ReadonlyMap<Cause, number>> => {
  const open = new Map<Cause, number>();
  await everyPage(ports.store.exceptions, workspaceId, { state: 'open' }, async (page) => {
    for (const { cause } of page) open.set(cause, (open.get(cause) ?? 0) + 1);
  });
  return open;
};
