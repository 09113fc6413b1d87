import { describe, expect, it } from 'vitest';
import { approvalMachine } from './approval.ts';
import { connectionMachine } from './connection.ts';
import { exceptionMachine } from './exception.ts';
import { isFailure } from './failure.ts';
import { LEG_KINDS, LEG_MACHINES } from './leg.ts';
import { orderMachine } from './order.ts';
import { returnMachine } from './return.ts';
import { shipmentMachine } from './shipment.ts';
import { type Machine, machine } from './state-machine.ts';

/** The laws that every machine keeps, bound to its own names for its states. */
const laws = <S extends string>(name: string, of: Machine<S>, finals: readonly S[], absent: readonly S[] = []) => ({
  name,
  check() {
    const { table, states } = of;
    expect(new Set(states)).toEqual(new Set(Object.keys(table)));
    for (const from of states) {
      expect(table[from].filter((to) => !states.includes(to))).toEqual([]);
      expect(new Set(table[from]).size).toBe(table[from].length);
      for (const to of states) {
        const inTable = table[from].includes(to);
        expect(of.allows(from, to)).toBe(inTable || from === to);
        expect(of.before(to).includes(from)).toBe(inTable && from !== to);
        if (inTable || from === to) of.check(from, to);
        else expect(() => of.check(from, to)).toThrow(`${of.name}: no step from ${from} to ${to}`);
      }
    }
  },
  reach() {
    const seen = new Set<S>([of.initial]);
    for (const state of seen) for (const next of of.table[state]) seen.add(next);
    expect(seen).toEqual(new Set(of.states.filter((state) => !absent.includes(state))));
    for (const state of of.states)
      if (seen.has(state)) of.checkReachable(state);
      else expect(() => of.checkReachable(state)).toThrow(`${of.name}: no step leads to ${state}`);
  },
  finish() {
    const own = of.states.filter((state) => !absent.includes(state));
    expect(own.filter((state) => of.final(state))).toEqual(finals);
    if (finals.length === 0) return;
    for (const start of own) {
      const seen = new Set<S>([start]);
      for (const state of seen) for (const next of of.table[state]) seen.add(next);
      expect([...seen].some((state) => of.final(state))).toBe(true);
    }
  },
});

const MACHINES = [
  laws('order', orderMachine, ['closed', 'cancelled']),
  ...LEG_KINDS.map((kind) =>
    kind === 'fulfilment'
      ? laws(`${kind} leg`, LEG_MACHINES[kind], ['delivered', 'cancelled'], ['submitted', 'unknown', 'received'])
      : laws(
          `${kind} leg`,
          LEG_MACHINES[kind],
          ['received', 'cancelled'],
          kind === 'work' ? ['submitted', 'unknown'] : [],
        ),
  ),
  laws('shipment', shipmentMachine, ['delivered', 'voided']),
  laws('return', returnMachine, ['applied', 'unmatched']),
  // An exception may come again, and so has no end.
  laws('exception', exceptionMachine, []),
  laws('approval', approvalMachine, ['approved', 'declined', 'withdrawn']),
  laws('connection', connectionMachine, ['removed']),
];

describe.each(MACHINES)('the $name machine', ({ check, reach, finish }) => {
  it('allows the steps of its table and staying put, throws on every other, and `before` is its inverse', check);
  it('reaches every state that it has from its first, and knows those that it has not', reach);
  it('can end from every state, in the states that are known to be ends', finish);
});

describe('a state machine', () => {
  it('refuses with a conflict that tells where from and where to', () => {
    const door = machine('door', 'open', { open: ['shut'], shut: [] });
    try {
      door.check('shut', 'open');
      expect.unreachable();
    } catch (error) {
      expect(isFailure(error, 'conflict')).toBe(true);
      expect(error).toMatchObject({ safe: { from: 'shut', to: 'open' } });
    }
  });
});
