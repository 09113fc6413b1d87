import type { EuMember } from '#domain/eu-members.ts';
import { plainDate } from '../plain-date.ts';
import { type AsOf, type Notice, noRow, type RuleTable, ruleOn } from '../rule.ts';

/** The languages of a member state. `every`: all are needed to reach its consumers; otherwise one is enough. */
export interface StateLanguages {
  languages: readonly string[];
  every: boolean;
}

const one = (language: string): StateLanguages => ({ languages: [language], every: true });

/** ISO 3166-1 alpha-2 → ISO 639-1. Greece is GR here. */
const LANGUAGES: Readonly<Record<EuMember | 'XI', StateLanguages>> = {
  AT: one('de'),
  BG: one('bg'),
  CY: one('el'),
  CZ: one('cs'),
  DE: one('de'),
  DK: one('da'),
  EE: one('et'),
  ES: one('es'),
  FR: one('fr'),
  GR: one('el'),
  HR: one('hr'),
  HU: one('hu'),
  IT: one('it'),
  LT: one('lt'),
  LV: one('lv'),
  NL: one('nl'),
  PL: one('pl'),
  PT: one('pt'),
  RO: one('ro'),
  SE: one('sv'),
  SI: one('sl'),
  SK: one('sk'),
  BE: { languages: ['nl', 'fr', 'de'], every: true },
  FI: { languages: ['fi', 'sv'], every: true },
  IE: { languages: ['en', 'ga'], every: false },
  LU: { languages: ['fr', 'de', 'lb'], every: false },
  MT: { languages: ['mt', 'en'], every: false },
  // Northern Ireland: the Regulation applies there, and its language is English.
  XI: one('en'),
};

export const MEMBER_LANGUAGES: RuleTable<Readonly<Record<string, StateLanguages>>> = {
  id: 'eu.languages',
  name: 'Languages of warnings and safety information by member state',
  rows: [
    {
      from: null,
      to: null,
      value: LANGUAGES,
      status: 'general_knowledge',
      reviewBy: plainDate('2027-06-30'),
      source: {
        title: 'Official languages of the member states (Obelis, EU language requirements)',
        url: 'http://obelismedical.net/eu-language-requirements/',
        read: plainDate('2026-11-25'),
      },
      note: 'the official languages; which of them suffice, each member state determines (Art. 9(7) GPSR)',
    },
  ],
};

/** The languages missing from `given` for consumers of `country`; one of them is enough if `every` is false. */
export const languagesLacking = (
  country: string,
  given: readonly string[],
  asOf: AsOf,
): { lacking: readonly string[]; every: boolean; notices: readonly Notice[] } => {
  const { value, notices } = ruleOn(MEMBER_LANGUAGES, asOf, 'country');
  const state = Object.hasOwn(value, country) ? value[country] : undefined;
  if (!state) throw noRow(`the languages of ${country.slice(0, 20)}`, 'country');
  // de-AT is German.
  const have = new Set(given.map((language) => language.toLowerCase().split('-', 1)[0]));
  const lacking = state.languages.filter((language) => !have.has(language));
  const served = state.every ? lacking.length === 0 : lacking.length < state.languages.length;
  return { lacking: served ? [] : lacking, every: state.every, notices };
};
