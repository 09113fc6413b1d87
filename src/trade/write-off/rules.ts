import { row, source } from '../currency/dated-row.ts';
import type { RuleTable } from '../rule.ts';

const OWN = source('Crossdock’s own rule of matching');

/**
 * The largest difference between FOB and receipts: the larger of a share of FOB and an amount in the declaration's
 * currency.
 */
export const TOLERANCE: RuleTable<{ share: string; floor: string }> = {
  id: 'write-off.tolerance',
  name: 'Tolerance between FOB and foreign exchange received',
  rows: [row(null, null, { share: '0.005', floor: '50' }, { source: OWN, status: 'computed' })],
};

/** If the export date of the declaration and the on-board date are more days apart than this, a person should look. */
export const ON_BOARD_DAYS: RuleTable<number> = {
  id: 'write-off.on-board-days',
  name: 'Days between export date and on-board date',
  rows: [row(null, null, 30, { source: OWN, status: 'computed' })],
};
