import type { Actor } from '#domain/actor.ts';
import { isFailure } from '#domain/failure.ts';
import { cancelOpen, type Leg } from '#domain/leg.ts';
import { changeLeg } from '../change.ts';
import { requestReplan } from '../order/request-replan.ts';
import type { Ports } from '../ports.ts';

/**
 * A leg that was never sent and whose supplier's connection is removed: its order is planned anew, by the offers that there are now. One
 * that was to fill our own shelf is cancelled. Again changes nothing.
 */
export const leavePartner = async (ports: Ports, actor: Actor, leg: Leg, partner: { name: string }): Promise<Leg> => {
  const { workspaceId, _id: legId, orderId } = leg;
  const reason = `The supplier ${partner.name} was removed.`;
  if (orderId !== null)
    await requestReplan(ports, actor, { workspaceId, orderId, reason, cancelSent: false }).catch((error: unknown) => {
      // Over: nothing of it is planned any more.
      if (!isFailure(error, 'conflict')) throw error;
    });
  return changeLeg(
    ports,
    workspaceId,
    legId,
    (current) =>
      orderId === null && current.state === 'planned'
        ? cancelOpen(current, { reason }, { actor, atMs: ports.clock.now() })
        : null,
    leg,
  );
};
