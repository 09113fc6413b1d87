import { z } from 'zod';
import { Exact } from '../decimal.ts';
import { invalid, readInput } from '../read-input.ts';
import { type AsOf, mergeNotices, type Notice, ruleOn } from '../rule.ts';
import { codeLetter, LEVELS } from './code-letters.ts';
import { EDITIONS, ISO_REDUCED, ISO_THIRD_EDITION, ISO_TIGHTENED_A_10, STANDARDS, type Standard } from './rules.ts';
import { type AQLS, aqlNamed, planAt, type TableName, type TablePlan } from './single-sampling-tables.ts';

export const SEVERITIES = ['normal', 'tightened', 'reduced'] as const;
export type Severity = (typeof SEVERITIES)[number];

/**
 * Above this AQL the tables count nonconformities per 100 units, because a percentage of units has no meaning there.
 */
const MAX_PERCENTAGE = 10;

const LotSize = z.int('a whole number of units').min(2, 'the tables begin with lots of 2 units: inspect a single unit');
export const Counts = z.enum(['nonconforming_units', 'nonconformities']);
export type Counts = z.infer<typeof Counts>;

/** The input of every plan. `counts`: whether defective units are counted, or the defects on them. */
export const LotInput = z.strictObject({
  standard: z.enum(STANDARDS),
  lotSize: LotSize,
  level: z.enum(LEVELS),
  severity: z.enum(SEVERITIES).default('normal'),
  counts: Counts.optional(),
});
export type LotInput = z.input<typeof LotInput>;

export const PlanInput = LotInput.extend({ aql: z.string().max(20) });
export type PlanInput = z.input<typeof PlanInput>;

export interface SamplingPlan {
  standard: Standard;
  /** Stored with every plan, because a later edition may give another plan. */
  edition: string;
  lotSize: number;
  severity: Severity;
  aql: string;
  /** From lot size and level. */
  codeLetter: string;
  /** The letter whose plan applies after following the arrows. */
  planLetter: string;
  /** Units to inspect; the whole lot if it is not larger than the table's sample. */
  sampleSize: number;
  tableSampleSize: number;
  inspectAll: boolean;
  ac: number;
  re: number;
  notices: readonly Notice[];
}

/** The master table of a standard and severity on a day, with notices about the edition. */
export const tableFor = (standard: Standard, severity: Severity, asOf: AsOf) => {
  const { value, notices } = ruleOn(EDITIONS[standard], asOf, 'standard');
  const third = ISO_THIRD_EDITION.rows[0];
  const newer =
    standard === 'ISO2859-1' && third?.from && asOf.on >= third.from ? ruleOn(ISO_THIRD_EDITION, asOf).notices : [];
  return { edition: value.edition, table: value.tables[severity], notices: mergeNotices(notices, newer) };
};

/** Notices about one plan of a table: how reliable it is, and what an AQL above 10 counts. */
export const planNotices = (table: TableName, plan: TablePlan, aql: string, counts: Counts | undefined, asOf: AsOf) => {
  const doubtful = table === 'tightened_iso' && plan.letter === 'A' && aql === '10';
  const above: Notice[] =
    new Exact(aql).gt(MAX_PERCENTAGE) && counts === undefined
      ? [
          {
            code: 'advice',
            rule: 'sampling.aql-above-10',
            message: `An AQL of ${aql} is for nonconformities per 100 units, not for per cent of units`,
          },
        ]
      : [];
  return mergeNotices(
    table === 'reduced_no_gap' ? ruleOn(ISO_REDUCED, asOf).notices : [],
    doubtful ? ruleOn(ISO_TIGHTENED_A_10, asOf).notices : [],
    above,
  );
};

/** An AQL from the tables that fits what is counted. */
export const aqlFor = (text: string, counts: Counts | undefined, field: string): (typeof AQLS)[number] => {
  const aql = aqlNamed(text, field);
  if (counts !== 'nonconforming_units' || !new Exact(aql).gt(MAX_PERCENTAGE)) return aql;
  throw invalid(field, `an AQL above ${MAX_PERCENTAGE} counts nonconformities per 100 units; count those`);
};

/**
 * The single sampling plan of a lot. Arrows are followed to another letter, whose sample size applies; the whole lot is
 * inspected if the sample would be as large. Throws `no_row` for an AQL that the tables do not have, and for a day
 * before the standard.
 */
export const samplingPlan = (input: PlanInput, asOf: AsOf): SamplingPlan => {
  const { standard, lotSize, level, severity, counts, aql: text } = readInput(PlanInput, input);
  const aql = aqlFor(text, counts, 'aql');
  const { edition, table, notices } = tableFor(standard, severity, asOf);
  const letter = codeLetter(lotSize, level);
  const plan = planAt(table, letter, aql);
  return {
    standard,
    edition,
    lotSize,
    severity,
    aql,
    codeLetter: letter,
    planLetter: plan.letter,
    sampleSize: Math.min(plan.sampleSize, lotSize),
    tableSampleSize: plan.sampleSize,
    inspectAll: plan.sampleSize >= lotSize,
    ac: plan.ac,
    re: plan.re,
    notices: mergeNotices(notices, planNotices(table, plan, aql, counts, asOf)),
  };
};
