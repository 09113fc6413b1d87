import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MODE_NAMES } from '#domain/offer.ts';
import { Node, parse, type Source, sourcesOf } from './source.ts';

const code = sourcesOf('src', 'connectors', 'jobs', 'config');
const all = [...code, ...sourcesOf('test')];

/** Where nodes of these kinds stand, in words. */
const where = (sources: readonly Source[], found: (node: Node, source: Source) => boolean): string[] =>
  sources.flatMap((source) =>
    source.nodes
      .filter((node) => found(node, source))
      .map((node) => `${source.file}:${source.lineOf(node)} ${source.textOf(node).replace(/\s+/g, ' ').slice(0, 90)}`),
  );
const kinds =
  (...types: readonly string[]) =>
  (node: Node): boolean =>
    types.includes(node.type);

const Cast = z.looseObject({
  typeAnnotation: Node.extend({ typeName: z.looseObject({ name: z.string() }).optional() }),
});
const isConst = (node: Node): boolean => {
  const cast = Cast.safeParse(node);
  return cast.success && cast.data.typeAnnotation.typeName?.name === 'const';
};

/**
 * Every file that tells the compiler what it cannot know, how often, and why that is so. A file that casts less than its
 * row says has to have the row shortened.
 */
const CASTS: Readonly<Record<string, { times: number; because: string }>> = {
  'src/app/app.ts': { times: 1, because: 'Object.fromEntries forgets which name has which function' },
  'src/domain/move.ts': { times: 6, because: 'a brand marks what was made by the one function that may make it' },
  'src/domain/erasure.ts': { times: 1, because: 'a value with other texts in it has the same type' },
  'src/store/store.ts': { times: 1, because: 'documents come back as this code wrote them' },
  'src/queue/queue.ts': { times: 1, because: 'Object.keys forgets the names of its keys' },
  'src/papers/print-paper.ts': {
    times: 2,
    because: 'pdfkit takes an opened font; its published type names bytes alone',
  },
  'src/kit/client.ts': { times: 2, because: 'the HTTP client’s own settings object is wider than its published type' },
  'src/kit/testing/describe-connector.ts': { times: 3, because: 'rows of a table that are there for some verbs only' },
  'src/kit/testing/sandbox-server.ts': {
    times: 1,
    because: 'a TCP server’s address is an object; Node’s type has pipes too',
  },
  'src/simulator/actors.ts': {
    times: 4,
    because: 'the actors trust the answers of our own API, which is under other tests',
  },
  'src/simulator/api-client.ts': { times: 1, because: 'the same' },
  'src/simulator/business.ts': { times: 3, because: 'the same' },
  'src/simulator/run-history.ts': { times: 1, because: 'the same' },
};

/** Readers of the environment: the configuration, and the start before there is one (it runs without our packages). */
const ENVIRONMENT = [
  'config/env.ts',
  ...['debian', 'launch', 'on-path', 'packages', 'parent-watch', 'python-wheel', 'run', 'test-steps', 'test'].map(
    (name) => `src/setup/${name}.mjs`,
  ),
];

const Text = z.looseObject({ value: z.string() });
const isMode = (value: unknown): boolean => {
  const literal = Text.safeParse(value);
  return literal.success && MODE_NAMES.some((name) => name === literal.data.value);
};
const Comparison = z.looseObject({
  operator: z.enum(['===', '!==', '==', '!=']),
  left: z.unknown(),
  right: z.unknown(),
});
const Case = z.looseObject({ type: z.literal('SwitchCase'), test: z.unknown() });
/** `['wholesale', …].includes(x)` asks the same question. */
const Included = z.looseObject({
  type: z.literal('CallExpression'),
  callee: z.looseObject({
    object: z.looseObject({ type: z.literal('ArrayExpression'), elements: z.array(z.unknown()) }),
    property: z.looseObject({ name: z.literal('includes') }),
  }),
});
const asksForMode = (node: Node): boolean => {
  if (!['BinaryExpression', 'SwitchCase', 'CallExpression'].includes(node.type)) return false;
  const comparison = Comparison.safeParse(node);
  if (comparison.success) return isMode(comparison.data.left) || isMode(comparison.data.right);
  const branch = Case.safeParse(node);
  if (branch.success) return isMode(branch.data.test);
  const included = Included.safeParse(node);
  return included.success && included.data.callee.object.elements.some(isMode);
};

