import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Address } from '#domain/address.ts';
import { manualClock } from '#domain/clock.ts';
import { isFailure } from '#domain/failure.ts';
import { IncomingOrder } from '#domain/incoming-order.ts';
import { ListingRead } from '#domain/listing.ts';
import { PurchaseReport, PurchaseRequest, SupplyLevel } from '#domain/purchase.ts';
import { Label, LabelRequest, TrackingReport } from '#domain/shipment.ts';
import {
  type Connector,
  type Input,
  type Limiter,
  operationOf,
  parseExact,
  ROLES,
  secretFields,
  type Verb,
  type WebhookMeaning,
} from '#kit';
import {
  type Effect,
  type Harness,
  type Host,
  hostConnector,
  type RunningSandbox,
  type Scene,
  type SentWebhook,
} from './harness.ts';
import { openSandboxDb, type SandboxDb } from './sandbox-db.ts';
import type { Fault } from './sandbox-server.ts';

const address = Address.parse({
  name: 'Ada Example',
  company: '',
  line1: '1 Market Street',
  line2: '',
  city: 'Leeds',
  region: '',
  postalCode: 'LS1 1AA',
  country: 'GB',
  phone: '+441130000000',
  email: 'ada@example.com',
});
const labelRequest = (reference: string): LabelRequest =>
  LabelRequest.parse({
    reference,
    from: address,
    to: { ...address, line1: '2 Quay Road', city: 'Bristol', postalCode: 'BS1 4RN' },
    parcel: { weightGrams: 800, lengthMm: 200, widthMm: 150, heightMm: 100 },
    contents: null,
    taxIds: [],
    service: null,
  });

/** How an answer is lost: after the write took effect, and before. */
const LOST: readonly Fault[] = ['reset_after_commit', '500_after_commit', 'reset', '500'];

/** Real time after which a call is given up where the vendor is told to hang; every other call has as long as it needs. */
const HANG_MS = 700;
/** A client that asks as often as it likes. */
const UNLIMITED: Limiter = { take: async () => {}, observe: async () => {}, pause: async () => {} };

/** Names of the checks that a connector may skip, each with its reason. */
export type Skips = Partial<Record<'webhook' | 'limits' | 'hang' | 'rate_limited' | 'html', string>>;

/**
 * The contract every connector keeps, run against its own sandbox over real HTTP with a clock that only moves when told:
 * all verbs of its role; a walk that gives every item once, ends, and resumes mid-way; each write once per reference, also
 * when its answer is lost; failures by class; no secret in any message or log; outputs of the domain's shape; webhooks that
 * verify and forgeries that do not; the vendor's limits, which are there, honoured. A check that relies on a fault asserts
 * that the fault was met.
 */
