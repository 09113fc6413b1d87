import type { CommandStartedEvent, Db, Document as MongoDocument } from 'mongodb';
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Document, Documents, Store } from '#app/ports.ts';
import { isFailure } from '#domain/failure.ts';
import type { Leg } from '#domain/leg.ts';
import type { SealedToken } from '#domain/records.ts';
import { COLLECTIONS, type CollectionName } from '#store/collections.ts';
import { openStore } from '#store/store.ts';
import { freshDatabase } from '../support/servers.ts';

let uri: string;
let store: Store;
let db: Db;
let sent: CommandStartedEvent[] = [];

const NAMES = Object.keys(COLLECTIONS).filter((name): name is CollectionName => name in COLLECTIONS);
const A = 'ws_a';
const B = 'ws_b';
/** Of each workspace, in each collection. */
const SEEDED = 150;

beforeAll(async () => {
  uri = freshDatabase();
  // The driver reports every command it sends: what is explained below is what the store really asked.
  store = await openStore(`${uri}${uri.includes('?') ? '&' : '?'}monitorCommands=true`);
  const connection = mongoose.connections.at(-1);
  if (!connection?.db) throw new Error('the store has no connection');
  connection.getClient().on('commandStarted', (event: CommandStartedEvent) => {
    sent.push(event);
  });
  db = connection.db;
  await Promise.all(
    NAMES.map((name) =>
      db.collection<{ _id: string }>(name).insertMany(
        [A, B].flatMap((workspaceId) =>
          Array.from({ length: SEEDED }, (_, n) => ({
            _id: `${name}_${workspaceId}_${String(n).padStart(4, '0')}`,
            workspaceId,
            dueAtMs: n % 3 === 0 ? 1_000 + n : null,
            ...(COLLECTIONS[name].recent ? { [COLLECTIONS[name].recent]: n } : {}),
            // Few values, so that no filter is selective by luck.
            ...Object.fromEntries(COLLECTIONS[name].flags.map((flag) => [flag, n % 3 === 0])),
            ...Object.fromEntries(COLLECTIONS[name].lists.flat().map((field, at) => [field, `v${(n >> at) % 3}`])),
          })),
        ),
      ),
    ),
  );
});
afterAll(() => store.close());

/** A collection with its documents' shape forgotten: the filters below are made from the table of collections. */
const anyDocuments = (name: CollectionName): Documents<Document & Record<string, unknown>> => {
  const port: unknown = store[name];
  const isPort = (value: unknown): value is Documents<Document & Record<string, unknown>> =>
    typeof value === 'object' && value !== null && 'list' in value && 'due' in value;
  if (!isPort(port)) throw new Error(`the store has no ${name}`);
  return port;
};

/** Runs `ask` and returns what the driver sent for it. */
const commandsOf = async (ask: () => Promise<unknown>): Promise<MongoDocument[]> => {
  sent = [];
  await ask();
  return sent.map(({ command: { lsid, $db, $clusterTime, txnNumber, ...command } }) => command);
};

/** Every stage of the plan that the server chose, from the top down, with the index it uses. */
const stagesOf = (plan: MongoDocument): string[] => {
  const { stage, keyPattern, inputStage, inputStages = [], shards, winningPlan } = plan;
  const key = keyPattern ? ` ${Object.keys(keyPattern).join(',')}` : '';
  return [
    ...(typeof stage === 'string' ? [`${stage}${key}`] : []),
    ...[winningPlan, inputStage, ...inputStages, ...(shards ?? [])].filter(Boolean).flatMap(stagesOf),
  ];
};

const explain = async (command: MongoDocument): Promise<string[]> => {
  const answer = await db.command({ explain: command, verbosity: 'queryPlanner' });
  const { queryPlanner } = answer.queryPlanner ? answer : (answer.stages?.[0]?.$cursor ?? {});
  return stagesOf(queryPlanner.winningPlan);
};

