import { exponentOf } from '#domain/money.ts';
import { type PlainDate, PlainDate as PlainDateSchema } from '../plain-date.ts';
import { invalid } from '../read-input.ts';
import { type Asked, type Notice, noRow, ruleOn } from '../rule.ts';
import { fullYear } from './date-words.ts';
import { formatFault } from './field-format.ts';
import {
  type Check,
  type FieldRow,
  isMessageType,
  MESSAGE_FIELDS,
  type MessageType,
  NETWORK_RULES,
  OBSOLETE,
} from './message-fields.ts';
import { quoted } from './quoted.ts';

/** One field as it stands: its lines joined by a line feed, nothing trimmed. */
export interface MessageField {
  tag: string;
  text: string;
  /** The line of the whole input on which it begins, from 1. */
  line: number;
}

/** Something that the sender has to put right. */
export interface Fault {
  tag: string | null;
  line: number | null;
  reason: string;
}

export interface SwiftMessage {
  type: MessageType;
  /** The blocks before the text, as they stand: `{1:…}{2:…}{3:…}`. */
  head: string;
  /** Sender and receiver as block 1 and 2 name them; of an output message the sender stands in block 2. */
  sender: string | null;
  receiver: string | null;
  fields: readonly MessageField[];
  /** What follows the text, `{5:…}`. */
  tail: string;
}

export interface ReadMessage extends SwiftMessage {
  raw: string;
  /** Every fault at once, in the order of the lines; empty when the message is in order. */
  faults: readonly Fault[];
  /** Lines laid out wider or longer than the network takes, as bank portals print them; nothing is lost by them. */
  remarks: readonly Fault[];
  notices: readonly Notice[];
}

const LONGEST_INPUT = 200_000;
const FIELD_START = /^:(\d{2}[A-Z]?):(.*)$/s;
const TEXT_BLOCK = '{4:';

/** YYMMDD as a day, 80 to 99 being 1980 to 1999; null when the calendar has no such day. */
export const swiftDate = (text: string): PlainDate | null => {
  const match = /^(\d{2})(\d{2})(\d{2})$/.exec(text);
  if (!match) return null;
  const parsed = PlainDateSchema.safeParse(`${fullYear(Number(match[1]))}-${match[2]}-${match[3]}`);
  return parsed.success ? parsed.data : null;
};

const dateFault = (text: string): string | null => {
  const digits = text.slice(0, 6);
  if (!/^\d{6}$/.test(digits) || swiftDate(digits)) return null;
  const [month, day] = [Number(digits.slice(2, 4)), Number(digits.slice(4, 6))];
  return month < 1 || month > 12
    ? `${digits} is not a date: there is no month ${digits.slice(2, 4)} (YYMMDD)`
    : `${digits} is not a date: that month has no day ${day} (YYMMDD)`;
};

const amountFault = (text: string): string | null => {
  const match = /^([A-Z]{3})\d+,(\d*)$/.exec(text);
  const [, currency = '', decimals = ''] = match ?? [];
  if (match && decimals.length > exponentOf(currency))
    return `${decimals.length} decimals are more than ${currency} has (${exponentOf(currency)})`;
  return match && /^[A-Z]{3}0*,0*$/.test(text) ? 'the amount is zero' : null;
};

const CHECKS: Readonly<Record<Check, (text: string, type: MessageType) => string | null>> = {
  date: dateFault,
  amount: amountFault,
  sequence: (text, type) => {
    const [number, total] = text.split('/').map(Number);
    if (number === undefined || total === undefined) return null;
    const first = type !== '701' && type !== '708';
    if (total < 1 || total > 8 || number > total)
      return `${quoted(text)} is no place in a series of one to eight messages`;
    return first === (number === 1)
      ? null
      : `MT${type} ${first ? 'is the first' : 'is never the first'} of a series, not number ${number}`;
  },
};

const codeFault = ({ codes }: FieldRow, text: string): string | null => {
  if (!codes) return null;
  const lines = text.split('\n');
  const value = { whole: text, first: lines[0] ?? '', last: lines.at(-1) ?? '' }[codes.line];
  return codes.values.includes(value) ? null : `${quoted(value)} is not allowed; one of ${codes.values.join(', ')}`;
};

const commaHint = (row: FieldRow, text: string): string =>
  row.checks?.includes('amount') && /\d\.\d/.test(text) ? '; the decimal sign is a comma, not a point' : '';

interface Judged {
  faults: Fault[];
  remarks: Fault[];
}

