import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeApp } from '#app/app.ts';
import type { Ports } from '#app/ports.ts';
import { systemActor } from '#domain/actor.ts';
import { openUnits } from '#domain/leg.ts';
import { levelId } from '#domain/stock.ts';
import { ITEMS, itemOf, place } from '../support/shop.ts';
import { openStand, type Stand } from '../support/stand.ts';
import { portsThatAsk } from '../support/steps.ts';

const actor = systemActor('test');
const LOCATION = 'brand';
const item = itemOf('self_produced');
let stand: Stand;
let ports: Ports;
let workspaceId: string;
let counts = 0;
beforeAll(async () => {
  stand = await openStand({ items: ITEMS, act: false, webhooks: false, work: false });
  ports = { ...stand.platform.app.ports, clock: stand.world.clock.clock, grace: () => 60_000 };
  ({ workspaceId } =
    (await ports.store.findConnection(stand.business.connections.shopify)) ?? expect.fail('no storefront'));
});
afterAll(() => stand?.close());

const shelf = async () =>
  (await ports.store.levels.find(workspaceId, levelId(workspaceId, LOCATION, item.sku))) ?? expect.fail('no shelf');
/** The shelf has so many units that nobody holds. */
const leaveFree = async (free: number): Promise<void> => {
  const { onHand, reserved } = await shelf();
  const quantity = free - (onHand - reserved);
  const movement = { sku: item.sku, kind: 'adjust', quantity, reference: `count ${++counts}` };
  if (quantity !== 0) await stand.api.post('/v1/stock/movements', { location: LOCATION, movements: [movement] });
};

it.each([
  ['before the legs of the other are written down', 'legs.insertMany'],
  ['when the other is long done', null],
])(
  'units that a run reserves for a line that another run has planned to be made go back: it comes %s',
  async (name, at) => {
    const app = makeApp(ports);
    const reference = `RIVAL ${name}`;
    await stand.api.post('/v1/stock/movements', {
      location: LOCATION,
      movements: [{ sku: item.sku, kind: 'adjust', quantity: 1, reference: `shelf for ${name}` }],
    });
    place(stand, reference, [{ item, quantity: 2 }]);
    const sold = stand.world.sandboxes.shopify.effects('orders').find((one) => one.reference === reference);
    const { order } = await app.ingestOrder(actor, {
      workspaceId,
      connectionId: stand.business.connections.shopify,
      externalId: sold?.id ?? expect.fail('no order at the shop'),
    });
    const ref = { workspaceId, orderId: order._id };

    const met = Promise.withResolvers<void>();
    const thaw = Promise.withResolvers<void>();
    await leaveFree(2);
    const slow = makeApp(
      portsThatAsk(ports, async (what) => {
        if (!what.startsWith('levels.')) return;
        met.resolve();
        await thaw.promise;
      }),
    );
    const late = slow.routeOrder(actor, ref);
    await met.promise;
    await leaveFree(0);
    const comeBack = async () => {
      await leaveFree(2);
      thaw.resolve();
      await late;
    };
    const quick = makeApp(
      portsThatAsk(ports, async (what) => {
        if (what === at) await comeBack();
      }),
    );
    await quick.routeOrder(actor, ref);
    if (at === null) await comeBack();

    const legs = await ports.store.legs.list(workspaceId, { orderId: order._id }, { limit: 10 });
    expect(legs.map(({ kind }) => kind)).toEqual(['work']);
    expect(legs.flatMap(({ lines }) => lines.map(openUnits))).toEqual([2]);
    const { open, onHand, reserved } = await shelf();
    expect(open.filter(({ orderId }) => orderId === order._id)).toEqual([]);
    expect(onHand - reserved).toBe(2);
  },
);
