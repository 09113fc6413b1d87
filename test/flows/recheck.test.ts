import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dueId } from '#domain/due.ts';
import { openUnits } from '#domain/leg.ts';
import { ITEMS, itemOf, orderWhen, place, type Whole } from '../support/shop.ts';
import { openStand, type Stand, until } from '../support/stand.ts';

const DAY = 86_400_000;
const SHOPIFY = 0;
const WOO = 1;

describe('an order that is edited without the shop counting it as a change', () => {
  let stand: Stand;
  beforeAll(async () => {
    // Nobody packs, and no webhook tells of the edit: only a walk can see it.
    stand = await openStand({ items: ITEMS, rate: 600, webhooks: false, act: false, pollEveryMinutes: 5 });
  });
  afterAll(() => stand?.close());

  const item = itemOf('self_produced');
  const unitsOf = ({ legs }: Whole) => legs.flatMap((leg) => leg.lines.map(openUnits));
  const planned = (whole: Whole) => whole.order.state === 'routed' && unitsOf(whole).length === 1;
  const now = () => stand.world.clock.clock.now();
  /** A poll that began after this moment is over. */
  const polled = async (connectionId: string) => {
    const from = now();
    await until('a poll', async () => {
      const connection = await stand.platform.store.findConnection(connectionId);
      return connection && connection.cursor.next === null && Date.parse(connection.cursor.since) > from;
    });
  };

  it('is seen by the next day’s look at recent orders, planned anew, and not by the polls before', async () => {
    place(stand, 'quiet', [{ item, quantity: 3 }], WOO);
    expect(unitsOf(await orderWhen(stand, 'quiet', 'planned', planned))).toEqual([3]);
    const woo = stand.business.connections.woocommerce;
    // Absent until the first look has ended: the due alone says that one was asked for.
    await until(
      'the first look to end',
      async () => (await stand.platform.store.findConnection(woo))?.recheck === null,
    );
    // A poll looks back over its own beginning: the order is older than that when it is edited.
    stand.world.clock.advanceTo(now() + DAY / 24);
    await polled(woo);
    stand.world.storefronts[WOO]?.world.edit({ orderReference: 'quiet', lineKey: 'quiet#0', quantity: 1 });
    await polled(woo);
    await polled(woo);
    const before = await orderWhen(stand, 'quiet', 'there', () => true);
    expect([unitsOf(before), before.order.lines.map(({ quantity }) => quantity)]).toEqual([[3], [3]]);
    stand.world.clock.advanceTo(now() + DAY);
    const after = await orderWhen(stand, 'quiet', 'planned anew', (whole) => unitsOf(whole).join() === '1');
    expect(after.order.lines.map(({ quantity }) => quantity)).toEqual([1]);
    const { items } = (await stand.api.get(`/v1/stock?sku=${item.sku}`)) as { items: { reserved: number }[] };
    expect(items.map(({ reserved }) => reserved)).toEqual([1]);
  });

  it('is not looked for at a shop whose polls see every edit', async () => {
    const { store } = stand.platform;
    const shopify = stand.business.connections.shopify;
    const { workspaceId = '' } = (await store.findConnection(shopify)) ?? {};
    expect(await store.dues.find(workspaceId, dueId('orders.pull', shopify))).not.toBeNull();
    expect(await store.dues.find(workspaceId, dueId('orders.recheck', shopify))).toBeNull();
    place(stand, 'loud', [{ item: itemOf('self_produced', 1), quantity: 3 }], SHOPIFY);
    await orderWhen(stand, 'loud', 'planned', planned);
    stand.world.storefronts[SHOPIFY]?.world.edit({ orderReference: 'loud', lineKey: 'loud#0', quantity: 1 });
    await orderWhen(stand, 'loud', 'planned anew', (whole) => unitsOf(whole).join() === '1');
  });
});
