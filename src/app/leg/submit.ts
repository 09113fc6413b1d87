import type { Actor } from '#domain/actor.ts';
import type { Address } from '#domain/address.ts';
import { isFailure } from '#domain/failure.ts';
import { isLost, LEG_MACHINES, moveLeg, moveUnsent, openUnits, type PurchaseLeg, type WaitsFor } from '#domain/leg.ts';
import { move } from '#domain/move.ts';
import type { Order } from '#domain/order.ts';
import { buyersTaxIds } from '#domain/order-facts.ts';
import type { PurchaseRequest } from '#domain/purchase.ts';
import { clearBlock, findBlock, RECHECK_MS, reportBlock } from '../case/block.ts';
import { changeLeg } from '../change.ts';
import { openException } from '../exception/open.ts';
import { getLeg } from '../get.ts';
import { addressOfLocation } from '../location/address.ts';
import { askToProceed } from '../order/ask-to-proceed.ts';
import type { Ports } from '../ports.ts';
import { getActiveConnection } from '../usable-connection.ts';
import { countExpected } from './count-expected.ts';
import { leavePartner } from './partner-gone.ts';
import { refusedDue, type Submitted, takeReport } from './take-report.ts';

/** `order`: null where the goods are for our own shelf. */
const purchaseOf = (leg: PurchaseLeg, order: Order | null, shipTo: Address): PurchaseRequest => ({
  reference: leg._id,
  currency: leg.costCurrency,
  lines: leg.lines.flatMap((line) =>
    openUnits(line) > 0
      ? [
          {
            lineId: line.lineId,
            sku: line.sku,
            externalSku: line.externalSku,
            quantity: openUnits(line),
            unitCost: line.unitCost,
            attributes: order?.lines.find(({ id }) => id === line.lineId)?.facts?.attributes ?? [],
          },
        ]
      : [],
  ),
  shipTo,
  neutralPacking: leg.orderId !== null,
  taxIds: buyersTaxIds(order),
  note: leg.orderNumber,
});

/** The buyer's address as a parcel needs it: the name on the order where the address has none. */
export const shipToOf = (order: Order): Address | null =>
  order.shipTo &&
  (order.shipTo.name !== '' || order.shipTo.company !== ''
    ? order.shipTo
    : { ...order.shipTo, name: order.buyer.name });

/**
 * Sends a purchase order to its supplier, from fresh facts: an order that may not proceed is not bought. The supplier ends with at
 * most one live order under the leg's id: a call whose outcome is lost leaves the leg `unknown`, and it is only sent again after a
 * probe found nothing.
 */