/** Every kind of read that the port can be asked for, by the table of collections. */
const reads = (name: CollectionName): [string, () => Promise<unknown>][] => {
  const documents = anyDocuments(name);
  const { lists, flags, due, recent } = COLLECTIONS[name];
  const after = `${name}_${A}_0050`;
  const prefixes = [[], ...new Set(lists.flatMap((row) => row.map((_, n) => row.slice(0, n + 1).join(','))))].map(
    (fields) => (typeof fields === 'string' ? fields.split(',') : []),
  );
  return [
    ['find', () => documents.find(A, after)],
    ['findMany', () => documents.findMany(A, [after, `${name}_${A}_0051`, `${name}_${B}_0001`])],
    ...prefixes.flatMap((fields): [string, () => Promise<unknown>][] => {
      const where = Object.fromEntries(fields.map((field) => [field, 'v1']));
      const by = fields.length > 0 ? ` by ${fields.join(' and ')}` : '';
      return [
        [`list${by}`, () => documents.list(A, where, { limit: 20 })],
        [`list${by}, further on`, () => documents.list(A, where, { limit: 20, after })],
        [`count${by}`, () => documents.count(A, where)],
      ];
    }),
    ...(recent
      ? [
          ['recent', () => documents.recent(A, 20)] satisfies [string, () => Promise<unknown>],
          ['before', () => documents.before(A, 100, 20)] satisfies [string, () => Promise<unknown>],
        ]
      : []),
    ...flags.flatMap((flag): [string, () => Promise<unknown>][] => [
      [`list by ${flag}`, () => documents.list(A, { [flag]: true }, { limit: 20 })],
      [`list by ${flag}, further on`, () => documents.list(A, { [flag]: true }, { limit: 20, after })],
      [`count by ${flag}`, () => documents.count(A, { [flag]: true })],
      [`next workspace with ${flag}`, () => documents.nextFlagged(flag, '')],
      [`next workspace with ${flag}, further on`, () => documents.nextFlagged(flag, A)],
    ]),
    ...(due ? [['due', () => documents.due(1_100, 20)] satisfies [string, () => Promise<unknown>]] : []),
  ];
};
const SHAPES = NAMES.flatMap((name) => {
  const { lists, flags, due, recent } = COLLECTIONS[name];
  const prefixes = new Set(lists.flatMap((row) => row.map((_, n) => row.slice(0, n + 1).join(','))));
  return [{ name, shapes: 2 + 3 * (prefixes.size + 1) + 5 * flags.length + (recent ? 2 : 0) + (due ? 1 : 0) }];
});

