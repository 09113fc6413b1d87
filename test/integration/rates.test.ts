import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import mongoose from 'mongoose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Ports, RatesPort, Store } from '#app/ports.ts';
import { convertMoney } from '#app/rate/convert.ts';
import { fetchRates, RETRY_MS } from '#app/rate/fetch.ts';
import { findRate, publishedCurrencies, unpublished } from '#app/rate/find.ts';
import { importRates, MOST_RATES } from '#app/rate/import.ts';
import { listRates } from '#app/rate/list.ts';
import { noticeStaleRates, rateNotices } from '#app/rate/notices.ts';
import { putRate } from '#app/rate/put.ts';
import { systemActor } from '#domain/actor.ts';
import { type ManualClock, manualClock } from '#domain/clock.ts';
import { Failure, isFailure } from '#domain/failure.ts';
import { addDays, dayOf, daysBetween, type PlainDate, plainDate } from '#domain/plain-date.ts';
import { ECB_SCOPE, type Rate } from '#domain/rate.ts';
import { isTargetDay, nextFetchAt, targetDayBefore } from '#domain/target-days.ts';
import { openSandboxDb, type SandboxDb } from '#kit/sandbox';
import { makeEcb } from '#runtime/ecb.ts';
import { type Egress, makeEgress } from '#runtime/egress.ts';
import { type EcbSandbox, ecbDay, GARBLES, startEcbSandbox } from '#simulator/ecb-sandbox.ts';
import { openStore } from '#store/store.ts';
import { writeEcbRates } from '#trade/fx/rate-file.ts';
import { portsOn } from '../support/ports.ts';
import { freshDatabase } from '../support/servers.ts';

const DAY_MS = 86_400_000;
const WS = 'ws_a';
const OTHER = 'ws_b';
const ACTOR = systemActor('test');
/** A Monday. */
const START = Date.UTC(2025, 10, 3, 9);
/** Shorter than the ECB's history, so that each test brings a few hundred rates. */
const FIRST_DAY = plainDate('2025-10-13');

let folder = '';
let store: Store;
let db: SandboxDb;
let clock: ManualClock;
let ecb: EcbSandbox;
let egress: Egress;
let ports: Ports;

const portsWith = (rates: RatesPort, given: Partial<Ports> = {}): Ports => ({
  ...portsOn(store, clock),
  rates,
  ...given,
});
const ecbPort = (given: Partial<Parameters<typeof makeEcb>[0]> = {}): RatesPort =>
  makeEcb({ egress, url: ecb.url, source: 'ecb', maxAgeDays: 5, timeoutMs: 5_000, ...given });

const begin = (startMs: number): Promise<void> => {
  clock.advance(startMs - clock.now());
  return Promise.resolve();
};
const today = (): PlainDate => dayOf(clock.now());
const fetched = () => fetchRates(ports, ACTOR);
const filesAsked = (): string[] => ecb.requests().map((one) => path.posix.basename(one.path));

const ecbRates = async (): Promise<Rate[]> => {
  const all: Rate[] = [];
  for (let after: string | undefined; ; after = all.at(-1)?._id) {
    const page = await store.rates.list(ECB_SCOPE, {}, { limit: 1_000, ...(after === undefined ? {} : { after }) });
    all.push(...page);
    if (page.length < 1_000) return all;
  }
};
const ecbDays = async (): Promise<PlainDate[]> => [...new Set((await ecbRates()).map(({ day }) => day))].sort();
const targetDays = (from: PlainDate, to: PlainDate): PlainDate[] =>
  Array.from({ length: daysBetween(from, to) + 1 }, (_, n) => addDays(from, n)).filter(isTargetDay);
const openStale = async (workspaceId = WS) =>
  (await store.exceptions.list(workspaceId, { state: 'open' }, { limit: 10 })).filter(
    ({ cause }) => cause === 'rates_stale',
  );

/** What the tests leave behind: the ECB's rates stand once in a database. */
const COLLECTIONS = ['rates', 'exceptions'] as const;
let empty: () => Promise<unknown> = async () => {};

