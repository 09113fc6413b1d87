import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptCredit } from '#app/case/accept-credit.ts';
import { claimRefund } from '#app/case/claim-refund.ts';
import { giveFacts } from '#app/case/give-facts.ts';
import { moveCase } from '#app/case/move.ts';
import { openCase } from '#app/case/open.ts';
import { overrideReason } from '#app/case/override.ts';
import { remindCases } from '#app/case/remind.ts';
import { getCase } from '#app/case/status.ts';
import type { Ports, Store } from '#app/ports.ts';
import { systemActor } from '#domain/actor.ts';
import { manualClock } from '#domain/clock.ts';
import { emptyLevel, levelId } from '#domain/stock.ts';
import { creditMessage, EXPORT_STORIES, type StoryFacts } from '#simulator/export-cases.ts';
import { openStore } from '#store/store.ts';
import type { NewCase } from '#trade/case-file/case-file.ts';
import type { Step } from '#trade/case-file/facts.ts';
import { plainDate } from '#trade/plain-date.ts';
import { portsOn } from '../support/ports.ts';
import { freshDatabase } from '../support/servers.ts';

const ON = plainDate('2026-11-25');
const clock = manualClock(Date.parse(`${ON}T09:00:00Z`));
let store: Store;
let ports: Ports;

beforeAll(async () => {
  store = await openStore(freshDatabase());
  ports = portsOn(store, clock);
});
afterAll(() => store.close());

const ADA = systemActor('Ada');
const EVE = systemActor('Eve');

let spaces = 0;
/** A case in a workspace that no other test uses. */
const place = (changes: Partial<NewCase> = {}) => {
  spaces += 1;
  const ws = `wc_${spaces}`;
  const { facts, newCase } = EXPORT_STORIES.wholesale({ on: ON, sku: 'T-1', orderId: '' });
  const given: NewCase = { ...newCase, ...changes };
  const open = async () => (await openCase(ports, ADA, { workspaceId: ws, given }))._id;
  const give = <S extends Step>(id: string, step: S, of: StoryFacts[S], ifVersion: number | null = null) =>
    giveFacts(ports, ADA, { workspaceId: ws, caseId: id, step, facts: of, ifVersion });
  const move = (id: string, state: 'open' | 'closed' | 'cancelled', mayOverride: boolean, note = '') =>
    moveCase(ports, ADA, { workspaceId: ws, caseId: id, state, note, mayOverride, ifVersion: null });
  return { ws, facts, given, open, give, move, read: (id: string) => getCase(ports, ws, id) };
};

describe('opening a case', () => {
  it('gives the same case for the same number, and refuses another one under it', async () => {
    const { ws, given, open } = place();
    const id = await open();
    expect(await open()).toBe(id);
    await expect(openCase(ports, ADA, { workspaceId: ws, given: { ...given, skus: ['T-2'] } })).rejects.toMatchObject({
      code: 'conflict',
      safe: { field: 'skus', caseId: id },
    });
    expect((await getCase(ports, ws, id)).history).toHaveLength(1);
  });

  it('refuses an order or a storefront that is not there: it would hold nothing back', async () => {
    await expect(place({ orderId: 'or_mistyped' }).open()).rejects.toMatchObject({
      code: 'rejected',
      safe: { field: 'orderId' },
    });
    await expect(place({ connectionIds: ['cn_none'] }).open()).rejects.toMatchObject({
      code: 'rejected',
      safe: { field: 'connectionIds' },
    });
  });
});

