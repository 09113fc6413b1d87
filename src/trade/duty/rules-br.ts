import type { RuleTable } from '../rule.ts';
import { row, source } from './dated-row.ts';

export interface BrBand {
  /** Upper limit of the band: customs value in USD, inclusive. */
  upTo: string;
  rate: string;
  /** In USD, deducted from the duty. */
  deduction: string;
}

const law = source('Lei 14.902/2024; Portaria MF 1.086/2024', 'https://www.planalto.gov.br');
const changed = 'changes of 2026 were not read';

const bands = (id: string, name: string, value: readonly BrBand[]): RuleTable<readonly BrBand[]> => ({
  id,
  name,
  rows: [
    row('2024-08-01', '2025-12-31', value, { source: law, status: 'verified' }),
    row('2026-01-01', null, value, { source: law, status: 'unverified', reviewBy: '2026-12-31', note: changed }),
  ],
});

export const brMember = bands('br.remessa-conforme', 'Brazilian import duty under Remessa Conforme', [
  { upTo: '50', rate: '0.20', deduction: '0' },
  { upTo: '3000', rate: '0.60', deduction: '20' },
]);

export const brOutside = bands('br.simplified', 'Brazilian import duty on consignments outside Remessa Conforme', [
  { upTo: '3000', rate: '0.60', deduction: '0' },
]);

/** 17 %, and 20 % in several states since April 2025; which states is not on file. */
export const brIcms: RuleTable<string> = {
  id: 'br.icms',
  name: 'ICMS rate of the Brazilian state of destination on postal and courier imports',
  rows: [],
};