beforeAll(async () => {
  store = await openStore(freshDatabase());
  const { db: database } = mongoose.connections.at(-1) ?? {};
  empty = () => Promise.all(COLLECTIONS.map((name) => database?.collection(name).deleteMany({})));
  for (const workspaceId of [WS, OTHER])
    await store.workspaces.insert({
      _id: workspaceId,
      workspaceId,
      name: workspaceId,
      terms: { currency: 'GBP', creditLimitMinor: 0, mandateLimitMinor: 0, marginFloorBps: 0, safetyStock: 0 },
      createdAtMs: START,
    });
});
afterAll(() => store.close());

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'crossdock-rates-'));
  await empty();
  db = openSandboxDb(path.join(folder, 'ecb.db'));
  clock = manualClock(START);
  ecb = await startEcbSandbox({ clock, db, firstDay: FIRST_DAY });
  egress = makeEgress({ allow: [new URL(ecb.url).host] });
  ports = portsWith(ecbPort());
});
afterEach(async () => {
  await ecb.close();
  egress.close();
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the fetch from the ECB', () => {
  it('brings each working day once over five months, none at weekends and on closing days, and writes nothing twice', async () => {
    const first = await fetched();
    expect(first).toMatchObject({ kind: 'fetched', newestDay: '2025-10-31' });
    let { nextAtMs } = first;
    const end = Date.UTC(2026, 3, 8);
    while (nextAtMs < end) {
      clock.advance(nextAtMs - clock.now());
      const asked = ecb.requests().length;
      const result = await fetched();
      expect(result).toMatchObject({ kind: 'fetched', newestDay: today() });
      expect(isTargetDay(today())).toBe(true);
      expect(await fetched()).toMatchObject({ kind: 'fresh', stored: 0, nextAtMs: result.nextAtMs });
      expect(ecb.requests()).toHaveLength(asked + 1);
      expect(await rateNotices(ports, { workspaceId: WS })).toEqual([]);
      nextAtMs = result.nextAtMs;
    }
    const days = targetDays(plainDate('2025-11-03'), plainDate('2026-04-07'));
    expect(filesAsked()).toEqual(['eurofxref-hist-90d.xml', ...days.map(() => 'eurofxref-daily.xml')]);
    expect((await ecbDays()).filter((day) => day >= '2025-11-03')).toEqual(days);
    expect(await openStale()).toEqual([]);
    const all = await ecbRates();
    expect(new Set(all.map(({ pairDay }) => pairDay)).size).toBe(all.length);
    expect(all.every(({ revision, source }) => revision === 1 && source === 'ecb')).toBe(true);
    // The lev was replaced by the euro.
    const lastOf = (quote: string) => all.filter((rate) => rate.quote === quote).at(-1)?.day;
    expect([lastOf('BGN'), lastOf('USD')]).toEqual(['2025-12-31', '2026-04-07']);
  });

  it('that fails for more than a week is noticed before any rate is too old, once a workspace, and is made good without a gap', async () => {
    await begin(Date.UTC(2026, 5, 1, 16));
    const before = await fetched();
    expect(before.kind).toBe('fetched');
    ecb.faults.next('500', { times: 1_000_000 });
    let { nextAtMs } = before;
    let noticedAtMs = 0;
    let noRateAtMs = 0;
    const end = clock.now() + 8 * DAY_MS;
    while (clock.now() < end) {
      clock.advance(nextAtMs - clock.now());
      ({ nextAtMs } = await fetched());
      if (noticedAtMs === 0 && (await openStale()).length > 0) noticedAtMs = clock.now();
      if (noRateAtMs !== 0) continue;
      const found = await findRate(ports, { workspaceId: WS, from: 'USD', to: 'GBP', day: today() });
      if (found.kind === 'none') {
        expect(found).toEqual({ kind: 'none', missing: 'USD', lastDay: before.newestDay });
        noRateAtMs = clock.now();
      }
    }
    expect(noticedAtMs).toBeGreaterThan(0);
    expect(noRateAtMs - noticedAtMs).toBeGreaterThanOrEqual(DAY_MS);
    for (const workspaceId of [WS, OTHER]) {
      const open = await openStale(workspaceId);
      expect(open).toHaveLength(1);
      expect(open[0]).toMatchObject({
        subject: { kind: 'rates', id: 'ecb' },
        detail: expect.stringContaining('2026-06-01'),
      });
    }
    expect((await rateNotices(ports, { workspaceId: WS }))[0]).toMatchObject({ newestDay: '2026-06-01' });

    ecb.faults.clear();
    clock.advance(nextAtMs - clock.now());
    expect(await fetched()).toMatchObject({ kind: 'fetched' });
    expect(filesAsked().at(-1)).toBe('eurofxref-hist-90d.xml');
    const newest = (await ecbDays()).at(-1);
    expect((await ecbDays()).filter((day) => day > '2026-05-31')).toEqual(
      targetDays(plainDate('2026-06-01'), newest ?? today()),
    );
    for (const workspaceId of [WS, OTHER]) expect(await openStale(workspaceId)).toEqual([]);
    expect((await findRate(ports, { workspaceId: WS, from: 'USD', to: 'GBP', day: today() })).kind).toBe('found');
  });

  it.each([
    ['Easter', Date.UTC(2026, 3, 2, 15), Date.UTC(2026, 3, 7, 14)],
    ['Christmas', Date.UTC(2029, 11, 24, 16), Date.UTC(2029, 11, 27, 15)],
  ])('gives no notice over the long weekend of %s, and holds nobody', async (_name, at, until) => {
    await begin(at);
    expect((await fetched()).nextAtMs).toBeGreaterThan(until);
    for (; clock.now() < until; clock.advance(6 * 3_600_000)) {
      expect(await noticeStaleRates(ports, ACTOR, { workspaceId: WS })).toEqual([]);
      const found = await findRate(ports, { workspaceId: WS, from: 'USD', to: 'GBP', day: today() });
      expect(found.kind).toBe('found');
    }
  });

  it('after more than ninety days takes every day there was', async () => {
    await begin(Date.UTC(2025, 10, 3, 16));
    await fetched();
    await begin(Date.UTC(2026, 3, 1, 16));
    expect(await fetched()).toMatchObject({ kind: 'fetched', newestDay: '2026-04-01' });
    expect(filesAsked()).toEqual(['eurofxref-hist-90d.xml', 'eurofxref-hist.xml']);
    expect((await ecbDays()).filter((day) => day >= '2025-11-03')).toEqual(
      targetDays(plainDate('2025-11-03'), plainDate('2026-04-01')),
    );
  });

  it.each(Object.keys(GARBLES).filter((name): name is keyof typeof GARBLES => name in GARBLES))(
    'takes nothing of a file that is wrong (%s), says why, and tries again',
    async (how) => {
      ecb.garble(how);
      const failed = await fetched();
      expect(failed).toMatchObject({ kind: 'failed', stored: 0, newestDay: null, nextAtMs: clock.now() + RETRY_MS });
      expect(failed.reason.length).toBeGreaterThan(20);
      expect(await store.rates.count(ECB_SCOPE, {})).toBe(0);
      clock.advance(RETRY_MS);
      expect(await fetched()).toMatchObject({ kind: 'fetched' });
    },
  );

  it.each(['500', '503_html', '200_html', '429', 'reset', 'truncated', 'hang'] as const)(
    'that the ECB answers with %s is tried again',
    async (fault) => {
      ports = portsWith(ecbPort({ timeoutMs: 500 }));
      ecb.faults.next(fault);
      expect(await fetched()).toMatchObject({ kind: 'failed', nextAtMs: clock.now() + RETRY_MS });
      ports = portsWith(ecbPort());
      expect(await fetched()).toMatchObject({ kind: 'fetched' });
    },
  );

  it('goes to no host that egress does not allow', async () => {
    const closed = makeEgress({ allow: [] });
    ports = portsWith(ecbPort({ egress: closed }));
    expect(await fetched()).toMatchObject({ kind: 'failed', reason: expect.stringContaining('may not be called') });
    expect(ecb.requests()).toEqual([]);
    closed.close();
  });

  it('waits for an ECB that is late, and asks no more once the day is there', async () => {
    await begin(nextFetchAt(START));
    const days = [today(), targetDayBefore(today())];
    let isOut = false;
    ports = portsWith({
      ...ecbPort(),
      read: async () => writeEcbRates(days.filter((day) => isOut || day !== today()).map((day) => ecbDay(1, day))),
    });
    expect(await fetched()).toMatchObject({ kind: 'late', newestDay: days[1], nextAtMs: clock.now() + RETRY_MS });
    clock.advance(RETRY_MS);
    isOut = true;
    expect(await fetched()).toMatchObject({ kind: 'fetched', newestDay: days[0], nextAtMs: nextFetchAt(clock.now()) });
  });

  it('that dies half-way leaves no gap behind the newest day', async () => {
    let left = 1;
    const dying: Store['rates'] = {
      ...store.rates,
      insertMany: async (rates) => {
        left -= 1;
        if (left < 0) throw new Failure('unavailable', 'the database is away');
        return store.rates.insertMany(rates);
      },
    };
    ports = portsWith(ecbPort(), { store: { ...store, rates: dying } });
    expect(await fetched()).toMatchObject({ kind: 'failed' });
    const half = await ecbDays();
    expect(half.length).toBeGreaterThan(3);
    ports = portsWith(ecbPort());
    expect(await fetched()).toMatchObject({ kind: 'fetched' });
    const days = await ecbDays();
    expect(days).toEqual(targetDays(half[0] ?? today(), plainDate('2025-10-31')));
    const all = await ecbRates();
    expect(new Set(all.map(({ pairDay }) => pairDay)).size).toBe(all.length);
  });

  it('by several at once writes each rate once', async () => {
    await Promise.all(Array.from({ length: 4 }, () => fetched()));
    const all = await ecbRates();
    expect(all.length).toBeGreaterThan(400);
    expect(new Set(all.map(({ pairDay }) => pairDay)).size).toBe(all.length);
  });

  it('takes a value that the ECB corrects as a new record', async () => {
    const day = plainDate('2025-10-31');
    const file = (rate: string) => writeEcbRates([{ day, rates: [{ currency: 'USD', rate }] }]);
    ports = portsWith({ ...ecbPort(), read: async () => file('1.1000') });
    await fetched();
    const before = await findRate(ports, { workspaceId: WS, from: 'EUR', to: 'USD', day });
    // Asked for once more on the next day, with the day before corrected.
    await begin(nextFetchAt(START));
    ports = portsWith({ ...ecbPort(), read: async () => file('1.2000') });
    expect(await fetched()).toMatchObject({ kind: 'late', stored: 1 });
    expect(await findRate(ports, { workspaceId: WS, from: 'EUR', to: 'USD', day })).toMatchObject({
      legs: [{ rate: '1.2000' }],
    });
    const stamped = before.kind === 'found' ? before.legs[0].rateId : '';
    expect(await store.rates.find(ECB_SCOPE, stamped)).toMatchObject({ rate: '1.1000', revision: 1 });
  });

  it('asks nobody while it is off', async () => {
    ports = portsWith(ecbPort({ source: 'off' }));
    expect(await fetched()).toMatchObject({ kind: 'off', stored: 0 });
    expect(ecb.requests()).toEqual([]);
    expect(await unpublished(ports, ['TWD'])).toEqual([]);
    // Nobody who keeps no rates is told of old ones; who does, is.
    await begin(START + 40 * DAY_MS);
    expect(await rateNotices(ports, { workspaceId: WS })).toEqual([]);
    await putRate(ports, ACTOR, { workspaceId: WS, base: 'EUR', quote: 'USD', rate: '1.1' });
    clock.advance(4 * DAY_MS);
    await fetched();
    expect(await openStale()).toHaveLength(1);
    expect(await openStale(OTHER)).toEqual([]);
    await putRate(ports, ACTOR, { workspaceId: WS, base: 'EUR', quote: 'USD', rate: '1.1' });
    expect(await openStale()).toEqual([]);
  });

  it('that never worked is told after three days', async () => {
    ecb.faults.next('500', { times: 1_000_000 });
    for (let day = 0; day <= 3; day += 1, clock.advance(DAY_MS)) {
      await fetched();
      expect(await openStale()).toEqual([]);
    }
    await fetched();
    expect(await openStale()).toHaveLength(1);
  });
});

