import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainDate } from '../plain-date.ts';
import { type ComparableName, comparableNames } from './name.ts';
import { nameScore } from './name-score.ts';
import type { ListEntry } from './sanctions-list.ts';
import { buildScreeningIndex, layOutIndex, namesLike, type ScreeningIndex } from './screening-index.ts';
import { madeList, madeParties, misspelt, seeded } from './testing/made-names.ts';

interface Found {
  number: number;
  score: number;
}

/** Compares every name in the simplest possible way. */
const fullScan = (party: ComparableName, index: ScreeningIndex): Found[] =>
  index.names.map((listed, number) => ({ number, score: nameScore(party, listed.comparable).score }));

const found = (party: ComparableName, index: ScreeningIndex, threshold: number): Found[] => {
  const numbers = new Map(index.names.map((listed, number) => [listed, number]));
  return namesLike(party, index, threshold)
    .map(({ listed, score }) => ({ number: numbers.get(listed) ?? -1, score }))
    .sort((a, b) => a.number - b.number);
};

/** Scans all names once and compares at each threshold; returns the number of hits. */
const compareAt = (thresholds: readonly number[], party: ComparableName, index: ScreeningIndex): number => {
  const all = fullScan(party, index);
  const expected = thresholds.map((threshold) => all.filter(({ score }) => score >= threshold));
  expect(thresholds.map((threshold) => found(party, index, threshold))).toEqual(expected);
  return expected.flat().length;
};

const entry = (id: string, name: string): ListEntry => ({
  id,
  name,
  kind: null,
  aliases: [],
  programs: [],
  births: [],
  countries: [],
  identifiers: [],
  effective: { from: null, to: null },
  remarks: '',
});
const listOf = (names: readonly string[]) => ({
  id: 'own',
  title: 'own',
  date: plainDate('2026-11-20'),
  sha256: 'b'.repeat(64),
  entries: names.map((name, id) => entry(String(id), name)),
});

describe('the screening index', () => {
  it('finds exactly what a full scan finds, at every threshold, including typing errors', () => {
    const list = madeList(600, 11);
    const index = buildScreeningIndex([list]);
    const random = seeded(5);
    const parties = madeParties(list, 40, 3).flatMap(({ name, kind }) =>
      [name, misspelt(random, misspelt(random, name))].map((text) => ({ text, kind })),
    );
    let hits = 0;
    for (const { text, kind } of parties)
      for (const party of comparableNames(text, kind ?? null))
        hits += compareAt([0.75, 0.84, 0.88, 0.95, 1], party, index);
    expect(hits).toBeGreaterThan(300);
  });

  it('does so for names of any letters, lengths and repetitions', () => {
    const letters = fc.constantFrom('a', 'b', 'ab', 'abc', 'ж', '华', '𠮷', '1', ' ', ' ', 'x', 'xyz');
    const name = fc.array(letters, { minLength: 1, maxLength: 40 }).map((all) => `n${all.join('')}`);
    fc.assert(
      fc.property(
        fc.array(name, { minLength: 1, maxLength: 25 }),
        name,
        fc.constantFrom(0.75, 0.85, 0.92),
        (names, text, threshold) => {
          const index = buildScreeningIndex([listOf(names)]);
          for (const party of comparableNames(text, null)) compareAt([threshold], party, index);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('gives the same answer again: a search leaves nothing behind', () => {
    const list = madeList(300, 2);
    const index = buildScreeningIndex([list]);
    const [party] = comparableNames(list.entries[7]?.name ?? 'x', null);
    if (!party) throw new Error('no name');
    const first = found(party, index, 0.8);
    for (const other of list.entries.slice(0, 50))
      for (const name of comparableNames(other.name, other.kind)) namesLike(name, index, 0.75);
    expect(found(party, index, 0.8)).toEqual(first);
    expect(first.length).toBeGreaterThan(0);
  });

  it('is laid out in many small steps, and is the same as one built at once', () => {
    const list = madeList(400, 9);
    const steps = layOutIndex([list]);
    let count = 0;
    let last = steps.next();
    for (; !last.done; last = steps.next()) count++;
    // About 1,500 letters of names per step; a name has about twenty.
    expect(count).toBeGreaterThan(10);
    expect(last.value).toEqual(buildScreeningIndex([list]));
    const long = layOutIndex([listOf(Array.from({ length: 30 }, (_, at) => `${'long name '.repeat(45)}${at}`))]);
    expect([...long].length).toBeGreaterThan(7);
  });

  it('is not built on nothing: no list, an empty one, one twice or without a hash is refused', () => {
    const list = listOf(['Sample Person']);
    expect(() => buildScreeningIndex([])).toThrow('no list is loaded');
    expect(() => buildScreeningIndex([{ ...list, entries: [] }])).toThrow('has no entry');
    expect(() => buildScreeningIndex([list, list])).toThrow('loaded twice');
    expect(() => buildScreeningIndex([{ ...list, sha256: 'abc' }])).toThrow('lists.0.sha256');
  });
});

describe('made lists', () => {
  it('depend only on the seed', () => {
    expect(madeList(50, 1)).toEqual(madeList(50, 1));
    expect(madeList(50, 1)).not.toEqual(madeList(50, 2));
    expect(madeParties(madeList(50, 1), 20, 4)).toEqual(madeParties(madeList(50, 1), 20, 4));
  });
});
