import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openException } from '#app/exception/open.ts';
import type { Ports } from '#app/ports.ts';
import { reportTrouble } from '#app/shipment/report-trouble.ts';
import { systemActor } from '#domain/actor.ts';
import type { ExceptionRecord } from '#domain/exception.ts';
import { Failure, isFailure } from '#domain/failure.ts';
import { orderSubject } from '#domain/ids.ts';
import { type Leg, openUnits, unpaidOf } from '#domain/leg.ts';
import { type Order, orderMachine } from '#domain/order.ts';
import { levelId } from '#domain/stock.ts';
import type { StorefrontWorld } from '#kit/sandbox';
import { ITEMS, itemOf, place } from '../support/shop.ts';
import { openStand, type Stand } from '../support/stand.ts';
import { freezeAt, Killed, killAt, portsThatAsk, type Steps, stepsOf } from '../support/steps.ts';
import { tellState } from '../support/tell-state.ts';

const GRACE_MS = 60_000;
const MOST_DUE = 10_000;
const MOST_ROUNDS = 40;
const LOOKS_AGAIN_MS = 8 * 3_600_000;
const actor = systemActor('test');
const shelfItem = itemOf('wholesale');
const boughtItem = itemOf('oem_dropship');
const UNITS = { shelf: 3, bought: 2 };

/** The books of the outside. */
interface AtShop {
  name: string;
  cancelled: object | null;
  refunds: { totalMinor: number }[];
  fulfillments: { lines: { line: number; quantity: number }[] }[];
}
interface AtSupplier {
  orderNumber: string;
  unpaid: string | null;
  cancelledMs?: number;
  lines: { vid: string; quantity: number }[];
  to: { shippingAddress: string };
}

