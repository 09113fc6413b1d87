import type { Actor } from '#domain/actor.ts';
import { caseOver, legOver, orderOver } from '#domain/over.ts';
import { RETENTION_STEPS, type RetentionRun, type RetentionStep, retentionRunId } from '#domain/retention.ts';
import { removeEvents } from '../event/remove.ts';
import type { Document, Documents, Ports } from '../ports.ts';
import { foldShelf } from '../stock/fold.ts';
import { stillUnproven, tellUnproven } from '../stock/prove.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Documents looked at in one page, and pages in one call. */
const PAGE = 200;
const PAGES = 10;
/** Shelves that are kept in mind because they are not the sum of their movements. */
const MOST_UNPROVEN = 100;
/** The shelves are walked over once in so long: it reads the whole ledger. */
const FOLD_EVERY_MS = 30 * DAY_MS;

/** What one page of a step came to: where the next begins, or that it was the last. */
interface Paged {
  after: string;
  last: boolean;
  counts: Readonly<Record<string, number>>;
  unproven?: readonly string[];
  /** Before this instant there is nothing to do for what was looked at. */
  restsUntilMs?: number;
}

/** A walk over a list in the order of ids that deletes what has been over for `keptMs`, and says when the next will be. */
const sweep = async <T extends Document>(
  documents: Documents<T>,
  { workspaceId, where, after }: { workspaceId: string; where: Partial<T>; after: string },
  { name, nowMs, keptMs }: { name: string; nowMs: number; keptMs: number },
  /** Since when it is over; null while it is not. */
  overSinceMs: (document: T) => number | null,
): Promise<Paged> => {
  const page = await documents.list(workspaceId, where, { limit: PAGE, after });
  const goesAtMs = (document: T): number => (overSinceMs(document) ?? nowMs) + keptMs;
  const over = page.filter((document) => goesAtMs(document) < nowMs).map(({ _id }) => _id);
  if (over.length > 0) await documents.deleteMany(over);
  return {
    after: page.at(-1)?._id ?? after,
    last: page.length < PAGE,
    counts: { [name]: over.length },
    // What comes later goes later: it is kept as long.
    restsUntilMs: page.map(goesAtMs).reduce((a, b) => (b < nowMs ? a : Math.min(a, b)), nowMs + keptMs),
  };
};

/** What belongs to an order goes before it: cut off, the order is found again. */
const removeOrder = async ({ store }: Ports, workspaceId: string, orderId: string): Promise<void> => {
  const all = { limit: 10_000 };
  const legs = await store.legs.list(workspaceId, { orderId }, all);
  const ids = (documents: readonly Document[]) => documents.map(({ _id }) => _id);
  const approvals = await store.approvals.listAny(workspaceId, 'legId', ids(legs));
  await store.approvals.deleteMany(ids(approvals));
  await store.postings.deleteMany(ids(await store.postings.list(workspaceId, { orderId }, all)));
  await store.exceptions.deleteMany(ids(await store.exceptions.list(workspaceId, { orderId }, all)));
  await store.returns.deleteMany(ids(await store.returns.list(workspaceId, { orderId }, all)));
  await store.shipments.deleteMany(ids(await store.shipments.list(workspaceId, { orderId }, all)));
  await store.legs.deleteMany(ids(legs));
  await store.orderBodies.delete(orderId);
  await store.orders.delete(orderId);
};

/** A walk over the oldest of a collection; what is not over yet stays and is passed over by its number. */
const oldest = async <T extends Document>(
  documents: Documents<T>,
  workspaceId: string,
  beforeMs: number,
  after: string,
  name: string,
  isOver: (document: T) => boolean,
  remove: (document: T) => Promise<void>,
): Promise<Paged> => {
  const kept = Number(after);
  const found = (await documents.before(workspaceId, beforeMs, kept + PAGE)).slice(kept);
  const over = found.filter(isOver);
  for (const document of over) await remove(document);
  return {
    after: String(kept + found.length - over.length),
    last: found.length < PAGE,
    counts: { [name]: over.length },
  };
};

