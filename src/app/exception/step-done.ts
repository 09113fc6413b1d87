import type { Actor } from '#domain/actor.ts';
import { exceptionId } from '#domain/ids.ts';
import { type FailedStep, toRetry } from '#domain/job.ts';
import type { DoneStep, Ports } from '../ports.ts';
import { clearFailedStep, failedStep } from './open.ts';

/**
 * A step was done to its end: the exception of an earlier run of the same step, with the same payload, that failed for good is closed. One
 * that another process has opened within the last second is closed by `lookAgainAtDone`.
 */
export const stepDone = async (
  ports: Ports,
  actor: Actor,
  { step }: { step: Pick<FailedStep, 'job' | 'payload' | 'subject'> },
): Promise<void> => {
  const known = toRetry(step.job, step.payload);
  if (known === null) return;
  const { workspaceId } = known.payload;
  const failed = await ports.cached.failedSteps(workspaceId);
  const { job, subject } = step;
  const id = exceptionId(workspaceId, 'failed_job', failedStep(job, subject.id));
  const retry = JSON.stringify(known);
  if (failed.get(id) === retry) return clearFailedStep(ports, actor, { workspaceId, job, subjectId: subject.id });
  const done = ports.cached.doneSteps.get(workspaceId) ?? new Map<string, DoneStep>();
  ports.cached.doneSteps.set(workspaceId, done.set(id, { job, subjectId: subject.id, retry, atMs: ports.clock.now() }));
};

/**
 * Looks once more at the steps that this process has done since it last looked: what was read of the exceptions then may have been older
 * than one that another process had opened. Closes those that were opened before their step was done. One read a workspace, however many
 * steps were done.
 */
export const lookAgainAtDone = async (ports: Ports, actor: Actor): Promise<void> => {
  const { cached, store } = ports;
  for (const [workspaceId, done] of [...cached.doneSteps]) {
    cached.doneSteps.delete(workspaceId);
    cached.failedSteps.forget(workspaceId);
    for (const [id, retry] of await cached.failedSteps(workspaceId)) {
      const step = done.get(id);
      if (step?.retry !== retry) continue;
      const exception = await store.exceptions.find(workspaceId, id);
      // One that was opened after it is of a later run.
      if (exception && exception.openedAtMs < step.atMs)
        await clearFailedStep(ports, actor, { workspaceId, job: step.job, subjectId: step.subjectId });
    }
  }
};
