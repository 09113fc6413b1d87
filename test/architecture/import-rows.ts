export interface Row {
  /** A folder (with a slash at its end) or a file. The longest that fits a file is its row. */
  files: string;
  /** What it may import beside its own folder: folders, files. Modules of Node are `node:` or named one by one. */
  from: readonly string[];
}

/** The application as HTTP, the console and jobs see it: every use case through App, and the types of what it works with. */
const APP_DOOR = ['src/app/app.ts', 'src/app/ports.ts'];

/** Who may import whom. A file without a row, and an edge that no row allows, fail. */
export const ROWS: readonly Row[] = [
  { files: 'src/domain/', from: ['node:crypto'] },
  { files: 'src/modes/', from: ['src/domain/'] },
  { files: 'src/trade/', from: ['src/domain/'] },
  { files: 'src/papers/', from: ['src/trade/', 'src/domain/', 'node:'] },
  { files: 'src/app/', from: ['src/domain/', 'src/trade/', 'src/modes/index.ts', 'src/kit/index.ts', 'node:crypto'] },
  { files: 'src/kit/', from: ['src/domain/', 'node:'] },
  { files: 'src/kit/testing/', from: ['src/domain/', 'src/kit/index.ts', 'node:'] },
  {
    files: 'src/runtime/',
    from: ['src/domain/', 'src/app/ports.ts', 'src/app/remember.ts', 'src/kit/index.ts', 'config/', 'node:'],
  },
  { files: 'src/queue/', from: ['src/domain/', 'src/app/app.ts', 'src/app/ports.ts', 'config/', 'node:'] },
  { files: 'src/store/', from: ['src/domain/', 'src/trade/', 'src/app/ports.ts', 'node:'] },
  { files: 'src/setup/', from: ['node:'] },
  { files: 'src/telemetry/', from: ['src/domain/', 'node:'] },
  {
    files: 'src/http/',
    from: [
      'src/domain/',
      ...APP_DOOR,
      'src/app/remember.ts',
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
  {
    files: 'src/console/',
    from: ['src/domain/', ...APP_DOOR, 'src/app/remember.ts', 'src/trade/', 'src/modes/index.ts', 'node:'],
  },
  { files: 'src/console/testing/', from: ['src/console/', 'src/domain/', 'src/trade/', 'src/modes/index.ts', 'node:'] },
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
  // Backup and restore open the database themselves, as the product does.
  {
    files: 'src/cli/maintenance.ts',
    from: ['src/domain/', 'src/runtime/virtual-clock.ts', 'src/setup/', 'src/store/', 'config/', 'node:'],
  },
  {
    files: 'src/schedules.ts',
    from: ['src/domain/', 'src/app/app.ts', 'src/queue/index.ts', 'src/telemetry/', 'jobs/index.ts'],
  },
  {
    files: 'src/work.ts',
    from: [
      'src/domain/',
      'src/app/app.ts',
      'src/schedules.ts',
      'src/queue/index.ts',
      'src/telemetry/',
      'jobs/index.ts',
    ],
  },
  { files: 'src/bootstrap.ts', from: ['src/'] },
  { files: 'src/compose.ts', from: ['src/', 'connectors/index.ts', 'config/', 'node:'] },
  { files: 'src/main.ts', from: ['src/', 'config/', 'node:'] },
  { files: 'connectors/index.ts', from: ['src/kit/index.ts', 'connectors/'] },
  { files: 'connectors/', from: ['src/kit/index.ts', 'src/kit/testing/sandbox.ts', 'node:'] },
  { files: 'jobs/', from: ['src/queue/index.ts', 'src/app/app.ts', 'src/domain/'] },
  { files: 'config/', from: ['node:'] },
];

/** Every package of ours, and the only places that may import it. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  zod: [
    'src/domain/',
    'src/trade/',
    'src/app/',
    'src/kit/',
    'src/http/',
    'src/store/',
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
export const TESTS = ['vitest', 'fast-check', 'zod', 'node:', 'src/kit/testing/index.ts', 'src/domain/', 'src/trade/'];

/** Where a file or folder name fits: the folder it is in, or the file itself. */
export const fits = (file: string, names: readonly string[]): boolean =>
  names.some((name) => (/[/:]$/.test(name) ? file.startsWith(name) : file === name));

/** The packages of a row, each with the places inside the row where it is confined to some. */
const packagesOf = ({ files }: Row): string[] =>
  Object.entries(PACKAGES).flatMap(([name, places]) => {
    if (fits(files, places)) return [name];
    const inside = places.filter((place) => fits(place, [files]));
    // A more particular row tells of its own packages.
    const own = inside.filter((place) => !ROWS.some((row) => row.files !== files && row.files === place));
    return own.length === 0 ? [] : [`${name} (${own.map((place) => `\`${place.slice(files.length)}\``).join(', ')})`];
  });

const named = (name: string): string => (name === 'node:' ? 'Node' : `\`${name}\``);

/** Who may import whom as a table of Markdown, a row each. */
export const importTable = (): string =>
  [
    '| files | may import of ours | packages |',
    '|---|---|---|',
    ...ROWS.map(
      (row) =>
        `| \`${row.files}\` | ${row.from.map(named).join(' · ') || '–'} | ${packagesOf(row).join(' · ') || '–'} |`,
    ),
  ].join('\n');

const BEGIN = '<!-- imports: written by npm run generate -->';
const END = '<!-- imports: end -->';

/** `text` with the table between its two marks; throws where the marks are not there, once each and in order. */
export const withImportTable = (text: string): string => {
  const [before = '', rest, ...more] = text.split(BEGIN);
  const [, after, ...others] = rest?.split(END) ?? [];
  if (rest === undefined || after === undefined || more.length + others.length > 0)
    throw new Error(`ARCHITECTURE.md needs “${BEGIN}” and then “${END}”, once each`);
  return `${before}${BEGIN}\n${importTable()}\n${END}${after}`;
};
