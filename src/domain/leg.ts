import type { Address } from './address.ts';
import { Failure } from './failure.ts';
import type { ModeName } from './offer.ts';
import { machine } from './state-machine.ts';

/** Fulfilment from a shelf, purchase from a supplier, work at a factory. */
export const LEG_KINDS = ['fulfilment', 'purchase', 'work'] as const;
export type LegKind = (typeof LEG_KINDS)[number];

/**
 * planned: written down. awaiting: waits for approvals, goods or the factory. submitted: sent, not yet answered for.
 * unknown: the call's outcome was lost and is being looked up. accepted: the party will do it. received: goods for our shelf came in.
 */
export const legMachine = machine('leg', 'planned', {
  planned: ['awaiting', 'submitted', 'accepted', 'unknown', 'rejected', 'cancelled', 'shipped', 'partly_shipped'],
  awaiting: ['planned', 'submitted', 'accepted', 'rejected', 'cancelled'],
  submitted: ['unknown', 'accepted', 'partly_shipped', 'shipped', 'received', 'rejected', 'cancelled'],
  unknown: ['planned', 'submitted', 'accepted', 'partly_shipped', 'shipped', 'rejected', 'cancelled'],
  accepted: ['partly_shipped', 'shipped', 'received', 'rejected', 'cancelled'],
  partly_shipped: ['shipped', 'received', 'cancelled'],
  shipped: ['delivered', 'received'],
  delivered: ['received'],
  received: [],
  rejected: ['planned', 'cancelled'],
  cancelled: [],
});
export type LegState = keyof typeof legMachine.table;

export interface LegLine {
  /** Ours: of the order line, or of the purchase order's line. */
  lineId: string;
  /** The storefront's id of the line; empty for a purchase for stock. */
  externalId: string;
  sku: string;
  title: string;
  quantity: number;
  totalMinor: number;
  externalSku: string;
  unitCost: string;
  weightGrams: number;
  origin: string;
  hsCode: string;
  /** Held on the shelf, or made: the units can leave. */
  ready: boolean;
  shipped: number;
  cancelled: number;
  /** Refunded after they left, or after the party could no longer be stopped. */
  returned: number;
  /** Units that came in, for a leg that fills our own shelf. */
  received: number;
}

export interface Leg {
  _id: string;
  workspaceId: string;
  /** Null for a purchase or work order that fills our own shelf. */
  orderId: string | null;
  orderNumber: string;
  /** The storefront connection of the order, and what the order is called there; empty for stock. */
  connectionId: string;
  orderExternalId: string;
  /** Where the goods go: the buyer, or our warehouse. Marked where it was made up. */
  shipTo: Address;
  kind: LegKind;
  mode: ModeName;
  partner: string;
  location: string;
  currency: string;
  state: LegState;
  version: number;
  lines: LegLine[];
  /** What each refund line did here: a refund is applied once. */
  refunds: { id: string; lineId: string; cancelled: number; returned: number }[];
  /** References of the shipments, lots and receipts that are counted in the lines. */
  counted: string[];
  externalId: string;
  note: string;
  /** When somebody should look at it again, in clock time; null when nothing is left to do. */
  dueAtMs: number | null;
  createdAtMs: number;
  updatedAtMs: number;
}

export const openUnits = (line: LegLine): number => line.quantity - line.cancelled - line.shipped;

const sum = (lines: readonly LegLine[], of: (line: LegLine) => number) =>
  lines.reduce((total, line) => total + of(line), 0);

/** The state that the counts on the lines amount to; `otherwise` while nothing has left. */
const stateByCounts = (leg: Leg, otherwise: LegState): LegState => {
  const active = sum(leg.lines, (l) => l.quantity - l.cancelled);
  const shipped = sum(leg.lines, (l) => l.shipped);
  if (active === 0) return 'cancelled';
  if (shipped >= active) return leg.state === 'delivered' ? 'delivered' : 'shipped';
  return shipped > 0 ? 'partly_shipped' : otherwise;
};

/** The leg in the state that its counts amount to. When nothing of it is left to leave, nobody has to look at it any more. */
const settleState = (leg: Leg): Leg => {
  const state = stateByCounts(leg, leg.state);
  legMachine.check(leg.state, state);
  return { ...leg, state, dueAtMs: state === 'shipped' || legMachine.final(state) ? null : leg.dueAtMs };
};

