import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Coverage } from '#kit';
import { recordedIn, schemaOf, takeApart } from './graphql.ts';
import { bodiesIn, takeApartJson } from './json.ts';
import type { TakenApart, Words } from './taken-apart.ts';

export interface File {
  file: string;
  answers: readonly TakenApart[];
}

const everyFile = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const name = path.join(folder, entry.name);
      return entry.isDirectory() ? everyFile(name) : [name];
    });

const jsonOf = (file: string): unknown => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
};

/** The vendor's own folder in a folder of several vendors, or else the folder itself. */
const folderOf = (provider: string, data: string): string => {
  const own = path.join(data, provider);
  return existsSync(own) && statSync(own).isDirectory() ? own : data;
};

/** Where recordings come from: their paths, and what a SOURCE.md says. */
const marksOf = (folder: string, files: readonly string[]): string =>
  files
    .map((file) => (path.basename(file) === 'SOURCE.md' ? readFileSync(file, 'utf8') : path.relative(folder, file)))
    .join('\n');

export interface Recordings {
  files: File[];
  words: Words;
  marks: string;
}

/** Every recorded GraphQL answer of a folder; a schema counts that lies anywhere in it. */
export const graphqlRecordings = (provider: string, data: string, coverage: Coverage): Recordings => {
  const folder = folderOf(provider, data);
  const names = everyFile(folder);
  const sdl = names.find((name) => /\.(graphql|graphqls|gql)$/.test(name));
  const schema = sdl === undefined ? null : schemaOf(readFileSync(sdl, 'utf8'));
  const words: Words = new Map();
  const files = names
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({
      file: path.relative(folder, name),
      answers: recordedIn(jsonOf(name)).flatMap((recorded) => takeApart(recorded, coverage.kinds, schema, words)),
    }));
  return { files, words, marks: marksOf(folder, names) };
};

/** Every JSON answer of a folder: of HTTP archives, of pages of documentation, of samples, of single bodies. */
export const jsonRecordings = (provider: string, data: string, coverage: Coverage): Recordings => {
  const folder = folderOf(provider, data);
  const names = everyFile(folder);
  const files = names
    .filter((name) => /\.(har|json)$/.test(name))
    .map((name) => {
      const file = path.relative(folder, name);
      const bodies = bodiesIn(jsonOf(name), path.basename(name, path.extname(name)));
      return { file, answers: bodies.map((body) => takeApartJson(body, coverage.kinds)) };
    });
  return { files, words: new Map(), marks: marksOf(folder, names) };
};
