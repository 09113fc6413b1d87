import type { ClassifiedRow } from './classify.ts';

/** The order that a sale line is part of, as far as a refund needs it. */
export interface Placed {
  reference: string;
  atMs: number;
  storefront: number;
  /** What was paid for it and not refunded yet; no storefront gives back more. */
  leftMinor: number;
}

export interface Match {
  placed: Placed;
  lineKey: string;
}

export interface Matcher {
  /** Remembers a sale line. A guest's is not kept: nothing can ever be matched with it. */
  sold(row: ClassifiedRow, placed: Placed): void;
  /** Takes a cancellation off the line it belongs to, or null when it belongs to none. */
  cancelled(row: ClassifiedRow): Match | null;
}

interface OpenLine {
  row: number;
  left: number;
  price: string;
  placed: Placed;
}

export const lineKey = (invoice: string, row: number): string => `${invoice}#${row}`;

/** One text for one number: 2.1, 2.10 and 02.100 are the same price. */
const plain = (price: string): string => {
  const [whole = '', fraction = ''] = price.split('.');
  return `${whole.replace(/^0+(?=\d)/, '')}.${fraction.replace(/0+$/, '')}`;
};

/**
 * Never gives back more of a line than was sold and never splits: a cancellation belongs to the latest earlier sale line
 * of the same, non-empty customer and exact code with enough left, of its units and of what was paid for its order, one at the
 * equal price before any other. “Earlier” and “latest” are the order of the calls, which is that of the file. It remembers each
 * line until nothing of it is left.
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
