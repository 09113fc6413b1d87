import { describe, expect, it } from 'vitest';
import type { Unpaid } from '#domain/leg.ts';
import type { PurchaseReport } from '#domain/purchase.ts';
import { isNews, isPaying, unpaidAfter } from './unpaid.ts';

const REPORT: PurchaseReport = {
  externalId: '21',
  reference: 'po',
  state: 'created',
  rawStatus: 'UNPAID',
  unpaid: true,
  costMinor: 999,
  currency: 'USD',
  packages: [],
  reason: '',
};
const FIRST: Unpaid = { amountMinor: 999, currency: 'USD', reason: '', pay: 'none', restsUntilMs: null };

describe('a payment that a supplier waits for', () => {
  it('is told of once, and again when there are new words of it', () => {
    const first = unpaidAfter(null, REPORT, 0);
    expect(first).toEqual(FIRST);
    expect(isNews(null, FIRST)).toBe(true);
    expect(unpaidAfter(FIRST, REPORT, 9)).toEqual(FIRST);
    expect(isNews(FIRST, FIRST)).toBe(false);
    expect(isNews(FIRST, { ...FIRST, reason: 'no money' })).toBe(true);
  });

  it('keeps the words and the amount when a later look says neither', () => {
    const told = { ...FIRST, reason: 'no money' };
    expect(unpaidAfter(told, { ...REPORT, costMinor: null, currency: null }, 0)).toEqual(told);
  });

  it('waits for nothing once the supplier says so', () => {
    expect(unpaidAfter(FIRST, { ...REPORT, unpaid: false }, 0)).toBeNull();
  });

  it.each(['none', 'wanted', 'sent'] as const)('that is %s stays so, whatever a look shows', (pay) => {
    expect(unpaidAfter({ ...FIRST, pay }, REPORT, 0)?.pay).toBe(pay);
    expect(isPaying({ ...FIRST, pay })).toBe(pay !== 'none');
  });

  it('rests on the word of a person for as long as that holds, and is told of then', () => {
    const said: Unpaid = { ...FIRST, pay: 'byHand', restsUntilMs: 100 };
    const resting = unpaidAfter(said, REPORT, 99);
    expect(resting).toEqual(said);
    expect(isNews(said, said)).toBe(false);
    const over = unpaidAfter(said, REPORT, 100) ?? expect.fail('it is not paid');
    expect(over).toEqual(FIRST);
    expect(isNews(said, over)).toBe(true);
  });
});
