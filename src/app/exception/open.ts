import { CAUSES, type Cause, type ExceptionRecord } from '#domain/exception.ts';
import { idOf } from '#domain/ids.ts';
import type { Ports } from '../ports.ts';

export type NewException = Pick<ExceptionRecord, 'workspaceId' | 'cause' | 'subject' | 'orderId' | 'detail' | 'retry'>;

export const exceptionId = (workspaceId: string, cause: Cause, subjectId: string): string =>
  idOf('ex', workspaceId, cause, subjectId);

/** One open exception per cause and subject; a cause that comes back opens it again. */
export const openException = async ({ store, clock, log }: Ports, given: NewException): Promise<string> => {
  const _id = exceptionId(given.workspaceId, given.cause, given.subject.id);
  const fresh: ExceptionRecord = { _id, ...given, state: 'open', note: '', openedAtMs: clock.now(), closedAtMs: null };
  if (await store.exceptions.insert(fresh))
    log.warn({ cause: given.cause, subject: given.subject, detail: given.detail }, CAUSES[given.cause].title);
  else
    await store.exceptions.change(
      _id,
      { state: 'resolved' },
      { state: 'open', detail: given.detail, retry: given.retry, closedAtMs: null },
    );
  return _id;
};

/** Closes it when its cause is gone. Costs one write, and nothing when there is none. */
export const clearException = async (
  { store, clock }: Ports,
  workspaceId: string,
  cause: Cause,
  subjectId: string,
): Promise<void> => {
  await store.exceptions.change(
    exceptionId(workspaceId, cause, subjectId),
    { state: 'open' },
    { state: 'resolved', note: 'The cause is gone.', closedAtMs: clock.now() },
  );
};
