import {
  buildSchema,
  type DocumentNode,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql';
import type { EntityKind } from '#kit';
import { type Extras, entitiesIn, isObject, type Kinds, type TakenApart, tells, type Words } from './taken-apart.ts';

/** A recorded answer with the documents that may have asked for it, the nearest first. */
export interface Recorded {
  answer: Record<string, unknown>;
  documents: readonly string[];
}

/** The type under which a connector covers the errors beside the data, `{ errors: […] }`. */
const TOP_ERROR = 'errors';

const looksLikeDocument = (text: string): boolean => /^\s*(#[^\n]*\n\s*)*(query|mutation|fragment|\{)/.test(text);

/** The texts of an object that may be GraphQL, also those of a request that lies in it. */
const documentsOf = (object: Record<string, unknown>): string[] =>
  Object.entries(object).flatMap(([name, value]) => {
    if (typeof value === 'string') return looksLikeDocument(value) ? [value] : [];
    return isObject(value) && name === 'request' ? documentsOf(value) : [];
  });

const isErrors = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((error) => isObject(error) && 'message' in error);
const isAnswer = (value: Record<string, unknown>): boolean =>
  isObject(value['data']) || ('data' in value && value['data'] === null) || isErrors(value['errors']);

/** Every GraphQL answer in a file, wherever it lies. A document that lies elsewhere in the file comes after those around an answer. */
export const recordedIn = (file: unknown): Recorded[] => {
  const everywhere: string[] = [];
  const walk = (value: unknown, around: readonly string[]): Recorded[] => {
    if (Array.isArray(value)) return value.flatMap((item) => walk(item, around));
    if (!isObject(value)) return [];
    const own = documentsOf(value);
    everywhere.push(...own);
    const documents = [...own, ...around];
    const here = isAnswer(value) ? [{ answer: value, documents }] : [];
    const rest = Object.entries(value).filter(
      ([name]) => here.length === 0 || !['data', 'errors', 'extensions'].includes(name),
    );
    return [...here, ...rest.flatMap(([, child]) => walk(child, documents))];
  };
  return walk(file, []).map(({ answer, documents }) => ({ answer, documents: [...documents, ...everywhere] }));
};

export const schemaOf = (sdl: string): GraphQLSchema =>
  buildSchema(sdl, { assumeValid: true, assumeValidSDL: true, noLocation: true });

const parsed = new Map<string, DocumentNode | null>();
const documentOf = (text: string): DocumentNode | null => {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const document = (() => {
    try {
      return parse(text, { noLocation: true });
    } catch {
      return null;
    }
  })();
  parsed.set(text, document);
  return document;
};

interface Asked {
  field: FieldNode;
  on: string | null;
}

/** The fields that a selection asks for under a name of the answer, through fragments. */
const askedAs = (key: string, sets: readonly SelectionSetNode[], document: DocumentNode): Asked[] => {
  const within = (set: SelectionSetNode, on: string | null): Asked[] =>
    set.selections.flatMap((selection): Asked[] => {
      if (selection.kind === Kind.FIELD)
        return (selection.alias ?? selection.name).value === key ? [{ field: selection, on }] : [];
      if (selection.kind === Kind.INLINE_FRAGMENT)
        return within(selection.selectionSet, selection.typeCondition?.name.value ?? on);
      const fragment = document.definitions.find(
        (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value,
      );
      return fragment?.kind === Kind.FRAGMENT_DEFINITION
        ? within(fragment.selectionSet, fragment.typeCondition.name.value)
        : [];
    });
  return sets.flatMap((set) => within(set, null));
};

const operationsOf = (document: DocumentNode): OperationDefinitionNode[] =>
  document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);

/** The operation that was asked: the one that asks for all that the answer holds. */
const operationFor = (
  data: Record<string, unknown>,
  documents: readonly string[],
): { document: DocumentNode; operation: OperationDefinitionNode } | null => {
  for (const text of documents) {
    const document = documentOf(text);
    const operation =
      document &&
      operationsOf(document).find(({ selectionSet }) =>
        Object.keys(data).every((key) => askedAs(key, [selectionSet], document).length > 0),
      );
    if (document && operation) return { document, operation };
  }
  return null;
};

const typeInGid = (id: unknown): string | null =>
  typeof id === 'string' ? (/^gid:\/\/shopify\/(\w+)\//.exec(id)?.[1] ?? null) : null;

/** The type of an object where the schema tells of an interface or of nothing. */
const concreteType = (
  value: Record<string, unknown>,
  type: GraphQLNamedType | null,
  idKey: string,
  on: readonly string[],
): string | null => {
  if (typeof value['__typename'] === 'string') return value['__typename'];
  if (isObjectType(type)) return type.name;
  return typeInGid(value[idKey]) ?? (on.length === 1 ? (on[0] ?? null) : null);
};

const fieldsOf = (schema: GraphQLSchema | null, name: string | null) => {
  const type = name === null ? null : schema?.getType(name);
  return isObjectType(type) || isInterfaceType(type) ? type.getFields() : null;
};

/**
 * Takes an answer apart beside the query that asked for it: each object under the field names of the schema, whatever the aliases, and
 * known by the type that the schema, `__typename` or its id names, or else by the field it stands in.
 */
export const takeApart = (
  { answer, documents }: Recorded,
  kinds: readonly EntityKind[],
  schema: GraphQLSchema | null,
  words: Words,
): TakenApart[] => {
  const data = isObject(answer['data']) ? answer['data'] : {};
  const asked = operationFor(data, documents);
  const found: Kinds = new WeakMap();
  const extras: Extras = new WeakMap();

  const kindOf = (
    value: Record<string, unknown>,
    type: string | null,
    field: string,
    parent: EntityKind | null,
  ): EntityKind | null => {
    if (type !== null) {
      const known = schema?.getType(type);
      const names = [type, ...(isObjectType(known) ? known.getInterfaces().map(({ name }) => name) : [])];
      const byType = kinds.find(({ types }) => types.some((name) => names.includes(name)));
      if (byType || known) return byType ?? null;
    }
    const names = [field, `${parent?.entity ?? ''}.${field}`];
    const byField = kinds.find(({ fields }) => fields?.some((name) => names.includes(name)));
    // An id that names another type speaks louder than the field.
    if (type === null || byField?.is?.(value)) return byField ?? null;
    return null;
  };

  interface At {
    type: GraphQLNamedType | null;
    sets: readonly SelectionSetNode[];
    on: readonly string[];
    field: string;
    parent: EntityKind | null;
    way: readonly string[];
  }
  const named = (value: unknown, at: At): unknown => {
    if (Array.isArray(value)) return value.map((item) => named(item, at));
    if (!isObject(value)) return value;
    const idKey = asked
      ? (Object.keys(value).find((key) =>
          askedAs(key, at.sets, asked.document).some(({ field }) => field.name.value === 'id'),
        ) ?? 'id')
      : 'id';
    const conditions = asked
      ? Object.keys(value).flatMap((key) => askedAs(key, at.sets, asked.document).flatMap(({ on }) => on ?? []))
      : [];
    const typeName = concreteType(value, at.type, idKey, [...new Set(conditions)]);
    const kind = kindOf(value, typeName, at.field, at.parent);
    const parent = kind ?? at.parent;
    const way = kind ? [] : at.way;
    const fields = fieldsOf(schema, typeName);
    const object: Record<string, unknown> = {};
    const more: { name: string; value: unknown }[] = [];
    for (const [key, child] of Object.entries(value)) {
      const all = asked ? askedAs(key, at.sets, asked.document) : [];
      const fitting = all.filter(({ on }) => on === null || on === typeName);
      const chosen = fitting.length > 0 ? fitting : all;
      const name = chosen[0]?.field.name.value ?? key;
      const definition = fields?.[name];
      const type = definition ? getNamedType(definition.type) : null;
      const isPage = name === 'nodes' || name === 'edges' || name === 'node';
      if (parent && isEnumType(type))
        words.set(
          `${parent.entity} ${[...way, name].join('.')}`,
          type.getValues().map((entry) => entry.name),
        );
      const inner = named(child, {
        type,
        sets: chosen.flatMap(({ field }) => field.selectionSet ?? []),
        on: [],
        // The items of a page stand in the field that holds the page.
        field: isPage && at.field !== '' ? at.field : name,
        parent,
        way: isPage ? way : [...way, name],
      });
      if (name in object) more.push({ name, value: inner });
      else object[name] = inner;
    }
    // Both ways of asking for the items of a page are read as one.
    if (Array.isArray(object['edges']) && object['nodes'] === undefined)
      object['nodes'] = object['edges'].flatMap((edge) => (isObject(edge) && 'node' in edge ? [edge['node']] : []));
    delete object['edges'];
    if (kind) found.set(object, kind);
    if (more.length > 0) extras.set(object, more);
    return object;
  };

  const operation = asked?.operation.operation;
  const roots = operation
    ? [operation === 'mutation' ? schema?.getMutationType() : schema?.getQueryType()]
    : [schema?.getQueryType(), schema?.getMutationType()];
  const answers = Object.entries(data).map(([key, value]): TakenApart => {
    const field = asked ? askedAs(key, [asked.operation.selectionSet], asked.document)[0]?.field : undefined;
    const name = field?.name.value ?? key;
    const definition = roots.map((root) => root?.getFields()[name]).find((known) => known !== undefined);
    const tree = named(value, {
      type: definition ? getNamedType(definition.type) : null,
      sets: field?.selectionSet ? [field.selectionSet] : [],
      on: [],
      field: name,
      parent: null,
      way: [],
    });
    return { operation: name, entities: entitiesIn(tree, name, found, extras), empty: !tells(tree) };
  });
  const refused = kinds.find(({ types }) => types.includes(TOP_ERROR));
  if (!refused || !isErrors(answer['errors'])) return answers;
  // The errors beside the data are read as one answer, as they come.
  const wire = { errors: answer['errors'] };
  found.set(wire, refused);
  return [...answers, { operation: 'errors', entities: entitiesIn(wire, 'errors', found, extras), empty: false }];
};
