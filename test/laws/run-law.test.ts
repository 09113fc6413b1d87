import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LAWS } from './index.ts';
import { defineLaw, defineServerLaw } from './law.ts';
import { faultsOf, runLaw, tellBroken } from './run-law.ts';

const PLAN = { seeds: 20, from: 1, limitMs: Number.POSITIVE_INFINITY };
const named = (name: string) => ({ name, title: 'planted' });
const opening = { needs: 'servers', open: async () => ({ seen: new Set<number>() }), close: async () => {} } as const;

/** Adds to a number and never lets it pass nine, as the model says; the real one does not know that. */
const add = (amount: number) => ({
  check: () => true,
  async run(model: { at: number }, real: { at: number }) {
    model.at = Math.min(9, model.at + amount);
    real.at += amount;
    expect(real.at).toBe(model.at);
  },
  toString: () => `add ${amount}`,
});

describe('the laws', () => {
  it('have a name each, in kebab-case, and a title', () => {
    expect(LAWS.length).toBeGreaterThan(60);
    expect(new Set(LAWS.map(({ name }) => name)).size).toBe(LAWS.length);
    for (const { name, title } of LAWS) {
      expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
      expect(title.length).toBeGreaterThan(10);
    }
    expect(new Set(LAWS.map(({ needs }) => needs))).toEqual(new Set(['nothing', 'servers']));
  });
});

describe('a run of a law', () => {
  it('that holds runs every seed asked for, and has no fault', async () => {
    const seeds: number[] = [];
    const law = defineServerLaw({
      ...named('holds'),
      ...opening,
      run: async (_, seed) => {
        seeds.push(seed);
      },
    });
    const outcome = await runLaw(law, { ...PLAN, from: 5, seeds: 3 });
    expect(seeds).toEqual([5, 6, 7]);
    expect([outcome.seeds, outcome.broken, faultsOf(outcome)]).toEqual([3, null, []]);
  });

  it('that is broken stops there, with its seed and the smallest failing case, the same again for the same seed', async () => {
    const law = defineLaw({
      ...named('broken'),
      property: () => fc.property(fc.array(fc.nat(1_000)), (list) => list.every((n) => n < 100)),
    });
    const outcome = await runLaw(law, PLAN);
    expect(outcome.broken).toMatchObject({ smallest: '[[100]]', steps: ['100'] });
    const { seed = 0 } = outcome.broken ?? {};
    expect(outcome.seeds).toBe(seed);
    expect((await runLaw(law, { ...PLAN, from: seed, seeds: 1 })).broken).toEqual(outcome.broken);
    expect(faultsOf(outcome)).toEqual([`broken: broken by seed ${seed}`]);
  });

  it('of commands tells the fewest that break it', async () => {
    const law = defineServerLaw({
      ...named('commands'),
      ...opening,
      property: () =>
        fc.asyncProperty(
          fc.commands([fc.integer({ min: 1, max: 5 }).map(add)], { maxCommands: 20 }),
          async (commands) => {
            await fc.asyncModelRun(() => ({ model: { at: 0 }, real: { at: 0 } }), commands);
          },
        ),
    });
    const { broken } = await runLaw(law, PLAN);
    if (!broken) return expect.fail('it was not seen');
    const total = broken.steps.reduce((sum, step) => sum + Number(/^add (\d)/.exec(step)?.[1]), 0);
    expect(broken.steps.length).toBeGreaterThan(1);
    expect(total).toBeGreaterThanOrEqual(10);
    const told = tellBroken('commands', broken);
    for (const part of [`Seed ${broken.seed} breaks`, '1. add ', 'Smallest failing case', `--from ${broken.seed}`])
      expect(told).toContain(part);
  });

  it('that makes its own steps tells those that were taken', async () => {
    const law = defineServerLaw({
      ...named('stepped'),
      ...opening,
      run: async (_, seed, step) => {
        step(`look at ${seed}`);
        if (seed === 3) throw new Error('three');
      },
    });
    const outcome = await runLaw(law, PLAN);
    expect(outcome.broken).toEqual({ seed: 3, reason: 'three', steps: ['look at 3'], smallest: '', shrinks: 0 });
  });

  it('that ran fewer seeds than asked for, or never reached what the law is about, says so', async () => {
    const law = defineServerLaw({
      ...named('short'),
      ...opening,
      run: async ({ seen }, seed) => {
        seen.add(seed % 2);
      },
      unreached: ({ seen }) => [0, 1].filter((rest) => !seen.has(rest)).map((rest) => `the rest ${rest}`),
      covered: ({ seen }) => `${seen.size} of 2 rests`,
    });
    expect(faultsOf(await runLaw(law, { ...PLAN, limitMs: 0 }))).toEqual([
      'short: ran 1 seeds, 20 were asked for; the time was up',
      'short: no seed reached the rest 0',
    ]);
    const whole = await runLaw(law, PLAN);
    expect([faultsOf(whole), whole.covered]).toEqual([[], '2 of 2 rests']);
  });

  it('closes what it opened, however it ends', async () => {
    let open = 0;
    const law = (fails: boolean) =>
      defineServerLaw({
        ...named('closes'),
        needs: 'servers',
        open: async () => {
          open += 1;
        },
        close: async () => {
          open -= 1;
        },
        run: async () => {
          if (fails) throw new Error('no');
        },
      });
    expect((await runLaw(law(false), PLAN)).broken).toBeNull();
    expect((await runLaw(law(true), PLAN)).broken).not.toBeNull();
    expect(open).toBe(0);
  });
});
