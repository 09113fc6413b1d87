import { defineJob } from '#queue';
import { WorkspaceRef } from '../steps.ts';

/** Files what documents of a workspace have told. */
export const fileEvents = defineJob({
  name: 'events.file',
  queue: 'bulk',
  retry: 'own',
  exclusive: 'events',
  ifBusy: 'drop',
  payload: WorkspaceRef,
  key: ({ workspaceId }) => [workspaceId],
  subject: ({ workspaceId }) => ({ kind: 'workspace', id: workspaceId }),
  async handle({ app, actor }, { workspaceId }) {
    while ((await app.fileEvents(actor, { workspaceId })).more);
  },
});
