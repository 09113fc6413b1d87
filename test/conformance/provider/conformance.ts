import type { Coverage, CoverageRow } from '#kit';
import { Probe, refusal } from './probe.ts';
import type { File } from './recordings.ts';
import { nameOf, type TakenApart, type Words } from './taken-apart.ts';

/** A field of a kind of thing, or what became of an operation, with how often it was met. */
export interface Place {
  entity: string;
  path: string;
  times: number;
}
export interface Ignored {
  operation: string;
  times: number;
  /** Null: no row says why. */
  reason: string | null;
}
export interface FileReport {
  file: string;
  entities: Record<string, number>;
  /** Fields, each counted as often as it was met. */
  places: number;
  empty: number;
  explained: (Place & { reason: string })[];
  lost: Place[];
  ignored: Ignored[];
  failed: { entity: string; where: string; path: string; why: string }[];
}
export interface Report {
  provider: string;
  files: FileReport[];
  /** Files in which no answer of this vendor was recorded. */
  without: string[];
  entities: Record<string, number>;
  places: number;
  empty: number;
  lost: Place[];
  explained: number;
  ignored: Ignored[];
  failed: number;
  /** Whether floors and stale rows bind: whether these are the recordings on which they were counted. */
  bound: boolean;
  missed: { what: string; floor: number; found: number }[];
  stale: CoverageRow[];
  /** Rows that ignore what holds a thing with a canonical record. */
  wrong: CoverageRow[];
  good: boolean;
}

const tallied = <T extends Record<string, unknown>>(items: readonly T[]): (T & { times: number })[] => {
  const found = new Map<string, T & { times: number }>();
  for (const item of items) {
    const key = JSON.stringify(item);
    const known = found.get(key);
    if (known) known.times += 1;
    else found.set(key, { ...item, times: 1 });
  }
  return [...found.values()];
};
const merged = (places: readonly Place[]): Place[] =>
  tallied(places.flatMap(({ entity, path, times }) => Array.from({ length: times }, () => ({ entity, path }))));

const countsOf = (names: readonly string[]): Record<string, number> =>
  Object.fromEntries(tallied(names.map((name) => ({ name }))).map(({ name, times }) => [name, times]));
const summed = (counts: readonly Record<string, number>[]): Record<string, number> => {
  const all: Record<string, number> = {};
  for (const [name, count] of counts.flatMap((one) => Object.entries(one))) all[name] = (all[name] ?? 0) + count;
  return all;
};

