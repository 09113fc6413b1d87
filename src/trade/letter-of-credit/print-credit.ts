import { invalid, readUnder } from '../read-input.ts';
import type { AsOf } from '../rule.ts';
import { creditFrom, fieldsOf } from './credit-fields.ts';
import { Credit } from './credit-terms.ts';
import { CONTINUATIONS, layoutOf, type MessageType } from './message-fields.ts';
import { printMessage } from './print-message.ts';
import { judgeField, type MessageField } from './read-message.ts';

/** Sender and receiver as logical terminal addresses of 12 characters. */
export interface Addresses {
  sender: string;
  receiver: string;
}

type Field = Pick<MessageField, 'tag' | 'text'>;

/**
 * Standards Release 2018: a message has up to 10,000 characters and up to seven continuations, a narrative 100 lines.
 */
const MAX_MESSAGE_LENGTH = 10_000;
const MAX_MESSAGES = 8;
const MAX_LINES = 100;
/** Reserved for the blocks around the text, field 27 and the references. */
const AROUND = 200;

const size = ({ tag, text }: Field): number => tag.length + text.length + text.split('\n').length + 6;

/** Distributes fields over as many messages as needed: a narrative continues where the previous message was full. */
const pagesOf = (fields: readonly Field[], narratives: readonly string[]): Field[][] => {
  let left = fields.map(({ tag, text }) => ({ tag, lines: text.split('\n') }));
  const pages: Field[][] = [];
  while (left.length > 0 || pages.length === 0) {
    const whole = left.filter(({ tag }) => !narratives.includes(tag));
    let room =
      MAX_MESSAGE_LENGTH -
      AROUND -
      whole.reduce((sum, { tag, lines }) => sum + size({ tag, text: lines.join('\n') }), 0);
    const page: Field[] = [];
    left = left.flatMap(({ tag, lines }) => {
      let taken = narratives.includes(tag) ? 0 : lines.length;
      if (taken === 0) room -= tag.length + 4;
      while (taken < Math.min(lines.length, MAX_LINES) && room >= (lines[taken]?.length ?? 0) + 2) {
        room -= (lines[taken]?.length ?? 0) + 2;
        taken++;
      }
      if (taken > 0) page.push({ tag, text: lines.slice(0, taken).join('\n') });
      return taken < lines.length ? [{ tag, lines: lines.slice(taken) }] : [];
    });
    pages.push(page);
    if (pages.length > MAX_MESSAGES) throw invalid('credit', `does not fit into ${MAX_MESSAGES} messages`);
  }
  return pages;
};

const ADDRESS = /^[A-Z0-9]{12}$/;

/** Throws `invalid`, naming the field, for a text that the network refuses or that would be read as something else. */
const ensureSendable = (type: MessageType, fields: readonly Field[], asOf: AsOf): void => {
  const rows = layoutOf(type);
  for (const { tag, text } of fields) {
    const row = rows.find(({ formats }) => formats[tag] !== undefined);
    const [fault] = row ? judgeField(row, { tag, text, line: 0 }, type, asOf).faults : [];
    if (fault) throw invalid(tag, fault.reason);
    if (/\r|\n(?::|\s*-\})/.test(text)) throw invalid(tag, 'a line of it begins with a colon or with -}');
  }
};

/** Compares everything except the amount, which gets the decimals of its currency. */
const ensureReadBack = (credit: Credit, type: '700' | '720', fields: readonly Field[]): void => {
  const { credit: again, unread } = creditFrom(
    type,
    fields.map((field) => ({ ...field, line: 0 })),
  );
  if (!again) throw invalid(unread[0]?.tag ?? 'credit', 'would not be read back');
  const said = new Map<string, unknown>(Object.entries({ ...again, amount: credit.amount }));
  for (const [key, value] of Object.entries(credit))
    if (JSON.stringify(said.get(key)) !== JSON.stringify(value))
      throw invalid(`credit.${key}`, `has no field in MT${type}, or would be read back as something else`);
};

/**
 * Prints the credit in FIN form. `readCredit` reads the same credit back (its amount with the decimals of the
 * currency). One MT700, or MT720 for a transferred credit, and as many MT701 or MT721 as its narratives need. Throws
 * `invalid`, naming the field, for anything that no message can contain.
 */
export const printCredit = (given: Credit, { sender, receiver }: Addresses, asOf: AsOf): string => {
  const credit = readUnder('credit', Credit, given);
  for (const [field, address] of Object.entries({ sender, receiver }))
    if (!ADDRESS.test(address)) throw invalid(field, 'is an address of 12 characters such as TESTFRPPAXXX');
  const fields = fieldsOf(credit);
  const first = credit.transfer ? '720' : '700';
  ensureReadBack(credit, first, fields);
  const { by, narratives } = CONTINUATIONS[first];
  const references = fields.filter(({ tag }) => tag === '20' || (first === '720' && tag === '21'));
  const pages = pagesOf(fields, narratives);
  return pages
    .map((page, index) => {
      const type = index === 0 ? first : by;
      const all = [
        { tag: '27', text: `${index + 1}/${pages.length}` },
        ...(index === 0 ? page : [...references, ...page]),
      ];
      ensureSendable(type, all, asOf);
      return printMessage({
        head: `{1:F01${sender}0000000000}{2:I${type}${receiver}N}`,
        fields: all,
        tail: '',
      });
    })
    .join('\r\n');
};
