import { isFailure } from '#domain/failure.ts';
import { idOf } from '#domain/ids.ts';
import type { Leg, LegLine } from '#domain/leg.ts';
import { allocate } from '#domain/money.ts';
import type { Offer } from '#domain/offer.ts';
import type { Order } from '#domain/order.ts';
import type { Posting } from '#domain/posting.ts';
import type { Shipment } from '#domain/shipment.ts';
import { MODES } from '#modes';
import type { Ports } from '../ports.ts';
import { converterFor } from '../rate/converter.ts';

/** What stands on a posting beside who owes whom and how much. */
type Given = Pick<Posting, '_id' | 'lineId' | 'partner' | 'kind' | 'from' | 'to' | 'minor'>;

/** Makes postings of one order. Each carries its own currency, and the workspace's by the rate that is stamped on the order. */
type Poster = (given: Given, currency: string, atMs: number) => Posting;

export const posterOf = async ({ cached }: Ports, order: Order): Promise<Poster> => {
  const own = (await cached.workspace(order.workspaceId))?.terms.currency ?? order.currency;
  const convert = converterFor(order);
  const baseOf = (minor: number, currency: string): Posting['base'] => {
    const stamped = order.rates.find((rate) => rate.from === currency && rate.to === own);
    try {
      return { minor: convert(minor, currency, own), currency: own, rateDay: stamped?.day ?? null };
    } catch (error) {
      if (isFailure(error, 'no_row')) return null;
      throw error;
    }
  };
  return (given, currency, atMs) => ({
    ...given,
    workspaceId: order.workspaceId,
    orderId: order._id,
    currency,
    base: baseOf(given.minor, currency),
    atMs,
  });
};

/** The buyer pays in the order's currency, the party that supplies is paid in the offer's. */
const currencyOf = (kind: Posting['kind'], order: Order, offer: Offer): string =>
  kind === 'cost' ? offer.currency : order.currency;

const offerOf = (order: Order, lineId: string): Offer | null =>
  order.lines.find(({ id }) => id === lineId)?.offer ?? null;

/**
 * Who owes whom for the units of one package: the share of the line's price, rounded down, and what the units cost. What rounding
 * left is posted when the order closes. With `voided` the same amounts taken back.
 */
const packagePostings = (
  post: Poster,
  order: Order,
  leg: Leg,
  shipment: Pick<Shipment, '_id' | 'lines' | 'createdAtMs'>,
  voided: boolean,
): Posting[] =>
  shipment.lines.flatMap(({ lineId, quantity }) => {
    const line = leg.lines.find((onLeg) => onLeg.lineId === lineId);
    const offer = offerOf(order, lineId);
    if (!line || !offer) return [];
    const price = Math.trunc((line.totalMinor * quantity) / line.quantity);
    return MODES[leg.mode]
      .settle({ ...line, totalMinor: price, quantity, shipped: quantity }, offer)
      .map((settled, index) =>
        post(
          {
            _id: voided ? idOf('ps', shipment._id, lineId, index, 'void') : idOf('ps', shipment._id, lineId, index),
            lineId,
            partner: leg.partner,
            ...settled,
            minor: voided ? -settled.minor : settled.minor,
          },
          currencyOf(settled.kind, order, offer),
          shipment.createdAtMs,
        ),
      );
  });

const postingsOfPackages = (
  post: Poster,
  order: Order,
  legs: readonly Leg[],
  shipments: readonly Shipment[],
): Posting[] =>
  shipments.flatMap((shipment) => {
    const leg = legs.find(({ _id }) => _id === shipment.legId);
    return leg?.counted.includes(shipment._id) ? packagePostings(post, order, leg, shipment, false) : [];
  });

/** Posts what a package amounts to, once, when its units leave. */
export const postPackages = async (
  ports: Ports,
  order: Order,
  legs: readonly Leg[],
  shipments: readonly Shipment[],
): Promise<void> => {
  const post = await posterOf(ports, order);
  await ports.store.postings.insertMany(postingsOfPackages(post, order, legs, shipments));
};

