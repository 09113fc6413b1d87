import type { Actor } from '#domain/actor.ts';
import { Failure, isFailure } from '#domain/failure.ts';
import { type Leg, openUnits, uncountShipment } from '#domain/leg.ts';
import { move, noted } from '#domain/move.ts';
import { type Order, orderMachine } from '#domain/order.ts';
import { type Shipment, shipmentMachine } from '#domain/shipment.ts';
import { levelId } from '#domain/stock.ts';
import { changeLeg, changeOrder, changeShipment } from '../change.ts';
import { clearException, openException } from '../exception/open.ts';
import { getOrder, getShipment } from '../get.ts';
import { clearLegHold } from '../order/leg-hold.ts';
import { unpostPackage } from '../order/postings.ts';
import type { Ports } from '../ports.ts';
import { applyStock, type ShelfOp } from '../stock/apply.ts';
import { getActiveConnection, readyConnection } from '../usable-connection.ts';

/** How long a package that its carrier did not take back waits for a person, in clock time, before it goes on its way. */
const WAITS_FOR_PERSON_MS = 3_600_000;

/** Throws `conflict` for a package that nobody can void: the storefront knows of it, or its supplier has sent it. */
const requireVoidable = ({ state, reference, parcel }: Shipment): void => {
  if (state !== 'planned' && state !== 'labelled')
    throw new Failure('conflict', `package ${reference} is ${state}: the storefront was told of it`, {
      safe: { state },
    });
  if (parcel === null)
    throw new Failure('conflict', `package ${reference} travels on a label that is not ours`, { safe: { state } });
};

/**
 * Asks for a package to be voided that nobody was told of; asked again after its carrier had refused, the carrier is asked again. Throws
 * `conflict` for one that the storefront knows, and for one that its supplier has sent.
 */
export const requestVoid = async (
  ports: Ports,
  _actor: Actor,
  { workspaceId, shipmentId }: { workspaceId: string; shipmentId: string },
): Promise<Shipment> =>
  changeShipment(ports, workspaceId, shipmentId, (current) => {
    if (current.state === 'voided' || current.voiding) return null;
    requireVoidable(current);
    return { voiding: true, dueAtMs: ports.clock.now() + ports.grace() };
  });

/**
 * A person has settled the label of a package with its carrier, which did not take it back when we asked: the package is voided, and the
 * carrier is not asked any more. Throws `conflict` like `requestVoid`.
 */
export const settleLabel = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, shipmentId, note }: { workspaceId: string; shipmentId: string; note: string },
): Promise<Shipment> =>
  changeShipment(ports, workspaceId, shipmentId, (current) => {
    if (current.state === 'voided' || current.labelSettled) return null;
    requireVoidable(current);
    const changes = { voiding: true, labelSettled: true, dueAtMs: ports.clock.now() + ports.grace() };
    return noted(current, 'shipment.label_settled', changes, {
      actor,
      atMs: ports.clock.now(),
      personal: { note },
    });
  });

/** Marks the packages to be voided that hold units of these lines, travel on a label of ours, and that nobody was told of. */
export const voidUntold = async (
  ports: Ports,
  order: Pick<Order, '_id' | 'workspaceId'>,
  lineIds: ReadonlySet<string>,
): Promise<void> => {
  const { workspaceId, _id: orderId } = order;
  for (const one of await ports.store.shipments.list(workspaceId, { orderId }, { limit: 10_000 }))
    if (one.parcel !== null && one.lines.some(({ lineId }) => lineIds.has(lineId)))
      await changeShipment(
        ports,
        workspaceId,
        one._id,
        (current) =>
          (current.state === 'planned' || current.state === 'labelled') && !current.voiding
            ? { voiding: true, dueAtMs: ports.clock.now() + ports.grace() }
            : null,
        one,
      );
};

/**
 * Voids a package: its label first, where one was bought or may have been, then its units go back to the leg and the shelf, each once.
 * A label that the carrier does not take back leaves the package as it was, and an exception says so. Such a package waits an hour for a
 * person, who has the carrier asked again or settles it by hand; then it goes on its way.
 */
export const voidShipment = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, shipmentId }: { workspaceId: string; shipmentId: string },
): Promise<{ shipment: Shipment; voided: boolean }> => {
  const { clock, gateway } = ports;
  const shipment = await getShipment(ports, workspaceId, shipmentId);
  const by = { actor, atMs: clock.now() };
  if (shipment.state === 'voided') return { shipment: await giveBack(ports, actor, shipment), voided: true };
  if (!shipment.voiding || (shipment.state !== 'planned' && shipment.state !== 'labelled'))
    return { shipment, voided: false };
  let label = shipment.label ? { ...shipment.label } : null;
  if (!label && !shipment.labelSettled && shipment.carrierId !== null) {
    // A purchase of the label may be under way or its answer lost: what the carrier that was asked has under our reference is the truth.
    const asked = await ports.cached.connection(workspaceId, shipment.carrierId);
    if (asked && asked.state !== 'removed') {
      const connection = await readyConnection(ports, asked, asked._id);
      const found = await gateway.call(connection, 'labels.find', { reference: shipmentId });
      if (found && !found.voided)
        label = {
          connectionId: connection._id,
          externalId: found.externalId,
          costMinor: found.costMinor,
          currency: found.currency,
          url: found.url,
        };
    }
  }
  if (label && !shipment.labelSettled) {
    const connection = await getActiveConnection(ports, workspaceId, label.connectionId);
    const answer = await gateway
      .call(connection, 'labels.void', { externalId: label.externalId })
      .catch((error: unknown) => {
        if (!isFailure(error, 'rejected', 'conflict', 'not_found')) throw error;
        return { voided: false, rawStatus: error.message };
      });
    if (!answer.voided) {
      // Told before it is written down: a run that dies in between asks, and tells, again.
      await openException(ports, actor, {
        workspaceId,
        cause: 'label_not_voided',
        subject: { kind: 'shipment', id: shipmentId },
        orderId: shipment.orderId,
        detail: `Package ${shipment.reference}: the carrier does not take its label back (${answer.rawStatus})`,
        retry: { job: 'shipment.void', payload: { workspaceId, shipmentId } },
      });
      const kept = await changeShipment(ports, workspaceId, shipmentId, (current) =>
        current.voiding && !current.labelSettled && current.state !== 'voided'
          ? { voiding: false, troubled: true, label, dueAtMs: clock.now() + WAITS_FOR_PERSON_MS }
          : null,
      );
      return { shipment: kept, voided: false };
    }
  }
  const voided = await changeShipment(ports, workspaceId, shipmentId, (current) =>
    current.voiding && (current.state === 'planned' || current.state === 'labelled')
      ? move(shipmentMachine, current, 'voided', { voiding: false, label, dueAtMs: clock.now() + ports.grace() }, by)
      : null,
  );
  if (voided.state !== 'voided') return { shipment: voided, voided: false };
  return { shipment: await giveBack(ports, actor, voided), voided: true };
};

