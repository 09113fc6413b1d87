import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fits, importTable, PACKAGES, ROWS, type Row, TESTS, withImportTable } from './import-rows.ts';
import { cycleIn, type Edge, edgesOf, isThere, ROOT, sourcesOf } from './source.ts';

const sources = sourcesOf('src', 'connectors', 'jobs', 'config');
const edges = sources.flatMap(edgesOf);
const tests = new Set(sources.filter((source) => source.test).map((source) => source.file));

const rowOf = (file: string): Row | undefined =>
  ROWS.filter((row) => fits(file, [row.files])).sort((a, b) => b.files.length - a.files.length)[0];
/** A connector's own folder is its own, not its neighbours'. */
const homeOf = (file: string, row: Row): string =>
  row.files === 'connectors/' ? `${file.split('/', 2).join('/')}/` : row.files;
const ours = (to: string): boolean => /^(src|connectors|jobs|config|test)\//.test(to);

const allowed = ({ from, to }: Edge): boolean => {
  const row = rowOf(from);
  if (!row) return false;
  if (tests.has(from) && (fits(to, TESTS) || (PACKAGES[to] && fits(from, ['connectors/'])))) return true;
  if (ours(to) || to.startsWith('node:')) return fits(to, [homeOf(from, row), ...row.from]);
  return fits(from, PACKAGES[to] ?? []);
};
const tell = ({ from, to, line }: Edge) => `${from}:${line} imports ${to}`;

describe('the imports', () => {
  it('were seen: this test reads the real files and finds their edges', () => {
    expect(sources.length).toBeGreaterThan(150);
    expect(edges.length).toBeGreaterThan(700);
    for (const { files } of ROWS)
      expect({ files, seen: edges.some((edge) => rowOf(edge.from)?.files === files) }).toEqual({ files, seen: true });
    const known = ['axios', 'bullmq', 'mongoose', 'ioredis', 'express', 'ssh2', 'graphql', 'src/domain/money.ts'];
    expect(known.filter((to) => !edges.some((edge) => edge.to === to))).toEqual([]);
  });

  it('stand in files that each have a row', () => {
    expect(sources.map((source) => source.file).filter((file) => !rowOf(file))).toEqual([]);
  });

  it('go only where the table of who may import whom lets them go', () => {
    expect(edges.filter((edge) => !allowed(edge)).map(tell)).toEqual([]);
  });

  it('lead to files that are there', () => {
    expect(edges.filter(({ to }) => ours(to) && !isThere(to)).map(tell)).toEqual([]);
  });

  it('never reach into a test, and into a test’s tools only from tests, sandboxes and the simulator', () => {
    expect(edges.filter(({ to }) => tests.has(to) || to.startsWith('test/')).map(tell)).toEqual([]);
    const users = edges.filter(
      ({ from, to }) => to.startsWith('src/kit/testing/') && !from.startsWith('src/kit/testing/'),
    );
    const outside = users.filter(
      ({ from }) => !tests.has(from) && !/\/sandbox[\w-]*\.ts$|^src\/simulator\//.test(from),
    );
    expect(outside.map(tell)).toEqual([]);
  });

  it('form no cycle between files', () => {
    expect(cycleIn(edges.filter((edge) => !edge.typeOnly && ours(edge.to)))).toBeNull();
  });

  it('are told by the table in ARCHITECTURE.md: `npm run generate` writes it anew', () => {
    const told = readFileSync(path.join(ROOT, 'ARCHITECTURE.md'), 'utf8');
    expect(told).toBe(withImportTable(told));
    expect(importTable().split('\n')).toHaveLength(ROWS.length + 2);
    const stale = told.replace('| `src/modes/` |', '| `src/modes/`, `src/store/` |');
    expect(stale).not.toBe(told);
    expect(withImportTable(stale)).toBe(told);
    expect(() => withImportTable('no marks here')).toThrow('needs');
  });

  it('would be caught: an edge against the table, a stranger’s package and a cycle', () => {
    const edge = (from: string, to: string): Edge => ({ from, to, typeOnly: false, line: 1 });
    const bad = [
      edge('src/domain/money.ts', 'src/app/app.ts'),
      edge('src/domain/money.ts', 'node:fs'),
      edge('src/domain/money.ts', 'axios'),
      edge('src/app/stock.ts', 'mongoose'),
      edge('src/app/stock.ts', 'src/store/store.ts'),
      edge('connectors/cj/mapper.ts', 'connectors/feed/csv.ts'),
      edge('connectors/cj/mapper.ts', 'src/kit/client.ts'),
      edge('connectors/cj/mapper.ts', 'csv-parse'),
      edge('connectors/cj/mapper.ts', 'src/domain/money.ts'),
      edge('src/http/route.ts', 'src/store/store.ts'),
      edge('src/elsewhere/file.ts', 'src/domain/money.ts'),
    ];
    expect(bad.filter(allowed)).toEqual([]);
    expect(cycleIn([edge('a', 'b'), edge('b', 'c'), edge('c', 'b')])).toEqual(['b', 'c', 'b']);
    expect(cycleIn([edge('a', 'b'), edge('a', 'c'), edge('b', 'c')])).toBeNull();
  });
});
