import { stringify } from 'csv-stringify/sync';
import { extend, type PurchaseReport, type PurchaseRequest, type RejectedItem, rawOf, type SupplyLevel } from '#kit';
import { type Rejected, type Row, readTable } from './csv.ts';
import type { Settings } from './manifest.ts';
import { readNumber } from './number.ts';
import { type AnswerRow, ORDER_COLUMNS, type OrderRow } from './wire.ts';

/** A row of the stock file that cannot be used, with its SKU; empty where that cannot be read either. */
interface RejectedRow extends Rejected {
  sku: string;
}

/** One row of the stock file: read, or not and why. */
export type Entry = { row: number; level: SupplyLevel } | RejectedRow;

export const isRejected = (entry: Entry): entry is RejectedRow => 'reason' in entry;

/** A row is known by its SKU, for rows move from one file to the next; where that cannot be read it is known by its place. */
export const toRejectedItem = ({ row, column, reason, value, sku }: RejectedRow): RejectedItem => ({
  id: sku || `row ${row}`,
  field: `row ${row} ${column}`.trim(),
  reason,
  raw: rawOf(value),
});

const toLevel = ({ row, cell }: Row, settings: Settings): Entry => {
  const externalSku = cell(settings.skuColumn);
  const isReadable = externalSku.length <= 100 && !/\p{Cc}/u.test(externalSku);
  const sku = isReadable ? externalSku : '';
  const broken = (column: string, reason: string): RejectedRow => ({ row, column, reason, value: cell(column), sku });
  if (externalSku === '') return broken(settings.skuColumn, 'is empty');
  if (!isReadable) return broken(settings.skuColumn, 'is longer than 100 characters or contains control characters');

  const quantity = readNumber(cell(settings.quantityColumn), settings.decimal);
  if ('reason' in quantity) return broken(settings.quantityColumn, quantity.reason);
  const units = Number(quantity.number);
  if (!Number.isSafeInteger(units) || units < 0)
    return broken(settings.quantityColumn, `${quantity.number} is not a whole number of zero or more`);
  if (units > settings.maxQuantity)
    return broken(settings.quantityColumn, `${quantity.number} is above the most we take, ${settings.maxQuantity}`);

  const price = settings.costColumn === '' ? '' : cell(settings.costColumn);
  const cost = price === '' ? null : readNumber(price, settings.decimal);
  if (cost && 'reason' in cost) return broken(settings.costColumn, cost.reason);
  if (cost?.number.startsWith('-')) return broken(settings.costColumn, `${cost.number} is below zero`);
  return {
    row,
    level: {
      externalSku,
      quantity: units,
      unitCost: cost?.number ?? null,
      currency: cost ? settings.currency : null,
      title: settings.titleColumn === '' ? '' : cell(settings.titleColumn),
    },
  };
};

/**
 * Every row of the stock file in its order, each as a level or as rejected with a reason. A SKU on two rows is rejected on
 * both: which of them holds is not ours to guess. Throws `rejected` where the file as a whole, or every row of it, is unusable.
 */
export const toEntries = async (bytes: Buffer, settings: Settings): Promise<readonly Entry[]> => {
  const { skuColumn, quantityColumn, costColumn, titleColumn } = settings;
  const wanted = [skuColumn, quantityColumn, costColumn, titleColumn].filter((name) => name !== '');
  const entries: Entry[] = [];
  const firstOf = new Map<string, number>();
  const doubled = new Map<string, number[]>();
  await readTable(
    bytes,
    settings.stockPath,
    settings,
    wanted,
    (row) => {
      // A broken row speaks for its SKU too: the other row is not known to be the right one.
      const sku = row.cell(skuColumn);
      const first = firstOf.get(sku);
      if (first === undefined && sku !== '') firstOf.set(sku, entries.length);
      if (first !== undefined) doubled.set(sku, [...(doubled.get(sku) ?? [first]), entries.length]);
      entries.push(toLevel(row, settings));
    },
    (rejected) => entries.push({ ...rejected, sku: '' }),
  );
  for (const [sku, places] of doubled) {
    const rows = places.map((place) => entries[place]?.row ?? 0);
    for (const [i, place] of places.entries()) {
      const others = rows.filter((_, j) => j !== i).slice(0, 3);
      const reason = `${sku} is also on row ${others.join(', ')}${rows.length > 4 ? ' …' : ''}`;
      entries[place] = { row: rows[i] ?? 0, column: skuColumn, reason, value: sku, sku };
    }
  }
  return entries;
};

