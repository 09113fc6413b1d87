import type { App, CaseStatus, Unreadable } from '#app/app.ts';
import type { Store } from '#app/ports.ts';
import type { Connection } from '#domain/connection.ts';
import type { ExceptionRecord } from '#domain/exception.ts';
import type { Leg } from '#domain/leg.ts';
import { type Order, type OrderState, orderMachine } from '#domain/order.ts';
import type { Workspace } from '#domain/records.ts';
import { levelId, type Movement, type StockLevel } from '#domain/stock.ts';

const ORDERS = 25;
const LEGS = 150;
const WAITING_LEGS = 100;
const CONNECTIONS = 50;
const EXCEPTIONS = 100;
const MOVEMENTS = 8;
const CASES = 6;

/** What one overview is made of: documents as they are stored, nothing worked out yet. */
export interface Gathered {
  workspace: Workspace | null;
  counts: readonly { state: OrderState; count: number }[];
  /** The latest, newest first. */
  orders: readonly Order[];
  /** Orders of the latest legs that are not among the latest orders. */
  olderOrders: readonly Order[];
  legs: readonly Leg[];
  connections: readonly Connection[];
  /** What of theirs cannot be read, by connection. */
  unreadable: ReadonlyMap<string, Unreadable>;
  exceptions: readonly ExceptionRecord[];
  openExceptions: number;
  pendingApprovals: number;
  levels: readonly StockLevel[];
  movements: readonly Movement[];
  depths: Readonly<Record<string, number>>;
  /** Some of the open ones, with how they stand today. */
  cases: readonly CaseStatus[];
  openCases: number;
}

/** The documents of one overview, by indexed queries of bounded size alone. */
export const gather = async (
  app: Pick<App, 'ports' | 'caseStatuses' | 'countUnreadable'>,
  workspaceId: string,
  depths: () => Promise<Record<string, number>>,
): Promise<Gathered> => {
  const { store } = app.ports;
  const [workspace, counts, orders, recentLegs, waitingLegs, connections, ...others] = await Promise.all([
    store.workspaces.find(workspaceId, workspaceId),
    Promise.all(
      orderMachine.states.map(async (state) => ({ state, count: await store.orders.count(workspaceId, { state }) })),
    ),
    store.orders.recent(workspaceId, ORDERS),
    store.legs.recent(workspaceId, LEGS),
    store.legs.list(workspaceId, { state: 'awaiting' }, { limit: WAITING_LEGS }),
    store.connections.recent(workspaceId, CONNECTIONS),
    store.exceptions.list(workspaceId, { state: 'open' }, { limit: EXCEPTIONS }),
    store.exceptions.count(workspaceId, { state: 'open' }),
    store.approvals.count(workspaceId, { state: 'pending' }),
    store.movements.recent(workspaceId, MOVEMENTS),
    store.cases.list(workspaceId, { state: 'open' }, { limit: CASES }),
    store.cases.count(workspaceId, { state: 'open' }),
    depths(),
    app.countUnreadable(workspaceId),
  ]);
  const [exceptions, openExceptions, pendingApprovals, movements, caseFiles, openCases, queueDepths, unreadable] =
    others;
  const legs = [...recentLegs, ...(await legsLeftOut(store, orders, recentLegs))];
  const latest = new Set(orders.map((order) => order._id));
  const older = new Set(legs.flatMap(({ orderId }) => (orderId === null || latest.has(orderId) ? [] : [orderId])));
  // No index knows which shelves are waited for; the legs that wait do.
  const shelves = new Set([
    ...waitingLegs.flatMap((leg) => leg.lines.map((line) => levelId(workspaceId, leg.location, line.sku))),
    ...movements.map(({ location, sku }) => levelId(workspaceId, location, sku)),
  ]);
  const [olderOrders, levels, cases] = await Promise.all([
    store.orders.findMany(workspaceId, [...older]),
    store.levels.findMany(workspaceId, [...shelves]),
    app.caseStatuses(workspaceId, caseFiles),
  ]);
  return {
    workspace,
    counts,
    orders,
    olderOrders,
    legs,
    connections,
    unreadable,
    exceptions,
    openExceptions,
    pendingApprovals,
    levels,
    movements,
    depths: queueDepths,
    cases,
    openCases,
  };
};

/** Legs of routed orders that later legs of other orders have crowded out of the latest ones. */
const legsLeftOut = async (store: Store, orders: readonly Order[], legs: readonly Leg[]): Promise<Leg[]> => {
  const seen = new Set(legs.map((leg) => leg.orderId));
  const without = orders.filter((order) => order.plan !== null && !seen.has(order._id));
  const found = await Promise.all(
    without.map((order) => store.legs.list(order.workspaceId, { orderId: order._id }, { limit: 20 })),
  );
  return found.flat();
};
