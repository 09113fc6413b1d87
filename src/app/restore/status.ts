import type { Connection } from '#domain/connection.ts';
import { isLost, type Leg } from '#domain/leg.ts';
import type { Order } from '#domain/order.ts';
import { type RestoreRecord, restoreId } from '#domain/restore.ts';
import type { Ports } from '../ports.ts';

const MOST = 10_000;
const MOST_ROUTED = 1_000;

export interface LookedUp {
  legId: string;
  orderNumber: string;
  /** sent: the supplier holds it. free: it does not. open: it was not asked yet, or did not answer. */
  outcome: 'sent' | 'free' | 'open';
}

/** An order of which the shop shows units as fulfilled that no package of this store holds. */
export interface ShippedElsewhere {
  orderId: string;
  orderNumber: string;
  lines: { sku: string; quantity: number }[];
}

export interface RestoreStatus {
  record: RestoreRecord;
  /** What resume waits for, in words. Empty: a person may say so. `far` is what a storefront that is down keeps open. */
  waitingFor: { text: string; far: boolean }[];
  lookedUp: LookedUp[];
  /** Orders that were first seen since the store was restored. */
  newOrders: number;
  /**
   * Orders that were read back as fulfilled since the restore: by packages that left after the backup began, which it does not hold.
   * Nothing of what they cost is posted, and their units are not counted off our shelves.
   */
  shippedElsewhere: ShippedElsewhere[];
  /** Shelves of suppliers where another number was read back than the backup has. */
  stockDiffers: number;
  /** What no connector can look up. */
  notices: string[];
}

const outcomeOf = (leg: Leg | undefined): LookedUp['outcome'] => {
  if (leg?.kind !== 'purchase' || isLost(leg)) return 'open';
  return leg.externalId === '' ? 'free' : 'sent';
};

/** What the shop was seen to have fulfilled since then without us; null where that is nothing. */
const shippedElsewhere = (order: Order, sinceMs: number): ShippedElsewhere | null => {
  const isSeen =
    order.createdAtMs >= sinceMs ||
    order.versions.some(
      ({ atMs, changes }) => atMs >= sinceMs && changes.some(({ field }) => field.startsWith('lines')),
    );
  const taken = isSeen ? order.taken.filter(({ why }) => why === 'elsewhere') : [];
  if (taken.length === 0) return null;
  const lines = [...Map.groupBy(taken, ({ lineId }) => lineId)].map(([lineId, of]) => {
    const line = order.lines.find(({ id }) => id === lineId);
    return {
      sku: line?.offer?.sku ?? line?.sku ?? lineId,
      quantity: of.reduce((sum, { quantity }) => sum + quantity, 0),
    };
  });
  return { orderId: order._id, orderNumber: order.number, lines };
};

/** True when a whole walk over its orders has begun and ended since then. */
const wasPulled = ({ cursor }: Connection, sinceMs: number): boolean =>
  cursor.next === null && Date.parse(cursor.since) >= sinceMs;

/** How far a restored workspace is in finding out what happened since its backup, and what differs; null when it never was restored. */
export const restoreStatus = async (
  { store, clock, grace }: Ports,
  { workspaceId }: { workspaceId: string },
): Promise<RestoreStatus | null> => {
  const record = await store.restores.find(workspaceId, restoreId(workspaceId));
  if (!record) return null;
  const since = record.reconciledAtMs ?? Number.POSITIVE_INFINITY;
  const [checks, connections, received, recent, movements] = await Promise.all([
    store.restoreChecks.list(workspaceId, {}, { limit: MOST }),
    store.connections.list(workspaceId, { state: 'active' }, { limit: MOST_ROUTED }),
    store.orders.list(workspaceId, { state: 'received' }, { limit: MOST_ROUTED }),
    store.orders.recent(workspaceId, MOST),
    store.movements.recent(workspaceId, MOST),
  ]);
  const own = checks.filter(({ backupId }) => backupId === record.backupId);
  const legs = new Map<string, Leg>();
  for (let at = 0; at < own.length; at += 500)
    for (const leg of await store.legs.findMany(
      workspaceId,
      own.slice(at, at + 500).map(({ legId }) => legId),
    ))
      legs.set(leg._id, leg);
  const lookedUp = own.map(({ legId }) => ({
    legId,
    orderNumber: legs.get(legId)?.orderNumber ?? '',
    outcome: outcomeOf(legs.get(legId)),
  }));
  const elsewhere = recent.flatMap((order) => shippedElsewhere(order, since) ?? []);
  const lost = await store.legs.count(workspaceId, { state: 'unknown' });
  const soon = clock.now() + grace();
  const routing = received.filter(({ dueAtMs }) => dueAtMs !== null && dueAtMs <= soon).length;
  const waitingFor: RestoreStatus['waitingFor'] = [];
  const near = (text: string) => waitingFor.push({ text, far: false });
  if (record.state === 'quiet') {
    if (record.reconciledAtMs === null) near('what the backup holds has not been compared yet');
    if (lost > 0) near(`${lost} purchase orders are being looked up at their suppliers`);
    if (routing > 0) near(`${routing} orders are being routed`);
    for (const connection of connections)
      if (connection.role === 'storefront' && !wasPulled(connection, since))
        waitingFor.push({ text: `the orders of ${connection.name} have not been read since the restore`, far: true });
  }
  return {
    record,
    waitingFor,
    lookedUp,
    newOrders: recent.filter(({ createdAtMs }) => createdAtMs >= since).length,
    shippedElsewhere: elsewhere,
    stockDiffers: new Set(
      movements
        .filter(({ kind, atMs }) => kind === 'observe' && atMs >= since)
        .map(({ sku, location }) => `${location} ${sku}`),
    ).size,
    notices: [
      ...(elsewhere.length === 0
        ? []
        : [
            `${elsewhere.length} ${elsewhere.length === 1 ? 'order was' : 'orders were'} shipped by packages that the backup does not hold (shippedElsewhere): nothing of what they cost is posted. Book it (POST /v1/charges), and count what left your own shelves off them (POST /v1/stock/movements).`,
          ]),
      'Bulk purchase orders for your own shelves, packages and counts that were entered after the backup began are not in it: compare them with your suppliers and warehouses.',
    ],
  };
};
