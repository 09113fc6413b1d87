import { plainDate } from '../plain-date.ts';
import type { RuleStatus, Source } from '../rule.ts';
import type { HsEditionId } from './hs-edition.ts';

/**
 * A subheading that ended with an edition, and where its goods may be classified now. A suggestion for a classifier,
 * not a decision.
 */
export interface EditionChange {
  from: HsEditionId;
  to: HsEditionId;
  code: string;
  successors: readonly string[];
  goods: string;
  status: RuleStatus;
  source: Source;
}

const WCO_2022: Source = {
  title: 'WCO, correlation tables HS 2017 to HS 2022: their introduction was read, not the tables (of no legal status)',
  url: 'https://www.wcoomd.org/en/topics/nomenclature/instrument-and-tools/hs-nomenclature-2022-edition/correlation-tables-hs-2017-2022.aspx',
  read: plainDate('2026-11-25'),
};
const BPE: Source = {
  title: 'BPE Global, 2022 Harmonized Tariff Schedule: major revisions (August 2021)',
  url: 'https://bpeglobal.com/hottopics/hot-hopic-2022-Harmonized-Tariff-Schedule-Amendments-and-Major-Revisions-August-2021.php',
  read: plainDate('2026-11-25'),
};

/** Only goods that are common in online trade. For any other code the answer has no successor, never a guess. */
export const EDITION_CHANGES: readonly EditionChange[] = [
  {
    from: 'HS2017',
    to: 'HS2022',
    code: '300230',
    successors: ['300242'],
    goods: 'veterinary vaccines',
    status: 'computed',
    source: WCO_2022,
  },
  {
    from: 'HS2017',
    to: 'HS2022',
    code: '300220',
    successors: ['300241'],
    goods: 'vaccines for human medicine',
    status: 'general_knowledge',
    source: WCO_2022,
  },
  {
    from: 'HS2017',
    to: 'HS2022',
    code: '851712',
    successors: ['851713', '851714'],
    goods: 'smartphones and others',
    status: 'verified',
    source: BPE,
  },
  {
    from: 'HS2017',
    to: 'HS2022',
    code: '851770',
    successors: ['851771', '851779'],
    goods: 'parts of telephones',
    status: 'general_knowledge',
    source: WCO_2022,
  },
  {
    from: 'HS2017',
    to: 'HS2022',
    code: '852580',
    goods: 'cameras',
    successors: ['852581', '852582', '852583', '852589'],
    status: 'general_knowledge',
    source: WCO_2022,
  },
  {
    from: 'HS2017',
    to: 'HS2022',
    code: '854140',
    goods: 'light-emitting diodes and photovoltaic cells',
    successors: ['854141', '854142', '854143', '854149'],
    status: 'general_knowledge',
    source: WCO_2022,
  },
  {
    from: 'HS2017',
    to: 'HS2022',
    code: '853950',
    successors: ['853951', '853952'],
    goods: 'LED light sources',
    status: 'general_knowledge',
    source: WCO_2022,
  },
];
