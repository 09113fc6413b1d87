import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { TradeListKind } from '#domain/trade-list.ts';
import { HS_EDITIONS } from '#trade/classification/hs-edition.ts';
import { readHsEdition } from '#trade/classification/read-hs-edition.ts';
import { readAnnouncedParties } from '#trade/screening/lists/announced-parties.ts';
import { readDeniedPersons } from '#trade/screening/lists/denied-persons.ts';
import { readEuropeanUnion } from '#trade/screening/lists/european-union.ts';
import { type FileCount, linesOf } from '#trade/screening/lists/list-rows.ts';
import { readOfac } from '#trade/screening/lists/ofac.ts';
import { readSwitzerland } from '#trade/screening/lists/switzerland.ts';
import { readUnitedKingdom } from '#trade/screening/lists/united-kingdom.ts';
import { readUnitedNations } from '#trade/screening/lists/united-nations.ts';

/** What an official file holds. For each file `processed + failed` is `rows`. */
export interface OfficialList {
  title: string;
  entries: readonly unknown[];
  files: readonly FileCount[];
  badRows: readonly { file: string; row: number; about: string; reason: string }[];
  /** The day that the file itself says it is of; null when it does not. */
  date: string | null;
  sha256: string;
}

type Role = 'file' | 'alt' | 'add' | 'comments';
export type OfficialFiles = { file: string } & Partial<Record<Role, string>>;

interface Content {
  role: Role;
  bytes: Buffer;
  text: string;
}

/** OFAC's older files are not UTF-8. */
const textOf = (bytes: Buffer): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
};

const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

/** Of one file its own hash; of several the hash of their hashes, a line each with what the file is. */
const hashOf = (contents: readonly Content[]): string => {
  const [only, ...more] = contents;
  if (only && more.length === 0) return sha256(only.bytes);
  return sha256(contents.map(({ role, bytes }) => `${sha256(bytes)}  ${role}\n`).join(''));
};

type Read = Omit<OfficialList, 'sha256'>;
type Texts = Partial<Record<Role, string>> & { file: string };

const hsEdition = ({ file }: Texts, editionId: string): Read => {
  const row = HS_EDITIONS.rows.find(({ value }) => value === editionId);
  if (!row?.from) throw new Error(`--edition is one of ${HS_EDITIONS.rows.map(({ value }) => value).join(', ')}`);
  const { edition, counts, faults } = readHsEdition(file, { id: row.value, from: row.from, to: row.to });
  // The header is line 1; rows whose code or level is wrong are in no count.
  const bad = faults.filter(({ line }) => line > 1);
  const uncounted = bad.filter(({ column }) => column === null || column === 'hscode' || column === 'level').length;
  const rows = counts.chapters + counts.headings + counts.subheadings + uncounted;
  const failed = new Set(bad.map(({ line }) => line)).size;
  return {
    title: `Harmonized System, ${editionId}`,
    // Half a list would call valid codes invalid: with any fault there is none.
    entries: edition ? [...edition.codes].map(([code, description]) => ({ code, description })) : [],
    files: [{ file: 'hs', rows, processed: rows - failed, failed }],
    badRows: faults.map(({ line, column, reason }) => ({ file: 'hs', row: line, about: column ?? '', reason })),
    date: null,
  };
};

const READERS: Readonly<Record<TradeListKind, (texts: Texts, edition: string) => Read>> = {
  ofac_sdn: ({ file, alt = '', add = '', comments = '' }) => ({
    title: 'OFAC Specially Designated Nationals and Blocked Persons',
    ...readOfac({ sdn: linesOf(file), alt: linesOf(alt), add: linesOf(add), comments: linesOf(comments) }),
    date: null,
  }),
  un_consolidated: ({ file }) => ({
    title: 'United Nations Security Council Consolidated List',
    ...readUnitedNations([file]),
  }),
  eu_consolidated: ({ file }) => ({ title: 'EU Consolidated Financial Sanctions List', ...readEuropeanUnion([file]) }),
  uk_sanctions: ({ file }) => ({ title: 'UK Sanctions List', ...readUnitedKingdom([file]) }),
  ch_seco: ({ file }) => ({ title: 'SECO Sanctions List of Switzerland', ...readSwitzerland([file]) }),
  cn_mofcom: ({ file }) => ({
    title: 'China: unreliable entities and export control lists, from the announcements of the MOFCOM',
    ...readAnnouncedParties(linesOf(file)),
    date: null,
  }),
  bis_dpl: ({ file }) => ({ title: 'BIS Denied Persons List', ...readDeniedPersons(linesOf(file)), date: null }),
  hs_edition: hsEdition,
};

const ROLES: readonly Role[] = ['file', 'alt', 'add', 'comments'];

/** Reads the official files of a list; bad rows are named and left out, an HS edition with any is not read at all. */
export const readOfficial = (kind: TradeListKind, paths: OfficialFiles, edition: string): OfficialList => {
  const contents = ROLES.flatMap((role): Content[] => {
    const path = paths[role];
    if (path === undefined) return [];
    const bytes = readFileSync(path);
    return [{ role, bytes, text: textOf(bytes) }];
  });
  const of = (wanted: Role) => contents.find(({ role }) => role === wanted)?.text;
  const [file = '', alt, add, comments] = [of('file'), of('alt'), of('add'), of('comments')];
  const texts: Texts = {
    file,
    ...(alt === undefined ? {} : { alt }),
    ...(add === undefined ? {} : { add }),
    ...(comments === undefined ? {} : { comments }),
  };
  return { ...READERS[kind](texts, edition), sha256: hashOf(contents) };
};

/** What one upload may hold. */
const MOST_ENTRIES = 1_000;
const MOST_BYTES = 1_000_000;

/** The entries in parts of at most 1,000 and about a megabyte; the same entries are always parted the same way. */
export const inParts = (entries: readonly unknown[]): unknown[][] => {
  const parts: unknown[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    const size = Buffer.byteLength(JSON.stringify(entry));
    const last = parts.at(-1);
    if (!last || last.length === MOST_ENTRIES || bytes + size > MOST_BYTES) {
      parts.push([entry]);
      bytes = size;
    } else {
      last.push(entry);
      bytes += size;
    }
  }
  return parts;
};
