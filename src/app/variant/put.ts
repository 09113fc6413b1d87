import type { Actor } from '#domain/actor.ts';
import { Failure } from '#domain/failure.ts';
import { newVariant, type Variant, type VariantInput, variantId, withTyped } from '#domain/variant.ts';
import { checkGtin } from '#trade/identifiers/gs1.ts';
import { clearException } from '../exception/open.ts';
import type { Ports } from '../ports.ts';
import { waitingPackages } from '../shipment/waiting.ts';

/** Writes of one variant that others overtook. */
const MOST_ROUNDS = 20;

/** A changed variant, written if nobody wrote in between, else again with what is there then. `next` is pure. */
export const changeVariant = async (
  { store, clock }: Ports,
  actor: Actor,
  { workspaceId, sku }: { workspaceId: string; sku: string },
  next: (current: Variant) => Variant,
): Promise<Variant> => {
  const _id = variantId(workspaceId, sku);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const current = await store.variants.find(workspaceId, _id);
    const changed = next(current ?? newVariant(workspaceId, sku, actor, clock.now()));
    if (!current) {
      if (await store.variants.insert(changed)) return changed;
      continue;
    }
    const { version } = current;
    const written = { ...changed, version: version + 1 };
    if ((await store.variants.change(_id, { version }, written)) === 'changed') return written;
  }
  throw new Failure('unavailable', `variant ${sku} is too busy`);
};

/** Nothing is assumed any more: the upgrade's question is answered. */
export const clearAssumed = async (ports: Ports, actor: Actor, workspaceId: string): Promise<void> => {
  if ((await ports.store.variants.list(workspaceId, { assumed: true }, { limit: 1 })).length === 0)
    await clearException(ports, actor, { workspaceId, cause: 'facts_assumed', subjectId: workspaceId });
};

/** What a person says of one SKU. Throws `rejected` with the field for a GTIN whose check digit is wrong. */
export const putVariant = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, variant }: { workspaceId: string; variant: VariantInput },
): Promise<Variant> => {
  if (variant.gtin) {
    const checked = checkGtin(variant.gtin);
    if (!checked.valid)
      throw new Failure('rejected', `${variant.sku}: ${variant.gtin} is no GTIN`, { safe: { field: 'gtin' } });
  }
  return changeVariant(ports, actor, { workspaceId, sku: variant.sku }, (current) =>
    withTyped(current, variant, actor, ports.clock.now()),
  );
};

/** The packages that facts of these SKUs may let go. Asked once after a batch. */
export const afterVariants = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, skus }: { workspaceId: string; skus: readonly string[] },
): Promise<string[]> => {
  if (skus.length === 0) return [];
  await clearAssumed(ports, actor, workspaceId);
  return waitingPackages(ports, actor, { workspaceId, waitsFor: ['hold'], skus: new Set(skus) });
};
