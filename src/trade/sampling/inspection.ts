import { z } from 'zod';
import { invalid, readInput } from '../read-input.ts';
import { type AsOf, mergeNotices, type Notice } from '../rule.ts';
import { codeLetter, LETTERS } from './code-letters.ts';
import { aqlFor, type Counts, LotInput, planNotices, tableFor } from './plan.ts';
import { type AQLS, type Numbers, planAt, sizeOf, type TableName, type TablePlan } from './single-sampling-tables.ts';

export const DEFECT_CLASSES = ['critical', 'major', 'minor'] as const;
export type DefectClass = (typeof DEFECT_CLASSES)[number];

/** The sample drawn for the other classes must have no defect of this class; the class has no column of its own. */
const NONE_ALLOWED = '0';

/**
 * A lot whose defects have classes, with an AQL per class; `critical: '0'` allows none at all. `sample`: `one` draws
 * one sample for all classes, with the largest letter that any of them needs; `per_class` keeps the sample size of
 * each.
 */
export const InspectionPlanInput = LotInput.extend({
  classes: z
    .partialRecord(z.enum(DEFECT_CLASSES), z.string().max(20))
    .refine((classes) => Object.keys(classes).length > 0, 'names no class of defects: critical, major or minor'),
  sample: z.enum(['one', 'per_class']).default('one'),
});
export type InspectionPlanInput = z.input<typeof InspectionPlanInput>;

export interface ClassPlan extends Numbers {
  class: DefectClass;
  aql: string;
  /** Units to inspect for this class. */
  sampleSize: number;
  inspectAll: boolean;
  planLetter: string;
}

export interface InspectionPlan {
  standard: string;
  edition: string;
  lotSize: number;
  severity: string;
  codeLetter: string;
  /** Units to draw: the largest sample of any class. */
  unitsToDraw: number;
  classes: readonly ClassPlan[];
  notices: readonly Notice[];
}

interface Wanted {
  class: DefectClass;
  aql: (typeof AQLS)[number] | null;
}

const larger = (a: string, b: string): string => (LETTERS.indexOf(a) < LETTERS.indexOf(b) ? b : a);

/**
 * The letter with which one sample serves the most classes: the largest that any class needs, repeated until none needs
 * a larger one.
 */
const commonLetter = (table: TableName, letter: string, wanted: readonly Wanted[]): string => {
  const needed = wanted.reduce(
    (largest, { aql }) => (aql === null ? largest : larger(largest, planAt(table, letter, aql).letter)),
    letter,
  );
  return needed === letter ? letter : commonLetter(table, needed, wanted);
};

/**
 * The plan of each class at `letter`, in the given order. A class without tolerance shares the largest sample drawn for
 * the others; if it is the only class, it has the sample of `letter`.
 */
const plansOf = (table: TableName, letter: string, wanted: readonly Wanted[]): (Wanted & { plan: TablePlan })[] => {
  const others = wanted.flatMap(({ aql }) => (aql === null ? [] : [planAt(table, letter, aql)]));
  const shared = others.length === 0 ? letter : others.map((plan) => plan.letter).reduce(larger);
  const none: TablePlan = { letter: shared, sampleSize: sizeOf(table, shared), ac: 0, re: 1 };
  return wanted.map((each) => ({ ...each, plan: each.aql === null ? none : planAt(table, letter, each.aql) }));
};

/**
 * The sampling plan of a lot with critical, major and minor defects. With one sample for all classes, a class without a
 * plan at the common letter (the tables point up) keeps its own smaller sample, and a notice says so.
 */
export const inspectionPlan = (input: InspectionPlanInput, asOf: AsOf): InspectionPlan => {
  const { standard, lotSize, level, severity, counts, classes, sample } = readInput(InspectionPlanInput, input);
  const { edition, table, notices } = tableFor(standard, severity, asOf);
  const wanted = DEFECT_CLASSES.flatMap((name): Wanted[] => {
    const text = classes[name];
    if (text === undefined) return [];
    const none = name === 'critical' && text === NONE_ALLOWED;
    return [{ class: name, aql: none ? null : aqlFor(text, counts, `classes.${name}`) }];
  });
  const letter = codeLetter(lotSize, level);
  const one = sample === 'one';
  const plans = plansOf(table, one ? commonLetter(table, letter, wanted) : letter, wanted);
  const drawn = Math.max(...plans.map(({ plan }) => plan.sampleSize));
  const smaller = plans.filter(({ plan }) => one && plan.sampleSize < drawn).map((each) => each.class);
  const apart: Notice[] = smaller.map((name) => ({
    code: 'advice',
    rule: 'sampling.one-sample',
    message: `No plan for ${name} defects at the common sample size: that class keeps its smaller sample`,
  }));
  return {
    standard,
    edition,
    lotSize,
    severity,
    codeLetter: letter,
    unitsToDraw: Math.min(drawn, lotSize),
    classes: plans.map(({ class: name, aql, plan }) => ({
      class: name,
      aql: aql ?? NONE_ALLOWED,
      sampleSize: Math.min(plan.sampleSize, lotSize),
      inspectAll: plan.sampleSize >= lotSize,
      planLetter: plan.letter,
      ac: plan.ac,
      re: plan.re,
    })),
    notices: mergeNotices(
      notices,
      ...plans.map(({ aql, plan }) => (aql === null ? [] : planNotices(table, plan, aql, counts, asOf))),
      apart,
    ),
  };
};