describe('what the store asks of the database', () => {
  it.each(SHAPES)(
    'of $name ($shapes kinds of read) is found by an index, and nothing is scanned',
    async ({ name, shapes }) => {
      const asked = reads(name);
      expect(asked).toHaveLength(shapes);
      for (const [what, ask] of asked) {
        const commands = await commandsOf(ask);
        expect([what, commands.length]).toEqual([what, 1]);
        for (const command of commands) {
          const stages = await explain(command);
          expect([what, stages.filter((stage) => stage.startsWith('COLLSCAN'))]).toEqual([what, []]);
          expect([
            what,
            stages.some((stage) => /^(IXSCAN|IDHACK|EXPRESS|COUNT_SCAN|DISTINCT_SCAN)/.test(stage)),
          ]).toEqual([what, true]);
          // The whole filter is served: by each of its fields, in the index, none looked at document by document.
          const fields = Object.keys(command.filter ?? command.pipeline?.[0]?.$match ?? {});
          const keys = stages.flatMap((stage) => (stage.startsWith('IXSCAN') ? [stage.slice(7).split(',')] : []));
          for (const key of keys) expect([what, fields.filter((field) => !key.includes(field))]).toEqual([what, []]);
        }
      }
    },
  );

  it('of all workspaces that have a flag up names each once, in order, and none that has not', async () => {
    expect([
      await store.levels.nextFlagged('toRefill', ''),
      await store.levels.nextFlagged('toRefill', A),
      await store.levels.nextFlagged('toRefill', B),
    ]).toEqual([A, B, null]);
    await expect((async () => store.levels.nextFlagged('short', ''))()).rejects.toThrow('has no flag short');
  });

  it('of all workspaces, and of a connection by its id alone, is found by an index', async () => {
    for (const ask of [
      () => store.allWorkspaces({ limit: 20 }),
      () => store.allWorkspaces({ limit: 20, after: `workspaces_${A}_0050` }),
      () => store.findConnection(`connections_${A}_0001`),
    ]) {
      const [command = {}] = await commandsOf(ask);
      const stages = await explain(command);
      expect(stages.some((stage) => /^(IXSCAN (_id|workspaceId)|IDHACK|EXPRESS)/.test(stage))).toBe(true);
      expect(stages.filter((stage) => stage.startsWith('COLLSCAN'))).toEqual([]);
    }
  });

  it('when it writes is the exact keys: no guarded write and no deletion looks further', async () => {
    for (const name of NAMES) {
      const documents = anyDocuments(name);
      const [first, second] = [`${name}_${A}_gone`, `${name}_${A}_gone too`];
      const change = (id: string) => ({ id, guard: { workspaceId: A }, changes: { touched: true } });
      const alone = { _id: first };
      const asked: [() => Promise<unknown>, MongoDocument[]][] = [
        [() => documents.change(first, { workspaceId: A }, { touched: true }), [alone]],
        // Two for one document go one after the other; of a batch that was not done whole it is read what was.
        [() => documents.changeMany([change(first), change(first)]), [alone, alone]],
        [
          () => documents.changeMany([change(first), change(second)]),
          [{ _id: { $in: [first, second] } }, { _id: { $in: [first, second] } }],
        ],
        [() => documents.delete(first), [alone]],
        [() => documents.deleteMany([first, second]), [{ _id: { $in: [first, second] } }]],
      ];
      for (const [ask, filters] of asked) {
        const commands = await commandsOf(ask);
        const statements = commands.flatMap(
          (command): MongoDocument[] => command.updates ?? command.deletes ?? [{ q: command.filter }],
        );
        expect([name, statements.map(({ q }) => q)]).toEqual([name, filters]);
        for (const filter of filters) {
          // Explained as the read that it begins with: SecantusDB explains no write.
          const stages = await explain({ find: name, filter });
          expect([name, stages.filter((stage) => stage.startsWith('COLLSCAN'))]).toEqual([name, []]);
        }
      }
    }
  });

  it('never goes without a workspace: each method that takes one throws for an empty one, and nothing is sent', async () => {
    for (const name of NAMES) {
      const documents = anyDocuments(name);
      const { recent } = COLLECTIONS[name];
      const asked = [
        () => documents.find('', 'x'),
        () => documents.findMany('', ['x']),
        () => documents.list('', {}, { limit: 1 }),
        () => documents.count('', {}),
        () => documents.insert({ _id: 'x', workspaceId: '' }),
        () => documents.insertMany([{ _id: 'x', workspaceId: '' }]),
        ...(recent ? [() => documents.recent('', 1), () => documents.before('', 1, 1)] : []),
      ];
      for (const ask of asked) {
        const commands = await commandsOf(async () => {
          await expect((async () => ask())()).rejects.toThrow('a query must name its workspace');
        });
        expect(commands).toEqual([]);
      }
    }
  });

  it('never goes by a field without an index: such a filter throws, and so do orders that a collection does not keep', async () => {
    const refused = [
      () => store.orders.list(A, { note: 'x' }, { limit: 1 }),
      () => store.orders.list(A, { state: 'received', number: '1' }, { limit: 1 }),
      () => store.orders.count(A, { note: 'x' }),
      // Not the first of its row.
      () => store.approvals.list(A, { party: 'merchant' }, { limit: 1 }),
      () => store.legs.list(A, { kind: 'work', location: 'x' }, { limit: 1 }),
      () => store.offers.recent(A, 1),
      () => store.offers.due(1, 1),
    ];
    for (const ask of refused) {
      const commands = await commandsOf(async () => {
        const error = await (async () => ask())().catch((reason: unknown) => reason);
        expect(isFailure(error, 'bug')).toBe(true);
      });
      expect(commands).toEqual([]);
    }
  });

  it('has an index of its own for every list it allows, so that pages follow it in the order of ids', () => {
    for (const name of NAMES) {
      const rows: readonly (readonly string[])[] = COLLECTIONS[name].lists;
      const prefixes = rows.flatMap((row) => row.map((_, n) => row.slice(0, n + 1).join()));
      expect([name, prefixes.filter((prefix) => !rows.some((row) => row.join() === prefix))]).toEqual([name, []]);
    }
  });

  it('leaves out what a filter gives as undefined', async () => {
    const where: Partial<Leg> = {};
    Object.assign(where, { state: undefined });
    expect(await store.legs.count(A, where)).toBe(await store.legs.count(A, {}));
  });
});