/** Reads every recorded answer with the connector's own schemas and mappers, and says what became of each field. */
export const conformanceOf = (
  provider: string,
  coverage: Coverage,
  files: readonly File[],
  words: Words,
  marks: string,
): Report => {
  const probe = new Probe(words);
  for (const { answers } of files)
    for (const { entities } of answers) for (const entity of entities) probe.learn(entity);

  const used = new Set<CoverageRow>();
  const rowOf = (fits: (row: CoverageRow) => boolean): CoverageRow | undefined => {
    const row = coverage.rows.find(fits);
    if (row) used.add(row);
    return row;
  };
  const fileReport = ({ file, answers }: File): FileReport => {
    const entities = answers.flatMap((answer) => answer.entities);
    const fields = entities.flatMap((entity) =>
      entity.leaves.map((leaf) => ({
        entity: entity.kind.entity,
        path: nameOf(leaf.at),
        verdict: probe.verdict(entity, leaf),
      })),
    );
    const judged = tallied(
      fields.filter(({ verdict }) => verdict === 'lost').map(({ entity, path }) => ({ entity, path })),
    ).map((place) => ({
      ...place,
      reason: rowOf((row) => 'entity' in row && row.entity === place.entity && row.path === place.path)?.reason,
    }));
    const nothing = answers.filter((answer) => answer.entities.length === 0 && !answer.empty);
    return {
      file,
      entities: countsOf(entities.map(({ kind }) => kind.entity)),
      places: fields.filter(({ verdict }) => verdict === 'place').length,
      empty: fields.filter(({ verdict }) => verdict === 'empty').length,
      explained: judged.flatMap(({ reason, ...place }) => (reason === undefined ? [] : [{ ...place, reason }])),
      lost: judged.flatMap(({ reason, ...place }) => (reason === undefined ? [place] : [])),
      ignored: tallied(nothing.map(({ operation }) => ({ operation }))).map(({ operation, times }) => ({
        operation,
        times,
        reason: rowOf((row) => 'operation' in row && row.operation === operation)?.reason ?? null,
      })),
      failed: entities.flatMap((entity) => {
        const refused = refusal(entity);
        return refused ? [{ entity: entity.kind.entity, where: entity.where, ...refused }] : [];
      }),
    };
  };

  const read = files.filter(({ answers }) => answers.length > 0);
  const reports = read.map(fileReport);
  const holding = new Set(read.flatMap(({ answers }) => answers.filter(holdsAThing).map(({ operation }) => operation)));
  const ignoring = new Set(reports.flatMap(({ ignored }) => ignored.map(({ operation }) => operation)));
  const wrong = coverage.rows.filter(
    (row) => 'operation' in row && holding.has(row.operation) && !ignoring.has(row.operation),
  );
  const entities = summed(reports.map((report) => report.entities));
  const bound = coverage.corpus.marks.some((mark) => marks.includes(mark));
  const counts: Record<string, number> = { ...entities, files: read.length };
  const missed = Object.entries(coverage.corpus.floors)
    .map(([what, floor]) => ({ what, floor, found: counts[what] ?? 0 }))
    .filter(({ floor, found }) => bound && found < floor);
  const stale = bound ? coverage.rows.filter((row) => !used.has(row)) : [];
  const ignored = tallied(
    reports.flatMap((report) =>
      report.ignored.flatMap(({ operation, times, reason }) =>
        Array.from({ length: times }, () => ({ operation, reason })),
      ),
    ),
  );
  const lost = merged(reports.flatMap((report) => report.lost));
  const failed = reports.flatMap((report) => report.failed).length;
  return {
    provider,
    files: reports,
    without: files.filter(({ answers }) => answers.length === 0).map(({ file }) => file),
    entities,
    places: reports.reduce((total, { places }) => total + places, 0),
    empty: reports.reduce((total, { empty }) => total + empty, 0),
    lost,
    explained: reports.flatMap(({ explained }) => explained).reduce((total, { times }) => total + times, 0),
    ignored,
    failed,
    bound,
    missed,
    stale,
    wrong,
    good:
      read.length > 0 &&
      failed + lost.length + missed.length + stale.length + wrong.length === 0 &&
      ignored.every(({ reason }) => reason !== null),
  };
};

const holdsAThing = ({ entities }: TakenApart): boolean => entities.some(({ kind }) => kind.readers.length > 0);

const list = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ') || 'none';
const rowName = (row: CoverageRow): string =>
  'operation' in row ? `operation ${row.operation}` : `${row.entity} ${row.path}`;

/** What a person reads: a file at a time, and at the end what it all came to. */
export const printed = (report: Report): string[] => [
  ...report.files.flatMap(({ file, entities, places, empty, explained, lost, ignored, failed }) => [
    `${file}: ${list(entities)}; ${places} fields with a place, ${empty} empty`,
    ...failed.map(({ entity, where, path, why }) => `  FAILED ${entity} ${path} at ${where}: ${why}`),
    ...lost.map(({ entity, path, times }) => `  LOST ${entity} ${path} (${times})`),
    ...explained.map(({ entity, path, times, reason }) => `  left out ${entity} ${path} (${times}): ${reason}`),
    ...ignored.map(({ operation, reason }) =>
      reason === null ? `  UNEXPLAINED operation ${operation}` : `  ignored operation ${operation}: ${reason}`,
    ),
  ]),
  '',
  `${report.provider}: ${report.files.length} files with answers, ${report.without.length} without; ${list(report.entities)}`,
  `${report.places} fields with a place, ${report.explained} left out with a reason, ${report.empty} empty, ${report.failed} failed`,
  ...report.lost.map(({ entity, path, times }) => `LOST ${entity} ${path} (${times})`),
  ...report.ignored
    .filter(({ reason }) => reason === null)
    .map(({ operation, times }) => `UNEXPLAINED operation ${operation} (${times})`),
  ...report.missed.map(({ what, floor, found }) => `FLOOR MISSED ${what}: ${found} of ${floor}`),
  ...report.stale.map((row) => `STALE ROW ${rowName(row)} matches nothing`),
  ...report.wrong.map((row) => `WRONG ROW ${rowName(row)} ignores what holds a thing that we keep`),
  ...(report.bound
    ? []
    : [
        'Other recordings than those that the floors were counted on: neither floors nor rows that match nothing count.',
      ]),
  ...(report.files.length === 0 ? ['NOTHING READ: the folder holds no recorded answer of this vendor'] : []),
  report.good ? 'conforms' : 'DOES NOT CONFORM',
];
