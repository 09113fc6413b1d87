import { z } from 'zod';
import type { Document, Documents } from '#app/ports.ts';

export const PageQuery = {
  /** `next` of the page before. */
  after: z.string().min(1).max(400).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
};
export interface PageRequest {
  after?: string | undefined;
  limit: number;
}

export const Page = <S extends z.ZodType>(item: S) =>
  z.object({ items: z.array(item), next: z.string().nullable() }).describe('`next` goes into `after`; null ends it.');

/** How many documents a page may look through for those that fit. */
const CHUNK = 500;
const MAX_CHUNKS = 20;

/**
 * A page in the order of ids. `where` is asked of the index; `keep` refines what it gives, so that a page may hold fewer than
 * `limit` and still have a `next`.
 */
export const listPage = async <T extends Document, V>(
  documents: Pick<Documents<T>, 'list'>,
  workspaceId: string,
  where: Partial<T>,
  { after, limit }: PageRequest,
  view: (document: T) => V,
  keep?: (document: T) => boolean,
): Promise<{ items: V[]; next: string | null }> => {
  const items: V[] = [];
  let last = after;
  const size = keep ? CHUNK : limit;
  for (let chunk = 0; chunk < MAX_CHUNKS; chunk += 1) {
    const found = await documents.list(workspaceId, where, {
      limit: size,
      ...(last === undefined ? {} : { after: last }),
    });
    for (const document of found) {
      last = document._id;
      if (keep && !keep(document)) continue;
      items.push(view(document));
      if (items.length === limit)
        return { items, next: found.length < size && document === found.at(-1) ? null : last };
    }
    if (found.length < size) return { items, next: null };
  }
  return { items, next: last ?? null };
};
