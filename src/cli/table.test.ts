import { describe, expect, it } from 'vitest';
import { facts, table } from './table.ts';

describe('a table', () => {
  it('aligns its columns, numbers to the right, wide letters by the room they take', () => {
    expect(
      table(
        ['name', 'amount'],
        [
          ['duty', '12.50'],
          ['增值税', '1,200.00'],
        ],
      ),
    ).toEqual(['name      amount', '------  --------', 'duty       12.50', '增值税  1,200.00']);
  });

  it('leaves no blanks at the end of a line and stands without rows', () => {
    expect(table(['a', 'b'], [['long text', '']])[2]).toBe('long text');
    expect(table(['a', 'bc'], [])).toEqual(['a  bc', '-  --']);
  });
});

describe('facts', () => {
  it('are one below the other, without those that are not known', () => {
    expect(
      facts([
        ['lot', 1_000],
        ['counts', null],
        ['inspect all', false],
      ]),
    ).toEqual(['lot          1000', 'inspect all  false']);
  });
});
