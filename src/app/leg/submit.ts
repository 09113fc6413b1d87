import { isFailure } from '#domain/failure.ts';
import { type Leg, openUnits } from '#domain/leg.ts';
import type { PurchaseRequest } from '#domain/purchase.ts';
import { clearBlock, findBlock, RECHECK_MS, reportBlock } from '../case/block.ts';
import { changeLeg } from '../change.ts';
import { openException } from '../exception/open.ts';
import { getLeg } from '../get.ts';
import type { Ports } from '../ports.ts';
import { getActiveConnection } from '../usable-connection.ts';
import { isLost, type Submitted, takeReport } from './take-report.ts';

const HELD_NOTE = 'Not sent: a case file holds it back.';

const purchaseOf = (leg: Leg): PurchaseRequest => ({
  reference: leg._id,
  currency: leg.currency,
  lines: leg.lines.flatMap((line) =>
    openUnits(line) > 0
      ? [
          {
            lineId: line.lineId,
            sku: line.sku,
            externalSku: line.externalSku,
            quantity: openUnits(line),
            unitCost: line.unitCost,
          },
        ]
      : [],
  ),
  shipTo: leg.shipTo,
  neutralPacking: leg.orderId !== null,
  note: leg.orderNumber,
});

/**
 * Sends a purchase order to its supplier. The supplier ends with at most one live order under the leg's id: a call whose outcome
 * is lost leaves the leg `unknown`, and it is only sent again after a probe found nothing.
 */
export const submitLeg = async (ports: Ports, workspaceId: string, legId: string): Promise<Submitted> => {
  const { store, clock, gateway } = ports;
  const leg = await getLeg(ports, workspaceId, legId);
  // A run before this one may have died in the middle of the call: what came of it is looked up.
  if (leg.state !== 'planned') return { leg, next: isLost(leg) ? 'probe' : 'wait', shipmentIds: [] };
  const connection = await getActiveConnection(ports, workspaceId, leg.partner);
  if (!connection.live) {
    await store.legs.change(
      legId,
      { version: leg.version },
      { note: 'Not sent: the connection is not live yet.', dueAtMs: null },
    );
    return { leg, next: 'wait', shipmentIds: [] };
  }
  const held = leg.orderId === null ? null : await findBlock(ports, workspaceId, 'dispatch', { orderId: leg.orderId });
  if (held) {
    await store.legs.change(legId, { version: leg.version }, { note: HELD_NOTE, dueAtMs: clock.now() + RECHECK_MS });
    await reportBlock(ports, held, { kind: 'leg', id: legId }, { job: 'leg.submit', payload: { workspaceId, legId } });
    return { leg, next: 'wait', shipmentIds: [] };
  }
  if (leg.note === HELD_NOTE) await clearBlock(ports, workspaceId, legId);
  const purchase = purchaseOf(leg);
  // Written down before the call: whoever finds it submitted without an external id knows that the call may have happened.
  const submitted = await changeLeg(
    store,
    workspaceId,
    legId,
    (current) =>
      current.state === 'planned'
        ? { ...current, state: 'submitted', dueAtMs: clock.now() + ports.grace(), updatedAtMs: clock.now() }
        : null,
    leg,
  );
  if (submitted.version !== leg.version + 1) return { leg: submitted, next: 'wait', shipmentIds: [] };
  try {
    const report = await gateway.call(connection, 'purchases.place', { purchase });
    return await takeReport(ports, connection, submitted, report);
  } catch (error) {
    if (isFailure(error, 'rejected')) {
      const rejected = await changeLeg(store, workspaceId, legId, (current) =>
        current.state === 'submitted' ? { ...current, state: 'rejected', note: error.message, dueAtMs: null } : null,
      );
      await openException(ports, {
        workspaceId,
        cause: 'purchase_rejected',
        subject: { kind: 'leg', id: legId },
        orderId: leg.orderId,
        detail: `Order ${leg.orderNumber}: ${error.message}`,
        retry: { job: 'leg.advance', payload: { workspaceId, legId } },
      });
      return { leg: rejected, next: 'progress', shipmentIds: [] };
    }
    // Whatever else went wrong, the call may have happened.
    const unknown = await changeLeg(store, workspaceId, legId, (current) =>
      current.state === 'submitted' && current.externalId === ''
        ? { ...current, state: 'unknown', dueAtMs: clock.now() + ports.grace(), updatedAtMs: clock.now() }
        : null,
    );
    if (isFailure(error, 'outcome_unknown', 'unavailable', 'rate_limited'))
      return { leg: unknown, next: 'probe', shipmentIds: [] };
    throw error;
  }
};