describe('the rate of a day', () => {
  const question = (from: string, to: string, day: string, workspaceId = WS) => ({ workspaceId, from, to, day });

  beforeEach(async () => {
    await begin(Date.UTC(2026, 0, 9, 16));
    await fetched();
  });

  it('is the last published on or before it, with both legs of a cross and their ids', async () => {
    const friday = await findRate(ports, question('USD', 'GBP', '2026-01-09'));
    const sunday = await findRate(ports, question('USD', 'GBP', '2026-01-11'));
    expect(sunday).toEqual(friday);
    if (friday.kind !== 'found') throw new Error('there is no rate');
    expect(friday.day).toBe('2026-01-09');
    expect(friday.legs).toMatchObject([
      { base: 'EUR', quote: 'USD', source: 'ecb', inverse: true },
      { base: 'EUR', quote: 'GBP', source: 'ecb', inverse: false },
    ]);
    const kept = await store.rates.findMany(
      ECB_SCOPE,
      friday.legs.map(({ rateId }) => rateId),
    );
    expect(kept.map(({ rate }) => rate)).toEqual(friday.legs.map(({ rate }) => rate));
    expect(await findRate(ports, question('GBP', 'GBP', '2026-01-11'))).toEqual({ kind: 'same' });
  });

  it('is at most five days old', async () => {
    expect(await findRate(ports, question('EUR', 'USD', '2026-01-14'))).toMatchObject({ day: '2026-01-09' });
    expect(await findRate(ports, question('EUR', 'USD', '2026-01-15'))).toEqual({
      kind: 'none',
      missing: 'USD',
      lastDay: '2026-01-09',
    });
    expect(await findRate(ports, { ...question('EUR', 'USD', '2026-01-15'), maxAgeDays: 6 })).toMatchObject({
      kind: 'found',
    });
  });

  it('is none, by name, for a currency that was or is not published', async () => {
    expect(await findRate(ports, question('BGN', 'GBP', '2026-01-09'))).toEqual({
      kind: 'none',
      missing: 'BGN',
      lastDay: '2025-12-31',
    });
    expect(await findRate(ports, question('GBP', 'TWD', '2026-01-09'))).toEqual({
      kind: 'none',
      missing: 'TWD',
      lastDay: null,
    });
    const refused = convertMoney(ports, { ...question('GBP', 'TWD', '2026-01-09'), amount: 100 });
    await expect(refused).rejects.toThrow('There is no rate on file for TWD');
    expect(await unpublished(ports, ['TWD', 'USD', 'EUR', 'VND', 'TWD', 'BGN', 'AED'])).toEqual([
      'TWD',
      'VND',
      'BGN',
      'AED',
    ]);
    const published = await publishedCurrencies(ports);
    expect(published?.day).toBe('2026-01-09');
    expect(published?.currencies).toEqual(expect.arrayContaining(['EUR', 'USD', 'ZAR']));
    expect(published?.currencies).not.toContain('BGN');
  });

  it('finds the last day of a currency that ended long ago', async () => {
    const rows = Array.from(
      { length: 1_200 },
      (_, n) => `${addDays(plainDate('2018-11-18'), n)},EUR,RUB,${80 + (n % 9)}`,
    );
    await importRates(ports, ACTOR, {
      workspaceId: WS,
      format: 'csv',
      content: ['day,base,quote,rate', ...rows].join('\n'),
    });
    const found = await findRate(ports, question('RUB', 'EUR', '2026-01-09'));
    expect(found).toEqual({ kind: 'none', missing: 'RUB', lastDay: '2022-03-01' });
    expect(await findRate(ports, question('RUB', 'EUR', '2021-06-15'))).toMatchObject({ day: '2021-06-15' });
    expect(await findRate(ports, question('RUB', 'EUR', '2018-11-17'))).toMatchObject({ lastDay: null });
  });

  it('typed by a workspace counts for its day and for this workspace alone', async () => {
    await putRate(ports, ACTOR, { workspaceId: WS, base: 'EUR', quote: 'USD', rate: '2', day: '2026-01-09' });
    expect(await convertMoney(ports, { ...question('EUR', 'USD', '2026-01-10'), amount: 100 })).toMatchObject({
      to: { amount: 200, currency: 'USD' },
      legs: [{ source: 'typed' }],
    });
    expect(await findRate(ports, question('EUR', 'USD', '2026-01-10', OTHER))).toMatchObject({
      legs: [{ source: 'ecb' }],
    });
    expect(await findRate(ports, question('EUR', 'USD', '2026-01-08'))).toMatchObject({ legs: [{ source: 'ecb' }] });
    // A cross takes it for its leg.
    expect(await findRate(ports, question('GBP', 'USD', '2026-01-10'))).toMatchObject({
      legs: [{ source: 'ecb' }, { source: 'typed' }],
    });
    const ofOther = await listRates(ports, { workspaceId: OTHER, quote: 'USD', limit: 500 });
    expect(ofOther.rates.every(({ workspaceId }) => workspaceId === ECB_SCOPE)).toBe(true);
  });

  it('typed once more is a new record; what was stamped before is still there as it was', async () => {
    const put = (rate: string) => putRate(ports, ACTOR, { workspaceId: WS, base: 'EUR', quote: 'TWD', rate });
    const first = await put('36.5');
    expect(await put('36.50')).toEqual(first);
    const second = await put('36.6');
    const third = await put('36.5');
    expect([first, second, third].map(({ revision }) => revision)).toEqual([1, 2, 3]);
    expect(new Set([first._id, second._id, third._id]).size).toBe(3);
    expect(await findRate(ports, question('EUR', 'TWD', today()))).toMatchObject({ legs: [{ rateId: third._id }] });
    expect(await store.rates.find(WS, first._id)).toEqual(first);
  });

  it('typed by several at once has one record for each value', async () => {
    const values = ['36.1', '36.2', '36.3', '36.1', '36.2', '36.3'];
    await Promise.all(
      values.map((rate) => putRate(ports, ACTOR, { workspaceId: WS, base: 'EUR', quote: 'TWD', rate })),
    );
    const { rates } = await listRates(ports, { workspaceId: WS, quote: 'TWD', limit: 100 });
    expect(new Set(rates.map(({ rate }) => rate)).size).toBe(3);
    expect(rates.map(({ revision }) => revision).sort()).toEqual(rates.map((_, at) => at + 1));
  });
});

