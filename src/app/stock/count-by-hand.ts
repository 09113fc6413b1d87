import type { Actor } from '#domain/actor.ts';
import { badValue, Failure } from '#domain/failure.ts';
import { offerId } from '#domain/ids.ts';
import type { COUNTED_KINDS } from '#domain/stock.ts';
import { findWrongLocations } from '../location/find-wrong.ts';
import type { Ports } from '../ports.ts';
import type { ShelfOp } from './apply.ts';
import { countAndFindWoken } from './count-and-wake.ts';

export interface Counted {
  sku: string;
  kind: (typeof COUNTED_KINDS)[number];
  /** Negative only for an adjustment. */
  quantity: number;
  /** Each counts once for a shelf, SKU and kind. */
  reference: string;
}

const shelfOp = (location: string, id: string, { sku, kind, quantity, reference }: Counted): ShelfOp => ({
  location,
  sku,
  op: kind === 'receipt' ? { kind, id, quantity, expected: 0, reference } : { kind, id, quantity, reference },
});

/**
 * Counts what people count: opening counts, adjustments, goods in and goods back, at `location` or else on the shelf of each SKU's
 * offer. Answers in turn the id of each movement, or why it was not counted, and the orders that came to hold units.
 */
export const countByHand = async (
  ports: Ports,
  actor: Actor,
  {
    workspaceId,
    location: fixed,
    movements,
  }: {
    workspaceId: string;
    location: string | null;
    movements: readonly Counted[];
  },
): Promise<{ results: (string | Failure)[]; orderIds: string[] }> => {
  if (fixed !== null) {
    const wrong = (await findWrongLocations(ports, actor, { workspaceId, codes: [fixed] })).get(fixed);
    if (wrong !== undefined) throw badValue('location', wrong);
  }
  const shelves = new Map<string, string>();
  if (fixed === null) {
    const ids = [...new Set(movements.map(({ sku }) => offerId(workspaceId, sku)))];
    for (const { sku, location } of await ports.store.offers.findMany(workspaceId, ids)) shelves.set(sku, location);
  }
  const ops = new Map<string, ShelfOp>();
  const taken = movements.map((movement): string | Failure => {
    const { sku, kind, reference } = movement;
    const location = fixed ?? shelves.get(sku);
    if (location === undefined) return badValue('sku', `${sku} has no offer: name the location`, { sku });
    const id = `api:${workspaceId}:${location}:${sku}:${kind}:${reference}`;
    if (ops.has(id)) return new Failure('conflict', `${reference} of ${sku} is in this batch twice.`);
    ops.set(id, shelfOp(location, id, movement));
    return id;
  });
  const { orderIds, known } = await countAndFindWoken(ports, workspaceId, [...ops.values()]);
  const results = taken.map((id, index) => {
    const before = typeof id === 'string' ? known.get(id) : undefined;
    const { reference, sku, quantity } = movements[index] ?? { reference: '', sku: '', quantity: 0 };
    return before !== undefined && before.onHand !== quantity
      ? new Failure('conflict', `${reference} of ${sku} was counted before, with ${before.onHand}.`)
      : id;
  });
  return { results, orderIds };
};
