import { z } from 'zod';
import type { EntityReader } from '#kit';
import { type Entity, isObject, type Leaf, nameOf, type Words } from './taken-apart.ts';

/** What became of a field: it changes the canonical record, it changes nothing, or there is nothing in it. */
export type Verdict = 'place' | 'lost' | 'empty';

export const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** `recorded` with what it lacks from the first of `neutrals`; an item of a list from the first of any of their lists. */
const completed = (neutrals: readonly unknown[], recorded: unknown): unknown => {
  if (Array.isArray(recorded)) {
    const items = neutrals.flatMap((list) => (Array.isArray(list) ? list.slice(0, 1) : []));
    return items.length === 0 ? recorded : recorded.map((one) => completed(items, one));
  }
  const objects = neutrals.filter(isObject);
  const [first] = objects;
  if (!isObject(recorded) || first === undefined) return recorded;
  const names = new Set([...Object.keys(first), ...Object.keys(recorded)]);
  return Object.fromEntries(
    [...names].map((name) => {
      const inside = objects.map((object) => object[name]);
      return [name, name in recorded ? completed(inside, recorded[name]) : first[name]];
    }),
  );
};

/** `base` with another value at the end of a way. A list that is shorter than the way says takes its last item. */
const changed = (base: unknown, at: readonly string[], value: unknown): unknown => {
  const [step, ...rest] = at;
  if (step === undefined) return value;
  if (/^\d+$/.test(step) && (Array.isArray(base) || base === undefined || base === null)) {
    const items = Array.isArray(base) ? base : [];
    const place = Math.min(Number(step), Math.max(0, items.length - 1));
    return [...items.slice(0, place), changed(items[place], rest, value), ...items.slice(place + 1)];
  }
  const object = isObject(base) ? base : {};
  return { ...object, [step]: changed(object[step], rest, value) };
};

const at = (base: unknown, way: readonly string[]): unknown =>
  way.reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return value[Math.min(Number(step), value.length - 1)];
    return isObject(value) ? value[step] : undefined;
  }, base);

/** Values of the same sort that could stand in the field's place. */
const othersThan = (value: unknown): unknown[] => {
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'number') return [value + 1, 0, 3, value * 2 + 7, 1];
  if (Array.isArray(value)) return [[], ...(value.length === 0 ? [['other'], [{}]] : [])];
  if (isObject(value)) return [{}, null];
  if (typeof value !== 'string') return ['other', '7.31', 7, true, '2026-02-03T04:05:06Z', 'DE'];
  const gid = /^(gid:\/\/shopify\/\w+\/)/.exec(value)?.[1];
  if (gid) return [`${gid}987654321`];
  if (/^-?\d+(\.\d+)?$/.test(value)) return ['7.31', '731', '0.00', '0', '3'];
  if (/^\d{4}-\d{2}-\d{2}T/.test(value)) return ['2026-02-03T04:05:06Z', '2026-02-03T04:05:06'];
  if (/^[A-Z]{2}$/.test(value)) return ['DE', 'US', 'FR'];
  if (/^[A-Z]{3}$/.test(value)) return ['JPY', 'USD', 'GBP'];
  return [`${value} other`, 'other', ''];
};

/** The canonical record as text, or null where the connector refuses what it is given. */
const told = (reader: EntityReader, wire: unknown): string | null => {
  if (!isObject(wire)) return null;
  try {
    return JSON.stringify(reader.read(wire)) ?? 'undefined';
  } catch {
    return null;
  }
};

/** Whether the value of a field, changed, changes what the connector's own schema and mapper make of the thing around it. */
const counts = (entity: Entity, leaf: Leaf, words: readonly unknown[]): boolean =>
  entity.kind.readers.some((reader) => {
    const bases = [completed(reader.neutral, entity.wire), ...reader.neutral];
    // The neutral lists are short and lead with the item in which each field counts.
    const ways = [leaf.at, leaf.at.map((step) => (/^\d+$/.test(step) ? '0' : step))];
    return ways.some((way) => {
      const own = bases.map((base) => at(base, way)).filter((value) => value !== undefined);
      const others = [...othersThan(leaf.value), ...own, ...words].filter((other) => other !== leaf.value);
      return bases.some((base) => {
        const before = told(reader, changed(base, way, leaf.value));
        if (before === null) return false;
        return others.some((other) => {
          const after = told(reader, changed(base, way, other));
          return after !== null && after !== before;
        });
      });
    });
  });

/** Decides each field once a kind and sort of value: that a field has a place does not depend on who sent it. */
export class Probe {
  readonly #words: Words;
  readonly #seen = new Map<string, Set<unknown>>();
  readonly #known = new Map<string, boolean>();
  constructor(words: Words) {
    this.#words = words;
  }

  /** What was recorded of a field is what could stand in it elsewhere. */
  learn({ kind, leaves }: Entity): void {
    for (const leaf of leaves) {
      const key = `${kind.entity} ${nameOf(leaf.at)}`;
      const seen = this.#seen.get(key) ?? new Set();
      if (seen.size < 40 && (typeof leaf.value === 'string' || typeof leaf.value === 'number')) seen.add(leaf.value);
      this.#seen.set(key, seen);
    }
  }

  verdict(entity: Entity, leaf: Leaf): Verdict {
    const field = `${entity.kind.entity} ${nameOf(leaf.at)}`;
    if (isEmpty(leaf.value)) return 'empty';
    if (this.#known.get(field)) return 'place';
    const key = `${field} ${Array.isArray(leaf.value) ? 'list' : typeof leaf.value}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known ? 'place' : 'lost';
    const words = [...(this.#words.get(field) ?? []), ...(this.#seen.get(field) ?? [])];
    const place = counts(entity, leaf, words);
    this.#known.set(key, place);
    if (place) this.#known.set(field, true);
    return place ? 'place' : 'lost';
  }
}

/** Where the connector refuses a thing that its vendor sent, completed with neutral values; null where every reader reads it. */
export const refusal = ({ kind, wire }: Entity): { path: string; why: string } | null => {
  for (const { neutral, read } of kind.readers) {
    const whole = completed(neutral, wire);
    if (!isObject(whole)) continue;
    try {
      read(whole);
    } catch (error) {
      const issue = error instanceof z.ZodError ? error.issues[0] : undefined;
      if (issue) return { path: issue.path.join('.'), why: issue.message };
      return { path: '', why: error instanceof Error ? error.message : String(error) };
    }
  }
  return null;
};
