import { plainDate } from '../plain-date.ts';
import type { RuleTable } from '../rule.ts';
import type { TableName } from './single-sampling-tables.ts';

export const STANDARDS = ['Z1.4', 'ISO2859-1'] as const;
export type Standard = (typeof STANDARDS)[number];

const READ = plainDate('2026-11-25');

export interface Edition {
  /** What the inspection report cites. */
  edition: string;
  reducedTable: TableName;
}

/** The edition whose tables a standard stands for. A plan stores it, because a later edition may say otherwise. */
export const EDITIONS: Readonly<Record<Standard, RuleTable<Edition>>> = {
  'Z1.4': {
    id: 'sampling.z1-4.edition',
    name: 'Tables of ANSI/ASQ Z1.4',
    rows: [
      {
        ...{ from: plainDate('1989-05-10'), to: null, status: 'verified', reviewBy: plainDate('2027-06-30') },
        value: { edition: 'ANSI/ASQ Z1.4 (tables of MIL-STD-105E, 10 May 1989)', reducedTable: 'reduced_gap' },
        source: { title: 'MIL-STD-105E, tables I, II-A, II-B, II-C; R package AQLSchemes 1.7-2', read: READ },
      },
    ],
  },
  'ISO2859-1': {
    id: 'sampling.iso-2859-1.edition',
    name: 'Tables of ISO 2859-1',
    rows: [
      {
        ...{ from: plainDate('1999-11-15'), to: null, status: 'verified', reviewBy: plainDate('2027-06-30') },
        value: { edition: 'ISO 2859-1:1999', reducedTable: 'reduced_no_gap' },
        source: { title: 'R package AQLSchemes 1.7-2, vignette (normal and tightened as in MIL-STD-105E)', read: READ },
      },
    ],
  },
};

/** Since when the third edition, whose tables nobody of this project has seen, is out. */
export const ISO_THIRD_EDITION: RuleTable<null> = {
  id: 'sampling.iso-2859-1.third-edition',
  name: 'ISO 2859-1:2026 (third edition)',
  rows: [
    {
      ...{ from: plainDate('2026-01-22'), to: null, value: null, status: 'unverified' },
      ...{ reviewBy: plainDate('2027-06-30'), note: 'its tables were not seen; this plan is of the 1999 edition' },
      source: { title: 'EVS shop, ISO 2859-1:2026', url: 'https://www.evs.ee/en/iso-2859-1-2026', read: READ },
    },
  ],
};

/** The one reduced plan without a gap that a source prints: letter J, AQL 1.0, n 32, 1/2. */
export const ISO_REDUCED: Readonly<Record<'published' | 'derived', RuleTable<null>>> = {
  published: {
    id: 'sampling.iso-2859-1.reduced-j-1-0',
    name: 'Reduced plan of ISO 2859-1:1999, letter J, AQL 1.0',
    rows: [
      {
        ...{ from: plainDate('1999-11-15'), to: null, value: null, status: 'verified', reviewBy: null },
        source: { title: 'aqlinspectorsrule.com, example 3', url: 'https://www.aqlinspectorsrule.com', read: READ },
      },
    ],
  },
  derived: {
    id: 'sampling.iso-2859-1.reduced',
    name: 'Reduced plans of ISO 2859-1:1999',
    rows: [
      {
        ...{ from: plainDate('1999-11-15'), to: null, value: null, status: 'unverified' },
        ...{ reviewBy: plainDate('2027-06-30'), note: 'table 2-C was derived, not read' },
        source: { title: 'ISO 2859-1:1999, table 2-C (not read)', read: READ },
      },
    ],
  },
};

export interface SwitchingRule {
  /** Normal to tightened: `refused` lots refused within `window` consecutive lots or fewer. */
  tighten: { refused: number; window: number };
  /** Tightened to normal: lots accepted in a row. */
  relax: number;
  /** Tightened to discontinued: lots refused while on tightened inspection, in all. */
  discontinue: number;
}

/** When the severity of inspection changes. Only first inspections count; resubmitted lots do not. */
export const SWITCHING: Readonly<Record<Standard, RuleTable<SwitchingRule>>> = {
  'Z1.4': {
    id: 'sampling.z1-4.switching',
    name: 'Switching rules of ANSI/ASQ Z1.4',
    rows: [
      {
        ...{ from: plainDate('1989-05-10'), to: null, status: 'verified', reviewBy: plainDate('2027-06-30') },
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
        ...{ from: plainDate('1999-11-15'), to: null, status: 'verified', reviewBy: plainDate('2027-06-30') },
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
  /** Reduced inspection is open from this score on. */
  needed: number;
  /** From this acceptance number on, a lot has to pass the AQL one step tighter. */
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
      ...{ from: plainDate('1999-11-15'), to: null, status: 'general_knowledge', reviewBy: plainDate('2027-06-30') },
      value: { needed: 30, tighterFrom: 2, passedTighter: 3, accepted: 2 },
      source: { title: 'ISO 2859-1:1999, 9.3.3 (threshold: SQC Online; points: not re-read)', read: READ },
    },
  ],
};

export interface PrecedingLotsRule {
  /** Lots in a row that normal inspection accepted. */
  lots: number;
}

/** What Z1.4 asks before reduced inspection, beside the limit number of its table VIII, which is not on file. */
export const PRECEDING_LOTS: RuleTable<PrecedingLotsRule> = {
  id: 'sampling.z1-4.preceding-lots',
  name: 'Preceding lots before reduced inspection, ANSI/ASQ Z1.4',
  rows: [
    {
      ...{ from: plainDate('1989-05-10'), to: null, value: { lots: 10 }, status: 'verified' },
      reviewBy: plainDate('2027-06-30'),
      source: { title: 'ANSI/ASQ Z1.4-2003, 8.3.3 and 8.5, as quoted', read: READ },
    },
  ],
};
