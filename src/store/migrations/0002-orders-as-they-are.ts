import { z } from 'zod';
import { carrierFrom01, shipToFrom01, withoutFacts, withoutMark } from '#domain/from-version-0.1.ts';
import { eachDocument, type Migration, type RawDocument, type Reader } from '../migration.ts';
import { Answer1, Exception1, Leg1, Listing1, Order1, Return1, Shipment1, Stateful1 } from './version-1.ts';

const TO = 2;
const FINAL: readonly string[] = ['closed', 'cancelled'];
const PLANNED: readonly string[] = ['routed', 'partly_shipped', 'shipped'];

/** Documents of `collection` that name one of `values` in `field`, workspace by workspace. */
const found = async (
  reader: Reader,
  collection: string,
  field: string,
  asked: readonly { workspaceId: string; value: string }[],
): Promise<RawDocument[]> => {
  const byWorkspace = Map.groupBy(asked, ({ workspaceId }) => workspaceId);
  const all: RawDocument[] = [];
  for (const [workspaceId, rows] of byWorkspace) {
    const values = rows.map(({ value }) => value);
    all.push(...(await reader.by(collection, workspaceId, field, values)));
  }
  return all;
};

type Returned = z.infer<typeof Return1>;

/** What refunds have taken off an order. 0.1.0 counted an applied one on the legs; one of a closed order changes nothing any more. */
const takenBy = (order: Order1, returns: readonly Returned[]) => {
  const over = FINAL.includes(order.state);
  const lines = new Set(order.lines.map(({ id }) => id));
  return returns.flatMap(({ state, lines: refunded }) =>
    state === 'applied' || state === 'refunded'
      ? refunded.flatMap(({ id, lineId, quantity }) =>
          quantity > 0 && lines.has(lineId)
            ? [{ id, why: 'refund', lineId, quantity, settled: over || state === 'applied' }]
            : [],
        )
      : [],
  );
};

const planOf = ({ plan, short, lines }: Order1) =>
  plan && {
    number: 1,
    legs: plan.map(({ kind, mode, partner, location, lineIds }) => ({
      kind,
      mode,
      partner,
      location,
      items: lineIds.flatMap((lineId) =>
        lines.flatMap(({ id, quantity, totalMinor }) => (id === lineId ? [{ lineId, quantity, totalMinor }] : [])),
      ),
    })),
    short,
    // The first set of reservations has the keys that 0.1.0 gave: the ids of the lines.
    unitSet: 1,
  };

const orders = eachDocument({
  collection: 'orders',
  to: TO,
  reads: Order1,
  async gather(documents, reader) {
    const asked = documents.map(({ _id, workspaceId }) => ({ workspaceId, value: _id }));
    const returns = (await found(reader, 'returns', 'orderId', asked)).flatMap((document) => {
      const parsed = Return1.safeParse(document);
      return parsed.success ? [parsed.data] : [];
    });
    return Map.groupBy(returns, ({ orderId }) => orderId ?? '');
  },
  change(order, returns) {
    const { financial, short: _, shipTo, ...kept } = order;
    const over = FINAL.includes(order.state);
    return {
      replace: {
        ...kept,
        fetchedAtMs: 0,
        answeredAtMs: 0,
        payment: { state: financial, method: '', paidMinor: null, paidAt: null },
        test: false,
        risk: 'none',
        // 0.1.0 filled in what a shop did not give. Of an order that is open it is asked for; of one that is over it is what was used.
        shipTo: shipTo && (!shipTo.made || over) ? withoutMark(shipTo) : null,
        billTo: null,
        addressBy: null,
        lines: order.lines.map((line) => ({
          ...line,
          offer: line.offer && withoutFacts(line.offer),
          currentQuantity: line.quantity,
          fulfilledQuantity: 0,
          requiresShipping: true,
        })),
        state: order.state === 'held' ? 'received' : order.state,
        holds: [],
        released: [],
        versions: [],
        taken: takenBy(order, returns?.get(order._id) ?? []),
        cancels: [],
        plan: planOf(order),
        replan: null,
        units: null,
        unitSets: order.plan ? 1 : 0,
        rates: [],
        // Every planned order that is open is looked at once: its holds are there before a leg is, and what it has shipped is posted.
        dueAtMs: PLANNED.includes(order.state) ? (order.dueAtMs ?? order.updatedAtMs) : order.dueAtMs,
        newsSeq: 0,
      },
    };
  },
});