describe('an import', () => {
  const send = (content: string, format: 'csv' | 'ecb_xml' = 'csv') =>
    importRates(ports, ACTOR, { workspaceId: WS, format, content });

  it('of a file of the ECB is the workspace’s own; nobody writes the ECB’s rates but the fetch', async () => {
    const xml = writeEcbRates([ecbDay(7, plainDate('2025-10-30')), ecbDay(7, plainDate('2025-10-31'))]);
    const done = await send(xml, 'ecb_xml');
    expect(done).toMatchObject({ firstDay: '2025-10-30', lastDay: '2025-10-31', unchanged: 0 });
    expect(done.stored).toBe(done.rates);
    expect(await send(xml, 'ecb_xml')).toMatchObject({ stored: 0, unchanged: done.rates });
    expect(await store.rates.count(ECB_SCOPE, {})).toBe(0);
    expect(await store.rates.count(OTHER, {})).toBe(0);
    const { rates } = await listRates(ports, { workspaceId: WS, limit: 500 });
    expect(rates.every(({ source, by }) => source === 'import' && by.id === 'test')).toBe(true);
  });

  it('that is repeated does not take back what was typed since', async () => {
    const file = 'day,base,quote,rate\n2025-11-03,EUR,TWD,36.5';
    await send(file);
    clock.advance(1_000);
    const typed = await putRate(ports, ACTOR, {
      workspaceId: WS,
      base: 'EUR',
      quote: 'TWD',
      rate: '36.9',
      day: '2025-11-03',
    });
    clock.advance(1_000);
    expect(await send(file)).toMatchObject({ stored: 0, unchanged: 1 });
    const question = { workspaceId: WS, from: 'EUR', to: 'TWD', day: '2025-11-03' };
    expect(await findRate(ports, question)).toMatchObject({ legs: [{ rateId: typed._id }] });
    // Another value in a newer file counts again.
    expect(await send('day,base,quote,rate\n2025-11-03,EUR,TWD,36.7')).toMatchObject({ stored: 1 });
    expect(await findRate(ports, question)).toMatchObject({ legs: [{ rate: '36.7' }] });
  });

  it('with a fault anywhere writes nothing', async () => {
    const rows = Array.from({ length: 700 }, (_, n) => `${addDays(plainDate('2023-11-01'), n)},EUR,AED,4.0${n % 9}1`);
    for (const content of [
      ['day,base,quote,rate', ...rows, '2025-11-01,EUR,AED,0'].join('\n'),
      ['day,base,quote,rate', ...rows, '2025-11-01,EUR,BGQ,1'].join('\n'),
      ['day,base,quote,rate', ...rows, '2025-11-09,EUR,AED,1'].join('\n'),
    ]) {
      const refused = await send(content).catch((error: unknown) => error);
      if (!isFailure(refused, 'rejected')) throw refused;
      expect(refused.safe['errors']).toEqual([
        { path: expect.stringMatching(/^row 702 (rate|quote|day)$/), message: expect.any(String) },
      ]);
    }
    for (const xml of [GARBLES.zero_rate, GARBLES.twice, GARBLES.doctype_bomb, GARBLES.future, GARBLES.cut])
      await expect(send(xml(writeEcbRates([ecbDay(1, plainDate('2025-10-31'))])), 'ecb_xml')).rejects.toThrow(
        'Nothing was imported',
      );
    expect(await store.rates.count(WS, {})).toBe(0);
  });

  it('of more rates than one request may hold is refused with what to do', async () => {
    const days = Array.from({ length: 5_100 }, (_, n) => addDays(plainDate('2010-01-01'), n));
    const rows = days.flatMap((day) => ['AED', 'SAR', 'TWD', 'VND'].map((quote) => `${day},EUR,${quote},4.1`));
    expect(rows.length).toBeGreaterThan(MOST_RATES);
    await expect(send(['day,base,quote,rate', ...rows].join('\n'))).rejects.toThrow('split it by days');
    expect(await store.rates.count(WS, {})).toBe(0);
  });
});

