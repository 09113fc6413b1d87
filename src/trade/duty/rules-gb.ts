import type { RuleTable } from '../rule.ts';
import { row, source } from './dated-row.ts';

const govUk = source(
  'HMRC, VAT on goods sold direct to customers in the UK',
  'https://www.gov.uk/guidance/vat-and-overseas-goods-sold-directly-to-customers-in-the-uk',
);

export const gbLowValue: RuleTable<string> = {
  id: 'gb.low-value',
  name: 'GB intrinsic value up to which VAT is due on the sale and no duty at the border',
  rows: [
    row('2021-01-01', '2029-02-28', '135', {
      source: govUk,
      status: 'verified',
      reviewBy: '2027-12-31',
      note: 'the relief is to be abolished by March 2029',
    }),
  ],
};

export const gbGift: RuleTable<string> = {
  id: 'gb.gift-relief',
  name: 'GB relief for gifts between private persons',
  rows: [row('2021-01-01', null, '39', { source: govUk, status: 'general_knowledge' })],
};

export const gbDutyWaiver: RuleTable<string> = {
  id: 'gb.duty-waiver',
  name: 'GB waiver of small amounts of duty',
  rows: [
    row('2021-01-01', null, '9', {
      source: source('HMRC, Notice 143 (an old edition)'),
      status: 'unverified',
      note: 'duty under GBP 9 may be waived; it is included here',
    }),
  ],
};

export const gbVat: RuleTable<string> = {
  id: 'gb.vat',
  name: 'Standard VAT rate of the United Kingdom',
  rows: [
    row('2011-01-04', null, '0.20', { source: source('Value Added Tax Act 1994, section 2'), status: 'verified' }),
  ],
};