const EnvOfProcess = z.looseObject({
  type: z.literal('MemberExpression'),
  object: z.looseObject({ name: z.literal('process') }),
  property: z.looseObject({ name: z.literal('env') }),
});
/** `const { env } = process`, `import … from 'node:process'`. */
const ProcessTaken = z.union([
  z.looseObject({
    type: z.literal('VariableDeclarator'),
    id: z.looseObject({ type: z.literal('ObjectPattern') }),
    init: z.looseObject({ name: z.literal('process') }),
  }),
  z.looseObject({ type: z.literal('ImportDeclaration'), source: z.looseObject({ value: z.literal('node:process') }) }),
]);
const readsEnvironment = (node: Node): boolean => {
  if (node.type === 'MemberExpression') return EnvOfProcess.safeParse(node).success;
  return /^(VariableDeclarator|ImportDeclaration)$/.test(node.type) && ProcessTaken.safeParse(node).success;
};

/** `...{ a }` inside an object, `...[a]` inside a list: it says nothing but changes how lines break, and hides a mistyped field. */
const Spread = z.looseObject({
  type: z.literal('SpreadElement'),
  argument: z.looseObject({ type: z.enum(['ObjectExpression', 'ArrayExpression']) }),
});
const spreadsLiteral = (node: Node): boolean => node.type === 'SpreadElement' && Spread.safeParse(node).success;

const marks = new RegExp(`\\b(${['TO', 'FIX'].map((w, i) => w + ['DO', 'ME'][i]).join('|')}|XXX|HACK)\\b`);

