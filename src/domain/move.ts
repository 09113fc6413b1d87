import type { Actor } from './actor.ts';
import type { News } from './event.ts';
import type { Machine } from './state-machine.ts';

/** A document with a state. `news` holds what happened and is not known to be filed yet; `newsSeq` counts all that ever happened. */
export interface Stateful<S extends string = string> {
  _id: string;
  workspaceId: string;
  state: S;
  news?: News[] | undefined;
  newsSeq?: number | undefined;
}

/** Who acts, and when by the business clock. */
export interface By {
  actor: Actor;
  atMs: number;
  /** Facts of the event beyond its states. No personal data. */
  data?: Readonly<Record<string, unknown>>;
  /** What a person typed in, and so may name somebody. It can be erased. */
  personal?: Readonly<Record<string, unknown>>;
}

/** What may be written without a step: everything but the state and its news. */
export type Edit<T> = {
  readonly [F in Exclude<keyof T, 'state' | 'news' | 'newsSeq' | '_id' | 'workspaceId'>]?: T[F];
} & { readonly state?: never; readonly news?: never; readonly newsSeq?: never };

declare const MOVED: unique symbol;
/** Changes that take a document from one state to another; only `move` makes them. */
export type Moved<T> = Partial<T> & { readonly [MOVED]: true };

declare const BORN: unique symbol;
/** A new document with its first event; only `born` makes it. */
export type Born<T> = T & { readonly [BORN]: true };

const newsOf = (
  document: Stateful,
  type: string,
  from: string | null,
  to: string,
  by: By,
): Pick<Stateful, 'news' | 'newsSeq'> => {
  const newsSeq = (document.newsSeq ?? 0) + 1;
  const { actor, atMs, data = {}, personal } = by;
  const event: News = { seq: newsSeq, type, from, to, actor, atMs, data: { ...data } };
  if (personal) event.personal = { ...personal };
  return { news: [...(document.news ?? []), event], newsSeq };
};

/**
 * The only writer of states: the changes that take `document` to the state `to`, with the event in the same write. A step that is
 * not in the machine's table throws `conflict`. To stay in the same state leaves no event.
 */
export const move = <S extends string, T extends Stateful<S>>(
  machine: Machine<S>,
  document: T,
  to: S,
  changes: Edit<T>,
  by: By,
): Moved<T> => {
  machine.check(document.state, to);
  const news = document.state === to ? {} : newsOf(document, `${machine.name}.${to}`, document.state, to, by);
  return { ...changes, state: to, ...news } as unknown as Moved<T>;
};

/** Changes that are no step but worth an event, such as a hold or a change of address: `type` is `noun.verb`. */
export const noted = <T extends Stateful>(document: T, type: string, changes: Edit<T>, by: By): Moved<T> =>
  ({ ...changes, ...newsOf(document, type, document.state, document.state, by) }) as unknown as Moved<T>;

/** A new document in any state that its machine's table reaches, with its first event. */
export const born = <S extends string, T extends Stateful<S>>(machine: Machine<S>, document: T, by: By): Born<T> => {
  machine.checkReachable(document.state);
  return {
    ...document,
    ...newsOf(document, `${machine.name}.${document.state}`, null, document.state, by),
  } as unknown as Born<T>;
};
