import { invalid } from '../read-input.ts';
import { quoted } from './quoted.ts';

/** A fault that the sender must correct. */
export interface Fault {
  tag: string | null;
  /** The line in the whole input, from 1. */
  line: number | null;
  reason: string;
}

/** One message split into its blocks. The fields of the text are not read here. */
export interface RawMessage {
  /** The blocks before the text, unchanged: `{1:…}{2:…}{3:…}`. */
  head: string;
  /** The lines of the text, without the line `-}`. */
  text: readonly string[];
  /** The line in the whole input where `text` begins, from 1. */
  firstLine: number;
  /** The rest after the text, `{5:…}`. */
  tail: string;
  raw: string;
  faults: readonly Fault[];
}

const TEXT_BLOCK = '{4:';
const MAX_MESSAGES = 100;

/** The text block opens after other blocks or at the start of a line; `{4:` inside a narrative opens nothing. */
const opensText = (line: string): boolean => {
  const before = line.slice(0, Math.max(0, line.indexOf(TEXT_BLOCK))).trim();
  return line.includes(TEXT_BLOCK) && (before === '' || before.startsWith('{') || before.includes('{2:'));
};
const closesText = (line: string): boolean => line.trimStart().startsWith('-}');
const begins = (line: string): boolean => line.includes('{1:') || line.includes('{2:');

interface Extent {
  start: number;
  open: number;
  /** The line `-}`, or the line after the last one if the text does not close. */
  close: number;
  closed: boolean;
  /** The line after the last one of the message. */
  end: number;
}

const extentsIn = (lines: readonly string[]): Extent[] => {
  const found: Extent[] = [];
  let [start, open] = [0, -1];
  for (const [index, line] of lines.entries()) {
    if (open >= 0) {
      const closed = closesText(line);
      if (!closed && !opensText(line) && !line.startsWith('{1:')) continue;
      const end = closed ? index + 1 : index;
      found.push({ start, open, close: index, closed, end });
      start = end;
      open = -1;
      if (closed) continue;
    }
    const last = found.at(-1);
    if (opensText(line)) open = index;
    // Lines after `-}` belong to its message until the blocks of the next one begin.
    else if (last?.end === index && !begins(line)) last.end = start = index + 1;
  }
  if (open >= 0) found.push({ start, open, close: lines.length, closed: false, end: lines.length });
  return found;
};

/** Blocks are in numeric order, occur once and are closed; nothing precedes them. */
const headFault = (head: string): string | null => {
  const numbers = [...head.matchAll(/\{(\d):/g)].map(([, number]) => Number(number));
  const [opened, closed] = [head.split('{').length, head.split('}').length];
  const before = head.slice(0, Math.max(0, head.indexOf('{'))).replace(/[\s\p{Cc}]+/gu, ' ');
  if (before.trim() !== '') return `${quoted(before.trim())} stands before the blocks`;
  if (!numbers.includes(1)) return 'block 1 is missing';
  if (numbers.some((number, index) => number <= (numbers[index - 1] ?? 0)))
    return `blocks stand in their order, each once; these are ${numbers.map((number) => `{${number}:`).join(' ')}`;
  return opened === closed ? null : 'a block before the text is not closed, or closed twice';
};

/** Blocks such as `{5:{CHK:…}}`, and what files contain between messages: line ends, control characters, `$`. */
const AFTER_TEXT = /\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|[\s\p{Cc}$]+/gu;

const rawMessage = (lines: readonly string[], { start, open, close, closed, end }: Extent): RawMessage => {
  const opening = lines[open] ?? '';
  const at = opening.indexOf(TEXT_BLOCK);
  const head = [...lines.slice(start, open), opening.slice(0, at)].join('').trim();
  const beside = opening.slice(at + TEXT_BLOCK.length);
  const after = closed ? [(lines[close] ?? '').trimStart().slice(2), ...lines.slice(close + 1, end)] : [];
  const tail = after.join('').trim();
  const foreign = after.join('\n').replace(AFTER_TEXT, ' ').trim();
  const wrong = headFault(head);
  return {
    head,
    tail,
    raw: lines.slice(start, end).join('\n'),
    text: beside.trim() === '' ? lines.slice(open + 1, close) : [beside, ...lines.slice(open + 1, close)],
    firstLine: beside.trim() === '' ? open + 2 : open + 1,
    faults: [
      ...(wrong === null ? [] : [{ tag: null, line: start + 1, reason: wrong }]),
      ...(closed ? [] : [{ tag: null, line: close, reason: 'the text does not end with -}' }]),
      ...(foreign === ''
        ? []
        : [{ tag: null, line: close + 1, reason: `${quoted(foreign)} stands behind the end of the message` }]),
    ],
  };
};

/** Every message of a text, in order. Throws `invalid` if there is none, or more than anybody sends at once. */
export const messagesIn = (text: string): RawMessage[] => {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const found = extentsIn(lines);
  if (found.length === 0) throw invalid('message', 'holds no SWIFT message: no text block such as {4: … -} is in it');
  if (found.length > MAX_MESSAGES)
    throw invalid('message', `holds ${found.length} messages; give at most ${MAX_MESSAGES} at a time`);
  return found.map((extent) => rawMessage(lines, extent));
};
