import { isFailure } from '#domain/failure.ts';
import type { Notice } from '../rule.ts';
import type { CaseFile, Override } from './case-file.ts';
import { type Facts, STEP_TITLES, STEPS, type Step } from './facts.ts';
import { block, type Gate, type GateContext, type GateFinding, type GateFindings } from './finding.ts';
import { clearance, logistics, quality, rights } from './goods-gates.ts';
import { market } from './market-gate.ts';
import { afterSales, contract, settlement } from './money-gates.ts';

export interface Reason extends GateFinding {
  step: Step;
  /** A person's decision that this reason does not stop the export. */
  overridden: Override | null;
}

export interface StepState {
  step: Step;
  title: { en: string; zh: string };
  /** `open`: its facts are not entered yet. `overridden`: it would block, but every reason is overridden. */
  state: 'open' | 'blocked' | 'passed' | 'overridden';
  reasons: readonly Reason[];
  notices: readonly Notice[];
}

/** The gates that must pass before each act. */
export const GATES_BEFORE = {
  list: ['market', 'rights'],
  dispatch: ['market', 'rights', 'quality', 'contract', 'logistics', 'clearance'],
  papers: ['market', 'rights', 'quality', 'contract', 'logistics'],
  refund: ['after_sales'],
  claim: ['settlement'],
} as const satisfies Record<string, readonly Step[]>;
export type Act = keyof typeof GATES_BEFORE;

/** Codes about incomplete papers, as opposed to goods that must not be shipped. */
const PAPER_CODES: readonly string[] = ['NOT_GIVEN', 'DOCUMENT_INCOMPLETE', 'DOCUMENT_REFUSED'];
/**
 * Goods are packed and weighed before their papers are complete, so a dispatch is only stopped by what must not be
 * shipped, a paper by both.
 */
const blocksAct = (act: Act, { step, code }: Reason): boolean =>
  !(act === 'dispatch' && step === 'logistics' && PAPER_CODES.includes(code));

const GATES: { readonly [S in Step]: Gate<S> } = {
  market,
  rights,
  quality,
  contract,
  logistics,
  clearance,
  after_sales: afterSales,
  settlement,
};

const NOT_GIVEN: GateFindings = {
  reasons: [block('NOT_GIVEN', '', 'nothing is entered for this step yet', 'Enter what the step asks for.')],
  notices: [],
};

const findings = <S extends Step>(step: S, file: CaseFile, context: GateContext): GateFindings => {
  const facts: Facts[S] = file.facts[step];
  if (facts === null) return NOT_GIVEN;
  try {
    return GATES[step](facts, file, context);
  } catch (error) {
    // If the rules have no answer, the gate must not pass.
    if (isFailure(error, 'no_row'))
      return {
        reasons: [block('NO_ROW', '', error.message, 'Look it up at the source; override with what you found.')],
        notices: [],
      };
    if (isFailure(error, 'invalid'))
      return {
        reasons: [block('INVALID', String(error.safe['field'] ?? ''), error.message, 'Correct the entry.')],
        notices: [],
      };
    throw error;
  }
};

/**
 * The state of one step: a pure function of the file, the day and the lists on file. A blocking reason whose exact text
 * was overridden is listed but does not block.
 */
export const gate = (step: Step, file: CaseFile, context: GateContext): StepState => {
  const found = findings(step, file, context);
  const reasons = found.reasons.map(
    (reason): Reason => ({
      ...reason,
      step,
      overridden:
        file.overrides.findLast(
          (o) => o.step === step && o.code === reason.code && o.subject === reason.subject && o.what === reason.what,
        ) ?? null,
    }),
  );
  const blocking = reasons.filter(({ severity }) => severity === 'block');
  const open = blocking.filter(({ overridden }) => overridden === null);
  const state =
    open.length > 0 ? (file.facts[step] === null ? 'open' : 'blocked') : blocking.length > 0 ? 'overridden' : 'passed';
  return { step, title: STEP_TITLES[step], state, reasons, notices: found.notices };
};

/** The state of all eight steps. */
export const stepsOf = (file: CaseFile, context: GateContext): StepState[] =>
  STEPS.map((step) => gate(step, file, context));

/** The blocking reasons that nobody has overridden. */
export const blockingReasons = ({ reasons }: StepState): Reason[] =>
  reasons.filter(({ severity, overridden }) => severity === 'block' && overridden === null);

/** The reasons in these steps that block an act. */
export const blocksAmong = (act: Act, steps: readonly StepState[]): Reason[] => {
  const before: readonly Step[] = GATES_BEFORE[act];
  return steps
    .filter(({ step }) => before.includes(step))
    .flatMap((state) => blockingReasons(state).filter((r) => blocksAct(act, r)));
};

/** The reasons that block an act; empty if none do. */
export const blocksBefore = (act: Act, file: CaseFile, context: GateContext): Reason[] =>
  blocksAmong(
    act,
    GATES_BEFORE[act].map((step) => gate(step, file, context)),
  );
