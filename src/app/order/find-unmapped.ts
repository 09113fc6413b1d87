import { everyPage } from '../every-page.ts';
import type { Ports } from '../ports.ts';

/** Orders that wait for an item to be known, a page of ids at a time: those without a plan, and those whose new plan lacks an offer. */
export const findUnmapped = async (
  { store }: Ports,
  workspaceId: string,
  each: { unplanned(orderIds: readonly string[]): Promise<void>; planned(orderIds: readonly string[]): Promise<void> },
): Promise<void> => {
  await everyPage(store.orders, workspaceId, { state: 'awaiting_mapping' }, (orders) =>
    each.unplanned(orders.map(({ _id }) => _id)),
  );
  await everyPage(store.exceptions, workspaceId, { cause: 'awaiting_mapping', state: 'open' }, (exceptions) =>
    each.planned(
      exceptions.flatMap(({ orderId, retry }) => (orderId && retry?.job === 'order.reconcile' ? [orderId] : [])),
    ),
  );
};
