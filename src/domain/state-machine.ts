import { Failure } from './failure.ts';

export interface Machine<S extends string> {
  readonly name: string;
  readonly initial: S;
  readonly table: Readonly<Record<S, readonly S[]>>;
  readonly states: readonly S[];
  /** True when the table has the step, or when `from` and `to` are the same state. */
  allows(from: S, to: S): boolean;
  /** Throws `conflict` for every step that is not in the table. */
  check(from: S, to: S): void;
  /** Throws `bug` for a state to which no path leads from the first one. */
  checkReachable(state: S): void;
  /** The states that lead to `to`, itself left out: the guard of a compare-and-set. */
  before(to: S): readonly S[];
  /** True when no step leads on. */
  final(state: S): boolean;
}

/** A state machine as a table of allowed steps. It throws on everything else; it is never asked to shrug. */
export const machine = <S extends string>(
  name: string,
  initial: S,
  table: Readonly<Record<S, readonly S[]>>,
): Machine<S> => {
  const states = Object.keys(table).filter((key): key is S => key in table);
  const allows = (from: S, to: S) => from === to || table[from].includes(to);
  const reachable = new Set<S>([initial]);
  for (const from of reachable) for (const to of table[from]) reachable.add(to);
  return {
    name,
    initial,
    table,
    states,
    allows,
    check(from, to) {
      if (!allows(from, to))
        throw new Failure('conflict', `${name}: no step from ${from} to ${to}`, { safe: { from, to } });
    },
    checkReachable(state) {
      if (!reachable.has(state)) throw new Failure('bug', `${name}: no step leads to ${state}`);
    },
    before: (to) => states.filter((from) => from !== to && table[from].includes(to)),
    final: (state) => table[state].length === 0,
  };
};