/** Of answers the time is the caller's, of all others it is that of the business. */
const timeOf = ({ clock, realTime }: Ports, step: RetentionStep): number =>
  (step === 'answers' ? realTime : clock).now();

const STEPS: Readonly<Record<RetentionStep, (ports: Ports, workspaceId: string, after: string) => Promise<Paged>>> = {
  inbox: (ports, workspaceId, after) =>
    sweep(
      ports.store.inbox,
      { workspaceId, where: {}, after },
      { name: 'inbox', nowMs: timeOf(ports, 'inbox'), keptMs: ports.retention.inboxDays * DAY_MS },
      ({ state, createdAtMs }) => (state === 'done' ? createdAtMs : null),
    ),
  async orderBodies({ store, clock, retention }, workspaceId) {
    const over = await store.orderBodies.before(workspaceId, clock.now() - retention.inboxDays * DAY_MS, PAGE);
    await store.orderBodies.deleteMany(over.map(({ _id }) => _id));
    return { after: '', last: over.length < PAGE, counts: { orderBodies: over.length } };
  },
  answers: (ports, workspaceId, after) =>
    sweep(
      ports.store.answers,
      { workspaceId, where: {}, after },
      { name: 'answers', nowMs: timeOf(ports, 'answers'), keptMs: ports.retention.answersHours * HOUR_MS },
      ({ createdAtMs }) => createdAtMs,
    ),
  exceptions: (ports, workspaceId, after) =>
    sweep(
      ports.store.exceptions,
      { workspaceId, where: { state: 'resolved' }, after },
      { name: 'exceptions', nowMs: timeOf(ports, 'exceptions'), keptMs: ports.retention.exceptionsDays * DAY_MS },
      ({ closedAtMs }) => closedAtMs,
    ),
  orders: (ports, workspaceId, after) =>
    oldest(
      ports.store.orders,
      workspaceId,
      ports.clock.now() - ports.retention.ordersDays * DAY_MS,
      after,
      'orders',
      orderOver,
      ({ _id }) => removeOrder(ports, workspaceId, _id),
    ),
  stockLegs: ({ store, clock, retention }, workspaceId, after) =>
    oldest(
      store.legs,
      workspaceId,
      clock.now() - retention.ordersDays * DAY_MS,
      after,
      'stockLegs',
      (leg) => leg.orderId === null && legOver(leg),
      ({ _id }) => store.legs.delete(_id),
    ),
  cases: ({ store, clock, retention }, workspaceId, after) =>
    oldest(store.cases, workspaceId, clock.now() - retention.casesDays * DAY_MS, after, 'cases', caseOver, ({ _id }) =>
      store.cases.delete(_id),
    ),
  async events(ports, workspaceId) {
    const { removed, more } = await removeEvents(
      ports,
      workspaceId,
      ports.clock.now() - ports.retention.eventsDays * DAY_MS,
    );
    return { after: '', last: !more, counts: { events: removed } };
  },
  async movements(ports, workspaceId, after) {
    const nowMs = ports.clock.now();
    const beforeMs = nowMs - ports.retention.movementsDays * DAY_MS;
    // One look-up where nothing is old, as in every young workspace.
    if (after === '' && (await ports.store.movements.before(workspaceId, beforeMs, 1)).length === 0)
      return { after, last: true, counts: {} };
    const page = await ports.store.levels.list(workspaceId, {}, { limit: PAGE, after });
    const unproven: string[] = [];
    let movements = 0;
    for (const level of page) {
      const folded = await foldShelf(ports, level, beforeMs);
      movements += folded.movements;
      if (folded.outcome === 'unproven') unproven.push(level._id);
    }
    return {
      after: page.at(-1)?._id ?? after,
      last: page.length < PAGE,
      counts: { movements },
      unproven,
      restsUntilMs: nowMs + FOLD_EVERY_MS,
    };
  },
};

