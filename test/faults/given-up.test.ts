import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeApp } from '#app/app.ts';
import type { Ports, Store } from '#app/ports.ts';
import { getActiveConnection, requireActive, requireLive } from '#app/usable-connection.ts';
import { systemActor } from '#domain/actor.ts';
import { manualClock } from '#domain/clock.ts';
import { dueId } from '#domain/due.ts';
import { FAILURES, Failure, type FailureCode } from '#domain/failure.ts';
import type { FailedStep } from '#domain/job.ts';
import type { Return } from '#domain/return.ts';
import { jobCatalogue } from '#jobs';
import { openStore } from '#store/store.ts';
import { NOW, sampleConnection, sampleLeg, sampleOrder, WORKSPACE } from '../../src/console/testing/samples.ts';
import { portsOn } from '../support/ports.ts';
import { freshDatabase } from '../support/servers.ts';

let store: Store;
beforeAll(async () => {
  store = await openStore(freshDatabase());
});
afterAll(() => store?.close());

const portsOf = (): Ports => portsOn(store, manualClock(NOW));
const ACTOR = systemActor('test');

const stepOf = (name: string, payload: unknown): FailedStep => {
  const job = jobCatalogue.get(name) ?? expect.fail(`no job ${name}`);
  return { job: name, payload, subject: job.subject(payload), reports: job.reports ?? [] };
};
const failureOf = (run: () => unknown): Failure => {
  try {
    run();
  } catch (error) {
    if (error instanceof Failure) return error;
  }
  return expect.fail('nothing was refused');
};

describe('a connection that may not be used', () => {
  it('is paused, which waits without an attempt and is the merchant’s; one that is gone is not found', () => {
    expect(FAILURES.paused).toMatchObject({ retry: 'later', owner: 'merchant', http: 409 });
    for (const state of ['paused', 'needs_attention'] as const) {
      const failure = failureOf(() => requireActive(sampleConnection('cn', { state }), 'cn'));
      expect(failure).toMatchObject({ code: 'paused', safe: { connectionId: 'cn', state } });
      expect(failure.retryAfterMs).toBeGreaterThan(0);
    }
    const offline = failureOf(() => requireLive(sampleConnection('cn', { live: false }), 'no label is bought'));
    expect(offline).toMatchObject({ code: 'paused', message: 'Shopify is not live yet: no label is bought' });
    expect(failureOf(() => requireActive(null, 'cn')).code).toBe('not_found');
    expect(failureOf(() => requireActive(sampleConnection('cn', { state: 'removed' }), 'cn')).code).toBe('not_found');
    expect(() => requireLive(requireActive(sampleConnection('cn'), 'cn'), '')).not.toThrow();
  });

  it('is seen to be resumed at once', async () => {
    const ports = portsOf();
    await store.connections.insert(sampleConnection('cn_resumed', { state: 'paused' }));
    await expect(getActiveConnection(ports, WORKSPACE, 'cn_resumed')).rejects.toMatchObject({ code: 'paused' });
    await store.connections.change('cn_resumed', {}, { state: 'active' });
    expect(await getActiveConnection(ports, WORKSPACE, 'cn_resumed')).toMatchObject({ state: 'active' });
  });
});

