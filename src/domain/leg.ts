import { z } from 'zod';
import { Address } from './address.ts';
import { News } from './event.ts';
import { Failure } from './failure.ts';
import { Currency, Minor } from './money.ts';
import { type By, type Edit, type Moved, move } from './move.ts';
import { ModeName } from './offer.ts';
import { type Machine, machine } from './state-machine.ts';

/** Fulfilment from a shelf, purchase from a supplier, work at a factory. */
export const LEG_KINDS = ['fulfilment', 'purchase', 'work'] as const;
export const LegKind = z.enum(LEG_KINDS);
export type LegKind = z.infer<typeof LegKind>;

const STATES = [
  'planned',
  'awaiting',
  'submitted',
  'unknown',
  'accepted',
  'partly_shipped',
  'shipped',
  'delivered',
  'received',
  'rejected',
  'cancelled',
] as const;
export const LegState = z.enum(STATES);
export type LegState = z.infer<typeof LegState>;

/** A kind's table; states that it does not have lead nowhere and are reached from nowhere. */
const legMachineOf = (table: Partial<Record<LegState, readonly LegState[]>>): Machine<LegState> => {
  const none: Readonly<Record<LegState, readonly LegState[]>> = {
    planned: [],
    awaiting: [],
    submitted: [],
    unknown: [],
    accepted: [],
    partly_shipped: [],
    shipped: [],
    delivered: [],
    received: [],
    rejected: [],
    cancelled: [],
  };
  return machine('leg', 'planned', { ...none, ...table });
};

/**
 * What each kind of leg goes through.
 * planned: written down. awaiting: waits for approvals, goods or the factory (`waitsFor` says which). submitted: sent, not yet
 * answered for. unknown: the call's outcome was lost and is being looked up. accepted: the party will do it. received: goods for our
 * own shelf came in. A package that is voided before anybody was told of it takes a leg back.
 */
export const LEG_MACHINES: Readonly<Record<LegKind, Machine<LegState>>> = {
  fulfilment: legMachineOf({
    planned: ['awaiting', 'accepted', 'rejected', 'cancelled'],
    awaiting: ['accepted', 'rejected', 'cancelled'],
    accepted: ['partly_shipped', 'shipped', 'rejected', 'cancelled'],
    partly_shipped: ['accepted', 'shipped', 'cancelled'],
    shipped: ['accepted', 'partly_shipped', 'cancelled', 'delivered'],
    rejected: ['planned', 'cancelled'],
  }),
  work: legMachineOf({
    planned: ['awaiting', 'rejected', 'cancelled'],
    awaiting: ['accepted', 'rejected', 'cancelled'],
    accepted: ['partly_shipped', 'shipped', 'received', 'rejected', 'cancelled'],
    partly_shipped: ['accepted', 'shipped', 'received', 'cancelled'],
    shipped: ['accepted', 'partly_shipped', 'cancelled', 'delivered', 'received'],
    delivered: ['received'],
    rejected: ['planned', 'cancelled'],
  }),
  purchase: legMachineOf({
    planned: ['awaiting', 'submitted', 'accepted', 'unknown', 'rejected', 'cancelled', 'shipped', 'partly_shipped'],
    awaiting: ['planned', 'submitted', 'accepted', 'rejected', 'cancelled'],
    submitted: ['planned', 'unknown', 'accepted', 'partly_shipped', 'shipped', 'received', 'rejected', 'cancelled'],
    unknown: ['planned', 'submitted', 'accepted', 'partly_shipped', 'shipped', 'rejected', 'cancelled'],
    accepted: ['partly_shipped', 'shipped', 'received', 'rejected', 'cancelled'],
    partly_shipped: ['shipped', 'received', 'cancelled'],
    shipped: ['delivered', 'received'],
    delivered: ['received'],
    rejected: ['planned', 'cancelled'],
  }),
};
export const legMachine = (leg: Pick<Leg, 'kind'>): Machine<LegState> => LEG_MACHINES[leg.kind];

