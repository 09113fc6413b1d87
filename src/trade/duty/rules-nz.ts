import type { RuleTable } from '../rule.ts';
import { lookedUp, row } from './dated-row.ts';

const faq = lookedUp(
  'New Zealand Customs Service, Duty and GST FAQs',
  'https://www.customs.govt.nz/personal/duty-and-gst/faqs/',
);

/** The limit for a consignment, and for an item whose supplier charges the GST. */
export const nzLowValue: RuleTable<string> = {
  id: 'nz.low-value',
  name: 'New Zealand value up to which Customs collects neither duty nor GST',
  rows: [
    row('2019-12-01', null, '1000', {
      source: lookedUp(
        'New Zealand Customs Service, New GST rules for low-value imported goods, 2019-07-12; Inland Revenue, What low value imported goods are',
        'https://www.customs.govt.nz/about-us/news/important-notices/new-gst-rules-for-low-value-imported-goods/',
      ),
      status: 'verified',
    }),
  ],
};

export const nzGst: RuleTable<string> = {
  id: 'nz.gst',
  name: 'New Zealand GST rate',
  rows: [row('2019-12-01', null, '0.15', { source: faq, status: 'verified' })],
};

/** In NZD including GST, for a consignment above the limit; goods management levies replace them from 2026-04-01. */
export const nzEntryFees: RuleTable<string> = {
  id: 'nz.entry-fees',
  name: 'New Zealand import entry transaction fee (from 2026-04-01 goods management levy) and biosecurity levy',
  rows: [
    row('2025-07-01', '2026-03-31', '106.80', {
      source: lookedUp(
        'New Zealand Customs Service, Goods Clearance Fees Review: 46.47 and 46.40 before GST',
        'https://customs.govt.nz/about-us/about-customs/goods-clearance-fees/goods-clearance-fees-review',
      ),
      status: 'verified',
    }),
  ],
};

/** In NZD for a consignment up to the limit, before GST; null if the carrier is charged instead of each consignment. */
export interface NzLowValueLevy {
  ocean: string;
  post: null;
  other: string;
}

export const nzLowValueLevy: RuleTable<NzLowValueLevy> = {
  id: 'nz.low-value-levy',
  name: 'New Zealand goods management levy on low-value consignments, with the biosecurity part',
  rows: [
    row('2019-12-01', '2026-03-31', { ocean: '0', post: null, other: '0' }, { source: faq, status: 'verified' }),
    row(
      '2026-04-01',
      null,
      { ocean: '2.09', post: null, other: '2.21' },
      {
        source: lookedUp(
          'Customs and Excise (Goods Management Levies) Order 2025; amounts by ShipEngine and Gondola (secondary sources)',
          'https://www.customs.govt.nz/about-us/news/important-notices/new-customs-goods-management-levies',
        ),
        status: 'unverified',
        note: 'that the levy began was read at Customs, its amounts in secondary sources; post is charged by weight to its carrier',
      },
    ),
  ],
};
