import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualClock, systemClock } from './clock.ts';

describe('the manual clock', () => {
  it('does not move until it is advanced', async () => {
    const clock = manualClock(1_000);
    let woken = false;
    const waiting = clock.wait(5).then(() => {
      woken = true;
    });
    clock.advance(4);
    await Promise.resolve();
    expect([clock.now(), woken]).toEqual([1_004, false]);
    clock.advance(1);
    await waiting;
    expect([clock.now(), woken]).toEqual([1_005, true]);
  });

  it('wakes each waiter when its time has come and not before, in the order of their times', async () => {
    const waits = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 20 });
    const steps = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(waits, steps, async (durations, moves) => {
        const clock = manualClock(0);
        const woken: number[] = [];
        const all = durations.map((ms) => clock.wait(ms).then(() => woken.push(ms)));
        for (const move of moves) {
          clock.advance(move);
          await Promise.resolve();
          expect(new Set(woken)).toEqual(new Set(durations.filter((ms) => ms <= clock.now())));
        }
        const zeros = durations.filter((ms) => ms === 0);
        clock.advance(1_000);
        await Promise.all(all);
        expect(woken).toEqual([...zeros, ...durations.filter((ms) => ms > 0).sort((a, b) => a - b)]);
      }),
    );
  });

  it('wakes those who wait for the same time in the order in which they came', async () => {
    const clock = manualClock();
    const woken: string[] = [];
    const first = clock.wait(10).then(() => woken.push('first'));
    clock.advance(3);
    const second = clock.wait(7).then(() => woken.push('second'));
    clock.advance(7);
    await Promise.all([first, second]);
    expect(woken).toEqual(['first', 'second']);
  });
});

describe.each([
  ['the manual clock', manualClock()],
  ['the system clock', systemClock],
])('%s', (_, clock) => {
  it('ends a wait with the reason of its abort', async () => {
    const stop = new AbortController();
    const waiting = clock.wait(3_600_000, stop.signal);
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  it('begins no wait for a signal that is aborted already', async () => {
    await expect(clock.wait(3_600_000, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
  });

  it('ignores an abort after a wait has ended', async () => {
    const stop = new AbortController();
    await clock.wait(0, stop.signal);
    stop.abort();
    expect(clock.rate()).toBe(1);
  });
});
