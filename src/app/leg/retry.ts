import type { Actor } from '#domain/actor.ts';
import { LEG_MACHINES, type Leg, moveLeg } from '#domain/leg.ts';
import { move } from '#domain/move.ts';
import { changeLeg } from '../change.ts';
import type { Ports } from '../ports.ts';

/** A leg that its party refused is planned again as it is, once the cause of the refusal is mended. */
export const retryLeg = (
  ports: Ports,
  actor: Actor,
  { workspaceId, legId }: { workspaceId: string; legId: string },
): Promise<Leg> => {
  const by = { actor, atMs: ports.clock.now() };
  const dueAtMs = ports.clock.now() + ports.grace();
  return changeLeg(ports, workspaceId, legId, (leg) => {
    if (leg.state !== 'rejected') return null;
    return leg.kind === 'purchase'
      ? move(LEG_MACHINES.purchase, leg, 'planned', { externalId: '', reason: '', unpaid: null, dueAtMs }, by)
      : moveLeg(leg, 'planned', { reason: '', dueAtMs }, by);
  });
};
