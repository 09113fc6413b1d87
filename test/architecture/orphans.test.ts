import { describe, expect, it } from 'vitest';
import { CAUSES } from '#domain/exception.ts';
import { ROUTES } from '../../src/http/routes/index.ts';
import {
  ACTIONS,
  ENGINE_ROUTES,
  ENGINES,
  EXCEPTIONS,
  FIELDS,
  type Orphan,
  STATE_WRITES,
  STATES,
  VERBS,
} from './orphan-rows.ts';
import {
  askedBy,
  asksRoute,
  causesCleared,
  enginesWithoutRoute,
  exportedFunctions,
  type FoundMachine,
  fieldsWithoutReader,
  givenTo,
  machinesOf,
  pathsAsked,
  reachedUseCases,
  readIn,
  recordsOf,
  shownIn,
  statesMoved,
  stateWrites,
  textsGiven,
  verbsOf,
} from './orphans.ts';
import { edgesOf, parse, type Source, sourcesOf } from './source.ts';

const code = sourcesOf('src', 'connectors', 'jobs', 'config').filter(
  ({ file, test }) => !test && !file.includes('/testing/'),
);
const under = (...folders: readonly string[]): Source[] =>
  code.filter(({ file }) => folders.some((folder) => file.startsWith(folder)));
const sourceOf = (name: string): Source =>
  code.find((source) => source.file === name) ?? expect.fail(`there is no ${name}`);
const together = (...sets: readonly ReadonlySet<string>[]): Set<string> => new Set(sets.flatMap((set) => [...set]));

/** What was found and has no row, and rows that match nothing. Both lists are empty when the rows are right. */
const against = (found: readonly string[], rows: readonly Orphan[]) => ({
  withoutRow: found.filter((one) => !rows.some(({ what }) => what === one)),
  rowOfNothing: rows.map(({ what }) => what).filter((one) => !found.includes(one)),
});
const RIGHT = { withoutRow: [], rowOfNothing: [] };

describe('a field of a canonical record', () => {
  /** These are no records: arguments, and what the compiler wants of all documents with a state. */
  const NOT_RECORDS = ['FailureOptions', 'Stateful', 'By'];
  /** Records that are read elsewhere than by the rules of the business. */
  const READ_ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
    // Sent to the outside: the connector that sends it is its reader.
    PurchaseRequest: ['connectors/'],
    LabelRequest: ['connectors/'],
    Confirmation: ['connectors/'],
    LevelChange: ['connectors/'],
    // Of the door and the gateway, not of the business.
    InboxItem: ['src/http/'],
    ApiKey: ['src/http/'],
    StoredAnswer: ['src/http/'],
    SealedToken: ['src/runtime/'],
    Connection: ['src/runtime/gateway.ts'],
    // Rules that are pure functions beside their record.
    StockLevel: ['src/domain/stock.ts'],
    Order: ['src/domain/observe-order.ts'],
    IncomingOrder: ['src/domain/observe-order.ts'],
    IncomingPayment: ['src/domain/may-proceed.ts'],
    Fetched: ['src/domain/observe-order.ts'],
    OrderRules: ['src/domain/may-proceed.ts'],
    Decimal: ['src/domain/rate.ts', 'src/domain/money.ts'],
    RateLeg: ['src/domain/rate.ts', 'src/http/routes/rates.ts'],
    RestoreRecord: ['src/http/routes/restore.ts'],
  };
  const records = recordsOf(under('src/domain/'));
  for (const name of NOT_RECORDS) records.delete(name);
  const read = together(
    readIn(under('src/app/', 'src/modes/', 'src/trade/', 'src/papers/')),
    askedBy(under('src/app/')),
    shownIn(under('src/http/views', 'src/console/')),
  );
  const readOf = (record: string) => together(read, readIn(under(...(READ_ELSEWHERE[record] ?? ['-']))));

  it('was seen: the records and what is read are many', () => {
    expect(records.size).toBeGreaterThan(40);
    expect([...records.values()].flat().length).toBeGreaterThan(400);
    expect(records.get('Order')).toEqual(expect.arrayContaining(['shipTo', 'replan.reason', 'state']));
    expect(read.size).toBeGreaterThan(500);
    for (const name of Object.keys(READ_ELSEWHERE)) expect([name, records.has(name)]).toEqual([name, true]);
  });

  it('has a reader: a rule that reads it or a view that names it', () => {
    expect(against(fieldsWithoutReader(records, readOf), FIELDS)).toEqual(RIGHT);
  });

  it('without a reader would be caught: a copy, a write, a spread and a schema are none', () => {
    const record = 'export interface Thing { seen: string; lost: string; parts: { deep: number }[] }';
    const schema = 'export const Other = z.object({ known: z.string(), gone: z.array(z.object({ inner: z.int() })) });';
    const uses = [
      'const a = { ...thing, lost: thing.lost }; thing.gone = 1;',
      'if (thing.seen && other?.known) stop(); const { parts } = thing;',
    ].join('\n');
    const planted = recordsOf([parse('src/domain/thing.ts', `${record}\n${schema}`)]);
    expect(fieldsWithoutReader(planted, () => readIn([parse('src/app/a.ts', uses)]))).toEqual([
      'Thing.lost',
      'Thing.parts.deep',
      'Other.gone',
      'Other.gone.inner',
    ]);
    expect([...shownIn([parse('src/http/views.ts', 'export const V = z.object({ lost: text })')])]).toContain('lost');
  });
});

