import { z } from 'zod';
import { readInput } from '../read-input.ts';
import { type AsOf, mergeNotices, type Notice, ruleOn } from '../rule.ts';
import { SEVERITIES } from './plan.ts';
import { PRECEDING_LOTS, type ScoreRule, STANDARDS, SWITCHING, SWITCHING_SCORE, type SwitchingRule } from './rules.ts';

export const INSPECTION_MODES = [...SEVERITIES, 'discontinued'] as const;
export type InspectionMode = (typeof INSPECTION_MODES)[number];

const Count = z.int('a whole number').min(0);

/** The switching state of one supplier, product and class of defects. Plain data: store it between lots. */
export const SwitchingState = z.strictObject({
  standard: z.enum(STANDARDS),
  mode: z.enum(INSPECTION_MODES),
  /** The last lots of the current mode, oldest first: accepted or not, and the number of defects if reported. */
  recent: z.array(z.strictObject({ accepted: z.boolean(), defects: Count.nullable() })).max(100),
  /** Lots refused since tightened inspection began. */
  refusedOnTightened: Count,
  /** Switching score of ISO 2859-1, used on normal inspection. */
  score: Count,
});
export type SwitchingState = z.infer<typeof SwitchingState>;

/** The result of one lot. Give `ac` and `passesTighter` if the score of ISO 2859-1 is needed. */
export const LotResult = z.strictObject({
  accepted: z.boolean(),
  /** Accepted with a count between acceptance and rejection number of a reduced plan. */
  insideGap: z.boolean().optional(),
  /** Inspected before and submitted again: it does not count. */
  resubmitted: z.boolean().optional(),
  /** Acceptance number of the plan. */
  ac: Count.optional(),
  /** Whether the same sample would be accepted with the AQL one step tighter, at the same letter. */
  passesTighter: z.boolean().optional(),
  defects: Count.optional(),
});
export type LotResult = z.infer<typeof LotResult>;

/** Decisions of the responsible authority. */
export const Conditions = z.strictObject({
  steadyProduction: z.boolean(),
  /** Reduced inspection is considered desirable. */
  reducedApproved: z.boolean(),
  /**
   * Z1.4 requires that the defects of the preceding lots stay within the limit number of its table VIII; both parties
   * may agree to drop that. `unknown` (the table is not on file) allows no reduced inspection.
   */
  limitNumber: z.union([z.enum(['dropped', 'unknown']), Count]).default('unknown'),
});
export type Conditions = z.input<typeof Conditions>;

export interface Switch {
  from: InspectionMode;
  to: InspectionMode;
  reason: string;
}

export interface AfterLot {
  state: SwitchingState;
  switched: Switch | null;
  /** What is still missing for reduced inspection while inspection is normal; empty if nothing is. */
  reducedLacks: readonly string[];
  notices: readonly Notice[];
}

/** Inspection begins normal unless the responsible authority says otherwise. */
export const startInspection = (
  standard: SwitchingState['standard'],
  mode: InspectionMode = 'normal',
): SwitchingState => ({ standard, mode, recent: [], refusedOnTightened: 0, score: 0 });

/**
 * The score after one more lot on normal inspection. A lot whose plan is not given resets it, because nothing shows
 * that the lot was good enough to keep the score.
 */
const nextScore = (score: number, lot: LotResult, rule: ScoreRule): number => {
  if (!lot.accepted || lot.ac === undefined) return 0;
  if (lot.ac < rule.tighterFrom) return score + rule.accepted;
  return lot.passesTighter === true ? score + rule.passedTighter : 0;
};

/** The switching score after each of `lots`, on normal inspection from the start (ISO 2859-1, single sampling). */
export const switchingScores = (
  lots: readonly LotResult[],
  asOf: AsOf,
): { scores: number[]; reducedFrom: number | null; notices: readonly Notice[] } => {
  const { value, notices } = ruleOn(SWITCHING_SCORE, asOf);
  const scores: number[] = [];
  for (const lot of lots) scores.push(nextScore(scores.at(-1) ?? 0, readInput(LotResult, lot), value));
  const index = scores.findIndex((score) => score >= value.needed);
  return { scores, reducedFrom: index < 0 ? null : index + 1, notices };
};

type Lots = SwitchingState['recent'];

const refusedIn = (lots: Lots): number => lots.filter(({ accepted }) => !accepted).length;

/** Z1.4 uses ten lots before reduced inspection; no rule looks further back. */
const REMEMBERED = 10;

const lacksForReduced = (
  state: SwitchingState,
  conditions: z.output<typeof Conditions>,
  asOf: AsOf,
): { lacks: string[]; notices: readonly Notice[] } => {
  const said = [
    ...(conditions.steadyProduction ? [] : ['production is not steady']),
    ...(conditions.reducedApproved ? [] : ['reduced inspection is not approved']),
  ];
  if (state.standard === 'ISO2859-1') {
    const { value, notices } = ruleOn(SWITCHING_SCORE, asOf);
    const low = state.score < value.needed ? [`the switching score is ${state.score} of ${value.needed}`] : [];
    return { lacks: [...low, ...said], notices };
  }
  const { value, notices } = ruleOn(PRECEDING_LOTS, asOf);
  const last = state.recent.slice(-value.lots);
  const accepted = last.length === value.lots && refusedIn(last) === 0;
  const few = accepted ? [] : [`the last ${value.lots} lots on normal inspection are not all there and accepted`];
  return { lacks: [...few, ...limitLacks(last, conditions.limitNumber), ...said], notices };
};