/** What a leg that does not move waits for. */
export const WAITS_FOR = ['approval', 'goods', 'factory', 'live', 'case', 'hold', 'shop', 'payment'] as const;
export const WaitsFor = z.enum(WAITS_FOR);
export type WaitsFor = z.infer<typeof WaitsFor>;

export const LegLine = z.object({
  /** Ours: of the order line, or of the purchase order's line. */
  lineId: z.string(),
  /** The storefront's id of the line; empty for a purchase for stock. */
  externalId: z.string(),
  sku: z.string(),
  title: z.string(),
  quantity: z.int(),
  /** The buyer's price of these units. */
  totalMinor: z.number(),
  externalSku: z.string(),
  unitCost: z.string(),
  /** Under which key the shelf holds the units. */
  reservation: z.string(),
  /** Held on the shelf, or made: the units can leave. */
  ready: z.boolean(),
  shipped: z.int(),
  cancelled: z.int(),
  /** Refunded after they left. Of a purchase from before version 0.2: or after the supplier could no longer be stopped. */
  returned: z.int(),
  /** Taken off the order after they were sent to the supplier, who has neither shipped nor cancelled them yet. */
  asked: z.int(),
  /** Units that came in, for a leg that fills our own shelf. */
  received: z.int(),
});
export type LegLine = z.infer<typeof LegLine>;

const LegBase = z.object({
  _id: z.string(),
  workspaceId: z.string(),
  /** Null for a purchase or work order that fills our own shelf. */
  orderId: z.string().nullable(),
  orderNumber: z.string(),
  /** The plan that it belongs to; 0 for stock. */
  plan: z.int(),
  /** The storefront connection of the order, and what the order is called there; empty for stock. */
  connectionId: z.string(),
  orderExternalId: z.string(),
  /** Where the goods go, as it was sent or will be sent: the buyer, or our own location. Null: nobody has said yet. */
  shipTo: Address.nullable(),
  mode: ModeName,
  partner: z.string(),
  location: z.string(),
  /** The currency of the prices of its lines. */
  currency: z.string(),
  /** The currency of their costs. */
  costCurrency: z.string(),
  state: LegState,
  version: z.int(),
  lines: z.array(LegLine),
  /** What each unit taken off the order did here: each id is applied once. */
  refunds: z.array(
    z.object({
      id: z.string(),
      /** Under which id its units were taken off the order, where that is not the row's own: units that came back after it was settled. */
      taken: z.string().exactOptional(),
      lineId: z.string(),
      cancelled: z.int(),
      returned: z.int(),
      asked: z.int(),
    }),
  ),
  /** References of the shipments, lots and receipts that are counted in the lines. */
  counted: z.array(z.string()),
  waitsFor: WaitsFor.nullable(),
  /** What the party said when it refused; empty otherwise. */
  reason: z.string(),
  /** How often it has refused; absent: never, or by version 0.1. */
  refusals: z.int().exactOptional(),
  /** When somebody should look at it again, in clock time; null when nothing is left to do. */
  dueAtMs: z.number().nullable(),
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
  news: z.array(News).optional(),
  newsSeq: z.int().optional(),
});
/** What a supplier that has taken a purchase down waits to be paid. */
export const Unpaid = z.object({
  /** Null where it does not say. */
  amountMinor: Minor.nullable(),
  currency: Currency.nullable(),
  /** What it said of it; empty where it said nothing. */
  reason: z.string(),
  /**
   * none: nobody sees to it. wanted: we are to pay. sent: the payment was asked for, and it is not known what became of it. byHand: a
   * person says that it is paid.
   */
  pay: z.enum(['none', 'wanted', 'sent', 'byHand']),
  /** Until when, in clock time, the word of a person is enough. */
  restsUntilMs: z.number().nullable(),
});
export type Unpaid = z.infer<typeof Unpaid>;

