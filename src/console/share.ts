/**
 * One reading for everybody who asks about the same key: while one is under way, and for `lifeMs` of real time after. A slow
 * reading lives longer, so that readings never take more than about a fifth of the time.
 */
export const share = <T>(
  read: (key: string) => Promise<T>,
  lifeMs: number,
  realNow: () => number = () => performance.now(),
): ((key: string) => Promise<T>) => {
  const kept = new Map<string, { untilMs: number; answer: Promise<T> }>();
  return (key) => {
    const now = realNow();
    // Whoever nobody asks about any more is forgotten.
    for (const [other, { untilMs }] of kept) if (untilMs <= now) kept.delete(other);
    const known = kept.get(key);
    if (known) return known.answer;
    const entry = { untilMs: Number.POSITIVE_INFINITY, answer: read(key) };
    kept.set(key, entry);
    entry.answer.then(
      () => {
        const done = realNow();
        entry.untilMs = done + Math.max(lifeMs, 4 * (done - now));
      },
      // A failure is not remembered.
      () => kept.delete(key),
    );
    return entry.answer;
  };
};
