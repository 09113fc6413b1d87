import type { Actor } from './actor.ts';
import type { Connection } from './connection.ts';
import { idOf, incomingOrderId } from './ids.ts';
import type { IncomingOrder, IncomingRefund } from './incoming-order.ts';
import { wantedUnits } from './may-proceed.ts';
import { MOST_VERSIONS, type Order, type OrderLine, type OrderVersion, type Taken } from './order.ts';

/** When an order was asked for at the storefront and when the answer was there, by the business clock. */
export interface Fetched {
  sentAtMs: number;
  answeredAtMs: number;
}

export const orderLineIdOf = (orderId: string, externalId: string): string => idOf('ol', orderId, externalId);
export const refundLineIdOf = (orderId: string, refundId: string, lineExternalId: string): string =>
  idOf('rl', orderId, refundId, lineExternalId);

/** Under which id a line of a refund is counted: by the refund's own, or by that of our return which asked for it. */
export type RefundLineId = (refund: IncomingRefund, lineExternalId: string) => string;

const linesOf = (orderId: string, incoming: IncomingOrder, known: readonly OrderLine[]): OrderLine[] => {
  const given = incoming.lines.map((line): OrderLine => {
    const id = orderLineIdOf(orderId, line.externalId);
    return { ...line, id, offer: known.find((old) => old.id === id)?.offer ?? null };
  });
  const gone = known.filter((old) => !given.some((line) => line.id === old.id));
  return [...given, ...gone.map((line) => ({ ...line, currentQuantity: 0 }))];
};

/** What the refunds and the merchant's edits have taken off the order that is not counted yet. */
const newlyTaken = (
  order: Pick<Order, '_id' | 'taken' | 'lines' | 'version'>,
  lines: readonly OrderLine[],
  incoming: IncomingOrder,
  refundLineId: RefundLineId,
): Taken[] => {
  const known = new Set(order.taken.map(({ id }) => id));
  const refunded = incoming.refunds.flatMap((refund) =>
    refund.lines.flatMap((line): Taken[] => {
      const lineId = orderLineIdOf(order._id, line.lineExternalId);
      const id = refundLineId(refund, line.lineExternalId);
      return line.quantity > 0 && !known.has(id) && lines.some((sold) => sold.id === lineId)
        ? [{ id, why: 'refund', lineId, quantity: line.quantity, settled: false }]
        : [];
    }),
  );
  // A unit that the merchant takes off and puts on again is taken off twice: each time is counted by the version that saw it.
  const edited = lines.flatMap((line): Taken[] => {
    const before = order.lines.find((old) => old.id === line.id)?.currentQuantity ?? line.currentQuantity;
    const removed = before - line.currentQuantity;
    return removed > 0
      ? [
          {
            id: idOf('tk', line.id, 'edit', order.version),
            why: 'edit',
            lineId: line.id,
            quantity: removed,
            settled: false,
          },
        ]
      : [];
  });
  return [...refunded, ...edited];
};

/**
 * Units that the shop shows as fulfilled and that we have not shipped: somebody shipped them there. `shipped` says how many of a line
 * our own packages hold, told or not.
 */
const fulfilledElsewhere = (
  order: Pick<Order, 'taken'>,
  lines: readonly OrderLine[],
  shipped: (lineId: string) => number,
): Taken[] =>
  lines.flatMap((line): Taken[] => {
    const before = order.taken.reduce(
      (sum, t) => sum + (t.why === 'elsewhere' && t.lineId === line.id ? t.quantity : 0),
      0,
    );
    const ours = shipped(line.id);
    const more = Math.min(line.fulfilledQuantity - ours - before, wantedUnits(order, line) - ours);
    return more > 0
      ? [
          {
            id: idOf('tk', line.id, 'elsewhere', before + more),
            why: 'elsewhere',
            lineId: line.id,
            quantity: more,
            settled: false,
          },
        ]
      : [];
  });

