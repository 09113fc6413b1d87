import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Db } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Store } from '#app/ports.ts';
import type { ModeName } from '#domain/offer.ts';
import { isProblem } from '#simulator/api-client.ts';
import { backup } from '#store/backup.ts';
import { COLLECTIONS } from '#store/collections.ts';
import { connectTo } from '#store/connect.ts';
import { metaOf } from '#store/meta.ts';
import { MIGRATIONS } from '#store/migrations/index.ts';
import { restore } from '#store/restore.ts';
import { freshDatabase } from '../support/servers.ts';
import { closed, ITEMS, itemOf, orderWhen, place } from '../support/shop.ts';
import { openStand, type Stand, until } from '../support/stand.ts';

const NEWEST = MIGRATIONS.length;
const BOUGHT = 50;
const say = () => {};

let stand: Stand;
let folder: string;
let first: Awaited<ReturnType<typeof connectTo>>;
let second: Awaited<ReturnType<typeof connectTo>>;
const [firstUri, secondUri] = [freshDatabase(), freshDatabase()];

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'crossdock-restore-'));
  first = await connectTo(firstUri);
  second = await connectTo(secondUri);
  stand = await openStand({ items: ITEMS, mongodbUri: firstUri });
});
afterAll(async () => {
  await stand?.close();
  await Promise.all([first?.connection.close(), second?.connection.close()]);
  rmSync(folder, { recursive: true, force: true });
});

const purchases = () => stand.world.sandboxes.cj.effects('purchases').map(({ reference }) => String(reference));
const labels = () => stand.world.sandboxes.easypost.effects('labels').map(({ reference }) => String(reference));
const buy = (name: string, mode: ModeName, storefront = 0) =>
  place(stand, name, [{ item: itemOf(mode), quantity: 1 }], storefront);

/** Every shelf is the sum of its ledger and of what is on its way there, and what is reserved is held by somebody. */
const unbalanced = async (store: Store): Promise<string[]> => {
  const levels = await store.levels.list('main', {}, { limit: 1_000 });
  const ledger = await store.movements.list('main', {}, { limit: 100_000 });
  return levels.flatMap((level) => {
    const own = new Map(
      [...level.journal, ...ledger.filter((m) => m.sku === level.sku && m.location === level.location)].map((m) => [
        m._id,
        m,
      ]),
    );
    const sum = (field: 'onHand' | 'reserved' | 'onOrder') => [...own.values()].reduce((a, m) => a + m[field], 0);
    const held = level.open.reduce((a, line) => a + line.quantity, 0);
    const fits =
      sum('onHand') === level.onHand &&
      sum('reserved') === level.reserved &&
      sum('onOrder') === level.onOrder &&
      held === level.reserved;
    return fits
      ? []
      : [`${level._id}: ${JSON.stringify([level.onHand, sum('onHand'), level.reserved, sum('reserved'), held])}`];
  });
};

/** Documents that do not fit the schema of their collection, and how many were looked at. */
const misfits = async (db: Db) => {
  let seen = 0;
  const bad: string[] = [];
  for (const { collection, schema } of Object.values(COLLECTIONS))
    for (const document of await db.collection(collection).find().toArray()) {
      if (String(document._id) === 'ready-probe') continue;
      seen += 1;
      const parsed = schema.safeParse(document);
      if (!parsed.success)
        bad.push(
          `${collection} ${String(document._id)}: ${parsed.error.issues.map((i) => `${i.path.join('.')} ${i.message}`).join()}`,
        );
    }
  return { seen, bad };
};

const clock = () => ({ now: () => stand.world.clock.clock.now() });

