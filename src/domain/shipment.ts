import { z } from 'zod';
import { Address } from './address.ts';
import { News } from './event.ts';
import { Currency, Minor } from './money.ts';
import { PartyTaxId } from './order-facts.ts';
import { machine } from './state-machine.ts';

export const Parcel = z.object({
  weightGrams: z.int().positive(),
  lengthMm: z.int().positive(),
  widthMm: z.int().positive(),
  heightMm: z.int().positive(),
});
export type Parcel = z.infer<typeof Parcel>;

export const Tracking = z.object({ carrier: z.string(), number: z.string(), url: z.string().default('') });
export type Tracking = z.infer<typeof Tracking>;

/** What a carrier's scan means, whoever carries. Any word we do not know is `unknown`. */
export const TRACKING_STATES = [
  'pre_transit',
  'in_transit',
  'out_for_delivery',
  'available_for_pickup',
  'delivered',
  'return_to_sender',
  'failure',
  'cancelled',
  'unknown',
] as const;
export const TrackingReport = z.object({
  state: z.enum(TRACKING_STATES),
  rawStatus: z.string(),
  at: z.string().nullable(),
  tracking: Tracking,
});
export type TrackingReport = z.infer<typeof TrackingReport>;

export const Rate = z.object({
  externalId: z.string(),
  carrier: z.string(),
  service: z.string(),
  costMinor: Minor,
  currency: Currency,
  days: z.int().nonnegative().nullable(),
});
export type Rate = z.infer<typeof Rate>;

export const LabelRequest = z.object({
  /** Ours, unique for each label ever wanted; sent to the vendor so that a lost answer can be found again. */
  reference: z.string().min(1).max(64),
  from: Address,
  to: Address,
  parcel: Parcel,
  /** Customs lines; value and weight are of one unit. Null where the parcel crosses no customs border: then no form is made. */
  contents: z
    .array(
      z.object({
        sku: z.string(),
        title: z.string(),
        quantity: z.int().positive(),
        valueMinor: Minor,
        currency: Currency,
        weightGrams: z.int().positive(),
        origin: z.string().regex(/^[A-Z]{2}$/),
        hsCode: z.string(),
      }),
    )
    .min(1)
    .nullable(),
  /** For the customs of where it goes. */
  taxIds: z.array(PartyTaxId),
  /** Preferred carrier and service; null takes the cheapest rate. */
  service: z.object({ carrier: z.string(), service: z.string() }).nullable(),
});
export type LabelRequest = z.infer<typeof LabelRequest>;

export const Label = z.object({
  externalId: z.string().min(1),
  reference: z.string(),
  tracking: Tracking,
  service: z.string(),
  /** What is charged for it, fees included. */
  costMinor: Minor,
  currency: Currency,
  url: z.string(),
  voided: z.boolean(),
});
export type Label = z.infer<typeof Label>;

/** One package that the storefront is to be told of, as the storefront knows its lines. */
export const Confirmation = z.object({
  /** Our shipment id: the same confirmation sent twice carries the same. */
  reference: z.string().min(1),
  orderExternalId: z.string().min(1),
  lines: z.array(z.object({ lineExternalId: z.string().min(1), quantity: z.int().positive() })).min(1),
  tracking: Tracking,
  /** Numbers that this package had before: a package that was told of under one of them is this one. */
  earlier: z.array(z.string().min(1)).exactOptional(),
  /** True when with this package everything of the order that will be shipped has been shipped. */
  completes: z.boolean(),
});
export type Confirmation = z.infer<typeof Confirmation>;

/** Another tracking of a package that the storefront was told of. */
export const TrackingUpdate = z.object({
  /** The storefront's id of the confirmation. */
  externalId: z.string().min(1),
  orderExternalId: z.string().min(1),
  /** Our shipment id, as it stood in the confirmation. */
  reference: z.string().min(1),
  tracking: Tracking,
  notify: z.boolean().exactOptional(),
});
export type TrackingUpdate = z.infer<typeof TrackingUpdate>;

