import { describe, expect, it } from 'vitest';
import { nextAskOfShop } from './next-look.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 11, 1);
const hold = (untilMs: number | null) => ({
  externalId: 'h',
  reason: 'OTHER',
  note: '',
  untilAt: untilMs === null ? null : new Date(untilMs).toISOString(),
});

describe('when a shop is asked again whether it still holds an order', () => {
  it.each([
    ['never, where it holds nothing', [], null],
    ['an hour later, where it says no end', [null], HOUR],
    ['at its end, where that is near', [NOW + 5 * HOUR], 5 * HOUR],
    ['a day later, where its end is far: it may say another', [NOW + 90 * 24 * HOUR], 24 * HOUR],
    ['an hour later, where it shows one that should have ended', [NOW - HOUR], HOUR],
    ['at the first end of several', [NOW + 9 * HOUR, NOW + 3 * HOUR], 3 * HOUR],
    ['an hour later, where one of several has no end', [NOW + 3 * HOUR, null], HOUR],
    ['at the end that comes before the hour', [NOW + HOUR / 2, null], HOUR / 2],
  ])('%s', (_, ends, after) => {
    const at = nextAskOfShop({ shopHolds: ends.map(hold), fetchedAtMs: NOW });
    expect(at).toBe(after === null ? null : NOW + after);
  });

  it('never, where no connector of the shop has said', () => expect(nextAskOfShop({ fetchedAtMs: NOW })).toBeNull());
});