export const submitLeg = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, legId }: { workspaceId: string; legId: string },
): Promise<Submitted> => {
  const { clock, gateway } = ports;
  const leg = await getLeg(ports, workspaceId, legId);
  const by = { actor, atMs: clock.now() };
  const wait = async (waitsFor: WaitsFor, dueAtMs: number | null): Promise<Submitted> => {
    const waiting = await changeLeg(
      ports,
      workspaceId,
      legId,
      (current) => (current.state === 'planned' ? { waitsFor, dueAtMs } : null),
      leg,
    );
    return { leg: waiting, next: 'wait', shipmentIds: [] };
  };
  // A run before this one may have died in the middle of the call: what came of it is looked up.
  if (leg.kind !== 'purchase' || leg.state !== 'planned')
    return { leg, next: isLost(leg) ? 'probe' : 'wait', shipmentIds: [] };
  const partner = await ports.cached.connection(workspaceId, leg.partner);
  if (partner?.state === 'removed')
    return { leg: await leavePartner(ports, actor, leg, partner), next: 'reconcile', shipmentIds: [] };
  const connection = await getActiveConnection(ports, workspaceId, leg.partner);
  if (!connection.live) return wait('live', null);

  let shipTo: Address | null;
  let order: Order | null = null;
  if (leg.orderId === null) shipTo = await addressOfLocation(ports, actor, { workspaceId, code: leg.location });
  else {
    const answer = await askToProceed(ports, actor, { workspaceId, orderId: leg.orderId, legId });
    if (answer.kind === 'reconcile') return { ...(await wait('hold', clock.now() + RECHECK_MS)), next: 'reconcile' };
    if (answer.kind === 'wait') {
      const waiting = await wait(answer.waitsFor, answer.dueAtMs);
      if (answer.dueAtMs !== null) return waiting;
      // Released while this was written down: whoever released it saw no leg that waits.
      const again = await askToProceed(ports, actor, { workspaceId, orderId: leg.orderId, legId });
      return again.kind === 'wait' ? waiting : wait(answer.waitsFor, clock.now() + ports.grace());
    }
    order = answer.order;
    shipTo = shipToOf(order);
    const block = await findBlock(ports, workspaceId, 'dispatch', { orderId: leg.orderId });
    if (block) {
      await reportBlock(
        ports,
        actor,
        block,
        { kind: 'leg', id: legId },
        { job: 'leg.submit', payload: { workspaceId, legId } },
      );
      return wait('case', clock.now() + RECHECK_MS);
    }
    if (leg.waitsFor === 'case') await clearBlock(ports, actor, workspaceId, legId);
  }
  if (shipTo === null || shipTo.line1 === '') {
    const waiting = await wait('hold', clock.now() + RECHECK_MS);
    if (leg.orderId !== null) return waiting;
    // Entered while this was written down: whoever entered it saw no purchase that waits.
    const again = await addressOfLocation(ports, actor, { workspaceId, code: leg.location });
    return again ? wait('hold', clock.now() + ports.grace()) : waiting;
  }
  const to = shipTo;
  // Written down before the call: whoever finds it submitted without an external id knows that the call may have happened.
  const submitted = await changeLeg(
    ports,
    workspaceId,
    legId,
    (current) =>
      current.state === 'planned'
        ? moveLeg(current, 'submitted', { shipTo: to, waitsFor: null, dueAtMs: clock.now() + ports.grace() }, by)
        : null,
    leg,
  );
  if (submitted.kind !== 'purchase' || submitted.version !== leg.version + 1)
    return { leg: submitted, next: 'wait', shipmentIds: [] };
  try {
    const report = await gateway.call(connection, 'purchases.place', { purchase: purchaseOf(submitted, order, to) });
    return await takeReport(ports, actor, connection, submitted, report);
  } catch (error) {
    if (isFailure(error, 'rejected')) {
      const rejected = await changeLeg(ports, workspaceId, legId, (current) =>
        current.state === 'submitted'
          ? moveUnsent(current, 'rejected', { reason: error.message, dueAtMs: refusedDue(ports, current) }, by)
          : null,
      );
      await countExpected(ports, rejected);
      // Refused while it was to be cancelled: that comes to the same.
      if (rejected.state === 'cancelled') return { leg: rejected, next: 'reconcile', shipmentIds: [] };
      await openException(ports, actor, {
        workspaceId,
        cause: 'purchase_rejected',
        subject: { kind: 'leg', id: legId },
        orderId: leg.orderId,
        detail: `Order ${leg.orderNumber}: ${error.message}`,
        retry: { job: 'leg.advance', payload: { workspaceId, legId } },
      });
      return { leg: rejected, next: 'progress', shipmentIds: [] };
    }
    // Nothing has reached the supplier: the leg is free for the next try, and nothing has to be looked up first.
    if (isFailure(error) && error.nothingDone) {
      const freed = await changeLeg(ports, workspaceId, legId, (current) =>
        // Changed meanwhile, it may be another run that is under way.
        current.version === submitted.version
          ? moveUnsent(current, 'planned', { dueAtMs: clock.now() + ports.grace() }, by)
          : null,
      );
      if (freed.version === submitted.version + 1 && freed.state === 'planned') throw error;
      const next = freed.state === 'cancelled' ? 'reconcile' : isLost(freed) ? 'probe' : 'wait';
      return { leg: freed, next, shipmentIds: [] };
    }
    // Whatever else went wrong, the call may have happened.
    const unknown = await changeLeg(ports, workspaceId, legId, (current) =>
      current.kind === 'purchase' && current.state === 'submitted' && current.externalId === ''
        ? move(LEG_MACHINES.purchase, current, 'unknown', { dueAtMs: clock.now() + ports.grace() }, by)
        : null,
    );
    if (isFailure(error, 'outcome_unknown', 'unavailable', 'rate_limited'))
      return { leg: unknown, next: 'probe', shipmentIds: [] };
    throw error;
  }
};
