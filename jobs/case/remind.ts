import { defineJob } from '#queue';
import { WorkspaceRef } from '../steps.ts';

/** Gives the reminders of all open case files whose day has come, each once. */
export const remindCases = defineJob({
  name: 'case.remind',
  queue: 'bulk',
  retry: 'own',
  payload: WorkspaceRef,
  key: ({ workspaceId }) => [workspaceId],
  subject: ({ workspaceId }) => ({ kind: 'workspace', id: workspaceId }),
  async handle({ app }, { workspaceId }) {
    await app.remindCases(workspaceId);
  },
});
