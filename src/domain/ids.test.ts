import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idOf } from './ids.ts';

const parts = fc.array(fc.oneof(fc.string(), fc.integer()), { maxLength: 4 });

describe('ids', () => {
  it('are what they were when documents were written under them: a change here loses every stored document', () => {
    expect(idOf('or', 'cn_1', '820982911946154508')).toBe('or_8PzzUlkceZiKAgFDMRjc');
    expect(idOf('lg', 'or_1', 0)).toBe('lg_CiadgTo7y3aSTvt6tirc');
    expect(idOf('x')).toBe('x_T1PNoYwrqgwDVLtfmj7L');
  });

  it('are the same for the same thing and differ for another', () => {
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other);
        expect(idOf('t', ...one) === idOf('t', ...other)).toBe(same);
        expect(idOf('t', ...one)).toBe(idOf('t', ...one));
      }),
    );
  });

  it('do not run parts together: where one ends and the next begins counts, and so does number or text', () => {
    const ids = [idOf('t', 'ab', 'c'), idOf('t', 'a', 'bc'), idOf('t', 'abc'), idOf('t', 'a', 1), idOf('t', 'a', '1')];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('are safe in URLs, keys and file names', () => {
    fc.assert(fc.property(parts, (any) => /^t_[A-Za-z0-9]{20}$/.test(idOf('t', ...any))));
  });
});
