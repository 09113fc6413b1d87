import { type Db, MongoBulkWriteError } from 'mongodb';
import type { NewsStore } from '#app/ports.ts';
import type { Event, EventSubject, News, Unfiled } from '#domain/event.ts';
import { FILED, flagIndex, UNFILED } from './define-model.ts';

const DUPLICATE = 11_000;
/** Documents of one kind that are read at once. */
const MOST = 200;

/** The mark that goes with a document, or with changes, that hold news. */
export const newsMark = (written: object): Readonly<Record<string, unknown>> =>
  'newsSeq' in written && Number(written.newsSeq) > 0 ? { [UNFILED]: true } : {};

/** The marks of a document, for whoever puts another in its place. */
export const keptMarks = (document: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries([UNFILED, FILED].filter((mark) => mark in document).map((mark) => [mark, document[mark]]));

/** What a document with news has, whatever else it is: it was written by this code alone. */
interface Marked {
  _id: string;
  workspaceId: string;
  orderId?: string | null;
  news?: readonly News[];
  [FILED]?: number;
}

/**
 * How far the news of a document is filed is a mark beside it, for a writer that read the document before the mark was set puts news
 * back that was filed since: it is known by its number and never told again.
 */
const filedUpTo = (newsSeq: number) => [
  { $set: { [FILED]: { $max: [{ $ifNull: [`$${FILED}`, 0] }, { $min: [newsSeq, '$newsSeq'] }] } } },
  {
    $set: {
      news: { $filter: { input: { $ifNull: ['$news', []] }, as: 'each', cond: { $gt: ['$$each.seq', `$${FILED}`] } } },
    },
  },
  { $set: { [UNFILED]: { $gt: [{ $size: '$news' }, 0] } } },
];

/** How far each subject's news is filed, given events of it. */
const lastOf = (filed: readonly Pick<Event, 'subject' | 'newsSeq'>[]): Map<EventSubject, Map<string, number>> => {
  const last = new Map<EventSubject, Map<string, number>>();
  for (const { subject, newsSeq } of filed) {
    const ofKind = last.get(subject.kind) ?? new Map<string, number>();
    ofKind.set(subject.id, Math.max(newsSeq, ofKind.get(subject.id) ?? 0));
    last.set(subject.kind, ofKind);
  }
  return last;
};

/** `NewsStore` over the collections whose documents leave events, by what they are called there. */
export const newsStore = (db: Db, collections: ReadonlyMap<EventSubject, string>, events: string): NewsStore => {
  const of = (name: string) => db.collection<Marked>(name);
  return {
    async nextWorkspace(after) {
      const first: string[] = [];
      // One after the other, here and below: what an order waits for is not to stand behind all of them.
      for (const name of collections.values()) {
        const found = await of(name)
          .find({ [UNFILED]: true, workspaceId: { $gt: after } }, { projection: { workspaceId: 1 } })
          .sort({ workspaceId: 1 })
          .hint(flagIndex(UNFILED))
          .limit(1)
          .toArray();
        first.push(...found.map(({ workspaceId }) => workspaceId));
      }
      return first.toSorted()[0] ?? null;
    },
    async unfiled(workspaceId) {
      const unfiled: Unfiled[] = [];
      let more = false;
      for (const [kind, name] of collections) {
        const projection = { orderId: 1, news: 1, [FILED]: 1 };
        const marked = await of(name)
          .find({ [UNFILED]: true, workspaceId }, { projection })
          .hint(flagIndex(UNFILED))
          .limit(MOST)
          .toArray();
        more ||= marked.length === MOST;
        for (const { _id: id, orderId = null, news = [], [FILED]: filed = 0 } of marked)
          unfiled.push({
            subject: { kind, id },
            orderId: kind === 'order' ? id : orderId,
            news: news.filter(({ seq }) => seq > filed).toSorted((one, other) => one.seq - other.seq),
          });
      }
      return { unfiled, more };
    },
    async markFiled(filed) {
      for (const [kind, last] of lastOf(filed)) {
        const name = collections.get(kind);
        if (name === undefined) continue;
        // One command for all that are filed as far as each other.
        for (const [newsSeq, all] of Map.groupBy(last, ([, seq]) => seq))
          await of(name).updateMany({ _id: { $in: all.map(([id]) => id) } }, filedUpTo(newsSeq));
      }
    },
    async append(all) {
      if (all.length === 0) return 0;
      try {
        await db.collection<{ _id: string }>(events).insertMany(
          all.map((event) => ({ ...event, schemaVersion: 1 })),
          { ordered: true },
        );
        return all.length;
      } catch (error) {
        const [first] = error instanceof MongoBulkWriteError ? [error.writeErrors].flat() : [];
        if (first?.code !== DUPLICATE) throw error;
        return first.index;
      }
    },
  };
};
