import type { App, CaseStatus } from '#app/app.ts';
import { ModeName } from '#domain/offer.ts';
import { MODES } from '#modes';
import type { CaseFile } from '#trade/case-file/case-file.ts';
import type { Step } from '#trade/case-file/facts.ts';
import { type Act, blockingReasons, blocksAmong, type Reason, type StepState } from '#trade/case-file/gates.ts';

/** Open cases on the list page; the rest is a number, and the API pages through all. */
const OPEN = 100;
const CLOSED = 20;

/** What a dot of a case says: its step and how it stands. */
export interface CaseDot {
  step: Step;
  title: { en: string; zh: string };
  state: StepState['state'];
  /** Reasons that block and are not overridden. */
  blocks: number;
  /** Rules used there that are not verified or past their day of review. */
  doubtful: number;
}

export interface CaseRow {
  id: string;
  number: string;
  title: string;
  modeTitle: string;
  destination: string;
  state: CaseFile['state'];
  dots: CaseDot[];
}

export interface CaseList {
  workspace: { id: string; name: string };
  clock: { nowMs: number; rate: number };
  openCount: number;
  cases: CaseRow[];
  closed: CaseRow[];
}

/** What waits for which gates. */
export const ACT_TITLES: Readonly<Record<Act, string>> = {
  list: 'Listing at the storefronts',
  dispatch: 'Purchase and dispatch',
  papers: 'Shipping papers',
  refund: 'Refunds to the buyer',
  claim: 'Claim of the tax refund',
};

export interface ShownReason extends Pick<Reason, 'code' | 'subject' | 'what' | 'todo'> {
  overridden: { by: string; reason: string; at: string } | null;
}

export interface ShownStep extends CaseDot {
  blocking: ShownReason[];
  overridden: ShownReason[];
  warnings: ShownReason[];
  notices: StepState['notices'];
}

export interface CasePage extends CaseRow, Pick<CaseList, 'workspace' | 'clock'> {
  subject: { kind: string; id: string };
  orderId: string;
  skus: readonly string[];
  acts: { act: Act; title: string; waitsFor: { step: Step; title: string }[] }[];
  steps: ShownStep[];
  reminders: { key: string; on: string; text: string; given: boolean }[];
  papers: readonly string[];
  papersOpen: boolean;
  history: { at: string; by: string; what: string; detail: string }[];
}

const DOUBTFUL: readonly string[] = ['unverified', 'review_overdue'];

const shown = ({ code, subject, what, todo, overridden }: Reason): ShownReason => ({
  code,
  subject,
  what,
  todo,
  overridden: overridden && {
    by: overridden.by,
    reason: overridden.reason,
    at: new Date(overridden.atMs).toISOString(),
  },
});

const dot = (state: StepState): CaseDot => ({
  step: state.step,
  title: state.title,
  state: state.state,
  blocks: blockingReasons(state).length,
  doubtful: state.notices.filter(({ code }) => DOUBTFUL.includes(code)).length,
});

/** The name of a mode as people read it. */
const modeTitle = (mode: string): string => {
  const known = ModeName.safeParse(mode);
  return known.success ? MODES[known.data].title : mode;
};

export const rowOf = ({ file, steps }: CaseStatus): CaseRow => ({
  id: file._id,
  number: file.number,
  title: file.title,
  modeTitle: modeTitle(file.mode),
  destination: file.destination,
  state: file.state,
  dots: steps.map(dot),
});

const stepOf = (state: StepState): ShownStep => ({
  ...dot(state),
  blocking: blockingReasons(state).map(shown),
  overridden: state.reasons.filter(({ overridden }) => overridden !== null).map(shown),
  warnings: state.reasons.filter(({ severity, overridden }) => severity === 'warn' && overridden === null).map(shown),
  notices: state.notices,
});

const pageOf = (standing: CaseStatus, { workspace, clock }: Pick<CaseList, 'workspace' | 'clock'>): CasePage => {
  const { file, steps, reminders } = standing;
  const waits = (act: Act) => {
    const shut = new Set(blocksAmong(act, steps).map(({ step }) => step));
    return steps.flatMap(({ step, title }) => (shut.has(step) ? [{ step, title: title.en }] : []));
  };
  const shownActs = file.state === 'open' ? (['list', 'dispatch', 'papers', 'refund', 'claim'] as const) : [];
  const acts = shownActs.map((act) => ({
    act,
    title: ACT_TITLES[act],
    waitsFor: waits(act),
  }));
  return {
    ...rowOf(standing),
    workspace,
    clock,
    subject: file.subject,
    orderId: file.orderId,
    skus: file.skus,
    acts,
    steps: steps.map(stepOf),
    reminders: reminders.map(({ key, on, text }) => ({ key, on, text, given: file.reminded.includes(key) })),
    papers: file.facts.logistics?.documents ?? [],
    papersOpen: waits('papers').length === 0,
    history: file.history
      .map(({ atMs, by, what, detail }) => ({ at: new Date(atMs).toISOString(), by, what, detail }))
      .reverse(),
  };
};

export interface CasePages {
  list(workspaceId: string): Promise<CaseList>;
  /** Null for a case that the workspace has not. */
  one(workspaceId: string, id: string): Promise<CasePage | null>;
}

/** What the pages of case files show, by indexed queries of bounded size. */
export const makeCasePages = (app: Pick<App, 'ports' | 'caseStatus' | 'caseStatuses'>): CasePages => {
  const { store, clock } = app.ports;
  const frame = async (workspaceId: string): Promise<Pick<CaseList, 'workspace' | 'clock'>> => {
    const workspace = await store.workspaces.find(workspaceId, workspaceId);
    return {
      workspace: { id: workspaceId, name: workspace?.name ?? workspaceId },
      clock: { nowMs: clock.now(), rate: clock.rate() },
    };
  };
  return {
    async list(workspaceId) {
      const [head, openCount, open, recent] = await Promise.all([
        frame(workspaceId),
        store.cases.count(workspaceId, { state: 'open' }),
        store.cases.list(workspaceId, { state: 'open' }, { limit: OPEN }),
        store.cases.recent(workspaceId, OPEN),
      ]);
      const closed = recent.filter(({ state }) => state !== 'open').slice(0, CLOSED);
      const [cases, others] = await Promise.all([
        app.caseStatuses(
          workspaceId,
          open.sort((a, b) => b.createdAtMs - a.createdAtMs),
        ),
        app.caseStatuses(workspaceId, closed),
      ]);
      return { ...head, openCount, cases: cases.map(rowOf), closed: others.map(rowOf) };
    },
    async one(workspaceId, id) {
      const file = await store.cases.find(workspaceId, id);
      if (!file) return null;
      return pageOf(await app.caseStatus(file), await frame(workspaceId));
    },
  };
};
