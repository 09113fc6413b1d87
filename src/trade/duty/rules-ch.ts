import type { RuleTable } from '../rule.ts';
import { lookedUp, row, source } from './dated-row.ts';
import type { RoundedTo } from './levy.ts';

const bazg = source('BAZG, Importing goods by post and courier', 'https://www.bazg.admin.ch');

export interface ChIndustrialDuty {
  rate: string;
  /** The first of the industrial chapters; the last is 97. */
  firstChapter: number;
  /** Chapters in which some goods count as agricultural and remain dutiable: the caller gives their rates. */
  mixedChapters: readonly number[];
}

export const chIndustrialDuty: RuleTable<ChIndustrialDuty> = {
  id: 'ch.industrial-duty',
  name: 'Swiss duty on industrial goods (chapters 25 to 97)',
  rows: [
    row(
      '2024-01-01',
      null,
      { rate: '0', firstChapter: 25, mixedChapters: [35, 38] },
      {
        source: lookedUp(
          'economiesuisse, Aufhebung der Industriezölle: chapters 25 to 97 but for some goods that count as agricultural',
          'https://economiesuisse.ch/de/node/47866',
        ),
        status: 'general_knowledge',
        note: 'that the agricultural goods are all in chapters 35 and 38 was not read',
      },
    ),
  ],
};

export const chVat: RuleTable<string> = {
  id: 'ch.vat',
  name: 'Swiss standard VAT rate',
  rows: [row('2024-01-01', null, '0.081', { source: bazg, status: 'verified' })],
};

/** Tax up to this amount is not levied. */
export const chNotLevied: RuleTable<string> = {
  id: 'ch.not-levied',
  name: 'Swiss tax that is too small to be levied',
  rows: [row('2024-01-01', null, '5', { source: bazg, status: 'verified' })],
};

export const chRounding: RuleTable<RoundedTo> = {
  id: 'ch.rounding',
  name: 'Swiss rounding of the import tax',
  rows: [
    row(
      '2024-01-01',
      null,
      { unit: '0.05', mode: 'half-up' },
      {
        source: source('Own reading of the BAZG limits: CHF 5 of tax at a base of CHF 62'),
        status: 'unverified',
        note: 'rounding to five centimes before the limit of CHF 5 is tested',
      },
    ),
  ],
};

export const chDeemedSupplier: RuleTable<string> = {
  id: 'ch.mail-order',
  name: 'Swiss mail-order rule and deemed suppliers',
  rows: [
    row('2025-01-01', null, '100000', {
      source: bazg,
      status: 'general_knowledge',
      note: 'from CHF 100,000 a year of small consignments the seller, or its platform, charges the tax with the sale',
    }),
  ],
};
