import type { Actor } from '#domain/actor.ts';
import { Failure } from '#domain/failure.ts';
import { purchaseSubject } from '#domain/ids.ts';
import { isLost, type Leg } from '#domain/leg.ts';
import type { InboxItem } from '#domain/records.ts';
import { changeLeg } from '../change.ts';
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
  const found = await getLeg(ports, workspaceId, legId);
  const waiting = await ports.store.inbox.list(
    workspaceId,
    { subject: purchaseSubject(found.partner, legId) },
    { limit: 1_000 },
  );
  const leg = await noteParts(ports, found, waiting);
  const result = await askSupplier(ports, actor, leg);
  await finishDeliveries(ports, waiting);
  return result;
};

/** What a supplier has told of the orders into which it split this one stays with the leg: whoever asks later names them too. */
const noteParts = async (ports: Ports, leg: Leg, waiting: readonly InboxItem[]): Promise<Leg> => {
  const told = waiting.flatMap(({ meaning }) => meaning.parts ?? []);
  const partsOf = (current: Leg): string[] =>
    current.kind === 'purchase' ? [...new Set([...(current.parts ?? []), ...told])] : [];
  if (leg.kind !== 'purchase' || partsOf(leg).length === (leg.parts ?? []).length) return leg;
  return changeLeg(
    ports,
    leg.workspaceId,
    leg._id,
    (current) => (current.kind === 'purchase' ? { parts: partsOf(current) } : null),
    leg,
  );
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
    ...(leg.parts ? { parts: leg.parts } : {}),
  });
  return takeReport(ports, actor, connection, leg, report);
};
