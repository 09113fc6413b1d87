import { Failure } from '#domain/failure.ts';
import { clearBlock, findBlock, RECHECK_MS, reportBlock } from '../case/block.ts';
import { getReturn } from '../get.ts';
import type { Ports } from '../ports.ts';
import { getActiveConnection } from '../usable-connection.ts';

/** Pays a return of ours back at the storefront, once; the storefront then tells of it as of any refund. */
export const payReturn = async (
  ports: Ports,
  workspaceId: string,
  returnId: string,
): Promise<{ orderExternalId: string; connectionId: string } | null> => {
  const { store, gateway, clock } = ports;
  const wanted = await getReturn(ports, workspaceId, returnId);
  if (wanted.state !== 'wanted' || wanted.orderId === null) return null;
  const order = await store.orders.find(workspaceId, wanted.orderId);
  if (!order) throw new Failure('not_found', `order ${wanted.orderId} is gone`);
  const connection = await getActiveConnection(ports, workspaceId, wanted.connectionId);
  if (!connection.live)
    throw new Failure('rate_limited', `${connection.name} is not live yet: nothing is refunded`, {
      retryAfterMs: 60_000,
    });
  const left = order.totalMinor - order.refundedMinor;
  const { refundedMinor } = order;
  const refund = { currency: wanted.currency, minor: wanted.totalMinor, refundedMinor };
  const held = await findBlock(ports, workspaceId, 'refund', { orderId: order._id, refund });
  if (held) {
    await store.returns.change(returnId, { state: 'wanted' }, { dueAtMs: clock.now() + RECHECK_MS });
    await reportBlock(
      ports,
      held,
      { kind: 'return', id: returnId },
      { job: 'return.pay', payload: { workspaceId, returnId } },
    );
    return null;
  }
  await clearBlock(ports, workspaceId, returnId);
  if (wanted.currency !== order.currency)
    throw new Failure(
      'rejected',
      `return ${wanted.reference} is in ${wanted.currency}, order ${order.number} in ${order.currency}`,
      { safe: { field: 'currency' } },
    );
  if (wanted.totalMinor > left)
    throw new Failure(
      'rejected',
      `return ${wanted.reference} gives back more than the ${left} that order ${order.number} has left`,
      {
        safe: { field: 'totalMinor', left },
      },
    );
  const paid = await gateway.call(connection, 'refunds.create', {
    orderExternalId: order.externalId,
    reference: returnId,
    currency: order.currency,
    lines: wanted.lines.map((line) => ({
      lineExternalId: order.lines.find((l) => l.id === line.lineId)?.externalId ?? '',
      quantity: line.quantity,
      totalMinor: line.totalMinor,
      restock: line.restock,
    })),
    note: wanted.reason,
  });
  await store.returns.change(
    returnId,
    { state: 'wanted' },
    { state: 'refunded', externalId: paid.externalId, dueAtMs: clock.now() + ports.grace(), updatedAtMs: clock.now() },
  );
  return { orderExternalId: order.externalId, connectionId: connection._id };
};