describe('pages', () => {
  it('of all workspaces hold each once, in the order of ids, whatever order they came in', async () => {
    const fresh = await openStore(freshDatabase());
    const ids = Array.from({ length: 60 }, (_, n) => `w${String((n * 37) % 60).padStart(2, '0')}`);
    const terms = { currency: 'GBP', creditLimitMinor: 0, mandateLimitMinor: 0, marginFloorBps: 0, safetyStock: 0 };
    for (const _id of ids) await fresh.workspaces.insert({ _id, workspaceId: _id, name: _id, terms, createdAtMs: 0 });
    const seen: string[] = [];
    for (let page: { _id: string }[] = [{ _id: '' }]; page.length > 0; ) {
      page = await fresh.allWorkspaces({ limit: 7, after: seen.at(-1) ?? '' });
      seen.push(...page.map(({ _id }) => _id));
    }
    expect(seen).toEqual(ids.toSorted());
    await fresh.close();
  });

  it('of a list hold each document once, in the order of ids', async () => {
    for (const where of [{}, { orderId: 'v1' }]) {
      const seen: string[] = [];
      for (let after: string | undefined; ; after = seen.at(-1)) {
        const page = await store.legs.list(A, where, { limit: 7, ...(after === undefined ? {} : { after }) });
        seen.push(...page.map((leg) => leg._id));
        if (page.length < 7) break;
      }
      expect(seen).toEqual([...new Set(seen)].sort());
      expect(seen).toHaveLength(await store.legs.count(A, where));
    }
  });

  it('of what is due hold what is due by now, the longest overdue first, and never what is done', async () => {
    const due = await store.legs.due(1_060, 1_000);
    const times = due.map((leg) => leg.dueAtMs);
    expect(times).toEqual([...times].sort((a, b) => (a ?? 0) - (b ?? 0)));
    // 1000, 1003 … 1060, of both workspaces.
    expect(times.filter((at) => at !== null && at <= 1_060)).toHaveLength(2 * 21);
    expect(times).toHaveLength(2 * 21);
    expect(await store.legs.due(1_000_000, 3)).toHaveLength(3);
  });

  it('of what is recent begin with the newest', async () => {
    const recent = await store.orders.recent(A, 5);
    expect(recent.map((order) => order.createdAtMs)).toEqual([149, 148, 147, 146, 145]);
  });
});

describe('a tenant', () => {
  it('is never given a document of another, by any method', async () => {
    for (const name of NAMES) {
      const documents = anyDocuments(name);
      const foreign = `${name}_${B}_0001`;
      const { lists, recent } = COLLECTIONS[name];
      expect(await documents.find(A, foreign)).toBeNull();
      expect(await documents.findMany(A, [foreign, `${name}_${B}_0002`])).toEqual([]);
      const wheres = [{}, ...lists.map((row) => Object.fromEntries(row.map((field) => [field, 'v1'])))];
      for (const where of wheres) {
        const own = await documents.list(A, where, { limit: 1_000 });
        expect(own.filter((document) => document.workspaceId !== A)).toEqual([]);
        expect(await documents.count(A, where)).toBe(own.length);
        // Going on after a foreign id reveals nothing of what lies there.
        const further = await documents.list(A, where, { limit: 1_000, after: foreign });
        expect(further.filter((document) => document.workspaceId !== A)).toEqual([]);
      }
      if (recent) expect((await documents.recent(A, 1_000)).filter((d) => d.workspaceId !== A)).toEqual([]);
    }
  });

  it('does not replace a document of another whose id it takes', async () => {
    const taken = { _id: `tokens_${B}_0003`, workspaceId: A, sealed: 'mine', expiresAtMs: 1 };
    expect(await store.tokens.insert(taken)).toBe(false);
    expect(await store.tokens.insertMany([taken])).toEqual(new Set());
    expect(await store.tokens.find(A, taken._id)).toBeNull();
    expect(await store.tokens.find(B, taken._id)).not.toHaveProperty('sealed');
  });
});

