import { z } from 'zod';
import type { ApiClient } from './api-client.ts';
import { OPENING_STOCK, SHELVES, UNIT_FACTS } from './business.ts';
import type { ApprovalShape, LegShape, LevelShape, OrderShape } from './shapes.ts';

export const PARTIES = ['merchant', 'warehouse', 'factory', 'principal'] as const;
export type Party = (typeof PARTIES)[number];
type Apis = Readonly<Record<Party, ApiClient>>;

const PARCEL = { weightGrams: 900, lengthMm: 300, widthMm: 200, heightMm: 150 };
const MOST = 50;

const Batch = z.object({ processed: z.number() });

interface Page<T> {
  items: T[];
}

const legsAt = async (api: ApiClient, query: string): Promise<LegShape[]> =>
  ((await api.get(`/v1/legs?${query}&limit=${MOST}`)) as Page<LegShape>).items;

const pendingApprovals = async (api: ApiClient): Promise<ApprovalShape[]> =>
  ((await api.get(`/v1/approvals?state=pending&limit=${MOST}`)) as Page<ApprovalShape>).items;

/** A package of everything on the leg that is ready. Its reference follows from what has left and been cancelled, so that a
 * lost answer makes no second one, and a package that a refund overtook is packed anew under another name. */
const packageOf = (leg: LegShape) => {
  const lines = leg.lines.flatMap((line) =>
    line.open > 0 && line.ready ? [{ lineId: line.lineId, quantity: line.open }] : [],
  );
  const total = (count: 'shipped' | 'cancelled') => leg.lines.reduce((sum, line) => sum + line[count], 0);
  const grams = leg.lines.reduce((sum, line) => sum + line.open * UNIT_FACTS.weightGrams, 0);
  return lines.length === 0
    ? []
    : [
        {
          legId: leg.id,
          reference: `package-${total('shipped')}-${total('cancelled')}`,
          lines,
          parcel: { ...PARCEL, weightGrams: Math.min(30_000, Math.max(100, grams)) },
          tracking: null,
        },
      ];
};

const ship = async (api: ApiClient, legs: readonly LegShape[]): Promise<number> => {
  const packages = legs.flatMap(packageOf);
  if (packages.length === 0) return 0;
  // What is refused, by a gate of an export case for one, is not work done: it is tried again after a rest.
  return Batch.parse(await api.post('/v1/legs/shipments', { packages })).processed;
};

const shipFrom = async (api: ApiClient, location: string): Promise<number> => {
  const accepted = await legsAt(api, `kind=fulfilment&state=accepted&location=${location}`);
  const begun = await legsAt(api, `kind=fulfilment&state=partly_shipped&location=${location}`);
  return ship(api, [...accepted, ...begun]);
};

/** Packs what is ready at our own warehouse and takes in what the wholesaler has sent. */
const warehouse = async ({ warehouse: api }: Apis): Promise<number> => {
  const arrived = await legsAt(api, `kind=purchase&state=shipped&location=${SHELVES.warehouse}`);
  const deliveries = arrived.filter((leg) => leg.orderId === null);
  if (deliveries.length > 0)
    await api.post('/v1/legs/receipts', {
      receipts: deliveries.map((leg) => ({
        legId: leg.id,
        reference: 'delivery',
        lines: leg.lines.map((line) => ({ lineId: line.lineId, quantity: line.quantity - line.received })),
      })),
    });
  return arrived.length + (await shipFrom(api, SHELVES.warehouse));
};

/** Takes work on, makes it in one lot that passes inspection, and ships what was made to order. */
const factory = async ({ factory: api }: Apis): Promise<number> => {
  const asked = await legsAt(api, `kind=work&state=awaiting&location=${SHELVES.brand}`);
  await Promise.all(asked.map((leg) => api.post(`/v1/legs/${leg.id}/accept`, {})));
  const taken = [
    ...(await legsAt(api, `kind=work&state=accepted&location=${SHELVES.brand}`)),
    ...(await legsAt(api, `kind=work&state=partly_shipped&location=${SHELVES.brand}`)),
  ];
  const toMake = taken.filter((leg) =>
    leg.lines.some((line) => !line.ready && line.quantity - line.cancelled > line.received),
  );
  if (toMake.length > 0)
    await api.post('/v1/legs/lots', {
      lots: toMake.map((leg) => ({
        legId: leg.id,
        reference: 'lot-1',
        lines: leg.lines.flatMap((line) =>
          line.quantity - line.cancelled > line.received
            ? [{ lineId: line.lineId, quantity: line.quantity - line.cancelled - line.received }]
            : [],
        ),
        inspection: { sampled: 8, defects: 0 },
        released: true,
      })),
    });
  const made = taken.filter((leg) => leg.orderId !== null && !toMake.includes(leg));
  return asked.length + toMake.length + (await ship(api, made)) + (await shipFrom(api, SHELVES.brand));
};

