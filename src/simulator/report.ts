import { z } from 'zod';
import { MODE_NAMES } from '#domain/offer.ts';
import type { ApiClient } from './api-client.ts';
import { comparePackages, type PackedPackage } from './history/compare-packages.ts';
import type { FileFigures, ModeFigures, Report } from './history/figures.ts';
import type { LegShape, OrderShape, ReturnShape, ShipmentShape } from './shapes.ts';
import type { Place, World } from './world.ts';

const Audited = z.object({ events: z.number(), next: z.number().nullable(), problems: z.array(z.unknown()) });

/** All events of the workspace held against their chain. */
const auditEvents = async (api: ApiClient): Promise<Report['audit']> => {
  const audit = { events: 0, problems: 0 };
  for (let after: number | null = null; ; ) {
    const page = Audited.parse(await api.post('/v1/audit/verify', { after, limit: 20_000 }));
    audit.events += page.events;
    audit.problems += page.problems.length;
    if (page.next === null) return audit;
    after = page.next;
  }
};

/**
 * What the run came to. The file's side is given; the hub's side is read back through its API alone, item by item, and the outside's
 * from the sandboxes' own books.
 */
export const makeReport = async (
  world: World,
  api: ApiClient,
  file: FileFigures,
  connections: Readonly<Record<Place, string>>,
  run: Report['run'],
): Promise<Report> => {
  const sale = { orders: 0, lines: 0, units: 0, minor: 0 };
  const charge = { lines: 0, minor: 0 };
  const shopOf = new Map<string, string>(Object.entries(connections).map(([place, id]) => [id, place]));
  const placeOfOrder = new Map<string, { shop: string; order: string }>();
  const sold = new Map<string, { units: number; minor: number; planned: boolean }>();
  const orders = { received: 0, goodsless: 0, settled: 0, open: 0, exceptions: 0 };

  // An order in trouble counts once, whatever its troubles; what belongs to no order counts by itself.
  const troubled = new Map<string, string>();
  const exceptionsByCause: Record<string, number> = {};
  const count = (cause: string) => {
    exceptionsByCause[cause] = (exceptionsByCause[cause] ?? 0) + 1;
  };
  for await (const { orderId, cause } of api.all<{ orderId: string | null; cause: string }>(
    '/v1/exceptions?state=open',
  ))
    if (orderId === null) count(cause);
    else troubled.set(orderId, cause);

  for await (const order of api.all<OrderShape>('/v1/orders')) {
    orders.received += 1;
    placeOfOrder.set(order.id, { shop: shopOf.get(order.connectionId) ?? order.connectionId, order: order.externalId });
    if (order.lines.length === 0) orders.goodsless += 1;
    else sale.orders += 1;
    for (const line of order.lines) {
      sale.lines += 1;
      sale.units += line.quantity;
      sale.minor += line.totalMinor;
      sold.set(line.id, { units: line.quantity, minor: line.totalMinor, planned: false });
    }
    for (const { totalMinor } of order.charges) {
      charge.lines += 1;
      charge.minor += totalMinor;
    }
    const cause = troubled.get(order.id);
    if (cause !== undefined) {
      orders.exceptions += 1;
      count(cause);
    } else if (order.state === 'closed' || order.state === 'cancelled') orders.settled += 1;
    else orders.open += 1;
  }
  for await (const { totalMinor } of api.all<{ totalMinor: number }>('/v1/charges')) {
    charge.lines += 1;
    charge.minor += totalMinor;
  }

  const invoices = new Set<string>();
  const cancellation = { invoices: 0, lines: 0, units: 0, minor: 0, unmatchedLines: 0 };
  let refunds = 0;
  for await (const found of api.all<ReturnShape>('/v1/returns')) {
    invoices.add(/([^\s[\]]+)#\d+/.exec(found.reference)?.[1] ?? found.reference);
    for (const line of found.lines) {
      cancellation.lines += 1;
      cancellation.units -= line.quantity;
      cancellation.minor -= line.totalMinor;
      if (found.state === 'unmatched') cancellation.unmatchedLines += 1;
    }
    // One without money stands in no book of payments.
    if (found.state === 'applied' && found.totalMinor > 0) refunds += 1;
  }
  cancellation.invoices = invoices.size;

  const stock = { lines: 0, units: 0 };
  for await (const { onHand } of api.all<{ onHand: number }>('/v1/stock/movements?kind=adjust')) {
    stock.lines += 1;
    stock.units += onHand;
  }

  const empty = (): ModeFigures => ({ lines: 0, units: 0, minor: 0, shipped: 0, cancelled: 0, returned: 0, held: 0 });
  const byMode: Record<string, ModeFigures> = Object.fromEntries(MODE_NAMES.map((mode) => [mode, empty()]));
  /** By leg and line: the storefront's id of the line, and how many units of it were refunded once they had left. */
  const shipped = new Map<string, { externalId: string; refunded: number }>();
  const lineOf = (legId: string, lineId: string) => `${legId} ${lineId}`;
  let purchaseOrders = 0;
  for await (const leg of api.all<LegShape>('/v1/legs')) {
    if (leg.externalId !== '' && leg.state !== 'rejected') purchaseOrders += 1;
    const figures = byMode[leg.mode];
    if (leg.orderId === null || !figures) continue;
    for (const line of leg.lines) {
      const { externalId, returned } = line;
      shipped.set(lineOf(leg.id, line.lineId), { externalId, refunded: returned });
      figures.lines += 1;
      figures.units += line.quantity;
      figures.minor += line.totalMinor;
      figures.shipped += line.shipped;
      figures.cancelled += line.cancelled;
      figures.returned += line.returned;
      figures.held += line.quantity - line.shipped - line.cancelled;
      const rest = sold.get(line.lineId);
      if (rest)
        sold.set(line.lineId, {
          units: rest.units - line.quantity,
          minor: rest.minor - line.totalMinor,
          planned: true,
        });
    }
  }
  // What was refunded before its order was first planned is in no leg.
  const before = empty();
  for (const { units, minor, planned } of sold.values()) {
    before.lines += planned ? 0 : 1;
    before.units += units;
    before.cancelled += units;
    before.minor += minor;
  }
  byMode['none: refunded before the plan'] = before;
  let labels = 0;
  const packed: PackedPackage[] = [];
  const refunded = new Map<string, number>();
  for await (const shipment of api.all<ShipmentShape>('/v1/shipments')) {
    if (shipment.state === 'voided') continue;
    if (shipment.label !== null) labels += 1;
    const { id, legId, orderId, tracking, confirmationId } = shipment;
    packed.push({
      id,
      legId,
      ...(placeOfOrder.get(orderId) ?? { shop: 'no order', order: orderId }),
      tracking: tracking?.number ?? '',
      told: confirmationId !== null,
      lines: shipment.lines.map(({ lineId, quantity }) => {
        const line = shipped.get(lineOf(legId, lineId)) ?? { externalId: lineId, refunded: 0 };
        refunded.set(lineOf(legId, line.externalId), line.refunded);
        return { line: line.externalId, quantity };
      }),
    });
  }
  const told = world.storefronts.flatMap(({ place, world: shop }) =>
    shop.told().map(({ orderExternalId, tracking, lines }) => ({
      shop: place,
      order: orderExternalId,
      tracking,
      lines: lines.map(({ lineExternalId, quantity }) => ({ line: lineExternalId, quantity })),
    })),
  );
  const packages = comparePackages(packed, told, (legId, line) => refunded.get(lineOf(legId, line)) ?? 0);
  const pairOf = (size: 'packages' | 'lines' | 'units') => ({
    ours: packages.ours[size],
    theirs: packages.theirs[size],
  });

  const { shopify, woocommerce, cj, feed, easypost } = world.sandboxes;
  return {
    file,
    hub: { sale, cancellation, charge, stock },
    byMode,
    orders,
    exceptionsByCause,
    outside: {
      purchaseOrders: {
        ours: purchaseOrders,
        theirs: cj.effects('purchases').length + feed.effects('purchases').length,
      },
      labels: { ours: labels, theirs: easypost.effects('labels').length },
      confirmations: pairOf('packages'),
      confirmedLines: pairOf('lines'),
      confirmedUnits: pairOf('units'),
      refunds: { ours: refunds, theirs: shopify.effects('refunds').length + woocommerce.effects('refunds').length },
    },
    packages: { parts: packages.parts, refundedBefore: packages.refundedBefore, differing: packages.differing },
    audit: await auditEvents(api),
    run,
  };
};
