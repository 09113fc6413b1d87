import { everyPage } from '../every-page.ts';
import type { Ports } from '../ports.ts';

/** Orders that wait for an item to be known, a page of ids at a time. */
export const findUnmapped = (
  { store }: Ports,
  workspaceId: string,
  each: (orderIds: readonly string[]) => Promise<void>,
): Promise<void> =>
  everyPage(store.orders, workspaceId, { state: 'awaiting_mapping' }, (orders) => each(orders.map(({ _id }) => _id)));
