import { edgesOf, type Node, type Source } from './source.ts';
import {
  bare,
  calleeOf,
  constantsOf,
  isNode,
  keyOf,
  literalOf,
  nameOf,
  nodeIn,
  nodesIn,
  textIn,
  within,
} from './tree.ts';

/**
 * What is declared and has nobody at its other end, found from the syntax tree: fields without a reader, verbs without a caller,
 * states without a writer, trade engines without a route. There are no types here, so that a name stands for all fields of
 * that name: an orphan that is found is one, and one whose name is read elsewhere is not found.
 */

/** Functions whose arguments ask and do not write. */
const QUERIES = ['find', 'findMany', 'list', 'count', 'counts', 'everyPage', 'pagesOf', 'cache', 'depths', 'allows'];

// ---- Fields

/** The fields of a record, also those inside it, each as `lines.sku`. */
const fieldsIn = (members: readonly Node[], before = ''): string[] =>
  members.flatMap((member) => {
    const key = keyOf(member);
    if (key === '') return [];
    const value = nodeIn(nodeIn(member, 'typeAnnotation'), 'typeAnnotation') ?? nodeIn(member, 'value');
    const inner: string[] = [];
    // The nearest record inside, through lists, unions and chains of a schema.
    const look = (node: Node): void => {
      if (node.type === 'TSTypeLiteral') inner.push(...fieldsIn(nodesIn(node, 'members'), `${before}${key}.`));
      else if (node.type === 'ObjectExpression')
        inner.push(...fieldsIn(nodesIn(node, 'properties'), `${before}${key}.`));
      else
        for (const below of Object.values(node).flat())
          if (isNode(below) && below.type !== 'TSFunctionType') look(below);
    };
    if (value) look(value);
    return [`${before}${key}`, ...inner];
  });

const isFunction = (member: Node): boolean =>
  member.type === 'TSMethodSignature' ||
  nodeIn(nodeIn(member, 'typeAnnotation'), 'typeAnnotation')?.type === 'TSFunctionType';

/** The record that a schema such as `z.object({…})` or `Other.extend({…}).refine(…)` describes, or null. */
const shapeOf = (schema: Node | null): Node | null => {
  if (schema?.type !== 'CallExpression') return null;
  const [argument] = nodesIn(schema, 'arguments');
  if (['object', 'strictObject', 'looseObject', 'extend'].includes(calleeOf(schema)))
    return argument?.type === 'ObjectExpression' ? argument : null;
  return shapeOf(nodeIn(nodeIn(schema, 'callee'), 'object'));
};

/** Every exported record of these files, interfaces and schemas alike, with its fields. What has a method is no record. */
export const recordsOf = (sources: readonly Source[]): Map<string, string[]> => {
  const records = new Map<string, string[]>();
  for (const node of sources.flatMap((source) => source.nodes)) {
    const declared = node.type === 'ExportNamedDeclaration' ? nodeIn(node, 'declaration') : null;
    if (declared?.type === 'TSInterfaceDeclaration') {
      const members = nodesIn(nodeIn(declared, 'body'), 'body');
      if (!members.some(isFunction)) records.set(nameOf(nodeIn(declared, 'id')), fieldsIn(members));
    }
    if (declared?.type === 'VariableDeclaration')
      for (const declarator of nodesIn(declared, 'declarations')) {
        const shape = shapeOf(nodeIn(declarator, 'init'));
        if (shape) records.set(nameOf(nodeIn(declarator, 'id')), fieldsIn(nodesIn(shape, 'properties')));
      }
  }
  return records;
};

/**
 * The names that these files read: `a.name`, `a?.name`, `const { name } = a`. Not what is written to, and not a copy to a field
 * of the same name (`{ name: a.name }`): who copies a field does not read it.
 */
export const readIn = (sources: readonly Source[]): Set<string> => {
  const read = new Set<string>();
  for (const { nodes } of sources) {
    const notRead = new Set<number>();
    for (const node of nodes) {
      const left = node.type === 'AssignmentExpression' ? nodeIn(node, 'left') : null;
      if (left?.type === 'MemberExpression') notRead.add(left.end);
      const value = node.type === 'Property' ? nodeIn(node, 'value') : null;
      if (value?.type === 'MemberExpression' && nameOf(nodeIn(value, 'property')) === keyOf(node))
        notRead.add(value.end);
    }
    for (const node of nodes) {
      if (node.type === 'MemberExpression' && node['computed'] !== true && !notRead.has(node.end))
        read.add(nameOf(nodeIn(node, 'property')));
      if (node.type === 'ObjectPattern') for (const property of nodesIn(node, 'properties')) read.add(keyOf(property));
    }
  }
  return read;
};

