import type { Actor } from '#domain/actor.ts';
import { badValue, Failure } from '#domain/failure.ts';
import { exceptionId, idOf } from '#domain/ids.ts';
import { born } from '#domain/move.ts';
import type { Order, OrderLine } from '#domain/order.ts';
import { leftToRefund, type Return, returnMachine } from '#domain/return.ts';
import { openException } from '../exception/open.ts';
import type { Ports } from '../ports.ts';

export interface ReturnRequest {
  workspaceId: string;
  /** Each is taken once. */
  reference: string;
  orderNumber?: string | undefined;
  /** The storefront, where two have the same order number. */
  connectionId?: string | undefined;
  /** The storefront's id of the line. */
  lineExternalId?: string | undefined;
  sku?: string | undefined;
  quantity: number;
  /** What the buyer gets back. */
  totalMinor: number;
  currency: string;
  reason: string;
  /** Named in the exception when it belongs to nothing. */
  customer: string;
}

interface Sold {
  order: Order;
  line: OrderLine;
}

const skuOf = (line: OrderLine): string => line.offer?.sku ?? line.sku;

/**
 * The line that a return of an order names: by the storefront's id of it, else the first of the SKU with enough units. Throws
 * `rejected` naming the field for an order, a storefront, a line or so many units that are not there.
 */
const findSold = async ({ store }: Ports, request: ReturnRequest): Promise<Sold | null> => {
  const { workspaceId, orderNumber, connectionId, lineExternalId, sku, quantity } = request;
  if (orderNumber === undefined) return null;
  const numbered = await store.orders.list(workspaceId, { number: orderNumber }, { limit: 100 });
  if (numbered.length === 0) throw badValue('orderNumber', `there is no order ${orderNumber}`);
  const orders = numbered.filter((order) => connectionId === undefined || order.connectionId === connectionId);
  if (orders.length === 0) throw badValue('connectionId', `${connectionId} has no order ${orderNumber}`);
  if (lineExternalId === undefined && sku === undefined)
    throw badValue('lineExternalId', `name the line of order ${orderNumber}, or its sku`);
  const named = orders.flatMap((order) =>
    order.lines
      .filter((line) => (lineExternalId === undefined ? skuOf(line) === sku : line.externalId === lineExternalId))
      .map((line) => ({ order, line })),
  );
  if (named.length === 0)
    throw lineExternalId === undefined
      ? badValue('sku', `order ${orderNumber} has no line of ${sku}`)
      : badValue('lineExternalId', `order ${orderNumber} has no line ${lineExternalId}`);
  const sold = named.find(({ line }) => line.quantity >= quantity);
  if (sold) return sold;
  const most = Math.max(...named.map(({ line }) => line.quantity));
  throw badValue('quantity', `${quantity} is more than the ${most} of the line`, { most });
};

/** Throws `rejected` for money in another currency, or more than the order has left: what was asked for before counts. */
const checkMoney = async (
  { store }: Ports,
  { order }: Sold,
  { currency, totalMinor }: ReturnRequest,
): Promise<void> => {
  const { _id: orderId, workspaceId, number } = order;
  if (currency !== order.currency)
    throw badValue('currency', `order ${number} is in ${order.currency}, not in ${currency}`);
  const returns = await store.returns.list(workspaceId, { orderId }, { limit: 10_000 });
  const left = leftToRefund(order, returns);
  if (totalMinor > left) throw badValue('totalMinor', `${totalMinor} is more than the ${left} that are left`, { left });
};

const toReturn = (ports: Ports, actor: Actor, request: ReturnRequest, sold: Sold | null): Return => {
  const { workspaceId, reference, quantity, totalMinor, currency, reason } = request;
  const now = ports.clock.now();
  const _id = idOf('rt', workspaceId, 'ours', reference);
  const wanted: Return = {
    _id,
    workspaceId,
    orderId: sold?.order._id ?? null,
    connectionId: sold?.order.connectionId ?? request.connectionId ?? '',
    externalId: '',
    reference,
    currency,
    totalMinor,
    lines: [
      {
        id: idOf('rl', _id, 0),
        lineId: sold?.line.id ?? '',
        sku: sold ? skuOf(sold.line) : (request.sku ?? ''),
        quantity,
        totalMinor,
        restock: true,
        cancelled: 0,
        returned: 0,
      },
    ],
    origin: 'ours',
    state: sold ? 'wanted' : 'unmatched',
    received: [],
    reason,
    dueAtMs: sold ? now + ports.grace() : null,
    createdAtMs: now,
    updatedAtMs: now,
  };
  return born(returnMachine, wanted, { actor, atMs: now });
};

/** The return of this reference, if it is the same: another one under it throws `conflict`. */
const same = (kept: Return, { reference, totalMinor, currency, quantity }: ReturnRequest): Return => {
  const units = kept.lines.reduce((sum, line) => sum + line.quantity, 0);
  if (kept.totalMinor !== totalMinor || kept.currency !== currency || units !== quantity)
    throw new Failure('conflict', `Return ${reference} was taken before, with other figures.`);
  return kept;
};

const openUnmatched = async (
  ports: Ports,
  actor: Actor,
  kept: Return,
  request: ReturnRequest,
  isNew: boolean,
): Promise<void> => {
  const { workspaceId, _id } = kept;
  // Also at a repetition, should a crash have come between; one that a person resolved stays so.
  const id = exceptionId(workspaceId, 'return_unmatched', _id);
  if (!isNew && (await ports.store.exceptions.find(workspaceId, id))) return;
  const { reference, customer, quantity, sku, lineExternalId } = request;
  await openException(ports, actor, {
    workspaceId,
    cause: 'return_unmatched',
    subject: { kind: 'return', id: _id },
    orderId: null,
    detail:
      `Return ${reference} of ${customer === '' ? 'an unnamed customer' : `customer ${customer}`}: ` +
      `${quantity} of ${sku ?? lineExternalId ?? 'an unnamed item'} belong to no order line`,
    retry: null,
  });
};

/**
 * Asks for money back for a line, once by its reference; it is then `wanted` and to be paid. One that names no order becomes an
 * exception. Throws `rejected` naming the field for a line that is not there, another currency, or more than the order has left.
 */
export const requestReturn = async (ports: Ports, actor: Actor, request: ReturnRequest): Promise<Return> => {
  const { store } = ports;
  const { workspaceId, reference } = request;
  const known = await store.returns.find(workspaceId, idOf('rt', workspaceId, 'ours', reference));
  if (known) {
    same(known, request);
    if (known.state === 'unmatched') await openUnmatched(ports, actor, known, request, false);
    return known;
  }
  const sold = await findSold(ports, request);
  if (sold) await checkMoney(ports, sold, request);
  const fresh = toReturn(ports, actor, request, sold);
  const isNew = await store.returns.insert(fresh);
  const kept = isNew ? fresh : await store.returns.find(workspaceId, fresh._id);
  if (!kept) throw new Failure('bug', `return ${fresh._id} is neither new nor known`);
  same(kept, request);
  if (kept.state === 'unmatched') await openUnmatched(ports, actor, kept, request, isNew);
  return kept;
};