export type Verdict = 'accepted' | 'accepted_return_to_normal' | 'refused';

/**
 * Judges a sample by the numbers of its plan. Reduced plans of MIL-STD-105E and Z1.4 have a gap between the two
 * numbers: a count inside it accepts the lot and ends reduced inspection.
 */
export const verdictOf = ({ ac, re }: Numbers, found: number): Verdict => {
  if (re <= ac) throw invalid('re', `the rejection number ${re} has to be larger than the acceptance number ${ac}`);
  return found <= ac ? 'accepted' : found >= re ? 'refused' : 'accepted_return_to_normal';
};

const Finding = z.strictObject({
  /** Units inspected for this class. */
  units: z.int('a whole number of units').min(0),
  /** Nonconforming units or nonconformities, depending on `counts`. */
  defects: z.int('a whole number').min(0),
});

/** The inspector's report: the lot, the plan used, and the defects found in each class. */
export const InspectionReport = InspectionPlanInput.extend({
  /** The lot's own reference: purchase order, lot or container number. */
  lot: z.string().min(1, 'the reference of the lot').max(100),
  findings: z.partialRecord(z.enum(DEFECT_CLASSES), Finding),
});
export type InspectionReport = z.input<typeof InspectionReport>;

export interface ClassVerdict extends ClassPlan {
  units: number;
  defects: number;
  verdict: Verdict;
  reason: string;
}

export interface InspectionVerdict {
  lot: string;
  plan: InspectionPlan;
  verdict: Verdict;
  classes: readonly ClassVerdict[];
  /** The reasons, class by class, the decisive ones first. */
  reasons: readonly string[];
  notices: readonly Notice[];
}

const REASONS: Readonly<Record<Verdict, (plan: ClassPlan, found: number) => string>> = {
  accepted: ({ class: name, ac }, found) => `${name}: ${found} found, up to ${ac} are accepted`,
  accepted_return_to_normal: ({ class: name, ac, re }, found) =>
    `${name}: ${found} found, between ${ac} and ${re}: accepted, and inspection returns to normal`,
  refused: ({ class: name, re }, found) => `${name}: ${found} found, refused from ${re} on`,
};

/** From best to worst. The lot's verdict is the worst of its classes. */
const SEVERITY_OF: readonly Verdict[] = ['accepted', 'accepted_return_to_normal', 'refused'];
const worst = (verdicts: readonly Verdict[]): Verdict =>
  SEVERITY_OF[Math.max(...verdicts.map((verdict) => SEVERITY_OF.indexOf(verdict)))] ?? 'refused';

const judgeClass = (
  plan: ClassPlan,
  finding: z.infer<typeof Finding> | undefined,
  counts: Counts | undefined,
): ClassVerdict => {
  const field = `findings.${plan.class}`;
  if (finding === undefined)
    throw invalid(field, 'the plan has this class, so its findings are needed, also when none');
  const { units, defects } = finding;
  if (counts === 'nonconforming_units' && defects > units)
    throw invalid(field, `${defects} nonconforming units in ${units}: there cannot be more than were inspected`);
  const verdict = verdictOf(plan, defects);
  // A lot may be refused before the sample is complete, but accepting it needs exactly the units of the plan.
  if (units > plan.sampleSize || (units < plan.sampleSize && verdict !== 'refused'))
    throw invalid(field, `${units} units inspected where the plan asks for ${plan.sampleSize}`);
  return { ...plan, units, defects, verdict, reason: REASONS[verdict](plan, defects) };
};

/**
 * The verdict on an inspected lot: accepted only if every class is. Throws `invalid` if findings are missing, do not
 * match the plan's sample size, or count more defective units than were inspected.
 */
export const judgeInspection = (report: InspectionReport, asOf: AsOf): InspectionVerdict => {
  const { lot, findings, ...planInput } = readInput(InspectionReport, report);
  const plan = inspectionPlan(planInput, asOf);
  for (const name of DEFECT_CLASSES)
    if (findings[name] !== undefined && !plan.classes.some((each) => each.class === name))
      throw invalid(`findings.${name}`, 'the plan has no such class');
  const classes = plan.classes.map((each) => judgeClass(each, findings[each.class], planInput.counts));
  const verdict = worst(classes.map((each) => each.verdict));
  const deciding = [...classes].sort((a, b) => SEVERITY_OF.indexOf(b.verdict) - SEVERITY_OF.indexOf(a.verdict));
  return { lot, plan, verdict, classes, reasons: deciding.map(({ reason }) => reason), notices: plan.notices };
};
