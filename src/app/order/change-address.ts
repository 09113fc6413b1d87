import type { Actor } from '#domain/actor.ts';
import type { Address } from '#domain/address.ts';
import { Failure } from '#domain/failure.ts';
import { type Leg, openUnits, wasSent } from '#domain/leg.ts';
import { missingIn } from '#domain/may-proceed.ts';
import { noted } from '#domain/move.ts';
import { differenceOf, withVersion } from '#domain/observe-order.ts';
import { type Order, orderMachine } from '#domain/order.ts';
import { changeOrder } from '../change.ts';
import { getOrder } from '../get.ts';
import type { Ports } from '../ports.ts';

export interface AddressPreview {
  /** Legs that will be sent to the new address. */
  takesNew: string[];
  /** Legs that were sent to the old one: a person has to choose what becomes of them. */
  sentToOld: string[];
}

const check = (order: Order, address: Address): void => {
  const missing = missingIn(address, order.buyer.name);
  if (missing)
    throw new Failure('rejected', `the address has no ${missing}`, { safe: { field: `address.${missing}` } });
  if (orderMachine.final(order.state))
    throw new Failure('conflict', `order ${order.number} is ${order.state}`, { safe: { state: order.state } });
};

/** What a change of address would reach. */
export const previewAddress = async (
  ports: Ports,
  _actor: Actor,
  given: { workspaceId: string; orderId: string; address: Address },
): Promise<AddressPreview> => {
  const order = await getOrder(ports, given.workspaceId, given.orderId);
  check(order, given.address);
  const legs: Leg[] = await ports.store.legs.list(given.workspaceId, { orderId: order._id }, { limit: 1_000 });
  const open = legs.filter((leg) => leg.lines.some((line) => openUnits(line) > 0));
  const sent = open.filter((leg) => leg.kind === 'purchase' && wasSent(leg));
  return {
    takesNew: open.filter((leg) => !sent.includes(leg)).map((leg) => leg._id),
    sentToOld: sent.map((leg) => leg._id),
  };
};

/**
 * Sends the rest of an order to another address. It is a version of the order, and stays when the storefront later says another one.
 * Legs that were not sent take it; of those that were one exception names the choices. Throws `rejected` with the field that is missing.
 */
export const changeAddress = async (
  ports: Ports,
  actor: Actor,
  given: { workspaceId: string; orderId: string; address: Address },
): Promise<Order> => {
  const nowMs = ports.clock.now();
  return changeOrder(ports, given.workspaceId, given.orderId, (current) => {
    check(current, given.address);
    const changes = differenceOf(current, { ...current, shipTo: given.address });
    if (changes.length === 0 && current.addressBy) return null;
    const versions = withVersion(current, { atMs: nowMs, source: 'person', updatedAt: '', by: actor, changes });
    const next = { shipTo: given.address, addressBy: actor, versions, dueAtMs: nowMs + ports.grace() };
    return noted(current, 'order.changed', next, { actor, atMs: nowMs, data: { fields: ['shipTo'] } });
  });
};
