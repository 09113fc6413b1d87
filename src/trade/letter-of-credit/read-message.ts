import { isFailure } from '#domain/failure.ts';
import { minorUnitOn } from '../currency/minor-unit.ts';
import { type PlainDate, PlainDate as PlainDateSchema } from '../plain-date.ts';
import { invalid } from '../read-input.ts';
import { type AsOf, type Notice, noRow, ruleOn } from '../rule.ts';
import { fullYear } from './date-words.ts';
import { formatFault } from './field-format.ts';
import { type Fault, messagesIn, type RawMessage } from './message-blocks.ts';
import {
  type Check,
  type FieldRow,
  isFirstType,
  isMessageType,
  MESSAGE_FIELDS,
  type MessageType,
  NETWORK_RULES,
  OBSOLETE,
} from './message-fields.ts';
import { quoted } from './quoted.ts';

/** One field unchanged: its lines joined by a line feed, nothing trimmed. */
export interface MessageField {
  tag: string;
  text: string;
  /** The line in the whole input where it begins, from 1. */
  line: number;
}

export interface SwiftMessage {
  type: MessageType;
  /** The blocks before the text, unchanged: `{1:…}{2:…}{3:…}`. */
  head: string;
  /** Sender and receiver as named in blocks 1 and 2; in an output message the sender is in block 2. */
  sender: string | null;
  receiver: string | null;
  fields: readonly MessageField[];
  /** The rest after the text, `{5:…}`. */
  tail: string;
}

export interface ReadMessage extends SwiftMessage {
  raw: string;
  /** All faults, in line order; empty if the message is correct. */
  faults: readonly Fault[];
  /** Lines wider or longer than the network accepts, as bank portals print them; nothing is lost by them. */
  remarks: readonly Fault[];
  notices: readonly Notice[];
}

const MAX_INPUT_LENGTH = 200_000;
/** Reporting more faults of one message than this helps nobody. */
const MAX_FAULTS = 100;
const FIELD_START = /^:(\d{2}[A-Z]?):(.*)$/s;

/** YYMMDD as a day, with 80 to 99 as 1980 to 1999; null if the calendar has no such day. */
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

const amountFault = (text: string, asOf: AsOf): string | null => {
  const match = /^([A-Z]{3})\d+,(\d*)$/.exec(text);
  if (!match) return null;
  const [, currency = '', digits = ''] = match;
  try {
    const { decimals } = minorUnitOn(currency, asOf).value;
    if (digits.length > decimals) return `${digits.length} decimals are more than ${currency} has (${decimals})`;
  } catch (error) {
    if (isFailure(error, 'no_row')) return error.message;
    throw error;
  }
  return /^[A-Z]{3}0*,0*$/.test(text) ? 'the amount is zero' : null;
};

const CHECKS: Readonly<Record<Check, (text: string, type: MessageType, asOf: AsOf) => string | null>> = {
  date: dateFault,
  amount: (text, _, asOf) => amountFault(text, asOf),
  sequence: (text, type) => {
    const [number, total] = text.split('/').map(Number);
    if (number === undefined || total === undefined) return null;
    const first = isFirstType(type);
    if (total < 1 || total > 8 || number > total)
      return `${quoted(text)} is no place in a series of one to eight messages`;
    return first === (number === 1)
      ? null
      : `MT${type} ${first ? 'is the first' : 'is never the first'} of a series, not number ${number}`;
  },
};

const codeFault = ({ codes = [] }: FieldRow, text: string): string | null => {
  const lines = text.split('\n');
  for (const { values, line } of codes) {
    const value = { whole: text, first: lines[0] ?? '', last: lines.at(-1) ?? '' }[line];
    if (!values.includes(value)) return `${quoted(value)} is not allowed; one of ${values.join(', ')}`;
  }
  return null;
};

const commaHint = (row: FieldRow, text: string): string =>
  row.checks?.includes('amount') && /\d\.\d/.test(text) ? '; the decimal sign is a comma, not a point' : '';

interface Judged {
  faults: readonly Fault[];
  remarks: readonly Fault[];
}

