import type { Actor } from '#domain/actor.ts';
import { newVariant, type ReadFacts, type Variant, variantId, withRead } from '#domain/variant.ts';
import { checkGtin } from '#trade/identifiers/gs1.ts';
import type { Ports } from '../ports.ts';
import { afterVariants } from './put.ts';

export interface ReadVariant {
  sku: string;
  title: string;
  facts: ReadFacts;
}

/** Has packages that wait for a label looked at again. */
export type WakePackages = (shipmentIds: readonly string[]) => Promise<void>;

/** A barcode field holds whatever somebody typed: what is no GTIN is not taken over. */
const withCheckedGtin = (facts: ReadFacts): ReadFacts => {
  if (!facts.gtin) return facts;
  const checked = checkGtin(facts.gtin);
  return { ...facts, gtin: checked.valid ? checked.full : null };
};

/**
 * Takes over what a listing or a catalogue says of our SKUs, each fact with its source, where no person has said otherwise. One that
 * was changed in between is left for the next read. `wake` is told the packages that something new may let go.
 */
export const takeOverFacts = async (
  ports: Ports,
  actor: Actor,
  {
    workspaceId,
    source,
    items,
  }: { workspaceId: string; source: 'listing' | 'catalogue'; items: readonly ReadVariant[] },
  wake: WakePackages,
): Promise<void> => {
  if (items.length === 0) return;
  const { store, clock } = ports;
  const atMs = clock.now();
  const ids = items.map(({ sku }) => variantId(workspaceId, sku));
  const known = new Map((await store.variants.findMany(workspaceId, ids)).map((variant) => [variant.sku, variant]));
  const changed = new Map<string, { before: Variant | null; next: Variant }>();
  for (const { sku, title, facts } of items) {
    const before = known.get(sku) ?? null;
    const current = changed.get(sku)?.next ?? before ?? newVariant(workspaceId, sku, actor, atMs);
    const next = withRead(current, { title, facts: withCheckedGtin(facts) }, { source, by: actor, atMs });
    if (next) changed.set(sku, { before, next });
  }
  const all = [...changed.values()];
  await store.variants.insertMany(all.flatMap(({ before, next }) => (before ? [] : [next])));
  await store.variants.changeMany(
    all.flatMap(({ before, next }) =>
      before
        ? [{ id: before._id, guard: { version: before.version }, changes: { ...next, version: before.version + 1 } }]
        : [],
    ),
  );
  const shipmentIds = await afterVariants(ports, actor, { workspaceId, skus: [...changed.keys()] });
  if (shipmentIds.length > 0) await wake(shipmentIds);
};