describe('a verb of the kit', () => {
  const verbs = verbsOf(sourceOf('src/kit/capabilities.ts'));
  const callersOf = (sources: readonly Source[], doors: readonly Source[]): Set<string> => {
    const reached = reachedUseCases(sources, 'src/app/app.ts', doors);
    const live = sources.filter((source) => reached.has(source.file));
    return givenTo(live, ['call', 'ask']);
  };

  it('has a caller: a use case that a job or a route reaches', () => {
    const called = callersOf(code, under('jobs/', 'src/http/'));
    expect(verbs.length).toBeGreaterThan(15);
    expect(verbs.filter((verb) => called.has(verb)).length).toBeGreaterThan(10);
    const orphans = verbs.filter((verb) => !called.has(verb));
    expect(against(orphans, VERBS)).toEqual(RIGHT);
  });

  it('without one would be caught: a use case that is listed and that no job asks for is none', () => {
    const list = "import { buy } from './buy.ts'; import { look } from './look.ts'; const USE_CASES = { buy, look };";
    const sources = [
      parse('src/app/app.ts', list),
      parse('src/app/buy.ts', "export const buy = (ports) => ports.gateway.call(c, 'things.buy', {});"),
      parse('src/app/look.ts', "export const look = (ports) => ports.gateway.call(c, 'things.look', {});"),
      parse('jobs/buy.ts', 'export const job = { handle: ({ app }) => app.buy() };'),
    ];
    const called = callersOf(sources, sources.slice(3));
    const kit = "export interface Capabilities { 'things.buy': () => void; 'things.look': () => void }";
    const declared = verbsOf(parse('src/kit/capabilities.ts', kit));
    expect(declared.filter((verb) => !called.has(verb))).toEqual(['things.look']);
  });
});

describe('a state of a machine', () => {
  const machines = machinesOf(under('src/domain/'));
  /** Until all states are written by `move`: where states of each machine are written as literals. A machine without a row has none. */
  const LITERAL_WRITERS: Readonly<Record<string, readonly string[]>> = {
    order: ['src/app/order/'],
    leg: ['src/app/leg/', 'src/app/order/write-legs.ts', 'src/domain/leg.ts'],
    shipment: ['src/app/shipment/'],
    // A move whose state is an argument.
    connection: ['src/app/connection/'],
    approval: ['src/http/routes/approvals.ts'],
    return: ['src/app/return/request.ts'],
    // A restored store is written before anything can move in it.
    restore: ['src/store/restore.ts'],
  };
  const withoutWriter = (
    found: readonly FoundMachine[],
    sources: readonly Source[],
    literals: Readonly<Record<string, readonly string[]>>,
  ) =>
    found.flatMap((machine) => {
      const files = literals[machine.name] ?? [];
      const given = sources.filter((source) => files.some((name) => source.file.startsWith(name))).map(textsGiven);
      const written = together(statesMoved(sources, machine), ...given);
      return machine.states.filter((state) => !written.has(state)).map((state) => `${machine.name}.${state}`);
    });

  // A move in the code, not yet one that a test has executed: that comes when all states are written by `move` and leave events.
  it('has a writer: a move to it, or as long as there are such, a literal in the files that write its machine', () => {
    expect(machines.length).toBeGreaterThanOrEqual(4);
    expect(machines.flatMap(({ states }) => states).length).toBeGreaterThan(25);
    expect(against(withoutWriter(machines, code, LITERAL_WRITERS), STATES)).toEqual(RIGHT);
  });

  it('without one would be caught: to ask for it, and to keep it, is no writing', () => {
    const table = "export const m = machine('m', 'a', { a: ['b'], b: ['c'], c: ['d'], d: ['e'], e: [] });";
    const declared = machinesOf([parse('src/domain/m.ts', table)]);
    const uses = [
      "born(m, { _id, ...rest }, by); move(m, x, late ? 'b' : x.state, {}, by);",
      "if (x.state === 'c') stop(); store.change(id, { state: 'c' }, move(m, x, x.state === 'd' ? 'd' : 'b', {}, by));",
      "move(other, x, 'e', {}, by);",
    ].join('\n');
    expect(withoutWriter(declared, [parse('src/app/a.ts', uses)], {})).toEqual(['m.c', 'm.d', 'm.e']);
    const literals = "const keep = x.state === 'd' ? 'd' : 'b'; f({ ...x, state: 'c' }); ['e'].includes(x.state);";
    const legacy = parse('src/app/old/a.ts', literals);
    expect(withoutWriter(declared, [legacy], { m: ['src/app/old/'] })).toEqual(['m.a', 'm.d', 'm.e']);
  });
});