/** Of an order in either form. */
const Costs = z.looseObject({
  _id: z.string(),
  lines: z.array(z.looseObject({ id: z.string(), offer: z.looseObject({ currency: z.string() }).nullable() })),
});
const Pending = z.looseObject({ legId: z.string(), state: z.literal('pending') });

const NOTES: Readonly<Record<string, string>> = {
  'Not sent: the connection is not live yet.': 'live',
  'Not sent: a case file holds it back.': 'case',
};

/** Nobody has been given the address yet. */
const isUnsent = ({ kind, state }: Leg1): boolean =>
  ['planned', 'awaiting', 'rejected'].includes(state) || (kind === 'fulfilment' && state === 'accepted');

const waitsForOf = (leg: Leg1, { isAsked, isMade }: { isAsked: boolean; isMade: boolean }): string | null => {
  if (leg.state === 'awaiting') {
    if (isAsked || leg.kind === 'purchase') return 'approval';
    return leg.kind === 'work' ? 'factory' : 'goods';
  }
  if (leg.state !== 'planned') return null;
  return isMade ? 'hold' : (NOTES[leg.note] ?? null);
};

const legs = eachDocument({
  collection: 'legs',
  to: TO,
  reads: Leg1,
  async gather(documents, reader) {
    const known = await reader.find(
      'orders',
      documents.flatMap(({ orderId }) => orderId ?? []),
    );
    const costs = new Map(
      [...known.values()].flatMap((document) => {
        const parsed = Costs.safeParse(document);
        const lines = parsed.success ? parsed.data.lines : [];
        return lines.flatMap(({ id, offer }) => (offer ? [[id, offer.currency] as const] : []));
      }),
    );
    const asked = documents.map(({ _id, workspaceId }) => ({ workspaceId, value: _id }));
    const pending = (await found(reader, 'approvals', 'legId', asked)).flatMap((document) => {
      const parsed = Pending.safeParse(document);
      return parsed.success ? [parsed.data.legId] : [];
    });
    return { costs, pending: new Set(pending) };
  },
  change(leg, gathered) {
    const { externalId, note, shipTo, ...kept } = leg;
    const [cost] = leg.lines.flatMap(({ lineId }) => gathered?.costs.get(lineId) ?? []);
    const isMade = leg.orderId !== null && shipTo.made && isUnsent(leg);
    const supplier = leg.kind === 'purchase' ? { externalId, cancel: 'none' } : {};
    return {
      replace: {
        ...kept,
        ...supplier,
        plan: leg.orderId === null ? 0 : 1,
        shipTo: isMade ? null : shipToFrom01({ state: leg.state, shipTo }),
        costCurrency: cost ?? leg.currency,
        lines: leg.lines.map((line) => ({
          ...withoutFacts(line),
          reservation: leg.orderId === null ? '' : line.lineId,
          asked: 0,
        })),
        refunds: leg.refunds.map((refund) => ({ ...refund, asked: 0 })),
        waitsFor: waitsForOf(leg, { isAsked: gathered?.pending.has(leg._id) ?? false, isMade }),
        reason: (leg.state === 'rejected' || leg.state === 'cancelled') && !(note in NOTES) ? note : '',
        newsSeq: 0,
      },
    };
  },
});