/** The names that these files ask the database by: `store.levels.list(workspaceId, { name: true })`. */
export const askedBy = (sources: readonly Source[]): Set<string> =>
  new Set(
    sources.flatMap(({ nodes }) =>
      nodes
        .filter((node) => node.type === 'CallExpression' && QUERIES.includes(calleeOf(node)))
        .flatMap((node) => nodesIn(node, 'arguments'))
        .filter(({ type }) => type === 'ObjectExpression')
        .flatMap((node) => nodesIn(node, 'properties').map(keyOf)),
    ),
  );

/** The names that a view shows: the keys that it makes or describes, beside what it reads. */
export const shownIn = (sources: readonly Source[]): Set<string> => {
  const keys = sources.flatMap(({ nodes }) => nodes.filter(({ type }) => type === 'Property').map(keyOf));
  return new Set([...keys, ...readIn(sources)]);
};

/** `Record.field` for each field whose name nobody reads; `readOf` gives the names that are read of a record. */
export const fieldsWithoutReader = (
  records: ReadonlyMap<string, readonly string[]>,
  readOf: (record: string) => ReadonlySet<string>,
): string[] =>
  [...records].flatMap(([record, fields]) => {
    const read = readOf(record);
    return fields.filter((field) => !read.has(field.split('.').at(-1) ?? '')).map((field) => `${record}.${field}`);
  });

// ---- Verbs

/** The verbs of an interface of capabilities: its keys that are written as text. */
export const verbsOf = (source: Source): string[] =>
  source.nodes
    .filter((node) => node.type === 'TSInterfaceDeclaration' && nameOf(nodeIn(node, 'id')) === 'Capabilities')
    .flatMap((node) => nodesIn(nodeIn(node, 'body'), 'body').map(keyOf));

/** The files that `roots` reach by imports that are there at run time, themselves among them. */
export const reachedFrom = (sources: readonly Source[], roots: readonly string[]): Set<string> => {
  const next = Map.groupBy(
    sources.flatMap(edgesOf).filter((edge) => !edge.typeOnly),
    (edge) => edge.from,
  );
  const reached = new Set(roots);
  for (const file of reached) for (const { to } of next.get(file) ?? []) reached.add(to);
  return reached;
};

/**
 * The files of use cases that a job or a route reaches. `app` is the file that lists every use case, `doors` are the files from
 * which they are called; a use case that only the list names is reached by nobody.
 */
export const reachedUseCases = (sources: readonly Source[], app: string, doors: readonly Source[]): Set<string> => {
  const asked = readIn(doors);
  const list = sources.find(({ file }) => file === app);
  const files = (list?.nodes ?? [])
    .filter(({ type }) => type === 'ImportDeclaration')
    .filter((node) => nodesIn(node, 'specifiers').some((one) => asked.has(nameOf(nodeIn(one, 'local')))))
    .flatMap((node) => (list ? edgesOf({ ...list, nodes: [node] }).map(({ to }) => to) : []));
  const direct = doors
    .flatMap(edgesOf)
    .filter((edge) => !edge.typeOnly && edge.to !== app)
    .map(({ to }) => to);
  return reachedFrom(
    sources.filter(({ file }) => file !== app),
    [...files, ...direct, ...doors.map(({ file }) => file)],
  );
};

/** The texts that are handed to a call of one of these functions. */
export const givenTo = (sources: readonly Source[], functions: readonly string[]): Set<string> =>
  new Set(
    sources.flatMap(({ nodes }) =>
      nodes
        .filter((node) => node.type === 'CallExpression' && functions.includes(calleeOf(node)))
        .flatMap((node) => nodesIn(node, 'arguments').map(literalOf))
        .filter((text) => text !== null),
    ),
  );

// ---- States

export interface FoundMachine {
  /** The constant that holds it, and the name it gives itself. */
  constant: string;
  name: string;
  initial: string;
  states: string[];
}

/** Every `const x = machine('name', 'initial', { … })`. */
export const machinesOf = (sources: readonly Source[]): FoundMachine[] =>
  sources.flatMap(({ nodes }) =>
    [...constantsOf(nodes)].flatMap(([constant, init]) => {
      if (init.type !== 'CallExpression' || calleeOf(init) !== 'machine') return [];
      const [name, initial, table] = nodesIn(init, 'arguments');
      const states = nodesIn(table ?? null, 'properties').map(keyOf);
      return [{ constant, name: literalOf(name ?? null) ?? '', initial: literalOf(initial ?? null) ?? '', states }];
    }),
  );

