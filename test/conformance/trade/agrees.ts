const isNumber = (value: unknown): boolean =>
  typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value));

/** Vectors print rounded statistics; an answer may have more digits. */
const TOLERANCE = 1e-9;

const decimalsOf = (value: unknown): number => String(value).split('.')[1]?.length ?? 0;

/**
 * Whether an answer matches the expectation: every key of it, numbers by value. An expected number with decimals
 * matches every number that rounds to it.
 */
export const agrees = (answer: unknown, expected: unknown): boolean => {
  if (isNumber(expected) && isNumber(answer)) {
    const half = typeof expected === 'number' && decimalsOf(expected) > 0 ? 0.5 * 10 ** -decimalsOf(expected) : 0;
    return Math.abs(Number(answer) - Number(expected)) <= half + TOLERANCE;
  }
  if (Array.isArray(expected))
    return Array.isArray(answer) && answer.length === expected.length && expected.every((e, i) => agrees(answer[i], e));
  if (typeof expected === 'object' && expected !== null) {
    if (typeof answer !== 'object' || answer === null) return false;
    const has = new Map<string, unknown>(Object.entries(answer));
    return Object.entries(expected).every(([key, value]) => has.has(key) && agrees(has.get(key), value));
  }
  return answer === expected;
};
