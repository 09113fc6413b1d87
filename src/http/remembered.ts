/** `load`, asked at most once in `ageMs` of real time for a key, also by those who ask at once. Keeps at most `most` keys. */
export const remembered = <T>(load: (key: string) => Promise<T>, ageMs: number, most = 10_000) => {
  const known = new Map<string, { at: number; value: Promise<T> }>();
  return {
    get(key: string): Promise<T> {
      const cached = known.get(key);
      if (cached && performance.now() - cached.at < ageMs) return cached.value;
      if (known.size >= most) known.clear();
      const value = load(key);
      known.set(key, { at: performance.now(), value });
      value.catch(() => known.delete(key));
      return value;
    },
    forget: (key: string): void => void known.delete(key),
  };
};
export type Remembered<T> = ReturnType<typeof remembered<T>>;
