import { z } from 'zod';
import { plainDate } from '../../../src/trade/plain-date.ts';
import { readInput } from '../../../src/trade/read-input.ts';
import type { AsOf } from '../../../src/trade/rule.ts';
import { LEVELS } from '../../../src/trade/sampling/code-letters.ts';
import { verdictOf } from '../../../src/trade/sampling/inspection.ts';
import { SEVERITIES, samplingPlan } from '../../../src/trade/sampling/plan.ts';
import { STANDARDS } from '../../../src/trade/sampling/rules.ts';
import {
  afterLot,
  followLots,
  INSPECTION_MODES,
  startInspection,
  switchingScores,
} from '../../../src/trade/sampling/switching.ts';
import type { Answer } from './vector.ts';

const TODAY = plainDate('2026-11-24');
const ASKED: AsOf = { on: TODAY, today: TODAY };
/** Reduced inspection is not approved in these questions. */
const CONDITIONS = { steadyProduction: true, reducedApproved: false };

const Standard = z.enum(STANDARDS);
const Mode = z.enum(INSPECTION_MODES);
const Count = z.int().min(0).max(10_000);

const PlanQuestion = z.object({
  standard: Standard,
  lot: z.number(),
  level: z.enum(LEVELS),
  aql: z.union([z.string(), z.number().nonnegative()]).transform(String),
  kind: z.enum(SEVERITIES).default('normal'),
});
const LotsQuestion = z.object({ standard: Standard, mode: Mode, results: z.array(z.enum(['A', 'R'])).max(10_000) });
const AcceptedQuestion = z.object({
  standard: z.literal('ISO2859-1'),
  mode: z.literal('normal'),
  ac: z.int().min(0).max(1, 'with Ac of 2 or more, the defects of each lot are needed'),
  accepted: Count,
});
const DefectsQuestion = z
  .object({
    standard: z.literal('ISO2859-1'),
    mode: z.literal('normal'),
    ac: Count,
    acOneStepTighter: Count.optional(),
    defects: z.array(Count).max(10_000),
  })
  .refine(({ ac, acOneStepTighter }) => ac < 2 || (acOneStepTighter !== undefined && acOneStepTighter < ac), {
    path: ['acOneStepTighter'],
    error: 'the smaller acceptance number of the AQL one step tighter is needed',
  });
const LotQuestion = z.object({ standard: Standard, mode: Mode, ac: Count, re: Count.optional(), defects: Count });

const plan = (input: unknown) => {
  const { standard, lot: lotSize, level, aql, kind: severity } = readInput(PlanQuestion, input);
  const { sampleSize, inspectAll, ac, re } = samplingPlan({ standard, lotSize, level, aql, severity }, ASKED);
  return { n: inspectAll ? '100%' : sampleSize, ac, re };
};

const afterLots = (input: unknown) => {
  const { standard, mode, results } = readInput(LotsQuestion, input);
  const lots = results.map((result) => ({ accepted: result === 'A' }));
  const { state, switches } = followLots(startInspection(standard, mode), lots, CONDITIONS, ASKED);
  const last = switches.at(-1);
  return last === undefined ? { mode: state.mode } : { mode: state.mode, atLot: last.atLot };
};

const scoreOfAccepted = (input: unknown) => {
  const { ac, accepted } = readInput(AcceptedQuestion, input);
  const { scores, reducedFrom } = switchingScores(
    Array.from({ length: accepted }, () => ({ accepted: true, ac })),
    ASKED,
  );
  const score = scores.at(-1) ?? 0;
  return reducedFrom === null ? { score } : { score, reducedAllowedAtLot: reducedFrom };
};

const scoresOfDefects = (input: unknown) => {
  const { ac, acOneStepTighter, defects } = readInput(DefectsQuestion, input);
  const lots = defects.map((found) => ({
    accepted: verdictOf({ ac, re: ac + 1 }, found) === 'accepted',
    ac,
    passesTighter: acOneStepTighter !== undefined && found <= acOneStepTighter,
  }));
  return { scores: switchingScores(lots, ASKED).scores };
};

const oneLot = (input: unknown) => {
  const { standard, mode, ac, re = ac + 1, defects } = readInput(LotQuestion, input);
  const verdict = verdictOf({ ac, re }, defects);
  const lot = { accepted: verdict !== 'refused', insideGap: verdict === 'accepted_return_to_normal' };
  const { state } = afterLot(startInspection(standard, mode), lot, CONDITIONS, ASKED);
  return { lot: lot.accepted ? 'accept' : 'reject', nextMode: state.mode };
};

export const answer: Answer = (_, input) => {
  if ('results' in input) return afterLots(input);
  if ('accepted' in input) return scoreOfAccepted(input);
  if (Array.isArray(input['defects'])) return scoresOfDefects(input);
  if ('defects' in input) return oneLot(input);
  return plan(input);
};
