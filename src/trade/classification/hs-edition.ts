import { addDays, type PlainDate, plainDate } from '../plain-date.ts';
import { type AsOf, type Ruled, type RuleTable, ruleOn, type Source } from '../rule.ts';

export const HS_EDITION_IDS = ['HS2012', 'HS2017', 'HS2022', 'HS2028'] as const;
export type HsEditionId = (typeof HS_EDITION_IDS)[number];

/**
 * One edition of the Harmonized System, which the caller makes from the official list. Codes are text: a number would
 * lose the leading zero of chapters 01 to 09.
 */
export interface HsEdition {
  id: HsEditionId;
  from: PlainDate;
  /** The last day; null if no successor has a date. */
  to: PlainDate | null;
  /** Subheadings: six digits → description. A list's description is not the legal text. */
  codes: ReadonlyMap<string, string>;
}

const day = plainDate;
const WCO: Source = {
  title: 'World Customs Organization, HS editions (a new one every five years; HS 2028 in force 2028-01-01)',
  url: 'https://www.wcoomd.org/en/topics/nomenclature/instrument-and-tools.aspx',
  read: day('2026-11-24'),
};

const BEGINNINGS: readonly { id: HsEditionId; from: string }[] = [
  { id: 'HS2012', from: '2012-01-01' },
  { id: 'HS2017', from: '2017-01-01' },
  { id: 'HS2022', from: '2022-01-01' },
  { id: 'HS2028', from: '2028-01-01' },
];

export const HS_EDITIONS: RuleTable<HsEditionId> = {
  id: 'hs.edition',
  name: 'The edition of the Harmonized System in force',
  rows: BEGINNINGS.map(({ id, from }, index) => {
    const next = BEGINNINGS[index + 1];
    return {
      from: day(from),
      to: next ? addDays(day(next.from), -1) : null,
      value: id,
      source: WCO,
      status: 'general_knowledge',
      reviewBy: day('2027-12-31'),
      note: 'the day on which the contracting parties are to apply it; a country may be late',
    };
  }),
};

/** The edition in force on `asOf.on`; `no_row` before 2012. */
export const editionOn = (asOf: AsOf): Ruled<HsEditionId> => ruleOn(HS_EDITIONS, asOf);
