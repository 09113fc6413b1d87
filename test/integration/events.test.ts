import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type App, makeApp } from '#app/app.ts';
import { changeOrder } from '#app/change.ts';
import type { Ports, Store } from '#app/ports.ts';
import { systemActor } from '#domain/actor.ts';
import { manualClock } from '#domain/clock.ts';
import { type Event, eventHash } from '#domain/event.ts';
import { born, noted } from '#domain/move.ts';
import { orderMachine } from '#domain/order.ts';
import { makeSecrets } from '#runtime/secrets.ts';
import { backup } from '#store/backup.ts';
import { connectTo } from '#store/connect.ts';
import { MIGRATIONS } from '#store/migrations/index.ts';
import { restore } from '#store/restore.ts';
import { openStore } from '#store/store.ts';
import { sampleOrder } from '../../src/console/testing/samples.ts';
import { portsOn } from '../support/ports.ts';
import { freshDatabase } from '../support/servers.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 5, 9);
const actor = systemActor('test');
const uri = freshDatabase();
const clock = manualClock(START);

let store: Store;
let raw: Awaited<ReturnType<typeof connectTo>>;
let ports: Ports;
let app: App;
let folder: string;
beforeAll(async () => {
  store = await openStore(uri);
  raw = await connectTo(uri);
  ports = portsOn(store, clock);
  app = makeApp(ports);
  folder = mkdtempSync(path.join(tmpdir(), 'crossdock-events-'));
});
afterAll(async () => {
  await store?.close();
  await raw?.connection.close();
  rmSync(folder, { recursive: true, force: true });
});

let spaces = 0;
const freshWorkspace = (): string => {
  spaces += 1;
  return `wv_${spaces}`;
};
const orderIn = async (workspaceId: string, name = 'one'): Promise<string> => {
  const order = { ...sampleOrder(name), _id: `or_${workspaceId}_${name}`, workspaceId, newsSeq: 0 };
  await store.orders.insert(born(orderMachine, { ...order, state: 'received' as const }, { actor, atMs: clock.now() }));
  return order._id;
};
const tell = (workspaceId: string, orderId: string, note: string) =>
  changeOrder(ports, workspaceId, orderId, (current) =>
    noted(current, 'order.held', {}, { actor, atMs: clock.now(), personal: { note } }),
  );
const eventsOf = (workspaceId: string, of: Store = store): Promise<Event[]> =>
  of.events.list(workspaceId, {}, { limit: 10_000 });
const verify = (workspaceId: string) => app.verifyEvents(actor, { workspaceId, after: null, limit: 10_000 });
const events = () => raw.db.collection<{ _id: string }>('events');

/** A workspace with one order that has told five things, all filed. */
const filed = async (): Promise<{ workspaceId: string; orderId: string }> => {
  const workspaceId = freshWorkspace();
  const orderId = await orderIn(workspaceId);
  for (const note of ['a', 'b', 'c', 'd']) await tell(workspaceId, orderId, note);
  await app.fileEvents(actor, { workspaceId });
  expect(await verify(workspaceId)).toEqual({ events: 5, erased: 0, next: null, problems: [] });
  return { workspaceId, orderId };
};

it('names the event that somebody changed in the database', async () => {
  const { workspaceId } = await filed();
  await events().updateOne({ _id: (await eventsOf(workspaceId))[2]?._id ?? '' }, { $set: { to: 'closed' } });
  expect((await verify(workspaceId)).problems).toEqual([{ seq: 3, what: 'event 3 was changed: its hash is another' }]);
});

it('sees that the newest events are gone, and that one in the middle is', async () => {
  const last = await filed();
  await events().deleteOne({ _id: (await eventsOf(last.workspaceId))[4]?._id ?? '' });
  expect((await verify(last.workspaceId)).problems).toEqual([
    { seq: 4, what: 'events 5 to 5 were filed and are gone' },
  ]);
  const middle = await filed();
  await events().deleteOne({ _id: (await eventsOf(middle.workspaceId))[1]?._id ?? '' });
  expect((await verify(middle.workspaceId)).problems).toEqual([
    { seq: 3, what: 'event 1 should be followed by 2, not by 3' },
  ]);
});

it('sees a chain that was written anew, with every hash right', async () => {
  const { workspaceId } = await filed();
  let prevHash = '';
  for (const event of await eventsOf(workspaceId)) {
    const forged = { ...event, prevHash, to: event.seq === 2 ? 'closed' : event.to };
    const hash = eventHash(forged);
    await events().updateOne({ _id: event._id }, { $set: { prevHash, to: forged.to, hash } });
    prevHash = hash;
  }
  const unsigned = [1, 2, 3, 4, 5].map((seq) => ({ seq, what: `event ${seq} is not signed by our key` }));
  expect((await verify(workspaceId)).problems.filter(({ what }) => what.includes('not signed'))).toEqual(
    expect.arrayContaining(unsigned.slice(1)),
  );
  // Nor does it help to write the end down anew, or to take it away: what is there is not signed.
  const chains = raw.db.collection<{ _id: string }>('eventChains');
  await chains.updateOne({ _id: workspaceId }, { $set: { 'end.hash': prevHash } });
  expect((await verify(workspaceId)).problems).toEqual(
    expect.arrayContaining([{ seq: 5, what: 'the end of the chain is not signed by our key' }]),
  );
  await chains.deleteOne({ _id: workspaceId });
  expect((await verify(workspaceId)).problems).toEqual(expect.arrayContaining(unsigned.slice(1)));
});