/** Says yes within its mandate's terms, packs its own goods, and fills its own shelf where lines wait. */
const principal = async ({ principal: api }: Apis): Promise<number> => {
  const asked = await pendingApprovals(api);
  await Promise.all(
    asked.map(({ id }) => api.post(`/v1/approvals/${id}`, { decision: 'approved', note: 'Accepted by the principal' })),
  );
  const short = (
    (await api.get(`/v1/stock?location=${SHELVES.principal}&short=true&limit=${MOST}`)) as Page<LevelShape>
  ).items;
  if (short.length > 0)
    await api.post('/v1/stock/movements', {
      location: SHELVES.principal,
      movements: short.map((level) => ({
        sku: level.sku,
        kind: 'receipt',
        quantity: level.waitingUnits - Math.min(0, level.onHand - level.reserved) + OPENING_STOCK,
        reference: `refill-${level.updatedAtMs}`,
      })),
    });
  return asked.length + short.length + (await shipFrom(api, SHELVES.principal));
};

/** What a buyer answers who is asked for the part of an address that is missing. */
const ANSWERS = { name: 'The buyer', line1: '1 Answer Street', city: 'London', country: 'GB' };

/** Asks the buyers of orders that wait for an address, and enters what they say. */
const completeAddresses = async (api: ApiClient): Promise<number> => {
  const { items } = (await api.get(`/v1/orders?state=received&limit=${MOST}`)) as Page<OrderShape>;
  const waiting = items.filter(({ holds }) => holds.some(({ code }) => code === 'address'));
  for (const { id, shipTo } of waiting) {
    const given = shipTo ?? ANSWERS;
    const address = {
      ...given,
      name: given.name || ANSWERS.name,
      line1: given.line1 || ANSWERS.line1,
      city: given.city || ANSWERS.city,
      country: given.country === 'ZZ' ? ANSWERS.country : given.country,
    };
    await api.post(`/v1/orders/${id}/address`, { address });
  }
  return waiting.length;
};

/** The merchant's own desk: says yes to what is above a limit, and asks for addresses that are missing. */
const merchant = async ({ merchant: api }: Apis): Promise<number> => {
  const asked = (await pendingApprovals(api)).filter(({ party }) => party === 'merchant');
  for (const { id } of asked)
    await api.post(`/v1/approvals/${id}`, { decision: 'approved', note: 'Seen by the merchant' });
  return asked.length + (await completeAddresses(api));
};

const ACTORS: Readonly<Record<Party, (apis: Apis) => Promise<number>>> = { merchant, warehouse, factory, principal };

/** The other parties at work, each through its own door with its own key, until stopped. */
export const startActors = (
  apis: Apis,
  options: {
    restMs: number;
    signal: AbortSignal;
    /** Who works. Default: all. */
    parties?: readonly Party[];
    onError(actor: string, error: unknown): void;
  },
): { done: Promise<void>; quietFor(): number } => {
  let lastBusy = performance.now();
  const run = async (name: string, act: (apis: Apis) => Promise<number>): Promise<void> => {
    while (!options.signal.aborted) {
      let did = 0;
      try {
        did = await act(apis);
      } catch (error) {
        if (!options.signal.aborted) options.onError(name, error);
      }
      if (did > 0) lastBusy = performance.now();
      // Who has done all there was waits for more to come: many at once are done with less ado than one by one.
      if (did < MOST) await new Promise((resolve) => setTimeout(resolve, options.restMs));
    }
  };
  return {
    done: Promise.all((options.parties ?? PARTIES).map((name) => run(name, ACTORS[name]))).then(() => {}),
    /** Real milliseconds since one of them last had something to do. */
    quietFor: () => performance.now() - lastBusy,
  };
};