export const FulfilmentLeg = LegBase.extend({ kind: z.literal('fulfilment') });
export const WorkLeg = LegBase.extend({ kind: z.literal('work') });
export const PurchaseLeg = LegBase.extend({
  kind: z.literal('purchase'),
  /** The supplier's number of it; empty while not known. */
  externalId: z.string(),
  /** The supplier's numbers of the orders into which it has split this one; absent: none that we know of. */
  parts: z.array(z.string()).exactOptional(),
  /** Counts while the leg is submitted: see `unpaidOf`. Null or absent: its supplier waits for no payment. */
  unpaid: Unpaid.nullable().exactOptional(),
  /** Whether the supplier was asked to cancel. wanted: to be asked. refused: it said no. byHand: we cannot ask, a person must. */
  cancel: z.enum(['none', 'wanted', 'refused', 'byHand']),
});
/** The part of an order that one party executes, or what fills our own shelf. */
export const Leg = z.discriminatedUnion('kind', [FulfilmentLeg, PurchaseLeg, WorkLeg]);
export type FulfilmentLeg = z.infer<typeof FulfilmentLeg>;
export type PurchaseLeg = z.infer<typeof PurchaseLeg>;
export type WorkLeg = z.infer<typeof WorkLeg>;
export type Leg = z.infer<typeof Leg>;
/** Changes of a leg: without a step, or with one. */
export type LegPatch = Edit<Leg> | Edit<PurchaseLeg> | Moved<Leg> | Moved<PurchaseLeg>;

/** Takes a leg of any kind to a state, by the table of its kind. */
export const moveLeg = (leg: Leg, to: LegState, changes: Edit<Leg>, by: By): Moved<Leg> =>
  move<LegState, Leg>(legMachine(leg), leg, to, changes, by);

/** The payment that the supplier of a purchase waits for; null where it waits for none. */
export const unpaidOf = (leg: Leg): Unpaid | null =>
  leg.kind === 'purchase' && leg.state === 'submitted' ? (leg.unpaid ?? null) : null;

export const openUnits = (line: LegLine): number => line.quantity - line.cancelled - line.shipped;

/** Units of a line that have neither left nor, for our own shelf, come in. */
export const pendingUnits = (leg: Pick<Leg, 'orderId'>, line: LegLine): number =>
  leg.orderId === null ? Math.max(0, line.quantity - line.cancelled - line.received) : openUnits(line);

const sum = (lines: readonly LegLine[], of: (line: LegLine) => number) =>
  lines.reduce((total, line) => total + of(line), 0);

/** The state that the counts on the lines amount to; `otherwise` while nothing has left. */
const stateByCounts = (leg: Leg, lines: readonly LegLine[], otherwise: LegState): LegState => {
  const active = sum(lines, (l) => l.quantity - l.cancelled);
  const shipped = sum(lines, (l) => l.shipped);
  if (active === 0) return 'cancelled';
  if (shipped >= active) return leg.state === 'delivered' ? 'delivered' : 'shipped';
  return shipped > 0 ? 'partly_shipped' : otherwise;
};

/**
 * The leg with these counts, in the state that they amount to. When nothing of it is left to leave, nobody has to look at it any
 * more.
 */
const withCounts = (
  leg: Leg,
  lines: LegLine[],
  changes: Edit<Leg>,
  by: By,
  otherwise: LegState = leg.state,
): Moved<Leg> => {
  const state = stateByCounts(leg, lines, otherwise);
  const over = state === 'shipped' || legMachine(leg).final(state);
  return moveLeg(leg, state, { ...changes, lines, ...(over ? { dueAtMs: null, waitsFor: null } : {}) }, by);
};

/** Throws `invalid` for units of a line that the leg does not have. */
const checkLines = (leg: Leg, units: readonly { lineId: string }[]): void => {
  const stranger = units.find((u) => !leg.lines.some((l) => l.lineId === u.lineId));
  if (stranger)
    throw new Failure('invalid', `leg ${leg._id} has no line ${stranger.lineId}`, {
      safe: { lineId: stranger.lineId },
    });
};

