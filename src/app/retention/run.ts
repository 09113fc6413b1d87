import type { Actor } from '#domain/actor.ts';
import { caseOver, legOver, orderOver } from '#domain/over.ts';
import { RETENTION_STEPS, type RetentionRun, type RetentionStep, retentionRunId } from '#domain/retention.ts';
import { removeEvents } from '../event/remove.ts';
import type { Document, Documents, Ports } from '../ports.ts';
import { foldShelf } from '../stock/fold.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Documents looked at in one page, and pages in one call. */
const PAGE = 200;
const PAGES = 10;
/** The shelves are walked over once in so long: it reads the whole ledger. */
const FOLD_EVERY_MS = 30 * DAY_MS;

/** What one page of a step came to: where the next begins, or that it was the last. */
interface Paged {
  after: string;
  last: boolean;
  counts: Readonly<Record<string, number>>;
  unproven?: readonly string[];
}

/** A walk over a list in the order of ids that deletes what `isOver` says. */
const sweep = async <T extends Document>(
  documents: Documents<T>,
  workspaceId: string,
  where: Partial<T>,
  after: string,
  name: string,
  isOver: (document: T) => boolean,
): Promise<Paged> => {
  const page = await documents.list(workspaceId, where, { limit: PAGE, after });
  const over = page.filter(isOver).map(({ _id }) => _id);
  await documents.deleteMany(over);
  return { after: page.at(-1)?._id ?? after, last: page.length < PAGE, counts: { [name]: over.length } };
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

const STEPS: Readonly<Record<RetentionStep, (ports: Ports, workspaceId: string, after: string) => Promise<Paged>>> = {
  inbox: ({ store, clock, retention }, workspaceId, after) =>
    sweep(store.inbox, workspaceId, {}, after, 'inbox', ({ state, createdAtMs }) => {
      return state === 'done' && createdAtMs < clock.now() - retention.inboxDays * DAY_MS;
    }),
  answers: ({ store, realTime, retention }, workspaceId, after) =>
    sweep(store.answers, workspaceId, {}, after, 'answers', ({ createdAtMs }) => {
      return createdAtMs < realTime.now() - retention.answersHours * HOUR_MS;
    }),
  exceptions: ({ store, clock, retention }, workspaceId, after) =>
    sweep(store.exceptions, workspaceId, { state: 'resolved' }, after, 'exceptions', ({ closedAtMs }) => {
      return closedAtMs !== null && closedAtMs < clock.now() - retention.exceptionsDays * DAY_MS;
    }),
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
    const page = await ports.store.levels.list(workspaceId, {}, { limit: PAGE, after });
    const beforeMs = ports.clock.now() - ports.retention.movementsDays * DAY_MS;
    const unproven: string[] = [];
    let movements = 0;
    for (const level of page) {
      const folded = await foldShelf(ports, level, beforeMs);
      movements += folded.movements;
      if (folded.outcome === 'unproven') unproven.push(level._id);
    }
    if (unproven.length > 0) ports.log.error({ unproven }, 'shelves are not the sum of their movements');
    return { after: page.at(-1)?._id ?? after, last: page.length < PAGE, counts: { movements }, unproven };
  },
};

export interface RetentionFacts {
  /** False when there is more to do: call it again. */
  done: boolean;
  counts: Readonly<Record<string, number>>;
  unproven: readonly string[];
}

const nextStep = (run: RetentionRun, step: RetentionStep, nowMs: number): RetentionStep | null => {
  const next = RETENTION_STEPS[RETENTION_STEPS.indexOf(step) + 1] ?? null;
  return next === 'movements' && nowMs - run.foldStartedAtMs < FOLD_EVERY_MS ? null : next;
};

/**
 * Removes what has been kept as long as it is to be kept, and folds old movements. One call does a bounded part and says whether
 * there is more; its place is written down after each page, so that a run that was cut off goes on there. Meant for once a day:
 * a call after the end begins anew. Two at once harm nothing: one of them finds its place taken and ends.
 */
export const runRetention = async (
  ports: Ports,
  _actor: Actor,
  { workspaceId }: { workspaceId: string },
): Promise<RetentionFacts> => {
  const { store, clock } = ports;
  const _id = retentionRunId(workspaceId);
  const fresh: RetentionRun = {
    _id,
    workspaceId,
    step: null,
    after: '',
    startedAtMs: clock.now(),
    foldStartedAtMs: Number.MIN_SAFE_INTEGER,
    counts: {},
    unproven: [],
    rev: 1,
  };
  await store.retentionRuns.insert(fresh);
  const found = (await store.retentionRuns.find(workspaceId, _id)) ?? fresh;
  const begins = found.step === null;
  let run: RetentionRun = begins
    ? { ...found, step: RETENTION_STEPS[0], after: '', startedAtMs: clock.now(), counts: {}, unproven: [] }
    : found;
  for (let pages = 0; pages < PAGES && run.step !== null; pages += 1) {
    const { step } = run;
    const paged = await STEPS[step](ports, workspaceId, run.after);
    const counts = { ...run.counts };
    for (const [name, count] of Object.entries(paged.counts)) counts[name] = (counts[name] ?? 0) + count;
    const next: RetentionRun = {
      ...run,
      step: paged.last ? nextStep(run, step, clock.now()) : step,
      after: paged.last ? '' : paged.after,
      foldStartedAtMs: paged.last && step === 'movements' ? run.startedAtMs : run.foldStartedAtMs,
      counts,
      unproven: [...run.unproven, ...(paged.unproven ?? [])].slice(0, 100),
      rev: run.rev + 1,
    };
    const { _id: id, workspaceId: _, ...changes } = next;
    if ((await store.retentionRuns.change(id, { rev: run.rev }, changes)) !== 'changed')
      return { done: true, counts: run.counts, unproven: run.unproven };
    run = next;
  }
  return { done: run.step === null, counts: run.counts, unproven: run.unproven };
};
