import type { Actor } from '#domain/actor.ts';
import type { Connection } from '#domain/connection.ts';
import { Failure, isFailure } from '#domain/failure.ts';
import { openUnits } from '#domain/leg.ts';
import { move, noted } from '#domain/move.ts';
import type { Order } from '#domain/order.ts';
import {
  concernsBuyer,
  earlierNumbers,
  isUntold,
  mustTellTracking,
  nextLook,
  plainNumber,
  type Shipment,
  shipmentMachine,
  withTold,
} from '#domain/shipment.ts';
import { changeShipment } from '../change.ts';
import { clearException } from '../exception/open.ts';
import { getOrder, getShipment } from '../get.ts';
import { currentHolds } from '../order/current-holds.ts';
import { fetchOrder } from '../order/fetch.ts';
import { settleTaken } from '../order/settle-taken.ts';
import type { Ports } from '../ports.ts';
import { connectionToFinish } from '../usable-connection.ts';
import { countOrVoid } from './count.ts';
import { reportTrouble } from './report-trouble.ts';

/**
 * What the storefront still expects of a package: what was refunded before it was told of is no longer expected there, although a
 * supplier who could not be stopped has sent it.
 */
const expectedLines = async (ports: Ports, shipment: Shipment, known?: Order) => {
  const { store } = ports;
  const { workspaceId, orderId } = shipment;
  const [order, legs, shipments] = await Promise.all([
    known ?? getOrder(ports, workspaceId, orderId),
    store.legs.list(workspaceId, { orderId }, { limit: 1_000 }),
    store.shipments.list(workspaceId, { orderId }, { limit: 10_000 }),
  ]);
  const told = shipments.filter((s) => s._id !== shipment._id && s.confirmationId !== null);
  // A line may be on legs of several plans: a package holds units of its own leg.
  const own = legs.find(({ _id }) => _id === shipment.legId);
  const toldOfLeg = told.filter(({ legId }) => legId === shipment.legId).flatMap((s) => s.lines);
  const lines = shipment.lines.flatMap((line) => {
    const onLeg = own?.lines.find(({ lineId }) => lineId === line.lineId);
    const before = toldOfLeg.filter((t) => t.lineId === line.lineId).reduce((sum, t) => sum + t.quantity, 0);
    const expected = onLeg
      ? Math.min(line.quantity, onLeg.quantity - onLeg.cancelled - onLeg.returned - onLeg.asked - before)
      : line.quantity;
    return expected > 0 ? [{ lineExternalId: line.externalId, quantity: expected }] : [];
  });
  // A shop takes “complete” for all of it: not before every leg of the plan is written down, or what they hold counts as sent elsewhere.
  const whole =
    order.replan === null &&
    (order.plan === null || legs.filter(({ plan }) => plan === order.plan?.number).length >= order.plan.legs.length);
  // Units of a rejected leg are still to be planned anew or cancelled.
  const completes = whole && legs.every((leg) => leg.lines.every((line) => openUnits(line) === line.asked));
  return { lines, completes, first: told.length === 0 };
};

/** How long a package that may not be told of yet waits before it is tried again, should nobody wake it, in clock time. */
const HELD_MS = 3_600_000;
const isHeldByShop = async (ports: Ports, actor: Actor, order: Order): Promise<boolean> =>
  (order.shopHolds ?? []).length > 0 && (await currentHolds(ports, actor, order)).some(({ code }) => code === 'shop');

interface ConfirmResult {
  /** The storefront's id of the confirmation, or null when it expects nothing of the package any more. */
  confirmationId: string | null;
  /** The order may stand differently now: its first package is told of, or none is left to leave. */
  moves: boolean;
}

const confirmAtStorefront = async (
  ports: Ports,
  actor: Actor,
  connection: Connection,
  shipment: Shipment,
  known: Order,
): Promise<ConfirmResult | 'held'> => {
  const { workspaceId, _id: shipmentId, orderExternalId, tracking } = shipment;
  if (tracking === null) throw new Failure('conflict', `shipment ${shipmentId} has no tracking yet`);
  if (await isHeldByShop(ports, actor, known)) return 'held';
  for (let again = true; ; again = false) {
    const { lines, completes, first } = await expectedLines(ports, shipment, again ? known : undefined);
    if (lines.length === 0) return { confirmationId: null, moves: true };
    try {
      const earlier = earlierNumbers(shipment);
      const confirmation = { reference: shipmentId, orderExternalId, lines, tracking, completes, earlier };
      const { externalId } = await ports.gateway.call(connection, 'shipments.confirm', { confirmation });
      return { confirmationId: externalId, moves: first || completes };
    } catch (error) {
      if (!isFailure(error, 'rejected', 'not_found', 'conflict')) throw error;
      if (again && isFailure(error, 'rejected')) {
        // A refund or a hold that we have not heard of yet is the usual reason: look, count it, and say what is left.
        const { order } = await fetchOrder(ports, connection, orderExternalId);
        if (await isHeldByShop(ports, actor, order)) return 'held';
        const legs = await ports.store.legs.list(workspaceId, { orderId: order._id }, { limit: 1_000 });
        await settleTaken(ports, actor, order, legs);
        continue;
      }
      await reportTrouble(ports, actor, shipment, 'confirmation_refused', error.message);
      throw error;
    }
  }
};