describe('a guarded write', () => {
  const token = (_id: string, expiresAtMs: number): SealedToken => ({ _id, workspaceId: A, sealed: '', expiresAtMs });

  it('tells changed, refused and absent apart, and writes nothing but when it says changed', async () => {
    await store.tokens.insert(token('g1', 1));
    expect(await store.tokens.change('g1', { expiresAtMs: 1 }, { expiresAtMs: 2 })).toBe('changed');
    expect(await store.tokens.change('g1', { expiresAtMs: 1 }, { expiresAtMs: 3, sealed: 'x' })).toBe('refused');
    expect(await store.tokens.change('g0', { expiresAtMs: 1 }, { expiresAtMs: 3 })).toBe('absent');
    expect(await store.tokens.find(A, 'g1')).toEqual(token('g1', 2));
    expect(await store.tokens.find(A, 'g0')).toBeNull();
  });

  it('holds to every field of its guard, to nothing at all as to a value, and to a value that looks like an expression', async () => {
    await store.tokens.insert({ ...token('g2', 1), sealed: '$expiresAtMs' });
    expect(await store.tokens.change('g2', { expiresAtMs: 1, sealed: 'y' }, { expiresAtMs: 2 })).toBe('refused');
    expect(await store.tokens.change('g2', { expiresAtMs: 1, sealed: '$expiresAtMs' }, { sealed: '$$ROOT' })).toBe(
      'changed',
    );
    expect(await store.tokens.find(A, 'g2')).toEqual({ ...token('g2', 1), sealed: '$$ROOT' });
    await store.legs.insertMany([]);
    const due: Partial<Leg> = { dueAtMs: null };
    expect(await store.legs.change(`legs_${A}_0001`, due, { dueAtMs: 7 })).toBe('changed');
    expect(await store.legs.change(`legs_${A}_0001`, due, { dueAtMs: 8 })).toBe('refused');
  });

  it('lets exactly one of 200 rivals win each version', async () => {
    await store.tokens.insert(token('g3', 0));
    for (const version of [0, 1, 2]) {
      const results = await Promise.all(
        Array.from({ length: 200 }, (_, n) =>
          store.tokens.change('g3', { expiresAtMs: version }, { expiresAtMs: version + 1, sealed: `winner ${n}` }),
        ),
      );
      expect(results.filter((result) => result === 'changed')).toHaveLength(1);
      expect(results.filter((result) => result === 'refused')).toHaveLength(199);
      const winner = results.indexOf('changed');
      expect(await store.tokens.find(A, 'g3')).toMatchObject({ expiresAtMs: version + 1, sealed: `winner ${winner}` });
    }
  });

  it('of many says how many were changed: the absent and the refused are not', async () => {
    await store.tokens.insertMany([token('m1', 1), token('m2', 1)]);
    const changes = ['m1', 'm2', 'm3'].map((id) => ({
      id,
      guard: { expiresAtMs: id === 'm2' ? 9 : 1 },
      changes: { sealed: 'x' },
    }));
    expect(await store.tokens.changeMany(changes)).toBe(1);
    // … and nothing is seen of how the store knew.
    expect(await store.tokens.findMany(A, ['m1', 'm2'])).toEqual([{ ...token('m1', 1), sealed: 'x' }, token('m2', 1)]);
    expect(await store.tokens.changeMany(changes.slice(0, 0))).toBe(0);
    const rivals = await Promise.all(
      Array.from({ length: 50 }, () =>
        store.tokens.changeMany([{ id: 'm1', guard: { expiresAtMs: 1 }, changes: { expiresAtMs: 2 } }]),
      ),
    );
    expect(rivals.reduce((sum, changed) => sum + changed, 0)).toBe(1);
  });
});