describe('what is done to a case', () => {
  it('changes nothing when it is done again', async () => {
    const { ws, facts, open, give, read } = place();
    const id = await open();
    await give(id, 'contract', facts.contract);
    const once = await give(id, 'contract', facts.contract, 1);
    expect(once.version).toBe(2);
    const word = { step: 'market', code: 'NOT_GIVEN', subject: '', reason: 'known for years' } as const;
    for (let time = 0; time < 2; time += 1)
      await overrideReason(ports, ADA, { workspaceId: ws, caseId: id, ...word, ifVersion: null });
    expect((await read(id)).overrides).toHaveLength(1);
    expect((await read(id)).history).toHaveLength(3);
  });

  it('is refused when it rests on what somebody else has changed meanwhile', async () => {
    const { ws, facts, open, give, read } = place();
    const id = await open();
    const { version } = await give(id, 'contract', facts.contract);
    await give(id, 'contract', { ...facts.contract, messages: creditMessage(ON, { discrepant: true }) });
    await expect(acceptCredit(ports, ADA, { workspaceId: ws, caseId: id, ifVersion: version })).rejects.toMatchObject({
      code: 'conflict',
    });
    const word = { step: 'market', code: 'NOT_GIVEN', subject: '', reason: 'known for years' } as const;
    await expect(
      overrideReason(ports, ADA, { workspaceId: ws, caseId: id, ...word, ifVersion: version }),
    ).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await read(id)).toMatchObject({ creditAccepted: '', overrides: [] });
    await acceptCredit(ports, ADA, { workspaceId: ws, caseId: id, ifVersion: version + 1 });
    expect((await read(id)).creditAccepted).not.toBe('');
  });

  it('claims a line of a declaration once, by however many at once, and a new line when it comes', async () => {
    const { ws, facts, open, give, read, move } = place();
    const id = await open();
    await give(id, 'settlement', facts.settlement);
    await Promise.all(
      Array.from({ length: 5 }, () => claimRefund(ports, ADA, { workspaceId: ws, caseId: id, ifVersion: null })),
    );
    const claims = async () => (await read(id)).history.filter(({ what }) => what === 'refund claimed');
    expect(await claims()).toHaveLength(1);
    const { file } = facts.settlement;
    const [line] = file?.lines ?? [];
    if (!file || !line) throw new Error('the story has a declaration');
    const second = { ...line, line: 2 };
    await give(id, 'settlement', { ...facts.settlement, file: { ...file, lines: [line, second] } });
    await expect(claimRefund(ports, ADA, { workspaceId: ws, caseId: id, ifVersion: null })).rejects.toMatchObject({
      code: 'conflict',
    });
    for (const { code, subject } of await unproved(ws, id))
      await overrideReason(ports, ADA, {
        workspaceId: ws,
        caseId: id,
        step: 'settlement',
        code,
        subject,
        reason: 'the bank confirmed it',
        ifVersion: null,
      });
    await claimRefund(ports, ADA, { workspaceId: ws, caseId: id, ifVersion: null });
    expect((await claims()).map(({ detail }) => detail.split(': ')[1])).toEqual([
      `${line.declaration}/1`,
      `${line.declaration}/2`,
    ]);
    await move(id, 'cancelled', true, 'for the test');
    await expect(claimRefund(ports, ADA, { workspaceId: ws, caseId: id, ifVersion: null })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('claims no line that another case has claimed', async () => {
    const { ws, facts, given, open, give } = place();
    const id = await open();
    await give(id, 'settlement', facts.settlement);
    const { _id: second } = await openCase(ports, ADA, { workspaceId: ws, given: { ...given, number: 'EX-SECOND' } });
    await give(second, 'settlement', facts.settlement);
    const outcomes = await Promise.allSettled(
      [id, second].map((one) => claimRefund(ports, ADA, { workspaceId: ws, caseId: one, ifVersion: null })),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(
      Promise.all(
        [id, second].map((one) => claimRefund(ports, ADA, { workspaceId: ws, caseId: one, ifVersion: null })),
      ),
    ).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('claimed before') });
  });

  const unproved = (ws: string, id: string) =>
    claimRefund(ports, ADA, { workspaceId: ws, caseId: id, ifVersion: null }).then(
      () => [],
      (error: { safe: { reasons: { code: string; subject: string }[] } }) => error.safe.reasons,
    );

  it('closes a case whose gates are shut by who may override alone, with a note; it would hold nothing back', async () => {
    const { open, read, move } = place();
    const id = await open();
    for (const state of ['closed', 'cancelled'] as const) {
      await expect(move(id, state, false, 'done')).rejects.toMatchObject({ code: 'forbidden' });
      await expect(move(id, state, true, ' ')).rejects.toMatchObject({ code: 'rejected', safe: { field: 'note' } });
    }
    expect((await read(id)).state).toBe('open');
    await move(id, 'closed', true, 'the buyer withdrew');
    const { state, history } = await read(id);
    expect(state).toBe('closed');
    expect(history.at(-1)?.detail).toMatch(/^the buyer withdrew \(shut: market, .*settlement\)$/);
  });

  it('is not done to a case of another workspace', async () => {
    const { open } = place();
    const id = await open();
    const foreign = { workspaceId: 'wc_other', caseId: id, ifVersion: null };
    const word = {
      step: 'market',
      code: 'NOT_GIVEN',
      subject: '',
      reason: 'seen',
      ifVersion: null,
    } as const;
    for (const attempt of [
      () => claimRefund(ports, EVE, foreign),
      () => acceptCredit(ports, EVE, foreign),
      () => overrideReason(ports, EVE, { ...foreign, ...word }),
      () => moveCase(ports, EVE, { ...foreign, state: 'closed', note: 'no', mayOverride: true }),
      () => giveFacts(ports, EVE, { ...foreign, step: 'contract', facts: { payment: 'prepaid' } }),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('the hourly look at the cases', () => {
  const licensed = (facts: StoryFacts, expires: string): StoryFacts['rights'] => ({
    ...facts.rights,
    licences: (facts.rights.licences ?? []).map((licence) => ({ ...licence, expires })),
  });
  /** A case with a SKU on a shelf, whose market gate is opened by somebody's word. */
  const onSale = async (expires: string) => {
    const told = place();
    const { ws, facts, open, give } = told;
    const level = levelId(ws, 'warehouse', 'T-1');
    await store.levels.insert({ ...emptyLevel(ws, 'warehouse', 'T-1'), onHand: 5 });
    const id = await open();
    await give(id, 'rights', licensed(facts, expires));
    const word = { step: 'market', code: 'NOT_GIVEN', subject: '', reason: 'known for years' } as const;
    await overrideReason(ports, ADA, { workspaceId: ws, caseId: id, ...word, ifVersion: null });
    const marked = async () => {
      const { toPublish = false } = (await store.levels.find(ws, level)) ?? {};
      await store.levels.change(level, {}, { toPublish: false });
      return toPublish;
    };
    return { ...told, id, marked };
  };

  it('lists nothing anew and writes nothing while no gate has moved', async () => {
    const { ws, id, marked, read } = await onSale('2027-11-30');
    expect(await marked()).toBe(true);
    // Once after a change, should its listings have been told of at that moment.
    expect(await remindCases(ports, ws)).toMatchObject({ relisted: 1 });
    expect(await marked()).toBe(true);
    const before = await read(id);
    for (let hour = 0; hour < 3; hour += 1) expect(await remindCases(ports, ws)).toEqual({ given: 0, relisted: 0 });
    expect(await marked()).toBe(false);
    expect(await read(id)).toEqual(before);
  });

  it('lists anew what a licence that ends takes off sale, once, although nobody touches the case', async () => {
    const { ws, id, marked, read } = await onSale('2027-11-30');
    await remindCases(ports, ws);
    await marked();
    const { version } = await read(id);
    clock.advance(371 * 86_400_000);
    expect(await remindCases(ports, ws)).toMatchObject({ relisted: 1 });
    expect(await marked()).toBe(true);
    expect(await remindCases(ports, ws)).toMatchObject({ relisted: 0 });
    expect(await marked()).toBe(false);
    // Its own bookkeeping is no change of the case: who has read it may still write.
    expect(await read(id)).toMatchObject({ version, listed: { version, held: true } });
  });

  it('takes a reminder back when the licence is renewed, and when the case is closed', async () => {
    const soon = plainDate(new Date(clock.now() + 5 * 86_400_000).toISOString().slice(0, 10));
    const { ws, facts, id, give, move } = await onSale(soon);
    const open = async () =>
      (await store.exceptions.list(ws, { state: 'open' }, { limit: 100 })).filter(
        ({ cause }) => cause === 'case_deadline',
      ).length;
    await remindCases(ports, ws);
    expect(await open()).toBe(1);
    await remindCases(ports, ws);
    expect(await open()).toBe(1);
    await give(id, 'rights', licensed(facts, '2029-11-30'));
    expect(await open()).toBe(0);
    await give(id, 'rights', licensed(facts, soon));
    await give(id, 'rights', licensed(facts, plainDate(new Date(clock.now()).toISOString().slice(0, 10))));
    await remindCases(ports, ws);
    expect(await open()).toBe(1);
    await move(id, 'closed', true, 'the goods are gone');
    expect(await open()).toBe(0);
  });
});
