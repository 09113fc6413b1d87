import type { Actor } from '#domain/actor.ts';
import { isFailure } from '#domain/failure.ts';
import { move } from '#domain/move.ts';
import { orderMachine } from '#domain/order.ts';
import { type Return, returnMachine } from '#domain/return.ts';
import { clearBlock, findBlock, RECHECK_MS, reportBlock } from '../case/block.ts';
import { changeReturn } from '../change.ts';
import { clearException, clearFailedStep, openException } from '../exception/open.ts';
import { getOrder, getReturn } from '../get.ts';
import { freshOrder } from '../order/fetch.ts';
import { isToTell } from '../order/tell-cancelled.ts';
import type { Ports } from '../ports.ts';
import { getActiveConnection, requireLive } from '../usable-connection.ts';

/** The storefront takes a refund: null where it is fine, else why it would not. */
const refusalOf = (
  wanted: Return,
  order: { currency: string; number: string; totalMinor: number; refundedMinor: number },
) => {
  const left = order.totalMinor - order.refundedMinor;
  if (wanted.currency !== order.currency)
    return `return ${wanted.reference} is in ${wanted.currency}, order ${order.number} in ${order.currency}`;
  return wanted.totalMinor > left
    ? `return ${wanted.reference} gives back ${wanted.totalMinor}, and order ${order.number} has ${left} left`
    : null;
};

export interface Paid {
  orderId: string;
  /** False: the storefront refused it. */
  isRefunded: boolean;
  /** A cancellation is to be told, and is told after what it gives back. */
  tellStorefront: boolean;
}

/**
 * Pays a return of ours back at the storefront, once, from fresh facts: never above what the order has left. The storefront then tells
 * of it as of any refund. One that the storefront refuses waits for a person. Null while it has to wait, and where nothing was to be paid.
 */
export const payReturn = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, returnId }: { workspaceId: string; returnId: string },
): Promise<Paid | null> => {
  const { gateway, clock } = ports;
  const wanted = await getReturn(ports, workspaceId, returnId);
  if (wanted.state !== 'wanted' || wanted.orderId === null) return null;
  const connection = await getActiveConnection(ports, workspaceId, wanted.connectionId);
  requireLive(connection, 'nothing is refunded');
  const { order } = await freshOrder(ports, await getOrder(ports, workspaceId, wanted.orderId));
  const done: Paid = { orderId: order._id, isRefunded: true, tellStorefront: order.cancels.some(isToTell) };
  // The fresh order may have told of this very refund.
  const current = await getReturn(ports, workspaceId, returnId);
  if (current.state !== 'wanted') return done;
  // A person has stopped everything of it: no money leaves either, until he lets it go or the order is over.
  if (!orderMachine.final(order.state) && order.holds.some(({ code }) => code === 'manual')) {
    await changeReturn(ports, workspaceId, returnId, (one) =>
      one.state === 'wanted' ? { dueAtMs: clock.now() + RECHECK_MS } : null,
    );
    return null;
  }
  const by = { actor, atMs: clock.now() };
  const { refundedMinor } = order;
  const refund = { currency: wanted.currency, minor: wanted.totalMinor, refundedMinor };
  const block = await findBlock(ports, workspaceId, 'refund', { orderId: order._id, refund });
  if (block) {
    await changeReturn(ports, workspaceId, returnId, (one) =>
      one.state === 'wanted' ? { dueAtMs: clock.now() + RECHECK_MS } : null,
    );
    const retry = { job: 'return.pay' as const, payload: { workspaceId, returnId } };
    await reportBlock(ports, actor, block, { kind: 'return', id: returnId }, retry);
    return null;
  }
  await clearBlock(ports, actor, workspaceId, returnId);
  const refuse = async (why: string): Promise<Paid> => {
    await changeReturn(ports, workspaceId, returnId, (one) =>
      one.state === 'wanted' ? move(returnMachine, one, 'refused', { reason: why, dueAtMs: null }, by) : null,
    );
    await openException(ports, actor, {
      workspaceId,
      cause: 'refund_refused',
      subject: { kind: 'return', id: returnId },
      orderId: order._id,
      detail: `Order ${order.number}: ${why}`,
      retry: { job: 'return.pay', payload: { workspaceId, returnId } },
    });
    return { ...done, isRefunded: false };
  };
  const why = refusalOf(wanted, order);
  if (why) return refuse(why);
  let paid: { externalId: string };
  try {
    paid = await gateway.call(connection, 'refunds.create', {
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
  } catch (error) {
    if (!isFailure(error, 'rejected')) throw error;
    return refuse(error.message);
  }
  await changeReturn(ports, workspaceId, returnId, (one) =>
    one.state === 'wanted' || one.state === 'refused'
      ? move(returnMachine, one, 'refunded', { externalId: paid.externalId, dueAtMs: clock.now() + ports.grace() }, by)
      : null,
  );
  await clearException(ports, actor, { workspaceId, cause: 'refund_refused', subjectId: returnId });
  await clearFailedStep(ports, actor, { workspaceId, job: 'return.pay', subjectId: returnId });
  return done;
};

/** A refund that was refused is wanted again, once its cause is mended. */
export const retryReturn = (
  ports: Ports,
  actor: Actor,
  { workspaceId, returnId }: { workspaceId: string; returnId: string },
): Promise<Return> =>
  changeReturn(ports, workspaceId, returnId, (current) =>
    current.state === 'refused'
      ? move(
          returnMachine,
          current,
          'wanted',
          { dueAtMs: ports.clock.now() + ports.grace() },
          { actor, atMs: ports.clock.now() },
        )
      : null,
  );
