import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDeeperThan, MOST_LEVELS, parseJson } from './json.ts';

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? 1 + Math.max(0, ...Object.values(value).map((each) => depthOf(each)))
    : 0;
const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

describe('how deep a JSON text is', () => {
  it('is counted as its value is, whatever its strings hold', () => {
    const word = fc.stringMatching(/^[[\]{}"\\a]{0,6}$/);
    const value = fc.letrec((tie) => ({
      any: fc.oneof({ maxDepth: 8 }, word, fc.integer(), tie('list'), tie('record')),
      list: fc.array(tie('any'), { maxLength: 4 }),
      record: fc.dictionary(word, tie('any'), { maxKeys: 4 }),
    })).any;
    fc.assert(
      fc.property(value, fc.nat({ max: 9 }), fc.boolean(), (given, levels, spaced) => {
        const text = JSON.stringify(given, null, spaced ? 1 : 0);
        expect(isDeeperThan(text, levels)).toBe(depthOf(given) > levels);
      }),
    );
  });

  it('ends the reading of a text that is too deep, and of no other', () => {
    expect(parseJson(nested(MOST_LEVELS))).toMatchObject({ kind: 'json' });
    expect(parseJson(nested(MOST_LEVELS + 1))).toEqual({ kind: 'tooDeep' });
  });

  it.each(['', '<html>', '{"a":', '"open', '["\\', 'undefined', '[1] [2]'])('%s is no JSON', (text) => {
    expect(parseJson(text)).toEqual({ kind: 'notJson' });
  });
});