describe('batches of guarded writes', () => {
  it('of rivals that meet on the same documents change each as often as they say, and lose none', async () => {
    const ids = Array.from({ length: 40 }, (_, n) => `rival${n}`);
    await store.tokens.insertMany(ids.map((_id) => ({ _id, workspaceId: A, sealed: '', expiresAtMs: 0 })));
    const rivals = await Promise.all([openStore(uri), openStore(uri)]);
    let changed = 0;
    const run = async ({ tokens }: Store, lane: number) => {
      for (let round = 0; round < 12; round += 1) {
        const mine = ids.filter((_, n) => (n + lane + round) % 3 !== 0);
        const found = await tokens.findMany(A, mine);
        const written = await tokens.changeMany(
          found.map(({ _id, expiresAtMs }) => ({
            id: _id,
            guard: { expiresAtMs },
            changes: { expiresAtMs: expiresAtMs + 1 },
          })),
        );
        changed += written;
      }
    };
    await Promise.all([store, ...rivals].flatMap((each, lane) => [run(each, lane), run(each, lane + 1)]));
    const all = await store.tokens.findMany(A, ids);
    expect(all.reduce((sum, { expiresAtMs }) => sum + expiresAtMs, 0)).toBe(changed);
    expect(changed).toBeGreaterThan(ids.length);
    await Promise.all(rivals.map((rival) => rival.close()));
  });
});

describe('a stored document', () => {
  it('carries the version of its schema, which nobody sees who reads it', async () => {
    const token: SealedToken = { _id: 'v1', workspaceId: A, sealed: '', expiresAtMs: 1 };
    await store.tokens.insert(token);
    await store.tokens.change('v1', { expiresAtMs: 1 }, { expiresAtMs: 2 });
    expect(await db.collection<{ _id: string }>('tokens').findOne({ _id: 'v1' })).toMatchObject({
      schemaVersion: COLLECTIONS.tokens.schemaVersion,
      expiresAtMs: 2,
    });
    expect(await store.tokens.find(A, 'v1')).toEqual({ ...token, expiresAtMs: 2 });
  });

  it('has a mongoose schema that follows from its zod schema, which drops nothing that it does not know', () => {
    const { mongooseSchema } = COLLECTIONS.levels;
    const kinds = ['_id', 'sku', 'onHand', 'short', 'refillBelow', 'journal', 'foldsSinceMs', 'schemaVersion'].map(
      (path) => mongooseSchema.path(path).instance,
    );
    expect(kinds).toEqual(['String', 'String', 'Number', 'Boolean', 'Number', 'Mixed', 'Number', 'Number']);
    for (const { collection, mongooseSchema: schema } of Object.values(COLLECTIONS))
      expect([collection, schema.get('strict')]).toEqual([collection, false]);
  });
});

describe('an insertion', () => {
  const token = (n: number, sealed: string): SealedToken => ({ _id: `i${n}`, workspaceId: A, sealed, expiresAtMs: n });

  it('of many names exactly those that were new, under contention too: each document has one maker', async () => {
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, rival) =>
        // Overlapping ranges, and one document twice in its own batch.
        store.tokens.insertMany(
          [0, ...Array.from({ length: 40 }, (_, n) => n + rival)].map((n) => token(n, `${rival}`)),
        ),
      ),
    );
    const makers = new Map<string, string[]>();
    results.forEach((fresh, rival) => {
      for (const id of fresh) makers.set(id, [...(makers.get(id) ?? []), `${rival}`]);
    });
    const made = await store.tokens.findMany(
      A,
      Array.from({ length: 100 }, (_, n) => `i${n}`),
    );
    expect(made).toHaveLength(59);
    expect(made.map(({ _id, sealed }) => [_id, [sealed]])).toEqual(made.map(({ _id }) => [_id, makers.get(_id)]));
    expect(makers.size).toBe(59);
  });

  it('of one says whether it was new, and leaves what is there as it is', async () => {
    expect(await store.tokens.insert(token(200, 'first'))).toBe(true);
    expect(await store.tokens.insert(token(200, 'second'))).toBe(false);
    expect((await store.tokens.find(A, 'i200'))?.sealed).toBe('first');
    const rivals = await Promise.all(Array.from({ length: 50 }, () => store.tokens.insert(token(201, ''))));
    expect(rivals.filter(Boolean)).toHaveLength(1);
  });

  it('can be written: the database says that it is ready', async () => {
    expect(await store.ready()).toBe(true);
  });
});