/** The texts that an expression may give: of `a ? 'x' : 'y'` both, of a call none. */
const outcomesOf = (given: Node | null): string[] => {
  const node = given?.type === 'TSAsExpression' ? nodeIn(given, 'expression') : given;
  if (node?.type === 'ConditionalExpression') {
    const kept = within(nodeIn(node, 'test') ?? node);
    const compared = new Set([...kept].map(literalOf).filter((text) => text !== null));
    // `state === 'x' ? 'x' : …` keeps what there was: it writes nothing.
    return [
      ...outcomesOf(nodeIn(node, 'consequent')).filter((text) => !compared.has(text)),
      ...outcomesOf(nodeIn(node, 'alternate')),
    ];
  }
  if (node?.type === 'LogicalExpression')
    return [...outcomesOf(nodeIn(node, 'left')), ...outcomesOf(nodeIn(node, 'right'))];
  const text = literalOf(node);
  return text === null ? [] : [text];
};

/** The states that `move(machine, document, 'state', …)` and `born(machine, { …, state: 'state' }, …)` write. */
export const statesMoved = (sources: readonly Source[], { constant, initial }: FoundMachine): Set<string> => {
  const written = new Set<string>();
  for (const node of sources.flatMap(({ nodes }) => nodes)) {
    if (node.type !== 'CallExpression') continue;
    const [by, document, to] = nodesIn(node, 'arguments');
    if (nameOf(by ?? null) !== constant) continue;
    if (calleeOf(node) === 'move') for (const state of outcomesOf(to ?? null)) written.add(state);
    if (calleeOf(node) === 'born') {
      const states = nodesIn(document ?? null, 'properties').filter((one) => keyOf(one) === 'state');
      for (const state of states.flatMap((one) => outcomesOf(nodeIn(one, 'value')))) written.add(state);
      if (states.length === 0) written.add(initial);
    }
  }
  return written;
};

/**
 * Every place where a `state` is written as a literal: `state: 'x'` in an object that is no guard and no query. The guard of
 * `change(id, guard, changes)` is its second argument; a query is any argument of `list`, `count` and the like.
 */
export const stateWrites = ({ nodes, lineOf, file }: Source): { at: string; states: string[] }[] => {
  const asking = new Set<number>();
  for (const node of nodes) {
    if (node.type !== 'CallExpression') continue;
    const given = nodesIn(node, 'arguments');
    const callee = calleeOf(node);
    const guards = QUERIES.includes(callee) ? given : callee === 'change' ? given.slice(1, 2) : [];
    // What is asked for is no write; neither is what a refusal or a log line tells.
    const told = callee === 'info' || callee === 'warn' || callee === 'error' ? given : [];
    for (const one of [...guards, ...told]) if (one.type === 'ObjectExpression') asking.add(one.start);
  }
  for (const node of nodes) {
    if (node.type === 'Property' && ['guard', 'safe', 'where'].includes(keyOf(node))) {
      const value = nodeIn(node, 'value');
      if (value) asking.add(value.start);
    }
    if (node.type === 'VariableDeclarator' && ['guard', 'where', 'query'].includes(nameOf(nodeIn(node, 'id'))))
      for (const below of within(node)) if (below.type === 'ObjectExpression') asking.add(below.start);
    // Schemas are no writes.
    if (node.type === 'CallExpression' && ['object', 'strictObject', 'extend', 'pick', 'omit'].includes(calleeOf(node)))
      for (const one of nodesIn(node, 'arguments')) asking.add(one.start);
  }
  return (
    nodes
      .filter((node) => node.type === 'ObjectExpression' && !asking.has(node.start))
      .flatMap((node) =>
        nodesIn(node, 'properties')
          .filter((property) => property.type === 'Property' && keyOf(property) === 'state')
          .map((property) => ({ property, value: nodeIn(property, 'value') })),
      )
      // `{ state: order.state }` shows a state that there is.
      .filter(({ value }) => value?.type !== 'MemberExpression')
      .map(({ property, value }) => ({ at: `${file}:${lineOf(property)}`, states: outcomesOf(value) }))
  );
};

/**
 * The texts of a file that are neither compared with, nor asked by, nor a type: where states are still written as literals, those
 * that may be written. In `state === 'x' ? 'x' : 'y'` the second `x` keeps what there was.
 */
