import { z } from 'zod';
import { Address } from '#domain/address.ts';
import { Failure } from '#domain/failure.ts';
import { LEG_KINDS, type Leg, LegState } from '#domain/leg.ts';
import { Parcel, type Shipment, Tracking } from '#domain/shipment.ts';
import { advanceLeg, confirmShipment, labelShipment } from '#jobs';
import { BatchResult, batchOf, eachOf } from '../batch.ts';
import { listPage, Page, PageQuery } from '../page.ts';
import { type Asked, defineRoute } from '../route.ts';
import { LegView, ShipmentView, toLeg, toShipment } from '../views.ts';
import { wakeLegs } from '../wake.ts';

const Id = z.strictObject({ id: z.string() });
const Reference = z.string().min(1).max(120);
const Lines = z
  .array(z.strictObject({ lineId: z.string(), quantity: z.int().positive() }))
  .min(1)
  .max(1_000);

const Package = z.strictObject({
  reference: Reference.describe('The shipper’s own name of the package: the same again is the same package.'),
  lines: Lines,
  parcel: Parcel.strict().nullable().default(null).describe('For a label to be bought.'),
  tracking: Tracking.strict().nullable().default(null).describe('Of a package that has its label.'),
});
const Lot = z.strictObject({
  reference: Reference,
  lines: Lines,
  inspection: z.strictObject({ sampled: z.int().nonnegative(), defects: z.int().nonnegative() }).optional(),
  released: z.boolean(),
});
const Delivery = z.strictObject({ reference: Reference, lines: Lines });
const onLeg = { legId: z.string() };
const MOST = 100;

/** A leg of this workspace, and of this key's location; any other is as if it were not there. */
const getOwnLeg = async ({ store, workspaceId, caller }: Asked, id: string): Promise<Leg> => {
  const leg = await store.legs.find(workspaceId, id);
  if (!leg || (caller.location !== '' && leg.location !== caller.location))
    throw new Failure('not_found', `There is no leg ${id}.`);
  return leg;
};

const ship = async (asked: Asked, legId: string, { reference, lines, parcel, tracking }: z.infer<typeof Package>) => {
  const leg = await getOwnLeg(asked, legId);
  return asked.app.shipLeg(asked.actor, { leg, reference, lines, parcel, tracking });
};

const sendOn = async ({ deps, workspaceId }: Asked, shipments: readonly Shipment[]): Promise<void> => {
  const waiting = shipments.filter(({ state }) => state === 'planned' || state === 'labelled');
  const refs = (tracked: boolean) =>
    waiting.filter((s) => (s.tracking !== null) === tracked).map((s) => ({ workspaceId, shipmentId: s._id }));
  await deps.enqueueAll(labelShipment, refs(false));
  await deps.enqueueAll(confirmShipment, refs(true));
};

interface Goods {
  reference: string;
  lines: readonly { lineId: string; quantity: number }[];
  released: boolean;
  inspection?: { sampled: number; defects: number } | undefined;
}
const receive = async (asked: Asked, legId: string, goods: Goods) => {
  const { workspaceId, app, deps, requestId } = asked;
  await getOwnLeg(asked, legId);
  const { reference, lines, released, inspection } = goods;
  if (inspection) deps.log.info({ requestId, legId, reference, released, ...inspection }, 'lot.inspected');
  return app.receiveGoods(asked.actor, { workspaceId, legId, reference, lines, released });
};
const receiveOne = async (asked: Asked, legId: string, goods: Goods) => {
  const { leg, wakes } = await receive(asked, legId, goods);
  await wakeLegs(asked, wakes, [legId]);
  return toLeg(leg);
};
const receiveMany = async <S extends z.ZodType<Goods & { legId: string }>>(
  asked: Asked,
  schema: S,
  raw: readonly unknown[],
) => {
  const orderIds = new Set<string>();
  const legIds = new Set<string>();
  const result = await eachOf(asked, schema, raw, async (goods) => {
    const { wakes } = await receive(asked, goods.legId, goods);
    for (const orderId of wakes) orderIds.add(orderId);
    legIds.add(goods.legId);
    return goods.legId;
  });
  await wakeLegs(asked, [...orderIds], [...legIds]);
  return result;
};

/** What the index can be asked, the narrowest first; the first row whose fields are all given is taken. */
const INDEXED = [
  ['orderId'],
  ['kind', 'state', 'location'],
  ['location', 'state'],
  ['partner'],
  ['kind', 'state'],
  ['state'],
  ['location'],
  ['kind'],
] as const;
const FIELDS = ['orderId', 'kind', 'state', 'location', 'partner'] as const;

const PackageOnLeg = Package.extend(onLeg);
const LotOnLeg = Lot.extend(onLeg);
const DeliveryOnLeg = Delivery.extend(onLeg).transform((delivery) => ({ ...delivery, released: true }));

