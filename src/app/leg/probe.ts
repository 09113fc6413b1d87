import type { Actor } from '#domain/actor.ts';
import { isLost, moveLeg, moveUnsent } from '#domain/leg.ts';
import { changeLeg } from '../change.ts';
import { getLeg } from '../get.ts';
import type { Ports } from '../ports.ts';
import { connectionToFinish } from '../usable-connection.ts';
import { type Submitted, takeReport } from './take-report.ts';

/** Looks up what became of a purchase order: adopts what the supplier holds, or frees the leg to be sent again. */
export const probeLeg = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, legId }: { workspaceId: string; legId: string },
): Promise<Submitted> => {
  const { clock, gateway } = ports;
  const leg = await getLeg(ports, workspaceId, legId);
  if (leg.kind !== 'purchase' || !isLost(leg)) return { leg, next: 'wait', shipmentIds: [] };
  const connection = await connectionToFinish(ports, workspaceId, leg.partner);
  const report = await gateway.call(connection, 'purchases.find', { reference: leg._id });
  // What was taken off meanwhile can be asked for now that the supplier's number is known.
  const asked = leg.lines.some((line) => line.asked > 0);
  if (report) {
    const taken = await takeReport(ports, actor, connection, leg, report);
    return asked && taken.next === 'poll' ? { ...taken, next: 'reconcile' } : taken;
  }
  const by = { actor, atMs: clock.now() };
  const planned = await changeLeg(ports, workspaceId, legId, (current) =>
    current.version === leg.version
      ? current.state === 'submitted'
        ? moveLeg(current, 'unknown', { dueAtMs: clock.now() + ports.grace() }, by)
        : moveUnsent(current, 'planned', { dueAtMs: clock.now() + ports.grace() }, by)
      : null,
  );
  if (planned.state === 'cancelled') return { leg: planned, next: 'reconcile', shipmentIds: [] };
  if (planned.state !== 'planned') return { leg: planned, next: 'probe', shipmentIds: [] };
  return { leg: planned, next: asked ? 'reconcile' : 'submit', shipmentIds: [] };
};