/**
 * Tells the storefront of the tracking that a package has now, once for each change: what it shows already is not told again, also
 * when a run before this one told it and died. A refusal waits for a person.
 */
const tellTracking = async (ports: Ports, actor: Actor, shipment: Shipment): Promise<Shipment> => {
  const { workspaceId, _id: shipmentId, orderExternalId } = shipment;
  let current = shipment;
  while (mustTellTracking(current) && current.tracking !== null && current.confirmationId !== null) {
    const { tracking, confirmationId: externalId } = current;
    const connection = await connectionToFinish(ports, workspaceId, current.connectionId);
    const update = { externalId, orderExternalId, reference: shipmentId, tracking, notify: concernsBuyer(current) };
    try {
      await ports.gateway.call(connection, 'shipments.update', update);
    } catch (error) {
      if (!isFailure(error, 'rejected', 'not_found', 'conflict')) throw error;
      await reportTrouble(ports, actor, current, 'confirmation_refused', error.message);
      await changeShipment(ports, workspaceId, shipmentId, () => ({ dueAtMs: null }));
      throw error;
    }
    const atMs = ports.clock.now();
    current = await changeShipment(ports, workspaceId, shipmentId, (read) => {
      const trackingHistory = withTold(read, tracking, atMs);
      const dueAtMs = mustTellTracking({ ...read, trackingHistory }) ? read.dueAtMs : null;
      return noted(read, 'shipment.tracking_told', { trackingHistory, dueAtMs }, { actor, atMs });
    });
  }
  return current;
};

export interface Confirmed {
  orderId: string;
  moves: boolean;
}

/**
 * Tells the storefront of a package, once; then it is the buyer's to follow. A package that is being voided is not told of, and one of an
 * order that the shop holds when that ends. A package whose tracking changed since is told of again.
 */
export const confirmShipment = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, shipmentId, known }: { workspaceId: string; shipmentId: string; known?: Shipment },
): Promise<Confirmed> => {
  const { clock } = ports;
  const shipment = known ?? (await getShipment(ports, workspaceId, shipmentId));
  const { orderId } = shipment;
  const clearTrouble = async () => {
    if (!shipment.troubled) return;
    // A package that has gone needs its label: nothing is left to choose.
    for (const cause of ['confirmation_refused', 'label_not_voided'] as const)
      await clearException(ports, actor, { workspaceId, cause, subjectId: shipmentId });
  };
  if (shipment.state !== 'planned' && shipment.state !== 'labelled') {
    await tellTracking(ports, actor, shipment);
    // Also when a run before this one told the storefront and died.
    await clearTrouble();
    return { orderId, moves: true };
  }
  if (shipment.voiding) return { orderId, moves: false };
  if (shipment.tracking === null) throw new Failure('conflict', `shipment ${shipmentId} has no tracking yet`);
  const order = await getOrder(ports, workspaceId, orderId);
  if (!(await countOrVoid(ports, actor, shipment, { order }))) return { orderId, moves: true };
  const connection = await connectionToFinish(ports, workspaceId, shipment.connectionId);
  const answer = await confirmAtStorefront(ports, actor, connection, shipment, order);
  if (answer === 'held') {
    await changeShipment(ports, workspaceId, shipmentId, (current) =>
      current.state === 'planned' || current.state === 'labelled'
        ? { waitsFor: 'hold', dueAtMs: clock.now() + HELD_MS }
        : null,
    );
    return { orderId, moves: false };
  }
  const { confirmationId, moves } = answer;
  const by = { actor, atMs: clock.now() };
  const { tracking: told } = shipment;
  const confirmed = await changeShipment(
    ports,
    workspaceId,
    shipmentId,
    (current) => {
      if (current.state !== 'planned' && current.state !== 'labelled') return null;
      const trackingHistory = withTold(current, told, by.atMs);
      // It may have changed while the storefront was told.
      const again = isUntold({ confirmationId, trackingHistory });
      const changes = {
        counted: true,
        voiding: false,
        confirmationId,
        trackingHistory,
        waitsFor: null,
        ...(current.label ? { followed: plainNumber(told.number) } : {}),
      };
      return move(
        shipmentMachine,
        current,
        'confirmed',
        { ...changes, dueAtMs: again ? by.atMs + ports.grace() : nextLook(current, current.trackingState, by.atMs) },
        by,
      );
    },
    shipment,
  );
  await tellTracking(ports, actor, confirmed);
  await clearTrouble();
  return { orderId, moves };
};