describe('a step that is given up', () => {
  it('opens one exception, on the order that it belongs to, with which it can be tried again', async () => {
    const { ports, giveUp } = makeApp(portsOf());
    const leg = sampleLeg(sampleOrder('G-1'), { _id: 'lg_given' });
    await ports.store.legs.insert(leg);
    const payload = { workspaceId: WORKSPACE, legId: leg._id };
    const give = (name: string, code: FailureCode) =>
      giveUp(ACTOR, { step: stepOf(name, payload), failure: new Failure(code, 'broken') });
    const id = (await give('leg.poll', 'contract')) ?? expect.fail('no exception');
    expect(await give('leg.poll', 'contract')).toBe(id);
    expect(await store.exceptions.find(WORKSPACE, id)).toMatchObject({
      cause: 'failed_job',
      subject: { kind: 'job', id: 'leg.poll lg_given' },
      orderId: leg.orderId,
      detail: 'leg.poll: broken',
      retry: { job: 'leg.poll', payload },
    });
    // Another step of the same leg is another matter.
    expect(await give('leg.advance', 'bug')).not.toBe(id);
  });

  it('opens none for what its use case has told of, for a paused connection, and for a job that is none of ours', async () => {
    const { giveUp } = makeApp(portsOf());
    const payload = { workspaceId: WORKSPACE, legId: 'lg_told' };
    const rejected = new Failure('rejected', 'no');
    expect(await giveUp(ACTOR, { step: stepOf('leg.submit', payload), failure: rejected })).toBeNull();
    expect(await giveUp(ACTOR, { step: stepOf('leg.poll', payload), failure: rejected })).not.toBeNull();
    const paused = new Failure('paused', 'no');
    expect(await giveUp(ACTOR, { step: stepOf('leg.poll', payload), failure: paused })).toBeNull();
    const stranger = { ...stepOf('leg.poll', payload), job: 'leg.guess' };
    expect(await giveUp(ACTOR, { step: stranger, failure: rejected })).toBeNull();
  });
});

describe('a step that was given up and is done by a later run', () => {
  it('is no exception any more; the same step of something else leaves it open', async () => {
    const { giveUp, stepDone } = makeApp(portsOf());
    const of = (externalId: string) =>
      stepOf('order.ingest', { workspaceId: WORKSPACE, connectionId: 'cn_done', externalId });
    const id =
      (await giveUp(ACTOR, { step: of('7'), failure: new Failure('contract', 'unreadable') })) ??
      expect.fail('no exception');
    const state = async () => (await store.exceptions.find(WORKSPACE, id))?.state;
    await stepDone(ACTOR, { step: of('8') });
    await stepDone(ACTOR, { step: stepOf('leg.poll', { workspaceId: WORKSPACE, legId: 'lg_7' }) });
    expect(await state()).toBe('open');
    await stepDone(ACTOR, { step: of('7') });
    expect(await state()).toBe('resolved');
  });
});

describe('a step that was given up within the second in which a later run is done', () => {
  const step = (externalId: string) =>
    stepOf('order.ingest', { workspaceId: WORKSPACE, connectionId: 'cn_second', externalId });
  const broken = new Failure('contract', 'unreadable');
  const stateOf = async (id: string | null) => (await store.exceptions.find(WORKSPACE, id ?? ''))?.state;

  it('is no exception any more, in the process that gave it up', async () => {
    const { giveUp, stepDone } = makeApp(portsOf());
    // What is open was read before it.
    await stepDone(ACTOR, { step: step('none') });
    const id = await giveUp(ACTOR, { step: step('same'), failure: broken });
    await stepDone(ACTOR, { step: step('same') });
    expect(await stateOf(id)).toBe('resolved');
  });

  it('is none any more in another process, when that looks again; one that was opened later stays', async () => {
    const clock = manualClock(NOW);
    const one = makeApp(portsOn(store, clock));
    const other = makeApp(portsOn(store, clock));
    await other.stepDone(ACTOR, { step: step('none') });
    const before = await one.giveUp(ACTOR, { step: step('before'), failure: broken });
    clock.advance(1);
    for (const name of ['before', 'after']) await other.stepDone(ACTOR, { step: step(name) });
    clock.advance(1);
    const after = await one.giveUp(ACTOR, { step: step('after'), failure: broken });
    await other.lookAgainAtDone(ACTOR);
    expect([await stateOf(before), await stateOf(after)]).toEqual(['resolved', 'open']);
    // It comes back, and is found by the next run of its step alone.
    clock.advance(1);
    await one.giveUp(ACTOR, { step: step('before'), failure: broken });
    await other.lookAgainAtDone(ACTOR);
    expect(await stateOf(before)).toBe('open');
  });
});

