import type { ClassifiedRow } from './classify.ts';

/** The order of a sale line, with what a refund needs. */
export interface Placed {
  reference: string;
  atMs: number;
  storefront: number;
  /** What was paid for the order and not refunded yet. No storefront refunds more. */
  leftMinor: number;
}

export interface Match {
  placed: Placed;
  lineKey: string;
}

export interface Matcher {
  /** Remembers a sale line. A guest's line is not kept, because no cancellation can match it. */
  sold(row: ClassifiedRow, placed: Placed): void;
  /** Matches a cancellation to its sale line; null if it belongs to none. */
  cancelled(row: ClassifiedRow): Match | null;
}

interface OpenLine {
  row: number;
  left: number;
  price: string;
  placed: Placed;
}

export const lineKey = (invoice: string, row: number): string => `${invoice}#${row}`;

/** Normalises a number: 2.1, 2.10 and 02.100 are the same price. */
const plain = (price: string): string => {
  const [whole = '', fraction = ''] = price.split('.');
  return `${whole.replace(/^0+(?=\d)/, '')}.${fraction.replace(/0+$/, '')}`;
};

/**
 * Matches cancellations to sale lines. A cancellation belongs to the latest earlier sale line with the same non-empty
 * customer and the exact same code that has enough units left and whose order has enough money left. A line with the
 * equal price comes before any other. A cancellation is never split, and a line never gives back more than was sold.
 * “Earlier” and “latest” follow the order of the calls, which is that of the file. A line is kept until nothing of it
 * is left.
 */
export const makeMatcher = (): Matcher => {
  const open = new Map<string, OpenLine[]>();
  const keyOf = (row: ClassifiedRow) => `${row.customer}\n${row.code}`;
  return {
    sold(row, placed) {
      placed.leftMinor += row.minor;
      if (row.customer === '') return;
      const line = { row: row.row, left: row.quantity, price: plain(row.unitPrice), placed };
      const lines = open.get(keyOf(row));
      if (lines) lines.push(line);
      else open.set(keyOf(row), [line]);
    },
    cancelled(row) {
      if (row.customer === '') return null;
      const lines = open.get(keyOf(row));
      if (!lines) return null;
      const units = -row.quantity;
      const price = plain(row.unitPrice);
      const fits = ({ left, placed }: OpenLine) => left >= units && placed.leftMinor >= -row.minor;
      const line = lines.findLast((candidate) => fits(candidate) && candidate.price === price) ?? lines.findLast(fits);
      if (!line) return null;
      line.left -= units;
      line.placed.leftMinor += row.minor;
      if (line.left === 0) lines.splice(lines.indexOf(line), 1);
      if (lines.length === 0) open.delete(keyOf(row));
      return { placed: line.placed, lineKey: lineKey(line.placed.reference, line.row) };
    },
  };
};
