import type { Actor } from '#domain/actor.ts';
import { pagesOf, workspacePages } from '../every-page.ts';
import type { Ports } from '../ports.ts';

/**
 * Orders that wait for an exchange rate, of one workspace or of all, by the legs that wait. For whoever brought a rate: they go on by
 * themselves.
 */
export const waitingForRates = async function* (
  { store }: Ports,
  _actor: Actor,
  { workspaceId }: { workspaceId: string | null },
): AsyncGenerator<{ workspaceId: string; orderId: string }> {
  const waiting = async function* (id: string) {
    for (const state of ['planned', 'awaiting'] as const)
      for await (const page of pagesOf(store.legs, id, { state }))
        for (const { waitsFor, orderId } of page)
          if (waitsFor === 'hold' && orderId !== null) yield { workspaceId: id, orderId };
  };
  if (workspaceId !== null) yield* waiting(workspaceId);
  else for await (const page of workspacePages(store)) for (const { _id } of page) yield* waiting(_id);
};