const refundedMinorOf = (incoming: IncomingOrder): number =>
  incoming.refunds.reduce((sum, refund) => sum + refund.totalMinor, 0);

/** An order as it is first seen: it may be cancelled, refunded or shipped already, and only what is left is planned. */
export const newOrder = (
  connection: Pick<Connection, '_id' | 'workspaceId' | 'fulfilFromMs'>,
  incoming: IncomingOrder,
  given: { fetched: Fetched; refundLineId: RefundLineId; nowMs: number; graceMs: number },
): Order => {
  const { workspaceId } = connection;
  const _id = incomingOrderId(workspaceId, connection._id, incoming.externalId);
  const placedAtMs = Date.parse(incoming.placedAt);
  const lines = linesOf(_id, incoming, []);
  const refunded = newlyTaken({ _id, taken: [], lines: [], version: 1 }, lines, incoming, given.refundLineId);
  const over = incoming.cancelledAt !== null;
  const taken = [...refunded, ...fulfilledElsewhere({ taken: refunded }, lines, () => 0)].map((each) => ({
    ...each,
    settled: over,
  }));
  return {
    _id,
    workspaceId,
    connectionId: connection._id,
    externalId: incoming.externalId,
    number: incoming.number,
    placedAtMs,
    seenUpdatedAt: incoming.updatedAt,
    fetchedAtMs: given.fetched.sentAtMs,
    answeredAtMs: given.fetched.answeredAtMs,
    currency: incoming.currency,
    payment: incoming.payment,
    rawStatus: incoming.rawStatus,
    cancelledAt: incoming.cancelledAt,
    test: incoming.test,
    risk: incoming.risk,
    buyer: incoming.buyer,
    shipTo: incoming.shipTo,
    billTo: incoming.billTo,
    addressBy: null,
    lines,
    charges: incoming.charges,
    totalMinor: incoming.totalMinor,
    refundedMinor: refundedMinorOf(incoming),
    note: incoming.note,
    ...factsOf(incoming),
    ...sendingOf(incoming),
    state: over ? 'cancelled' : 'received',
    version: 1,
    holds: [],
    released: [],
    versions: [],
    taken,
    cancels: [],
    plan: null,
    replan: null,
    units: null,
    unitSets: 0,
    rates: [],
    historical: placedAtMs < connection.fulfilFromMs,
    unmapped: [],
    dueAtMs: over ? null : given.nowMs + given.graceMs,
    createdAtMs: given.nowMs,
    updatedAtMs: given.nowMs,
    closedAtMs: over ? given.nowMs : null,
  };
};

/** What a version before 0.3 did not read: absent where the connector gives none. */
const LATER = ['facts', 'fulfilments', 'shopHolds'] as const;
const sendingOf = ({ fulfilments, shopHolds }: IncomingOrder): Pick<Order, 'fulfilments' | 'shopHolds'> => ({
  ...(fulfilments ? { fulfilments } : {}),
  ...(shopHolds ? { shopHolds } : {}),
});
const factsOf = ({ facts }: Pick<IncomingOrder, 'facts'>): Pick<Order, 'facts'> => (facts ? { facts } : {});

/** The fields of an order that the storefront decides; of each the difference is kept with the version. */
const SEEN = [
  'payment',
  'rawStatus',
  'cancelledAt',
  'test',
  'risk',
  'buyer',
  'shipTo',
  'billTo',
  'lines',
  'charges',
  'totalMinor',
  'refundedMinor',
  'note',
  ...LATER,
] as const;

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A line without what is ours on it: its offer is no word of the storefront's. */
const asSold = ({ offer: _, ...line }: OrderLine) => line;

/** That a fact is read for the first time is no change at the storefront; that the shop holds the order is news all the same. */
const isFirstRead = (field: string, before: unknown, after: unknown): boolean =>
  before === undefined && LATER.some((later) => later === field) && (field !== 'shopHolds' || same(after, []));

