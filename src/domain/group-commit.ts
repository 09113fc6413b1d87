/**
 * Batches concurrent writes: collects items and commits them in one call. A caller's promise settles when the batch
 * with its item is done. Runs at most `lanes` batches at a time. A result that is an Error rejects that item's promise;
 * if the commit throws, every promise of the batch rejects.
 */
export const groupCommit = <T, R>(
  commit: (items: readonly T[]) => Promise<readonly (R | Error)[]>,
  { lanes = 2, most = 500 }: { lanes?: number; most?: number } = {},
) => {
  let waiting: { item: T; resolve(result: R): void; reject(error: unknown): void }[] = [];
  let running = 0;
  let scheduled = false;
  const idle: (() => void)[] = [];

  const run = async (): Promise<void> => {
    scheduled = false;
    if (running >= lanes || waiting.length === 0) return;
    running += 1;
    const batch = waiting.slice(0, most);
    waiting = waiting.slice(most);
    if (waiting.length > 0) schedule();
    try {
      const results = await commit(batch.map(({ item }) => item));
      batch.forEach(({ resolve, reject }, index) => {
        const result = results[index];
        if (result === undefined) reject(new Error('a commit answered for fewer items than it was given'));
        else if (result instanceof Error) reject(result);
        else resolve(result);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      running -= 1;
      if (waiting.length > 0) schedule();
      else if (running === 0) for (const wake of idle.splice(0)) wake();
    }
  };
  // Wait until the events that arrived together have been handled, so that they share a batch.
  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => void run());
  };

  return {
    add: (item: T): Promise<R> =>
      new Promise<R>((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        schedule();
      }),
    /** Resolves when nothing is waiting or running. */
    drained: (): Promise<void> =>
      running === 0 && waiting.length === 0 ? Promise.resolve() : new Promise((resolve) => idle.push(resolve)),
  };
};