/** Takes back what was posted for a package that was voided before it left. Together the two amount to nothing. */
export const unpostPackage = async (ports: Ports, order: Order, leg: Leg, shipment: Shipment): Promise<void> => {
  const post = await posterOf(ports, order);
  await ports.store.postings.insertMany([
    ...packagePostings(post, order, leg, shipment, false),
    ...packagePostings(post, order, leg, shipment, true),
  ]);
};

/** The part of a leg line's price that is this leg's: units that a later plan took over have theirs there. */
const ownPrice = (leg: Leg, line: LegLine): number => {
  const taken = leg.refunds.reduce((sum, r) => sum + (r.lineId === line.lineId ? r.cancelled : 0), 0);
  const passedOn = Math.max(0, line.cancelled - taken);
  const [own = 0] = allocate(line.totalMinor, [line.quantity - passedOn, passedOn]);
  return own;
};

const sideOf = ({ lineId, kind, from, to, partner, currency }: Posting): string =>
  JSON.stringify([lineId, kind, from, to, partner, currency]);

/**
 * What is left when an order closes, so that the `sale` postings of a line sum to its price: units that were cancelled, and what
 * rounding left. Lines that version 0.1 has posted are left alone: it posted all of an order when it closed it.
 */
const restPostings = (
  post: Poster,
  order: Order,
  legs: readonly Leg[],
  before: ReadonlyMap<string, Posting>,
  atMs: number,
): Posting[] => {
  const rest = new Map<string, Posting>();
  for (const leg of legs)
    for (const line of leg.lines) {
      const offer = offerOf(order, line.lineId);
      if (!offer || before.has(idOf('ps', line.lineId, 0))) continue;
      for (const settled of MODES[leg.mode].settle({ ...line, totalMinor: ownPrice(leg, line) }, offer)) {
        const currency = currencyOf(settled.kind, order, offer);
        const given = { _id: '', lineId: line.lineId, partner: leg.partner, ...settled };
        const posting = post(given, currency, atMs);
        const side = sideOf(posting);
        rest.set(side, { ...posting, minor: posting.minor + (rest.get(side)?.minor ?? 0) });
      }
    }
  for (const posting of before.values()) {
    const open = rest.get(sideOf(posting));
    if (open) rest.set(sideOf(posting), { ...open, minor: open.minor - posting.minor });
  }
  return [...rest]
    .filter(([, { minor }]) => minor !== 0)
    .map(([side, { currency, ...given }]) => post({ ...given, _id: idOf('ps', 'rest', side) }, currency, atMs));
};

/** What the buyer pays for lines that nobody ships, such as gift cards, and beside the goods. */
const otherPostings = (order: Order, post: Poster, atMs: number): Posting[] => {
  const sale = { kind: 'sale', from: 'buyer', to: 'us', partner: '' } as const;
  return [
    ...order.lines.flatMap((line) =>
      line.requiresShipping
        ? []
        : [
            post(
              { ...sale, _id: idOf('ps', line.id, 0), lineId: line.id, minor: line.totalMinor },
              order.currency,
              atMs,
            ),
          ],
    ),
    ...order.charges.map((charge) =>
      post(
        {
          ...sale,
          kind: 'charge',
          _id: idOf('ps', order._id, 'charge', charge.externalId),
          lineId: '',
          minor: charge.totalMinor,
        },
        order.currency,
        atMs,
      ),
    ),
  ];
};

/** Posts everything of an order that closes, the same at every repetition. */
export const postOrder = async (
  ports: Ports,
  order: Order,
  legs: readonly Leg[],
  shipments: readonly Shipment[],
): Promise<void> => {
  const { postings } = ports.store;
  const nowMs = ports.clock.now();
  const post = await posterOf(ports, order);
  const known = await postings.list(order.workspaceId, { orderId: order._id }, { limit: 100_000 });
  const byId = new Map(known.map((posting) => [posting._id, posting]));
  const missing = (all: readonly Posting[]): Posting[] => all.filter(({ _id }) => !byId.has(_id));
  const packages = missing(postingsOfPackages(post, order, legs, shipments));
  const before = new Map([...byId, ...packages.map((posting) => [posting._id, posting] as const)]);
  const rest = restPostings(post, order, legs, before, nowMs);
  await postings.insertMany([...packages, ...missing([...rest, ...otherPostings(order, post, nowMs)])]);
};