const unitsOf = (units: readonly { lineId: string; quantity: number }[], lineId: string): number =>
  units.reduce((total, unit) => total + (unit.lineId === lineId ? unit.quantity : 0), 0);

/** Throws `conflict` when a package holds more than is left of a line, so that over all packages shipped ≤ ordered − cancelled. */
export const checkShipment = (leg: Leg, units: readonly { lineId: string; quantity: number }[]): void => {
  checkLines(leg, units);
  for (const line of leg.lines) {
    const quantity = unitsOf(units, line.lineId);
    if (quantity > openUnits(line))
      throw new Failure(
        'conflict',
        `line ${line.lineId} (${line.sku}) has ${openUnits(line)} left to ship, the package holds ${quantity}`,
        { safe: { lineId: line.lineId, sku: line.sku, left: openUnits(line), given: quantity } },
      );
  }
};

/**
 * A package counted in; null for a reference that is counted already. Throws `conflict` like `checkShipment`. Units that the supplier
 * was asked to cancel and ships all the same have been refunded and left: they count as returned.
 */
export const countShipment = (
  leg: Leg,
  reference: string,
  units: readonly { lineId: string; quantity: number }[],
  by: By,
): Moved<Leg> | null => {
  if (leg.counted.includes(reference)) return null;
  checkShipment(leg, units);
  let { refunds } = leg;
  const lines = leg.lines.map((line) => {
    const { lineId } = line;
    const quantity = unitsOf(units, lineId);
    const late = Math.max(0, quantity - (openUnits(line) - line.asked));
    refunds = turned(refunds, { lineId, quantity: late, from: 'asked', to: 'returned' });
    return {
      ...line,
      shipped: line.shipped + quantity,
      asked: line.asked - late,
      returned: line.returned + late,
    };
  });
  return withCounts(leg, lines, { counted: [...leg.counted, reference], refunds }, by);
};

/**
 * A counted package taken out again, because it was voided before it left; null for one that is not counted. Units that were refunded
 * while they were packed have not left after all: they are cancelled, and nobody packs them again.
 */
export const uncountShipment = (
  leg: Leg,
  reference: string,
  units: readonly { lineId: string; quantity: number }[],
  by: By,
): Moved<Leg> | null => {
  if (!leg.counted.includes(reference)) return null;
  checkLines(leg, units);
  let { refunds } = leg;
  const lines = leg.lines.map((line) => {
    const { lineId } = line;
    const shipped = line.shipped - unitsOf(units, lineId);
    const kept = Math.max(0, line.returned - shipped);
    refunds = turned(refunds, { lineId, quantity: kept, from: 'returned', to: 'cancelled' });
    return { ...line, shipped, returned: line.returned - kept, cancelled: line.cancelled + kept };
  });
  const counted = leg.counted.filter((each) => each !== reference);
  return withCounts(leg, lines, { counted, refunds }, by, 'accepted');
};

/** True once the party may have begun and has to be asked before units are taken back. */
export const wasSent = (leg: Leg): boolean =>
  leg.kind === 'purchase'
    ? !['planned', 'awaiting', 'rejected', 'cancelled'].includes(leg.state)
    : !['planned', 'awaiting', 'accepted', 'rejected', 'cancelled'].includes(leg.state) ||
      (leg.kind === 'work' && leg.state === 'accepted');

/** Sent, and nobody knows what came of it. */
export const isLost = (leg: Leg): boolean =>
  leg.kind === 'purchase' && (leg.state === 'unknown' || (leg.state === 'submitted' && leg.externalId === ''));

/** How many units of a line can be taken from a leg: those still open, and with `left` those that have left and did not come back. */
export const takeable = (leg: Leg, lineId: string, left: boolean): { open: number; left: number } => {
  const line = leg.lines.find((l) => l.lineId === lineId);
  if (!line) return { open: 0, left: 0 };
  const untouched = line.quantity - line.cancelled - line.returned - line.asked;
  const open = Math.min(openUnits(line) - line.asked, untouched);
  return { open: Math.max(0, open), left: left ? Math.max(0, untouched - Math.max(0, open)) : 0 };
};

