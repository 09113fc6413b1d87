import type { Actor } from './actor.ts';
import type { Address } from './address.ts';
import { HOLDS, type Hold, type HoldCode, type OrderRules, type PaymentRule } from './hold.ts';
import type { IncomingShopHold, IncomingPayment as Payment } from './incoming-order.ts';
import type { Order, OrderLine } from './order.ts';

/** Units of a line that somebody still has to ship or has shipped: what is on the order less what was taken off it. */
export const wantedUnits = (order: Pick<Order, 'taken'>, line: Pick<OrderLine, 'id' | 'currentQuantity'>): number =>
  Math.max(
    0,
    order.taken.reduce(
      (left, taken) => left - (taken.lineId === line.id && taken.why !== 'edit' ? taken.quantity : 0),
      line.currentQuantity,
    ),
  );

/** The lines that goods have to leave for. */
export const linesToShip = (order: Pick<Order, 'taken' | 'lines'>): OrderLine[] =>
  order.lines.filter((line) => line.requiresShipping && wantedUnits(order, line) > 0);

/** Units of a line that have not left yet, as far as the shop has been told what we have sent. */
const unsentUnits = (order: Pick<Order, 'taken'>, line: OrderLine): number => {
  const elsewhere = order.taken.reduce(
    (sum, taken) => sum + (taken.why === 'elsewhere' && taken.lineId === line.id ? taken.quantity : 0),
    0,
  );
  return wantedUnits(order, line) - Math.max(0, line.fulfilledQuantity - elsewhere);
};

/** Payment states that no rule and no person lets ship. */
const NEVER: readonly Payment['state'][] = ['refunded', 'voided', 'expired'];
const PAID: readonly Payment['state'][] = ['paid', 'partly_refunded'];

/** Whether a payment satisfies a connection's rule. */
export const isPaidEnough = (payment: Payment, rule: PaymentRule): boolean => {
  if (NEVER.includes(payment.state)) return false;
  if (PAID.includes(payment.state)) return true;
  switch (rule.kind) {
    case 'paid':
      return false;
    case 'authorised':
      return payment.state === 'authorised';
    case 'methods':
      return payment.state !== 'failed' && rule.methods.includes(payment.method);
    case 'always':
      return payment.state !== 'failed';
  }
};

/** The first part of an address without which no parcel arrives; null for one that is complete. */
export const missingIn = (address: Address | null, buyerName: string): keyof Address | null => {
  if (!address || address.line1.trim() === '') return 'line1';
  if (address.country === 'ZZ') return 'country';
  if (address.city.trim() === '' && address.postalCode.trim() === '') return 'city';
  return (address.name || address.company || buyerName).trim() === '' ? 'name' : null;
};

/** The fact that a release covers: a person who lets an unpaid order go has not agreed to a voided one. */
export const factOf = (order: Order, code: HoldCode): string => {
  switch (code) {
    case 'payment':
      return `${order.payment.state}/${order.payment.method}`;
    case 'fraud':
      return order.risk;
    case 'shop':
      return (order.shopHolds ?? []).map(({ externalId, untilAt }) => `${externalId} ${untilAt ?? ''}`).join(', ');
    default:
      return '';
  }
};

/** A hold of the shop in its own words. */
const wordsOf = ({ reason, note, untilAt }: IncomingShopHold): string =>
  `${reason}${note === '' ? '' : ` (${note})`}${untilAt === null ? '' : ` until ${untilAt}`}`;

const keepsMinutes = ({ payment, rawStatus }: Order, { keepUnitsMinutes: keep }: OrderRules): number => {
  if (NEVER.includes(payment.state) || payment.state === 'failed') return 0;
  const byMethod = keep.methods[payment.method];
  if (byMethod !== undefined) return byMethod;
  if (payment.state === 'authorised') return keep.authorised;
  return rawStatus === 'on-hold' ? keep.onHold : keep.pending;
};

/**
 * The holds that an order has by the facts as they stand, with those that persons and single legs have set. A hold that stood before
 * keeps its beginning. The same list is given for the same facts and rules.
 */