export const textsGiven = ({ nodes }: Source): Set<string> => {
  const left = new Set<number>();
  const leave = (node: Node | null): void => {
    if (node) for (const below of within(node)) if (below.type === 'Literal') left.add(below.start);
  };
  for (const node of nodes) {
    if (node.type === 'TSLiteralType') leave(node);
    // A list with a name is asked `includes`.
    const list = node.type === 'VariableDeclarator' ? bare(nodeIn(node, 'init')) : null;
    if (list?.type === 'ArrayExpression' && nodesIn(list, 'elements').every((one) => literalOf(one) !== null))
      leave(list);
    if (node.type === 'BinaryExpression')
      for (const side of ['left', 'right']) if (literalOf(nodeIn(node, side)) !== null) leave(nodeIn(node, side));
    if (node.type === 'CallExpression') {
      if (calleeOf(node) === 'machine') leave(node);
      if (calleeOf(node) === 'includes') leave(nodeIn(nodeIn(node, 'callee'), 'object'));
      if (QUERIES.includes(calleeOf(node)))
        for (const one of nodesIn(node, 'arguments')) if (one.type === 'ObjectExpression') leave(one);
      if (calleeOf(node) === 'change') leave(nodesIn(node, 'arguments')[1] ?? null);
    }
    if (node.type === 'ConditionalExpression') {
      const compared = new Set([...within(nodeIn(node, 'test') ?? node)].map(literalOf));
      const kept = nodeIn(node, 'consequent');
      if (literalOf(kept) !== null && compared.has(literalOf(kept))) leave(kept);
    }
  }
  return new Set(
    nodes
      .filter(({ start }) => !left.has(start))
      .map(literalOf)
      .filter((text) => text !== null),
  );
};

// ---- Engines

/** The functions that a file exports. */
export const exportedFunctions = ({ nodes }: Source): string[] =>
  nodes.flatMap((node) => {
    const declared = node.type === 'ExportNamedDeclaration' ? nodeIn(node, 'declaration') : null;
    if (declared?.type === 'FunctionDeclaration') return [nameOf(nodeIn(declared, 'id'))];
    return nodesIn(declared, 'declarations')
      .filter((one) => nodeIn(one, 'init')?.type === 'ArrowFunctionExpression')
      .map((one) => nameOf(nodeIn(one, 'id')));
  });

/** `file#name` for all that these files import by name. */
const takenBy = (sources: readonly Source[]): string[] =>
  sources.flatMap((source) =>
    source.nodes
      .filter(({ type }) => type === 'ImportDeclaration' || type === 'ExportNamedDeclaration')
      .flatMap((node) =>
        edgesOf({ ...source, nodes: [node] }).flatMap(({ to }) =>
          nodesIn(node, 'specifiers').map((one) => `${to}#${nameOf(nodeIn(one, 'imported') ?? nodeIn(one, 'local'))}`),
        ),
      ),
  );

/**
 * `file#function` for every exported function of an engine that nobody takes in: no file that `roots` reach, no other
 * file of an engine, and not its own file.
 */
export const enginesWithoutRoute = (
  sources: readonly Source[],
  engines: readonly Source[],
  roots: readonly string[],
): string[] => {
  const reached = reachedFrom(sources, roots);
  const live = sources.filter(({ file }) => reached.has(file));
  const taken = new Set(takenBy(live));
  // What another engine takes in is a part of it, not an entry.
  const parts = new Set(takenBy(engines));
  return engines.flatMap((source) => {
    const uses = Map.groupBy(
      source.nodes.filter(({ type }) => type === 'Identifier'),
      (node) => textIn(node, 'name'),
    );
    return exportedFunctions(source)
      .filter((name) => !taken.has(`${source.file}#${name}`) && !parts.has(`${source.file}#${name}`))
      .filter((name) => (uses.get(name)?.length ?? 0) < 2)
      .map((name) => `${source.file}#${name}`);
  });
};

// ---- What the command line asks

export interface Asking {
  /** Empty where it is not seen which method goes with the path. */
  method: string;
  /** Below /v1, a `*` for each part that is put in at run time. */
  path: string;
  file: string;
}

