import path from 'node:path';
import { z } from 'zod';
import { TRADE_LIST_KINDS, type TradeListKind } from '#domain/trade-list.ts';
import type { ApiClient } from '#simulator/api-client.ts';
import { inParts, readOfficial } from './official-files.ts';
import { table } from './table.ts';
import type { Values } from './trade-questions.ts';

const isKind = (text: string | undefined): text is TradeListKind => TRADE_LIST_KINDS.some((kind) => kind === text);
const Imported = z.looseObject({ id: z.string(), state: z.string(), date: z.string(), entries: z.number() });
/** Bad rows that are named one by one; the counts tell of all. */
const MOST_NAMED = 50;

interface Said {
  print(line: string): void;
  progress(line: string): void;
}

/**
 * Reads official files here, names the rows that cannot be read, uploads the entries in parts and activates the list when all
 * are there. The same command again goes on where it died. Null when options are missing.
 */
export const importList = async (api: ApiClient, values: Values, { print, progress }: Said): Promise<unknown> => {
  const { kind, file, alt, add, comments, edition = '', source } = values;
  if (!isKind(kind) || file === undefined) return null;
  const read = readOfficial(
    kind,
    {
      file,
      ...(alt === undefined ? {} : { alt }),
      ...(add === undefined ? {} : { add }),
      ...(comments === undefined ? {} : { comments }),
    },
    edition,
  );
  for (const line of table(
    ['file', 'rows', 'processed', 'failed'],
    read.files.map((one) => [one.file, ...[one.rows, one.processed, one.failed].map(String)]),
  ))
    print(line);
  for (const { file: of, row, about, reason } of read.badRows.slice(0, MOST_NAMED))
    print(`! ${of} row ${row}: ${reason}${about === '' ? '' : ` (${about})`}`);
  if (read.badRows.length > MOST_NAMED) print(`! and ${read.badRows.length - MOST_NAMED} more rows`);
  if (read.entries.length === 0) throw new Error('Nothing was imported: the file holds no list that can be read.');
  const date = values['date'] ?? read.date;
  if (date === null) throw new Error('The file does not say of which day it is: give --date 2026-11-20.');
  const force = values['force'] !== undefined;
  const parts = inParts(read.entries);
  const list = Imported.parse(
    await api.post('/v1/trade/lists', {
      kind,
      edition,
      title: read.title,
      date,
      source: source ?? path.basename(file),
      sha256: read.sha256,
      entries: read.entries.length,
      parts: parts.length,
      failedRows: read.badRows.length,
      force,
    }),
  );
  if (list.state === 'active') {
    print(`The same file is on file already, of ${list.date}, with ${list.entries} entries: nothing changed.`);
    return list;
  }
  let sent = 0;
  for (const [index, entries] of parts.entries()) {
    await api.put(`/v1/trade/lists/${list.id}/parts/${index + 1}`, { entries });
    sent += entries.length;
    progress(`part ${index + 1} of ${parts.length}: ${sent} of ${read.entries.length} entries`);
  }
  const active = Imported.parse(await api.post(`/v1/trade/lists/${list.id}/activate`, { force }));
  print(
    `Active from now on: ${kind} of ${active.date} with ${active.entries} entries (SHA-256 ${read.sha256.slice(0, 16)}).`,
  );
  return active;
};
