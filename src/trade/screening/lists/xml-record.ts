import type { XmlElement } from './xml-events.ts';

export const plainText = (text: string): string => text.replace(/\s+/g, ' ').trim();

export const children = (of: XmlElement, name: string): XmlElement[] =>
  of.children.filter((child) => child.name === name);

/** The elements at `path` below `of`, in order. */
export const below = (of: XmlElement, ...path: readonly string[]): XmlElement[] =>
  path.reduce<XmlElement[]>((found, name) => found.flatMap((element) => children(element, name)), [of]);

/** The text of the first child with this name, with normalised white space; empty if there is none. */
export const textOf = (of: XmlElement, name: string): string => plainText(children(of, name)[0]?.text ?? '');

/** The non-empty texts at `path` below `of`. */
export const textsBelow = (of: XmlElement, ...path: readonly string[]): string[] =>
  below(of, ...path)
    .map(({ text }) => plainText(text))
    .filter(Boolean);

/** An attribute with normalised white space; empty if there is none. */
export const attributeOf = (of: XmlElement, name: string): string => plainText(of.attributes.get(name) ?? '');
