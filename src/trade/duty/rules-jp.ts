import type { RuleTable } from '../rule.ts';
import { lookedUp, row, source } from './dated-row.ts';

const customs = source('Japan Customs, 1001 (customs answer)', 'https://www.customs.go.jp');
const exemptions = lookedUp(
  'Japan Customs, 1006 (customs answer), duty exemption up to JPY 10,000',
  'https://www.customs.go.jp/english/c-answer_e/imtsukan/1006_e.htm',
);

export interface JpExemption {
  /** Customs value up to which duty is exempt, in JPY. */
  limit: string;
  /** Whether consumption tax is exempt too, whoever sells. */
  tax: boolean;
}

export const jpExemption: RuleTable<JpExemption> = {
  id: 'jp.exemption',
  name: 'Japanese exemption of small consignments',
  rows: [
    row('2020-01-01', '2028-03-31', { limit: '10000', tax: true }, { source: exemptions, status: 'verified' }),
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

/** HS prefixes that the exemption excludes. */
export const jpNotExempt: RuleTable<readonly string[]> = {
  id: 'jp.not-exempt',
  name: 'Goods the Japanese exemption leaves out, such as leather bags, gloves, knitwear, shoes, sugar',
  rows: [
    row(
      '2020-01-01',
      null,
      ['1701', '420211', '420221', '420231', '420291', '4203', '61', '6401', '6402', '6403', '6404', '6405'],
      {
        source: exemptions,
        status: 'general_knowledge',
        note: 'the list of the law (ordinance on the Customs Tariff Act, article 16-3) is finer than HS headings, and has foods that are not here',
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

/** National and local part together. The caller gives the reduced rate of 8 % for food. */
export const jpConsumptionTax: RuleTable<string> = {
  id: 'jp.consumption-tax',
  name: 'Japanese consumption tax',
  rows: [row('2019-10-01', null, '0.10', { source: customs, status: 'verified' })],
};

export interface JpTaxParts {
  /** Share of the whole rate. */
  national: string;
  /** Share of the national tax. */
  local: readonly [numerator: string, denominator: string];
}

/** The same for both rates: 7.8 and 2.2 of 10 %, 6.24 and 1.76 of 8 %. */
export const jpTaxParts: RuleTable<JpTaxParts> = {
  id: 'jp.tax-parts',
  name: 'National and local part of the Japanese consumption tax',
  rows: [row('2019-10-01', null, { national: '0.78', local: ['22', '78'] }, { source: customs, status: 'verified' })],
};
