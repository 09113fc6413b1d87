import { Failure } from '#domain/failure.ts';
import { idOf } from '#domain/ids.ts';
import { countReceipt, countShipment, type Leg, type LegLine } from '#domain/leg.ts';
import type { Parcel, Shipment, Tracking } from '#domain/shipment.ts';
import { levelId } from '#domain/stock.ts';
import { changeLeg } from './change.ts';
import { heldBack, heldBackFailure } from './held-back.ts';
import type { Ports } from './ports.ts';
import { applyStock, type ShelfOp } from './stock.ts';
import { countAndWake } from './wake-orders.ts';

export interface ShipRequest {
  /** As it was just read. */
  leg: Leg;
  /** The shipper's own name for the package: the same again is the same package. */
  reference: string;
  lines: readonly { lineId: string; quantity: number }[];
  /** Null when the shipper brings a tracking number of its own. */
  parcel: Parcel | null;
  tracking: Tracking | null;
}

/**
 * One package leaves: counted on the leg, taken off the shelf, and written down as a shipment, each once for a reference.
 * Refused as a whole (`conflict`, naming the lines) when units are not held, not on the shelf, or already gone.
 */
export const shipLeg = async (ports: Ports, request: ShipRequest): Promise<Shipment> => {
  const { store } = ports;
  const { leg } = request;
  const { workspaceId, _id: legId } = leg;
  const shipmentId = idOf('sh', legId, request.reference);
  const before = leg.counted.includes(shipmentId) ? await store.shipments.find(workspaceId, shipmentId) : null;
  if (before) return countPackage(ports, before, leg);
  if (leg.orderId === null || leg.kind === 'purchase')
    throw new Failure('conflict', `leg ${legId} is a ${leg.kind} leg that its supplier ships`, { safe: { legId } });
  if (request.parcel === null && request.tracking === null)
    throw new Failure('invalid', 'give a parcel to buy a label for, or the tracking of a package that has one');
  const units = [...Map.groupBy(request.lines, (l) => l.lineId)].map(([lineId, entries]) => {
    const line = leg.lines.find((l) => l.lineId === lineId);
    if (!line) throw new Failure('invalid', `leg ${legId} has no line ${lineId}`, { safe: { lineId } });
    return { line, quantity: entries.reduce((sum, entry) => sum + entry.quantity, 0) };
  });
  const held = await heldBack(ports, workspaceId, 'dispatch', { orderId: leg.orderId });
  if (held) throw heldBackFailure(held);
  // Asked before anything is written; what slips through between is caught by the leg's own count.
  countShipment(leg, shipmentId, request.lines);
  const waiting = units.filter(({ line }) => !line.ready).map(({ line }) => line.sku);
  if (waiting.length > 0)
    throw new Failure('conflict', `goods are still missing for ${waiting.join(', ')}`, { safe: { waiting } });
  const levels = new Map(
    (
      await store.levels.findMany(
        workspaceId,
        units.map(({ line }) => levelId(workspaceId, leg.location, line.sku)),
      )
    ).map((level) => [level._id, level.onHand]),
  );
  const short = [...Map.groupBy(units, ({ line }) => line.sku)]
    .filter(
      ([sku, group]) =>
        (levels.get(levelId(workspaceId, leg.location, sku)) ?? 0) < group.reduce((sum, u) => sum + u.quantity, 0),
    )
    .map(([sku]) => sku);
  if (short.length > 0)
    throw new Failure('conflict', `a count has shown less on the shelf than was held of ${short.join(', ')}`, {
      safe: { short },
    });

  const { reference, parcel, tracking } = request;
  const trackingState = 'unknown';
  const given = { _id: shipmentId, reference, units, parcel, tracking, trackingState } as const;
  const shipment = packageOf(ports, leg, leg.orderId, given);
  // Written down before and not counted: a run before this one died, or what is left was packed under a name that was voided.
  const written = (await store.shipments.insert(shipment))
    ? shipment
    : await store.shipments.find(workspaceId, shipmentId);
  return countPackage(ports, written ?? shipment, leg);
};

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

/** The factory takes a work leg on. */
export const acceptLeg = (ports: Ports, workspaceId: string, legId: string): Promise<Leg> =>
  changeLeg(ports.store, workspaceId, legId, (current) => {
    if (current.kind !== 'work')
      throw new Failure('conflict', `leg ${legId} is a ${current.kind} leg: there is nothing to accept`);
    if (current.state === 'accepted') return null;
    if (current.state !== 'awaiting')
      throw new Failure('conflict', `leg ${legId} is ${current.state}`, { safe: { state: current.state } });
    return { ...current, state: 'accepted', updatedAtMs: ports.clock.now() };
  });

export interface Receipt {
  workspaceId: string;
  legId: string;
  /** The lot or the delivery note: the same again is the same goods. */
  reference: string;
  lines: readonly { lineId: string; quantity: number }[];
  /** What inspection said of a lot; goods that are not released are not counted. */
  released: boolean;
}

/**
 * Goods come in for a leg: a released lot of a factory, held for its order at once, or a delivery for our shelf. Each reference
 * once. An unreleased lot adds nothing to what may be sold. `wakes` names the orders whose lines came to hold units.
 */
export const receiveGoods = async (ports: Ports, receipt: Receipt): Promise<{ leg: Leg; wakes: string[] }> => {
  const { store, clock } = ports;
  const { workspaceId, legId, reference } = receipt;
  if (!receipt.released)
    throw new Failure('rejected', `lot ${reference} is not released: its units do not count yet`, {
      safe: { reference },
    });
  const leg = await changeLeg(store, workspaceId, legId, (current) => {
    if (current.kind === 'fulfilment')
      throw new Failure('conflict', `leg ${legId} ships from a shelf: nothing comes in for it`);
    if (current.kind === 'purchase' && current.orderId !== null)
      throw new Failure('conflict', `leg ${legId} goes from the supplier to the buyer`);
    if (
      !current.counted.includes(reference) &&
      !['accepted', 'submitted', 'shipped', 'delivered', 'partly_shipped'].includes(current.state)
    )
      throw new Failure('conflict', `leg ${legId} is ${current.state}: nothing can come in for it`, {
        safe: { state: current.state },
      });
    const counted = countReceipt(current, reference, receipt.lines);
    return counted === current ? null : { ...counted, updatedAtMs: clock.now() };
  });
  const made = leg.orderId !== null;
  const ops: ShelfOp[] = leg.lines.flatMap((line) => {
    const quantity = receipt.lines.filter((l) => l.lineId === line.lineId).reduce((sum, l) => sum + l.quantity, 0);
    if (quantity === 0) return [];
    const id = `in:${legId}:${reference}:${line.lineId}`;
    return [
      {
        location: leg.location,
        sku: line.sku,
        op: made
          ? { kind: 'make' as const, id, key: line.lineId, orderId: leg.orderId ?? '', quantity, reference }
          : { kind: 'receipt' as const, id, quantity, expected: quantity, reference },
      },
    ];
  });
  const { orderIds } = await countAndWake(ports, workspaceId, ops);
  return { leg, wakes: orderIds };
};