/** What the shelf holds for a line beyond what is open on it was refunded while it was packed: anybody may have it. */
const freeSurplus = async (ports: Ports, leg: Leg, shipment: Shipment): Promise<void> => {
  const { workspaceId, _id: shipmentId } = shipment;
  const packed = leg.lines.filter((line) => shipment.lines.some(({ lineId }) => lineId === line.lineId));
  const levelOf = (sku: string) => levelId(workspaceId, leg.location, sku);
  const levels = await ports.store.levels.findMany(workspaceId, [...new Set(packed.map(({ sku }) => levelOf(sku)))]);
  await applyStock(
    ports,
    workspaceId,
    packed.flatMap((line): ShelfOp[] => {
      const level = levels.find(({ _id }) => _id === levelOf(line.sku));
      const held = level?.open.find(({ key }) => key === line.reservation)?.quantity ?? 0;
      const quantity = held - openUnits(line);
      const id = `void-free:${shipmentId}:${line.lineId}`;
      return quantity > 0
        ? [
            {
              location: leg.location,
              sku: line.sku,
              op: { kind: 'release', id, key: line.reservation, quantity, reference: leg.orderNumber },
            },
          ]
        : [];
    }),
  );
};

/** What only this package's leg lacked is asked for again with the next package. */
const clearHolds = async (ports: Ports, actor: Actor, { workspaceId, orderId, legId }: Shipment): Promise<void> => {
  const order = await ports.store.orders.find(workspaceId, orderId);
  if (!order) return;
  await clearLegHold(ports, actor, await clearLegHold(ports, actor, order, 'product', legId), 'address', legId);
};

/** What can be open about a package, and is nobody's concern any more once it is voided. */
const OF_PACKAGE = ['label_not_voided', 'label_refused', 'confirmation_refused', 'export_blocked'] as const;

/** The units of a voided package are open on their leg again, and held for it on the shelf; what it had waited for is over. */
const giveBack = async (ports: Ports, actor: Actor, shipment: Shipment): Promise<Shipment> => {
  const { workspaceId, _id: shipmentId } = shipment;
  const by = { actor, atMs: ports.clock.now() };
  if (shipment.dueAtMs === null) return shipment;
  await clearHolds(ports, actor, shipment);
  const causes = shipment.troubled ? OF_PACKAGE : (['label_not_voided'] as const);
  for (const cause of causes) await clearException(ports, actor, { workspaceId, cause, subjectId: shipmentId });
  const before = await ports.store.legs.find(workspaceId, shipment.legId);
  if (before?.counted.includes(shipmentId) && before.kind !== 'purchase') {
    const keyOf = (lineId: string) => before.lines.find((line) => line.lineId === lineId)?.reservation ?? lineId;
    // Off the shelf first, should the run that counted the package have died before that: then it comes back.
    for (const kind of ['ship', 'make'] as const)
      await applyStock(
        ports,
        workspaceId,
        shipment.lines.map(({ lineId, sku, quantity }) => ({
          location: before.location,
          sku,
          op: {
            kind,
            id: `${kind === 'ship' ? 'ship' : 'void'}:${shipmentId}:${lineId}`,
            key: keyOf(lineId),
            orderId: shipment.orderId,
            quantity,
            reference: shipmentId,
          },
        })),
      );
  }
  if (before?.counted.includes(shipmentId))
    await unpostPackage(ports, await getOrder(ports, workspaceId, shipment.orderId), before, shipment);
  const leg = await changeLeg(ports, workspaceId, shipment.legId, (current) =>
    uncountShipment(current, shipmentId, shipment.lines, by),
  );
  if (leg.kind !== 'purchase') await freeSurplus(ports, leg, shipment);
  // What is open again may have been taken off the order meanwhile: it looks, also when this process dies.
  await changeOrder(ports, workspaceId, shipment.orderId, (current) =>
    orderMachine.final(current.state) ? null : { dueAtMs: by.atMs + ports.grace() },
  );
  return changeShipment(ports, workspaceId, shipmentId, () => ({ dueAtMs: null, counted: false }), {
    ...shipment,
  });
};