/** Units of a line that have a place on the leg: neither cancelled, nor come back, nor to be cancelled by the supplier. */
export const keptUnits = (leg: Leg, lineId: string): number =>
  sum(leg.lines, (l) => (l.lineId === lineId ? l.quantity - l.cancelled - l.returned - l.asked : 0));

export interface TakenHere {
  cancelled: number;
  returned: number;
  asked: number;
}

/**
 * Units taken off the order, applied to this leg once: those that have not left are cancelled, or the supplier has to be asked for
 * them; with `left` those that have left count as returned. Null patch when the id was applied before or nothing is here to take.
 */
export const takeUnits = (
  leg: Leg,
  given: { id: string; taken?: string; lineId: string; quantity: number; left: boolean },
  by: By,
): { patch: Moved<Leg> | null; here: TakenHere } => {
  const before = leg.refunds.find((r) => r.id === given.id);
  if (before) return { patch: null, here: before };
  const { open, left } = takeable(leg, given.lineId, given.left);
  const fromOpen = Math.min(given.quantity, open);
  const returned = Math.min(given.quantity - fromOpen, left);
  const ask = leg.kind === 'purchase' && wasSent(leg);
  const here: TakenHere = { cancelled: ask ? 0 : fromOpen, asked: ask ? fromOpen : 0, returned };
  if (fromOpen + returned === 0) return { patch: null, here };
  const lines = leg.lines.map((line) =>
    line.lineId === given.lineId
      ? {
          ...line,
          cancelled: line.cancelled + here.cancelled,
          returned: line.returned + here.returned,
          asked: line.asked + here.asked,
        }
      : line,
  );
  const name = given.taken === undefined ? { id: given.id } : { id: given.id, taken: given.taken };
  const refunds = [...leg.refunds, { ...name, lineId: given.lineId, ...here }];
  return { patch: withCounts(leg, lines, { refunds }, by), here };
};

/** The refunds with so many units of a line turned from one outcome into another, those that came first first. */
const turned = (
  refunds: Leg['refunds'],
  given: { lineId: string; quantity: number; from: 'asked' | 'returned'; to: 'returned' | 'cancelled' },
): Leg['refunds'] => {
  let rest = given.quantity;
  return refunds.map((refund) => {
    const units = refund.lineId === given.lineId ? Math.min(rest, refund[given.from]) : 0;
    if (units === 0) return refund;
    rest -= units;
    return { ...refund, [given.from]: refund[given.from] - units, [given.to]: refund[given.to] + units };
  });
};

/** True when every unit that has not left is to be taken back: then the supplier is asked to cancel the whole of what is left. */
export const allAsked = (leg: Leg): boolean =>
  sum(leg.lines, openUnits) > 0 && leg.lines.every((line) => openUnits(line) === line.asked);

/** The leg with everything that has not left cancelled: the party has confirmed it, or it was never sent. */
export const cancelOpen = (leg: Leg, changes: Edit<Leg>, by: By): Moved<Leg> => {
  const lines = leg.lines.map((line) => ({ ...line, cancelled: line.cancelled + openUnits(line), asked: 0 }));
  // What was asked for is now known to be cancelled, and by which refund.
  const refunds = leg.refunds.map((r) => ({ ...r, cancelled: r.cancelled + r.asked, asked: 0 }));
  return withCounts(leg, lines, { ...changes, refunds }, by);
};

/** What the party has confirmed that it cancels: all that has not left or, for our own shelf, not come in. */
export const cancelPending = (leg: Leg, changes: Edit<Leg>, by: By): Moved<Leg> => {
  if (leg.orderId !== null || sum(leg.lines, (line) => line.received) === 0) return cancelOpen(leg, changes, by);
  const lines = leg.lines.map((line) => ({ ...line, cancelled: line.cancelled + pendingUnits(leg, line) }));
  return moveLeg(leg, 'received', { ...changes, lines, dueAtMs: null, waitsFor: null }, by);
};

