import { z } from 'zod';
import { AddressInput } from '#domain/address.ts';
import { HOLD_CODES, HOLDS, HoldCode } from '#domain/hold.ts';
import { type Order, OrderVersion, Taken } from '#domain/order.ts';
import {
  cancelLeg,
  enqueueAfterStore,
  payLeg,
  payReturn,
  pollLeg,
  reconcileOrder,
  routeOrder,
  voidShipment,
} from '#jobs';
import { type Asked, defineRoute } from '../route.ts';
import { atMs, LegView, OrderView, ShipmentView, toLeg, toOrder, toShipment } from '../views.ts';

const Id = z.strictObject({ id: z.string() });
const Note = z.string().trim().min(3, 'say why, in three letters or more').max(2_000);

const HoldInput = z.strictObject({
  code: z.literal(HOLD_CODES.filter((code) => HOLDS[code].setBy === 'person')).default('manual'),
  note: Note,
});
const ReleaseInput = z.strictObject({ code: HoldCode, note: Note });
const CancelInput = z.strictObject({
  id: z.string().min(1).max(120).describe('Your own name for the request: the same again is the same request.'),
  lines: z
    .array(z.strictObject({ lineId: z.string(), quantity: z.int().positive() }))
    .min(1)
    .max(1_000)
    .nullable()
    .default(null)
    .describe('Null: all that has not left.'),
  refund: z
    .enum(['none', 'notShipped'])
    .describe('`notShipped` pays back what is cancelled, never above what is left.'),
  tellStorefront: z.boolean().default(true),
  note: z.string().max(2_000).default(''),
});
const AddressBody = z.strictObject({ address: AddressInput });
const ReplanInput = z.strictObject({
  reason: Note,
  cancelSent: z
    .boolean()
    .default(false)
    .describe('Suppliers of sent legs are asked to cancel; what they confirm is planned anew.'),
});

const LineId = z.string().describe('A line of the order.');
const LegId = z.string().describe('A leg of the order.');
const Units = z.int().nonnegative();
const CancelEffects = z.strictObject({
  lines: z
    .array(
      z.strictObject({
        lineId: LineId,
        sku: z.string().describe('Our SKU, or the shop’s where the line is not mapped.'),
        atOnce: Units.describe('Units that are given back at once.'),
        toAsk: Units.describe('Units whose supplier has to be asked.'),
        late: Units.describe('Units that have left.'),
      }),
    )
    .describe('What becomes of the units that are to be cancelled.'),
  suppliers: z
    .array(
      z.strictObject({
        legId: LegId,
        partner: z.string().describe('The supplier’s name.'),
        canAsk: z.boolean().describe('False where a person has to ask.'),
        expected: z.string().describe('What the supplier will probably answer.'),
      }),
    )
    .describe('Purchases that were sent.'),
  refund: z
    .strictObject({
      amount: z.int().nonnegative().describe('Minor units.'),
      currency: z.string().describe('The order’s currency.'),
    })
    .describe('What is paid back if everything that can be cancelled is.'),
  tellsStorefront: z.boolean().describe('The storefront is told, as nothing of the order is left to ship.'),
});
const LegUnits = z.strictObject({ legId: LegId, units: Units.describe('Units that have not left.') });
const ReplanEffects = z.strictObject({
  planned: z.array(LegUnits).describe('Legs that are cancelled and planned anew.'),
  toAsk: z.array(LegUnits).describe('Sent legs whose supplier is asked to cancel.'),
  kept: z.array(LegId).describe('Sent legs that stay as they are.'),
  offers: z
    .array(
      z.strictObject({
        lineId: LineId,
        sku: z.string().describe('Our SKU.'),
        partner: z.string().describe('Who stands behind the offer.'),
        unitCost: z.string().describe('What one unit costs, as exact decimal text.'),
        currency: z.string().describe('The currency of the cost.'),
      }),
    )
    .describe('The offers by which lines would be planned now.'),
});
const Changes = OrderVersion.shape.changes.describe('By field, from what is stored; empty when nothing differs.');
const ReplayView = z.object({
  orderId: z.string(),
  readAtMs: atMs.describe('When the body was asked for.'),
  apiVersion: z
    .object({ body: z.string(), connector: z.string() })
    .describe('The version of the vendor’s API: of the body, and of the connector today.'),
  changes: Changes,
  taken: z.array(Taken.pick({ why: true, lineId: true, quantity: true })).describe('Units that would be taken off.'),
  next: z.enum(['route', 'reconcile', 'none']).describe('The step that would follow.'),
});

/** The order as it was changed; it is looked at at once: routed without a plan, brought in line with one. */
const changedOrder = async ({ deps, workspaceId }: Asked, order: Order) => {
  await deps.enqueue(order.plan ? reconcileOrder : routeOrder, { workspaceId, orderId: order._id });
  return toOrder(order);
};

