import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ports } from '#app/ports.ts';
import { systemActor } from '#domain/actor.ts';
import { incomingOrderId } from '#domain/ids.ts';
import { LEEDS } from '../support/addresses.ts';
import { openStand, type Stand } from '../support/stand.ts';
import { type Steps, stepsOf } from '../support/steps.ts';

const GRACE_MS = 60_000;
const actor = systemActor('test');

describe('an order that is cancelled before it has a plan, and is to be paid back', () => {
  let stand: Stand;
  let ports: Ports;
  let steps: Steps;
  beforeAll(async () => {
    stand = await openStand({ items: [], rate: 600, act: false, webhooks: false, work: false });
    ports = { ...stand.platform.app.ports, clock: stand.world.clock.clock, grace: () => GRACE_MS };
    steps = stepsOf(ports, pass);
  });
  afterAll(() => stand?.close());

  const pass = (ms: number): void => {
    const { clock } = stand.world;
    clock.advanceTo(clock.clock.now() + ms);
  };

  it.each(['shopify', 'woocommerce'] as const)(
    '%s: is paid back before the shop is told, also when the step that tells comes first',
    async (place) => {
      const connectionId = stand.business.connections[place];
      const { workspaceId } = (await ports.store.findConnection(connectionId)) ?? expect.fail('no connection');
      const shop = stand.world.storefronts.find((one) => one.place === place)?.world ?? expect.fail('no storefront');
      const sku = `NOBODY-${place}`;
      const { externalId } = shop.placeOrder({
        reference: place,
        placedAtMs: Math.floor(ports.clock.now()),
        currency: 'GBP',
        buyer: { id: null, name: 'Ana Example', email: 'ana@buyers.example' },
        shipTo: { ...LEEDS, name: 'Ana Example', made: false },
        lines: [{ key: 'a', sku, title: 'Nobody', quantity: 2, unitPrice: '5.00', totalMinor: 1_000 }],
        charges: [],
        note: '',
      });
      const orderId = incomingOrderId(workspaceId, connectionId, externalId);
      await steps.start({ job: 'order.ingest', payload: { workspaceId, connectionId, externalId } });
      await steps.finish();
      await steps.app.cancelOrder(actor, {
        workspaceId,
        orderId,
        id: 'c1',
        lines: null,
        refund: 'notShipped',
        tellStorefront: true,
        note: 'He changed his mind.',
      });
      // Nobody has asked for the refund yet: it is found later, by what is due.
      await steps.start({ job: 'order.route', payload: { workspaceId, orderId } });
      await steps.finish();
      for (let round = 0; round < 5; round += 1) {
        pass(GRACE_MS + 1);
        await steps.sweep();
        await steps.finish();
      }
      await steps.start({ job: 'order.ingest', payload: { workspaceId, connectionId, externalId } });
      await steps.finish();

      const order = await ports.store.orders.find(workspaceId, orderId);
      const returns = await ports.store.returns.list(workspaceId, { orderId }, { limit: 10 });
      const open = (await ports.store.exceptions.list(workspaceId, { orderId }, { limit: 10 })).filter(
        ({ state }) => state === 'open',
      );
      expect(returns.map(({ state, totalMinor }) => [state, totalMinor])).toEqual([['applied', 1_000]]);
      expect(order).toMatchObject({ state: 'cancelled', refundedMinor: 1_000, cancels: [{ told: true }] });
      // WooCommerce calls an order that was paid back whole refunded, and cancels it no more.
      expect(order?.cancelledAt !== null || order.rawStatus === 'refunded').toBe(true);
      expect(open).toEqual([]);
    },
  );
});
