import type { Actor } from '#domain/actor.ts';
import { Failure, isFailure } from '#domain/failure.ts';
import { noted } from '#domain/move.ts';
import type { Order } from '#domain/order.ts';
import { changeOrder } from '../change.ts';
import { clearException, openException } from '../exception/open.ts';
import { getOrder } from '../get.ts';
import type { Ports } from '../ports.ts';
import { getActiveConnection } from '../usable-connection.ts';
import { isNothingLeft, refundUnplanned } from './progress-cancels.ts';

/** The storefront knows of the cancellation: nothing is left to tell it. */
export const storefrontKnows = (
  ports: Ports,
  actor: Actor,
  { workspaceId, orderId }: { workspaceId: string; orderId: string },
): Promise<void> => clearException(ports, actor, { workspaceId, cause: 'storefront_not_told', subjectId: orderId });

/** The storefront is still to be told of it. */
export const isToTell = ({ tellStorefront, told, state }: Order['cancels'][number]): boolean =>
  tellStorefront && !told && state === 'confirmed';

/** The requests that the storefront was to be told of, and of which it does not know: as long as the exception is open. */
const untold = (order: Order): string[] =>
  order.cancels.filter((one) => one.tellStorefront && one.told && one.state === 'confirmed').map(({ id }) => id);

/** Has the storefront told once more, after it could not be or refused. Throws `conflict` where there is nothing to tell. */
export const tellAgain = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, orderId }: { workspaceId: string; orderId: string },
): Promise<Order> =>
  changeOrder(ports, workspaceId, orderId, (current) => {
    const ids = new Set(untold(current));
    if (ids.size === 0)
      throw new Failure('conflict', `order ${current.number} has no cancellation that the storefront was told of`);
    const cancels = current.cancels.map((one) => (ids.has(one.id) ? { ...one, told: false } : one));
    return noted(current, 'order.tell_storefront_again', { cancels }, { actor, atMs: ports.clock.now() });
  });

/**
 * A person has cancelled the order at the storefront by hand. Throws `conflict` where no cancellation of it was to be told there.
 */
export const markStorefrontTold = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, orderId, note }: { workspaceId: string; orderId: string; note: string },
): Promise<Order> => {
  const order = await changeOrder(ports, workspaceId, orderId, (current) => {
    if (!current.cancels.some((one) => one.tellStorefront && one.state === 'confirmed'))
      throw new Failure('conflict', `order ${current.number} has no cancellation that the storefront is to be told of`);
    const cancels = current.cancels.map((one) => (one.state === 'confirmed' ? { ...one, told: true } : one));
    const by = { actor, atMs: ports.clock.now(), data: { byHand: true }, personal: { note } };
    return noted(current, 'order.storefront_told', { cancels }, by);
  });
  await storefrontKnows(ports, actor, { workspaceId, orderId });
  return order;
};

/**
 * Tells the storefront that an order is cancelled: once, and only for requests that wish it and are confirmed. What is to be paid back is
 * paid first: Shopify refunds nothing of an order that is cancelled there. A storefront that cannot be told, or refuses, becomes an
 * exception for a person; the order does not wait for it.
 */
export const tellCancelled = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, orderId }: { workspaceId: string; orderId: string },
): Promise<Order> => {
  const order = await getOrder(ports, workspaceId, orderId);
  const open = order.cancels.filter(isToTell);
  const [first] = open;
  if (!first) return order;
  // Whoever asked for it may not have written its refund down yet; once there is a plan the refund is there before the request is confirmed.
  await refundUnplanned(ports, order);
  const [returns, legs] = await Promise.all([
    ports.store.returns.list(workspaceId, { orderId }, { limit: 10_000 }),
    ports.store.legs.list(workspaceId, { orderId }, { limit: 1_000 }),
  ]);
  if (returns.some(({ state }) => state === 'wanted') || !isNothingLeft(legs)) return order;
  const connection = await getActiveConnection(ports, workspaceId, order.connectionId);
  const canTell = ports.gateway.can(connection, 'orders.cancel');
  const trouble = async (why: string) =>
    openException(ports, actor, {
      workspaceId,
      cause: 'storefront_not_told',
      subject: { kind: 'order', id: orderId },
      orderId,
      detail: `Order ${order.number} is cancelled here and not at the storefront: ${why}`,
      retry: canTell ? { job: 'order.tell_cancelled', payload: { workspaceId, orderId } } : null,
    });
  if (!canTell) await trouble(`${connection.name} cannot be told by us`);
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
      if (answer.cancelled) await storefrontKnows(ports, actor, { workspaceId, orderId });
      else await trouble(answer.reason || 'the storefront refuses it');
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