describe('a step that was given up and is decided by a later run', () => {
  it('leaves one exception, that of the decision, when a refund is refused', async () => {
    const { ports, giveUp, payReturn } = makeApp(portsOf());
    await store.connections.insert(sampleConnection('cn_shop'));
    const order = sampleOrder('G-2', { refundedMinor: 2_000 });
    await store.orders.insert(order);
    const wanted: Return = {
      _id: 'rt_given',
      workspaceId: WORKSPACE,
      orderId: order._id,
      connectionId: order.connectionId,
      externalId: '',
      reference: 'r-1',
      currency: 'GBP',
      totalMinor: 600,
      origin: 'ours',
      reason: '',
      lines: [],
      state: 'wanted',
      received: [],
      dueAtMs: NOW,
      createdAtMs: NOW,
      updatedAtMs: NOW,
    };
    await store.returns.insert(wanted);
    const payload = { workspaceId: WORKSPACE, returnId: wanted._id };
    await giveUp(ACTOR, { step: stepOf('return.pay', payload), failure: new Failure('contract', 'unreadable') });
    const openOf = async () =>
      (await ports.store.exceptions.list(WORKSPACE, { orderId: order._id }, { limit: 10 }))
        .filter(({ state }) => state === 'open')
        .map(({ cause }) => cause);
    expect(await openOf()).toEqual(['failed_job']);
    // The sweep tries it again, and now it is decided: 5.50 are left, 6.00 are asked for.
    expect(await payReturn(ACTOR, payload)).toMatchObject({ isRefunded: false });
    expect(await openOf()).toEqual(['refund_refused']);
  });
});

describe('refused credentials', () => {
  it('park the connection that was asked, whatever step met them, and are told of once', async () => {
    const { ports, needAttention, keepDues } = makeApp(portsOf());
    const connection = sampleConnection('cn_refused', { role: 'supplier' });
    await store.connections.insert(connection);
    await keepDues(ACTOR, { of: 'connection', connection });
    const step = stepOf('leg.poll', { workspaceId: WORKSPACE, legId: 'lg_refused' });
    const failure = new Failure('unauthorised', 'wrong key', { safe: { connectionId: connection._id } });
    expect(await needAttention(ACTOR, { step, failure })).toBe(true);
    expect(await needAttention(ACTOR, { step, failure })).toBe(false);
    expect(await store.connections.find(WORKSPACE, connection._id)).toMatchObject({
      state: 'needs_attention',
      lastError: 'wrong key',
      news: [{ type: 'connection.needs_attention', from: 'active', actor: ACTOR }],
    });
    const open = await store.exceptions.list(WORKSPACE, { cause: 'credentials_refused' }, { limit: 10 });
    expect(open).toMatchObject([{ subject: { kind: 'connection', id: connection._id }, state: 'open' }]);
    expect((await ports.store.dues.find(WORKSPACE, dueId('stock.pull', connection._id)))?.dueAtMs).toBeNull();
  });

  it('leave a connection alone that the merchant has paused meanwhile, or that nobody names', async () => {
    const { needAttention } = makeApp(portsOf());
    await store.connections.insert(sampleConnection('cn_paused', { state: 'paused' }));
    const about = (connectionId: string) => new Failure('unauthorised', 'no', { safe: { connectionId } });
    const step = stepOf('orders.pull', { workspaceId: WORKSPACE, connectionId: 'cn_paused' });
    expect(await needAttention(ACTOR, { step, failure: about('cn_paused') })).toBe(false);
    expect(await needAttention(ACTOR, { step, failure: new Failure('unauthorised', 'no') })).toBe(false);
    expect((await store.connections.find(WORKSPACE, 'cn_paused'))?.state).toBe('paused');
    const other = stepOf('leg.poll', { workspaceId: WORKSPACE, legId: 'lg' });
    expect(await needAttention(ACTOR, { step: other, failure: new Failure('unauthorised', 'no') })).toBe(false);
  });
});
