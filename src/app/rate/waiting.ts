import type { Actor } from '#domain/actor.ts';
import type { Ports } from '../ports.ts';

/**
 * Orders that wait for an exchange rate, of one workspace or of all, by the legs that wait. For whoever brought a rate: they go on by
 * themselves.
 */
export const waitingForRates = async function* (
  ports: Ports,
  _actor: Actor,
  { workspaceId }: { workspaceId: string | null },
): AsyncGenerator<{ workspaceId: string; orderId: string }> {
  const workspaces = async function* () {
    if (workspaceId !== null) yield workspaceId;
    else
      for (let after = ''; ; ) {
        const page = await ports.store.allWorkspaces({ after, limit: 500 });
        yield* page.map(({ _id }) => _id);
        if (page.length < 500) return;
        after = page.at(-1)?._id ?? '';
      }
  };
  for await (const id of workspaces())
    for (const state of ['planned', 'awaiting'] as const)
      for (let after: string | undefined; ; ) {
        const page = await ports.store.legs.list(
          id,
          { state },
          { limit: 500, ...(after === undefined ? {} : { after }) },
        );
        for (const leg of page)
          if (leg.waitsFor === 'hold' && leg.orderId !== null) yield { workspaceId: id, orderId: leg.orderId };
        after = page.at(-1)?._id;
        if (page.length < 500) break;
      }
};