const judgeField = (row: FieldRow, { tag, text, line }: MessageField, type: MessageType): Judged => {
  const format = row.formats[tag];
  const wrong = format === undefined ? null : formatFault(text, format, row.parts);
  const code = wrong === null || row.codes?.line === 'whole' ? codeFault(row, text) : null;
  const said = (reason: string): Fault => ({ tag, line, reason: `${row.name}: ${reason}` });
  // A code that is not allowed says more than its length; a date in front is wrong even where what follows is missing.
  const form = wrong && !wrong.layout && code === null ? [`${wrong.reason}${commaHint(row, text)}`] : [];
  const checked = (row.checks ?? []).flatMap((check) => {
    const found = check === 'date' || wrong === null ? CHECKS[check](text, type) : null;
    return found === null ? [] : [found];
  });
  return {
    faults: [...form, ...(code === null ? [] : [code]), ...checked].map(said),
    remarks: wrong?.layout ? [said(wrong.reason)] : [],
  };
};

const structureFaults = (rows: readonly FieldRow[], fields: readonly MessageField[], type: MessageType): Fault[] => {
  const placeOf = (tag: string) => rows.findIndex(({ formats }) => formats[tag] !== undefined);
  const faults: Fault[] = [];
  let furthest = -1;
  const seen = new Set<number>();
  for (const { tag, line } of fields) {
    const place = placeOf(tag);
    if (place < 0) {
      const instead = OBSOLETE[tag];
      const reason = instead ? `obsolete since Standards Release 2018; ${instead}` : `no field of MT${type}`;
      faults.push({ tag, line, reason });
      continue;
    }
    if (seen.has(place)) faults.push({ tag, line, reason: 'stands twice; a field is given once' });
    else if (place < furthest)
      faults.push({ tag, line, reason: `stands too late: it belongs before ${rows[furthest]?.tag}` });
    seen.add(place);
    furthest = Math.max(furthest, place);
  }
  for (const [place, row] of rows.entries())
    if (row.presence === 'M' && !seen.has(place))
      faults.push({ tag: row.tag, line: null, reason: `${row.name}: is missing and mandatory in MT${type}` });
  return faults;
};

const ruleFaults = (rows: readonly FieldRow[], fields: readonly MessageField[], type: MessageType): Fault[] => {
  const find = (asked: string) => {
    const formats = rows.find((row) => row.tag === asked)?.formats ?? {};
    return fields.find(({ tag }) => formats[tag] !== undefined);
  };
  return NETWORK_RULES.filter(({ types }) => types.includes(type)).flatMap(({ tags, code, broken }) => {
    const reason = broken(
      (tag) => find(tag) !== undefined,
      (tag) => find(tag)?.text ?? null,
    );
    const culprit = tags.map(find).find((field) => field !== undefined);
    return reason === null
      ? []
      : [{ tag: culprit?.tag ?? tags[0] ?? null, line: culprit?.line ?? null, reason: `${reason} (${code})` }];
  });
};

const expiryFaults = (fields: readonly MessageField[]): Fault[] => {
  const dayIn = (tag: string) => swiftDate(fields.find((field) => field.tag === tag)?.text.slice(0, 6) ?? '');
  const [issued, expiry, shipment] = [dayIn('31C'), dayIn('31D'), dayIn('44C')];
  const line = fields.find(({ tag }) => tag === '31D')?.line ?? null;
  return [
    ...(expiry && shipment && expiry < shipment
      ? [
          {
            tag: '31D',
            line,
            reason: `the credit expires ${expiry}, earlier than the latest date of shipment ${shipment} (44C)`,
          },
        ]
      : []),
    ...(expiry && issued && expiry < issued
      ? [{ tag: '31D', line, reason: `the credit expires ${expiry}, before it is issued ${issued} (31C)` }]
      : []),
  ];
};

interface Lines {
  fields: MessageField[];
  faults: Fault[];
}

const fieldsOf = (lines: readonly string[], firstLine: number): Lines => {
  const fields: MessageField[] = [];
  const faults: Fault[] = [];
  for (const [index, text] of lines.entries()) {
    const line = firstLine + index;
    const start = FIELD_START.exec(text);
    const last = fields.at(-1);
    if (start) fields.push({ tag: start[1] ?? '', text: start[2] ?? '', line });
    else if (last) {
      last.text += `\n${text}`;
      if (text.startsWith(':'))
        faults.push({ tag: last.tag, line, reason: `${quoted(text)}: a line of text begins with a colon` });
    } else if (text.trim() !== '')
      faults.push({ tag: null, line, reason: `${quoted(text)} stands before the first field` });
  }
  return { fields, faults };
};

