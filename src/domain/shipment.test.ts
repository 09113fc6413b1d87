import { describe, expect, it } from 'vitest';
import { concernsBuyer, earlierNumbers, mustTellTracking, newTracking, withTold, withTracking } from './shipment.ts';

const old = { carrier: 'UPS', number: '1Z 999-aa', url: 'https://ups.example/1' };

describe('a tracking that is reported', () => {
  it.each([
    ['the same', old, null],
    ['the same number written differently', { ...old, number: '1z999AA' }, null],
    ['the same carrier written differently', { ...old, carrier: 'ups ' }, null],
    ['nothing of carrier and link', { carrier: '', number: old.number, url: '' }, null],
    ['no number any more', { carrier: 'USPS', number: ' ', url: '' }, null],
    ['another number', { ...old, number: ' NEW222 ', url: '' }, { carrier: 'UPS', number: 'NEW222', url: '' }],
    ['another number and no carrier', { carrier: '', number: 'N', url: '' }, { carrier: 'UPS', number: 'N', url: '' }],
    ['another carrier', { ...old, carrier: 'USPS', url: '' }, { carrier: 'USPS', number: old.number, url: '' }],
    ['another link alone', { ...old, url: 'https://ups.example/2' }, { ...old, url: 'https://ups.example/2' }],
  ])('that says %s', (_, said, expected) => {
    expect(newTracking(old, said)).toEqual(expected);
  });
});

describe('the history of a tracking', () => {
  const next = { carrier: 'UPS', number: 'NEW222', url: '' };
  const shipment = { tracking: old, createdAtMs: 1, confirmationId: 'f', state: 'confirmed' as const };

  it('says when each was heard and told of, and what is still to be told', () => {
    const told = { ...shipment, trackingHistory: withTold(shipment, old, 2) };
    expect(mustTellTracking(told)).toBe(false);
    const moved = { ...told, tracking: next, trackingHistory: withTracking(told, next, 3) };
    expect([mustTellTracking(moved), concernsBuyer(moved), earlierNumbers(moved)]).toEqual([true, true, [old.number]]);
    const over = { ...moved, trackingHistory: withTold(moved, next, 4) };
    expect(over.trackingHistory).toEqual([
      { tracking: old, atMs: 1, toldAtMs: 2 },
      { tracking: next, atMs: 3, toldAtMs: 4 },
    ]);
    expect(mustTellTracking(over)).toBe(false);
  });

  it('leaves to be told what came while another was told of', () => {
    const moved = { ...shipment, tracking: next, trackingHistory: withTracking(shipment, next, 3) };
    expect(mustTellTracking({ ...moved, trackingHistory: withTold(moved, old, 4) })).toBe(true);
  });

  it('of which only the link changed is nothing for the buyer, and a storefront that expects nothing is told nothing', () => {
    const told = { ...shipment, trackingHistory: withTold(shipment, old, 2) };
    const link = { ...old, url: 'https://ups.example/2' };
    const moved = { ...told, tracking: link, trackingHistory: withTracking(told, link, 3) };
    expect([mustTellTracking(moved), concernsBuyer(moved)]).toEqual([true, false]);
    expect(mustTellTracking({ ...moved, confirmationId: null })).toBe(false);
  });

  it('is not due while the package was not told of at all', () => {
    const moved = { ...shipment, state: 'planned' as const, trackingHistory: withTracking(shipment, next, 3) };
    expect(mustTellTracking({ ...moved, confirmationId: null })).toBe(false);
  });
});
