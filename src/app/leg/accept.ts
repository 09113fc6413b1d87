import type { Actor } from '#domain/actor.ts';
import { Failure } from '#domain/failure.ts';
import { type Leg, moveLeg } from '#domain/leg.ts';
import { changeLeg } from '../change.ts';
import type { Ports } from '../ports.ts';

/** The factory takes a work leg on. */
export const acceptLeg = (
  ports: Ports,
  actor: Actor,
  { workspaceId, legId }: { workspaceId: string; legId: string },
): Promise<Leg> =>
  changeLeg(ports, workspaceId, legId, (current) => {
    if (current.kind !== 'work')
      throw new Failure('conflict', `leg ${legId} is a ${current.kind} leg: there is nothing to accept`);
    if (current.state === 'accepted') return null;
    if (current.state !== 'awaiting')
      throw new Failure('conflict', `leg ${legId} is ${current.state}`, { safe: { state: current.state } });
    return moveLeg(current, 'accepted', { waitsFor: null }, { actor, atMs: ports.clock.now() });
  });
