import type { RuleTable } from '../rule.ts';
import { row, source } from './dated-row.ts';

const customs = source('Japan Customs, 1001 (customs answer), and 1006 on exemptions', 'https://www.customs.go.jp');

export interface JpExemption {
  /** Customs value up to which duty is exempt, in JPY. */
  limit: string;
  /** Whether consumption tax is exempt as well, whoever sells. */
  tax: boolean;
}

export const jpExemption: RuleTable<JpExemption> = {
  id: 'jp.exemption',
  name: 'Japanese exemption of small consignments',
  rows: [
    row('2020-01-01', '2028-03-31', { limit: '10000', tax: true }, { source: customs, status: 'verified' }),
    row(
      '2028-04-01',
      null,
      { limit: '10000', tax: false },
      {
        source: source('SK Advisory, Japanese consumption tax reform on low-value imports', 'https://skadvisory.jp'),
        status: 'verified',
        reviewBy: '2027-12-31',
        note: 'registered sellers charge the tax; platforms above JPY 5 bn are liable for theirs',
      },
    ),
  ],
};

/** HS beginnings that the exemption leaves out. */
export const jpNotExempt: RuleTable<readonly string[]> = {
  id: 'jp.not-exempt',
  name: 'Goods the Japanese exemption leaves out: leather bags, gloves, knitwear, shoes',
  rows: [
    row(
      '2020-01-01',
      null,
      ['420211', '420221', '420231', '420291', '4203', '61', '6401', '6402', '6403', '6404', '6405'],
      {
        source: customs,
        status: 'general_knowledge',
        note: 'the list of the law is finer than its HS headings',
      },
    ),
  ],
};

export const jpPersonalImport: RuleTable<string> = {
  id: 'jp.personal-import',
  name: 'Japanese customs value of a personal import, as a share of the retail price',
  rows: [row('2020-01-01', null, '0.6', { source: source('importsquare.com, personal import'), status: 'verified' })],
};

export const jpSimplifiedLimit: RuleTable<string> = {
  id: 'jp.simplified-tariff',
  name: 'Japanese simplified tariff',
  rows: [row('2020-01-01', null, '200000', { source: customs, status: 'verified' })],
};

export interface JpTruncation {
  value: string;
  duty: string;
  tax: string;
}

export const jpTruncation: RuleTable<JpTruncation> = {
  id: 'jp.truncation',
  name: 'Japanese truncation of bases and taxes',
  rows: [
    row(
      '2020-01-01',
      null,
      { value: '1000', duty: '100', tax: '100' },
      {
        source: source('National taxes general rules, article 118 and 119; customs act'),
        status: 'unverified',
        note: 'bases are cut to JPY 1,000, duty and taxes to JPY 100, from general knowledge',
      },
    ),
  ],
};

/** The national part, and the local part as a fraction of it. */
export interface JpConsumptionTax {
  national: string;
  localOf: readonly [numerator: string, denominator: string];
  whole: string;
}

export const jpConsumptionTax: RuleTable<JpConsumptionTax> = {
  id: 'jp.consumption-tax',
  name: 'Japanese consumption tax',
  rows: [
    row(
      '2019-10-01',
      null,
      { national: '0.078', localOf: ['22', '78'], whole: '0.10' },
      {
        source: customs,
        status: 'verified',
      },
    ),
  ],
};
