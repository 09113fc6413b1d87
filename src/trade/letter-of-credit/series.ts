import { invalid } from '../read-input.ts';
import { mergeNotices, type Notice } from '../rule.ts';
import type { Fault } from './message-blocks.ts';
import { CONTINUATIONS, type FirstType } from './message-fields.ts';
import type { MessageField, ReadMessage } from './read-message.ts';

/** A message combined with those that continue it (MT701, 708, 721). */
export interface Series {
  messages: readonly ReadMessage[];
  /** The fields of the first message, with the further lines of its narratives. */
  fields: readonly MessageField[];
  faults: readonly Fault[];
  remarks: readonly Fault[];
  notices: readonly Notice[];
}

const find = (message: ReadMessage, tag: string): MessageField | undefined =>
  message.fields.find((field) => field.tag === tag);

/** Appends the narratives of the continuations to those of the first message. */
const joined = (first: ReadMessage, rest: readonly ReadMessage[], narratives: readonly string[]): MessageField[] => {
  const fields = first.fields.map((field) => ({ ...field }));
  for (const { tag, text, line } of rest.flatMap((message) => message.fields)) {
    if (!narratives.includes(tag)) continue;
    const own = fields.find((field) => field.tag === tag);
    if (own) own.text += `\n${text}`;
    else fields.push({ tag, text, line });
  }
  return fields;
};

const placeFault = (message: ReadMessage, place: number): Fault[] => {
  const sequence = find(message, '27');
  return sequence && Number(sequence.text.split('/')[0]) !== place
    ? [{ tag: '27', line: sequence.line, reason: `${sequence.text} stands at place ${place} of the series` }]
    : [];
};

/** References that every message of a series repeats. */
const REFERENCES = ['20', '21'] as const;

const referenceFaults = (first: ReadMessage, message: ReadMessage): Fault[] =>
  REFERENCES.flatMap((tag) => {
    const [own, wanted] = [find(message, tag), find(first, tag)];
    return own && wanted && own.text !== wanted.text
      ? [{ tag, line: own.line, reason: `${own.text} is not the reference of the message that it continues` }]
      : [];
  });

/** Combines messages that begin with one of type `first`. Throws `invalid` if the others are no continuations of it. */
export const seriesOf = (messages: readonly ReadMessage[], first: FirstType): Series => {
  const [head, ...rest] = messages;
  if (head?.type !== first) throw invalid('message', `begins with MT${head?.type}, where MT${first} is expected`);
  const { by, narratives } = CONTINUATIONS[first];
  const foreign = rest.find(({ type }) => type !== by);
  if (foreign) throw invalid('message', `MT${foreign.type} does not continue MT${first}; give one credit at a time`);
  const total = Number(find(head, '27')?.text.split('/')[1] ?? 1);
  return {
    messages,
    fields: joined(head, rest, narratives),
    faults: [
      ...messages.flatMap(({ faults }) => faults),
      ...(Number.isFinite(total) && total !== messages.length
        ? [{ tag: '27', line: null, reason: `${messages.length} of ${total} messages of the series are here` }]
        : []),
      ...messages.flatMap((message, index) => placeFault(message, index + 1)),
      ...rest.flatMap((message) => referenceFaults(head, message)),
    ],
    remarks: messages.flatMap(({ remarks }) => remarks),
    notices: mergeNotices(...messages.map(({ notices }) => notices)),
  };
};

/** A fault for each field that cannot be used as a term and has no other fault. */
export const unreadFaults = (series: Series, unread: readonly MessageField[]): Fault[] =>
  unread.flatMap(({ tag, line }) =>
    series.faults.some((fault) => fault.tag === tag && fault.line === line)
      ? []
      : [{ tag, line, reason: 'cannot be read as a term of a documentary credit' }],
  );
