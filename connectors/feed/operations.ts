import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { Failure, type Input, isFailure, type Operation, type Page, type PurchaseReport, type SupplyLevel } from '#kit';
import { readTable } from './csv.ts';
import { type Feed, type Folder, withFolder } from './folder.ts';
import { feedOf, type manifest, type Settings } from './manifest.ts';
import { type Entry, fileName, isRejected, toEntries, toOrderFile, toRejectedItem, toReport } from './mapper.ts';
import { AnswerRow, OrderRow } from './wire.ts';

type Feeds = typeof manifest;

const PAGE_ROWS = 1_000;
const MAX_ORDER_BYTES = 1024 * 1024;

const inside = (folder: string, name: string): string => `${folder.replace(/\/+$/, '')}/${name}`;

/** Null for a file that is not there. */
const readIfThere = (folder: Folder, path: string, maxBytes: number): Promise<Buffer | null> =>
  folder.read(path, maxBytes).catch((error: unknown) => {
    if (isFailure(error, 'not_found')) return null;
    throw error;
  });

const readStock = async (folder: Folder, { stockPath, maxBytes }: Settings): Promise<Buffer> => {
  const bytes = await readIfThere(folder, stockPath, maxBytes);
  if (bytes) return bytes;
  throw new Failure('rejected', `there is no ${stockPath}; check the path of the stock file in the settings`);
};

/** The file last read, by its content and the settings: a walk of a hundred pages over one file parses it once. */
let lastRead: { key: string; entries: Promise<readonly Entry[]> } | null = null;

const entriesOf = (bytes: Buffer, hash: string, settings: Settings): Promise<readonly Entry[]> => {
  const key = `${hash} ${JSON.stringify(settings)}`;
  if (lastRead?.key !== key) lastRead = { key, entries: toEntries(bytes, settings) };
  return lastRead.entries;
};

const readEntries = async (folder: Folder, settings: Settings) => {
  const bytes = await readStock(folder, settings);
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  const entries = await entriesOf(bytes, hash, settings);
  const [first] = entries;
  if (first && isRejected(first) && entries.every(isRejected))
    throw new Failure(
      'rejected',
      `${settings.stockPath}: none of its ${entries.length} rows can be read; row ${first.row} ${first.column} ${first.reason}`,
    );
  return { hash, entries };
};

export const checkConnection: Operation<Feeds, 'connection.check'> = async (context) => {
  const { protocol, user, url, host } = context.credentials;
  await withFolder(context, (folder) => readEntries(folder, context.settings));
  return {
    account: `${user}@${protocol === 'https' ? new URL(url).host : host}`,
    identity: feedOf(context),
    missing: [],
  };
};

/** A cursor is `<hash of the file>:<rows already given>`. */
const startOf = (context: Feed, cursor: string | null, hash: string): number => {
  const [seen, offset] = cursor?.split(':') ?? [hash, '0'];
  if (seen === hash) return Number(offset);
  // Half of yesterday's file and half of today's would be nobody's stock.
  context.log('feed.file_changed', { path: context.settings.stockPath });
  return 0;
};

export const pullStock: Operation<Feeds, 'stock.pull'> = async (context, { cursor }) => {
  const { hash, entries } = await withFolder(context, (folder) => readEntries(folder, context.settings));
  const from = startOf(context, cursor, hash);
  const rows = entries.slice(from, from + PAGE_ROWS);
  const page: Page<SupplyLevel> = {
    items: rows.flatMap((entry) => (isRejected(entry) ? [] : [entry.level])),
    next: from + PAGE_ROWS < entries.length ? `${hash}:${from + PAGE_ROWS}` : null,
    rejected: rows.filter(isRejected).map(toRejectedItem),
  };
  return page;
};

export const placePurchase: Operation<Feeds, 'purchases.place'> = (context, { purchase }) =>
  withFolder(context, async (folder) => {
    const { entries } = await readEntries(folder, context.settings);
    const sold = new Set(entries.flatMap((entry) => (isRejected(entry) ? [] : [entry.level.externalSku])));
    const missing = purchase.lines.map((line) => line.externalSku).filter((sku) => !sold.has(sku));
    if (missing.length > 0)
      throw new Failure(
        'rejected',
        `${context.settings.stockPath} has no readable row for ${missing.slice(0, 10).join(', ')}`,
      );
    const body = toOrderFile(purchase);
    const path = inside(context.settings.ordersFolder, fileName(purchase.reference));
    await folder.write(path, body);
    return toReport(purchase.reference, await readRows(body, path, OUR_DIALECT, OrderRow), null);
  });

const OUR_DIALECT = { encoding: 'utf-8', delimiter: ',' } as const;

/** The rows of an order or answer file. One bad row spoils it: half an answer would be a wrong answer. */
const readRows = async <T extends { reference: string }>(
  bytes: Buffer,
  path: string,
  dialect: Pick<Settings, 'encoding' | 'delimiter'>,
  schema: z.ZodObject & z.ZodType<T>,
): Promise<T[]> => {
  const columns = Object.keys(schema.shape);
  const refuse = (row: number, column: string, reason: string): never => {
    throw new Failure('contract', `${path}: row ${row} ${column} ${reason}`);
  };
  const rows: T[] = [];
  await readTable(
    bytes,
    path,
    dialect,
    columns,
    ({ row, cell }) => {
      const parsed = schema.safeParse(Object.fromEntries(columns.map((column) => [column, cell(column)])));
      if (parsed.success) rows.push(parsed.data);
      else refuse(row, String(parsed.error.issues[0]?.path[0] ?? ''), parsed.error.issues[0]?.message ?? '');
    },
    ({ row, column, reason }) => refuse(row, column, reason),
  );
  return rows;
};

const findReport = async (context: Feed, reference: string): Promise<PurchaseReport | null> => {
  const { ordersFolder, answersFolder, encoding, delimiter } = context.settings;
  const read = async <T extends { reference: string }>(
    folder: Folder,
    path: string,
    dialect: Pick<Settings, 'encoding' | 'delimiter'>,
    schema: z.ZodObject & z.ZodType<T>,
  ): Promise<T[] | null> => {
    const bytes = await readIfThere(folder, path, MAX_ORDER_BYTES);
    const rows = bytes && (await readRows(bytes, path, dialect, schema));
    const other = rows?.find((row) => row.reference !== reference);
    if (other) throw new Failure('contract', `${path} speaks of “${other.reference}”, not of “${reference}”`);
    return rows;
  };
  const name = fileName(reference);
  const [order, answer] = await withFolder(context, (folder) =>
    Promise.all([
      read(folder, inside(ordersFolder, name), OUR_DIALECT, OrderRow),
      read(folder, inside(answersFolder, name), { encoding, delimiter }, AnswerRow),
    ]),
  );
  return order || answer ? toReport(reference, order, answer) : null;
};

export const findPurchase: Operation<Feeds, 'purchases.find'> = (context, { reference }: Input<'purchases.find'>) =>
  findReport(context, reference);

export const getPurchase: Operation<Feeds, 'purchases.get'> = async (context, { reference }) => {
  const report = await findReport(context, reference);
  if (!report) throw new Failure('not_found', `the supplier’s folder has neither the order ${reference} nor an answer`);
  if (report.state === 'unknown') context.log('feed.status_unknown', { reference, status: report.rawStatus });
  return report;
};
