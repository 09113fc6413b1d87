import { plainDate } from '../plain-date.ts';
import type { RuleTable, Source } from '../rule.ts';
import type { TableName } from './single-sampling-tables.ts';

export const STANDARDS = ['Z1.4', 'ISO2859-1'] as const;
export type Standard = (typeof STANDARDS)[number];

const READ = plainDate('2026-11-25');

/** The standard itself is not free; aqlinspectorsrule.com prints one reduced plan too (example 3). */
const GB_T_2828: Source = {
  title: 'GB/T 2828.1-2012 (identical with ISO 2859-1:1999), tables 1, 2-A, 2-B and 2-C, as transcribed from its pages',
  url: 'https://github.com/nihantao-crosis/quality-platform/tree/main/src/core/__tests__/fixtures',
  read: READ,
};

export interface Edition {
  /** The edition that the inspection report cites. */
  edition: string;
  tables: Readonly<Record<'normal' | 'tightened' | 'reduced', TableName>>;
}

/** The edition whose tables a standard refers to. A plan stores it, because a later edition may differ. */
export const EDITIONS: Readonly<Record<Standard, RuleTable<Edition>>> = {
  'Z1.4': {
    id: 'sampling.z1-4.edition',
    name: 'Tables of ANSI/ASQ Z1.4',
    rows: [
      {
        from: plainDate('1989-05-10'),
        to: null,
        status: 'verified',
        reviewBy: plainDate('2027-06-30'),
        value: {
          edition: 'ANSI/ASQ Z1.4 (tables of MIL-STD-105E, 10 May 1989)',
          tables: { normal: 'normal', tightened: 'tightened', reduced: 'reduced_gap' },
        },
        source: { title: 'MIL-STD-105E, tables I, II-A, II-B, II-C; R package AQLSchemes 1.7-2', read: READ },
      },
    ],
  },
  'ISO2859-1': {
    id: 'sampling.iso-2859-1.edition',
    name: 'Tables of ISO 2859-1',
    rows: [
      {
        from: plainDate('1999-11-15'),
        to: null,
        status: 'verified',
        reviewBy: plainDate('2027-06-30'),
        value: {
          edition: 'ISO 2859-1:1999',
          tables: { normal: 'normal', tightened: 'tightened_iso', reduced: 'reduced_no_gap' },
        },
        source: GB_T_2828,
      },
    ],
  },
};

/** The day since which the third edition exists. Nobody of this project has seen its tables. */
export const ISO_THIRD_EDITION: RuleTable<null> = {
  id: 'sampling.iso-2859-1.third-edition',
  name: 'ISO 2859-1:2026 (third edition)',
  rows: [
    {
      from: plainDate('2026-01-22'),
      to: null,
      value: null,
      status: 'unverified',
      reviewBy: plainDate('2027-06-30'),
      note: 'its tables were not seen; this plan is of the 1999 edition',
      source: { title: 'EVS shop, ISO 2859-1:2026', url: 'https://www.evs.ee/en/iso-2859-1-2026', read: READ },
    },
  ],
};

/** The only plan in which the tables of ISO 2859-1:1999 and of MIL-STD-105E differ: letter A, AQL 10, tightened. */
export const ISO_TIGHTENED_A_10: RuleTable<null> = {
  id: 'sampling.iso-2859-1.tightened-a-10',
  name: 'Tightened plan of ISO 2859-1:1999, letter A, AQL 10',
  rows: [
    {
      from: plainDate('1999-11-15'),
      to: null,
      value: null,
      status: 'unverified',
      source: GB_T_2828,
      reviewBy: plainDate('2027-06-30'),
      note: 'n 2, 0/1 there; MIL-STD-105E points to letter D instead',
    },
  ],
};

/** The reduced plans without a gap. */
export const ISO_REDUCED: RuleTable<null> = {
  id: 'sampling.iso-2859-1.reduced',
  name: 'Reduced plans of ISO 2859-1:1999',
  rows: [
    {
      from: plainDate('1999-11-15'),
      to: null,
      value: null,
      status: 'verified',
      reviewBy: plainDate('2027-06-30'),
      source: GB_T_2828,
    },
  ],
};