export const holdsOf = (order: Order, rules: OrderRules, by: Actor, nowMs: number): Hold[] => {
  const subject = { kind: 'order', id: order._id } as const;
  const released = (code: HoldCode) =>
    order.released.some((release) => release.code === code && release.of === factOf(order, code));
  const found: Hold[] = [];
  const add = (code: HoldCode, given: Partial<Pick<Hold, 'field' | 'note' | 'untilMs'>>) =>
    found.push({ code, subject, sinceMs: nowMs, by, note: '', untilMs: null, ...given });
  const shipping = linesToShip(order).some((line) => unsentUnits(order, line) > 0);

  if (
    shipping &&
    !isPaidEnough(order.payment, rules.payment) &&
    (NEVER.includes(order.payment.state) || !released('payment'))
  )
    add('payment', {
      note: `The payment is ${order.payment.state.replace('_', ' ')}${order.payment.method === '' ? '' : ` (${order.payment.method})`}.`,
      untilMs: nowMs + keepsMinutes(order, rules) * 60_000,
    });
  if (shipping && rules.holdOnRisk && (order.risk === 'investigate' || order.risk === 'cancel') && !released('fraud'))
    add('fraud', { note: `The shop advises to ${order.risk} it.` });
  const shopHolds = order.shopHolds ?? [];
  if (shipping && shopHolds.length > 0 && !released('shop'))
    add('shop', { note: `The shop holds it: ${shopHolds.map(wordsOf).join('; ')}.` });
  const missing = shipping ? missingIn(order.shipTo, order.buyer.name) : null;
  if (missing) add('address', { field: missing, note: `The address has no ${missing}.` });

  const stood = (hold: Hold) =>
    order.holds.find(
      (old) =>
        old.code === hold.code &&
        old.subject.id === hold.subject.id &&
        old.note === hold.note &&
        old.field === hold.field,
    );
  const others = order.holds.filter(
    (hold) =>
      HOLDS[hold.code].setBy === 'person' ||
      // What only a leg lacks is found and cleared where the leg is looked at.
      hold.subject.kind === 'leg' ||
      !['payment', 'fraud', 'shop', 'address'].includes(hold.code),
  );
  // How long units are kept counts from when it began to wait, by the rules as they are now.
  const keptFor = (old: Hold, { untilMs }: Hold): Hold =>
    untilMs === null ? old : { ...old, untilMs: old.sinceMs + (untilMs - nowMs) };
  const standing = (hold: Hold): Hold => {
    const old = stood(hold);
    return old ? keptFor(old, hold) : hold;
  };
  return [...found.map(standing), ...others];
};

/** Something was learnt of a planned order that changes its legs: that comes first. */
export const isUnsettled = ({ replan, cancelledAt, taken }: Pick<Order, 'replan' | 'cancelledAt' | 'taken'>): boolean =>
  replan !== null || cancelledAt !== null || taken.some(({ settled }) => !settled);

export type Verdict =
  | { kind: 'go' }
  /** Nothing of it will ever be sent: it ends as what it is. */
  | { kind: 'over'; why: 'cancelled' | 'test' | 'historical' | 'nothing_to_ship' }
  | { kind: 'wait'; holds: readonly Hold[] };

/**
 * May this order, or this leg of it, proceed? Asked before routing and again before each purchase, label, confirmation and refund,
 * from `holds` as `holdsOf` gives them for facts that are fresh. Gates of case files are asked beside it: they need the case.
 */
export const mayProceed = (order: Order, holds: readonly Hold[], legId?: string): Verdict => {
  if (order.state === 'cancelled' || order.cancelledAt !== null) return { kind: 'over', why: 'cancelled' };
  if (order.test) return { kind: 'over', why: 'test' };
  if (order.historical) return { kind: 'over', why: 'historical' };
  if (order.plan === null && linesToShip(order).length === 0) return { kind: 'over', why: 'nothing_to_ship' };
  const standing = holds.filter((hold) => hold.subject.kind === 'order' || hold.subject.id === legId);
  return standing.length > 0 ? { kind: 'wait', holds: standing } : { kind: 'go' };
};

/** Until when the holds keep units on the shelf: null for as long as it takes; undefined for not at all. */
export const keepsUnitsUntil = (holds: readonly Hold[], nowMs: number): number | null | undefined => {
  const keeping = holds.filter((hold) => HOLDS[hold.code].keepsUnits);
  if (keeping.length === 0) return undefined;
  const payment = keeping.find((hold) => hold.code === 'payment');
  if (payment?.untilMs == null) return null;
  return payment.untilMs > nowMs ? payment.untilMs : undefined;
};
