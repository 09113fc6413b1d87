import type { Actor } from '#domain/actor.ts';
import { CAUSES, type Cause, type ExceptionRecord, exceptionMachine } from '#domain/exception.ts';
import { exceptionId } from '#domain/ids.ts';
import { born, move } from '#domain/move.ts';
import { asRead } from '../change.ts';
import type { Ports } from '../ports.ts';

export type NewException = Pick<
  ExceptionRecord,
  'workspaceId' | 'cause' | 'subject' | 'orderId' | 'detail' | 'retry' | 'unread'
>;

/**
 * One open exception per cause and subject; a cause that comes back opens it again, with what is true now. An earlier run of the same
 * step that failed for good is decided by it.
 */
export const openException = async (
  { store, clock, log }: Pick<Ports, 'store' | 'clock' | 'log'>,
  actor: Actor,
  given: NewException,
): Promise<string> => {
  const _id = exceptionId(given.workspaceId, given.cause, given.subject.id);
  const by = { actor, atMs: clock.now() };
  if (given.retry && given.cause !== 'failed_job')
    await clearFailedStep({ store, clock }, actor, { ...given, job: given.retry.job, subjectId: given.subject.id });
  const fresh: ExceptionRecord = { _id, ...given, state: 'open', note: '', openedAtMs: clock.now(), closedAtMs: null };
  if (await store.exceptions.insert(born(exceptionMachine, fresh, by))) {
    log.warn({ cause: given.cause, subject: given.subject, detail: given.detail }, CAUSES[given.cause].title);
    return _id;
  }
  const known = await store.exceptions.find(given.workspaceId, _id);
  const { detail, retry, unread } = given;
  const news = { detail, retry, ...(unread ? { unread } : {}) };
  if (known?.state === 'resolved') {
    const changes = { ...news, openedAtMs: clock.now(), closedAtMs: null };
    const opened = move(exceptionMachine, known, 'open', changes, by);
    await store.exceptions.change(_id, asRead(known), opened);
  } else if (known && (unread || known.detail !== detail)) await store.exceptions.change(_id, { state: 'open' }, news);
  return _id;
};

/** Closes it when its cause is gone. Nothing is written when there is none that is open. */
export const clearException = async (
  { store, clock }: Pick<Ports, 'store' | 'clock'>,
  actor: Actor,
  { workspaceId, cause, subjectId }: { workspaceId: string; cause: Cause; subjectId: string },
): Promise<void> => {
  const _id = exceptionId(workspaceId, cause, subjectId);
  const known = await store.exceptions.find(workspaceId, _id);
  if (known?.state !== 'open') return;
  const by = { actor, atMs: clock.now() };
  const closed = move(exceptionMachine, known, 'resolved', { note: 'The cause is gone.', closedAtMs: clock.now() }, by);
  // Refused: it was closed, or has come back, meanwhile; of what came back nobody has seen that it is gone.
  await store.exceptions.change(_id, asRead(known), closed);
};

/** What an exception of a step that failed for good is opened on. */
export const failedStep = (job: string, subjectId: string): string => `${job} ${subjectId}`;

/** Closes the exception of a step that failed for good, once a later run has decided what it was about. */
export const clearFailedStep = (
  ports: Pick<Ports, 'store' | 'clock'>,
  actor: Actor,
  { workspaceId, job, subjectId }: { workspaceId: string; job: string; subjectId: string },
): Promise<void> =>
  clearException(ports, actor, { workspaceId, cause: 'failed_job', subjectId: failedStep(job, subjectId) });