describe('the code', () => {
  it('was read: this test sees the real files and their syntax', () => {
    expect(code.length).toBeGreaterThan(150);
    expect(code.reduce((sum, source) => sum + source.nodes.length, 0)).toBeGreaterThan(100_000);
    expect(all.some((source) => source.file === 'test/architecture/language.test.ts')).toBe(true);
  });

  it('has no enum, no namespace and no decorator', () => {
    expect(where(all, kinds('TSEnumDeclaration', 'TSModuleDeclaration', 'Decorator'))).toEqual([]);
  });

  it('has no `any`', () => {
    expect(where(all, kinds('TSAnyKeyword'))).toEqual([]);
  });

  it('has no `!` that waves a null away, and no cast in angle brackets', () => {
    expect(where(all, kinds('TSNonNullExpression', 'TSTypeAssertion'))).toEqual([]);
  });

  it('spreads no literal into another', () => {
    expect(where(all, spreadsLiteral)).toEqual([]);
  });

  it('has one class, the Failure', () => {
    const classes = where(
      code.filter((source) => !source.test),
      kinds('ClassDeclaration', 'ClassExpression'),
    );
    expect(classes.map((found) => found.split(' {', 1)[0])).toEqual([
      expect.stringMatching(/^src\/domain\/failure\.ts:\d+ class Failure extends Error$/),
    ]);
  });

  it('has no `as` but `as const`, and where the compiler cannot know, a row with the reason', () => {
    const casts = code
      .filter((source) => !source.test)
      .flatMap((source) => where([source], (node) => node.type === 'TSAsExpression' && !isConst(node)));
    const counted = Map.groupBy(casts, (cast) => cast.split(':', 1)[0] ?? '');
    const over = [...counted].filter(([file, found]) => found.length > (CASTS[file]?.times ?? 0));
    expect(over.flatMap(([, found]) => found)).toEqual([]);
    const unused = Object.entries(CASTS).filter(([file, { times }]) => (counted.get(file)?.length ?? 0) < times);
    expect(unused.map(([file]) => `${file} casts less than its row says`)).toEqual([]);
  });

  it('reads the environment in config/env.ts alone, and in the start that runs before there is a configuration', () => {
    const readers = code.filter((source) => source.nodes.some(readsEnvironment));
    expect(readers.map((source) => source.file).filter((file) => !ENVIRONMENT.includes(file))).toEqual([]);
    expect(readers.map((source) => source.file)).toContain('config/env.ts');
  });

  it('never asks which mode it is outside src/modes', () => {
    const outside = code.filter((source) => !source.file.startsWith('src/modes/'));
    expect(where(outside, asksForMode)).toEqual([]);
  });

  it('has no file named after nothing in particular', () => {
    const nothing = /^(utils?|helpers?|services?|managers?|base|common|types?|constants?|misc|shared|lib)$/;
    const names = all.map(({ file }) => ({ file, words: path.posix.basename(file).split('.')[0]?.split('-') ?? [] }));
    const last = names.filter(({ words }) => nothing.test(words.at(-1) ?? '') && words.length === 1);
    expect(last.map(({ file }) => file)).toEqual([]);
    const suffixed = names.filter(({ words }) => /^(utils?|helpers?|services?|managers?)$/.test(words.at(-1) ?? ''));
    expect(suffixed.map(({ file }) => file)).toEqual([]);
  });

  it('has files in kebab-case', () => {
    expect(
      all.map(({ file }) => path.posix.basename(file)).filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.\w+)+$/.test(name)),
    ).toEqual([]);
  });

  it('puts nothing off in a comment', () => {
    expect(
      all.flatMap(({ file, comments }) => comments.filter((c) => marks.test(c)).map((c) => `${file} ${c}`)),
    ).toEqual([]);
  });

  it('skips no test outright and focuses on none: what cannot run here is left out by a condition that is told', () => {
    const focused = z.looseObject({
      type: z.literal('MemberExpression'),
      object: z.looseObject({ name: z.enum(['it', 'describe', 'test']) }),
      property: z.looseObject({ name: z.enum(['only', 'todo', 'skip', 'fails']) }),
    });
    expect(
      where(
        all.filter((source) => source.test),
        (node) => node.type === 'MemberExpression' && focused.safeParse(node).success,
      ),
    ).toEqual([]);
  });

  it('would be caught: each of these is found where it stands', () => {
    const mode = MODE_NAMES[0];
    const bad = (text: string, found: (node: Node) => boolean) => parse('src/x.ts', text).nodes.some(found);
    const caught: [string, (node: Node) => boolean][] = [
      ['enum E { A }', kinds('TSEnumDeclaration')],
      ['const a: Array<any> = []', kinds('TSAnyKeyword')],
      ['a!.b()', kinds('TSNonNullExpression')],
      ['class A { @sealed b = 1 }', kinds('Decorator')],
      ['const b = a as unknown', (node) => node.type === 'TSAsExpression' && !isConst(node)],
      ['const b = process.env.HOME', readsEnvironment],
      ['const { env } = process', readsEnvironment],
      ["import { env } from 'node:process'", readsEnvironment],
      ['const a = { ...{ b, c }, d }', spreadsLiteral],
      ['const a = [...[b, c], d]', spreadsLiteral],
      ['go(...[b, c])', spreadsLiteral],
      [`if (leg.mode === '${mode}') go()`, asksForMode],
      [`if ('${mode}' !== leg.mode) go()`, asksForMode],
      [`switch (leg.mode) { case '${mode}': go() }`, asksForMode],
      [`if (['${mode}', other].includes(leg.mode)) go()`, asksForMode],
    ];
    for (const [text, found] of caught) expect([text, bad(text, found)]).toEqual([text, true]);
    const fine: [string, (node: Node) => boolean][] = [
      ['const a = [1] as const', (node) => node.type === 'TSAsExpression' && !isConst(node)],
      ['const a = { ...(b ? { c } : {}), ...d }; const e = [...f, ...(b ? [c] : [])]', spreadsLiteral],
      [`const titles = { ${mode}: 'x' }; plan('${mode}')`, asksForMode],
      [
        '// a! as any, process.env\nconst text = "a as any"',
        kinds('TSAnyKeyword', 'TSNonNullExpression', 'TSAsExpression'),
      ],
    ];
    for (const [text, found] of fine) expect([text, bad(text, found)]).toEqual([text, false]);
    expect(marks.test(`TO${'DO'}: later`)).toBe(true);
  });
});
