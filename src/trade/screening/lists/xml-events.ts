import { isFailure } from '#domain/failure.ts';
import { invalid } from '../../read-input.ts';

export type XmlEvent =
  | { type: 'open'; name: string; attributes: ReadonlyMap<string, string> }
  | { type: 'text'; text: string }
  | { type: 'close'; name: string };

/** An event and the line of the file where it ends, from 1. */
type Placed = XmlEvent & { line: number };

const PREDEFINED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const REFERENCE = /&([^;&\s]{0,12})(;?)/g;
const NAME = /^[A-Za-z_][\w.:-]{0,99}$/;
const ATTRIBUTE = /([\w.:-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g;
/** Limits far above the nesting depth and tag length of any list. */
const MAX_DEPTH = 32;
const MAX_TAG_LENGTH = 20_000;

const refuse = (reason: string) => invalid('xml', reason);
const refuseAt = (line: number, reason: string) => invalid('xml', `line ${line}: ${reason}`);

/** Returns the result of `read`; adds the line to the error if it throws. */
const onLine = <R>(line: number, read: () => R): R => {
  try {
    return read();
  } catch (error) {
    throw isFailure(error, 'invalid') ? refuseAt(line, String(error.safe['reason'])) : error;
  }
};

const linesIn = (text: string): number => {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
};

const characterOf = (reference: string): string => {
  const named = Object.hasOwn(PREDEFINED, reference) ? PREDEFINED[reference] : undefined;
  if (named !== undefined) return named;
  const [, hexadecimal, decimal] = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(reference) ?? [];
  const code = hexadecimal ? Number.parseInt(hexadecimal, 16) : Number(decimal ?? Number.NaN);
  if (!(code > 0 && code <= 0x10ffff) || (code >= 0xd800 && code <= 0xdfff))
    throw refuse(`the entity &${reference}; is not accepted`);
  return String.fromCodePoint(code);
};

const withReferences = (text: string): string =>
  text.includes('&')
    ? text.replace(REFERENCE, (_, reference: string, end: string) => {
        if (end === '') throw refuse('an & stands alone');
        return characterOf(reference);
      })
    : text;

/** A piece of markup in the buffer: its end and its kind; null while the buffer holds only part of it. */
interface Markup {
  end: number;
  events: readonly XmlEvent[];
}

const between = (buffer: string, at: number, opening: string, closing: string): number | null => {
  const close = buffer.indexOf(closing, at + opening.length);
  return close < 0 ? null : close;
};

/** The end of the tag that begins at `at`: the first > outside attribute values. */
const endOfTag = (buffer: string, at: number): number | null => {
  let quote = '';
  for (let index = at; index < buffer.length; index++) {
    const character = buffer.charAt(index);
    if (quote) {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return index;
    if (index - at > MAX_TAG_LENGTH) throw refuse('a tag is too long');
  }
  return null;
};

const attributesOf = (text: string): ReadonlyMap<string, string> => {
  if (text.replace(ATTRIBUTE, '').trim() !== '') throw refuse('an attribute is not of the form name="value"');
  const found = [...text.matchAll(ATTRIBUTE)].map(([, name = '', double, single]): [string, string] => [
    name,
    withReferences(double ?? single ?? ''),
  ]);
  const attributes = new Map(found);
  if (attributes.size < found.length) throw refuse('an attribute stands twice in one tag');
  return attributes;
};

const tagAt = (buffer: string, at: number): Markup | null => {
  const end = endOfTag(buffer, at);
  if (end === null) return null;
  const inner = buffer.slice(at + 1, end);
  const closing = inner.startsWith('/');
  const empty = !closing && inner.endsWith('/');
  const content = (closing ? inner.slice(1) : empty ? inner.slice(0, -1) : inner).trimEnd();
  const [name = ''] = content.split(/\s/, 1);
  if (!NAME.test(name)) throw refuse(`“<${inner.slice(0, 20)}” is not a tag`);
  const close: XmlEvent = { type: 'close', name };
  if (closing) return { end: end + 1, events: [close] };
  const open: XmlEvent = { type: 'open', name, attributes: attributesOf(content.slice(name.length)) };
  return { end: end + 1, events: empty ? [open, close] : [open] };
};

const markupAt = (buffer: string, at: number): Markup | null => {
  if (buffer.length - at < 9 && !buffer.includes('>', at)) return null;
  if (buffer.startsWith('<!--', at)) {
    const close = between(buffer, at, '<!--', '-->');
    return close === null ? null : { end: close + 3, events: [] };
  }
  if (buffer.startsWith('<![CDATA[', at)) {
    const close = between(buffer, at, '<![CDATA[', ']]>');
    return close === null ? null : { end: close + 3, events: [{ type: 'text', text: buffer.slice(at + 9, close) }] };
  }
  if (buffer.startsWith('<!', at)) throw refuse('a document type or entity declaration is not accepted');
  if (buffer.startsWith('<?', at)) {
    const close = between(buffer, at, '<?', '?>');
    return close === null ? null : { end: close + 2, events: [] };
  }
  return tagAt(buffer, at);
};

/** The tags and texts of `chunks` in order, without checking that the tags match. */
const rawEvents = function* (chunks: Iterable<string>): Generator<Placed> {
  let buffer = '';
  let line = 1;
  for (const chunk of chunks) {
    buffer += chunk;
    let at = 0;
    for (;;) {
      const open = buffer.indexOf('<', at);
      if (open < 0) break;
      const before = buffer.slice(at, open);
      const tagLine = line + linesIn(before);
      const markup = onLine(tagLine, () => markupAt(buffer, open));
      if (!markup) break;
      if (before !== '') yield { type: 'text', text: onLine(line, () => withReferences(before)), line: tagLine };
      line = tagLine + linesIn(buffer.slice(open, markup.end));
      for (const event of markup.events) yield { ...event, line };
      at = markup.end;
    }
    buffer = buffer.slice(at);
  }
  if (buffer.includes('<')) throw refuseAt(line, 'the file ends within a tag');
  if (buffer !== '') yield { type: 'text', text: onLine(line, () => withReferences(buffer)), line };
};

/**
 * Parses an XML file that arrives in chunks, strictly: a document type, entities other than the five of XML and numeric
 * characters, tags that do not match, text outside the single root and a truncated file are `invalid`, with the line.
 * Nothing is expanded and nothing is fetched, so the cost of a file depends only on its length.
 */
export const xmlEvents = function* (chunks: Iterable<string>): Generator<XmlEvent> {
  const open: string[] = [];
  let roots = 0;
  for (const event of rawEvents(chunks)) {
    if (event.type === 'text') {
      if (open.length === 0 && event.text.replace(/^\uFEFF/, '').trim() !== '')
        throw refuseAt(event.line, 'there is text outside the root');
    } else if (event.type === 'open') {
      if (open.length === 0 && ++roots > 1) throw refuseAt(event.line, 'there is more than one root');
      if (open.push(event.name) > MAX_DEPTH) throw refuseAt(event.line, `tags are nested more than ${MAX_DEPTH} deep`);
    } else if (open.pop() !== event.name) throw refuseAt(event.line, `</${event.name}> has no matching opening tag`);
    yield event;
  }
  if (open.length > 0) throw refuse(`the file ends before </${open.at(-1)}>; it was not read whole`);
  if (roots === 0) throw refuse('there is no root; the file is empty');
};

export interface XmlElement {
  name: string;
  attributes: ReadonlyMap<string, string>;
  text: string;
  children: readonly XmlElement[];
}

interface Building {
  name: string;
  attributes: ReadonlyMap<string, string>;
  text: string;
  children: Building[];
}

/**
 * Yields each complete element with one of `names`, one at a time. Calls `outer` for every tag that opens outside of
 * them.
 */
export const elementsOf = function* (
  chunks: Iterable<string>,
  names: ReadonlySet<string>,
  outer: (name: string, attributes: ReadonlyMap<string, string>) => void,
): Generator<XmlElement> {
  const open: Building[] = [];
  for (const event of xmlEvents(chunks)) {
    const inner = open.at(-1);
    if (event.type === 'open') {
      if (!inner && !names.has(event.name)) {
        outer(event.name, event.attributes);
        continue;
      }
      const element: Building = { name: event.name, attributes: event.attributes, text: '', children: [] };
      inner?.children.push(element);
      open.push(element);
    } else if (inner && event.type === 'text') inner.text += event.text;
    else if (inner && event.type === 'close') {
      open.pop();
      if (open.length === 0) yield inner;
    }
  }
};
