import type { Actor } from '#domain/actor.ts';
import type { Address } from '#domain/address.ts';
import { shippingAddress } from '#domain/location.ts';
import { openException } from '../exception/open.ts';
import { findLocation } from '../get.ts';
import type { Ports } from '../ports.ts';

/** The address of a location as it is now; null for one that has none, and an exception then says so. */
export const addressOfLocation = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, code }: { workspaceId: string; code: string },
): Promise<Address | null> => {
  const address = shippingAddress(await findLocation(ports, workspaceId, code));
  if (address === null)
    await openException(ports, actor, {
      workspaceId,
      cause: 'location_incomplete',
      subject: { kind: 'location', id: code },
      orderId: null,
      detail: `Location ${code} has no address: its labels and the purchases for it wait`,
      retry: null,
    });
  return address;
};