describe('an order that is changed while a process is killed, or overtaken and goes on', () => {
  let stand: Stand;
  let ports: Ports;
  let workspaceId: string;
  let healthy: Steps;
  let orders = 0;

  beforeAll(async () => {
    stand = await openStand({
      items: ITEMS,
      // A step that is taken up later than its grace leaves it to the next look: a grace is one second of real time.
      rate: 60,
      act: false,
      webhooks: false,
      work: false,
      shipAfterMs: 300 * 86_400_000,
    });
    ports = { ...stand.platform.app.ports, clock: stand.world.clock.clock, grace: () => GRACE_MS };
    healthy = stepsOf(ports, putOff);
    const cj = (await ports.store.findConnection(stand.business.connections.cj)) ?? expect.fail('no supplier');
    ({ workspaceId } = cj);
    // Purchases that are not paid at once can be taken back.
    await stand.api.post('/v1/stock/movements', {
      location: 'warehouse',
      movements: [{ sku: shelfItem.sku, kind: 'adjust', quantity: 100_000, reference: 'enough' }],
    });
    await ports.store.connections.change(cj._id, {}, { settings: { ...cj.settings, payType: 3 } });
  });
  afterAll(() => stand?.close());

  const putOff = (ms: number) => {
    const { clock } = stand.world;
    clock.advanceTo(clock.clock.now() + ms);
  };
  const shop = (): StorefrontWorld => stand.world.storefronts[0]?.world ?? expect.fail('no storefront');

  /** What of an order is due by now. */
  const dueOf = async ({ orderId }: One): Promise<string[]> => {
    const nowMs = ports.clock.now();
    const { store } = ports;
    const [orders, ...others] = await Promise.all([
      store.orders.due(nowMs, MOST_DUE),
      store.legs.due(nowMs, MOST_DUE),
      store.shipments.due(nowMs, MOST_DUE),
      store.returns.due(nowMs, MOST_DUE),
    ]);
    return [
      ...orders.filter(({ _id }) => _id === orderId),
      ...others.flat().filter((one) => one.orderId === orderId),
    ].map(({ _id, state }) => `${_id} ${state}`);
  };
  const settle = async (one: One): Promise<void> => {
    let due: string[] = [];
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      await healthy.finish();
      // Longer each time: what waits for an hour is not asked sixty times.
      putOff((GRACE_MS + 1) * (round + 1));
      due = await dueOf(one);
      if (due.length === 0) return;
      await healthy.sweep();
    }
    throw new Error(`it never comes to rest: ${due.join(', ')}\n${await tellState(stand, one.reference)}`);
  };
  /** Takes whatever is due of an order until nothing is, and looks again when waiting steps look for themselves. */
  const rest = async (one: One): Promise<void> => {
    await settle(one);
    putOff(LOOKS_AGAIN_MS);
    await settle(one);
  };

  /** One order, followed through a change. */
  interface One {
    reference: string;
    orderId: string;
    externalId: string;
  }
  const orderOf = async ({ orderId }: One): Promise<Order> =>
    (await ports.store.orders.find(workspaceId, orderId)) ?? expect.fail('no order');
  const legsOf = ({ orderId }: One): Promise<Leg[]> => ports.store.legs.list(workspaceId, { orderId }, { limit: 100 });
  const packagesOf = ({ orderId }: One) => ports.store.shipments.list(workspaceId, { orderId }, { limit: 100 });
  /** What is open about an order. Purchases here are paid by hand: that one waits for it is no trouble while it does. */
  const openCauses = (exceptions: readonly ExceptionRecord[], legs: readonly Leg[]) =>
    exceptions
      .filter(({ state }) => state === 'open')
      .filter(
        ({ cause, subject }) =>
          cause !== 'purchase_unpaid' || !legs.some((leg) => leg._id === subject.id && unpaidOf(leg) !== null),
      )
      .map(({ cause }) => cause)
      .sort();
  const atSupplier = (legs: readonly Leg[]) =>
    stand.world.db
      .table<AtSupplier>('cj_orders')
      .all()
      .filter(
        ({ orderNumber, cancelledMs }) => cancelledMs === undefined && legs.some(({ _id }) => _id === orderNumber),
      );

  const ingest = (one: One) => ({
    job: 'order.ingest' as const,
    payload: { workspaceId, connectionId: stand.business.connections.shopify, externalId: one.externalId },
  });
  const ofOrder = (one: One) => ({ workspaceId, orderId: one.orderId });

  /** A paid order for both a shelf and a supplier, planned, of which nothing was sent yet. */
  const planned = async (): Promise<One> => {
    orders += 1;
    const reference = `CH-${orders}`;
    place(stand, reference, [
      { item: shelfItem, quantity: UNITS.shelf },
      { item: boughtItem, quantity: UNITS.bought },
    ]);
    const { id: externalId } =
      stand.world.sandboxes.shopify.effects('orders').find((order) => order.reference === reference) ??
      expect.fail('no order at the shop');
    const connection = await ports.cached.connection(workspaceId, stand.business.connections.shopify);
    if (!connection) return expect.fail('no connection');
    const { order } = await healthy.app.ingestOrder(actor, {
      workspaceId,
      connectionId: connection._id,
      externalId,
    });
    const one = { reference, orderId: order._id, externalId };
    const { outcome } = await healthy.app.routeOrder(actor, ofOrder(one));
    expect(outcome).toBe('routed');
    return one;
  };
  /** … and the supplier has its part, not paid yet. */
  const sent = async (): Promise<One> => {
    const one = await planned();
    await settle(one);
    expect(atSupplier(await legsOf(one))).toHaveLength(1);
    return one;
  };
  /** … and paid: it does not take it back any more. */
  const paidThere = async (): Promise<One> => {
    const one = await sent();
    for (const { orderNumber: reference } of atSupplier(await legsOf(one))) stand.world.cj.pay?.({ reference });
    return one;
  };
  /** … and the supplier has it and its answer was lost. */
  const lost = async (): Promise<One> => {
    const one = await planned();
    const create = { method: 'POST', path: /createOrderV2$/ };
    const fault = stand.world.sandboxes.cj.faults.next('reset_after_commit', create);
    const [leg] = (await legsOf(one)).filter(({ kind }) => kind === 'purchase');
    if (!leg) return expect.fail('no purchase');
    expect(await healthy.app.submitLeg(actor, { workspaceId, legId: leg._id })).toMatchObject({
      leg: { state: 'unknown' },
    });
    expect(fault.met()).toBe(1);
    return one;
  };
  const pack = async (one: One): Promise<string[]> => {
    const made: string[] = [];
    for (const leg of await legsOf(one)) {
      if (leg.kind !== 'fulfilment' || (leg.state !== 'accepted' && leg.state !== 'partly_shipped')) continue;
      const lines = leg.lines.flatMap((line) =>
        openUnits(line) > 0 ? [{ lineId: line.lineId, quantity: openUnits(line) }] : [],
      );
      const given = {
        leg,
        reference: `box ${leg.version}`,
        lines,
        parcel: { weightGrams: 900, lengthMm: 300, widthMm: 200, heightMm: 150 },
        tracking: null,
      };
      made.push((await healthy.app.shipLeg(actor, given))._id);
    }
    return made;
  };
  /** … and the shelf's part is packed and has its label, of which the shop was not told. */
  const labelled = async (): Promise<One> => {
    const one = await sent();
    const [shipmentId = ''] = await pack(one);
    const { shipment } = await healthy.app.labelShipment(actor, { workspaceId, shipmentId });
    expect(shipment.state).toBe('labelled');
    return one;
  };

  /** What is left is paid, packed and sent by everybody concerned, until nothing of the order is left to do. */
  const sendTheRest = async (one: One): Promise<void> => {
    const { cj } = stand.world;
    for (let round = 0; round < 5; round += 1) {
      const legs = await legsOf(one);
      for (const { orderNumber: reference, unpaid } of atSupplier(legs)) {
        if (unpaid !== null) cj.pay?.({ reference });
        cj.ship?.({ reference });
        await healthy.start({ job: 'leg.poll', payload: { workspaceId, legId: reference } });
      }
      for (const shipmentId of await pack(one))
        await healthy.start({ job: 'shipment.label', payload: { workspaceId, shipmentId } });
      await settle(one);
      if (orderMachine.final((await orderOf(one)).state)) return;
    }
  };

  const shelf = async () =>
    (await ports.store.levels.find(workspaceId, levelId(workspaceId, 'warehouse', shelfItem.sku))) ??
    expect.fail('no shelf');
  /** What must be so at rest, whatever was interrupted and how far the change has come. */
  const expectWhole = async (one: One, when: string): Promise<void> => {
    const order = await orderOf(one);
    const legs = await legsOf(one);
    const there = atSupplier(legs);
    for (const leg of legs) {
      const live = there.filter(({ orderNumber }) => orderNumber === leg._id);
      expect(live.length, `live purchases of one leg, ${when}`).toBeLessThanOrEqual(1);
      if (live.length === 0) continue;
      expect(leg.state, `a leg with a live purchase, ${when}`).not.toBe('cancelled');
      const units = live.flatMap(({ lines }) => lines).reduce((sum, line) => sum + line.quantity, 0);
      expect(leg.lines.reduce((sum, line) => sum + line.quantity - line.cancelled, 0)).toBeLessThanOrEqual(units);
    }
    // Each line's units are covered once: what is wanted of it is on its legs, or has left or come back.
    for (const line of order.lines) {
      const on = legs.flatMap((leg) => leg.lines.filter(({ lineId }) => lineId === line.id));
      const covered = on.reduce((sum, l) => sum + l.quantity - l.cancelled, 0);
      expect(covered, `units of ${line.sku} on legs, ${when}`).toBeLessThanOrEqual(
        Math.max(line.quantity, line.currentQuantity),
      );
    }
    const { open, waiting } = await shelf();
    const held = open.filter(({ orderId }) => orderId === one.orderId).reduce((sum, { quantity }) => sum + quantity, 0);
    const wanted = legs
      .filter(({ kind }) => kind === 'fulfilment')
      .reduce((sum, leg) => sum + leg.lines.reduce((s, line) => s + openUnits(line), 0), 0);
    expect(held, `units held on the shelf, ${when}`).toBe(wanted);
    expect(waiting.filter(({ orderId }) => orderId === one.orderId)).toEqual([]);
  };

  /** How an order ended, by the books of everybody concerned. Without ids, so that it can be compared with another. */
  const outcomeOf = async (one: One) => {
    const order = await orderOf(one);
    const legs = await legsOf(one);
    const packages = await packagesOf(one);
    const atShop =
      stand.world.db
        .table<AtShop>('shopify_orders')
        .all()
        .find(({ name }) => name === one.reference) ?? expect.fail('no order at the shop');
    const told = order.lines.map((_, index) =>
      atShop.fulfillments
        .flatMap(({ lines }) => lines)
        .reduce((sum, { line, quantity }) => sum + (line === index ? quantity : 0), 0),
    );
    const moved = await ports.store.movements.list(workspaceId, { sku: shelfItem.sku }, { limit: 100_000 });
    const labels = stand.world.sandboxes.easypost
      .effects('labels')
      .filter(({ reference }) => packages.some(({ _id }) => _id === reference));
    const postings = await ports.store.postings.list(workspaceId, { orderId: one.orderId }, { limit: 1_000 });
    const sums: Record<string, number> = {};
    for (const { kind, from, to, currency, minor } of postings) {
      const side = `${kind} ${from}>${to} ${currency}`;
      sums[side] = (sums[side] ?? 0) + minor;
    }
    const exceptions = await ports.store.exceptions.list(workspaceId, { orderId: one.orderId }, { limit: 100 });
    const units = (of: (line: Leg['lines'][number]) => number) =>
      order.lines.map((line) =>
        legs.flatMap((leg) => leg.lines).reduce((sum, l) => sum + (l.lineId === line.id ? of(l) : 0), 0),
      );
    return {
      state: order.state,
      holds: order.holds.map(({ code }) => code),
      cancels: order.cancels.map(({ state, outcome, told }) => ({ state, outcome, told })),
      replan: order.replan,
      taken: order.taken.map(({ why, quantity, settled }) => ({ why, quantity, settled })),
      refundedMinor: order.refundedMinor,
      shipped: units(({ shipped }) => shipped),
      returned: units(({ returned }) => returned),
      asked: units(({ asked }) => asked),
      atSupplier: atSupplier(legs).flatMap(({ lines, to }) =>
        lines.map(({ quantity }) => `${quantity} to ${to.shippingAddress}`),
      ),
      offShelf: moved
        .filter(({ reference }) => packages.some(({ _id }) => _id === reference))
        .reduce((sum, { onHand }) => sum - onHand, 0),
      refunds: atShop.refunds
        .map(({ totalMinor }) => totalMinor)
        .filter((minor) => minor > 0)
        .toSorted((a, b) => a - b),
      cancelledAtShop: atShop.cancelled !== null,
      toldOf: told,
      labels: labels.length,
      postings: sums,
      open: openCauses(exceptions, legs),
    };
  };

  /** What a process is asked to do. */
  interface Act {
    take(steps: Steps, one: One): Promise<void>;
    /** Whoever asked for it was told that it is taken, or would see that it is: nobody asks again. */
    taken(steps: Steps, one: One): Promise<boolean>;
  }
  interface Change {
    name: string;
    /** Brings an order to where the change meets it. */
    to(): Promise<One>;
    /** What happens at the shop, once. */
    atShop?(one: One): void;
    acts: readonly Act[];
  }

  const purchaseOf = async (one: One): Promise<string> =>
    (await legsOf(one)).find(({ kind }) => kind === 'purchase')?._id ?? expect.fail('no purchase');
  const lineOf = async (one: One, sku: string): Promise<string> => {
    const order = await orderOf(one);
    return order.lines.find((line) => line.sku === sku)?.id ?? expect.fail(`no line of ${sku}`);
  };
  const cancel = (
    units: 'all' | { shelf?: number; bought?: number },
    refund: 'none' | 'notShipped' = 'notShipped',
  ): Act & { ask(steps: Steps, one: One): Promise<void> } => ({
    async ask(steps, one) {
      const wanted =
        units === 'all'
          ? null
          : [
              { lineId: await lineOf(one, shelfItem.sku), quantity: units.shelf ?? 0 },
              { lineId: await lineOf(one, boughtItem.sku), quantity: units.bought ?? 0 },
            ].filter(({ quantity }) => quantity > 0);
      const given = { id: 'c-1', lines: wanted, refund, tellStorefront: true, note: 'changed her mind' };
      await steps.app.cancelOrder(actor, { ...ofOrder(one), ...given });
    },
    async take(steps, one) {
      await this.ask(steps, one);
      await steps.start({ job: 'order.reconcile', payload: ofOrder(one) });
      await steps.finish();
    },
    taken: async (_steps, one) => (await orderOf(one)).cancels.length > 0,
  });
  /** A person asks for a new plan. */
  const planAnew = (cancelSent: boolean): Act => ({
    async take(steps, one) {
      await steps.app.requestReplan(actor, { ...ofOrder(one), reason: 'another address', cancelSent });
      await steps.start({ job: 'order.reconcile', payload: ofOrder(one) });
      await steps.finish();
    },
    taken: async (_steps, one) =>
      (await orderOf(one)).news?.some(({ type }) => type === 'order.replan_requested') ?? false,
  });
  /** A person has settled it with the supplier: it cancels after all. */
  const settleByHand: Act = {
    async take(steps, one) {
      const legId = await purchaseOf(one);
      if (atSupplier(await legsOf(one)).length > 0) stand.world.cj.cancel?.({ reference: legId });
      const given = { workspaceId, legId, cancelled: true, note: 'By telephone.' };
      // Who says so second is told that it is known.
      await steps.app.answerCancel(actor, given).catch((error: unknown) => {
        if (!isFailure(error, 'conflict')) throw error;
      });
      await steps.start({ job: 'order.reconcile', payload: ofOrder(one) });
      await steps.finish();
    },
    taken: async (_steps, one) =>
      (await legsOf(one)).every((leg) => leg.kind !== 'purchase' || leg.lines.every((line) => openUnits(line) === 0)),
  };
  /**
   * … and its cancellation is decided without it: the carrier did not take the label back. The package has not gone on its way yet.
   */
  const notVoided = (units: Parameters<typeof cancel>[0]) => async (): Promise<One> => {
    const one = await labelled();
    await cancel(units).ask(healthy, one);
    const refusing = stepsOf({ ...ports, gateway: { ...ports.gateway, call: noLabelBack } }, putOff);
    const { voidIds } = await healthy.app.reconcileOrder(actor, ofOrder(one));
    expect(voidIds).toHaveLength(1);
    for (const shipmentId of voidIds)
      expect(await refusing.app.voidShipment(actor, { workspaceId, shipmentId })).toMatchObject({ voided: false });
    const { cancelIds } = await healthy.app.reconcileOrder(actor, ofOrder(one));
    for (const legId of cancelIds) await healthy.app.cancelLeg(actor, { workspaceId, legId });
    await healthy.app.reconcileOrder(actor, ofOrder(one));
    expect((await orderOf(one)).cancels.map(({ state }) => state)).not.toContain('requested');
    return one;
  };
  const noLabelBack: Ports['gateway']['call'] = (connection, verb, input) =>
    verb === 'labels.void'
      ? Promise.reject(new Failure('rejected', 'The label cannot be refunded now.'))
      : ports.gateway.call(connection, verb, input);
  /** A person has the package voided after all. */
  const voidByHand: Act = {
    async take(steps, one) {
      for (const { _id: shipmentId } of await packagesOf(one)) {
        await steps.app.requestVoid(actor, { workspaceId, shipmentId });
        await steps.start({ job: 'shipment.void', payload: { workspaceId, shipmentId } });
      }
      await steps.finish();
    },
    taken: async (_steps, one) => (await packagesOf(one)).some(({ voiding, state }) => voiding || state === 'voided'),
  };
  /** The shop's news is taken in; it comes again until that is done. */
  const hear: Act = {
    async take(steps, one) {
      await steps.start(ingest(one));
      await steps.finish();
    },
    taken: async (steps) => steps.done().includes('order.ingest'),
  };
  const moveHouse = ({ reference }: One) =>
    shop().changeAddress({
      orderReference: reference,
      shipTo: {
        name: 'Ada Example',
        company: '',
        line1: '9 Other Road',
        line2: '',
        city: 'York',
        region: '',
        postalCode: 'YO1 1AA',
        country: 'GB',
        phone: '+441904000000',
        email: '',
        made: false,
      },
    });
  const edit =
    (units: { shelf: number; bought: number }) =>
    ({ reference }: One) => {
      shop().edit({ orderReference: reference, lineKey: `${reference}#0`, quantity: units.shelf });
      shop().edit({ orderReference: reference, lineKey: `${reference}#1`, quantity: units.bought });
    };

  const cancelAtShop = ({ reference }: One) => shop().cancel({ orderReference: reference });
  /** More is ordered, and paid. */
  const editUp = (one: One) => {
    edit({ shelf: 5, bought: 4 })(one);
    shop().pay({ orderReference: one.reference });
  };

  const CHANGES: readonly Change[] = [
    {
      name: 'a new address and a new plan, before anything is sent',
      to: planned,
      atShop: moveHouse,
      acts: [hear, planAnew(false)],
    },
    {
      name: 'a new address and a new plan, with the purchase at its supplier',
      to: sent,
      atShop: moveHouse,
      acts: [hear, planAnew(true)],
    },
    { name: 'fewer units, before anything is sent', to: planned, atShop: edit({ shelf: 1, bought: 1 }), acts: [hear] },
    {
      name: 'fewer units, with the purchase at its supplier',
      to: sent,
      atShop: edit({ shelf: 1, bought: 0 }),
      acts: [hear],
    },
    { name: 'more units, with the purchase at its supplier', to: sent, atShop: editUp, acts: [hear] },
    { name: 'a cancellation before anything is sent', to: planned, acts: [cancel('all')] },
    { name: 'a cancellation with the purchase at its supplier', to: sent, acts: [cancel('all')] },
    { name: 'a cancellation with the answer of the purchase lost', to: lost, acts: [cancel('all')] },
    { name: 'a cancellation with a label bought', to: labelled, acts: [cancel('all')] },
    { name: 'a cancellation of one line', to: sent, acts: [cancel({ bought: UNITS.bought })] },
    {
      name: 'a cancellation of one line, with a label bought for the other',
      to: labelled,
      acts: [cancel({ bought: UNITS.bought })],
    },
    { name: 'a cancellation of some units', to: sent, acts: [cancel({ shelf: 1, bought: 1 })] },
    { name: 'a cancellation that the supplier refuses', to: paidThere, acts: [cancel('all')] },
    {
      name: 'a cancellation that the supplier refuses, and a person settles with it later',
      to: paidThere,
      acts: [cancel('all'), settleByHand],
    },
    { name: 'a cancellation without a refund', to: sent, acts: [cancel('all', 'none')] },
    {
      name: 'a cancellation that was decided, and then a package is voided that its carrier had kept',
      to: notVoided('all'),
      acts: [voidByHand],
    },
    {
      name: 'a cancellation of some units that was decided, and then their package is voided',
      to: notVoided({ shelf: 2 }),
      acts: [voidByHand],
    },
    { name: 'a cancellation at the shop', to: sent, atShop: cancelAtShop, acts: [hear] },
    { name: 'a cancellation at the shop, with a label bought', to: labelled, atShop: cancelAtShop, acts: [hear] },
  ];

  const endOf = async (one: One, when: string) => {
    await expectWhole(one, when);
    await sendTheRest(one);
    await healthy.start(ingest(one));
    await healthy.finish();
    await expectWhole(one, when);
    return outcomeOf(one);
  };

  /** What was taken goes on by itself, whatever became of the queues; the rest is asked for again. */
  const recover = async (one: One, acts: readonly Act[], interrupted: Steps): Promise<void> => {
    for (const act of acts) {
      if (!(await act.taken(interrupted, one))) await act.take(healthy, one);
      await rest(one);
    }
  };

  describe.each(CHANGES)('$name', ({ to, atShop, acts }) => {
    const begin = async (): Promise<One> => {
      const one = await to();
      atShop?.(one);
      return one;
    };
    const takeAll = async (steps: Steps, one: One) => {
      for (const act of acts) await act.take(steps, one);
    };
    /** The same change with nobody interrupted, and what came of it. */
    const undisturbed = async () => {
      const one = await begin();
      await takeAll(healthy, one);
      await rest(one);
      return endOf(one, 'undisturbed');
    };

    it('comes to the same when the process is killed before any of its writes', async () => {
      const expected = await undisturbed();
      let met = Number.POSITIVE_INFINITY;
      let kills = 0;
      for (let at = 0; at < met; at += 1) {
        const one = await begin();
        const kill = killAt(at);
        const dying = stepsOf(portsThatAsk(ports, kill.before), putOff);
        await takeAll(dying, one).catch((error: unknown) => {
          if (!(error instanceof Killed)) throw error;
        });
        if (kill.at() === null) met = kill.met();
        else kills += 1;
        const when = `killed at ${at}: ${kill.at()}`;
        await recover(one, acts, dying);
        expect(await endOf(one, when), when).toEqual(expected);
      }
      expect(kills).toBeGreaterThan(5);
    });

    it('comes to the same when the process is overtaken at any of its writes and goes on', async () => {
      const expected = await undisturbed();
      let met = Number.POSITIVE_INFINITY;
      let stops = 0;
      for (let at = 0; at < met; at += 1) {
        const one = await begin();
        const stop = freezeAt(at);
        const slow = stepsOf(portsThatAsk(ports, stop.before), putOff);
        const going = takeAll(slow, one);
        await Promise.race([going, stop.frozen]);
        if (stop.at() === null) met = stop.met();
        else stops += 1;
        const when = `overtaken at ${at}: ${stop.at()}`;
        await recover(one, acts, slow);
        stop.thaw();
        await going;
        await settle(one);
        expect(await endOf(one, when), when).toEqual(expected);
      }
      expect(stops).toBeGreaterThan(5);
    });
  });

  it('is not complete while a new plan has no legs yet: not for the shop, and not for us', async () => {
    const one = await labelled();
    const noLegs = stepsOf(
      portsThatAsk(ports, async (what) => {
        if (what === 'legs.insertMany') throw new Killed(what);
      }),
      putOff,
    );
    await expect(planAnew(true).take(noLegs, one)).rejects.toThrow('legs.insertMany');
    expect((await orderOf(one)).plan?.number).toBe(2);

    const told: boolean[] = [];
    const listening: Ports = {
      ...ports,
      gateway: {
        ...ports.gateway,
        call(connection, verb, input) {
          if ('confirmation' in input) told.push(input.confirmation.completes);
          return ports.gateway.call(connection, verb, input);
        },
      },
    };
    const [box] = await packagesOf(one);
    if (!box) return expect.fail('no package');
    const teller = stepsOf(listening, putOff);
    await teller.start({ job: 'shipment.confirm', payload: { workspaceId, shipmentId: box._id } });
    await teller.finish();
    expect(told).toEqual([false]);
    expect((await orderOf(one)).state).toBe('partly_shipped');

    await rest(one);
    expect(atSupplier(await legsOf(one))).toHaveLength(1);
    await sendTheRest(one);
    expect(await outcomeOf(one)).toMatchObject({ state: 'closed', shipped: [UNITS.shelf, UNITS.bought] });
  });

  it('a package whose order is found changed when it is to get its label gets it at once, not an hour later', async () => {
    const one = await sent();
    const [shipmentId = ''] = await pack(one);
    moveHouse(one);
    // What is known of the order is too old to pay for a label by.
    putOff(11 * 60_000);
    await healthy.start({ job: 'shipment.label', payload: { workspaceId, shipmentId } });
    const asked = stand.world.clock.clock.now();
    await healthy.finish();
    expect(stand.world.clock.clock.now() - asked).toBeLessThan(5 * 60_000);
    const [box] = await packagesOf(one);
    expect(box).toMatchObject({ state: 'confirmed', waitsFor: null });
    expect((await orderOf(one)).shipTo).toMatchObject({ line1: '9 Other Road' });
  });

  describe('a package that is voided after its order was cancelled without it', () => {
    it('never leaves: its units are cancelled and paid back once, and the shop is told when nothing is left', async () => {
      const one = await notVoided('all')();
      const [shelfMinor = 0, boughtMinor = 0] = (await orderOf(one)).lines.map(({ totalMinor }) => totalMinor);
      expect((await orderOf(one)).cancels).toMatchObject([{ state: 'partly', cancelled: UNITS.bought }]);
      await voidByHand.take(healthy, one);
      await rest(one);
      expect(await endOf(one, 'voided')).toMatchObject({
        state: 'cancelled',
        cancels: [{ state: 'confirmed', told: true }],
        refundedMinor: shelfMinor + boughtMinor,
        refunds: [shelfMinor, boughtMinor].toSorted((a, b) => a - b),
        shipped: [0, 0],
        cancelledAtShop: true,
        labels: 0,
        offShelf: 0,
        open: [],
      });
    });

    it('keeps what was not cancelled: that is packed again, and the rest is paid back', async () => {
      const one = await notVoided({ shelf: 2 })();
      const total = (await orderOf(one)).lines[0]?.totalMinor ?? 0;
      await voidByHand.take(healthy, one);
      await rest(one);
      const ended = await endOf(one, 'voided');
      expect(ended).toMatchObject({
        state: 'closed',
        cancels: [{ state: 'confirmed' }],
        shipped: [UNITS.shelf - 2, UNITS.bought],
        offShelf: UNITS.shelf - 2,
        open: [],
      });
      expect(Math.abs(ended.refundedMinor - (total * 2) / UNITS.shelf)).toBeLessThan(1);
    });

    it('leaves out what the shop had taken off meanwhile', async () => {
      const one = await labelled();
      edit({ shelf: 1, bought: UNITS.bought })(one);
      await hear.take(healthy, one);
      expect((await outcomeOf(one)).open).toEqual(['changed_after_sent']);
      await voidByHand.take(healthy, one);
      await rest(one);
      expect(await endOf(one, 'voided')).toMatchObject({
        state: 'closed',
        shipped: [1, UNITS.bought],
        offShelf: 1,
        open: [],
      });
    });
  });

  describe('a label that its carrier does not take back', () => {
    const exceptionOf = async (one: One) =>
      (await ports.store.exceptions.list(workspaceId, { orderId: one.orderId }, { limit: 10 })).find(
        ({ cause }) => cause === 'label_not_voided',
      ) ?? expect.fail('no exception');
    const retry = async (one: One, steps = healthy) => {
      const { _id: exceptionId } = await exceptionOf(one);
      await steps.app.retryException(actor, { workspaceId, exceptionId, start: steps.start });
      await steps.finish();
    };
    const kept = async () => {
      const one = await labelled();
      const refusing = stepsOf({ ...ports, gateway: { ...ports.gateway, call: noLabelBack } }, putOff);
      await voidByHand.take(refusing, one);
      expect(await packagesOf(one)).toMatchObject([{ state: 'labelled', voiding: false }]);
      expect(await exceptionOf(one)).toMatchObject({ state: 'open' });
      return { one, refusing };
    };

    it('is asked for again by a retry, as often as it is tried; the exception closes when the label is void', async () => {
      const { one, refusing } = await kept();
      await retry(one, refusing);
      expect(await exceptionOf(one)).toMatchObject({ state: 'open' });
      expect(await packagesOf(one)).toMatchObject([{ state: 'labelled' }]);
      const { cause } = await exceptionOf(one);
      const all = await healthy.app.retryCause(actor, { workspaceId, cause, start: healthy.start });
      expect(all).toEqual({ selected: 1, retried: 1 });
      await healthy.finish();
      expect(await packagesOf(one)).toMatchObject([{ state: 'voided' }]);
      expect(await exceptionOf(one)).toMatchObject({ state: 'resolved' });
      await rest(one);
      await expectWhole(one, 'voided at the second asking');
    });

    it('is settled by a person where the carrier says no for good: it is voided without asking', async () => {
      const one = await labelled();
      // Under way by the carrier's books: it takes no such label back.
      putOff(3 * 86_400_000);
      await voidByHand.take(healthy, one);
      await retry(one);
      expect(await exceptionOf(one)).toMatchObject({ state: 'open' });
      const [{ _id: shipmentId } = expect.fail('no package')] = await packagesOf(one);
      await healthy.app.settleLabel(actor, { workspaceId, shipmentId, note: 'They credit it.' });
      await healthy.start({ job: 'shipment.void', payload: { workspaceId, shipmentId } });
      await rest(one);
      expect(await packagesOf(one)).toMatchObject([{ state: 'voided', labelSettled: true }]);
      expect(await exceptionOf(one)).toMatchObject({ state: 'resolved' });
      await expectWhole(one, 'settled by hand');
      await sendTheRest(one);
      expect(await orderOf(one)).toMatchObject({ state: 'closed' });
    });

    it('waits for a person for a time; then the package goes, its exception closes, and nobody can void it', async () => {
      const { one } = await kept();
      putOff(GRACE_MS + 1);
      await healthy.sweep();
      await healthy.finish();
      expect(await packagesOf(one)).toMatchObject([{ state: 'labelled' }]);
      putOff(3_600_000);
      await healthy.sweep();
      await healthy.finish();
      expect(await packagesOf(one)).toMatchObject([{ state: 'confirmed' }]);
      expect(await exceptionOf(one)).toMatchObject({ state: 'resolved' });
      await expect(retry(one)).rejects.toMatchObject({ code: 'conflict' });
      const [{ _id: shipmentId } = expect.fail('no package')] = await packagesOf(one);
      await expect(healthy.app.settleLabel(actor, { workspaceId, shipmentId, note: 'x' })).rejects.toMatchObject({
        code: 'conflict',
      });
    });
  });

  describe('an exception whose cause is gone closes', () => {
    type Given = Parameters<typeof openException>[2];
    const open = async (one: One, given: Pick<Given, 'cause' | 'subject'> & Partial<Given>) =>
      openException(ports, actor, { workspaceId, orderId: one.orderId, detail: 'broken', retry: null, ...given });
    const openOf = async (one: One) =>
      openCauses(
        await ports.store.exceptions.list(workspaceId, { orderId: one.orderId }, { limit: 100 }),
        await legsOf(one),
      );

    it('with a new plan: what was refused, declined or had no offer', async () => {
      const one = await planned();
      await open(one, { cause: 'awaiting_mapping', subject: { kind: 'order', id: one.orderId } });
      for (const { _id: id } of await legsOf(one))
        for (const cause of ['purchase_rejected', 'approval_declined'] as const)
          await open(one, { cause, subject: { kind: 'leg', id } });
      expect(await openOf(one)).toHaveLength(5);
      await planAnew(false).take(healthy, one);
      expect(await openOf(one)).toEqual([]);
    });

    it('with the package that it is about, when that is voided', async () => {
      const one = await labelled();
      const [box = expect.fail('no package')] = await packagesOf(one);
      for (const cause of ['label_refused', 'confirmation_refused'] as const)
        await reportTrouble(ports, actor, box, cause, 'broken');
      expect(await openOf(one)).toEqual(['confirmation_refused', 'label_refused']);
      await voidByHand.take(healthy, one);
      expect(await openOf(one)).toEqual([]);
    });

    it('by a retry, when the storefront was told and the run that told it died', async () => {
      const one = await labelled();
      const [box = expect.fail('no package')] = await packagesOf(one);
      await reportTrouble(ports, actor, box, 'confirmation_refused', 'broken');
      const dying = stepsOf(
        portsThatAsk(ports, async (what) => {
          if (what === 'exceptions.change') throw new Killed(what);
        }),
        putOff,
      );
      await dying.start({ job: 'shipment.confirm', payload: { workspaceId, shipmentId: box._id } });
      await expect(dying.finish()).rejects.toThrow('exceptions.change');
      expect(await packagesOf(one)).toMatchObject([{ state: 'confirmed' }]);
      expect(await openOf(one)).toEqual(['confirmation_refused']);
      const given = { workspaceId, cause: 'confirmation_refused', start: healthy.start } as const;
      await healthy.app.retryCause(actor, given);
      await healthy.finish();
      expect(await openOf(one)).toEqual([]);
    });

    it('by a retry, when an order that is known already could not be read for a while', async () => {
      const one = await planned();
      const { payload } = ingest(one);
      const exceptionId = await open(one, {
        cause: 'order_unreadable',
        subject: { kind: 'connection', id: orderSubject(payload.connectionId, payload.externalId) },
        retry: ingest(one),
      });
      await healthy.app.retryException(actor, { workspaceId, exceptionId, start: healthy.start });
      await healthy.finish();
      expect(await openOf(one)).toEqual([]);
    });
  });

  describe('a cancellation that the supplier refuses', () => {
    const stateOf = async (one: One) => (await orderOf(one)).cancels.map(({ state }) => state).join();
    const openOf = async (one: One) =>
      openCauses(
        await ports.store.exceptions.list(workspaceId, { orderId: one.orderId }, { limit: 10 }),
        await legsOf(one),
      );
    const refunds = (one: One) => ports.store.returns.list(workspaceId, { orderId: one.orderId }, { limit: 10 });

    it('ends as what it came to, with one exception, while the goods are still to come', async () => {
      const one = await paidThere();
      await cancel('all').take(healthy, one);
      expect(await stateOf(one)).toBe('partly');
      expect(await openOf(one)).toEqual(['cancel_declined']);
      expect(await refunds(one)).toMatchObject([{ totalMinor: (await orderOf(one)).lines[0]?.totalMinor }]);

      const other = await paidThere();
      await cancel({ bought: UNITS.bought }).take(healthy, other);
      expect(await stateOf(other)).toBe('declined');
      expect(await openOf(other)).toEqual(['cancel_declined']);
      expect(await refunds(other)).toEqual([]);
    });

    it('is confirmed and refunded after all when a person settles it with the supplier', async () => {
      const one = await paidThere();
      await cancel({ bought: UNITS.bought }).take(healthy, one);
      await settleByHand.take(healthy, one);
      await rest(one);
      expect(await stateOf(one)).toBe('confirmed');
      expect(await openOf(one)).toEqual([]);
      expect(await refunds(one)).toMatchObject([{ totalMinor: (await orderOf(one)).lines[1]?.totalMinor }]);
    });

    it('that was partly refused is refunded for the rest, once, when a person settles it with the supplier', async () => {
      const one = await paidThere();
      await cancel('all').take(healthy, one);
      await rest(one);
      expect(await stateOf(one)).toBe('partly');
      const [shelfMinor = 0, boughtMinor = 0] = (await orderOf(one)).lines.map(({ totalMinor }) => totalMinor);
      expect(await outcomeOf(one)).toMatchObject({ refunds: [shelfMinor] });
      await settleByHand.take(healthy, one);
      await rest(one);
      expect(await stateOf(one)).toBe('confirmed');
      const ended = await endOf(one, 'settled');
      expect(ended).toMatchObject({
        state: 'cancelled',
        refunds: [shelfMinor, boughtMinor].toSorted((a, b) => a - b),
        refundedMinor: shelfMinor + boughtMinor,
        cancelledAtShop: true,
        open: [],
        taken: [
          { why: 'cancel', quantity: UNITS.shelf, settled: true },
          { why: 'cancel', quantity: UNITS.bought, settled: true },
        ],
      });
      const lines = (await refunds(one)).flatMap((refund) => refund.lines);
      expect(lines.toSorted((a, b) => a.quantity - b.quantity)).toMatchObject([
        { quantity: UNITS.bought, cancelled: UNITS.bought, returned: 0 },
        { quantity: UNITS.shelf, cancelled: UNITS.shelf, returned: 0 },
      ]);
    });

    it('stays declined when the person says that the goods will come', async () => {
      const one = await paidThere();
      await cancel({ bought: UNITS.bought }).take(healthy, one);
      const given = { workspaceId, legId: await purchaseOf(one), cancelled: false, note: 'Too late.' };
      await healthy.app.answerCancel(actor, given);
      await healthy.start({ job: 'order.reconcile', payload: ofOrder(one) });
      await rest(one);
      expect(await stateOf(one)).toBe('declined');
      expect(await openOf(one)).toEqual([]);
      await sendTheRest(one);
      expect(await orderOf(one)).toMatchObject({ state: 'closed' });
      expect(await refunds(one)).toEqual([]);
    });

    it('is asked of the supplier again by a retry', async () => {
      const one = await paidThere();
      await cancel({ bought: UNITS.bought }).take(healthy, one);
      const asked: string[] = [];
      const listening = stepsOf(
        portsThatAsk(ports, async (what) => {
          if (what === 'call purchases.cancel') asked.push(what);
        }),
        putOff,
      );
      const retried = await listening.app.retryCause(actor, {
        workspaceId,
        cause: 'cancel_declined',
        start: listening.start,
      });
      await listening.finish();
      expect(retried.retried).toBeGreaterThan(0);
      expect(asked.length).toBeGreaterThan(0);
      expect(await openOf(one)).toEqual(['cancel_declined']);
      await settleByHand.take(healthy, one);
      expect(await openOf(one)).toEqual([]);
    });

    it('is no exception any more once the goods have left', async () => {
      const one = await paidThere();
      await cancel({ bought: UNITS.bought }).take(healthy, one);
      expect(await openOf(one)).toEqual(['cancel_declined']);
      await sendTheRest(one);
      expect(await openOf(one)).toEqual([]);
    });
  });
});
