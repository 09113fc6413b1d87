import type { RuleTable } from '../rule.ts';
import { lookedUp, row, source } from './dated-row.ts';

const csms = source('CBP, CSMS 67845486, and Executive Order 14324', 'https://www.cbp.gov');

/**
 * USD up to which a consignment enters free of duty, whoever sends it. The earlier limits (USD 800) are not on file.
 */
export const usDeMinimis: RuleTable<string> = {
  id: 'us.de-minimis',
  name: 'US de minimis entry',
  rows: [row('2025-08-29', null, '0', { source: csms, status: 'verified', reviewBy: '2026-12-31' })],
};

export const usGift: RuleTable<string> = {
  id: 'us.gift',
  name: 'US exemption of gifts between private persons',
  rows: [row('2025-08-29', null, '100', { source: csms, status: 'verified' })],
};

const surcharge = lookedUp(
  'Proclamation of 2026-02-20, HTSUS 9903.03.01; CBP, CSMS 67844987 (12:01 a.m. EST on 2026-02-24 to 12:01 a.m. EDT on 2026-07-24), as told by J.M. Rodgers',
  'https://www.jmrodgers.com/cbp-issues-guidance-on-temporary-10-percent-section-122-import-surcharge',
);

/** Surcharge on the value, on top of the tariff layers. What followed it on 2026-07-24 is not on file. */
export const usSection122: RuleTable<string> = {
  id: 'us.section-122',
  name: 'US Section 122 surcharge (HTSUS 9903.03.01)',
  rows: [
    row(null, '2026-02-23', '0', { source: source('Proclamation of 2026-02-20'), status: 'computed' }),
    row('2026-02-24', '2026-07-23', '0.10', {
      source: surcharge,
      status: 'verified',
      reviewBy: '2026-07-24',
    }),
    row('2026-07-24', '2026-07-24', '0.10', {
      source: surcharge,
      status: 'unverified',
      reviewBy: '2026-07-24',
      note: 'the surcharge ends at 12:01 a.m. of this day: only an entry before it bears the 10 % shown here',
    }),
  ],
};

const learning = lookedUp(
  'Executive Order of 2026-02-20, Ending Certain Tariff Actions; CBP, CSMS 67834313, as told by the National Law Review',
  'https://natlawreview.com/article/post-scotus-tariff-reset-trump-replaces-ieepa-duties-temporary-section-122-10',
);

export const usIeepa: RuleTable<'collected' | 'ended'> = {
  id: 'us.ieepa',
  name: 'US duties under the IEEPA',
  rows: [
    row(null, '2026-02-23', 'collected', { source: learning, status: 'verified' }),
    row('2026-02-24', null, 'ended', { source: learning, status: 'verified' }),
  ],
};

export interface PostalBand {
  /** Percent, the upper limit of the band; null if it has none. */
  upTo: string | null;
  /** Whether the band includes the rate `upTo` itself. */
  included: boolean;
  /** Per parcel, in USD. */
  duty: string;
}

const POSTAL_BANDS: readonly PostalBand[] = [
  { upTo: '16', included: false, duty: '80' },
  { upTo: '25', included: true, duty: '160' },
  { upTo: null, included: true, duty: '200' },
];

export const usPostalSpecific: RuleTable<readonly PostalBand[]> = {
  id: 'us.postal-specific',
  name: 'US specific duty on postal items',
  rows: [
    row('2025-08-29', '2026-02-23', POSTAL_BANDS, {
      source: source('Executive Order 14324, section 3'),
      status: 'verified',
    }),
    row('2026-02-24', '2026-02-27', POSTAL_BANDS, {
      source: source('Executive Order 14324, section 3'),
      status: 'unverified',
      note: 'the IEEPA duty behind it ended on 2026-02-24 (Learning Resources), the postal method on 2026-02-27',
    }),
  ],
};

export interface ProcessingFee {
  rate: string;
  min: string;
  max: string;
}

/** By fiscal year, 1 October to 30 September. */
export const usMpf: RuleTable<ProcessingFee> = {
  id: 'us.mpf',
  name: 'US merchandise processing fee of a formal entry',
  rows: [
    row(
      '2025-10-01',
      '2026-09-30',
      { rate: '0.003464', min: '33.58', max: '651.50' },
      {
        source: lookedUp(
          '19 CFR 24.23; CBP Dec. 25-10, 90 FR 34665, as told by Buckland on 2025-07-28',
          'https://www.buckland.com/news/cbp-announces-adjusted-customs-user-fees-for-fy-2026',
        ),
        status: 'verified',
        reviewBy: '2026-09-30',
      },
    ),
  ],
};

/** The value up to which an entry is informal unless it is made formal. */
export const usInformalLimit: RuleTable<string> = {
  id: 'us.informal-limit',
  name: 'US limit of informal entry',
  rows: [row('2013-01-07', null, '2500', { source: lookedUp('19 CFR 143.21; 77 FR 72715'), status: 'verified' })],
};

/**
 * Three amounts per fiscal year, by who prepares the entry and whether it is electronic (in 2026 USD 2.69, 8.06 and
 * 12.09), and at an express hub a fee for each waybill (1.34) instead. A consignment does not show which of them is
 * due.
 */
export const usInformalMpf: RuleTable<string> = {
  id: 'us.mpf-informal',
  name: 'US merchandise processing fee of an informal entry, which depends on how the entry is filed,',
  rows: [],
};

export const usHmf: RuleTable<string> = {
  id: 'us.hmf',
  name: 'US harbor maintenance fee',
  rows: [row('2025-08-29', null, '0.00125', { source: source('19 CFR 24.24'), status: 'verified' })],
};
