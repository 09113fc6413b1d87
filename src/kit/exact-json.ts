/** Where a whole number of so many digits may stand that a double does not keep them all. */
const MANY_DIGITS = /(?:^|[[:,\s-])\d{16}/;
const WHOLE = /^-?\d+$/;

const withItsDigits = (_key: string, value: unknown, context?: { source?: string }): unknown => {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const digits = context?.source ?? '';
  return WHOLE.test(digits) ? digits : value;
};

/**
 * JSON as `JSON.parse` reads it, but a whole number beyond 2^53 comes as the text of its digits: an id is exact, or it is refused
 * where a number is asked for. Throws what `JSON.parse` throws.
 */
export const parseExact = (text: string): unknown =>
  MANY_DIGITS.test(text) ? JSON.parse(text, withItsDigits) : JSON.parse(text);