export interface RetentionFacts {
  /** False when there is more to do: call it again. */
  done: boolean;
  counts: Readonly<Record<string, number>>;
  unproven: readonly string[];
}

const newRun = (workspaceId: string): RetentionRun => ({
  _id: retentionRunId(workspaceId),
  workspaceId,
  step: null,
  after: '',
  restsUntilMs: {},
  counts: {},
  unproven: [],
  rev: 1,
});

/** The next step, and the first of all after none, that has something to do by now. */
const nextStep = (ports: Ports, { restsUntilMs }: RetentionRun, after: RetentionStep | null): RetentionStep | null =>
  RETENTION_STEPS.slice(after === null ? 0 : RETENTION_STEPS.indexOf(after) + 1).find(
    (step) => (restsUntilMs[step] ?? Number.NEGATIVE_INFINITY) <= timeOf(ports, step),
  ) ?? null;

/** The run after one page of its step. */
const afterPage = (ports: Ports, run: RetentionRun, step: RetentionStep, paged: Paged): RetentionRun => {
  const counts = { ...run.counts };
  for (const [name, count] of Object.entries(paged.counts)) counts[name] = (counts[name] ?? 0) + count;
  const restsUntilMs = { ...run.restsUntilMs };
  const rests = paged.restsUntilMs;
  if (rests !== undefined) restsUntilMs[step] = run.after === '' ? rests : Math.min(restsUntilMs[step] ?? rests, rests);
  const unproven = [...new Set([...run.unproven, ...(paged.unproven ?? [])])].slice(0, MOST_UNPROVEN);
  const next = { ...run, counts, restsUntilMs, unproven };
  return paged.last ? { ...next, step: nextStep(ports, next, step), after: '' } : { ...next, after: paged.after };
};

/**
 * Removes what has been kept as long as it is to be kept, and folds old movements. One call does a bounded part and says whether
 * there is more; its place is written down after each page that had something to do, so that a run that was cut off goes on there.
 * Meant for once a day: a call after the end begins anew, and costs a few look-ups where nothing is old. Shelves that are not the sum
 * of their movements are one exception of the workspace, which closes when they are. Two at once harm nothing: one of them finds its place taken and ends.
 */
export const runRetention = async (
  ports: Ports,
  actor: Actor,
  { workspaceId }: { workspaceId: string },
): Promise<RetentionFacts> => {
  const { store } = ports;
  let run = await store.retentionRuns.find(workspaceId, retentionRunId(workspaceId));
  if (!run) {
    run = newRun(workspaceId);
    if (!(await store.retentionRuns.insert(run))) return { done: true, counts: {}, unproven: [] };
  }
  let written = run;
  /** False when another run has gone on from there. */
  const writeDown = async (next: RetentionRun): Promise<boolean> => {
    // First the exception: it would be forgotten if the process died between the two.
    if (next.unproven.length > 0 || written.unproven.length > 0)
      await tellUnproven(ports, actor, { workspaceId, levelIds: next.unproven });
    const { _id, workspaceId: _, ...changes } = { ...next, rev: written.rev + 1 };
    if ((await store.retentionRuns.change(_id, { rev: written.rev }, changes)) !== 'changed') return false;
    written = { ...next, rev: changes.rev };
    return true;
  };
  if (run.step === null) {
    const unproven = run.unproven.length > 0 ? await stillUnproven(ports, workspaceId, run.unproven) : [];
    run = { ...run, step: nextStep(ports, run, null), after: '', counts: {}, unproven };
  }
  for (let pages = 0; pages < PAGES && run.step !== null; pages += 1) {
    const paged = await STEPS[run.step](ports, workspaceId, run.after);
    const nothing = paged.last && Object.values(paged.counts).every((count) => count === 0);
    run = afterPage(ports, run, run.step, paged);
    if (!(nothing && run.step !== null) && !(await writeDown(run)))
      return { done: true, counts: run.counts, unproven: run.unproven };
  }
  return { done: run.step === null, counts: run.counts, unproven: run.unproven };
};
