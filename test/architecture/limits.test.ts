import { describe, expect, it } from 'vitest';
import { SHORTEST_LIMIT_MS } from '../laws/limits.ts';
import { edgesOf, parse, type Source, sourcesOf } from './source.ts';
import { calleeOf, keyOf, nameOf, nodeIn, nodesIn } from './tree.ts';

const tests = sourcesOf('src', 'connectors', 'jobs', 'config', 'test').filter(({ test }) => test);
const all = new Map(sourcesOf('test').map((source) => [source.file, source]));

/** Tests and hooks take their limit of real time last; polls and `timeout` options by name. */
const LIMITED = ['it', 'test', 'beforeAll', 'beforeEach', 'afterAll', 'afterEach'];
const numberIn = (value: unknown): number | null => (typeof value === 'number' ? value : null);

/** Limits of real time that a busy machine would break. */
const shortLimits = ({ file, nodes, lineOf }: Source): string[] =>
  nodes.flatMap((node) => {
    const last =
      node.type === 'CallExpression' && LIMITED.includes(calleeOf(node)) ? nodesIn(node, 'arguments').at(-1) : null;
    const option =
      node.type === 'Property' && /^(timeout|testTimeout|hookTimeout)$/.test(keyOf(node))
        ? nodeIn(node, 'value')
        : null;
    const limit = numberIn((last ?? option)?.['value']);
    return limit !== null && limit < SHORTEST_LIMIT_MS ? [`${file}:${lineOf(node)} ${limit} ms`] : [];
  });

/** Waits for a time instead of for what is waited for. */
const sleeps = ({ file, nodes, lineOf }: Source): string[] =>
  nodes
    .filter((node) => node.type === 'CallExpression' && calleeOf(node) === 'setTimeout')
    .map((node) => `${file}:${lineOf(node)}`);

/** Property tests that would end early and pass, or take another time than all. */
const earlyEnds = ({ file, nodes, lineOf }: Source): string[] =>
  nodes
    .filter((node) => node.type === 'Property')
    .filter((node) => /^(interruptAfterTimeLimit|skipAllAfterTimeLimit|markInterruptAsFailure)$/.test(keyOf(node)))
    .map((node) => `${file}:${lineOf(node)}`);

const skipsByCondition = ({ nodes }: Source): boolean =>
  nodes.some(
    (node) =>
      node.type === 'MemberExpression' &&
      /^(it|describe|test)$/.test(nameOf(nodeIn(node, 'object'))) &&
      /^(skipIf|runIf)$/.test(nameOf(nodeIn(node, 'property'))),
  );
const says = ({ nodes, textOf }: Source): boolean =>
  nodes.some((node) => node.type === 'CallExpression' && calleeOf(node) === 'warn' && /skipped/i.test(textOf(node)));

describe('the tests', () => {
  it('were seen', () => {
    expect(tests.length).toBeGreaterThan(80);
    expect(tests.filter(skipsByCondition).length).toBeGreaterThan(4);
  });

  it('have no limit of real time that a busy machine would break', () => {
    expect(tests.flatMap(shortLimits)).toEqual([]);
  });

  it('never sleep: they wait for what they wait for', () => {
    expect(tests.flatMap(sleeps)).toEqual([]);
  });

  it('have properties that run as often as they say and never end early as a pass', () => {
    expect(tests.flatMap(earlyEnds)).toEqual([]);
  });

  it('that are skipped by a condition say why, aloud, in the file itself or in what it imports', () => {
    const silent = tests.filter(skipsByCondition).filter((source) => {
      const imported = edgesOf(source).flatMap(({ to }) => all.get(to) ?? []);
      return ![source, ...imported].some(says);
    });
    expect(silent.map(({ file }) => file)).toEqual([]);
  });

  it('would be caught', () => {
    const seen = (text: string, look: (source: Source) => readonly string[]) =>
      look(parse('src/x.test.ts', text)).length;
    for (const text of ["it('x', () => {}, 5_000)", 'beforeAll(start, 10_000)', "it('x', { timeout: 9 }, run)"])
      expect([text, seen(text, shortLimits)]).toEqual([text, 1]);
    expect(seen("it('x', () => {}, 120_000); it('y', () => {})", shortLimits)).toBe(0);
    expect(seen('await new Promise((resolve) => setTimeout(resolve, 100))', sleeps)).toBe(1);
    expect(seen('fc.assert(p, { numRuns: 10, interruptAfterTimeLimit: 10 })', earlyEnds)).toBe(1);
    const skipped = parse('src/x.test.ts', "it.skipIf(!there)('x', () => {})");
    expect([skipsByCondition(skipped), says(skipped)]).toEqual([true, false]);
    expect(says(parse('src/x.test.ts', "console.warn('SKIPPED: there is none')"))).toBe(true);
  });
});
