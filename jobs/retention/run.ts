import { INSTALLATION } from '#domain/due.ts';
import { defineJob } from '#queue';
import { WorkspaceRef } from '../steps.ts';

/**
 * Removes what has been kept long enough. For the whole installation it starts a run in each workspace; a run that has more to do
 * than one job should starts itself again, and goes on where it was.
 */
export const runRetention = defineJob({
  name: 'retention.run',
  queue: 'bulk',
  retry: 'own',
  exclusive: 'retention',
  payload: WorkspaceRef,
  key: ({ workspaceId }) => [workspaceId],
  subject: ({ workspaceId }) => ({ kind: 'workspace', id: workspaceId }),
  async handle({ app, actor, start }, { workspaceId }) {
    const again = (id: string) => start({ job: 'retention.run', payload: { workspaceId: id } });
    if (workspaceId === INSTALLATION) for await (const id of app.eachWorkspace(actor)) await again(id);
    else if (!(await app.runRetention(actor, { workspaceId })).done) await again(workspaceId);
  },
});
