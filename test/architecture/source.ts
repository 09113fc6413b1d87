import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'vite';
import { z } from 'zod';

/** The project's folder; every path here is relative to it, with slashes. */
export const ROOT = path.resolve(import.meta.dirname, '..', '..');

/** A node of the syntax tree (ESTree with TypeScript): every object of it that has a type. */
export const Node = z.looseObject({ type: z.string(), start: z.number(), end: z.number() });
export type Node = z.infer<typeof Node>;

export interface Source {
  file: string;
  text: string;
  test: boolean;
  nodes: readonly Node[];
  comments: readonly string[];
  lineOf(node: Node): number;
  textOf(node: Node): string;
}

export interface Edge {
  from: string;
  /** A file of ours, a package, or a module of Node (`node:fs`). */
  to: string;
  /** Gone when types are erased: it orders nothing at run time. */
  typeOnly: boolean;
  line: number;
}

const collect = (value: unknown, into: Node[]): Node[] => {
  if (Array.isArray(value)) for (const item of value) collect(item, into);
  else if (typeof value === 'object' && value !== null) {
    const node = Node.safeParse(value);
    if (node.success) into.push(node.data);
    for (const child of Object.values(value)) collect(child, into);
  }
  return into;
};

export const parse = (file: string, text: string): Source => {
  const { program, comments, errors } = parseSync(file, text, { lang: file.endsWith('x') ? 'tsx' : 'ts' });
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  return {
    file,
    text,
    test: /\.test\.tsx?$/.test(file),
    nodes: collect(program, []),
    comments: comments.map((comment) => comment.value),
    lineOf: (node) => text.slice(0, node.start).split('\n').length,
    textOf: (node) => text.slice(node.start, node.end),
  };
};
const read = (file: string): Source => parse(file, readFileSync(path.join(ROOT, file), 'utf8'));

export const isThere = (file: string): boolean => existsSync(path.join(ROOT, file));

/** Every source file below the given folders, parsed. */
export const sourcesOf = (...folders: readonly string[]): Source[] =>
  folders
    .flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx,mjs}`, { cwd: ROOT }))
    .map((file) => file.replaceAll(path.sep, '/'))
    .filter((file) => !file.includes('/node_modules/') && !file.includes('/dist/'))
    .sort()
    .map(read);

const Imports = z.object({ imports: z.record(z.string(), z.string()) });
const { imports: SUBPATHS } = Imports.parse(JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')));

/** Where a specifier leads, by package.json `imports` as Node reads it; whether a file is there is another question. */
export const resolve = (from: string, specifier: string): string => {
  if (specifier.startsWith('node:')) return specifier;
  let target: string | null = null;
  if (specifier.startsWith('.')) target = path.posix.join(path.posix.dirname(from), specifier);
  else if (specifier.startsWith('#')) {
    const exact = SUBPATHS[specifier];
    const [pattern, to] =
      Object.entries(SUBPATHS).find(([key]) => key.endsWith('*') && specifier.startsWith(key.slice(0, -1))) ?? [];
    if (exact !== undefined) target = exact;
    else if (pattern !== undefined && to !== undefined) target = to.replace('*', specifier.slice(pattern.length - 1));
    else throw new Error(`${from}: ${specifier} is not among the imports of package.json`);
    target = path.posix.normalize(target);
  }
  if (target === null) return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  return target;
};

const Named = z.looseObject({ importKind: z.string().optional(), exportKind: z.string().optional() });
const Importing = Named.extend({
  source: z.looseObject({ value: z.string() }),
  specifiers: z.array(Named).optional(),
});
const IMPORTING = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
]);

/** Everything a file imports or re-exports, dynamically too, each as where it leads. */
export const edgesOf = (source: Source): Edge[] =>
  source.nodes
    .filter((node) => IMPORTING.has(node.type))
    .flatMap((node) => {
      const found = Importing.safeParse(node);
      // An `export` without `from`, or an import of what is only known at run time.
      if (!found.success) return [];
      const { data } = found;
      const kinds = (data.specifiers ?? []).map((s) => s.importKind ?? s.exportKind);
      const typeOnly =
        node.type === 'TSImportType' ||
        data.importKind === 'type' ||
        data.exportKind === 'type' ||
        (kinds.length > 0 && kinds.every((kind) => kind === 'type'));
      const to = resolve(source.file, data.source.value);
      return [{ from: source.file, to, typeOnly, line: source.lineOf(node) }];
    });

/** One cycle over the edges, as the files on it in order, or null. */
export const cycleIn = (edges: readonly Edge[]): string[] | null => {
  const next = Map.groupBy(edges, (edge) => edge.from);
  const done = new Set<string>();
  const walk = (file: string, trail: readonly string[]): string[] | null => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
    if (done.has(file)) return null;
    for (const { to } of next.get(file) ?? []) {
      const cycle = walk(to, [...trail, file]);
      if (cycle) return cycle;
    }
    done.add(file);
    return null;
  };
  for (const file of next.keys()) {
    const cycle = walk(file, []);
    if (cycle) return cycle;
  }
  return null;
};
