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
  return `${method} /${steps.map((step) => (/\d/.test(step) && !/^(v|api)\d+(\.\d+)?$/.test(step) ? '{id}' : step)).join('/')}`;
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
const inArchive = (file: unknown): Body[] | null => {
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

/**
 * The answers in a page of documentation: each follows the command that asks for it. Null where the file is none.
 */
const inDocumentation = (file: unknown): Body[] | null => {
  const examples = isObject(file) ? file['examples'] : undefined;
  if (!Array.isArray(examples)) return null;
  let asked = 'example';
  return examples.flatMap((example): Body[] => {
    if (!isObject(example)) return [];
    const command = typeof example['text'] === 'string' ? example['text'] : null;
    if (command !== null) {
      const address = /https?:\/\/[^\s'"\\]+/.exec(command)?.[0];
      const method = /-X\s+([A-Z]+)/.exec(command)?.[1] ?? 'GET';
      if (address !== undefined) asked = operationOf(method, address);
    }
    return 'value' in example ? [{ operation: asked, body: example['value'] }] : [];
  });
};

/** What was recorded of a response: its body, whatever the recorder calls it, or the response itself. */
const bodyOf = (response: unknown): unknown => {
  if (typeof response === 'string') return parsed(response);
  if (!isObject(response)) return response;
  const name = ['body', 'json', 'text'].find((one) => one in response);
  if (name === undefined) return response;
  return typeof response[name] === 'string' ? parsed(response[name]) : response[name];
};

/** Requests with their responses, wherever they lie in a file, and answers that say by themselves what they are. */
const inSamples = (file: unknown, isAnswer: (value: Record<string, unknown>) => boolean): Body[] => {
  const walk = (value: unknown, name: string): Body[] => {
    if (Array.isArray(value)) return value.flatMap((item) => walk(item, name));
    if (!isObject(value)) return [];
    const { request, response } = value;
    if (isObject(request) && response !== undefined) {
      const { method, url, path } = request;
      const address = typeof url === 'string' ? url : typeof path === 'string' ? path : null;
      const operation = address === null ? name : operationOf(typeof method === 'string' ? method : 'GET', address);
      return [{ operation, body: bodyOf(response) }];
    }
    if (isAnswer(value)) return [{ operation: name, body: value }];
    return Object.entries(value).flatMap(([field, child]) => walk(child, field));
  };
  return walk(file, '');
};

/** An answer in the envelope `{ code, message, data }`. */
const isEnvelope = (value: Record<string, unknown>): boolean =>
  typeof value['code'] === 'number' && 'data' in value && 'message' in value;

/** Every answer in a file: an archive, a page of documentation, samples, or one body that is the whole file. */
export const bodiesIn = (file: unknown, name: string): Body[] => {
  if (isObject(file) && isEnvelope(file)) return [{ operation: name, body: file }];
  const known = inArchive(file) ?? inDocumentation(file);
  if (known) return known;
  const samples = inSamples(file, isEnvelope);
  return samples.length > 0 ? samples : [{ operation: name, body: file }];
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