describe('a write of a state', () => {
  const scanned = under('src/app/', 'src/domain/', 'src/http/', 'src/compose.ts', 'src/schedules.ts', 'jobs/').filter(
    (source) => source.file !== 'src/domain/move.ts',
  );
  const countOf = (source: Source): number => stateWrites(source).length;

  it('stands in src/domain/move.ts; what is left elsewhere is counted by file, and may only become less', () => {
    const found = Object.fromEntries(
      scanned.map((source) => [source.file, countOf(source)]).filter(([, times]) => times !== 0),
    );
    expect(scanned.length).toBeGreaterThan(80);
    expect(stateWrites(sourceOf('src/domain/move.ts'))).toHaveLength(1);
    expect(found).toEqual(STATE_WRITES);
  });

  it('would be caught: in what is inserted, changed or returned, not in what is asked, guarded, refused or shown', () => {
    const written = [
      "store.orders.insert({ _id, state: 'new' });",
      "store.orders.change(id, { version }, { state: 'done' });",
      'changeOrder(store, id, (current) => ({ ...current, state }));',
      "const change = (leg) => { return { ...leg, state: over ? 'a' : 'b' }; };",
    ];
    const asked = [
      "store.orders.list(id, { state: 'new' });",
      "store.orders.change(id, { state: 'new' }, { dueAtMs });",
      "throw new Failure('conflict', 'no', { safe: { state: 'x' } });",
      'const where = given ? { state } : {};',
      'const view = { id: order._id, state: order.state };',
      'z.object({ state: z.enum(states) });',
    ];
    for (const text of written) expect([text, countOf(parse('src/app/a.ts', text))]).toEqual([text, 1]);
    for (const text of asked) expect([text, countOf(parse('src/app/a.ts', text))]).toEqual([text, 0]);
  });
});

/** True when the command line asks for the route. */
const askedByCli = (() => {
  const cli = under('src/cli/');
  // What stands in a file or in one that it imports may be a part of a path.
  const wordsOf = (source: Source): string =>
    [source.file, ...edgesOf(source).map(({ to }) => to)]
      .map((name) => code.find((other) => other.file === name)?.text ?? '')
      .join('\n');
  const words = new Map(cli.map((source) => [source.file, wordsOf(source)]));
  const asked = pathsAsked(cli);
  return (route: { method: string; path: string }): boolean =>
    asked.some((one) => asksRoute(one, words.get(one.file) ?? '', route));
})();