/**
 * A purchase that its supplier does not hold after all: it refused it, or never got it. There is nobody to ask any more, so what was to
 * be asked for is cancelled; so is all of it when it was to be cancelled as a whole.
 */
export const moveUnsent = (
  leg: Leg,
  to: 'planned' | 'rejected',
  changes: Edit<Leg> | Edit<PurchaseLeg>,
  by: By,
): Moved<Leg> => {
  if (allAsked(leg) || (leg.kind === 'purchase' && leg.cancel !== 'none')) return cancelOpen(leg, changes, by);
  const refusals = (leg.refusals ?? 0) + 1;
  const counted = to === 'rejected' ? { ...changes, refusals } : changes;
  if (leg.lines.every((line) => line.asked === 0)) return moveLeg(leg, to, counted, by);
  const lines = leg.lines.map((line) => ({ ...line, cancelled: line.cancelled + line.asked, asked: 0 }));
  const refunds = leg.refunds.map((r) => ({ ...r, cancelled: r.cancelled + r.asked, asked: 0 }));
  return moveLeg(leg, to, { ...counted, lines, refunds }, by);
};

/** Goods counted in that a factory made or a supplier delivered to our shelf; null for a reference that is counted already. */
export const countReceipt = (
  leg: Leg,
  reference: string,
  units: readonly { lineId: string; quantity: number }[],
  by: By,
): Moved<Leg> | null => {
  if (leg.counted.includes(reference)) return null;
  checkLines(leg, units);
  const lines = leg.lines.map((line) => {
    const quantity = unitsOf(units, line.lineId);
    if (line.received + quantity > line.quantity)
      throw new Failure(
        'conflict',
        `line ${line.lineId} (${line.sku}) expects ${line.quantity - line.received} more, ${quantity} given`,
        { safe: { lineId: line.lineId, left: line.quantity - line.received, given: quantity } },
      );
    return {
      ...line,
      received: line.received + quantity,
      ready: line.ready || line.received + quantity >= line.quantity - line.cancelled,
    };
  });
  const whole = lines.every((l) => l.received >= l.quantity);
  const state: LegState = leg.orderId === null && whole ? 'received' : leg.state;
  return moveLeg(leg, state, { lines, counted: [...leg.counted, reference] }, by);
};

/** What a new leg is made from. */
export interface NewLeg {
  _id: string;
  workspaceId: string;
  kind: LegKind;
  mode: Leg['mode'];
  partner: string;
  location: string;
  currency: string;
  costCurrency: string;
  lines: LegLine[];
  dueAtMs: number | null;
  atMs: number;
  shipTo: Leg['shipTo'];
  order: { _id: string; number: string; connectionId: string; externalId: string; plan: number } | null;
}

/** A leg as it is first written down: planned, with nothing counted. */
export const newLeg = ({ order, atMs, kind, ...given }: NewLeg): Leg => {
  const base = {
    ...given,
    orderId: order?._id ?? null,
    orderNumber: order?.number ?? '',
    plan: order?.plan ?? 0,
    connectionId: order?.connectionId ?? '',
    orderExternalId: order?.externalId ?? '',
    state: 'planned' as const,
    version: 1,
    refunds: [],
    counted: [],
    waitsFor: null,
    reason: '',
    createdAtMs: atMs,
    updatedAtMs: atMs,
  };
  return kind === 'purchase' ? { ...base, kind, externalId: '', cancel: 'none' } : { ...base, kind };
};

/** A line with nothing counted on it yet. */
export const newLegLine = (
  given: Omit<LegLine, 'shipped' | 'cancelled' | 'returned' | 'asked' | 'received'>,
): LegLine => ({ ...given, shipped: 0, cancelled: 0, returned: 0, asked: 0, received: 0 });
