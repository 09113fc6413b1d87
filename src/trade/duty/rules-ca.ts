import type { RuleTable } from '../rule.ts';
import { row, source } from './dated-row.ts';

/** Values, in CAD, up to which nothing is due. */
export interface CaReliefs {
  duty: string;
  tax: string;
}

const notice = source('CBSA, Customs Notice 20-18', 'https://www.cbsa-asfc.gc.ca');

export const caCourierFromCusma: RuleTable<CaReliefs> = {
  id: 'ca.courier-cusma',
  name: 'Canadian relief for couriers directly from the US or Mexico',
  rows: [row('2020-07-01', null, { duty: '150', tax: '40' }, { source: notice, status: 'verified' })],
};

export const caRemission: RuleTable<CaReliefs> = {
  id: 'ca.remission',
  name: 'Canadian remission for couriers from elsewhere and for all post',
  rows: [row('2020-07-01', null, { duty: '20', tax: '20' }, { source: notice, status: 'verified' })],
};

export const caSalesTax: RuleTable<string> = {
  id: 'ca.sales-tax',
  name: 'GST or HST rate of the province of destination',
  rows: [],
};
