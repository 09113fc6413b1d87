import { z } from 'zod';
import { changeLeg } from '#app/change.ts';
import { CAUSES, type Cause, type ExceptionRecord } from '#domain/exception.ts';
import { Failure } from '#domain/failure.ts';
import { jobCatalogue } from '#jobs';
import { everyPage, listPage, Page, PageQuery } from '../page.ts';
import { type Asked, defineRoute } from '../route.ts';
import { CauseName, ExceptionView, toException } from '../views.ts';

const params = z.strictObject({ id: z.string() });
const CAUSE_NAMES = Object.keys(CAUSES).filter((name): name is Cause => name in CAUSES);

const getException = async ({ store, workspaceId }: Asked, id: string): Promise<ExceptionRecord> => {
  const exception = await store.exceptions.find(workspaceId, id);
  if (!exception) throw new Failure('not_found', `There is no exception ${id}.`);
  return exception;
};

/**
 * Puts the step on its queue again. An exception closes when its cause is gone, and opens again when it comes back; of a step
 * that failed for good nobody else would tell, so that one counts as resolved by the retry.
 */
const retry = async (asked: Asked, exception: ExceptionRecord): Promise<void> => {
  const { deps, store, workspaceId, caller } = asked;
  const job = exception.retry && jobCatalogue.get(exception.retry.job);
  if (!exception.retry || !job)
    throw new Failure('conflict', 'There is no step to try again; resolve it with a note.', {
      safe: { next: CAUSES[exception.cause].next },
    });
  if (exception.cause === 'purchase_rejected' && exception.subject.kind === 'leg')
    await changeLeg(store, workspaceId, exception.subject.id, (leg) =>
      leg.state === 'rejected'
        ? { ...leg, state: 'planned', externalId: '', note: '', updatedAtMs: deps.clock.now() }
        : null,
    );
  const closes = exception.cause === 'failed_job' || exception.cause === 'purchase_rejected';
  const closing = { state: 'resolved' as const, note: `Retried by ${caller.keyName}.`, closedAtMs: deps.clock.now() };
  // Before the step runs: it may fail, and open it, at once.
  if (closes) await store.exceptions.change(exception._id, { state: 'open' }, closing);
  try {
    await deps.enqueue(job, exception.retry.payload);
  } catch (error) {
    if (closes)
      await store.exceptions.change(exception._id, closing, { state: 'open', note: exception.note, closedAtMs: null });
    throw error;
  }
};

export const exceptionRoutes = [
  defineRoute({
    method: 'get',
    path: '/exceptions',
    scope: 'exceptions:read',
    summary: 'What waits for a person or for its cause to clear',
    input: z.strictObject({
      query: z.strictObject({
        ...PageQuery,
        state: z.enum(['open', 'resolved']).optional(),
        cause: CauseName.optional(),
        orderId: z.string().optional(),
      }),
    }),
    response: Page(ExceptionView),
    async handle({ store, workspaceId }, { query }) {
      const { state, cause, orderId } = query;
      const where: Partial<ExceptionRecord> = {};
      if (orderId !== undefined) where.orderId = orderId;
      else if (state === 'open') where.state = state;
      else if (cause !== undefined) where.cause = cause;
      else if (state !== undefined) where.state = state;
      const refines = [state, cause, orderId].filter((f) => f !== undefined).length > 1;
      const keep = (e: ExceptionRecord) =>
        (state === undefined || e.state === state) && (cause === undefined || e.cause === cause);
      return listPage(store.exceptions, workspaceId, where, query, toException, refines ? keep : undefined);
    },
  }),
  defineRoute({
    method: 'get',
    path: '/exceptions/causes',
    scope: 'exceptions:read',
    summary: 'How many are open of each cause, and what to do about it',
    input: z.strictObject({}),
    response: z.object({
      items: z.array(z.object({ cause: CauseName, title: z.string(), next: z.string(), open: z.int() })),
    }),
    async handle({ store, workspaceId }) {
      const open = new Map<Cause, number>();
      await everyPage(store.exceptions, workspaceId, { state: 'open' }, async (page) => {
        for (const { cause } of page) open.set(cause, (open.get(cause) ?? 0) + 1);
      });
      return {
        items: CAUSE_NAMES.map((cause) => ({ cause, ...CAUSES[cause], open: open.get(cause) ?? 0 })),
      };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/exceptions/retry',
    scope: 'exceptions:write',
    summary: 'Tries again everything that is open of one cause',
    input: z.strictObject({ body: z.strictObject({ cause: CauseName }) }),
    response: z.object({ selected: z.int(), retried: z.int(), skipped: z.int() }),
    async handle(asked, { body }) {
      let selected = 0;
      let retried = 0;
      await everyPage(asked.store.exceptions, asked.workspaceId, { cause: body.cause }, async (page) => {
        for (const exception of page.filter((e) => e.state === 'open')) {
          selected += 1;
          if (exception.retry === null) continue;
          await retry(asked, exception);
          retried += 1;
        }
      });
      return { selected, retried, skipped: selected - retried };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/exceptions/{id}/retry',
    scope: 'exceptions:write',
    summary: 'Tries the step again',
    input: z.strictObject({ params }),
    response: ExceptionView,
    async handle(asked, input) {
      await retry(asked, await getException(asked, input.params.id));
      return toException(await getException(asked, input.params.id));
    },
  }),
  defineRoute({
    method: 'post',
    path: '/exceptions/{id}/resolve',
    scope: 'exceptions:write',
    summary: 'Closes it with a note',
    input: z.strictObject({ params, body: z.strictObject({ note: z.string().min(1).max(2_000) }) }),
    response: ExceptionView,
    async handle(asked, input) {
      const { store, deps } = asked;
      const { _id } = await getException(asked, input.params.id);
      await store.exceptions.change(
        _id,
        { state: 'open' },
        { state: 'resolved', note: input.body.note, closedAtMs: deps.clock.now() },
      );
      return toException(await getException(asked, input.params.id));
    },
  }),
];
