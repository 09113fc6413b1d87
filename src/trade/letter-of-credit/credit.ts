import { z } from 'zod';
import { Currency, DecimalText } from '#domain/money.ts';
import { Exact, moneyText } from '../decimal.ts';
import { PlainDate } from '../plain-date.ts';
import { invalid } from '../read-input.ts';
import { type Asked, type Notice, noticesTogether } from '../rule.ts';
import { APPLICABLE_RULES, AVAILABLE_BY, CONFIRMATIONS, FORMS, SHIPMENT_CODES } from './message-fields.ts';
import { printMessage } from './print-message.ts';
import { type Fault, type MessageField, type ReadMessage, readMessages, swiftDate } from './read-message.ts';
import { AmountTolerance, toleranceOf } from './tolerance.ts';

const Lines = z.array(z.string().max(140)).min(1).max(800);
/** A bank: option A names it by its BIC in the last line, B and D by name and address. */
export const BankParty = z.strictObject({ option: z.enum(['A', 'B', 'D']), lines: Lines });
export type BankParty = z.infer<typeof BankParty>;

const Place = z.string().min(1).max(140);

/** A documentary credit as MT700 carries it: dates as days, amounts as exact decimals, narratives by line. */
export const Credit = z.strictObject({
  form: z.enum(FORMS),
  number: z.string().min(1).max(16),
  preAdvice: z.string().nullable(),
  issued: PlainDate,
  rules: z.strictObject({ version: z.enum(APPLICABLE_RULES), narrative: z.string().nullable() }),
  expiry: z.strictObject({ date: PlainDate, place: z.string().min(1).max(29) }),
  applicantBank: BankParty.nullable(),
  applicant: Lines,
  beneficiary: z.strictObject({ account: z.string().nullable(), lines: Lines }),
  currency: Currency,
  amount: DecimalText,
  tolerance: AmountTolerance.nullable(),
  additionalAmounts: Lines.nullable(),
  available: z.strictObject({ with: BankParty, by: z.enum(AVAILABLE_BY) }),
  draftsAt: Lines.nullable(),
  drawee: BankParty.nullable(),
  mixedPayment: Lines.nullable(),
  deferredPayment: Lines.nullable(),
  partialShipments: z.enum(SHIPMENT_CODES).nullable(),
  transhipment: z.enum(SHIPMENT_CODES).nullable(),
  takingInCharge: Place.nullable(),
  loading: Place.nullable(),
  discharge: Place.nullable(),
  destination: Place.nullable(),
  latestShipment: PlainDate.nullable(),
  shipmentPeriod: Lines.nullable(),
  goods: Lines.nullable(),
  documents: Lines.nullable(),
  conditions: Lines.nullable(),
  specialPayment: Lines.nullable(),
  specialPaymentBank: Lines.nullable(),
  charges: Lines.nullable(),
  /** Field 48: days, and after what when not after shipment. */
  presentation: z.strictObject({ days: z.int().min(0).max(999), after: z.string().nullable() }).nullable(),
  confirmation: z.enum(CONFIRMATIONS),
  confirmationParty: BankParty.nullable(),
  reimbursingBank: BankParty.nullable(),
  instructions: Lines.nullable(),
  adviseThrough: BankParty.nullable(),
  information: Lines.nullable(),
});
export type Credit = z.infer<typeof Credit>;

/** How one field of a message becomes part of the credit and back. A reader answers null for a text it cannot take. */
interface Codec {
  /** `42a` for any option. */
  tag: string;
  read(field: MessageField): Partial<Credit> | null;
  print(credit: Credit): { tag: string; text: string } | null;
}

/** The keys of `Credit` that hold a value of type V. */
type KeysOf<V> = {
  [K in keyof Credit]-?: [V] extends [Credit[K]] ? ([Credit[K]] extends [V] ? K : never) : never;
}[keyof Credit];

const linesOf = (text: string): string[] => text.split('\n');