export const describeConnector = (connector: Connector, harness: Harness, options: { skip?: Skips } = {}): void => {
  const { manifest } = connector;
  const skip = options.skip ?? {};
  const check = (name: keyof Skips) => (skip[name] === undefined ? it : it.skip);

  describe(`${manifest.id}: the contract of a ${manifest.role}`, () => {
    const clock = manualClock();
    let db: SandboxDb;
    let sandbox: RunningSandbox & { scene: Scene };
    let host: Host;
    let ticking: NodeJS.Immediate;

    beforeEach(async () => {
      db = openSandboxDb();
      sandbox = await harness.start({ clock, db });
      host = hostConnector(connector, sandbox, clock);
      // Virtual time runs on as fast as the machine lets it, so that limits cost no real waiting.
      startTime();
    });
    const startTime = (): void => {
      const tick = () => {
        clock.advance(20);
        ticking = setImmediate(tick);
      };
      ticking = setImmediate(tick);
    };
    afterEach(async () => {
      clearImmediate(ticking);
      await sandbox.close();
      db.close();
    });

    const failureOf = async (work: Promise<unknown>) => {
      const error = await work.then(
        () => null,
        (e: unknown) => e,
      );
      if (!isFailure(error)) throw new Error(`expected a Failure, got ${String(error)}`);
      return error;
    };

    it('has every verb of its role', () => {
      for (const verb of ROLES[manifest.role]) expect(operationOf(connector, verb), verb).toBeTypeOf('function');
    });

    it('says whose account it is', async () => {
      expect((await host.call('connection.check', {})).account).not.toBe('');
    });

    it('tells the account by one identity, which its manifest knows too if it knows one, and lacks no right', async () => {
      const { identity, missing } = await host.call('connection.check', {});
      expect(identity).not.toBe('');
      expect((await host.call('connection.check', {})).identity).toBe(identity);
      const credentials = manifest.credentials.parse(sandbox.credentials);
      const settings = manifest.settings.parse(sandbox.settings);
      expect(manifest.identity?.({ credentials, settings }) ?? identity).toBe(identity);
      expect(missing.filter(({ needed }) => needed)).toEqual([]);
    });

    it.each<[Fault, string]>([
      ...(skip.rate_limited === undefined ? ([['429', 'rate_limited']] as [Fault, string][]) : []),
      ['500', 'unavailable'],
      ['503_html', 'unavailable'],
      ...(skip.html === undefined
        ? ([
            ['200_html', 'unavailable'],
            ['truncated', 'unavailable'],
          ] as [Fault, string][])
        : []),
      ['reset', 'unavailable'],
      ...(skip.hang === undefined ? ([['hang', 'unavailable']] as [Fault, string][]) : []),
    ])('classifies %s on a read as %s', async (fault, code) => {
      const asking = fault === 'hang' ? hostConnector(connector, sandbox, clock, HANG_MS) : host;
      await asking.call('connection.check', {});
      const planned = sandbox.faults.next(fault, { times: 1 });
      // A connector that remembers a token may answer from memory; then the fault meets the next call.
      const failure = await failureOf(asking.call('connection.check', {}));
      expect(planned.met()).toBe(1);
      expect(failure.code).toBe(code);
      sandbox.faults.clear();
      await asking.call('connection.check', {});
    });

    it('refuses wrong credentials as unauthorised, and no secret shows in a message, a stack or a log line', async () => {
      const wrong = Object.fromEntries(
        Object.entries(sandbox.credentials).map(([name, value]) => [
          name,
          secretFields(manifest.credentials).includes(name) ? `canary-${name}-9f31c7` : value,
        ]),
      );
      const stranger = hostConnector(connector, { credentials: wrong, settings: sandbox.settings }, clock);
      const failure = await failureOf(stranger.call('connection.check', {}));
      expect(failure.code).toBe('unauthorised');
      const told = `${failure.message} ${failure.stack} ${JSON.stringify(failure.safe)} ${String(failure.cause ?? '')} ${stranger.logged()}`;
      for (const name of secretFields(manifest.credentials)) expect(told).not.toContain(`canary-${name}-9f31c7`);
    });

    check('limits')('stays inside the vendor’s limits, which refuse whoever does not', async () => {
      const { costlyRead } = sandbox.scene;
      const one = (caller: Host): Promise<unknown> =>
        costlyRead ? caller.call(costlyRead.verb, costlyRead.input) : caller.call('connection.check', {});
      const many = (caller: Host) => Promise.allSettled(Array.from({ length: 60 }, () => one(caller)));
      const refusals = (results: PromiseSettledResult<unknown>[]) =>
        results.filter((r) => r.status === 'rejected' && isFailure(r.reason, 'rate_limited'));
      // Time stands still, for a vendor's budget grows with it.
      clearImmediate(ticking);
      const greedy = await many(hostConnector(connector, sandbox, clock, undefined, UNLIMITED));
      expect(refusals(greedy).length).toBeGreaterThan(0);
      clock.advance(3_600_000);
      startTime();
      const polite = await many(host);
      expect(polite.filter((r) => r.status === 'rejected')).toEqual([]);
    });

    if (manifest.role === 'storefront') storefront();
    if (manifest.role === 'supplier') supplier();
    if (manifest.role === 'logistics') logistics();

    async function walk(since: string, from: string | null = null) {
      const items: { id: string; cursor: string | null }[] = [];
      let cursor = from;
      for (let page = 0; page < 10_000; page += 1) {
        const result = await host.call('orders.pull', { since, cursor });
        for (const order of await host.orders(result.items)) {
          IncomingOrder.parse(order);
          items.push({ id: order.externalId, cursor: result.next });
        }
        if (result.next === null) return items;
        if (result.next === cursor) throw new Error('the walk does not move on');
        cursor = result.next;
      }
      throw new Error('the walk does not end');
    }

    function place(count: number): readonly string[] {
      if (!sandbox.scene.placeOrders) throw new Error('the scene cannot place orders');
      return sandbox.scene.placeOrders(count);
    }

    /** Loses the answer of the write that `path`-less faults meet, tries again, and counts effects. */
    async function onceWhen(
      fault: Fault,
      match: { method: string; body?: RegExp },
      write: () => Promise<unknown>,
      count: () => number,
    ) {
      const before = count();
      const planned = sandbox.faults.next(fault, match);
      await write().catch((error: unknown) => {
        if (!isFailure(error, 'unavailable', 'outcome_unknown', 'rate_limited')) throw error;
      });
      expect(planned.met()).toBe(1);
      sandbox.faults.clear();
      await write();
      await write();
      expect(count() - before).toBe(1);
    }

    function effects(kind: Effect, reference: string) {
      return () => sandbox.effects(kind).filter((effect) => effect.reference === reference).length;
    }

    /** The vendor's own webhook passes and means this; changed bytes, another secret, none and no signature do not. */
    function verifies(sent: SentWebhook, meaning: WebhookMeaning): void {
      const hooks = manifest.webhooks ?? expect.fail('no webhooks');
      const rawBody = Buffer.from(sent.body);
      const given = { rawBody, headers: sent.headers, secret: sent.secret, nowMs: clock.now() };
      hooks.verify(given);
      expect(hooks.deliveryId(given)).not.toBe('');
      expect(hooks.read({ body: parseExact(sent.body), headers: sent.headers })).toEqual(meaning);
      const flipped = Buffer.from(rawBody);
      flipped[Math.floor(flipped.length / 2)] = (flipped[Math.floor(flipped.length / 2)] ?? 0) ^ 1;
      const refused = (change: Partial<typeof given>) => {
        try {
          hooks.verify({ ...given, ...change });
        } catch (error) {
          return isFailure(error, 'unauthorised');
        }
        return false;
      };
      expect(refused({ rawBody: flipped })).toBe(true);
      expect(refused({ secret: 'another' })).toBe(true);
      expect(refused({ secret: '' })).toBe(true);
      expect(refused({ headers: {} })).toBe(true);
    }

    function storefront(): void {
      it.each([0, 1, 7, 50, 100, 103])(
        'walks through %i orders, each once, in order of change, and ends',
        async (count) => {
          const since = new Date(clock.now() - 1000).toISOString();
          const placed = place(count);
          const seen = await walk(since);
          expect(new Set(seen.map((s) => s.id))).toEqual(new Set(placed));
          // Overlap at an equal change time is allowed; loss is not.
          expect(seen.length).toBeLessThan(count + 10);
        },
      );

      it('resumes a walk at a saved cursor without losing an order', async () => {
        const since = new Date(clock.now() - 1000).toISOString();
        const placed = place(230);
        const first = await host.call('orders.pull', { since, cursor: null });
        expect(first.next).not.toBeNull();
        const rest = await walk(since, first.next);
        expect(new Set([...first.items.map(({ order }) => order.externalId), ...rest.map((r) => r.id)])).toEqual(
          new Set(placed),
        );
      });

      it('finds nothing in a window that has not begun', async () => {
        place(3);
        expect(await walk('2999-12-31T00:00:00Z')).toEqual([]);
      });

      it('reads one order as the walk does, and says not_found for one that is not there', async () => {
        const since = new Date(clock.now() - 1000).toISOString();
        const [id] = place(1);
        const page = await host.call('orders.pull', { since, cursor: null });
        expect(await host.order(id ?? '')).toEqual(page.items[0]?.order);
        expect((await failureOf(host.order(missingId(id ?? '')))).code).toBe('not_found');
      });

      it('reads the body of an order again without asking anybody, and says which field it cannot read', async () => {
        const [id = ''] = place(1);
        const { order, body } = await host.call('orders.get', { externalId: id });
        const asked = sandbox.requests().length;
        const kept = JSON.stringify(body);
        expect(await host.call('orders.read', { body: JSON.parse(kept) })).toEqual(order);
        for (const other of [null, [], 'text', {}]) {
          const failure = await failureOf(host.call('orders.read', { body: other }));
          expect(failure.code).toBe('contract');
        }
        // Nothing of the body is lost by the reading of it: it is kept for readers that know more.
        expect(JSON.stringify(body)).toBe(kept);
        expect(sandbox.requests()).toHaveLength(asked);
      });

      it('reads listings of the domain’s shape, each once', async () => {
        const seen: string[] = [];
        let cursor: string | null = null;
        do {
          const page: { items: readonly unknown[]; next: string | null } = await host.call('listings.read', { cursor });
          for (const item of page.items) seen.push(ListingRead.parse(item).externalVariantId);
          cursor = page.next;
        } while (cursor !== null);
        expect(seen.length).toBeGreaterThan(0);
        expect(new Set(seen).size).toBe(seen.length);
      });

      it('sets stock: the listing shows the number, an unknown one fails alone, and every item is accounted for', async () => {
        const { items } = await host.call('listings.read', { cursor: null });
        const levels = items.slice(0, 5).map((listing, index) => ({
          externalVariantId: listing.externalVariantId,
          externalProductId: listing.externalProductId,
          externalInventoryId: listing.externalInventoryId,
          sku: listing.sku,
          quantity: 40 + index,
          from: null,
        }));
        const bad = {
          ...(levels[0] ?? expect.fail('no listing')),
          externalVariantId: missingId(levels[0]?.externalVariantId ?? ''),
          externalInventoryId: missingId(levels[0]?.externalInventoryId ?? ''),
          externalProductId: missingId(levels[0]?.externalProductId ?? ''),
        };
        const report = await host.call('inventory.push', { levels: [...levels, bad], idempotencyKey: 'push-1' });
        expect(report.processed.length + report.failed.length + report.skipped.length).toBe(levels.length + 1);
        expect(report.failed.map((f) => f.id)).toEqual([bad.externalVariantId]);
        for (const level of levels)
          expect(sandbox.scene.shownQuantity?.(level.externalInventoryId)).toBe(level.quantity);
      });

      describe.each(LOST)('when the answer is lost by %s', (fault) => {
        it('tells of a package once', async () => {
          const [id] = place(1);
          const order = await host.order(id ?? '');
          const confirmation = {
            reference: 'shipment-1',
            orderExternalId: order.externalId,
            completes: true,
            lines: order.lines.map((line) => ({ lineExternalId: line.externalId, quantity: line.quantity })),
            tracking: { carrier: 'USPS', number: '9400111899223100000011', url: '' },
          };
          await onceWhen(
            fault,
            writes('shipments.confirm'),
            () => host.call('shipments.confirm', { confirmation }),
            () => sandbox.effects('confirmations').length,
          );
        });

        it('gives money back once', async () => {
          const [id] = place(1);
          const order = await host.order(id ?? '');
          const line = order.lines[0] ?? expect.fail('no line');
          const refund: Input<'refunds.create'> = {
            orderExternalId: order.externalId,
            reference: 'refund-1',
            currency: order.currency,
            note: 'came back',
            lines: [
              {
                lineExternalId: line.externalId,
                quantity: 1,
                totalMinor: Math.floor(line.totalMinor / line.quantity),
                restock: false,
              },
            ],
          };
          await onceWhen(
            fault,
            writes('refunds.create'),
            () => host.call('refunds.create', refund),
            () => sandbox.effects('refunds').length,
          );
          const after = await host.order(order.externalId);
          expect(after.refunds).toHaveLength(1);
          expect(after.refunds[0]?.totalMinor).toBe(refund.lines[0]?.totalMinor);
          expect(after.refunds[0]?.note).toContain('refund-1');
        });
      });

      it('refuses a refund above what was paid', async () => {
        const [id] = place(1);
        const order = await host.order(id ?? '');
        const line = order.lines[0] ?? expect.fail('no line');
        const failure = await failureOf(
          host.call('refunds.create', {
            orderExternalId: order.externalId,
            reference: 'refund-2',
            currency: order.currency,
            note: '',
            lines: [
              {
                lineExternalId: line.externalId,
                quantity: line.quantity,
                totalMinor: order.totalMinor * 10 + 100,
                restock: false,
              },
            ],
          }),
        );
        expect(failure.code).toBe('rejected');
      });

      it('subscribes to webhooks once, however often it is asked', async () => {
        const first = await host.call('webhooks.register', { url: 'http://127.0.0.1:9/hook', secret: 's3cret-s3cret' });
        const again = await host.call('webhooks.register', { url: 'http://127.0.0.1:9/hook', secret: 's3cret-s3cret' });
        expect(again.topics).toEqual(first.topics);
        expect(first.topics.length).toBeGreaterThan(0);
      });

      it('ends the subscriptions of one address, and again finds none', async () => {
        const secret = 's3cret-s3cret';
        const [ours, others] = ['http://127.0.0.1:9/webhooks/cn_1', 'http://127.0.0.1:9/webhooks/cn_2'];
        const { topics } = await host.call('webhooks.register', { url: ours, secret });
        await host.call('webhooks.register', { url: others, secret });
        expect(await host.call('webhooks.deregister', { path: '/webhooks/cn_1' })).toEqual({ ended: topics.length });
        expect(await host.call('webhooks.deregister', { path: '/webhooks/cn_1' })).toEqual({ ended: 0 });
        expect(await host.call('webhooks.deregister', { path: '/webhooks/cn_2' })).toEqual({ ended: topics.length });
      });

      check('webhook')('verifies its own webhook, names the order, and refuses every forgery', () => {
        const [id = ''] = place(1);
        const sent = sandbox.scene.orderWebhook?.(id) ?? expect.fail('the scene sends no webhook');
        verifies(sent, { kind: 'order', externalId: id });
      });

      if (operationOf(connector, 'orders.cancel')) cancelling();
    }

    function cancelling(): void {
      const cancellation = (externalId: string): Input<'orders.cancel'> => ({
        externalId,
        reference: 'cancel-1',
        reason: 'customer',
        note: 'changed her mind',
        notify: false,
        restock: true,
      });

      it('cancels an order, which then says so, and says yes again when it is asked again', async () => {
        const [id = ''] = place(1);
        expect((await host.order(id)).cancelledAt).toBeNull();
        expect((await host.call('orders.cancel', cancellation(id))).cancelled).toBe(true);
        expect((await host.order(id)).cancelledAt).not.toBeNull();
        expect((await host.call('orders.cancel', cancellation(id))).cancelled).toBe(true);
        expect(effects('cancellations', 'cancel-1')()).toBe(1);
      });

      it('counts an order that is gone as cancelled', async () => {
        const [id = ''] = place(1);
        expect((await host.call('orders.cancel', cancellation(missingId(id)))).cancelled).toBe(true);
      });

      it('does not cancel what has left, and says why', async () => {
        const [id = ''] = place(1);
        const order = await host.order(id);
        const lines = order.lines.map((line) => ({ lineExternalId: line.externalId, quantity: line.quantity }));
        const tracking = { carrier: 'USPS', number: '9400111899223100000011', url: '' };
        const confirmation = { reference: 'shipment-1', orderExternalId: id, completes: true, lines, tracking };
        await host.call('shipments.confirm', { confirmation });
        const answer = await host.call('orders.cancel', cancellation(id));
        expect(answer.cancelled).toBe(false);
        expect(answer.reason).not.toBe('');
        expect((await host.order(id)).cancelledAt).toBeNull();
      });

      it.each(LOST)('cancels once when the answer is lost by %s', async (fault) => {
        const [id = ''] = place(1);
        await onceWhen(
          fault,
          writes('orders.cancel'),
          () => host.call('orders.cancel', cancellation(id)),
          effects('cancellations', 'cancel-1'),
        );
      });
    }

    function purchase(reference: string): PurchaseRequest {
      const [sku = ''] = sandbox.scene.stockItems?.(3) ?? [];
      return PurchaseRequest.parse({
        reference,
        currency: 'USD',
        lines: [{ lineId: 'l1', sku: 'OURS-1', externalSku: sku, quantity: 2, unitCost: '3.50', attributes: [] }],
        shipTo: address,
        neutralPacking: true,
        taxIds: [],
      });
    }

    function supplier(): void {
      it('pulls the stock, each item once', async () => {
        const wanted = sandbox.scene.stockItems?.(130) ?? [];
        const seen: string[] = [];
        let cursor: string | null = null;
        do {
          const page: { items: readonly unknown[]; next: string | null } = await host.call('stock.pull', { cursor });
          for (const item of page.items) seen.push(SupplyLevel.parse(item).externalSku);
          cursor = page.next;
        } while (cursor !== null);
        expect(new Set(seen).size).toBe(seen.length);
        for (const sku of wanted) expect(seen).toContain(sku);
      });

      it('finds no purchase order that was never placed', async () => {
        expect(await host.call('purchases.find', { reference: 'never' })).toBeNull();
      });

      it('places an order, finds it by our reference and follows it to its packages', async () => {
        const placed = PurchaseReport.parse(await host.call('purchases.place', { purchase: purchase('po-1') }));
        expect(placed.reference).toBe('po-1');
        expect((await host.call('purchases.find', { reference: 'po-1' }))?.externalId).toBe(placed.externalId);
        sandbox.scene.progress?.('po-1');
        const after = PurchaseReport.parse(
          await host.call('purchases.get', { externalId: placed.externalId, reference: 'po-1' }),
        );
        expect(['shipped', 'delivered']).toContain(after.state);
        expect(after.packages.length).toBeGreaterThan(0);
        expect(after.packages[0]?.tracking.number).not.toBe('');
      });

      it.each(LOST)('places one order when the answer is lost by %s', async (fault) => {
        const request = purchase('po-2');
        await onceWhen(
          fault,
          writes('purchases.place'),
          () => host.call('purchases.place', { purchase: request }),
          () => sandbox.effects('purchases').filter((p) => p.reference === 'po-2').length,
        );
      });

      // A supplier or carrier without webhooks is asked instead.
      if (manifest.webhooks)
        check('webhook')('verifies its own webhook, names the order, and refuses every forgery', async () => {
          const placed = await host.call('purchases.place', { purchase: purchase('po-4') });
          sandbox.scene.progress?.('po-4');
          const sent = sandbox.scene.purchaseWebhook?.('po-4') ?? expect.fail('the scene sends no webhook');
          verifies(sent, { kind: 'purchase', reference: 'po-4', externalId: placed.externalId });
        });

      if (operationOf(connector, 'purchases.cancel')) takingBack();
      if (operationOf(connector, 'purchases.pay')) paying();

      it('says rejected for an item that the supplier does not have', async () => {
        const request = purchase('po-3');
        const failure = await failureOf(
          host.call('purchases.place', {
            purchase: { ...request, lines: request.lines.map((l) => ({ ...l, externalSku: 'no-such-item' })) },
          }),
        );
        expect(failure.code).toBe('rejected');
      });
    }

    function takingBack(): void {
      const open = () => {
        const settings = { ...sandbox.settings, ...harness.cancellable?.settings };
        return hostConnector(connector, { credentials: sandbox.credentials, settings }, clock);
      };

      it.each(LOST)('takes an order back once when the answer is lost by %s, and holds none then', async (fault) => {
        const buyer = open();
        const { externalId } = await buyer.call('purchases.place', { purchase: purchase('po-5') });
        const cancel = () => buyer.call('purchases.cancel', { externalId, reference: 'po-5' });
        await onceWhen(fault, writes('purchases.cancel'), cancel, effects('cancellations', 'po-5'));
        expect((await cancel()).cancelled).toBe(true);
        expect(await buyer.call('purchases.find', { reference: 'po-5' })).toBeNull();
      });

      it('does not take back what has left, and says why', async () => {
        const { externalId } = await host.call('purchases.place', { purchase: purchase('po-6') });
        sandbox.scene.progress?.('po-6');
        const answer = await host.call('purchases.cancel', { externalId, reference: 'po-6' });
        expect(answer.cancelled).toBe(false);
        expect(answer.reason).not.toBe('');
        expect((await host.call('purchases.find', { reference: 'po-6' }))?.externalId).toBe(externalId);
      });
    }

    function paying(): void {
      const open = () => {
        const settings = { ...sandbox.settings, ...harness.unpaid?.settings };
        return hostConnector(connector, { credentials: sandbox.credentials, settings }, clock);
      };

      it.each(LOST)('pays an order once when the answer is lost by %s', async (fault) => {
        const buyer = open();
        const placed = await buyer.call('purchases.place', { purchase: purchase('po-7') });
        expect(placed).toMatchObject({ state: 'created', unpaid: true });
        const given = { externalId: placed.externalId, reference: 'po-7' };
        const pay = () => buyer.call('purchases.pay', given);
        await onceWhen(fault, writes('purchases.pay'), pay, effects('payments', 'po-7'));
        expect(PurchaseReport.parse(await pay())).toMatchObject({ state: 'accepted', unpaid: false });
        expect(await buyer.call('purchases.get', given)).toMatchObject({ unpaid: false });
      });
    }

    function logistics(): void {
      it('quotes rates', async () => {
        expect((await host.call('rates.quote', { request: labelRequest('ship-0') })).rates.length).toBeGreaterThan(0);
      });

      it('buys a label, finds it by our reference, tracks it and voids it', async () => {
        const label = Label.parse(await host.call('labels.buy', { request: labelRequest('ship-1') }));
        expect(label.tracking.number).not.toBe('');
        expect(await host.call('labels.find', { reference: 'ship-1' })).toEqual(label);
        TrackingReport.parse(await host.call('tracking.get', { tracking: label.tracking }));
        sandbox.scene.progress?.('ship-1');
        expect((await host.call('tracking.get', { tracking: label.tracking })).state).toBe('delivered');
        const other = await host.call('labels.buy', { request: labelRequest('ship-2') });
        expect((await host.call('labels.void', { externalId: other.externalId })).voided).toBe(true);
        expect((await host.call('labels.find', { reference: 'ship-2' }))?.voided).toBe(true);
      });

      it('finds no label that was never bought', async () => {
        expect(await host.call('labels.find', { reference: 'never' })).toBeNull();
      });

      it.each(LOST)('gives a label back once when the answer is lost by %s', async (fault) => {
        const { externalId } = await host.call('labels.buy', { request: labelRequest('ship-4') });
        const giveBack = () => host.call('labels.void', { externalId });
        await onceWhen(fault, writes('labels.void'), giveBack, effects('voids', 'ship-4'));
        expect((await giveBack()).voided).toBe(true);
        expect((await host.call('labels.find', { reference: 'ship-4' }))?.voided).toBe(true);
      });

      // A supplier or carrier without webhooks is asked instead.
      if (manifest.webhooks)
        check('webhook')('verifies its own webhook, names the parcel, and refuses every forgery', async () => {
          const { tracking } = await host.call('labels.buy', { request: labelRequest('ship-5') });
          const sent = sandbox.scene.trackingWebhook?.('ship-5') ?? expect.fail('the scene sends no webhook');
          verifies(sent, { kind: 'tracking', number: tracking.number, carrier: tracking.carrier });
        });

      it.each(LOST)('buys one label when the answer is lost by %s', async (fault) => {
        await onceWhen(
          fault,
          writes('labels.buy'),
          () => host.call('labels.buy', { request: labelRequest('ship-3') }),
          () => sandbox.effects('labels').filter((l) => l.reference === 'ship-3').length,
        );
      });
    }

    /** How to recognise the request that has the effect; a harness may narrow it for its vendor. */
    function writes(verb: Verb): { method: string; path?: RegExp; body?: RegExp } {
      return harness.writes?.[verb] ?? { method: 'POST' };
    }
  });
};

/** An id of the vendor's form that names nothing. */
const missingId = (id: string): string => id.replace(/\d+$/, '999999999999');
