import { Failure } from '#domain/failure.ts';
import type { Leg } from '#domain/leg.ts';
import { changeLeg } from '../change.ts';
import type { Ports } from '../ports.ts';

/** The factory takes a work leg on. */
export const acceptLeg = (ports: Ports, workspaceId: string, legId: string): Promise<Leg> =>
  changeLeg(ports.store, workspaceId, legId, (current) => {
    if (current.kind !== 'work')
      throw new Failure('conflict', `leg ${legId} is a ${current.kind} leg: there is nothing to accept`);
    if (current.state === 'accepted') return null;
    if (current.state !== 'awaiting')
      throw new Failure('conflict', `leg ${legId} is ${current.state}`, { safe: { state: current.state } });
    return { ...current, state: 'accepted', updatedAtMs: ports.clock.now() };
  });
