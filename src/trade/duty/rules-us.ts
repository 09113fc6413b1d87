import type { RuleTable } from '../rule.ts';
import { row, source } from './dated-row.ts';

const csms = source('CBP, CSMS 67845486, and Executive Order 14324', 'https://www.cbp.gov');

/** USD up to which a consignment enters free of duty whoever sends it. */
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

/** Surcharge on the value, on top of the layers of the tariff. */
export const usSection122: RuleTable<string> = {
  id: 'us.section-122',
  name: 'US Section 122 surcharge (HTSUS 9903.03.01)',
  rows: [
    row(null, '2026-02-23', '0', { source: source('Proclamation of 2026-02-20'), status: 'computed' }),
    row('2026-02-24', '2026-07-24', '0.10', {
      source: source('Proclamation of 2026-02-20, HTSUS 9903.03.01, as CBP carried it out'),
      status: 'verified',
      reviewBy: '2026-07-24',
    }),
  ],
};

export interface PostalBand {
  /** Percent; the band reaches up to this rate, null without end. */
  upTo: string | null;
  /** Whether the rate `upTo` itself belongs to the band. */
  included: boolean;
  /** For each parcel, in USD. */
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
        source: source('19 CFR 24.23; CBP Dec. 25-10, 90 FR 34665', 'https://www.federalregister.gov'),
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
  rows: [row('2013-01-07', null, '2500', { source: source('19 CFR 143.21'), status: 'verified' })],
};

export const usInformalMpf: RuleTable<string> = {
  id: 'us.mpf-informal',
  name: 'US merchandise processing fee of an informal entry',
  rows: [],
};

export const usHmf: RuleTable<string> = {
  id: 'us.hmf',
  name: 'US harbor maintenance fee',
  rows: [row('2025-08-29', null, '0.00125', { source: source('19 CFR 24.24'), status: 'verified' })],
};