const BLOCK_2 = /\{2:([IO])(\d{3})([^{}]{0,60})\}/;
const BLOCK_1 = /\{1:[A-Z]\d{2}([A-Z0-9]{12})/;

const partiesOf = (head: string): Pick<SwiftMessage, 'sender' | 'receiver'> => {
  const own = BLOCK_1.exec(head)?.[1] ?? null;
  const [, direction, , rest = ''] = BLOCK_2.exec(head) ?? [];
  // An output message carries the sender after time and date: {2:O7001200…}.
  const other =
    direction === 'O' ? (/^\d{10}([A-Z0-9]{12})/.exec(rest)?.[1] ?? null) : (/^[A-Z0-9]{12}/.exec(rest)?.[0] ?? null);
  return direction === 'O' ? { sender: other, receiver: own } : { sender: own, receiver: other };
};

/** Where each message of the input begins and ends, by line: the text block closes with a line `-}`. */
const split = (lines: readonly string[]): { start: number; open: number; close: number; end: number }[] => {
  const found: { start: number; open: number; close: number; end: number }[] = [];
  let start = 0;
  for (let line = 0; line < lines.length; line++) {
    if (!lines[line]?.includes(TEXT_BLOCK)) continue;
    const open = line;
    let close = lines.findIndex((text, index) => index > open && text.startsWith('-}'));
    const nextOpen = lines.findIndex((text, index) => index > open && text.includes(TEXT_BLOCK));
    if (close < 0 || (nextOpen >= 0 && nextOpen < close)) close = nextOpen < 0 ? lines.length : nextOpen;
    let end = close;
    while (end + 1 < lines.length && !/\{[12]:/.test(lines[end + 1] ?? '')) end++;
    found.push({ start, open, close, end });
    line = close;
    start = end + 1;
  }
  return found;
};

const readOne = (lines: readonly string[], at: ReturnType<typeof split>[number], asked: Asked): ReadMessage => {
  const opening = lines[at.open] ?? '';
  const [before = '', after = ''] = [
    opening.slice(0, opening.indexOf(TEXT_BLOCK)),
    opening.slice(opening.indexOf(TEXT_BLOCK) + 3),
  ];
  const head = [...lines.slice(at.start, at.open), before].join('').trim();
  const type = BLOCK_2.exec(head)?.[2];
  if (type === undefined) throw invalid('message', 'block 2 does not say which message it is; it begins like {2:I700');
  if (!isMessageType(type)) throw noRow(`the fields of MT${type}`, 'message');
  const { value: rows, notices } = ruleOn(MESSAGE_FIELDS[type], asked, 'message');
  const body = [after, ...lines.slice(at.open + 1, at.close)];
  const first = after === '' ? body.slice(1) : body;
  const { fields, faults } = fieldsOf(first, after === '' ? at.open + 2 : at.open + 1);
  const closed = lines[at.close]?.startsWith('-}') === true;
  const judged = fields.flatMap((field) => {
    const row = rows.find(({ formats }) => formats[field.tag] !== undefined);
    return row ? [judgeField(row, field, type)] : [];
  });
  const all: Fault[] = [
    ...faults,
    ...(closed ? [] : [{ tag: null, line: at.close, reason: 'the text does not end with -}' }]),
    ...(/\{1:/.test(head) ? [] : [{ tag: null, line: at.start + 1, reason: 'block 1 is missing' }]),
    ...judged.flatMap((one) => one.faults),
    ...structureFaults(rows, fields, type),
    ...ruleFaults(rows, fields, type),
    ...expiryFaults(fields),
  ];
  const tail = closed
    ? [(lines[at.close] ?? '').slice(2), ...lines.slice(at.close + 1, at.end + 1)].join('').trim()
    : '';
  return {
    ...{ type, head, ...partiesOf(head), fields, tail },
    raw: lines.slice(at.start, at.end + 1).join('\n'),
    faults: all.sort((a, b) => (a.line ?? Number.MAX_SAFE_INTEGER) - (b.line ?? Number.MAX_SAFE_INTEGER)),
    remarks: judged.flatMap((one) => one.remarks),
    notices,
  };
};

/**
 * All messages of a text, each with its fields and every fault at once. Line ends may be LF or CR LF. Throws `invalid`
 * when there is no message at all or its type is not said, `no_row` for a type whose fields are not on file (on file:
 * MT700, 701, 707, 708 and 720, since November 2018). `asked.on` is the day the message was sent.
 */
export const readMessages = (text: string, asked: Asked): ReadMessage[] => {
  if (text.length > LONGEST_INPUT) throw invalid('message', `is longer than ${LONGEST_INPUT} characters`);
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const found = split(lines);
  if (found.length === 0) throw invalid('message', 'holds no SWIFT message: no text block such as {4: … -} is in it');
  return found.map((at) => readOne(lines, at, asked));
};
