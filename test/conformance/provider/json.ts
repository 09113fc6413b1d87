import type { EntityKind } from '#kit';
import { type Extras, entitiesIn, isObject, type Kinds, type TakenApart, tells } from './taken-apart.ts';

/** A body with what it answers. */
export interface Body {
  operation: string;
  body: unknown;
}

/** A thing's own path with its ids left out: `GET /v2/shipments/{id}`. */
export const operationOf = (method: string, address: string): string => {
  const steps = new URL(address, 'http://recorded.test').pathname.split('/').filter((step) => step !== '');
  return `${method} /${steps.map((step) => (/\d/.test(step) && !/^v\d+$/.test(step) ? '{id}' : step)).join('/')}`;
};

const textIn = (content: Record<string, unknown>): string => {
  const text = typeof content['text'] === 'string' ? content['text'] : '';
  if (content['encoding'] !== 'base64' || /^\s*[[{]/.test(text)) return text;
  return Buffer.from(text, 'base64').toString('utf8');
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** The answers of an HTTP archive (HAR), or null where the file is none. */
export const inArchive = (file: unknown): Body[] | null => {
  const log = isObject(file) ? file['log'] : undefined;
  const entries = isObject(log) ? log['entries'] : undefined;
  if (!Array.isArray(entries)) return null;
  return entries.flatMap((entry): Body[] => {
    const { request, response } = isObject(entry) ? entry : {};
    if (!isObject(request) || !isObject(response) || !isObject(response['content'])) return [];
    const operation = operationOf(String(request['method']), String(request['url']));
    return [{ operation, body: parsed(textIn(response['content'])) }];
  });
};

/** Takes a JSON body apart: a thing is known by the type that it names, by its own looks, or by the field it stands in. */
export const takeApartJson = ({ operation, body }: Body, kinds: readonly EntityKind[]): TakenApart => {
  const found: Kinds = new WeakMap();
  const extras: Extras = new WeakMap();
  const kindOf = (value: Record<string, unknown>, field: string, parent: EntityKind | null): EntityKind | undefined => {
    const { object } = value;
    if (typeof object === 'string') return kinds.find(({ types }) => types.includes(object));
    const names = [field, `${parent?.entity ?? ''}.${field}`];
    return (
      kinds.find(({ is }) => is?.(value)) ?? kinds.find(({ fields }) => fields?.some((name) => names.includes(name)))
    );
  };
  const walk = (value: unknown, field: string, parent: EntityKind | null): void => {
    if (Array.isArray(value)) {
      for (const item of value) walk(item, field, parent);
      return;
    }
    if (!isObject(value)) return;
    const kind = kindOf(value, field, parent);
    if (kind) found.set(value, kind);
    for (const [name, child] of Object.entries(value)) walk(child, name, kind ?? parent);
  };
  walk(body, '', null);
  return { operation, entities: entitiesIn(body, '', found, extras), empty: !tells(body) };
};
