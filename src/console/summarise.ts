import { NOTHING_UNREADABLE } from '#app/app.ts';
import { CAUSES } from '#domain/exception.ts';
import { type Leg, openUnits } from '#domain/leg.ts';
import { fromMinor } from '#domain/money.ts';
import { MODE_NAMES } from '#domain/offer.ts';
import { type Order, orderMachine } from '#domain/order.ts';
import { waitingUnits } from '#domain/stock.ts';
import { MODES } from '#modes';
import { rowOf } from './cases.ts';
import type { Gathered } from './gather.ts';
import type { Overview, OverviewLane, OverviewLeg, OverviewOrder } from './overview-shape.ts';
import { LEG_TITLES, STAGE_OF, STAGE_TITLES, STAGES } from './stages.ts';

/** What a lane shows of one stage; the rest is a number. As many as fit two rows, so that nothing jumps. */
const CHIPS = 4;
const RECEIVED_CHIPS = 12;
const EXCEPTIONS = 10;
const LEVELS = 8;

const sumOf = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((sum, item) => sum + of(item), 0);

const viewLeg = (leg: Leg, order: Order | undefined): OverviewLeg => ({
  id: leg._id,
  orderId: leg.orderId,
  orderNumber: leg.orderNumber,
  mode: leg.mode,
  modeTitle: MODES[leg.mode].title,
  kind: leg.kind,
  kindTitle: LEG_TITLES[leg.kind].title,
  party: LEG_TITLES[leg.kind].party,
  state: leg.state,
  stage: order && orderMachine.final(order.state) ? 'closed' : STAGE_OF[leg.state],
  shipped: sumOf(leg.lines, (line) => line.shipped),
  quantity: sumOf(leg.lines, (line) => line.quantity - line.cancelled),
});

const countLegs = (legs: readonly Leg[]): Overview['totals'] => {
  const lines = legs.flatMap((leg) => leg.lines);
  return {
    legs: legs.length,
    lines: lines.length,
    units: sumOf(lines, (line) => line.quantity - line.cancelled),
    shipped: sumOf(lines, (line) => line.shipped),
    waiting: sumOf(
      legs.filter((leg) => STAGE_OF[leg.state] === 'waiting').flatMap((leg) => leg.lines),
      openUnits,
    ),
  };
};

/** Documents as one page needs them; pure. */
export const summarise = (
  workspaceId: string,
  gathered: Gathered,
  { nowMs, rate, connectorTitles }: { nowMs: number; rate: number; connectorTitles: ReadonlyMap<string, string> },
): Overview => {
  const ageMs = (sinceMs: number): number => Math.max(0, nowMs - sinceMs);
  const names = new Map(gathered.connections.map((connection) => [connection._id, connection.name]));
  const ordersById = new Map([...gathered.orders, ...gathered.olderOrders].map((order) => [order._id, order]));
  // Those that moved last come first: a lane shows what is going on.
  const legs = [...gathered.legs].sort((a, b) => b.updatedAtMs - a.updatedAtMs || (a._id < b._id ? -1 : 1));
  const views = legs.map((leg) => viewLeg(leg, ordersById.get(leg.orderId ?? '')));

  const viewOrder = (order: Order): OverviewOrder => ({
    id: order._id,
    number: order.number,
    storefront: names.get(order.connectionId) ?? '',
    buyer: order.shipTo?.name || order.buyer.name,
    country: order.shipTo?.country ?? '',
    lines: order.lines.length,
    total: `${fromMinor(order.totalMinor, order.currency)} ${order.currency}`,
    state: order.state,
    ageMs: ageMs(order.createdAtMs),
    legs: views.filter((leg) => leg.orderId === order._id).sort((a, b) => (a.id < b.id ? -1 : 1)),
  });
  const latest = gathered.orders.map(viewOrder);

  const lanes = MODE_NAMES.map((mode): OverviewLane => {
    const own = views.filter((leg) => leg.mode === mode);
    return {
      mode,
      title: MODES[mode].title,
      ...countLegs(legs.filter((leg) => leg.mode === mode)),
      stages: STAGES.map((stage) => {
        const here = own.filter((leg) => leg.stage === stage);
        return { stage, title: STAGE_TITLES[stage], count: here.length, legs: here.slice(0, CHIPS) };
      }),
    };
  });

  return {
    workspace: { id: workspaceId, name: gathered.workspace?.name ?? workspaceId },
    clock: { nowMs, rate },
    orders: {
      total: sumOf(gathered.counts, ({ count }) => count),
      states: [...gathered.counts],
      latest,
      received: latest
        .filter((order) => order.legs.length === 0 && !orderMachine.final(order.state))
        .slice(0, RECEIVED_CHIPS),
    },
    lanes,
    totals: countLegs(legs),
    connections: gathered.connections
      .filter((connection) => connection.state !== 'removed')
      .map(({ _id, name, connectorId, role, state, live, lastError, balance }) => ({
        id: _id,
        name,
        connector: connectorTitles.get(connectorId) ?? connectorId,
        role,
        state,
        live,
        lastError,
        balance: balance ? `${fromMinor(balance.amountMinor, balance.currency)} ${balance.currency}` : '',
        unreadable: gathered.unreadable.get(_id) ?? NOTHING_UNREADABLE,
      }))
      .sort((a, b) => a.role.localeCompare(b.role) || a.name.localeCompare(b.name)),
    exceptions: {
      count: gathered.openExceptions,
      oldest: [...gathered.exceptions]
        .sort((a, b) => a.openedAtMs - b.openedAtMs)
        .slice(0, EXCEPTIONS)
        .map(({ _id, cause, detail, openedAtMs }) => ({ id: _id, ...CAUSES[cause], detail, ageMs: ageMs(openedAtMs) })),
    },
    pendingApprovals: gathered.pendingApprovals,
    cases: { open: gathered.openCases, latest: gathered.cases.map(rowOf) },
    shelves: {
      levels: gathered.levels
        .map((level) => ({
          id: level._id,
          sku: level.sku,
          location: names.get(level.location.replace(/^supplier:/, '')) ?? level.location,
          onHand: level.onHand,
          reserved: level.reserved,
          onOrder: level.onOrder,
          waiting: waitingUnits(level),
        }))
        .sort((a, b) => b.waiting - a.waiting || (a.id < b.id ? -1 : 1))
        .slice(0, LEVELS),
      movements: gathered.movements.map(({ _id, location, atMs, sku, kind, onHand, reserved, onOrder, reference }) => ({
        id: _id,
        sku,
        location: names.get(location.replace(/^supplier:/, '')) ?? location,
        kind,
        onHand,
        reserved,
        onOrder,
        reference,
        ageMs: ageMs(atMs),
      })),
    },
    queues: Object.entries(gathered.depths).map(([name, depth]) => ({ name, depth })),
  };
};
