import { extend } from '#domain/money.ts';
import { type HistoryRow, rowFailure } from './read-history.ts';

/** The history is of a British company: its prices are in pounds. */
export const CURRENCY = 'GBP';

const CHARGE_CODES: ReadonlySet<string> = new Set([
  'POST',
  'DOT',
  'C2',
  'M',
  'm',
  'D',
  'S',
  'B',
  'CRUK',
  'BANK CHARGES',
  'AMAZONFEE',
]);

export type Kind = 'charge' | 'cancellation' | 'stock' | 'sale';

export interface ClassifiedRow extends HistoryRow {
  kind: Kind;
  /** Quantity × unit price in minor units, rounded once, half away from zero; the sign is the file's. */
  minor: number;
}

const isZero = (price: string): boolean => /^-?0+(\.0+)?$/.test(price);

const kindOf = (row: HistoryRow): Kind => {
  if (CHARGE_CODES.has(row.code)) return 'charge';
  if (row.invoice.startsWith('C')) return 'cancellation';
  if (isZero(row.unitPrice) && row.customer === '') return 'stock';
  return 'sale';
};

/**
 * Gives a row exactly one kind and its amount: the first that fits of charge, cancellation, stock and sale. Throws,
 * naming the row, for a sale of less than one unit or with a price below zero, and for a cancellation that takes
 * nothing back.
 */
export const classify = (row: HistoryRow): ClassifiedRow => {
  const kind = kindOf(row);
  const refuse = (problem: string, advice: string, column: 'Quantity' | 'UnitPrice') =>
    rowFailure(row.row, problem, advice, column);
  if (kind === 'sale' && row.quantity < 1) {
    throw refuse(
      `a sale of ${row.quantity} units`,
      'give a cancellation an invoice number that begins with C, or a change of stock no customer and price 0',
      'Quantity',
    );
  }
  if (kind === 'sale' && row.unitPrice.startsWith('-') && !isZero(row.unitPrice)) {
    throw refuse(`a sale at ${row.unitPrice}`, 'give a discount the code D or M', 'UnitPrice');
  }
  if (kind === 'cancellation' && (row.quantity > -1 || row.unitPrice.startsWith('-'))) {
    throw refuse(
      `a cancellation of ${row.quantity} units at ${row.unitPrice}`,
      'give it a negative quantity and a price that is not negative',
      'Quantity',
    );
  }
  return { ...row, kind, minor: extend(row.unitPrice, row.quantity, CURRENCY) };
};
