import { describe, expect, it } from 'vitest';
import { connectionMachine } from './connection.ts';
import { isFailure } from './failure.ts';
import { legMachine } from './leg.ts';
import { orderMachine } from './order.ts';
import { shipmentMachine } from './shipment.ts';
import { type Machine, machine } from './state-machine.ts';

/** The laws that every machine keeps, bound to its own names for its states. */
const laws = <S extends string>(name: string, of: Machine<S>, finals: readonly S[]) => ({
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
        else expect(() => of.check(from, to)).toThrow(`${name}: no step from ${from} to ${to}`);
      }
    }
  },
  reach() {
    const seen = new Set<S>([of.initial]);
    for (const state of seen) for (const next of of.table[state]) seen.add(next);
    expect(seen).toEqual(new Set(of.states));
  },
  finish() {
    expect(of.states.filter((state) => of.final(state))).toEqual(finals);
    for (const start of of.states) {
      const seen = new Set<S>([start]);
      for (const state of seen) for (const next of of.table[state]) seen.add(next);
      expect([...seen].some((state) => of.final(state))).toBe(true);
    }
  },
});

const MACHINES = [
  laws('order', orderMachine, ['closed', 'cancelled']),
  laws('leg', legMachine, ['received', 'cancelled']),
  laws('shipment', shipmentMachine, ['delivered', 'voided']),
  laws('connection', connectionMachine, ['removed']),
];

describe.each(MACHINES)('the $name machine', ({ check, reach, finish }) => {
  it('allows the steps of its table and staying put, throws on every other, and `before` is its inverse', check);
  it('reaches every state from its first', reach);
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