export const legRoutes = [
  defineRoute({
    method: 'get',
    path: '/legs',
    scope: 'legs:read',
    located: true,
    summary: 'Legs: what each party has to do for orders and shelves',
    input: z.strictObject({
      query: z.strictObject({
        ...PageQuery,
        orderId: z.string().optional(),
        state: LegState.optional(),
        partner: z.string().optional(),
        location: z.string().optional(),
        kind: z.enum(LEG_KINDS).optional(),
      }),
    }),
    response: Page(LegView),
    async handle({ store, workspaceId, caller }, { query }) {
      const own = caller.location === '' ? query.location : caller.location;
      if (own !== undefined && query.location !== undefined && own !== query.location) return { items: [], next: null };
      const wanted = { ...query, location: own };
      const given = FIELDS.filter((field) => wanted[field] !== undefined);
      const row: readonly string[] = INDEXED.find((fields) => fields.every((field) => given.includes(field))) ?? [];
      const { orderId, kind, state, location, partner } = wanted;
      const where: Partial<Leg> = {
        ...(orderId !== undefined && row.includes('orderId') ? { orderId } : {}),
        ...(kind !== undefined && row.includes('kind') ? { kind } : {}),
        ...(state !== undefined && row.includes('state') ? { state } : {}),
        ...(location !== undefined && row.includes('location') ? { location } : {}),
        ...(partner !== undefined && row.includes('partner') ? { partner } : {}),
      };
      const keep = (leg: Leg) => given.every((field) => leg[field] === wanted[field]);
      const refines = given.length > row.length;
      return listPage(store.legs, workspaceId, where, query, toLeg, refines ? keep : undefined);
    },
  }),
  defineRoute({
    method: 'get',
    path: '/legs/{id}',
    scope: 'legs:read',
    located: true,
    summary: 'A leg, where it goes, and its packages',
    input: z.strictObject({ params: Id }),
    response: z.object({ leg: LegView, shipTo: Address.nullable(), shipments: z.array(ShipmentView) }),
    async handle(asked, { params }) {
      const leg = await getOwnLeg(asked, params.id);
      const where = { legId: leg._id };
      const shipments = await asked.store.shipments.list(asked.workspaceId, where, { limit: 10_000 });
      return { leg: toLeg(leg), shipTo: leg.shipTo, shipments: shipments.map(toShipment) };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/legs/shipments',
    scope: 'legs:ship',
    located: true,
    summary: 'Packages that leave, each accepted or refused by itself',
    input: z.strictObject({ body: z.strictObject({ packages: batchOf(PackageOnLeg, MOST) }) }),
    response: BatchResult,
    async handle(asked, { body }) {
      const shipments: Shipment[] = [];
      const result = await eachOf(asked, PackageOnLeg, body.packages, async ({ legId, ...parcel }) => {
        const shipment = await ship(asked, legId, parcel);
        shipments.push(shipment);
        return shipment._id;
      });
      await sendOn(asked, shipments);
      return result;
    },
  }),
  defineRoute({
    method: 'post',
    path: '/legs/lots',
    scope: 'legs:make',
    located: true,
    summary: 'Lots that were made, each taken or refused by itself',
    input: z.strictObject({ body: z.strictObject({ lots: batchOf(LotOnLeg, MOST) }) }),
    response: BatchResult,
    handle: (asked, { body }) => receiveMany(asked, LotOnLeg, body.lots),
  }),
  defineRoute({
    method: 'post',
    path: '/legs/receipts',
    scope: 'receipts:write',
    located: true,
    summary: 'Deliveries for our shelf, each taken or refused by itself',
    input: z.strictObject({ body: z.strictObject({ receipts: batchOf(DeliveryOnLeg, MOST) }) }),
    response: BatchResult,
    handle: (asked, { body }) => receiveMany(asked, DeliveryOnLeg, body.receipts),
  }),
  defineRoute({
    method: 'post',
    path: '/legs/{id}/accept',
    scope: 'legs:make',
    located: true,
    summary: 'The factory takes a work order on',
    input: z.strictObject({ params: Id }),
    response: LegView,
    async handle(asked, { params }) {
      await getOwnLeg(asked, params.id);
      const leg = await asked.app.acceptLeg(asked.actor, { workspaceId: asked.workspaceId, legId: params.id });
      await asked.deps.enqueue(advanceLeg, { workspaceId: asked.workspaceId, legId: leg._id });
      return toLeg(leg);
    },
  }),
  defineRoute({
    method: 'post',
    path: '/legs/{id}/lots',
    scope: 'legs:make',
    located: true,
    status: 201,
    summary: 'A lot was made; only a released one counts',
    input: z.strictObject({ params: Id, body: Lot }),
    response: LegView,
    handle: (asked, { params, body }) => receiveOne(asked, params.id, body),
  }),
  defineRoute({
    method: 'post',
    path: '/legs/{id}/receipts',
    scope: 'receipts:write',
    located: true,
    status: 201,
    summary: 'A delivery for our shelf came in',
    input: z.strictObject({ params: Id, body: Delivery }),
    response: LegView,
    handle: (asked, { params, body }) => receiveOne(asked, params.id, { ...body, released: true }),
  }),
  defineRoute({
    method: 'post',
    path: '/legs/{id}/shipments',
    scope: 'legs:ship',
    located: true,
    status: 201,
    summary: 'A package leaves',
    input: z.strictObject({ params: Id, body: Package }),
    response: ShipmentView,
    async handle(asked, { params, body }) {
      const shipment = await ship(asked, params.id, body);
      await sendOn(asked, [shipment]);
      return toShipment(shipment);
    },
  }),
];
