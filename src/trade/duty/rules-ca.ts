import type { RuleTable } from '../rule.ts';
import { lookedUp, row } from './dated-row.ts';

/** Values, in CAD, up to which nothing is due. */
export interface CaReliefs {
  duty: string;
  tax: string;
}

const notice = lookedUp('CBSA, Customs Notice 20-18', 'https://cbsa-asfc.gc.ca/publications/cn-ad/cn20-18-eng.html');

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

/** For a consignment that does not name its province. */
export const caSalesTax: RuleTable<string> = {
  id: 'ca.sales-tax',
  name: 'GST or HST rate of the province of destination',
  rows: [],
};

const secondary = {
  source: lookedUp(
    'Ace Volve, GST and HST by province as of May 2025; Avalara, Canadian rates (secondary sources)',
    'https://ace-volve.com/nova-scotia-to-cut-hst-rate-in-2025',
  ),
  status: 'unverified',
  note: 'read in secondary sources only',
} as const;

/** On goods for a business the border collects only the GST, in every province. */
export const caCommercialGst: RuleTable<string> = {
  id: 'ca.gst-commercial',
  name: 'Canadian GST on goods for a business',
  rows: [
    row('2020-07-01', null, '0.05', {
      ...secondary,
      source: lookedUp(
        'A & A Customs Brokers, GST paid to the CBSA by province of destination (secondary source)',
        'https://www.aacb.com/knowledgebase/',
      ),
    }),
  ],
};

const consumerTax = (province: string, rows: RuleTable<string>['rows']): [string, RuleTable<string>] => [
  province,
  { id: `ca.sales-tax-${province.toLowerCase()}`, name: `GST or HST rate of ${province} for consumers`, rows },
];
const since2020 = (rate: string) => [row('2020-07-01', null, rate, secondary)];
const notice342 = {
  source: lookedUp(
    'Canada Revenue Agency, GST/HST Notice 342, Nova Scotia HST Rate Decrease, March 2025',
    'https://taxinterpretations.com/cra/website/agency/services/forms-publications/publications/notice342/nova-scotia-hst-rate-decrease-questions-answers-general-transitional-rules-personal-property-services',
  ),
  status: 'verified',
} as const;

/** By ISO 3166-2; empty if the province has a tax of its own besides the GST, which is not on file. */
export const caConsumerTax: ReadonlyMap<string, RuleTable<string>> = new Map([
  ...['AB', 'NT', 'NU', 'YT'].map((territory) => consumerTax(territory, since2020('0.05'))),
  ...['NB', 'NL', 'PE'].map((province) => consumerTax(province, since2020('0.15'))),
  consumerTax('ON', since2020('0.13')),
  consumerTax('NS', [row('2020-07-01', '2025-03-31', '0.15', notice342), row('2025-04-01', null, '0.14', notice342)]),
  ...['BC', 'MB', 'QC', 'SK'].map((province) => consumerTax(province, [])),
]);
