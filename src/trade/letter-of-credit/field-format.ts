/**
 * SWIFT's notation for the allowed content of a field, parsed instead of coded field by field: `16x` up to 16
 * characters of set x · `6!n` exactly 6 digits · `15d` an amount with a decimal comma · `4*35x` up to 4 lines of up to
 * 35 · `[…]` optional · `$` a new line · any other character stands for itself.
 */
export interface FormatPart {
  /** As a regular expression that is unambiguous within a part. */
  pattern: string;
  /** In words, for a message. */
  words: string;
}

const SETS: Readonly<Record<string, { chars: string; words: string }>> = {
  n: { chars: '0-9', words: 'digits' },
  a: { chars: 'A-Z', words: 'capital letters' },
  c: { chars: 'A-Z0-9', words: 'capital letters or digits' },
  x: { chars: "A-Za-z0-9/\\-?:().,'+ ", words: 'characters' },
  z: { chars: 'A-Za-z0-9.,\\-()/=\'+:?!"%&*<>;{@#_ ', words: 'characters' },
};

const COUNT = /^(?:(\d+)\*)?(\d+)(!)?([nacxzd])/;

const partOf = ([, lines, length = '', exactly, set = '']: readonly (string | undefined)[]): FormatPart => {
  if (set === 'd')
    return {
      pattern: `(?=[\\d,]{1,${length}}(?![\\d,]))\\d+,\\d*`,
      words: `an amount of up to ${length} characters with a decimal comma, such as 100000,`,
    };
  const { chars = '', words = '' } = SETS[set] ?? {};
  const one = `[${chars}]{${exactly ? length : `1,${length}`}}`;
  const size = `${exactly ? '' : 'up to '}${length} ${words}`;
  if (lines === undefined) return { pattern: one, words: size };
  return { pattern: `${one}(?:\\n${one}){0,${Number(lines) - 1}}`, words: `up to ${lines} lines of ${size}` };
};

/** The parts of a format in order. Throws if the format is not in the notation, which is a bug in a table. */
export const partsOf = (format: string): FormatPart[] => {
  const parts: FormatPart[] = [];
  let at = 0;
  while (at < format.length) {
    const rest = format.slice(at);
    const count = COUNT.exec(rest);
    if (count) {
      parts.push(partOf(count));
      at += count[0].length;
    } else if (rest.startsWith('[')) {
      const end = closing(rest);
      const inner = partsOf(rest.slice(1, end));
      parts.push({
        pattern: `(?:${inner.map(({ pattern }) => pattern).join('')})?`,
        words: `optionally ${inWords(inner)}`,
      });
      at += end + 1;
    } else {
      const literal = rest.slice(0, 1);
      parts.push(
        literal === '$'
          ? { pattern: '\\n', words: 'a new line' }
          : { pattern: literal.replace(/[^A-Za-z0-9]/, '\\$&'), words: `“${literal}”` },
      );
      at++;
    }
  }
  return parts;
};

/** The parts as a sentence. */
const inWords = (parts: readonly FormatPart[]): string => parts.map(({ words }) => words).join(', then ');

const closing = (text: string): number => {
  let depth = 0;
  for (const [index, char] of [...text].entries()) {
    if (char === '[') depth++;
    if (char === ']') depth--;
    if (depth === 0) return index;
  }
  throw new Error(`${text}: a bracket is not closed`);
};

interface Compiled {
  whole: RegExp;
  /** Patterns for the first one, two, three … parts. */
  fronts: readonly RegExp[];
  parts: readonly FormatPart[];
}

const compiled = new Map<string, Compiled>();

const compile = (format: string): Compiled => {
  const known = compiled.get(format);
  if (known) return known;
  const parts = partsOf(format);
  const source = (count: number) =>
    parts
      .slice(0, count)
      .map(({ pattern }) => pattern)
      .join('');
  const made = {
    whole: new RegExp(`^${source(parts.length)}$`),
    fronts: parts.map((_, index) => new RegExp(`^${source(index + 1)}`)),
    parts,
  };
  compiled.set(format, made);
  return made;
};

const shown = (text: string): string => {
  const [line = ''] = text.split('\n', 1);
  return line === '' ? 'nothing' : `“${line.length > 40 ? `${line.slice(0, 37)}…` : line}”`;
};

/** Longer than any field: 100 lines of 65 characters, including line ends. */
const MAX_FIELD_LENGTH = 8000;

/** Lines that are too long or too many in an otherwise correct text; null if the format has one line. */
const overflow = (text: string, format: string): string | null => {
  const match = /^(?:.*\$\]?)?(\d+)\*(\d+)([xz])$/.exec(format);
  if (!match) return null;
  const [lines, most, length] = [text.split('\n'), Number(match[1]), Number(match[2])];
  const longest = lines.find((line) => line.length > length);
  if (longest !== undefined)
    return `${shown(longest)} is longer than ${length} characters (${longest.length}; format ${format})`;
  return lines.length > most ? `has ${lines.length} lines; the format ${format} has room for ${most}` : null;
};

export interface FormatFault {
  reason: string;
  /** The text is only too wide or too long: the network would refuse it, but its content is clear. */
  layout: boolean;
}

const fault = (reason: string, layout = false): FormatFault => ({ reason, layout });

/**
 * Null if `text` (lines joined by a line feed) has the format, otherwise what is wrong with it, in words. `names` are
 * the names of the format's parts, in order.
 */
export const formatFault = (text: string, format: string, names: readonly string[] = []): FormatFault | null => {
  if (text.length > MAX_FIELD_LENGTH) return fault(`is longer than any field may be (${text.length} characters)`);
  const { whole, fronts, parts } = compile(format);
  if (whole.test(text)) return null;
  const foreign = /[^A-Za-z0-9/\-?:().,'+ =!"%&*<>;{@#_\n]/u.exec(text);
  if (foreign) return fault(`“${foreign[0]}” is not in the character set of SWIFT`);
  const wide = overflow(text, format);
  if (wide !== null) return fault(wide, true);
  const fits = fronts.findLastIndex((front) => front.test(text));
  const rest = text.slice(fits < 0 ? 0 : (fronts[fits]?.exec(text)?.[0].length ?? 0));
  const next = parts.slice(fits + 1).findIndex(({ words }) => !words.startsWith('optionally'));
  const expected = parts[fits + 1 + next];
  if (next < 0 || !expected) {
    const what = /^\d+!?[a-z]$/.test(format)
      ? `${shown(text)} is too long (${text.length} characters)`
      : `${shown(rest)} is too much`;
    return fault(`${what}; the format is ${format}: ${inWords(parts)}`);
  }
  const name = names[fits + 1 + next];
  if (rest === '') return fault(`the ${name ?? 'rest'} is missing (${expected.words}; format ${format})`);
  return fault(`${name ? `${name}: ` : ''}${expected.words} expected, ${shown(rest)} found (format ${format})`);
};
