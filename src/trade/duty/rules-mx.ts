import { EU_MEMBERS } from '#domain/eu-members.ts';
import type { RuleTable } from '../rule.ts';
import { row, source } from './dated-row.ts';

export interface MxBand {
  /** Upper limit of the band: customs value in USD, inclusive. */
  upTo: string;
  rate: string;
}

const rgce = source('RGCE 2025, rule 3.7.35, as amended; Sonora Presente, July 2025', 'https://sonorapresente.com');
const unread = { source: rgce, status: 'unverified', reviewBy: '2026-12-31', note: 'RGCE 2026 were not read' } as const;
const LIMIT = '2500';

export const mxGlobalRate: RuleTable<readonly MxBand[]> = {
  id: 'mx.global-rate',
  name: 'Mexican global rate on courier consignments from countries without a treaty',
  rows: [
    row('2025-01-01', '2025-08-14', [{ upTo: LIMIT, rate: '0.19' }], { source: rgce, status: 'verified' }),
    row('2025-08-15', '2025-12-31', [{ upTo: LIMIT, rate: '0.335' }], { source: rgce, status: 'verified' }),
    row('2026-01-01', null, [{ upTo: LIMIT, rate: '0.335' }], unread),
  ],
};

const USMCA_BANDS: readonly MxBand[] = [
  { upTo: '50', rate: '0' },
  { upTo: '117', rate: '0.17' },
  { upTo: LIMIT, rate: '0.19' },
];

export const mxUsmca: RuleTable<readonly MxBand[]> = {
  id: 'mx.usmca',
  name: 'Mexican rates on courier consignments from the United States and Canada',
  rows: [
    row('2025-01-01', '2025-08-14', USMCA_BANDS, {
      source: rgce,
      status: 'unverified',
      note: 'read for the time from 2025-08-15',
    }),
    row('2025-08-15', '2025-12-31', USMCA_BANDS, { source: rgce, status: 'verified' }),
    row('2026-01-01', null, USMCA_BANDS, unread),
  ],
};

/** Countries of origin with a free-trade treaty with Mexico other than the USMCA. */
export const mxTreatyCountries: RuleTable<readonly string[]> = {
  id: 'mx.treaty-countries',
  name: 'Countries with a free-trade treaty with Mexico',
  rows: [
    row(
      '2025-01-01',
      null,
      [
        ...EU_MEMBERS,
        'EU',
        'CH',
        'NO',
        'IS',
        'LI',
        'GB',
        'JP',
        'AU',
        'NZ',
        'SG',
        'VN',
        'MY',
        'BN',
        'CL',
        'CO',
        'PE',
        'UY',
        'PA',
        'IL',
        'CR',
        'GT',
        'HN',
        'NI',
        'SV',
      ],
      {
        source: source('Mexican free-trade treaties in force'),
        status: 'general_knowledge',
        note: 'partial agreements, as with Brazil, Argentina or Bolivia, are not taken as free-trade treaties',
      },
    ),
  ],
};

/**
 * Sources conflict: one gives the global rate for countries without a treaty, others give it for all countries outside
 * the USMCA, with an exemption up to USD 1 under the treaties with Panama, the Pacific Alliance and the CPTPP.
 */
export const mxTreatyRate: RuleTable<readonly MxBand[]> = {
  id: 'mx.treaty-rate',
  name: 'Mexican rates on courier consignments from treaty countries other than the USMCA',
  rows: [],
};