describe('a cause of an exception', () => {
  const routes = new Map(ROUTES.map((route) => [`${route.method} ${route.path}`, route]));
  const missing = (
    causes: readonly string[],
    cleared: ReadonlySet<string>,
    actionsOf: (cause: string) => readonly string[],
    asked: (action: string) => boolean,
  ): string[] =>
    causes.flatMap((cause) => {
      const actions = actionsOf(cause);
      return [
        ...(cleared.has(cause) ? [] : [`${cause}: nothing clears it`]),
        ...(actions.length > 0 ? [] : [`${cause}: no route`]),
        ...(actions.length === 0 || actions.some(asked) ? [] : [`${cause}: no CLI verb`]),
      ];
    });

  it('has an action in the API and the CLI that clears it', () => {
    const cleared = causesCleared(under('src/app/', 'src/http/', 'jobs/'));
    const actions = new Map<string, readonly string[]>(Object.entries(ACTIONS));
    const causes = Object.keys(CAUSES);
    expect(causes.length).toBeGreaterThanOrEqual(11);
    expect(routes.size).toBeGreaterThan(50);
    expect([...actions.values()].flat().filter((action) => !routes.has(action))).toEqual([]);
    const asked = (action: string) => {
      const route = routes.get(action);
      return route !== undefined && askedByCli(route);
    };
    const found = missing(causes, cleared, (cause) => actions.get(cause) ?? [], asked);
    expect(against(found, EXCEPTIONS)).toEqual(RIGHT);
  });

  it('without one would be caught', () => {
    const uses = [
      "clearException(ports, actor, { workspaceId, cause: 'mended', subjectId });",
      "for (const cause of ['looped'] as const) await clearException(ports, actor, { workspaceId, cause, subjectId });",
      "const CLOSED_BY_RETRY: ReadonlySet<Cause> = new Set(['tried']);",
      "if (exception.cause === 'retried') close(); openException(ports, { cause: 'lost' });",
    ].join('\n');
    const cleared = causesCleared([parse('src/app/a.ts', uses)]);
    const actions = (cause: string) => (cause === 'mended' ? ['put /a'] : cause === 'retried' ? ['put /b'] : []);
    expect([...cleared].toSorted()).toEqual(['looped', 'mended', 'retried', 'tried']);
    expect(missing(['mended', 'retried', 'lost'], cleared, actions, (action) => action === 'put /a')).toEqual([
      'retried: no CLI verb',
      'lost: nothing clears it',
      'lost: no route',
    ]);
  });
});

describe('a trade engine', () => {
  const engines = under('src/trade/').filter((source) => source.file.split('/').length > 3);
  const doors = under('src/http/', 'src/app/', 'src/cli/', 'jobs/', 'src/compose.ts').map((source) => source.file);

  it('is reached from a route or a CLI verb by each of its entry functions', () => {
    expect(engines.length).toBeGreaterThan(150);
    expect(engines.flatMap(exportedFunctions).length).toBeGreaterThan(350);
    expect(against(enginesWithoutRoute(code, engines, doors), ENGINES)).toEqual(RIGHT);
  });

  it('that has a route is asked by the CLI', () => {
    const routes = ROUTES.filter(({ path }) => /^\/(trade|cases|case-forms)/.test(path));
    expect(routes.length).toBeGreaterThan(20);
    const unasked = routes.filter((route) => !askedByCli(route)).map(({ method, path }) => `${method} ${path}`);
    expect(against(unasked, ENGINE_ROUTES)).toEqual(RIGHT);
  });

  it('without a door would be caught: what another engine or its own file uses is no entry', () => {
    const first = [
      "import { part } from './b.ts';",
      'export const asked = () => part(own()); export const own = () => 1; export const lost = () => 2;',
    ].join('\n');
    const sources = [
      parse('src/http/routes/a.ts', "import { asked } from '#trade/x/a.ts'; asked();"),
      parse('src/trade/x/a.ts', first),
      parse('src/trade/x/b.ts', 'export const part = (n) => n; export function alsoLost() {}'),
    ];
    expect(enginesWithoutRoute(sources, sources.slice(1), ['src/http/routes/a.ts'])).toEqual([
      'src/trade/x/a.ts#lost',
      'src/trade/x/b.ts#alsoLost',
    ]);
    const cli = ['api.post(`/v1/things/$', '{id}/$', '{verb}`, {}); api.get("/v1/things?x=1"); door("close")'].join('');
    const asking = pathsAsked([parse('src/cli/a.ts', cli)]);
    const asks = (method: string, path: string) => asking.some((one) => asksRoute(one, "'pause'", { method, path }));
    expect([asks('post', '/things/{id}/pause'), asks('get', '/things'), asks('post', '/things/{id}/close')]).toEqual([
      true,
      true,
      true,
    ]);
    expect([asks('put', '/things/{id}/pause'), asks('post', '/things/{id}/stop'), asks('get', '/others')]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('the rows of what is still an orphan', () => {
  // These numbers may only fall: a row goes when its issue clears it, and none is added for something new.
  it('are no more than they were', () => {
    expect(FIELDS.length).toBeLessThanOrEqual(15);
    expect(VERBS.length).toBeLessThanOrEqual(2);
    expect(STATES.length).toBeLessThanOrEqual(2);
    expect(EXCEPTIONS.length).toBeLessThanOrEqual(6);
    expect(ENGINE_ROUTES.length).toBeLessThanOrEqual(1);
    expect(ENGINES.length).toBeLessThanOrEqual(90);
    expect(Object.values(STATE_WRITES).reduce((sum, times) => sum + times, 0)).toBeLessThanOrEqual(25);
  });
});