export interface SwitchingRule {
  /** Normal to tightened: `refused` refused lots within `window` consecutive lots or fewer. */
  tighten: { refused: number; window: number };
  /** Tightened to normal: accepted lots in a row. */
  relax: number;
  /** Tightened to discontinued: total refused lots on tightened inspection. */
  discontinue: number;
}

/** When the severity of inspection changes. Only first inspections count; resubmitted lots do not. */
export const SWITCHING: Readonly<Record<Standard, RuleTable<SwitchingRule>>> = {
  'Z1.4': {
    id: 'sampling.z1-4.switching',
    name: 'Switching rules of ANSI/ASQ Z1.4',
    rows: [
      {
        from: plainDate('1989-05-10'),
        to: null,
        status: 'verified',
        reviewBy: plainDate('2027-06-30'),
        value: { tighten: { refused: 2, window: 5 }, relax: 5, discontinue: 5 },
        source: {
          title: 'ANSI/ASQ Z1.4-2003, 8.3 and 8.4, as quoted',
          url: 'https://text-id.123dok.com/document/wye1d0w7z-sampling-plan-a-sampling-plan-indicates-the-inspection-level-the-inspection-level-deter-code-letters-sample-sizes-are-designated-by-obtaining-sampling-plan-the-aql-and-the.html',
          read: READ,
        },
      },
    ],
  },
  'ISO2859-1': {
    id: 'sampling.iso-2859-1.switching',
    name: 'Switching rules of ISO 2859-1',
    rows: [
      {
        from: plainDate('1999-11-15'),
        to: null,
        status: 'verified',
        reviewBy: plainDate('2027-06-30'),
        value: { tighten: { refused: 2, window: 5 }, relax: 5, discontinue: 5 },
        source: {
          title: 'SQC Online, switching rules (ISO 2859-1)',
          url: 'https://www.sqconline.com/switching-rules-iso-2859-1',
          read: READ,
        },
      },
    ],
  },
};

export interface ScoreRule {
  /** From this score on, reduced inspection is allowed. */
  needed: number;
  /** From this acceptance number on, a lot must pass the AQL one step tighter. */
  tighterFrom: number;
  /** Points for a lot that would be accepted one step tighter. */
  passedTighter: number;
  /** Points for an accepted lot with a smaller acceptance number. */
  accepted: number;
}

/** The switching score of ISO 2859-1 for single sampling. */
export const SWITCHING_SCORE: RuleTable<ScoreRule> = {
  id: 'sampling.iso-2859-1.switching-score',
  name: 'Switching score of ISO 2859-1',
  rows: [
    {
      from: plainDate('1999-11-15'),
      to: null,
      status: 'verified',
      reviewBy: plainDate('2027-06-30'),
      value: { needed: 30, tighterFrom: 2, passedTighter: 3, accepted: 2 },
      source: {
        title: 'GB/T 2828.1-2012 (identical with ISO 2859-1:1999), 9.3.3.2, as retold; threshold also at SQC Online',
        url: 'https://github.com/nihantao-crosis/quality-platform/blob/main/src/core/aqlSwitch.ts',
        read: READ,
      },
    },
  ],
};

export interface PrecedingLotsRule {
  /** Consecutive lots accepted on normal inspection. */
  lots: number;
}

/**
 * What Z1.4 requires before reduced inspection, besides the limit number of its table VIII, which is not on file. The
 * note to that table requires more lots if the samples of ten are too small for the AQL.
 */
export const PRECEDING_LOTS: RuleTable<PrecedingLotsRule> = {
  id: 'sampling.z1-4.preceding-lots',
  name: 'Preceding lots before reduced inspection, ANSI/ASQ Z1.4',
  rows: [
    {
      from: plainDate('1989-05-10'),
      to: null,
      value: { lots: 10 },
      status: 'verified',
      reviewBy: plainDate('2027-06-30'),
      source: { title: 'ANSI/ASQ Z1.4-2003, 8.3.3 and 8.5, as quoted', read: READ },
    },
  ],
};