/** What is read of an order for the first time: it is no version, and is kept like any other fact. */
export const firstRead = (before: Order, after: Order): Partial<Pick<Order, (typeof LATER)[number] | 'lines'>> => {
  const isNew = (field: (typeof LATER)[number]) => before[field] === undefined && after[field] !== undefined;
  const ofLines = after.lines.some(
    ({ id, facts }) => facts !== undefined && before.lines.some((line) => line.id === id && line.facts === undefined),
  );
  return {
    ...Object.fromEntries(LATER.filter(isNew).map((field) => [field, after[field]])),
    ...(ofLines ? { lines: after.lines } : {}),
  };
};

/** Of two lines the fields that differ, as the one has them and as the other; whole where one is not there. */
const linePart = (from: object | null | undefined, to: object | null | undefined): { from: unknown; to: unknown } => {
  if (!from || !to) return { from: from ?? null, to: to ?? null };
  const [before, after] = [new Map(Object.entries(from)), new Map(Object.entries(to))];
  const fields = [...new Set([...before.keys(), ...after.keys()])].filter(
    (field) => !same(before.get(field), after.get(field)) && !isFirstRead(field, before.get(field), after.get(field)),
  );
  const part = (line: ReadonlyMap<string, unknown>) =>
    Object.fromEntries(fields.map((field) => [field, line.get(field) ?? null]));
  return { from: part(before), to: part(after) };
};

/** What differs, field by field, and of each line the fields that differ. */
export const differenceOf = (
  before: Pick<Order, (typeof SEEN)[number]>,
  after: Pick<Order, (typeof SEEN)[number]>,
): OrderVersion['changes'] => {
  const fields = SEEN.filter(
    (field) =>
      field !== 'lines' && !same(before[field], after[field]) && !isFirstRead(field, before[field], after[field]),
  ).map((field) => ({
    field: String(field),
    from: before[field] ?? null,
    to: after[field] ?? null,
  }));
  const ids = [...new Set([...before.lines, ...after.lines].map((line) => line.id))];
  const lines = ids.flatMap((id) => {
    const [from, to] = [before, after].map(({ lines: all }) => {
      const found = all.find((line) => line.id === id);
      return found ? asSold(found) : null;
    });
    const part = linePart(from, to);
    if (same(part.from, part.to)) return [];
    return [{ field: `lines.${to?.externalId ?? from?.externalId ?? id}`, ...part }];
  });
  return [...fields, ...lines];
};

/** Fields that change nothing of what is to be bought, sent or paid back. */
const SILENT: ReadonlySet<string> = new Set(['note', 'rawStatus', 'billTo', 'buyer', 'facts', 'fulfilments']);

/**
 * Whether a change asks for a look at the order's plan. That the shop shows as sent what we have told it to be sent is none: what
 * somebody else has sent is `taken`, and a hold may end with the last unit.
 */
export const asksForPlan = (
  { taken, holds }: Pick<Order, 'taken' | 'holds'>,
  changes: OrderVersion['changes'],
): boolean => {
  const isOpen = holds.length > 0 || taken.some(({ settled }) => !settled);
  const isOnlyFulfilled = (side: unknown): boolean =>
    typeof side === 'object' && side !== null && Object.keys(side).every((field) => field === 'fulfilledQuantity');
  return changes.some(
    ({ field, from, to }) => !SILENT.has(field) && (isOpen || !isOnlyFulfilled(from) || !isOnlyFulfilled(to)),
  );
};

export const withVersion = (order: Pick<Order, 'versions'>, given: Omit<OrderVersion, 'number'>): OrderVersion[] => {
  const number = (order.versions.at(-1)?.number ?? 1) + 1;
  return [...order.versions, { ...given, number }].slice(-MOST_VERSIONS);
};

const secondOf = (instant: string): number => Math.floor(Date.parse(instant) / 1_000);

