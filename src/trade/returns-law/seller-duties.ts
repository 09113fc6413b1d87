import { row, source } from '../currency/dated-row.ts';
import type { RuleTable } from '../rule.ts';

const CRA = source('Consumer Rights Act 2015, ss. 20–24', 'https://www.legislation.gov.uk/ukpga/2015/15/section/22');
const FTC = source(
  '16 CFR Part 435 (Mail, Internet, or Telephone Order Merchandise)',
  'https://www.ftc.gov/node/60403',
);

/**
 * UK: days to reject non-conforming goods, beginning on the day after delivery, and the minimum left after a repair.
 */
export const SHORT_TERM_REJECT: RuleTable<{ days: number; least: number }> = {
  id: 'returns.uk.short-term-reject',
  name: 'UK short-term right to reject',
  rows: [row('2015-10-01', null, { days: 30, least: 7 }, { source: CRA, status: 'verified' })],
};

/** US: days to ship if no time was promised, and working days to refund what was not shipped. */
export const FTC_SHIPPING: RuleTable<{ shipDays: number; refundWorkingDays: number }> = {
  id: 'returns.us.ftc-shipping',
  name: 'US 30-day shipping rule',
  rows: [row('2014-12-08', null, { shipDays: 30, refundWorkingDays: 7 }, { source: FTC, status: 'verified' })],
};

/** EU: the withdrawal function on the online interface itself, art. 11a. */
export const WITHDRAWAL_FUNCTION: RuleTable<{ required: boolean; steps: readonly string[] }> = {
  id: 'returns.eu.withdrawal-function',
  name: 'EU withdrawal function on the online interface',
  rows: [
    row(
      null,
      '2026-06-18',
      { required: false, steps: [] },
      {
        source: source('Directive (EU) 2023/2673, applied from 2026-06-19'),
        status: 'verified',
      },
    ),
    row(
      '2026-06-19',
      null,
      {
        required: true,
        steps: [
          'a function labelled “withdraw from contract here”, without a login, throughout the period',
          'a statement of name, contract and electronic contact',
          'a function labelled “confirm withdrawal”',
          'acknowledgement on a durable medium with content, date and time',
        ],
      },
      {
        source: source(
          'Directive 2011/83/EU art. 11a, inserted by Directive (EU) 2023/2673',
          'https://www.mondaq.com/uk/dodd-frank-consumer-protection-act/1799028/',
        ),
        status: 'verified',
      },
    ),
  ],
};

/** EU: how long goods must conform, and what else after-sales service has had to follow since when. */
export const EU_AFTER_SALES: RuleTable<{ conformityYears: number; since: readonly string[] }> = {
  id: 'returns.eu.after-sales',
  name: 'EU conformity of goods',
  rows: [
    row(
      '2022-01-01',
      '2026-07-30',
      { conformityYears: 2, since: [] },
      {
        source: source('Directive (EU) 2019/771'),
        status: 'verified',
      },
    ),
    row(
      '2026-07-31',
      '2026-09-26',
      { conformityYears: 2, since: ['right to repair (Directive (EU) 2024/1799)'] },
      {
        source: source('Directives (EU) 2019/771 and 2024/1799'),
        status: 'verified',
      },
    ),
    row(
      '2026-09-27',
      null,
      {
        conformityYears: 2,
        since: ['right to repair (Directive (EU) 2024/1799)', 'information on durability (Directive (EU) 2024/825)'],
      },
      { source: source('Directives (EU) 2019/771, 2024/1799 and 2024/825'), status: 'verified' },
    ),
  ],
};
