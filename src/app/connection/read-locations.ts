import type { Actor } from '#domain/actor.ts';
import { Failure } from '#domain/failure.ts';
import type { LocationRead } from '#domain/listing.ts';
import type { Output, RejectedItem } from '#kit';
import { getConnection } from '../get.ts';
import type { Ports } from '../ports.ts';
import { readyConnection } from '../usable-connection.ts';
import type { ConnectionRef } from './ref.ts';

/**
 * The places of an account, asked for now: the merchant names one of them in the connection's settings. Throws `rejected` where the
 * system knows none.
 */
export const readLocations = async (
  ports: Ports,
  _actor: Actor,
  { workspaceId, connectionId }: ConnectionRef,
): Promise<{ items: LocationRead[]; rejected: RejectedItem[] }> => {
  const { gateway } = ports;
  const connection = await readyConnection(ports, await getConnection(ports, workspaceId, connectionId), connectionId);
  if (!gateway.can(connection, 'locations.read'))
    throw new Failure('rejected', `${connection.name} knows no locations`, { safe: { connectionId } });
  const items: LocationRead[] = [];
  const rejected: RejectedItem[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: Output<'locations.read'> = await gateway.call(connection, 'locations.read', { cursor });
    items.push(...page.items);
    rejected.push(...(page.rejected ?? []));
    if (page.next === null) return { items, rejected };
    cursor = page.next;
  }
};
