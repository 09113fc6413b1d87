import { z } from 'zod';
import type { Start } from '#app/app.ts';
import { CAUSE_NAMES, CAUSES, type ExceptionRecord, exceptionMachine } from '#domain/exception.ts';
import { Failure } from '#domain/failure.ts';
import { jobCatalogue } from '#jobs';
import { listPage, Page, PageQuery } from '../page.ts';
import { type Asked, defineRoute } from '../route.ts';
import { CauseName, ExceptionView, SetAsideView, toException, toSetAside } from '../views.ts';

const params = z.strictObject({ id: z.string() });

/** Puts the step that a retry names on its queue. */
const startOf =
  ({ deps }: Asked): Start =>
  async ({ job: name, payload }) => {
    const job = jobCatalogue.get(name);
    if (!job) throw new Failure('conflict', `There is no step ${name} any more; resolve it with a note.`);
    await deps.enqueue(job, payload);
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
        state: z.enum(exceptionMachine.states).optional(),
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
    async handle({ app, workspaceId }) {
      const open = await app.countExceptions(workspaceId);
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
      const { app, actor, workspaceId } = asked;
      const given = { workspaceId, cause: body.cause, start: startOf(asked) };
      const { selected, retried } = await app.retryCause(actor, given);
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
      const { app, actor, workspaceId } = asked;
      const given = { workspaceId, exceptionId: input.params.id, start: startOf(asked) };
      return toException(await app.retryException(actor, given));
    },
  }),
  defineRoute({
    method: 'post',
    path: '/exceptions/{id}/resolve',
    scope: 'exceptions:write',
    summary: 'Closes it with a note',
    input: z.strictObject({ params, body: z.strictObject({ note: z.string().min(1).max(2_000) }) }),
    response: ExceptionView,
    async handle({ app, actor, workspaceId }, { params: { id: exceptionId }, body: { note } }) {
      return toException(await app.resolveException(actor, { workspaceId, exceptionId, note }));
    },
  }),
  defineRoute({
    method: 'get',
    path: '/set-aside',
    scope: 'exceptions:read',
    summary:
      'Documents of an older version that could not be read at an upgrade: nothing works with them until they are entered anew',
    input: z.strictObject({ query: z.strictObject(PageQuery) }),
    response: Page(SetAsideView),
    handle: ({ store, workspaceId }, { query }) => listPage(store.setAside, workspaceId, {}, query, toSetAside),
  }),
];
