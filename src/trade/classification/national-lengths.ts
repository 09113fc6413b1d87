import { isMember } from '#domain/eu-members.ts';
import { plainDate } from '../plain-date.ts';
import type { RuleTable } from '../rule.ts';

export interface NationalTariff {
  /** How many digits a national tariff code may have, besides the six of the Harmonized System. */
  lengths: readonly number[];
  name: string;
}

const TARIFFS = {
  AU: { lengths: [8, 10], name: 'Australian tariff of 8 digits, 10 with the statistical code' },
  BR: { lengths: [8], name: 'NCM of 8 digits' },
  CA: { lengths: [10], name: 'Canadian tariff of 10 digits' },
  CH: { lengths: [8], name: 'Swiss tariff of 8 digits' },
  CN: { lengths: [8, 10], name: 'Chinese tariff of 8 digits, 10 in a declaration' },
  EU: { lengths: [8, 10], name: 'Combined Nomenclature of 8 digits, TARIC of 10' },
  GB: { lengths: [10], name: 'UK tariff of 10 digits' },
  IN: { lengths: [8], name: 'ITC(HS) of 8 digits' },
  JP: { lengths: [9], name: 'Japanese statistical code of 9 digits' },
  KR: { lengths: [10], name: 'HSK of 10 digits' },
  MX: { lengths: [8, 10], name: 'TIGIE of 8 digits, 10 with the NICO' },
  US: { lengths: [10], name: 'HTS of 10 digits' },
} as const satisfies Record<string, NationalTariff>;

export const NATIONAL_LENGTHS: RuleTable<Readonly<Record<string, NationalTariff>>> = {
  id: 'hs.national-length',
  name: 'How many digits a national tariff has',
  rows: [
    {
      from: null,
      to: null,
      value: TARIFFS,
      status: 'general_knowledge',
      reviewBy: plainDate('2027-06-30'),
      source: { title: 'National tariffs as the trade uses them', read: plainDate('2026-11-24') },
    },
  ],
};

/** The customs territory whose tariff `country` uses: EU for its members and for Northern Ireland. */
export const tariffTerritory = (country: string): string =>
  country === 'EU' || country === 'XI' || isMember(country) ? 'EU' : country;
