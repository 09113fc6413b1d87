import { afterAll, beforeAll, expect, it } from 'vitest';
import { changeAddress } from '#app/order/change-address.ts';
import { reconcileOrder } from '#app/order/reconcile.ts';
import { storeOrder } from '#app/order/store.ts';
import type { Store } from '#app/ports.ts';
import { systemActor } from '#domain/actor.ts';
import type { Address } from '#domain/address.ts';
import { manualClock } from '#domain/clock.ts';
import { incomingOrderId } from '#domain/ids.ts';
import { orderLineIdOf } from '#domain/observe-order.ts';
import type { Order } from '#domain/order.ts';
import { openStore } from '#store/store.ts';
import { NOW, sampleConnection, sampleLeg, sampleOrder, WORKSPACE } from '../../src/console/testing/samples.ts';
import { portsOn } from '../support/ports.ts';
import { freshDatabase } from '../support/servers.ts';

const ACTOR = systemActor('test');
const shop = sampleConnection('cn_shop', { workspaceId: WORKSPACE });
let store: Store;
beforeAll(async () => {
  store = await openStore(freshDatabase());
  await store.connections.insert(shop);
});
afterAll(() => store?.close());

const { shipTo: HOME } = sampleOrder('home');
if (!HOME) throw new Error('the sample has an address');
/** What version 0.1 sent to when a shop said nothing. */
const MADE_UP: Address = { ...HOME, name: 'Address not given', line1: '1 Dock Road', city: 'Felixstowe' };
const ELSEWHERE: Address = { ...HOME, line1: 'Other Road 9' };

/** An order whose purchase was sent to one address, and that has another one, or none, now. */
const sentOrder = async (number: string, to: { sent: Address; known: Address | null }) => {
  const clock = manualClock(NOW);
  const ports = portsOn(store, clock);
  const _id = incomingOrderId(WORKSPACE, shop._id, number);
  const lineId = orderLineIdOf(_id, '1');
  const sample = sampleOrder(number, { shipTo: to.known, state: 'routed' });
  const leg = sampleLeg({ ...sample, _id }, { kind: 'purchase', state: 'accepted', externalId: `PO ${number}` });
  const order: Order = {
    ...sample,
    _id,
    lines: sample.lines.map((line) => ({ ...line, id: lineId })),
    plan: { number: 1, legs: [], short: [], unitSet: 1 },
  };
  await store.orders.insert(order);
  await store.legs.insert({
    ...leg,
    _id: `lg_${number}`,
    shipTo: to.sent,
    lines: leg.lines.map((line) => ({ ...line, lineId })),
  });
  const ref = { workspaceId: WORKSPACE, orderId: _id };
  return {
    ports,
    ref,
    /** The shop is read again and says this address. */
    async read(shipTo: Address | null) {
      clock.advance(60_000);
      const at = clock.now();
      const incoming = {
        ...order,
        placedAt: new Date(NOW).toISOString(),
        updatedAt: new Date(at).toISOString(),
        shipTo,
        refunds: [],
      };
      await storeOrder(ports, { connection: shop, incoming, fetched: { sentAtMs: at, answeredAtMs: at } });
    },
    async told() {
      await reconcileOrder(ports, ACTOR, ref);
      const found = await store.exceptions.list(WORKSPACE, { orderId: _id }, { limit: 9 });
      return found.filter(({ state }) => state === 'open').map(({ cause }) => cause);
    },
  };
};

it('an address that version 0.1 had made up was not changed by the buyer, whatever the shop says of it now', async () => {
  const none = await sentOrder('none', { sent: MADE_UP, known: null });
  expect(await none.told()).toEqual([]);
  await none.read(null);
  expect(await none.told()).toEqual([]);
  // The shop knew a part of it all along: the rest had been filled in.
  await none.read({ ...MADE_UP, name: '', line1: '' });
  expect(await none.told()).toEqual([]);
});

it('one that became another one after the purchase was sent is told: by the shop, or by a person who enters it', async () => {
  const changed = await sentOrder('changed', { sent: HOME, known: HOME });
  expect(await changed.told()).toEqual([]);
  await changed.read(ELSEWHERE);
  expect(await changed.told()).toEqual(['changed_after_sent']);
  // Changed back: nothing is left to choose.
  await changed.read(HOME);
  expect(await changed.told()).toEqual([]);

  const entered = await sentOrder('entered', { sent: MADE_UP, known: null });
  await changeAddress(entered.ports, ACTOR, { ...entered.ref, address: HOME });
  expect(await entered.told()).toEqual(['changed_after_sent']);

  // What the shop says after an upgrade is the first that is known; when it says another one later, that is a change.
  const later = await sentOrder('later', { sent: MADE_UP, known: null });
  await later.read(HOME);
  expect(await later.told()).toEqual([]);
  await later.read(ELSEWHERE);
  expect(await later.told()).toEqual(['changed_after_sent']);
});
