import type { EntityKind, Wire } from '#kit';

/** A field's value with the way to it. A number in the way is a place in a list. */
export interface Leaf {
  at: readonly string[];
  value: unknown;
}

/** A thing that an answer holds, with its fields under the vendor's own names. */
export interface Entity {
  kind: EntityKind;
  wire: Wire;
  leaves: readonly Leaf[];
  /** Where it was found. */
  where: string;
}

/** An answer to one operation. */
export interface TakenApart {
  operation: string;
  entities: readonly Entity[];
  /** Whether it told anything at all. */
  empty: boolean;
}

/** The other values of an enum, by kind and path, where a schema names them. */
export type Words = Map<string, readonly string[]>;

/** How the pages of a list are told: no facts of what they hold. */
const PAGING = new Set(['pageInfo', 'cursor', '__typename', 'edges']);

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a thing was known by is no fact of it. */
const isTypeName = (name: string, value: unknown): boolean =>
  name === 'object' && typeof value === 'string' && /^[A-Z]/.test(value);

/** A way without places in lists and without the word for the items of a page. */
export const nameOf = (at: readonly string[]): string =>
  at.filter((step) => !/^\d+$/.test(step) && step !== 'nodes').join('.');

/** A field that was asked for under two aliases has two values; the first stands in the object, the others here. */
export type Extras = WeakMap<object, readonly { name: string; value: unknown }[]>;
export type Kinds = WeakMap<object, EntityKind>;

/** The fields of an object down to what is a thing of its own. */
export const leavesOf = (wire: Wire, kind: EntityKind, kinds: Kinds, extras: Extras): Leaf[] => {
  const walk = (value: unknown, at: readonly string[]): Leaf[] => {
    if (Array.isArray(value)) {
      if (value.length === 0) return [{ at, value }];
      return value.flatMap((item, n) => walk(item, [...at, String(n)]));
    }
    if (!isObject(value) || kind.whole?.includes(nameOf(at))) return [{ at, value }];
    if (at.length > 0 && kinds.has(value)) return [];
    const fields = [
      ...Object.entries(value),
      ...(extras.get(value) ?? []).map(({ name, value }) => [name, value] as const),
    ];
    return fields
      .filter(([name, child]) => !PAGING.has(name) && !isTypeName(name, child))
      .flatMap(([name, child]) => walk(child, [...at, name]));
  };
  return walk(wire, []);
};

/** The things in an answer, outermost first. */
export const entitiesIn = (answer: unknown, where: string, kinds: Kinds, extras: Extras): Entity[] => {
  const walk = (value: unknown, at: readonly string[]): Entity[] => {
    if (Array.isArray(value)) return value.flatMap((item, n) => walk(item, [...at, String(n)]));
    if (!isObject(value)) return [];
    const kind = kinds.get(value);
    const own = kind ? [{ kind, wire: value, leaves: leavesOf(value, kind, kinds, extras), where: at.join('.') }] : [];
    const fields = [
      ...Object.entries(value),
      ...(extras.get(value) ?? []).map(({ name, value }) => [name, value] as const),
    ];
    return [...own, ...fields.flatMap(([name, child]) => walk(child, [...at, name]))];
  };
  return walk(answer, where === '' ? [] : [where]);
};

/** Whether there is any fact in it: an empty list, an empty object and null hold none. */
export const tells = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.some(tells);
  if (isObject(value)) return Object.entries(value).some(([name, child]) => !PAGING.has(name) && tells(child));
  return value !== null && value !== undefined;
};
