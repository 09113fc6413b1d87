import type { Actor } from '#domain/actor.ts';
import { isFailure } from '#domain/failure.ts';
import { noted } from '#domain/move.ts';
import type { Order } from '#domain/order.ts';
import { changeOrder } from '../change.ts';
import { openException } from '../exception/open.ts';
import { getOrder } from '../get.ts';
import type { Ports } from '../ports.ts';
import { getActiveConnection } from '../usable-connection.ts';

/**
 * Tells the storefront that an order is cancelled: once, and only for requests that wish it and are confirmed. A storefront that cannot
 * be told, or refuses, becomes an exception for a person; the order does not wait for it.
 */
export const tellCancelled = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, orderId }: { workspaceId: string; orderId: string },
): Promise<Order> => {
  const order = await getOrder(ports, workspaceId, orderId);
  const open = order.cancels.filter(
    (request) => request.tellStorefront && !request.told && request.state === 'confirmed',
  );
  const [first] = open;
  if (!first) return order;
  const connection = await getActiveConnection(ports, workspaceId, order.connectionId);
  const trouble = async (why: string) =>
    openException(ports, actor, {
      workspaceId,
      cause: 'storefront_not_told',
      subject: { kind: 'order', id: orderId },
      orderId,
      detail: `Order ${order.number} is cancelled here and not at the storefront: ${why}`,
      retry: null,
    });
  if (!ports.gateway.can(connection, 'orders.cancel')) await trouble(`${connection.name} cannot be told by us`);
  else
    try {
      const answer = await ports.gateway.call(connection, 'orders.cancel', {
        externalId: order.externalId,
        reference: first.id,
        reason: 'other',
        note: first.note,
        notify: true,
        restock: false,
      });
      if (!answer.cancelled) await trouble(answer.reason || 'the storefront refuses it');
    } catch (error) {
      if (!isFailure(error, 'rejected', 'conflict', 'not_found', 'forbidden')) throw error;
      await trouble(error.message);
    }
  const told = new Set(open.map(({ id }) => id));
  return changeOrder(ports, workspaceId, orderId, (current) =>
    noted(
      current,
      'order.storefront_told',
      { cancels: current.cancels.map((request) => (told.has(request.id) ? { ...request, told: true } : request)) },
      { actor, atMs: ports.clock.now() },
    ),
  );
};
