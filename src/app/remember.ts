/** Keys that are remembered at most; when there are more, all are forgotten. */
const MOST = 10_000;

export interface Remembering<T> {
  /** How long, in real milliseconds from the start of a reading, its answer may be told; may follow from how long it took. */
  forMs: number | ((tookMs: number) => number);
  /** What it says no to is told to those who asked together and to nobody after them. Default: everything is kept. */
  keep?(value: T): boolean;
  realNow?(): number;
}

export interface Remembered<T> {
  (...key: readonly string[]): Promise<T>;
  /** The next one to ask is told what is so then. */
  forget(...key: readonly string[]): void;
}

/**
 * `read`, asked once for many who ask for the same key at the same time, and told from memory for a while after. A failure is not
 * remembered. Where the time follows from how long a reading took, a reading under way is shared however long it takes.
 */
export const remember = <T>(
  read: (...key: readonly string[]) => Promise<T>,
  { forMs, keep = () => true, realNow = () => performance.now() }: Remembering<T>,
): Remembered<T> => {
  const known = new Map<string, { untilMs: number; value: Promise<T> }>();
  const idOf = (key: readonly string[]): string => JSON.stringify(key);
  const ask = (...key: readonly string[]): Promise<T> => {
    const id = idOf(key);
    const startMs = realNow();
    const hit = known.get(id);
    if (hit && startMs < hit.untilMs) return hit.value;
    if (known.size >= MOST) known.clear();
    const entry = {
      untilMs: typeof forMs === 'number' ? startMs + forMs : Number.POSITIVE_INFINITY,
      value: read(...key),
    };
    known.set(id, entry);
    const drop = (): void => {
      // Another may have been asked since this one was forgotten.
      if (known.get(id) === entry) known.delete(id);
    };
    entry.value.then((told) => {
      if (!keep(told)) drop();
      else if (typeof forMs === 'function') entry.untilMs = startMs + forMs(realNow() - startMs);
    }, drop);
    return entry.value;
  };
  return Object.assign(ask, { forget: (...key: readonly string[]): void => void known.delete(idOf(key)) });
};
