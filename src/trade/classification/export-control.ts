import { plainDate } from '../plain-date.ts';
import { type Asked, type Ruled, type RuleTable, ruleOn, type Source } from '../rule.ts';

export type Eccn =
  | { wellFormed: true; kind: 'EAR99' }
  | { wellFormed: true; kind: 'entry'; category: string; group: string; entry: string; paragraphs: readonly string[] }
  | { wellFormed: false; reason: string };

const ENTRY = /^([0-9])([A-E])([0-9]{3})((?:\.[a-z0-9]+)*)$/;
const LONGEST = 60;

/**
 * Whether a text has the form of a US export control classification number (also that of an entry of EU Annex I):
 * `EAR99`, or category 0-9, product group A-E, three digits and paragraphs such as `.a.1`. Whether the list has such
 * an entry, and whether the goods belong to it, is not told.
 */
export const readEccn = (text: string): Eccn => {
  if (text === 'EAR99') return { wellFormed: true, kind: 'EAR99' };
  const found = text.length <= LONGEST ? ENTRY.exec(text) : null;
  if (!found)
    return {
      wellFormed: false,
      reason: 'EAR99, or a category 0-9, a group A-E, three digits and paragraphs such as .a.1',
    };
  const [, category = '', group = '', number = '', rest = ''] = found;
  return {
    ...{ wellFormed: true, kind: 'entry', category, group, entry: category + group + number },
    paragraphs: rest === '' ? [] : rest.slice(1).split('.'),
  };
};

const day = plainDate;
const SUSPENSION: Source = {
  title: 'BIS final rule, One-Year Suspension of End-User Controls for Affiliates (Federal Register 90, no. 216)',
  url: 'https://www.internationaltradeinsights.com/2025/11/bis-suspends-affiliates-rule-for-one-year-following-u-s-agreement-with-china',
  read: day('2026-11-25'),
};

/**
 * Whether an entity owned to 50 % or more, alone or together, directly or not, by parties of the Entity List, the
 * Military End-User List or 15 CFR 744.8 is controlled as they are. The share is the threshold, included.
 */
export const BIS_AFFILIATES_RULE: RuleTable<{ applies: boolean; atLeastPercent: string }> = {
  id: 'us.bis-affiliates',
  name: 'BIS Affiliates (50 %) Rule',
  rows: [
    {
      ...{ from: null, to: day('2025-09-28'), value: { applies: false, atLeastPercent: '50' }, source: SUSPENSION },
      ...{ status: 'verified', reviewBy: null },
    },
    {
      ...{ from: day('2025-09-29'), to: day('2025-11-09'), value: { applies: true, atLeastPercent: '50' } },
      ...{ source: SUSPENSION, status: 'verified', reviewBy: null },
    },
    {
      ...{ from: day('2025-11-10'), to: day('2026-11-09'), value: { applies: false, atLeastPercent: '50' } },
      ...{ source: SUSPENSION, status: 'verified', reviewBy: null },
      note: 'suspended; ownership by a listed party stays a red flag',
    },
    {
      ...{ from: day('2026-11-10'), to: null, value: { applies: true, atLeastPercent: '50' }, source: SUSPENSION },
      ...{ status: 'unverified', reviewBy: day('2026-11-10') },
      note: 'back by the terms of the suspension; whether that was extended is not known',
    },
  ],
};

/** The switch on a day, with the notice that a rule of after 2026-11-09 is not verified. */
export const affiliatesRuleOn = (asked: Asked): Ruled<{ applies: boolean; atLeastPercent: string }> =>
  ruleOn(BIS_AFFILIATES_RULE, asked);