const narrative = <K extends KeysOf<string[] | null>>(tag: string, key: K): Codec => ({
  tag,
  read: ({ text }) => ({ [key]: linesOf(text) }),
  print: (credit) => {
    const lines = credit[key];
    return lines === null ? null : { tag, text: lines.join('\n') };
  },
});
const words = <K extends KeysOf<string | null>>(tag: string, key: K): Codec => ({
  tag,
  read: ({ text }) => ({ [key]: text }),
  print: (credit) => {
    const text = credit[key];
    return text === null ? null : { tag, text };
  },
});
const optionOf = (tag: string): BankParty['option'] | null => {
  const option = BankParty.shape.option.safeParse(tag.slice(2));
  return option.success ? option.data : null;
};
const bank = <K extends KeysOf<BankParty | null>>(number: string, key: K): Codec => ({
  tag: `${number}a`,
  read: ({ tag, text }) => {
    const option = optionOf(tag);
    return option && { [key]: { option, lines: linesOf(text) } };
  },
  print: (credit) => {
    const party = credit[key];
    return party === null ? null : { tag: `${number}${party.option}`, text: party.lines.join('\n') };
  },
});
const code = <C extends string>(
  tag: string,
  values: readonly C[],
  put: (value: C) => Partial<Credit>,
  get: (credit: Credit) => C | null,
): Codec => ({
  tag,
  read: ({ text }) => {
    const value = values.find((known) => known === text);
    return value === undefined ? null : put(value);
  },
  print: (credit) => {
    const text = get(credit);
    return text === null ? null : { tag, text };
  },
});
const day = (date: PlainDate): string => date.slice(2).replaceAll('-', '');
const daysField = (
  tag: string,
  put: (date: PlainDate) => Partial<Credit>,
  get: (credit: Credit) => PlainDate | null,
): Codec => ({
  tag,
  read: ({ text }) => {
    const date = swiftDate(text);
    return date && put(date);
  },
  print: (credit) => {
    const date = get(credit);
    return date === null ? null : { tag, text: day(date) };
  },
});

/** `USD100000,5` → USD and 100000.50; null for any other form. */
export const moneyOf = (text: string): { currency: string; amount: string } | null => {
  const match = /^([A-Z]{3})(\d{1,15}),(\d{0,4})$/.exec(text);
  const [, currency = '', whole = '', decimals = ''] = match ?? [];
  return match
    ? { currency, amount: moneyText(new Exact(`${whole}.${decimals === '' ? '0' : decimals}`), currency) }
    : null;
};
const commaAmount = (amount: string): string => {
  const [whole = '', decimals = ''] = amount.split('.');
  return `${whole},${/^0*$/.test(decimals) ? '' : decimals}`;
};
/** `15/AFTER INVOICE DATE` → 15 days, after that; null for any other form. */
export const presentationOf = (text: string): Credit['presentation'] => {
  const match = /^(\d{1,3})(?:\/(.{1,35}))?$/.exec(text);
  return match ? { days: Number(match[1]), after: match[2] ?? null } : null;
};

