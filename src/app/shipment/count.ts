import { Failure } from '#domain/failure.ts';
import { countShipment, type Leg, type LegLine } from '#domain/leg.ts';
import type { Shipment } from '#domain/shipment.ts';
import { changeLeg } from '../change.ts';
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
      weightGrams: line.weightGrams,
      origin: line.origin,
      hsCode: line.hsCode,
    })),
    state: 'planned',
    counted: false,
    troubled: false,
    label: null,
    confirmationId: null,
    dueAtMs: now + grace(),
    createdAtMs: now,
    updatedAtMs: now,
  };
};

/**
 * A written-down package, counted on its leg and on its shelf; whatever a crash left is finished here. A package that the leg has
 * no units for any more (a refund came first) is voided.
 */
export const countPackage = async (ports: Ports, shipment: Shipment, known?: Leg): Promise<Shipment> => {
  const { store, clock } = ports;
  const { workspaceId } = shipment;
  if (shipment.counted) return shipment;
  if (shipment.state === 'voided')
    throw new Failure(
      'conflict',
      `package ${shipment.reference} was voided: pack what is left under another reference`,
      { safe: { shipmentId: shipment._id } },
    );
  let leg: Leg;
  try {
    const count = (current: Leg): Leg | null => {
      const counted = countShipment(current, shipment._id, shipment.lines);
      return counted === current ? null : { ...counted, updatedAtMs: clock.now() };
    };
    leg = await changeLeg(store, workspaceId, shipment.legId, count, known);
  } catch (error) {
    if (error instanceof Failure && error.code === 'conflict')
      await store.shipments.change(
        shipment._id,
        { state: 'planned', label: null },
        { state: 'voided', dueAtMs: null, updatedAtMs: clock.now() },
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
          key: line.lineId,
          quantity: line.quantity,
          reference: shipment._id,
        },
      })),
    );
  // The step after this one writes it down with its own news: counting again would change nothing.
  return { ...shipment, counted: true };
};