/** Throws `invalid` for units of a line that the leg does not have. */
const checkLines = (leg: Leg, units: readonly { lineId: string }[]): void => {
  const stranger = units.find((u) => !leg.lines.some((l) => l.lineId === u.lineId));
  if (stranger)
    throw new Failure('invalid', `leg ${leg._id} has no line ${stranger.lineId}`, {
      safe: { lineId: stranger.lineId },
    });
};

/**
 * The leg with a package counted in. The same reference again changes nothing. Throws `conflict` when the package holds more
 * than is left of a line, so that over all packages shipped ≤ ordered − cancelled.
 */
export const countShipment = (
  leg: Leg,
  reference: string,
  units: readonly { lineId: string; quantity: number }[],
): Leg => {
  if (leg.counted.includes(reference)) return leg;
  checkLines(leg, units);
  const lines = leg.lines.map((line) => {
    const quantity = units.filter((u) => u.lineId === line.lineId).reduce((a, u) => a + u.quantity, 0);
    if (quantity > openUnits(line))
      throw new Failure(
        'conflict',
        `line ${line.lineId} (${line.sku}) has ${openUnits(line)} left to ship, the package holds ${quantity}`,
        {
          safe: { lineId: line.lineId, sku: line.sku, left: openUnits(line), given: quantity },
        },
      );
    return { ...line, shipped: line.shipped + quantity };
  });
  return settleState({ ...leg, lines, counted: [...leg.counted, reference] });
};

/** True when the party can no longer be stopped: what is refunded now will leave and come back. */
export const cannotBeStopped = (leg: Leg): boolean =>
  leg.kind === 'purchase' && !['planned', 'awaiting', 'rejected'].includes(leg.state);

/**
 * The leg with one refund line applied, once: units that have not left are cancelled first, the rest counts as returned.
 * Also says how many of each, the same at every repetition.
 */
export const applyRefund = (
  leg: Leg,
  refund: { id: string; lineId: string; quantity: number },
): { leg: Leg; cancelled: number; returned: number } => {
  const before = leg.refunds.find((r) => r.id === refund.id);
  if (before) return { leg, cancelled: before.cancelled, returned: before.returned };
  const line = leg.lines.find((l) => l.lineId === refund.lineId);
  if (!line) throw new Failure('invalid', `leg ${leg._id} has no line ${refund.lineId}`);
  // Units that were refunded while the party could not be stopped have not left either, and are not cancelled a second time.
  const untouched = line.quantity - line.cancelled - line.returned;
  const cancelled = cannotBeStopped(leg) ? 0 : Math.min(refund.quantity, openUnits(line), untouched);
  const returned = Math.min(refund.quantity - cancelled, untouched - cancelled);
  const changed: Leg = {
    ...leg,
    lines: leg.lines.map((l) =>
      l === line ? { ...l, cancelled: l.cancelled + cancelled, returned: l.returned + returned } : l,
    ),
    refunds: [...leg.refunds, { ...refund, cancelled, returned }].map(({ id, lineId, cancelled: c, returned: r }) => ({
      id,
      lineId,
      cancelled: c,
      returned: r,
    })),
  };
  return { leg: settleState(changed), cancelled, returned };
};

/** The leg with goods counted in that a factory made or a supplier delivered to our shelf; the same reference once. */
export const countReceipt = (
  leg: Leg,
  reference: string,
  units: readonly { lineId: string; quantity: number }[],
): Leg => {
  if (leg.counted.includes(reference)) return leg;
  checkLines(leg, units);
  const lines = leg.lines.map((line) => {
    const quantity = units.filter((u) => u.lineId === line.lineId).reduce((a, u) => a + u.quantity, 0);
    if (line.received + quantity > line.quantity)
      throw new Failure(
        'conflict',
        `line ${line.lineId} (${line.sku}) expects ${line.quantity - line.received} more, ${quantity} given`,
        {
          safe: { lineId: line.lineId, left: line.quantity - line.received, given: quantity },
        },
      );
    return {
      ...line,
      received: line.received + quantity,
      ready: line.ready || line.received + quantity >= line.quantity - line.cancelled,
    };
  });
  const whole = lines.every((l) => l.received >= l.quantity);
  const state: LegState = leg.orderId === null && whole ? 'received' : leg.state;
  legMachine.check(leg.state, state);
  return { ...leg, lines, state, counted: [...leg.counted, reference] };
};