export const orderActionRoutes = [
  defineRoute({
    method: 'post',
    path: '/orders/{id}/hold',
    scope: 'orders:write',
    summary: 'Holds an order: nothing more of it is bought, labelled or refunded',
    input: z.strictObject({ params: Id, body: HoldInput }),
    response: OrderView,
    async handle(asked, { params, body }) {
      const { app, actor, workspaceId } = asked;
      const order = await app.holdOrder(actor, { workspaceId, orderId: params.id, ...body, untilMs: null });
      return changedOrder(asked, order);
    },
  }),
  defineRoute({
    method: 'post',
    path: '/orders/{id}/release',
    scope: 'orders:write',
    summary: 'Lets an order go on although a hold stands',
    input: z.strictObject({ params: Id, body: ReleaseInput }),
    response: OrderView,
    async handle(asked, { params, body }) {
      const { app, actor, workspaceId } = asked;
      const order = await app.releaseOrder(actor, { workspaceId, orderId: params.id, ...body });
      return changedOrder(asked, order);
    },
  }),
  defineRoute({
    method: 'post',
    path: '/orders/{id}/cancel/preview',
    scope: 'orders:write',
    summary: 'What a cancellation would do: units, money, suppliers',
    input: z.strictObject({ params: Id, body: CancelInput }),
    response: CancelEffects,
    handle: ({ app, actor, workspaceId }, { params, body }) =>
      app.previewCancel(actor, { workspaceId, orderId: params.id, ...body }),
  }),
  defineRoute({
    method: 'post',
    path: '/orders/{id}/cancel',
    scope: 'orders:write',
    summary: 'Cancels an order or lines of it, as far as it has not left',
    input: z.strictObject({ params: Id, body: CancelInput }),
    response: OrderView,
    async handle(asked, { params, body }) {
      const { app, actor, workspaceId, deps } = asked;
      const order = await app.cancelOrder(actor, { workspaceId, orderId: params.id, ...body });
      const answer = await changedOrder(asked, order);
      for (const { _id, state } of await asked.store.returns.list(
        workspaceId,
        { orderId: order._id },
        { limit: 1_000 },
      ))
        if (state === 'wanted') await deps.enqueue(payReturn, { workspaceId, returnId: _id });
      return answer;
    },
  }),
  defineRoute({
    method: 'post',
    path: '/orders/{id}/address/preview',
    scope: 'orders:write',
    summary: 'Which legs a change of address would reach',
    input: z.strictObject({ params: Id, body: AddressBody }),
    response: z.strictObject({
      takesNew: z.array(LegId).describe('Legs that will be sent to the new address.'),
      sentToOld: z.array(LegId).describe('Legs that were sent to the old one: a person has to choose.'),
    }),
    handle: ({ app, actor, workspaceId }, { params, body }) =>
      app.previewAddress(actor, { workspaceId, orderId: params.id, ...body }),
  }),
  defineRoute({
    method: 'post',
    path: '/orders/{id}/address',
    scope: 'orders:write',
    summary: 'Sends the rest of an order to another address',
    input: z.strictObject({ params: Id, body: AddressBody }),
    response: OrderView,
    async handle(asked, { params, body }) {
      const { app, actor, workspaceId } = asked;
      const order = await app.changeAddress(actor, { workspaceId, orderId: params.id, ...body });
      return changedOrder(asked, order);
    },
  }),
  defineRoute({
    method: 'post',
    path: '/orders/{id}/replan/preview',
    scope: 'orders:write',
    summary: 'What planning an order anew would do',
    input: z.strictObject({ params: Id, body: ReplanInput.partial({ reason: true }) }),
    response: ReplanEffects,
    handle: ({ app, actor, workspaceId }, { params, body }) =>
      app.previewReplan(actor, { workspaceId, orderId: params.id, cancelSent: body.cancelSent }),
  }),
  defineRoute({
    method: 'post',
    path: '/orders/{id}/replan',
    scope: 'orders:write',
    summary: 'Plans what has not left anew, by the offers, shelves and terms of now',
    input: z.strictObject({ params: Id, body: ReplanInput }),
    response: OrderView,
    async handle(asked, { params, body }) {
      const { app, actor, workspaceId } = asked;
      const order = await app.requestReplan(actor, { workspaceId, orderId: params.id, ...body });
      return changedOrder(asked, order);
    },
  }),
  defineRoute({
    method: 'post',
    path: '/orders/{id}/storefront-told',
    scope: 'orders:write',
    summary: 'Says that a cancelled order was cancelled at the storefront by hand',
    input: z.strictObject({ params: Id, body: z.strictObject({ note: Note }) }),
    response: OrderView,
    async handle({ app, actor, workspaceId }, { params, body }) {
      return toOrder(await app.markStorefrontTold(actor, { workspaceId, orderId: params.id, ...body }));
    },
  }),
  defineRoute({
    method: 'post',
    path: '/orders/{id}/replay/preview',
    scope: 'orders:write',
    summary: 'What today’s connector reads otherwise in the body that an order was last read from',
    input: z.strictObject({ params: Id }),
    response: ReplayView,
    async handle({ app, actor, workspaceId }, { params }) {
      const { taken, ...preview } = await app.previewReplay(actor, { workspaceId, orderId: params.id });
      return { ...preview, taken: taken.map(({ why, lineId, quantity }) => ({ why, lineId, quantity })) };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/orders/{id}/replay',
    scope: 'orders:write',
    summary: 'Stores what today’s connector reads in the body that an order was last read from, as a version of it',
    input: z.strictObject({ params: Id }),
    response: z.object({ changes: Changes, order: OrderView }),
    async handle({ app, actor, workspaceId, deps }, { params }) {
      const stored = await app.replayOrder(actor, { workspaceId, orderId: params.id });
      await enqueueAfterStore(deps, stored);
      return { changes: stored.changes, order: toOrder(stored.order) };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/legs/{id}/cancel-answer',
    scope: 'orders:write',
    summary: 'Says what came of asking a supplier by hand to cancel',
    input: z.strictObject({ params: Id, body: z.strictObject({ cancelled: z.boolean(), note: Note }) }),
    response: LegView,
    async handle(asked, { params, body }) {
      const { app, actor, workspaceId, deps } = asked;
      const leg = await app.answerCancel(actor, { workspaceId, legId: params.id, ...body });
      if (leg.orderId) await deps.enqueue(reconcileOrder, { workspaceId, orderId: leg.orderId });
      return toLeg(leg);
    },
  }),
  defineRoute({
    method: 'post',
    path: '/legs/{id}/cancel',
    scope: 'orders:write',
    summary: 'Asks the supplier of a sent purchase to cancel what has not left',
    input: z.strictObject({ params: Id }),
    response: LegView,
    async handle(asked, { params }) {
      const { app, actor, workspaceId, deps } = asked;
      const leg = await app.requestLegCancel(actor, { workspaceId, legId: params.id });
      await deps.enqueue(cancelLeg, { workspaceId, legId: leg._id });
      return toLeg(leg);
    },
  }),
  defineRoute({
    method: 'post',
    path: '/legs/{id}/pay',
    scope: 'orders:write',
    summary: 'Has a purchase that waits for its payment paid from the balance at its supplier, once',
    input: z.strictObject({ params: Id }),
    response: LegView,
    async handle(asked, { params }) {
      const { app, actor, workspaceId, deps } = asked;
      const leg = await app.requestLegPay(actor, { workspaceId, legId: params.id });
      await deps.enqueue(payLeg, { workspaceId, legId: leg._id });
      return toLeg(leg);
    },
  }),
  defineRoute({
    method: 'post',
    path: '/legs/{id}/paid',
    scope: 'orders:write',
    summary: 'Says that a purchase was paid by hand at its supplier, who is asked again',
    input: z.strictObject({ params: Id, body: z.strictObject({ note: Note }) }),
    response: LegView,
    async handle(asked, { params, body: { note } }) {
      const { app, actor, workspaceId, deps } = asked;
      const leg = await app.sayPaid(actor, { workspaceId, legId: params.id, note });
      await deps.enqueue(pollLeg, { workspaceId, legId: leg._id });
      return toLeg(leg);
    },
  }),
  defineRoute({
    method: 'post',
    path: '/shipments/{id}/void',
    scope: 'legs:ship',
    summary: 'Voids a package that the storefront was not told of, its label first',
    input: z.strictObject({ params: Id }),
    response: ShipmentView,
    async handle(asked, { params }) {
      const { app, actor, workspaceId, deps } = asked;
      const shipment = await app.requestVoid(actor, { workspaceId, shipmentId: params.id });
      if (shipment.voiding) await deps.enqueue(voidShipment, { workspaceId, shipmentId: shipment._id });
      return toShipment(shipment);
    },
  }),
  defineRoute({
    method: 'post',
    path: '/shipments/{id}/label-settled',
    scope: 'legs:ship',
    summary:
      'Says that the label of a package was settled with its carrier by hand: the package is voided without asking it',
    input: z.strictObject({ params: Id, body: z.strictObject({ note: Note }) }),
    response: ShipmentView,
    async handle(asked, { params, body }) {
      const { app, actor, workspaceId, deps } = asked;
      const shipment = await app.settleLabel(actor, { workspaceId, shipmentId: params.id, ...body });
      if (shipment.voiding) await deps.enqueue(voidShipment, { workspaceId, shipmentId: shipment._id });
      return toShipment(shipment);
    },
  }),
  defineRoute({
    method: 'post',
    path: '/shipments/{id}/parcel-settled',
    scope: 'legs:ship',
    summary: 'Says that a person settled what became of a parcel that failed: its carrier is not asked any more',
    input: z.strictObject({ params: Id, body: z.strictObject({ note: Note }) }),
    response: ShipmentView,
    async handle({ app, actor, workspaceId }, { params, body }) {
      return toShipment(await app.settleParcel(actor, { workspaceId, shipmentId: params.id, ...body }));
    },
  }),
];
