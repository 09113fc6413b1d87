import type { Actor } from '#domain/actor.ts';
import { Failure } from '#domain/failure.ts';
import { moveLeg } from '#domain/leg.ts';
import { move } from '#domain/move.ts';
import { restoreId, restoreMachine } from '#domain/restore.ts';
import { changeLeg } from '../change.ts';
import { setLive } from '../connection/go-live.ts';
import type { Ports } from '../ports.ts';
import { reconcileRestore } from './reconcile.ts';
import { restoreStatus } from './status.ts';

const PAGE = 500;

/**
 * A person says that a restored workspace goes on: the connections that were live are live again, and what was not sent is looked at
 * from the start, approvals first. Refused (`conflict`, with what it waits for) while purchase orders are being looked up or orders are
 * on their way in. `force` does not wait for a storefront that does not answer. May be repeated.
 */
export const resumeRestore = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, force }: { workspaceId: string; force: boolean },
): Promise<{ connectionIds: string[] }> => {
  const { store, clock } = ports;
  const record = await store.restores.find(workspaceId, restoreId(workspaceId));
  if (!record) throw new Failure('not_found', 'this workspace was not restored from a backup');
  if (record.state === 'resumed') return { connectionIds: [] };
  // Orders that were read back since have made legs of their own.
  await reconcileRestore(ports, actor, { workspaceId });
  const status = await restoreStatus(ports, { workspaceId });
  const waitingFor = (status?.waitingFor ?? []).filter(({ far }) => !(far && force)).map(({ text }) => text);
  if (waitingFor.length > 0)
    throw new Failure('conflict', `not yet: ${waitingFor.join('; ')}`, { safe: { waitingFor } });

  // Looked up and free: nothing of it may be sent on the strength of what was so before the backup.
  for (let after = ''; ; ) {
    const checks = await store.restoreChecks.list(workspaceId, {}, { limit: PAGE, after });
    for (const { legId, backupId } of checks)
      if (backupId === record.backupId)
        await changeLeg(ports, workspaceId, legId, (current) =>
          current.kind === 'purchase' && current.state === 'planned' && current.externalId === ''
            ? moveLeg(current, 'awaiting', { waitsFor: 'approval', dueAtMs: clock.now() }, { actor, atMs: clock.now() })
            : null,
        ).catch((error: unknown) => {
          if (!(error instanceof Failure && error.code === 'not_found')) throw error;
        });
    if (checks.length < PAGE) break;
    after = checks.at(-1)?._id ?? '';
  }
  // What was live was allowed to be; and the vendor need not answer just now.
  for (const connection of await store.connections.findMany(workspaceId, record.live))
    if (connection.state !== 'removed') await setLive(ports, actor, connection);
  const now = clock.now();
  const written = await store.restores.change(
    record._id,
    { state: 'quiet' },
    move(restoreMachine, record, 'resumed', { resumedAtMs: now }, { actor, atMs: now }),
  );
  return { connectionIds: written === 'changed' ? record.live : [] };
};