it('is verified in parts, with the same result as in one', async () => {
  const { workspaceId } = await filed();
  await events().updateOne({ _id: (await eventsOf(workspaceId))[2]?._id ?? '' }, { $set: { to: 'closed' } });
  const found: number[] = [];
  let counted = 0;
  for (let after: number | null = null, more = true; more; more = after !== null) {
    const part = await app.verifyEvents(actor, { workspaceId, after, limit: 2 });
    found.push(...part.problems.map(({ seq }) => seq));
    counted += part.events;
    after = part.next;
  }
  expect({ found, counted }).toEqual({ found: [3], counted: 5 });
});

it('knows what an older master key signed, and no other key', async () => {
  const { workspaceId } = await filed();
  const old = Buffer.alloc(32, 7);
  const verifiedBy = (signer: Ports['signer']) =>
    makeApp({ ...ports, signer }).verifyEvents(actor, { workspaceId, after: null, limit: 10_000 });
  expect((await verifiedBy(makeSecrets([Buffer.alloc(32, 8), old]))).problems).toEqual([]);
  // The end, and each event.
  expect((await verifiedBy(makeSecrets([Buffer.alloc(32, 8)]))).problems).toHaveLength(1 + 5);
});

it('starts at a signed checkpoint when the oldest were removed, also by a run that died between its two writes', async () => {
  const { workspaceId, orderId } = await filed();
  const years = ports.retention.eventsDays * DAY;
  clock.advance(years - DAY);
  await tell(workspaceId, orderId, 'young');
  await app.fileEvents(actor, { workspaceId });
  clock.advance(2 * DAY);
  const dying = makeApp({
    ...ports,
    store: { ...store, events: { ...store.events, deleteMany: () => Promise.reject(new Error('killed')) } },
  });
  await expect(dying.runRetention(actor, { workspaceId })).rejects.toThrow('killed');
  expect((await eventsOf(workspaceId)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(await verify(workspaceId)).toEqual({ events: 1, erased: 0, next: null, problems: [] });
  while (!(await app.runRetention(actor, { workspaceId })).done);
  expect((await eventsOf(workspaceId)).map(({ seq }) => seq)).toEqual([6]);
  expect(await verify(workspaceId)).toEqual({ events: 1, erased: 0, next: null, problems: [] });
  // Whoever removes one more without our key is seen.
  await events().deleteOne({ _id: (await eventsOf(workspaceId))[0]?._id ?? '' });
  expect((await verify(workspaceId)).problems).toEqual([{ seq: 5, what: 'events 6 to 6 were filed and are gone' }]);
});

it('survives a backup that runs while events are filed: after the restore each piece of news is filed once', async () => {
  // Databases of their own, as a backup holds all of one.
  const [from, to] = [freshDatabase(), freshDatabase()];
  const first = await openStore(from);
  const [source, target] = [await connectTo(from), await connectTo(to)];
  const workspaceId = 'wb';
  const ids = ['early', 'late'].map((name) => `or_${name}`);
  for (const _id of ids) {
    const order = { ...sampleOrder(_id), _id, workspaceId, newsSeq: 0, state: 'received' as const };
    await first.orders.insert(born(orderMachine, order, { actor, atMs: clock.now() }));
  }
  const given = { db: source.db, product: 'test', clock, say: () => {} };
  const [early, late] = [path.join(folder, 'early'), path.join(folder, 'late')];
  const manifest = await backup({ ...given, folder: early });
  await makeApp(portsOn(first, clock)).fileEvents(actor, { workspaceId });
  const { files } = await backup({ ...given, folder: late });
  // One backup in which documents were read before their news was filed, and the events after it.
  copyFileSync(path.join(late, 'events.ndjson.gz'), path.join(early, 'events.ndjson.gz'));
  const mixed = [
    ...manifest.files.filter(({ collection }) => collection !== 'events'),
    ...files.filter(({ collection }) => collection === 'events'),
  ];
  writeFileSync(path.join(early, 'manifest.json'), JSON.stringify({ ...manifest, files: mixed }));

  await restore({ db: target.db, folder: early, newest: MIGRATIONS.length, say: () => {} });
  const second = await openStore(to);
  expect(await eventsOf(workspaceId, second)).toHaveLength(2);
  const restored = makeApp(portsOn(second, clock));
  // What happens after the restore is filed behind what was filed before it.
  const order = await second.orders.find(workspaceId, ids[0] ?? '');
  if (!order) throw new Error('the order was not restored');
  await second.orders.change(order._id, {}, noted(order, 'order.held', {}, { actor, atMs: clock.now() }));
  await restored.fileEvents(actor, { workspaceId });
  const told = (await eventsOf(workspaceId, second)).map(({ subject, newsSeq }) => [subject.id, newsSeq]);
  expect(told).toEqual([...ids.map((id) => [id, 1]), [ids[0], 2]]);
  expect((await restored.verifyEvents(actor, { workspaceId, after: null, limit: 100 })).problems).toEqual([]);
  await Promise.all([first.close(), second.close(), source.connection.close(), target.connection.close()]);
});