const pathIn = (node: Node | null): string => {
  const parts = nodesIn(node, 'quasis').map((part) => {
    const value = part['value'];
    return typeof value === 'object' && value !== null && 'cooked' in value ? String(value.cooked) : '';
  });
  const [path = ''] = (node?.type === 'TemplateLiteral' ? parts.join('*') : (literalOf(node) ?? '')).split('?');
  return /^\/v1\/|^\*\/[a-z]/.test(path) ? path.replace(/^\/v1/, '').replace(/\*+$/, '*') : '';
};

/** How an API client is called, and the method that it then uses. */
const METHODS = new Map([
  ['get', 'get'],
  ['all', 'get'],
  ['bytes', 'get'],
  ['post', 'post'],
  ['put', 'put'],
  ['patch', 'patch'],
  ['delete', 'delete'],
]);

/** What these files ask of the API. `door('name')` stands for `<a thing>/name`. */
export const pathsAsked = (sources: readonly Source[]): Asking[] =>
  sources.flatMap(({ nodes, file }) => {
    const calls = nodes.filter(({ type }) => type === 'CallExpression');
    const methods = new Map(
      calls.map((node) => [nodesIn(node, 'arguments')[0]?.start, METHODS.get(calleeOf(node)) ?? ''] as const),
    );
    const doors = calls
      .filter((node) => calleeOf(node) === 'door')
      .map((node) => ({ method: '', path: `*/${literalOf(nodesIn(node, 'arguments')[0] ?? null)}`, file }));
    const paths = nodes
      .map((node) => ({ method: methods.get(node.start) ?? '', path: pathIn(node), file }))
      .filter(({ path }) => path !== '');
    return [...paths, ...doors];
  });

/**
 * True when a path that is asked for is this route's. A `*` stands for a parameter, or for a word that stands in the same file;
 * a `*` at the beginning for whatever leads there.
 */
export const asksRoute = (
  { method, path }: Asking,
  words: string,
  route: { method: string; path: string },
): boolean => {
  if (method !== '' && method !== route.method) return false;
  const open = path.startsWith('*/');
  const [ask, parts] = [path.replace(/^\*?\//, '').split('/'), route.path.replace(/^\//, '').split('/')];
  if (open ? parts.length <= ask.length : parts.length !== ask.length) return false;
  return parts.slice(-ask.length).every((part, index) => {
    const given = ask[index] ?? '';
    if (part === given) return true;
    return given === '*' && (part.startsWith('{') || new RegExp(`\\b${part}\\b`).test(words));
  });
};

// ---- Exceptions

/** The texts of a list that is written out, also behind `as const` and inside `new Set(…)`. */
const textsOf = (given: Node | null): string[] => {
  const node = bare(given);
  if (node?.type === 'NewExpression') return textsOf(nodesIn(node, 'arguments')[0] ?? null);
  return node?.type === 'ArrayExpression' ? nodesIn(node, 'elements').flatMap((one) => literalOf(one) ?? []) : [];
};

/** Each closes exceptions of the cause that its last argument names. */
const CLEARING: ReadonlySet<string> = new Set(['clearException', 'clearRead', 'clearUnmet']);

/**
 * The causes that something closes: `clearException(…, { cause: 'cause', … })` and the like, also in a loop over causes, a use case that asks for a
 * cause by name, and the list of those that a retry closes.
 */
export const causesCleared = (sources: readonly Source[]): Set<string> =>
  new Set(
    sources.flatMap(({ nodes }) => {
      const asked = nodes
        .filter((node) => node.type === 'BinaryExpression')
        .filter((node) => nameOf(nodeIn(nodeIn(node, 'left'), 'property')) === 'cause')
        .flatMap((node) => literalOf(nodeIn(node, 'right')) ?? []);
      const given = nodes
        .filter((node) => node.type === 'CallExpression' && CLEARING.has(calleeOf(node) ?? ''))
        .flatMap((node) => nodesIn(nodesIn(node, 'arguments').at(-1) ?? null, 'properties'))
        .filter((property) => keyOf(property) === 'cause')
        .flatMap((property) => literalOf(nodeIn(property, 'value')) ?? []);
      const looped = nodes
        .filter((node) => node.type === 'ForOfStatement')
        .filter((node) => [...within(node)].some((one) => calleeOf(one) === 'clearException'))
        .filter((node) =>
          nodesIn(nodeIn(node, 'left'), 'declarations').some((one) => nameOf(nodeIn(one, 'id')) === 'cause'),
        )
        .flatMap((node) => textsOf(nodeIn(node, 'right')));
      return [...asked, ...given, ...looped, ...textsOf(constantsOf(nodes).get('CLOSED_BY_RETRY') ?? null)];
    }),
  );