/**
 * Which of two observations is the newer. By the storefront's own time where it differs by a second or more; within one second by
 * which request was sent after the other's answer was there; `unclear` when the requests overlapped.
 */
export const newerOf = (
  order: Pick<Order, 'seenUpdatedAt' | 'fetchedAtMs' | 'answeredAtMs'>,
  incoming: Pick<IncomingOrder, 'updatedAt'>,
  fetched: Fetched,
): 'incoming' | 'stored' | 'unclear' => {
  const [stored, given] = [secondOf(order.seenUpdatedAt), secondOf(incoming.updatedAt)];
  if (given !== stored) return given > stored ? 'incoming' : 'stored';
  if (fetched.sentAtMs >= order.answeredAtMs) return 'incoming';
  return fetched.answeredAtMs <= order.fetchedAtMs ? 'stored' : 'unclear';
};

/** Who the buyer is, as it now counts. */
const personIn = (
  order: Order,
  incoming: IncomingOrder,
): Pick<Order, 'buyer' | 'shipTo' | 'billTo' | 'note' | 'facts'> => {
  const known = order.erasedAtMs === undefined ? incoming : order;
  const { buyer, shipTo, billTo, note } = known;
  return { buyer, shipTo: order.addressBy ? order.shipTo : shipTo, billTo, note, ...factsOf(known) };
};

/** A line without the buyer's wishes. */
export const withoutWishes = (line: OrderLine): OrderLine =>
  line.facts ? { ...line, facts: { ...line.facts, attributes: [] } } : line;

export interface Observed {
  order: Order;
  changes: OrderVersion['changes'];
  /** Units that this observation took off the order. */
  taken: readonly Taken[];
}

/**
 * The order with an observation taken over, and what changed by it. Pure: the same observation again changes nothing. The address
 * stays where a person has changed it here. Whoever calls has made sure that the observation is the newer one.
 */
export const observeOrder = (
  order: Order,
  incoming: IncomingOrder,
  given: {
    fetched: Fetched;
    refundLineId: RefundLineId;
    shipped: (lineId: string) => number;
    by: Actor;
    nowMs: number;
    source: OrderVersion['source'];
  },
): Observed => {
  const sold = linesOf(order._id, incoming, order.lines);
  const lines = order.erasedAtMs === undefined ? sold : sold.map(withoutWishes);
  const first = newlyTaken(order, lines, incoming, given.refundLineId);
  const taken = [...first, ...fulfilledElsewhere({ taken: [...order.taken, ...first] }, lines, given.shipped)];
  const seen = {
    payment: incoming.payment,
    rawStatus: incoming.rawStatus,
    cancelledAt: incoming.cancelledAt,
    test: incoming.test,
    risk: incoming.risk,
    ...sendingOf(incoming),
    ...personIn(order, incoming),
    lines,
    charges: incoming.charges,
    totalMinor: incoming.totalMinor,
    refundedMinor: refundedMinorOf(incoming),
  };
  const changes = differenceOf(order, seen);
  const later = Math.max(secondOf(order.seenUpdatedAt), secondOf(incoming.updatedAt)) === secondOf(incoming.updatedAt);
  const next: Order = {
    ...order,
    ...seen,
    seenUpdatedAt: later ? incoming.updatedAt : order.seenUpdatedAt,
    fetchedAtMs: Math.max(order.fetchedAtMs, given.fetched.sentAtMs),
    answeredAtMs: Math.max(order.answeredAtMs, given.fetched.answeredAtMs),
    taken: taken.length > 0 ? [...order.taken, ...taken] : order.taken,
    versions:
      changes.length > 0
        ? withVersion(order, {
            atMs: given.nowMs,
            source: given.source,
            updatedAt: incoming.updatedAt,
            by: given.by,
            changes,
          })
        : order.versions,
  };
  return { order: next, changes, taken };
};
