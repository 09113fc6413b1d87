import type { RuleTable } from '../rule.ts';
import { row, source } from './dated-row.ts';

const voec = source(
  'Skatteetaten, VAT on e-commerce (VOEC)',
  'https://www.skatteetaten.no/en/business-and-organisation/vat-and-duties/vat/foreign/e-commerce-voec/',
);

/** The price of one item below which the scheme is open to it, in NOK, freight left out. */
export const noVoecLimit: RuleTable<string> = {
  id: 'no.voec-limit',
  name: 'Norwegian VOEC limit for each item',
  rows: [row('2024-01-01', null, '3000', { source: voec, status: 'verified' })],
};

export const noVat: RuleTable<string> = {
  id: 'no.vat',
  name: 'Norwegian standard VAT rate',
  rows: [row('2024-01-01', null, '0.25', { source: voec, status: 'verified' })],
};

/** HS chapters and headings that the scheme leaves out as food; other exclusions are told by the line. */
export const NO_FOOD_CHAPTERS = { first: 2, last: 22 } as const;
