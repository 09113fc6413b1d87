import { describe, expect, it } from 'vitest';
import { yieldToEventLoop } from './yield-to-event-loop.ts';

/** Steps of `stepMs` each by a clock that only they move. */
const work = (steps: number, stepMs: number) => {
  let nowMs = 0;
  const slices = [0];
  const rest = async () => {
    slices.push(0);
  };
  const all = function* (): Generator<undefined, string> {
    for (let step = 0; step < steps; step++) {
      nowMs += stepMs;
      slices[slices.length - 1] = (slices.at(-1) ?? 0) + stepMs;
      yield;
    }
    return 'done';
  };
  return { steps: all(), turns: { nowMs: () => nowMs, rest }, slices };
};

describe('work in slices', () => {
  it('rests after 4 ms, and after each step that is longer', async () => {
    const short = work(10, 3);
    expect(await yieldToEventLoop(short.steps, short.turns)).toBe('done');
    expect(short.slices).toEqual([6, 6, 6, 6, 6, 0]);
    const long = work(3, 20);
    await yieldToEventLoop(long.steps, long.turns);
    expect(long.slices).toEqual([20, 20, 20, 0]);
  });

  it('lets other turns of the event loop go in between: work that waits for some comes to its end', async () => {
    let turns = 0;
    const turn = () => {
      turns += 1;
      if (turns < 3) setImmediate(turn);
    };
    setImmediate(turn);
    const waiting = function* (): Generator<undefined, number> {
      while (turns < 3) yield;
      return turns;
    };
    expect(await yieldToEventLoop(waiting())).toBe(3);
  });

  it('passes a failure on', async () => {
    const failing = function* (): Generator<undefined, never> {
      yield;
      throw new Error('no');
    };
    await expect(yieldToEventLoop(failing())).rejects.toThrow('no');
  });
});