/** The order of MT700; MT701 carries further lines of the narratives. */
const CODECS: readonly Codec[] = [
  code(
    '40A',
    FORMS,
    (form) => ({ form }),
    ({ form }) => form,
  ),
  {
    tag: '20',
    read: ({ text }) => ({ number: text }),
    print: ({ number }) => ({ tag: '20', text: number }),
  },
  words('23', 'preAdvice'),
  daysField(
    '31C',
    (issued) => ({ issued }),
    ({ issued }) => issued,
  ),
  {
    tag: '40E',
    read: ({ text }) => {
      const [said, ...rest] = text.split('/');
      const version = APPLICABLE_RULES.find((known) => known === said);
      return version ? { rules: { version, narrative: rest.length > 0 ? rest.join('/') : null } } : null;
    },
    print: ({ rules }) => ({
      tag: '40E',
      text: rules.narrative === null ? rules.version : `${rules.version}/${rules.narrative}`,
    }),
  },
  {
    tag: '31D',
    read: ({ text }) => {
      const date = swiftDate(text.slice(0, 6));
      return date && { expiry: { date, place: text.slice(6) } };
    },
    print: ({ expiry }) => ({ tag: '31D', text: `${day(expiry.date)}${expiry.place}` }),
  },
  bank('51', 'applicantBank'),
  {
    tag: '50',
    read: ({ text }) => ({ applicant: linesOf(text) }),
    print: ({ applicant }) => ({ tag: '50', text: applicant.join('\n') }),
  },
  {
    tag: '59',
    read: ({ text }) => {
      const lines = linesOf(text);
      const account = lines.length > 1 && lines[0]?.startsWith('/') ? lines[0].slice(1) : null;
      return { beneficiary: { account, lines: account === null ? lines : lines.slice(1) } };
    },
    print: ({ beneficiary: { account, lines } }) => ({
      tag: '59',
      text: [...(account === null ? [] : [`/${account}`]), ...lines].join('\n'),
    }),
  },
  {
    tag: '32B',
    read: ({ text }) => moneyOf(text),
    print: ({ currency, amount }) => ({ tag: '32B', text: `${currency}${commaAmount(amount)}` }),
  },
  {
    tag: '39A',
    read: ({ text }) => (/^\d{1,2}\/\d{1,2}$/.test(text) ? { tolerance: toleranceOf(text) } : null),
    print: ({ tolerance }) =>
      tolerance && {
        tag: '39A',
        text: [tolerance.plus, tolerance.minus].map((part) => String(part).padStart(2, '0')).join('/'),
      },
  },
  narrative('39C', 'additionalAmounts'),
  {
    tag: '41a',
    read: ({ tag, text }) => {
      const lines = linesOf(text);
      const by = AVAILABLE_BY.find((known) => known === lines.at(-1));
      const option = optionOf(tag);
      return by && option && lines.length > 1
        ? { available: { with: { option, lines: lines.slice(0, -1) }, by } }
        : null;
    },
    print: ({ available }) => ({
      tag: `41${available.with.option}`,
      text: [...available.with.lines, available.by].join('\n'),
    }),
  },
  narrative('42C', 'draftsAt'),
  bank('42', 'drawee'),
  narrative('42M', 'mixedPayment'),
  narrative('42P', 'deferredPayment'),
  code(
    '43P',
    SHIPMENT_CODES,
    (partialShipments) => ({ partialShipments }),
    ({ partialShipments }) => partialShipments,
  ),
  code(
    '43T',
    SHIPMENT_CODES,
    (transhipment) => ({ transhipment }),
    ({ transhipment }) => transhipment,
  ),
  words('44A', 'takingInCharge'),
  words('44E', 'loading'),
  words('44F', 'discharge'),
  words('44B', 'destination'),
  daysField(
    '44C',
    (latestShipment) => ({ latestShipment }),
    ({ latestShipment }) => latestShipment,
  ),
  narrative('44D', 'shipmentPeriod'),
  narrative('45A', 'goods'),
  narrative('46A', 'documents'),
  narrative('47A', 'conditions'),
  narrative('49G', 'specialPayment'),
  narrative('49H', 'specialPaymentBank'),
  narrative('71D', 'charges'),
  {
    tag: '48',
    read: ({ text }) => {
      const presentation = presentationOf(text);
      return presentation && { presentation };
    },
    print: ({ presentation }) =>
      presentation && {
        tag: '48',
        text: `${presentation.days}${presentation.after === null ? '' : `/${presentation.after}`}`,
      },
  },
  code(
    '49',
    CONFIRMATIONS,
    (confirmation) => ({ confirmation }),
    ({ confirmation }) => confirmation,
  ),
  bank('58', 'confirmationParty'),
  bank('53', 'reimbursingBank'),
  narrative('78', 'instructions'),
  bank('57', 'adviseThrough'),
  narrative('72Z', 'information'),
];

const codecFor = (tag: string): Codec | undefined =>
  CODECS.find((codec) => codec.tag === tag) ??
  CODECS.find((codec) => codec.tag.endsWith('a') && codec.tag.slice(0, 2) === tag.slice(0, 2) && tag.length === 3);

/** What a set of fields says of a credit, whatever of it can be read. Fields that no codec takes are left out. */
export const termsOf = (fields: readonly MessageField[]): Partial<Credit> => {
  const terms: Partial<Credit> = {};
  for (const field of fields) Object.assign(terms, codecFor(field.tag)?.read(field) ?? {});
  return terms;
};

const ABSENT = {
  ...{ preAdvice: null, applicantBank: null, tolerance: null, additionalAmounts: null, draftsAt: null, drawee: null },
  ...{ mixedPayment: null, deferredPayment: null, partialShipments: null, transhipment: null, takingInCharge: null },
  ...{ loading: null, discharge: null, destination: null, latestShipment: null, shipmentPeriod: null, goods: null },
  ...{ documents: null, conditions: null, specialPayment: null, specialPaymentBank: null, charges: null },
  ...{ presentation: null, confirmationParty: null, reimbursingBank: null, instructions: null, adviseThrough: null },
  information: null,
} as const;

const CONTINUED = ['45A', '46A', '47A', '49G', '49H'];