/** A tracking that a package has or had, and when we heard and told of it. */
export const PastTracking = z.object({
  tracking: Tracking,
  atMs: z.number(),
  /** Null while the storefront was not told of it, or when it never will be because another took its place. */
  toldAtMs: z.number().nullable(),
});
export type PastTracking = z.infer<typeof PastTracking>;

/**
 * planned: packed. labelled: its label is bought. confirmed: the storefront was told. A package that nobody was told of can be voided.
 */
export const shipmentMachine = machine('shipment', 'planned', {
  planned: ['labelled', 'confirmed', 'voided'],
  labelled: ['confirmed', 'voided'],
  confirmed: ['delivered'],
  delivered: [],
  voided: [],
});
export type ShipmentState = keyof typeof shipmentMachine.table;

/** One package of a leg on its way to the buyer. */
export const Shipment = z.object({
  _id: z.string(),
  workspaceId: z.string(),
  legId: z.string(),
  orderId: z.string(),
  /** The storefront that is told of it. */
  connectionId: z.string(),
  orderExternalId: z.string(),
  reference: z.string(),
  lines: z.array(
    z.object({
      lineId: z.string(),
      externalId: z.string(),
      sku: z.string(),
      title: z.string(),
      quantity: z.int().positive(),
      totalMinor: z.number(),
    }),
  ),
  /** Null when the party ships on its own label. */
  parcel: Parcel.nullable(),
  state: z.enum(shipmentMachine.states),
  /** Counted on its leg and taken off its shelf: what a crash could leave undone is done. */
  counted: z.boolean(),
  /** An exception was opened for it, to be closed when the step succeeds. */
  troubled: z.boolean(),
  /** It shall be voided: the label first, where there is one. */
  voiding: z.boolean(),
  /** A person has settled its label with the carrier, which is not asked to take it back. */
  labelSettled: z.boolean().exactOptional(),
  waitsFor: z.enum(['live', 'case', 'hold', 'shop', 'carrier']).nullable(),
  tracking: Tracking.nullable(),
  /** Every tracking that it had, the present one last. Absent until the storefront was told of one, or one was replaced. */
  trackingHistory: z.array(PastTracking).exactOptional(),
  /** The logistics connection that was asked for its label: written before the call, so that a repeat or a void asks the same. */
  carrierId: z.string().nullable(),
  label: z
    .object({
      connectionId: z.string(),
      externalId: z.string(),
      costMinor: z.number(),
      currency: z.string(),
      url: z.string(),
    })
    .nullable(),
  /** The storefront's id of the confirmation; null while not confirmed, or when nothing was left to tell. */
  confirmationId: z.string().nullable(),
  trackingState: z.enum(TRACKING_STATES),
  /** The number under which the carrier of our label tells of it, as numbers are compared; set once the storefront was told. */
  followed: z.string().exactOptional(),
  dueAtMs: z.number().nullable(),
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
  news: z.array(News).optional(),
  newsSeq: z.int().optional(),
});
export type Shipment = z.infer<typeof Shipment>;

/** True while a package is being voided, until its units are on their leg again. */
export const comesBack = (shipment: Pick<Shipment, 'state' | 'voiding' | 'dueAtMs'>): boolean =>
  shipment.state === 'voided' ? shipment.dueAtMs !== null : shipment.voiding;

/** A tracking number as it is compared: spaces, hyphens and case are how somebody writes it. */
export const plainNumber = (text: string): string => text.replace(/[\s-]/g, '').toUpperCase();
export const sameNumber = (a: string, b: string): boolean => plainNumber(a) === plainNumber(b);

/**
 * What a package's tracking is after it was reported as `said`, or null when that is no news. The same number written differently is no
 * news. What a report leaves out stays as it was; with another number or carrier the link is the one reported, for the old one leads
 * elsewhere.
 */
