import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemActor } from './actor.ts';
import { isFailure } from './failure.ts';
import { born, move, noted, type Stateful } from './move.ts';
import { machine } from './state-machine.ts';

const STATES = ['open', 'shut', 'locked', 'lost'] as const;
type DoorState = (typeof STATES)[number];
/** Nothing leads to `lost`. */
const doorMachine = machine<DoorState>('door', 'open', {
  open: ['shut'],
  shut: ['open', 'locked'],
  locked: ['shut'],
  lost: ['open'],
});

interface Door extends Stateful<DoorState> {
  colour: string;
}
const door = (state: DoorState = 'open'): Door => ({ _id: 'dr_1', workspaceId: 'ws', state, colour: 'red' });
const by = { actor: systemActor('test'), atMs: 1_000 };
const written = (from: Door, changes: object): Door => Object.assign({}, from, changes);

describe('move', () => {
  it('takes a document to the next state with its changes and one event that says who, when, where from and where to', () => {
    const moved = move(doorMachine, door(), 'shut', { colour: 'blue' }, { ...by, data: { wind: true } });
    expect(moved).toEqual({
      state: 'shut',
      colour: 'blue',
      newsSeq: 1,
      news: [
        {
          seq: 1,
          type: 'door.shut',
          from: 'open',
          to: 'shut',
          actor: by.actor,
          atMs: 1_000,
          data: { wind: true },
        },
      ],
    });
  });

  it('leaves no event for staying in the same state, and still gives the changes', () => {
    expect(move(doorMachine, door('shut'), 'shut', { colour: 'blue' }, by)).toEqual({ state: 'shut', colour: 'blue' });
  });

  it('takes every step of the table, throws a conflict for every other, and counts its events up without a gap', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...STATES), fc.boolean()), { maxLength: 20 }), (steps) => {
        let current = door();
        let events = 0;
        for (const [to, onlyNote] of steps) {
          const before = structuredClone(current);
          if (onlyNote) {
            current = written(current, noted(current, 'door.painted', { colour: to }, by));
            expect([current.state, current.colour]).toEqual([before.state, to]);
            events += 1;
          } else if (to === current.state || doorMachine.table[current.state].includes(to)) {
            if (to !== current.state) events += 1;
            current = written(current, move(doorMachine, current, to, {}, by));
            expect(current.state).toBe(to);
          } else {
            let thrown: unknown;
            try {
              move(doorMachine, current, to, {}, by);
            } catch (error) {
              thrown = error;
            }
            expect(isFailure(thrown, 'conflict')).toBe(true);
            expect(current).toEqual(before);
          }
          expect(current.newsSeq ?? 0).toBe(events);
          expect((current.news ?? []).map(({ seq }) => seq)).toEqual(
            Array.from({ length: events }, (_, index) => index + 1),
          );
        }
      }),
      { numRuns: 200 },
    );
  });

  it('goes on counting where filed news was taken out of the document', () => {
    const filed = { ...door('shut'), news: [], newsSeq: 7 };
    expect(move(doorMachine, filed, 'locked', {}, by)).toMatchObject({ newsSeq: 8, news: [{ seq: 8 }] });
  });
});

describe('noted', () => {
  it('leaves an event of the name given without a step', () => {
    const painted = noted(door('shut'), 'door.painted', { colour: 'green' }, by);
    expect(painted).toMatchObject({ colour: 'green', news: [{ type: 'door.painted', from: 'shut', to: 'shut' }] });
    expect(painted).not.toHaveProperty('state');
  });
});

describe('born', () => {
  it('makes a document in any state that a path leads to, with its first event, and changes nothing that it was given', () => {
    for (const state of ['open', 'shut', 'locked'] as const) {
      const given = door(state);
      expect(born(doorMachine, given, by)).toEqual({
        ...door(state),
        newsSeq: 1,
        news: [{ seq: 1, type: `door.${state}`, from: null, to: state, actor: by.actor, atMs: 1_000, data: {} }],
      });
      expect(given).toEqual(door(state));
    }
  });

  it('refuses a state that nothing leads to', () => {
    expect(() => born(doorMachine, door('lost'), by)).toThrow('door: no step leads to lost');
  });
});