/** The logistics connections of each workspace, in the order of ids. */
const logisticsOf = async (documents: readonly { workspaceId: string }[], reader: Reader) => {
  const asked = [...new Set(documents.map(({ workspaceId }) => workspaceId))];
  const all = await found(
    reader,
    'connections',
    'role',
    asked.map((workspaceId) => ({ workspaceId, value: 'logistics' })),
  );
  const kept = all.flatMap((document) => {
    const parsed = Stateful1.safeParse(document);
    return parsed.success && parsed.data.state !== 'removed' ? [parsed.data] : [];
  });
  kept.sort((a, b) => (a._id < b._id ? -1 : 1));
  return Map.groupBy(kept, ({ workspaceId }) => workspaceId);
};

/** Only the count of its events is new. */
const counted = (collection: string) =>
  eachDocument({
    collection,
    to: TO,
    reads: Stateful1,
    change: (document) => ({ replace: { ...document, newsSeq: 0 } }),
  });

/** Jobs that a step may be tried again by, with the ids that they name. Others are no longer there, or named something else. */
const RETRIES: Readonly<Record<string, readonly string[]>> = {
  'order.ingest': ['connectionId', 'externalId'],
  'orders.pull': ['connectionId'],
  'order.route': ['orderId'],
  'leg.advance': ['legId'],
  'leg.submit': ['legId'],
  'leg.probe': ['legId'],
  'leg.poll': ['legId'],
  'shipment.label': ['shipmentId'],
  'shipment.confirm': ['shipmentId'],
  'return.apply': ['returnId'],
  'return.pay': ['returnId'],
  'order.progress': ['orderId'],
  'stock.refill': [],
  'stock.pull': ['connectionId'],
  'listings.pull': ['connectionId'],
  'case.remind': [],
};

const canRetry = ({ job, payload }: { job: string; payload: Readonly<Record<string, unknown>> }): boolean =>
  ['workspaceId', ...(RETRIES[job] ?? [])].every((id) => typeof payload[id] === 'string') && job in RETRIES;

/**
 * What 0.1.0 knew of orders, legs, packages and returns, in today's form. Nothing is decided here: an order that may not go on is held
 * when it is next looked at, which is before anything of it is sent.
 */
export const ordersAsTheyAre: Migration = {
  number: 2,
  says: 'orders have payments, holds, numbered plans and what was taken off them',
  steps: [
    eachDocument({
      collection: 'returns',
      to: TO,
      reads: Return1,
      change: (document) => ({ replace: { ...document, newsSeq: 0 } }),
    }),
    orders,
    legs,
    eachDocument({
      collection: 'shipments',
      to: TO,
      reads: Shipment1,
      gather: logisticsOf,
      change: (document, logistics) => ({
        replace: {
          ...document,
          lines: document.lines.map(withoutFacts),
          carrierId: carrierFrom01(document, logistics?.get(document.workspaceId) ?? []),
          voiding: false,
          waitsFor: null,
          newsSeq: 0,
        },
      }),
    }),
    eachDocument({
      collection: 'listings',
      to: TO,
      reads: Listing1,
      // 0.1.0 did not write down which listing it had told: each is compared once, and told only what it does not show.
      change: (document) => ({ replace: { ...document, rev: 0, toTell: document.sku !== '', asks: 0 } }),
    }),
    eachDocument({
      collection: 'exceptions',
      to: TO,
      reads: Exception1,
      change: ({ retry, ...kept }) => ({
        replace: { ...kept, retry: retry && canRetry(retry) ? retry : null, newsSeq: 0 },
      }),
    }),
    counted('approvals'),
    counted('connections'),
    counted('cases'),
    eachDocument({
      collection: 'answers',
      to: TO,
      reads: Answer1,
      // Kept by the business clock before, which may be far ahead of the real time that counts now.
      change: (document) => ({ replace: { ...document, createdAtMs: Math.min(document.createdAtMs, Date.now()) } }),
    }),
  ],
};
