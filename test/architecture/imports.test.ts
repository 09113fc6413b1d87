import { describe, expect, it } from 'vitest';
import { cycleIn, type Edge, edgesOf, isThere, sourcesOf } from './source.ts';

interface Row {
  /** A folder (with a slash at its end) or a file. The longest that fits a file is its row. */
  files: string;
  /** What it may import beside its own folder: folders, files. Modules of Node are `node:` or named one by one. */
  from: readonly string[];
}

/** Who may import whom. A file without a row, and an edge that no row allows, fail. */
const ROWS: readonly Row[] = [
  { files: 'src/domain/', from: ['node:crypto'] },
  { files: 'src/modes/', from: ['src/domain/'] },
  { files: 'src/trade/', from: ['src/domain/'] },
  { files: 'src/papers/', from: ['src/trade/', 'src/domain/', 'node:'] },
  { files: 'src/app/', from: ['src/domain/', 'src/trade/', 'src/modes/index.ts', 'src/kit/index.ts', 'node:crypto'] },
  { files: 'src/kit/', from: ['src/domain/', 'node:'] },
  { files: 'src/kit/testing/', from: ['src/domain/', 'src/kit/index.ts', 'node:'] },
  { files: 'src/runtime/', from: ['src/domain/', 'src/app/ports.ts', 'src/kit/index.ts', 'config/', 'node:'] },
  { files: 'src/queue/', from: ['src/domain/', 'src/app/app.ts', 'src/app/ports.ts', 'config/', 'node:'] },
  { files: 'src/store/', from: ['src/domain/', 'src/app/ports.ts', 'node:'] },
  { files: 'src/setup/', from: ['node:'] },
  { files: 'src/telemetry/', from: ['src/domain/', 'node:'] },
  {
    files: 'src/http/',
    from: [
      'src/domain/',
      'src/app/',
      'src/modes/index.ts',
      'src/kit/index.ts',
      'src/queue/index.ts',
      'jobs/index.ts',
      'src/trade/',
      'src/papers/',
      'connectors/index.ts',
      'src/telemetry/',
      'node:',
    ],
  },
  { files: 'src/console/', from: ['src/domain/', 'src/app/', 'src/trade/', 'src/modes/index.ts', 'node:'] },
  {
    files: 'src/console/testing/',
    from: ['src/console/', 'src/domain/', 'src/app/', 'src/trade/', 'src/modes/index.ts', 'node:'],
  },
  {
    files: 'src/simulator/',
    from: [
      'src/domain/',
      'src/trade/',
      'src/modes/index.ts',
      'src/kit/testing/sandbox.ts',
      'src/runtime/',
      'src/setup/',
      'src/telemetry/',
      'config/',
      'node:',
      ...['cj', 'easypost', 'feed', 'shopify', 'woocommerce'].map((name) => `connectors/${name}/sandbox.ts`),
    ],
  },
  { files: 'src/cli/', from: ['src/simulator/', 'src/domain/', 'src/trade/', 'config/', 'node:'] },
  {
    files: 'src/schedules.ts',
    from: ['src/domain/', 'src/app/', 'src/queue/index.ts', 'src/telemetry/', 'jobs/index.ts'],
  },
  { files: 'src/bootstrap.ts', from: ['src/'] },
  { files: 'src/compose.ts', from: ['src/', 'connectors/index.ts', 'jobs/index.ts', 'config/', 'node:'] },
  { files: 'src/main.ts', from: ['src/', 'config/', 'node:'] },
  { files: 'connectors/index.ts', from: ['src/kit/index.ts', 'connectors/'] },
  { files: 'connectors/', from: ['src/kit/index.ts', 'src/kit/testing/sandbox.ts', 'node:'] },
  { files: 'jobs/', from: ['src/queue/index.ts', 'src/app/app.ts', 'src/domain/'] },
  { files: 'config/', from: ['node:'] },
];

/** Every package of ours, and the only places that may import it. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  zod: [
    'src/domain/',
    'src/trade/',
    'src/app/',
    'src/kit/',
    'src/http/',
    'src/cli/',
    'src/queue/',
    'src/console/',
    'src/simulator/',
    'connectors/',
    'jobs/',
  ],
  axios: ['src/kit/'],
  bullmq: ['src/queue/'],
  'csv-parse': ['connectors/feed/', 'src/simulator/history/', 'src/http/'],
  'csv-stringify': ['connectors/feed/', 'src/simulator/history/', 'src/http/'],
  'decimal.js': ['src/trade/'],
  express: ['src/http/', 'src/console/', 'src/compose.ts'],
  graphql: ['connectors/shopify/sandbox-graphql.ts', 'connectors/shopify/sandbox-shop.ts'],
  ioredis: ['src/runtime/', 'src/queue/', 'src/compose.ts'],
  'ipaddr.js': ['src/runtime/public-address.ts'],
  mongodb: ['src/store/', 'src/setup/'],
  'mongodb-memory-server-core': ['src/setup/'],
  'pinyin-pro': ['src/runtime/romanise-han.ts'],
  mongoose: ['src/store/', 'src/setup/'],
  fontkit: ['src/papers/'],
  pdfkit: ['src/papers/'],
  pino: ['src/telemetry/'],
  'prom-client': ['src/telemetry/'],
  ssh2: ['src/kit/sftp.ts', 'src/kit/testing/sftp-server.ts'],
  'fast-check': ['src/trade/documents/testing/'],
  vitest: ['src/kit/testing/'],
};

/** What the tests beside the code may import on top of their row. */
const TESTS = ['vitest', 'fast-check', 'zod', 'node:', 'src/kit/testing/index.ts', 'src/domain/', 'src/trade/'];

const sources = sourcesOf('src', 'connectors', 'jobs', 'config');
const edges = sources.flatMap(edgesOf);
const tests = new Set(sources.filter((source) => source.test).map((source) => source.file));

const fits = (file: string, names: readonly string[]): boolean =>
  names.some((name) => (/[/:]$/.test(name) ? file.startsWith(name) : file === name));
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
