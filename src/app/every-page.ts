import type { Workspace } from '#domain/records.ts';
import type { Document, Documents, Store } from './ports.ts';

const MOST = 1_000;

/** Reads page by page in the order of ids, to the end. No page is empty. What is changed between two pages is told as it is then. */
async function* pagesBy<T extends { _id: string }>(
  read: (page: { limit: number; after?: string }) => Promise<T[]>,
  limit: number,
): AsyncGenerator<T[], void> {
  for (let after: string | undefined; ; ) {
    const page = await read({ limit, ...(after === undefined ? {} : { after }) });
    if (page.length > 0) yield page;
    if (page.length < limit) return;
    after = page.at(-1)?._id;
  }
}

/** Every document of a filter, a thousand at a time. */
export const pagesOf = <T extends Document>(
  documents: Documents<T>,
  workspaceId: string,
  where: Partial<T>,
  limit = MOST,
): AsyncGenerator<T[], void> => pagesBy((page) => documents.list(workspaceId, where, page), limit);

/** Every workspace, page by page. */
export const workspacePages = ({ allWorkspaces }: Pick<Store, 'allWorkspaces'>): AsyncGenerator<Workspace[], void> =>
  pagesBy(allWorkspaces, MOST);

/** Does something with every document of a filter, a thousand at a time. */
export const everyPage = async <T extends Document>(
  documents: Documents<T>,
  workspaceId: string,
  where: Partial<T>,
  each: (page: readonly T[]) => Promise<void>,
): Promise<void> => {
  for await (const page of pagesOf(documents, workspaceId, where)) await each(page);
};
