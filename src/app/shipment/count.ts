import type { Actor } from '#domain/actor.ts';
import { Failure, isFailure } from '#domain/failure.ts';
import { countShipment, type Leg, type LegLine } from '#domain/leg.ts';
import { move } from '#domain/move.ts';
import type { Order } from '#domain/order.ts';
import { type Shipment, shipmentMachine } from '#domain/shipment.ts';
import { changeLeg, changeShipment } from '../change.ts';
import { getOrder, getShipment } from '../get.ts';
import { postPackages } from '../order/postings.ts';
import type { Ports } from '../ports.ts';
import { applyStock } from '../stock/apply.ts';

/** A package of a leg as it is first written down: neither counted, labelled nor told of. */
export const packageOf = (
  { clock, grace }: Ports,
  leg: Leg,
  orderId: string,
  given: Pick<Shipment, '_id' | 'reference' | 'parcel' | 'tracking' | 'trackingState'> & {
    units: readonly { line: LegLine; quantity: number }[];
  },
): Shipment => {
  const { units, ...known } = given;
  const now = clock.now();
  return {
    ...known,
    workspaceId: leg.workspaceId,
    legId: leg._id,
    orderId,
    connectionId: leg.connectionId,
    orderExternalId: leg.orderExternalId,
    lines: units.map(({ line, quantity }) => ({
      lineId: line.lineId,
      externalId: line.externalId,
      sku: line.sku,
      title: line.title,
      quantity,
      totalMinor: line.totalMinor,
    })),
    state: 'planned',
    counted: false,
    troubled: false,
    voiding: false,
    waitsFor: null,
    carrierId: null,
    label: null,
    confirmationId: null,
    dueAtMs: now + grace(),
    createdAtMs: now,
    updatedAtMs: now,
  };
};

/** What whoever counts a package has just read. */
interface Known {
  leg?: Leg;
  order?: Order;
}

/**
 * Counts a package, or voids it where the leg has no units for it any more; null for a voided one. For steps that come later than
 * the request of whoever packed it: there is nobody to refuse it to.
 */
export const countOrVoid = async (
  ports: Ports,
  actor: Actor,
  shipment: Shipment,
  known: Known = {},
): Promise<Shipment | null> => {
  try {
    return await countPackage(ports, actor, shipment, known);
  } catch (error) {
    if (!isFailure(error, 'conflict')) throw error;
    const { state } = await getShipment(ports, shipment.workspaceId, shipment._id);
    if (state === 'voided') return null;
    throw error;
  }
};

/**
 * A written-down package, counted on its leg and on its shelf; whatever a crash left is finished here. A package that the leg has
 * no units for any more (a refund came first) is voided.
 */
export const countPackage = async (
  ports: Ports,
  actor: Actor,
  shipment: Shipment,
  known: Known = {},
): Promise<Shipment> => {
  const { clock } = ports;
  const { workspaceId } = shipment;
  if (shipment.counted) return shipment;
  if (shipment.state === 'voided')
    throw new Failure(
      'conflict',
      `package ${shipment.reference} was voided: pack what is left under another reference`,
      { safe: { shipmentId: shipment._id } },
    );
  const by = { actor, atMs: clock.now() };
  let leg: Leg;
  try {
    leg = await changeLeg(
      ports,
      workspaceId,
      shipment.legId,
      (current) => countShipment(current, shipment._id, shipment.lines, by),
      known.leg,
    );
  } catch (error) {
    if (isFailure(error, 'conflict'))
      await changeShipment(ports, workspaceId, shipment._id, (current) =>
        current.state === 'planned' && current.label === null
          ? move(shipmentMachine, current, 'voided', { dueAtMs: null, voiding: false }, by)
          : null,
      );
    throw error;
  }
  if (leg.kind !== 'purchase')
    await applyStock(
      ports,
      workspaceId,
      shipment.lines.map((line) => ({
        location: leg.location,
        sku: line.sku,
        op: {
          kind: 'ship' as const,
          id: `ship:${shipment._id}:${line.lineId}`,
          key: leg.lines.find((onLeg) => onLeg.lineId === line.lineId)?.reservation ?? line.lineId,
          quantity: line.quantity,
          reference: shipment._id,
        },
      })),
    );
  const order = known.order ?? (await getOrder(ports, workspaceId, shipment.orderId));
  await postPackages(ports, order, [leg], [shipment]);
  // The step after this one writes it down with its own news: counting again would change nothing.
  return { ...shipment, counted: true };
};
