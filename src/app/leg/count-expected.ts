import type { Leg } from '#domain/leg.ts';
import type { Ports } from '../ports.ts';
import { applyStock, type ShelfOp } from '../stock/apply.ts';

/**
 * Counts what a leg that fills our own shelf has on its way, each step once: what its party has refused is not, until it is tried again.
 * Safe at any time.
 */
export const countExpected = async (ports: Ports, leg: Leg): Promise<void> => {
  if (leg.orderId !== null) return;
  const refusals = leg.refusals ?? 0;
  const tries = leg.state === 'rejected' ? refusals : refusals + 1;
  const step = (line: Leg['lines'][number], id: string, quantity: number): ShelfOp => ({
    location: leg.location,
    sku: line.sku,
    op: { kind: 'expect', id, quantity, reference: leg._id },
  });
  await applyStock(
    ports,
    leg.workspaceId,
    leg.lines.flatMap((line) =>
      Array.from({ length: tries }, (_, n) => [
        step(line, n === 0 ? `expect:${line.lineId}` : `expect:${line.lineId}:${n}`, line.quantity),
        ...(n < refusals ? [step(line, `refused:${line.lineId}:${n}`, -line.quantity)] : []),
      ]).flat(),
    ),
  );
};
