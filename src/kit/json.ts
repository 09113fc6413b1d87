import { parseExact } from './exact-json.ts';

/** Deeper nesting is no answer of a vendor: the deepest that was recorded of any has 27 levels. */
export const MOST_LEVELS = 1_000;

const QUOTE = 34;
const BACKSLASH = 92;

/** The index of the quote that ends the string which begins at `start`; -1 where none does. */
const endOfString = (text: string, start: number): number => {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return -1;
};

/** Whether a JSON text opens more than `levels` lists and objects within one another. Reads it once and builds nothing. */
export const isDeeperThan = (text: string, levels: number): boolean => {
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      i = endOfString(text, i);
      if (i === -1) return false;
    } else if (code === 91 || code === 123) {
      depth += 1;
      if (depth > levels) return true;
    } else if (code === 93 || code === 125) depth -= 1;
  }
  return false;
};

export type Parsed = { kind: 'json'; body: unknown } | { kind: 'notJson' } | { kind: 'tooDeep' };

/**
 * The value of a JSON text, with every digit of its whole numbers. A text that is nested too deep is not parsed at all: that alone takes seconds, and whoever walks through the
 * value runs out of stack.
 */
export const parseJson = (text: string): Parsed => {
  if (isDeeperThan(text, MOST_LEVELS)) return { kind: 'tooDeep' };
  try {
    return { kind: 'json', body: parseExact(text) };
  } catch {
    return { kind: 'notJson' };
  }
};
