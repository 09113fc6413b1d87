import type { Connection } from '#domain/connection.ts';
import { customerSubject, idOf, orderSubject, purchaseSubject } from '#domain/ids.ts';
import type { InboxItem } from '#domain/records.ts';
import type { WebhookMeaning } from '#kit';
import type { Ports } from '../ports.ts';
import { hearOfParcel } from '../shipment/follow.ts';

/**
 * A webhook as it is kept until it is done; null for one that means nothing to us. The same delivery has the same id. A purchase of
 * somebody else's with the same account is not ours to look at. What a carrier tells of a parcel is no item: the parcel is due at once.
 */
export const readDelivery = async (
  { store, clock, grace }: Ports,
  { _id: connectionId, workspaceId }: Connection,
  deliveryId: string,
  meaning: WebhookMeaning,
): Promise<InboxItem | null> => {
  const now = clock.now();
  const item = (subject: string, kept: InboxItem['meaning']): InboxItem => ({
    _id: idOf('in', connectionId, deliveryId),
    workspaceId,
    connectionId,
    deliveryId,
    subject,
    meaning: kept,
    state: 'new',
    dueAtMs: now + grace(),
    createdAtMs: now,
  });
  if (meaning.kind === 'order') {
    const { externalId } = meaning;
    return item(orderSubject(connectionId, externalId), { kind: 'order', externalId, reference: '' });
  }
  if (meaning.kind === 'erase') {
    const { externalId, orders } = meaning;
    return item(customerSubject(connectionId, externalId), { kind: 'erase', externalId, reference: orders.join(' ') });
  }
  if (meaning.kind === 'tracking') {
    await hearOfParcel({ store, clock }, { workspaceId, connectionId, number: meaning.number });
    return null;
  }
  if (meaning.kind !== 'purchase') return null;
  const { reference, externalId, parts } = meaning;
  const [leg] =
    reference === ''
      ? await store.legs.list(workspaceId, { partner: connectionId, externalId }, { limit: 1 })
      : await store.legs.findMany(workspaceId, [reference]);
  if (leg?.partner !== connectionId) return null;
  const kept = { kind: 'purchase', externalId, reference: leg._id };
  return item(purchaseSubject(connectionId, leg._id), parts ? { ...kept, parts: [...parts] } : kept);
};
