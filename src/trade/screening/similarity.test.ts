import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codesOf, jaro, jaroWinkler, jaroWinklerOfCodes, jaroWinklerWithin, sought } from './similarity.ts';

const near = (value: number) => expect.closeTo(value, 4);
/** Few different letters, so that there are matches; some outside ASCII and outside the basic plane. */
const word = (longest: number) =>
  fc
    .array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'z', '9', 'é', '华', '𠮷'), { maxLength: longest })
    .map((all) => all.join(''));

describe('the similarity of two texts', () => {
  it.each([
    ['MARTHA', 'MARHTA', 0.9444, 0.9611],
    ['DIXON', 'DICKSONX', 0.7667, 0.8133],
    ['DWAYNE', 'DUANE', 0.8222, 0.84],
    ['CRATE', 'TRACE', 0.7333, 0.7333],
    ['ABC', 'XYZ', 0, 0],
    ['', 'A', 0, 0],
    ['A', 'A', 1, 1],
  ])('%s and %s: Jaro %f, Jaro-Winkler %f', (a, b, expectedJaro, expectedWinkler) => {
    expect([jaro(a, b), jaroWinkler(a, b)]).toEqual([near(expectedJaro), near(expectedWinkler)]);
  });

  it('counts code points, so that a rare Chinese character is one letter', () => {
    expect(jaro('𠮷野', '吉野')).toBe(jaro('ab', 'cb'));
  });

  it('raises for a common beginning at any similarity, and for four characters at most', () => {
    expect(jaroWinkler('abxxxx', 'abyyyy')).toBeGreaterThan(jaro('abxxxx', 'abyyyy'));
    const [j, w] = [jaro('abcdefgh', 'abcdefzz'), jaroWinkler('abcdefgh', 'abcdefzz')];
    expect(w).toBeCloseTo(j + 0.4 * (1 - j), 12);
  });

  it('lies between 0 and 1, is 1 for equal texts, and Winkler never lowers', () => {
    fc.assert(
      fc.property(word(20), word(20), (a, b) => {
        const [j, w] = [jaro(a, b), jaroWinkler(a, b)];
        expect(j).toBeGreaterThanOrEqual(0);
        expect(w).toBeLessThanOrEqual(1);
        expect(w).toBeGreaterThanOrEqual(j);
        expect(jaro(a, a)).toBe(1);
      }),
    );
  });

  it('is the same to the last bit in the form in which an index is searched, and 0 only for words that share too little', () => {
    fc.assert(
      fc.property(word(70), word(70), fc.nat(8), (a, b, need) => {
        const [codesA, codesB] = [codesOf(`.${a}`), codesOf(b)];
        const fast = jaroWinklerWithin(codesA, 1, codesA.length - 1, sought(codesB), 0);
        const plain = jaroWinklerOfCodes(codesA.subarray(1), codesB);
        if (a !== '' || b !== '') expect(fast).toBe(plain);
        const cut = jaroWinklerWithin(codesA, 1, codesA.length - 1, sought(codesB), need);
        if (cut !== plain) expect(cut).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses what is too long for a name, at once', () => {
    expect(() => jaro('a'.repeat(10_000), 'b')).toThrow('a: longer than 1000 characters');
  });
});