export const newTracking = (known: Tracking, said: Tracking): Tracking | null => {
  if (said.number.trim() === '') return null;
  const number = sameNumber(known.number, said.number) ? known.number : said.number.trim();
  const carrier =
    said.carrier.trim() === '' || plainNumber(said.carrier) === plainNumber(known.carrier)
      ? known.carrier
      : said.carrier.trim();
  const moved = number !== known.number || carrier !== known.carrier;
  const url = said.url !== '' || moved ? said.url : known.url;
  return moved || url !== known.url ? { carrier, number, url } : null;
};

type Tracked = Pick<Shipment, 'tracking' | 'trackingHistory' | 'createdAtMs'>;
const historyOf = ({ tracking, trackingHistory, createdAtMs }: Tracked): readonly PastTracking[] =>
  trackingHistory ?? (tracking === null ? [] : [{ tracking, atMs: createdAtMs, toldAtMs: null }]);

/** The history of a package whose tracking is now `tracking`. */
export const withTracking = (shipment: Tracked, tracking: Tracking, atMs: number): PastTracking[] => [
  ...historyOf(shipment),
  { tracking, atMs, toldAtMs: null },
];

const isSame = (a: Tracking, b: Tracking): boolean =>
  a.number === b.number && a.carrier === b.carrier && a.url === b.url;

/** The history after the storefront was told of `told`, which need no longer be the present tracking. */
export const withTold = (shipment: Tracked, told: Tracking, atMs: number): PastTracking[] => {
  const history = historyOf(shipment);
  const at = history.findLastIndex(({ tracking, toldAtMs }) => toldAtMs === null && isSame(tracking, told));
  return history.map((past, index) => (index === at ? { ...past, toldAtMs: atMs } : past));
};

/** Numbers of a package other than the present one. */
export const earlierNumbers = ({
  tracking,
  trackingHistory = [],
}: Pick<Shipment, 'tracking' | 'trackingHistory'>): string[] =>
  [...new Set(trackingHistory.map((past) => past.tracking.number))].filter(
    (number) => number !== '' && number !== tracking?.number,
  );

/** The present tracking is not told of. Never so of a package that the storefront expects nothing of. */
export const isUntold = ({
  confirmationId,
  trackingHistory,
}: Pick<Shipment, 'confirmationId' | 'trackingHistory'>): boolean =>
  confirmationId !== null && trackingHistory?.at(-1)?.toldAtMs === null;

/** The storefront shows another tracking than the package has. */
export const mustTellTracking = (shipment: Pick<Shipment, 'state' | 'confirmationId' | 'trackingHistory'>): boolean =>
  (shipment.state === 'confirmed' || shipment.state === 'delivered') && isUntold(shipment);

/** A buyer is told of another number or carrier, not of another link to the same parcel. */
export const concernsBuyer = ({
  tracking,
  trackingHistory = [],
}: Pick<Shipment, 'tracking' | 'trackingHistory'>): boolean => {
  const told = trackingHistory.findLast(({ toldAtMs }) => toldAtMs !== null)?.tracking;
  return told?.number !== tracking?.number || told?.carrier !== tracking?.carrier;
};

type TrackingState = Shipment['trackingState'];
/** What a person has to look after: the parcel does not reach its buyer by itself. */
const FAILED: ReadonlySet<TrackingState> = new Set(['failure', 'return_to_sender', 'cancelled']);
export const hasFailed = (state: TrackingState): boolean => FAILED.has(state);
/** The carrier has said its last word. */
const ENDS: ReadonlySet<TrackingState> = new Set(['delivered', 'return_to_sender', 'cancelled']);

const LOOK_EVERY_MS = 6 * 3_600_000;
const FOLLOWED_FOR_MS = 60 * 86_400_000;
/** When the carrier is asked next about a parcel of ours, in clock time; null when it is not asked any more. */
export const nextLook = (
  { label, createdAtMs }: Pick<Shipment, 'label' | 'createdAtMs'>,
  state: TrackingState,
  nowMs: number,
): number | null =>
  label === null || ENDS.has(state) || nowMs + LOOK_EVERY_MS > createdAtMs + FOLLOWED_FOR_MS
    ? null
    : nowMs + LOOK_EVERY_MS;