describe('the list', () => {
  it('shows each rate once, oldest day first, over pages of any size, the workspace’s own and the ECB’s', async () => {
    await begin(Date.UTC(2026, 0, 9, 16));
    await fetched();
    for (const day of ['2025-11-20', '2025-12-24', '2026-01-09'])
      await putRate(ports, ACTOR, { workspaceId: WS, base: 'USD', quote: 'TWD', rate: '32.5', day });
    const all = async (limit: number, given: object = {}) => {
      const ids: string[] = [];
      let after: string | undefined;
      do {
        const page = await listRates(ports, { workspaceId: WS, limit, after, ...given });
        expect(page.rates.length).toBeLessThanOrEqual(limit);
        ids.push(...page.rates.map(({ _id }) => _id));
        after = page.next ?? undefined;
      } while (after !== undefined);
      return ids;
    };
    const ecbCount = await store.rates.count(ECB_SCOPE, {});
    const one = await all(500);
    expect(one).toHaveLength(ecbCount + 3);
    expect(one).toEqual([...new Set(one)].sort());
    expect(await all(97)).toEqual(one);
    expect(await all(500, { source: 'typed' })).toHaveLength(3);
    expect(await all(500, { base: 'USD', quote: 'TWD', day: '2025-12-24' })).toHaveLength(1);
    expect(await all(500, { from: '2026-01-09' })).toEqual(one.filter((id) => id >= 'rt_2026-01-09'));
    expect(await all(500, { from: '2025-12-25', quote: 'TWD' })).toHaveLength(1);
  });
});
