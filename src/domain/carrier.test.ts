import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseCarrier, isUsable } from './carrier.ts';

const connection = (
  _id: string,
  state: 'active' | 'paused' | 'needs_attention' | 'removed' = 'active',
  live = true,
) => ({
  _id,
  name: `Carrier ${_id}`,
  state,
  live,
});
const at = (carriers: string[] = [], fallback = false) => ({ code: 'main', carriers, fallback });

describe('the carrier of a location', () => {
  it('is the one usable connection where none is named', () => {
    expect(chooseCarrier([connection('a')], at())).toEqual({ kind: 'carrier', connectionId: 'a' });
    expect(chooseCarrier([connection('a', 'paused'), connection('b')], at())).toEqual({
      kind: 'carrier',
      connectionId: 'b',
    });
  });

  it('is guessed by nobody among several: both are named', () => {
    const choice = chooseCarrier([connection('a'), connection('b')], at());
    expect(choice).toMatchObject({ kind: 'ambiguous' });
    expect('why' in choice && choice.why).toMatch(/Carrier a and Carrier b.*main/);
  });

  it('is the named one alone: while it is paused or not live its work waits', () => {
    const others = [connection('b')];
    expect(chooseCarrier([connection('a', 'paused'), ...others], at(['a', 'b']))).toEqual({
      kind: 'waits',
      for: 'carrier',
      why: 'Carrier a is paused',
    });
    expect(chooseCarrier([connection('a', 'active', false), ...others], at(['a']))).toMatchObject({
      kind: 'waits',
      for: 'live',
    });
    expect(chooseCarrier([connection('a', 'needs_attention'), ...others], at(['a']))).toMatchObject({ kind: 'waits' });
  });

  it('is the next one only where the location says so', () => {
    const all = [connection('a', 'paused'), connection('b'), connection('c')];
    expect(chooseCarrier(all, at(['a', 'c', 'b'], true))).toEqual({ kind: 'carrier', connectionId: 'c' });
    expect(chooseCarrier(all, at(['a', 'c', 'b']))).toMatchObject({ kind: 'waits' });
  });

  it('is none where there is none, or where the named one is gone', () => {
    expect(chooseCarrier([], at())).toMatchObject({ kind: 'none' });
    expect(chooseCarrier([connection('a', 'removed'), connection('b')], at(['a']))).toMatchObject({ kind: 'none' });
  });

  it('never is one that may not be asked, and never one that the location does not name', () => {
    const connections = fc.uniqueArray(
      fc.record({
        _id: fc.constantFrom('a', 'b', 'c', 'd'),
        name: fc.constantFrom('x', 'y'),
        state: fc.constantFrom('active' as const, 'paused' as const, 'needs_attention' as const, 'removed' as const),
        live: fc.boolean(),
      }),
      { selector: ({ _id }) => _id },
    );
    const location = fc.record({
      code: fc.constant('main'),
      carriers: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd')),
      fallback: fc.boolean(),
    });
    fc.assert(
      fc.property(connections, location, (all, place) => {
        const choice = chooseCarrier(all, place);
        if (choice.kind !== 'carrier') return;
        const chosen = all.find(({ _id }) => _id === choice.connectionId);
        expect(chosen && isUsable(chosen)).toBe(true);
        if (place.carriers.length > 0) expect(place.carriers).toContain(choice.connectionId);
        if (place.carriers.length > 0 && !place.fallback) expect(choice.connectionId).toBe(place.carriers[0]);
      }),
    );
  });
});
