import type { Actor } from '#domain/actor.ts';
import { Failure } from '#domain/failure.ts';
import { variantId, withConfirmed } from '#domain/variant.ts';
import type { Ports } from '../ports.ts';
import { afterVariants, changeVariant } from './put.ts';

/** Confirmed at a time. */
const PAGE = 500;

/**
 * Takes the assumed facts of these SKUs, or of all, as a person's word. Throws `not_found` with the SKUs that are not there, before
 * anything is confirmed. Says how many were, and which packages may go on.
 */
export const confirmVariants = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, skus }: { workspaceId: string; skus: readonly string[] | 'all' },
): Promise<{ confirmed: number; shipmentIds: string[] }> => {
  const { store, clock } = ports;
  const confirmed: string[] = [];
  const confirm = async (sku: string): Promise<void> => {
    await changeVariant(ports, actor, { workspaceId, sku }, (current) => withConfirmed(current, actor, clock.now()));
    confirmed.push(sku);
  };
  if (skus === 'all')
    for (;;) {
      // What is confirmed leaves the list: the first page is always the next.
      const page = await store.variants.list(workspaceId, { assumed: true }, { limit: PAGE });
      await Promise.all(page.map(({ sku }) => confirm(sku)));
      if (page.length < PAGE) break;
    }
  else {
    const found = await store.variants.findMany(
      workspaceId,
      skus.map((sku) => variantId(workspaceId, sku)),
    );
    const missing = skus.filter((sku) => !found.some((variant) => variant.sku === sku));
    if (missing.length > 0)
      throw new Failure('not_found', `there is no variant ${missing.join(', ')}`, { safe: { skus: missing } });
    await Promise.all(found.filter(({ assumed }) => assumed).map(({ sku }) => confirm(sku)));
  }
  return {
    confirmed: confirmed.length,
    shipmentIds: await afterVariants(ports, actor, { workspaceId, skus: confirmed }),
  };
};