/** The fields of the first message with those of its continuations: their narratives come after its own. */
const joined = (first: ReadMessage, rest: readonly ReadMessage[], continued: readonly string[]): MessageField[] => {
  const fields = first.fields.map((field) => ({ ...field }));
  for (const { tag, text, line } of rest.flatMap((message) => message.fields)) {
    if (!continued.includes(tag)) continue;
    const own = fields.find((field) => field.tag === tag);
    if (own) own.text += `\n${text}`;
    else fields.push({ tag, text, line });
  }
  return fields;
};

const seriesFaults = (messages: readonly ReadMessage[]): Fault[] => {
  const find = (message: ReadMessage, tag: string) => message.fields.find((field) => field.tag === tag);
  const total = Number(find(messages[0] ?? { ...EMPTY }, '27')?.text.split('/')[1] ?? 1);
  return [
    ...(Number.isFinite(total) && total !== messages.length
      ? [{ tag: '27', line: null, reason: `${messages.length} of ${total} messages of the series are here` }]
      : []),
    ...messages.flatMap((message, index) => {
      const sequence = find(message, '27');
      const number = find(message, '20');
      return [
        ...(sequence && Number(sequence.text.split('/')[0]) !== index + 1
          ? [{ tag: '27', line: sequence.line, reason: `${sequence.text} stands at place ${index + 1} of the series` }]
          : []),
        ...(index > 0 && number && number.text !== find(messages[0] ?? message, '20')?.text
          ? [
              {
                tag: '20',
                line: number.line,
                reason: `${number.text} is not the reference of the message that it continues`,
              },
            ]
          : []),
      ];
    }),
  ];
};
const EMPTY: ReadMessage = {
  ...{
    type: '700',
    head: '',
    sender: null,
    receiver: null,
    fields: [],
    tail: '',
    raw: '',
    faults: [],
    remarks: [],
    notices: [],
  },
};

/** A series of messages put together: one first message and what continues it. */
export interface Series {
  messages: readonly ReadMessage[];
  fields: readonly MessageField[];
  faults: readonly Fault[];
  remarks: readonly Fault[];
  notices: readonly Notice[];
}

/**
 * Reads `first` (700 or 707) and its continuations (701, 708). Throws `invalid` when the text holds no such message.
 */
export const readSeries = (
  text: string,
  asked: Asked,
  { first, continuation, continued }: { first: string; continuation: string; continued: readonly string[] },
): Series => {
  const messages = readMessages(text, asked);
  const [head, ...rest] = messages;
  if (head?.type !== first) throw invalid('message', `begins with MT${head?.type}, where MT${first} is expected`);
  const foreign = rest.find(({ type }) => type !== continuation);
  if (foreign) throw invalid('message', `MT${foreign.type} does not continue MT${first}; give one credit at a time`);
  return {
    messages,
    fields: joined(head, rest, continued),
    faults: [...messages.flatMap(({ faults }) => faults), ...seriesFaults(messages)],
    remarks: messages.flatMap(({ remarks }) => remarks),
    notices: noticesTogether(...messages.map(({ notices }) => notices)),
  };
};

export interface ReadCredit extends Series {
  /** Null when a term that a credit cannot be without is missing or not readable; `faults` says which. */
  credit: Credit | null;
}

/**
 * A credit from MT700 and the MT701 that continue it. All faults are listed; the credit is there as soon as every term
 * of it can be read, faults or not. Throws `invalid` only when the text holds no MT700.
 */
export const readCredit = (text: string, asked: Asked): ReadCredit => {
  const series = readSeries(text, asked, { first: '700', continuation: '701', continued: CONTINUED });
  const read = Credit.safeParse({ ...ABSENT, ...termsOf(series.fields) });
  return { ...series, credit: read.success ? read.data : null };
};

/** The fields of MT700 in their order, without field 27. */
export const fieldsOf = (credit: Credit): { tag: string; text: string }[] =>
  CODECS.flatMap((codec) => codec.print(credit) ?? []);

/** Sender and receiver as logical terminal addresses of 12 characters. */
export interface Addresses {
  sender: string;
  receiver: string;
}

/** The credit as one MT700 in FIN form; `readCredit` reads the same credit back. */
export const printCredit = (credit: Credit, { sender, receiver }: Addresses): string =>
  printMessage({
    head: `{1:F01${sender}0000000000}{2:I700${receiver}N}`,
    fields: [{ tag: '27', text: '1/1' }, ...fieldsOf(credit)].map((field) => ({ ...field, line: 0 })),
    tail: '',
  });
