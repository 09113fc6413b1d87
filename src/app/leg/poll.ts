import type { Actor } from '#domain/actor.ts';
import { Failure } from '#domain/failure.ts';
import { purchaseSubject } from '#domain/ids.ts';
import { isLost, type Leg } from '#domain/leg.ts';
import { getLeg } from '../get.ts';
import { finishDeliveries } from '../inbox/finish.ts';
import type { Ports } from '../ports.ts';
import { connectionToFinish } from '../usable-connection.ts';
import { type Submitted, takeReport } from './take-report.ts';

/** Asks the supplier how a purchase order stands. */
export const pollLeg = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, legId }: { workspaceId: string; legId: string },
): Promise<Submitted> => {
  const leg = await getLeg(ports, workspaceId, legId);
  const waiting = await ports.store.inbox.list(
    workspaceId,
    { subject: purchaseSubject(leg.partner, legId) },
    { limit: 1_000 },
  );
  const result = await askSupplier(ports, actor, leg);
  await finishDeliveries(ports, waiting);
  return result;
};

const askSupplier = async (ports: Ports, actor: Actor, leg: Leg): Promise<Submitted> => {
  // News of an order whose number we have not stored yet must not pass for old: it is asked for again.
  if (isLost(leg)) throw new Failure('unavailable', `it is not known yet what became of leg ${leg._id}`);
  if (
    leg.kind !== 'purchase' ||
    leg.externalId === '' ||
    !['submitted', 'accepted', 'partly_shipped', 'shipped'].includes(leg.state)
  )
    return { leg, next: 'wait', shipmentIds: [] };
  const connection = await connectionToFinish(ports, leg.workspaceId, leg.partner);
  const report = await ports.gateway.call(connection, 'purchases.get', {
    externalId: leg.externalId,
    reference: leg._id,
  });
  return takeReport(ports, actor, connection, leg, report);
};
