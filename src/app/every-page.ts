import type { Document, Documents } from './ports.ts';

/** Every document of a filter, a thousand at a time. */
export const everyPage = async <T extends Document>(
  documents: Documents<T>,
  workspaceId: string,
  where: Partial<T>,
  each: (page: readonly T[]) => Promise<void>,
): Promise<void> => {
  for (let after: string | undefined; ; ) {
    const page = await documents.list(workspaceId, where, {
      limit: 1_000,
      ...(after === undefined ? {} : { after }),
    });
    if (page.length > 0) await each(page);
    if (page.length < 1_000) return;
    after = page.at(-1)?._id;
  }
};
