import { row, source } from '../currency/dated-row.ts';
import type { RuleTable } from '../rule.ts';

/** Duty and tax paid on goods that come back. */
export const TAX_RECOVERY = {
  'eu-ioss': {
    id: 'returns.recovery.eu-ioss',
    name: 'VAT of an IOSS sale that came back',
    rows: [
      row('2021-07-01', null, 'the seller refunds the VAT and corrects it in its next IOSS return', {
        source: source('Agencia Tributaria, manual of low-value imports', 'https://sede.agenciatributaria.gob.es'),
        status: 'verified',
      }),
    ],
  },
  'eu-import-vat': {
    id: 'returns.recovery.eu-import-vat',
    name: 'EU import VAT and duty of a consignment that came back (no IOSS)',
    rows: [
      row('2021-07-01', null, 'ask customs to invalidate the import declaration, in the time it allows', {
        source: source('Agencia Tributaria, manual of low-value imports', 'https://sede.agenciatributaria.gob.es'),
        status: 'verified',
      }),
    ],
  },
  'eu-low-value-duty': {
    id: 'returns.recovery.eu-low-value-duty',
    name: 'Recovery of the EUR 3 duty on a return',
    rows: [
      row('2026-07-01', null, 'not settled; ask customs before promising it to a buyer', {
        source: source('Council Regulation (EU) 2026/382'),
        status: 'unverified',
        note: 'no text on returns was found',
      }),
    ],
  },
  'us-drawback': {
    id: 'returns.recovery.us-drawback',
    name: 'US duty of goods that leave again',
    rows: [
      row(null, null, 'claim drawback (19 USC 1313), 99 % of the duty, within five years of import', {
        source: source('19 USC 1313'),
        status: 'general_knowledge',
      }),
    ],
  },
} as const satisfies Readonly<Record<string, RuleTable<string>>>;
export type RecoveryScheme = keyof typeof TAX_RECOVERY;
