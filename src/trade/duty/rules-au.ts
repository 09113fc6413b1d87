import type { RuleTable } from '../rule.ts';
import { row, source } from './dated-row.ts';

const ato = source('ATO, LCR 2017/D2, GST on low value imported goods', 'https://www.ato.gov.au');

export const auLowValue: RuleTable<string> = {
  id: 'au.low-value',
  name: 'Australian customs value up to which goods are of low value',
  rows: [row('2018-07-01', null, '1000', { source: ato, status: 'verified' })],
};

export const auGst: RuleTable<string> = {
  id: 'au.gst',
  name: 'Australian GST rate',
  rows: [row('2018-07-01', null, '0.10', { source: ato, status: 'verified' })],
};

export const auSupplierThreshold: RuleTable<string> = {
  id: 'au.supplier-threshold',
  name: 'Australian turnover from which a supplier of low-value goods registers',
  rows: [row('2018-07-01', null, '75000', { source: ato, status: 'general_knowledge' })],
};