const limitLacks = (lots: Lots, limit: z.output<typeof Conditions>['limitNumber']): string[] => {
  if (limit === 'dropped') return [];
  if (limit === 'unknown')
    return ['no row: the limit number of table VIII; give it, or say that both parties dropped it (8.5)'];
  const defects = lots.map((lot) => lot.defects);
  if (defects.includes(null)) return ['the defects found in the preceding lots are not all told'];
  const sum = defects.reduce<number>((total, found) => total + (found ?? 0), 0);
  return sum <= limit ? [] : [`${sum} defects in the preceding lots, the limit number is ${limit}`];
};

type Step = (state: SwitchingState, lot: LotResult, rule: SwitchingRule, conditions: Conditions) => Switch | null;

/** What one more lot, already added to the state, changes in each mode. Reduced inspection is checked separately. */
const STEPS: Readonly<Record<InspectionMode, Step>> = {
  normal: ({ recent }, lot, { tighten }) => {
    const refused = refusedIn(recent.slice(-tighten.window));
    if (lot.accepted || refused < tighten.refused) return null;
    const reason = `${refused} lots refused within ${tighten.window} consecutive lots`;
    return { from: 'normal', to: 'tightened', reason };
  },
  tightened: ({ recent, refusedOnTightened }, lot, { relax, discontinue }) => {
    if (refusedOnTightened >= discontinue)
      return { from: 'tightened', to: 'discontinued', reason: `${refusedOnTightened} lots refused while on tightened` };
    const last = recent.slice(-relax);
    if (!lot.accepted || last.length < relax || refusedIn(last) > 0) return null;
    return { from: 'tightened', to: 'normal', reason: `${relax} consecutive lots accepted` };
  },
  reduced: (_, lot, __, { steadyProduction }) => {
    const back = (reason: string): Switch => ({ from: 'reduced', to: 'normal', reason });
    if (!lot.accepted) return back('a lot refused on reduced inspection');
    if (lot.insideGap) return back('a lot accepted between acceptance and rejection number');
    return steadyProduction ? null : back('production is not steady');
  },
  discontinued: () => null,
};

const entered = (state: SwitchingState, lot: LotResult, asOf: AsOf): SwitchingState => ({
  ...state,
  recent: [...state.recent, { accepted: lot.accepted, defects: lot.defects ?? null }].slice(-REMEMBERED),
  refusedOnTightened: state.refusedOnTightened + (state.mode === 'tightened' && !lot.accepted ? 1 : 0),
  score:
    state.standard === 'ISO2859-1' && state.mode === 'normal'
      ? nextScore(state.score, lot, ruleOn(SWITCHING_SCORE, asOf).value)
      : 0,
});

/**
 * The state after one more lot in production order. A resubmitted lot changes nothing, nor does any lot once inspection
 * is discontinued. Reduced inspection begins only with steady production and approval. Every switch resets the counts.
 * Keep one state per class of defects: the rules apply to each separately.
 */
export const afterLot = (before: SwitchingState, result: LotResult, conditions: Conditions, asOf: AsOf): AfterLot => {
  const state = readInput(SwitchingState, before);
  const lot = readInput(LotResult, result);
  const said = readInput(Conditions, conditions);
  const rule = ruleOn(SWITCHING[state.standard], asOf);
  const counts = !lot.resubmitted && state.mode !== 'discontinued';
  const entry = counts ? entered(state, lot, asOf) : state;
  const reduced = entry.mode === 'normal' ? lacksForReduced(entry, said, asOf) : { lacks: [], notices: [] };
  const step = counts ? STEPS[entry.mode](entry, lot, rule.value, said) : null;
  const eased: Switch | null =
    counts && step === null && entry.mode === 'normal' && reduced.lacks.length === 0
      ? { from: 'normal', to: 'reduced', reason: 'quality, steady production and approval allow reduced inspection' }
      : null;
  const switched = step ?? eased;
  return {
    state: switched === null ? entry : startInspection(entry.standard, switched.to),
    switched,
    reducedLacks: reduced.lacks,
    notices: mergeNotices(rule.notices, reduced.notices),
  };
};

/**
 * After discontinuation, inspection resumes as tightened once the cause is corrected; any other state stays unchanged.
 */
export const resumeAfterCorrection = (state: SwitchingState): SwitchingState =>
  state.mode === 'discontinued' ? startInspection(state.standard, 'tightened') : state;

/** The states after each of `lots`, with the switches and the number (from 1) of the lot that caused each. */
export const followLots = (
  start: SwitchingState,
  lots: readonly LotResult[],
  conditions: Conditions,
  asOf: AsOf,
): { state: SwitchingState; switches: (Switch & { atLot: number })[]; notices: readonly Notice[] } => {
  let state = readInput(SwitchingState, start);
  const switches: (Switch & { atLot: number })[] = [];
  const notices: Notice[] = [];
  for (const [index, lot] of lots.entries()) {
    const after = afterLot(state, lot, conditions, asOf);
    state = after.state;
    if (after.switched !== null) switches.push({ ...after.switched, atLot: index + 1 });
    notices.push(...after.notices);
  }
  return { state, switches, notices: mergeNotices(notices) };
};