/** The order file: the same bytes for the same purchase, so that writing it twice leaves what writing it once does. */
export const toOrderFile = ({ reference, currency, lines, shipTo, neutralPacking, note }: PurchaseRequest): Buffer => {
  const to = [
    shipTo.name,
    shipTo.company,
    shipTo.line1,
    shipTo.line2,
    shipTo.city,
    shipTo.region,
    shipTo.postalCode,
    shipTo.country,
    shipTo.phone,
    shipTo.email,
  ];
  const rows = lines.map(({ lineId, externalSku, quantity, unitCost }) => [
    reference,
    lineId,
    externalSku,
    String(quantity),
    unitCost,
    currency,
    ...to,
    neutralPacking ? 'yes' : 'no',
    note,
  ]);
  return Buffer.from(stringify([ORDER_COLUMNS, ...rows], { record_delimiter: '\r\n' }));
};

/** The file of a reference: letters, digits, - and _ stand for themselves, every other byte as =XX. No two share a name. */
export const fileName = (reference: string): string => {
  const hex = (sign: string) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
  return `${encodeURIComponent(reference)
    .replace(/[.!~*'()]/g, hex)
    .replaceAll('%', '=')}.csv`;
};

const unitsBySku = (rows: readonly { sku: string; quantity: number }[]): Map<string, number> => {
  const units = new Map<string, number>();
  for (const { sku, quantity } of rows) units.set(sku, (units.get(sku) ?? 0) + quantity);
  return units;
};

const toPackages = (shipped: readonly AnswerRow[]): PurchaseReport['packages'] =>
  [...Map.groupBy(shipped, (r) => [r.carrier, r.tracking_number, r.shipped_at].join(' ').trim()).values()].flatMap(
    ([first, ...rest]) =>
      first
        ? [
            {
              externalId: first.tracking_number || `${first.carrier || 'package'} ${first.shipped_at}`.trim(),
              tracking: { carrier: first.carrier, number: first.tracking_number, url: '' },
              shippedAt: first.shipped_at === '' ? null : new Date(first.shipped_at).toISOString(),
              lines: [...unitsBySku([first, ...rest])].map(([externalSku, quantity]) => ({ externalSku, quantity })),
            },
          ]
        : [],
  );

/** By [something was shipped, more is to come]. */
const STATES = {
  'false true': 'accepted',
  'true true': 'partly_shipped',
  'true false': 'shipped',
  'false false': 'rejected',
} as const;

const KNOWN = new Set(['accepted', 'rejected', 'shipped']);

/**
 * What the supplier's answer means for the order we wrote. Either may be missing, not both: no answer yet, or a supplier who
 * takes the order file away; then what it accepted and rejected stands for what we ordered. A word we do not know is `unknown`.
 */
export const toReport = (
  reference: string,
  order: readonly OrderRow[] | null,
  answer: readonly AnswerRow[] | null,
): PurchaseReport => {
  const rows = (answer ?? []).map((row) => ({ ...row, status: row.status.toLowerCase() }));
  const having = (...words: string[]) => rows.filter((row) => words.includes(row.status));
  const ordered = unitsBySku(order ?? having('accepted', 'rejected'));
  const settled = unitsBySku(having('shipped', 'rejected'));
  const more = ordered.size === 0 || [...ordered].some(([sku, units]) => (settled.get(sku) ?? 0) < units);
  const anything = having('shipped').length > 0;
  const strange = rows.some((row) => !KNOWN.has(row.status));
  const state = STATES[`${anything} ${more}` as const];
  const currency = order?.[0]?.currency ?? null;
  // Of what was partly rejected we do not know what will be charged.
  const certain = order && currency !== null && having('rejected').length === 0;
  return {
    externalId: reference,
    reference,
    state: answer === null ? 'created' : strange ? 'unknown' : state,
    rawStatus: answer === null ? 'written' : [...new Set(rows.map((row) => row.status))].join(', '),
    costMinor: certain ? order.reduce((sum, row) => sum + extend(row.unit_cost, row.quantity, currency), 0) : null,
    currency,
    packages: toPackages(having('shipped')),
    reason: [...new Set(rows.map((row) => row.reason).filter((reason) => reason !== ''))].join('; '),
  };
};
