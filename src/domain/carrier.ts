import type { Connection } from './connection.ts';
import type { Location } from './location.ts';

type Candidate = Pick<Connection, '_id' | 'name' | 'state' | 'live'>;

export type CarrierChoice =
  | { kind: 'carrier'; connectionId: string }
  /** The one whose work it is cannot take it now. */
  | { kind: 'waits'; for: 'live' | 'carrier'; why: string }
  /** Several could, and nobody has said which. */
  | { kind: 'ambiguous'; why: string }
  | { kind: 'none'; why: string };

/** A word for a carrier as it is compared: case, accents, spaces and signs are how somebody writes it. Empty for one without a letter. */
export const carrierKey = (word: string): string =>
  word
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

/** A connection that may be asked for a label now. */
export const isUsable = ({ state, live }: Pick<Connection, 'state' | 'live'>): boolean => state === 'active' && live;

const STATE_IN_WORDS: Readonly<Record<Connection['state'], string>> = {
  active: 'is not live yet',
  paused: 'is paused',
  needs_attention: 'needs attention: see its exception',
  removed: 'is removed',
};
/** Why a connection cannot be asked now. */
export const waitFor = ({ name, state }: Candidate): Extract<CarrierChoice, { kind: 'waits' }> => ({
  kind: 'waits',
  for: state === 'active' ? 'live' : 'carrier',
  why: `${name} ${STATE_IN_WORDS[state]}`,
});

/**
 * Which logistics connection sells the labels of a location. A location that names carriers is served by these alone: by the first,
 * or with `fallback` by the first that is usable. Without names it is the one usable connection; among several nobody guesses. Pure.
 */
export const chooseCarrier = (
  connections: readonly Candidate[],
  location: Pick<Location, 'code' | 'carriers' | 'fallback'>,
): CarrierChoice => {
  const there = connections.filter(({ state }) => state !== 'removed');
  const byId = new Map(there.map((connection) => [connection._id, connection]));
  const named = location.carriers.flatMap((id) => byId.get(id) ?? []);
  const usable = (location.carriers.length > 0 ? named : there).filter(isUsable);
  const [first] = usable;

  if (location.carriers.length > 0) {
    const preferred = byId.get(location.carriers[0] ?? '');
    if (preferred && isUsable(preferred)) return { kind: 'carrier', connectionId: preferred._id };
    if (location.fallback && first) return { kind: 'carrier', connectionId: first._id };
    const waiting = preferred ?? (location.fallback ? named[0] : undefined);
    return waiting
      ? waitFor(waiting)
      : { kind: 'none', why: `the carrier of location ${location.code} is gone: set the location’s carriers` };
  }
  if (first && usable.length === 1) return { kind: 'carrier', connectionId: first._id };
  if (first)
    return {
      kind: 'ambiguous',
      why: `${usable.map(({ name }) => name).join(' and ')} could sell the labels of location ${location.code}: set the location’s carriers`,
    };
  const [one] = there;
  return one
    ? waitFor(one)
    : { kind: 'none', why: 'no logistics connection: add one, or ship with a tracking number of your own' };
};