/** The faults of one field by itself: its form, its codes, its date or amount. */
export const judgeField = (row: FieldRow, { tag, text, line }: MessageField, type: MessageType, asOf: AsOf): Judged => {
  const format = row.formats[tag];
  const wrong = format === undefined ? null : formatFault(text, format, row.parts);
  const code = wrong === null || row.codes?.[0]?.line === 'whole' ? codeFault(row, text) : null;
  const said = (reason: string): Fault => ({ tag, line, reason: `${row.name}: ${reason}` });
  // A wrong code is more useful than its length, and a wrong leading date is a fault even if the rest is missing.
  const form = wrong && !wrong.layout && code === null ? [`${wrong.reason}${commaHint(row, text)}`] : [];
  const checked = (row.checks ?? []).flatMap((check) => {
    const found = check === 'date' || wrong === null ? CHECKS[check](text, type, asOf) : null;
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
  const find = (wanted: string) => {
    const formats = rows.find((row) => row.tag === wanted)?.formats ?? {};
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

interface Fields extends Judged {
  fields: MessageField[];
}

const fieldsOf = ({ text: lines, firstLine }: RawMessage): Fields => {
  const found: { tag: string; lines: string[]; line: number }[] = [];
  const [faults, remarks, before]: [Fault[], Fault[], Fault[]] = [[], [], []];
  for (const [index, text] of lines.entries()) {
    const line = firstLine + index;
    const start = FIELD_START.exec(text);
    const last = found.at(-1);
    if (start) found.push({ tag: start[1] ?? '', lines: [start[2] ?? ''], line });
    else if (last) {
      last.lines.push(text);
      if (text.startsWith(':'))
        faults.push({ tag: last.tag, line, reason: `${quoted(text)}: a line of text begins with a colon` });
    } else if (text.trim() !== '')
      before.push({ tag: null, line, reason: `${quoted(text)} stands before the first field` });
  }
  for (const { tag, lines: own, line } of found) {
    const given = own.length;
    while (own.length > 1 && own.at(-1)?.trim() === '') own.pop();
    if (own.length < given) remarks.push({ tag, line, reason: 'blank lines at its end are left out' });
  }
  const fields = found.map(({ tag, lines: own, line }) => ({ tag, text: own.join('\n'), line }));
  // A text without any valid field has this fault on every line: report it once.
  return { fields, faults: [...before.slice(0, 1), ...faults], remarks };
};

const BLOCK_2 = /\{2:([IO])(\d{3})([^{}]{0,60})\}/;
const BLOCK_1 = /\{1:[A-Z]\d{2}([A-Z0-9]{12})/;

const partiesOf = (head: string): Pick<SwiftMessage, 'sender' | 'receiver'> => {
  const own = BLOCK_1.exec(head)?.[1] ?? null;
  const [, direction, , rest = ''] = BLOCK_2.exec(head) ?? [];
  // An output message has the sender after time and date: {2:O7001200…}.
  const other =
    direction === 'O' ? (/^\d{10}([A-Z0-9]{12})/.exec(rest)?.[1] ?? null) : (/^[A-Z0-9]{12}/.exec(rest)?.[0] ?? null);
  return direction === 'O' ? { sender: other, receiver: own } : { sender: own, receiver: other };
};

const atMost = (faults: readonly Fault[]): Fault[] => {
  const sorted = [...faults].sort((a, b) => (a.line ?? Number.MAX_SAFE_INTEGER) - (b.line ?? Number.MAX_SAFE_INTEGER));
  const more = sorted.length - MAX_FAULTS;
  const rest = { tag: null, line: null, reason: `and ${more} faults more, which are not listed` };
  return more > 0 ? [...sorted.slice(0, MAX_FAULTS), rest] : sorted;
};

const readOne = (message: RawMessage, asOf: AsOf): ReadMessage => {
  const { head, tail, raw } = message;
  const type = BLOCK_2.exec(head)?.[2];
  if (type === undefined) throw invalid('message', 'block 2 does not say which message it is; it begins like {2:I700');
  if (!isMessageType(type)) throw noRow(`the fields of MT${type}`, 'message');
  const { value: rows, notices } = ruleOn(MESSAGE_FIELDS[type], asOf, 'message');
  const { fields, faults, remarks } = fieldsOf(message);
  const judged = fields.flatMap((field) => {
    const row = rows.find(({ formats }) => formats[field.tag] !== undefined);
    return row ? [judgeField(row, field, type, asOf)] : [];
  });
  return {
    type,
    head,
    ...partiesOf(head),
    fields,
    tail,
    raw,
    notices,
    faults: atMost([
      ...message.faults,
      ...faults,
      ...judged.flatMap((one) => one.faults),
      ...structureFaults(rows, fields, type),
      ...ruleFaults(rows, fields, type),
      ...expiryFaults(fields),
    ]),
    remarks: [...remarks, ...judged.flatMap((one) => one.remarks)].slice(0, MAX_FAULTS),
  };
};

/**
 * All messages of a text, each with its fields and all its faults. Line ends may be LF or CR LF. Throws `invalid` if
 * there is no message or its type is not given, `no_row` for a type whose fields are not on file (on file: MT700, 701,
 * 707, 708, 720 and 721, since November 2018). `asOf.on` is the day the message was sent.
 */
export const readMessages = (text: string, asOf: AsOf): ReadMessage[] => {
  if (text.length > MAX_INPUT_LENGTH) throw invalid('message', `is longer than ${MAX_INPUT_LENGTH} characters`);
  return messagesIn(text).map((message) => readOne(message, asOf));
};