it('a store that is lost comes back from its backup: what was bought since is bought once, and the books balance', async () => {
  for (const n of [1, 2]) {
    buy(`R-before-${n}`, 'oem_dropship');
    buy(`R-shelf-${n}`, 'wholesale', 1);
  }
  for (const n of [1, 2]) await orderWhen(stand, `R-before-${n}`, 'closed', closed);
  // Work is under way while the backup runs.
  for (let n = 1; n <= 5; n += 1) buy(`R-during-${n}`, n % 2 ? 'oem_dropship' : 'wholesale', n % 2);
  const to = path.join(folder, 'backup');
  const manifest = await backup({ db: first.db, folder: to, product: 'test', clock: clock(), say });
  expect(manifest.files.map(({ collection }) => collection)).toEqual(
    expect.arrayContaining(['orders', 'legs', 'movements']),
  );
  expect(readFileSync(path.join(to, 'manifest.json'), 'utf8')).not.toContain('master');

  for (let n = 1; n <= BOUGHT; n += 1) buy(`R-after-${n}`, 'oem_dropship', n % 2);
  buy('R-after-shelf', 'wholesale');
  for (let n = 1; n <= BOUGHT; n += 1) await orderWhen(stand, `R-after-${n}`, 'closed', closed, 300_000);
  await orderWhen(stand, 'R-after-shelf', 'closed', closed);
  const bought = purchases();
  expect(new Set(bought).size).toBe(bought.length);
  expect(bought.length).toBe(2 + 3 + BOUGHT);
  expect((await misfits(first.db)).bad).toEqual([]);

  await restore({ db: second.db, folder: to, newest: NEWEST, say });
  const quiet = await second.db.collection('connections').find().toArray();
  expect(quiet.map(({ live }) => live)).toEqual(quiet.map(() => false));
  expect(quiet).toHaveLength(5);
  await stand.replaceProduct(secondUri);
  const { api } = stand;
  // Refused as long as there is something to find out, and nothing is bought until then.
  await until(
    'the workspace resumes',
    async () => {
      const answer = await api.post('/v1/restore/resume', {}).catch((error: unknown) => {
        if (isProblem(error) && error.status === 409) return null;
        throw error;
      });
      if (answer === null) expect(purchases().length).toBe(bought.length);
      return answer !== null;
    },
    300_000,
  );
  const status = (await api.get('/v1/restore')) as {
    state: string;
    newOrders: number;
    shippedElsewhere: { orders: number; items: { orderNumber: string; lines: object[] }[] };
    notices: string[];
  };
  expect(status).toMatchObject({ state: 'resumed', waitingFor: [] });
  expect(status.newOrders).toBeGreaterThanOrEqual(BOUGHT + 1);
  // What left after the backup is named, for its cost is posted nowhere; what the backup holds as shipped is not.
  const elsewhere = new Map(status.shippedElsewhere.items.map(({ orderNumber, lines }) => [orderNumber, lines]));
  expect(status.shippedElsewhere.orders).toBe(elsewhere.size);
  for (const [name, mode] of [
    ['R-after-1', 'oem_dropship'],
    [`R-after-${BOUGHT}`, 'oem_dropship'],
    ['R-after-shelf', 'wholesale'],
  ] as const)
    expect([name, elsewhere.get(name)]).toEqual([name, [{ sku: itemOf(mode).sku, quantity: 1 }]]);
  expect(elsewhere.size).toBeGreaterThanOrEqual(BOUGHT + 1);
  expect([...elsewhere.keys()].filter((name) => name.startsWith('R-before'))).toEqual([]);
  expect(status.notices.join(' ')).toContain('POST /v1/charges');
  // What the shop shows as shipped ends as shipped elsewhere and is bought no more; what was under way is found at its supplier.

  buy('R-new', 'oem_dropship');
  await orderWhen(stand, 'R-new', 'closed', closed, 300_000);
  for (let n = 1; n <= BOUGHT; n += 1) await orderWhen(stand, `R-after-${n}`, 'closed', closed, 300_000);
  for (const name of ['R-after-shelf', 'R-shelf-1', 'R-during-2', 'R-during-1'])
    await orderWhen(stand, name, 'closed', closed, 300_000);
  const now = purchases();
  expect(new Set(now).size).toBe(now.length);
  expect(now.toSorted().filter((reference) => bought.includes(reference))).toEqual(bought.toSorted());
  expect(now.length).toBe(bought.length + 1);
  expect(new Set(labels()).size).toBe(labels().length);
  expect(await unbalanced(stand.platform.store)).toEqual([]);
  const fits = await misfits(second.db);
  expect(fits.bad).toEqual([]);
  expect(fits.seen).toBeGreaterThan(300);
  // Each order’s sale is posted once.
  const postings = await stand.platform.store.postings.list('main', {}, { limit: 10_000 });
  const sales = Map.groupBy(
    postings.filter(({ kind, from }) => kind === 'sale' && from === 'buyer'),
    ({ lineId }) => lineId,
  );
  expect([...sales.values()].filter((of) => of.length > 1)).toEqual([]);
}, 900_000);

it('a backup goes into an empty store only, whole and not from a newer program; cut off, it goes on', async () => {
  const to = path.join(folder, 'backup');
  const opened = await connectTo(freshDatabase());
  const { db } = opened;
  const refused = async (options: { into?: Db; from?: string; newest?: number }) => {
    const { into = db, from = to, newest = NEWEST } = options;
    const error: unknown = await restore({ db: into, folder: from, newest, say }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'ConfigError' });
    return error instanceof Error ? error.message : '';
  };
  expect(await refused({ into: first.db })).toContain('The store is not empty');
  expect(await refused({ newest: 0 })).toContain('use a newer one');
  expect(await refused({ from: folder })).toContain('holds no backup');
  const whole = readFileSync(path.join(to, 'orders.ndjson.gz'));
  appendFileSync(path.join(to, 'orders.ndjson.gz'), 'x');
  expect(await refused({})).toContain('not what the backup wrote');
  expect(await db.listCollections().toArray()).toEqual([]);
  writeFileSync(path.join(to, 'orders.ndjson.gz'), whole);

  const killed = restore({
    db,
    folder: to,
    newest: NEWEST,
    say: (line) => {
      if (line.startsWith('Restore: legs')) throw new Error('killed');
    },
  });
  await expect(killed).rejects.toThrow('killed');
  expect(await metaOf(db).restored.get()).toMatchObject({ state: 'under way' });
  await expect(backup({ db, folder: path.join(folder, 'half'), product: 'test', clock: clock(), say })).rejects.toThrow(
    'half restored',
  );
  const manifest = await restore({ db, folder: to, newest: NEWEST, say });
  expect(await metaOf(db).restored.get()).toMatchObject({ state: 'done' });
  for (const { collection, documents } of manifest.files)
    if (collection !== 'movements')
      expect([collection, await db.collection(collection).countDocuments()]).toEqual([collection, documents]);
  await opened.connection.close();
});
