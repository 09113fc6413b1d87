import type { Actor } from '#domain/actor.ts';
import { exceptionId } from '#domain/ids.ts';
import { type FailedStep, toRetry } from '#domain/job.ts';
import type { Ports } from '../ports.ts';
import { clearFailedStep, failedStep } from './open.ts';

/**
 * A step was done to its end: the exception of an earlier run of the same step, with the same payload, that failed for good is closed. One
 * that was opened within the last second may stay open until the step is done once more.
 */
export const stepDone = async (
  ports: Ports,
  actor: Actor,
  { step }: { step: Pick<FailedStep, 'job' | 'payload' | 'subject'> },
): Promise<void> => {
  const retry = toRetry(step.job, step.payload);
  if (retry === null) return;
  const { workspaceId } = retry.payload;
  const failed = await ports.cached.failedSteps(workspaceId);
  const id = exceptionId(workspaceId, 'failed_job', failedStep(step.job, step.subject.id));
  if (failed.get(id) !== JSON.stringify(retry)) return;
  await clearFailedStep(ports, actor, { workspaceId, job: step.job, subjectId: step.subject.id });
};
