import { Credit } from './credit-terms.ts';
import {
  areTerms,
  bank,
  type Codec,
  code,
  commaAmount,
  day,
  daysField,
  linesOf,
  moneyOf,
  narrative,
  optionOf,
  type Terms,
  words,
} from './field-codec.ts';
import {
  APPLICABLE_RULES,
  AVAILABLE_BY,
  CONFIRMATIONS,
  type FirstType,
  FORMS,
  layoutOf,
  SHIPMENT_CODES,
  TRANSFER_CONFIRMATIONS,
} from './message-fields.ts';
import { type MessageField, swiftDate } from './read-message.ts';
import { toleranceOf } from './tolerance.ts';

/** Fields with the same meaning in every message type. */
const COMMON: readonly Codec[] = [
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
  narrative('71D', 'charges'),
  {
    tag: '48',
    read: ({ text }) => {
      const match = /^(\d{1,3})(?:\/(.{1,35}))?$/.exec(text);
      return match && { presentation: { days: Number(match[1]), after: match[2] ?? null } };
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
  narrative('78', 'instructions'),
  bank('57', 'adviseThrough'),
  narrative('72Z', 'information'),
];

const FORM = code(
  '40A',
  FORMS,
  (form) => ({ form }),
  ({ form }) => form,
);
/** Fields that an amendment does not have, or changes piece by piece. */
const OF_A_WHOLE_CREDIT: readonly Codec[] = [
  daysField(
    '31C',
    (issued) => ({ issued }),
    ({ issued }) => issued,
  ),
  {
    tag: '32B',
    read: ({ text }) => moneyOf(text),
    print: ({ currency, amount }) => ({ tag: '32B', text: `${currency}${commaAmount(amount)}` }),
  },
  narrative('45A', 'goods'),
  narrative('46A', 'documents'),
  narrative('47A', 'conditions'),
  narrative('49G', 'specialPayment'),
  narrative('49H', 'specialPaymentBank'),
];
const number = (tag: string): Codec => ({
  tag,
  read: ({ text }) => ({ number: text }),
  print: (credit) => ({ tag, text: credit.number }),
});

const OF_A_TRANSFER: readonly Codec[] = [
  {
    tag: '40B',
    read: ({ text }) => {
      const [first, second, ...more] = linesOf(text);
      const form = FORMS.find((known) => known === first);
      const confirmation = TRANSFER_CONFIRMATIONS.find((known) => known === second);
      return form && confirmation && more.length === 0 ? { form, transfer: { confirmation } } : null;
    },
    print: ({ form, transfer }) => transfer && { tag: '40B', text: `${form}\n${transfer.confirmation}` },
  },
  {
    tag: '20',
    read: ({ text }) => ({ transfer: { reference: text } }),
    print: ({ transfer }) => transfer && { tag: '20', text: transfer.reference },
  },
  number('21'),
  {
    tag: '52a',
    read: ({ tag, text }) => {
      const option = optionOf(tag);
      return option && { transfer: { issuingBank: { option, lines: linesOf(text) } } };
    },
    print: ({ transfer }) =>
      transfer?.issuingBank
        ? { tag: `52${transfer.issuingBank.option}`, text: transfer.issuingBank.lines.join('\n') }
        : null,
  },
  {
    tag: '50B',
    read: ({ text }) => ({ transfer: { nonBankIssuer: linesOf(text) } }),
    print: ({ transfer }) => (transfer?.nonBankIssuer ? { tag: '50B', text: transfer.nonBankIssuer.join('\n') } : null),
  },
  {
    tag: '78D',
    read: ({ text }) => ({ transfer: { intermediaryInstructions: linesOf(text) } }),
    print: ({ transfer }) =>
      transfer?.intermediaryInstructions ? { tag: '78D', text: transfer.intermediaryInstructions.join('\n') } : null,
  },
];

const byTag = (...codecs: readonly Codec[]): ReadonlyMap<string, Codec> =>
  new Map(codecs.map((codec) => [codec.tag, codec]));

/** By the type of the message that begins a series, because the same tag may have another meaning in another type. */
const CODECS: Readonly<Record<FirstType, ReadonlyMap<string, Codec>>> = {
  '700': byTag(
    ...COMMON,
    ...OF_A_WHOLE_CREDIT,
    FORM,
    number('20'),
    words('23', 'preAdvice'),
    bank('51', 'applicantBank'),
    bank('53', 'reimbursingBank'),
  ),
  '707': byTag(...COMMON, FORM, bank('53', 'reimbursingBank')),
  '720': byTag(...COMMON, ...OF_A_WHOLE_CREDIT, ...OF_A_TRANSFER),
};

const codecFor = (type: FirstType, tag: string): Codec | undefined =>
  CODECS[type].get(tag) ?? (tag.length === 3 ? CODECS[type].get(`${tag.slice(0, 2)}a`) : undefined);

export interface ReadTerms {
  terms: Terms;
  /** Fields that are terms but cannot be used: not readable, or a second one with another value. */
  unread: readonly MessageField[];
}

/**
 * The terms of a credit in the fields of a message, or of the series that it begins. Fields that are no terms are
 * ignored.
 */
export const termsOf = (type: FirstType, fields: readonly MessageField[]): ReadTerms => {
  let terms: Terms = {};
  const [unread, taken]: [MessageField[], Set<string>] = [[], new Set()];
  for (const field of fields) {
    const codec = codecFor(type, field.tag);
    if (!codec) continue;
    const said = codec.read(field);
    if (!said || !areTerms(said) || taken.has(codec.tag)) unread.push(field);
    else {
      const transfer = said.transfer ? { transfer: { ...terms.transfer, ...said.transfer } } : {};
      terms = { ...terms, ...said, ...transfer };
    }
    taken.add(codec.tag);
  }
  return { terms, unread };
};

const ABSENT = {
  preAdvice: null,
  applicantBank: null,
  tolerance: null,
  additionalAmounts: null,
  draftsAt: null,
  drawee: null,
  mixedPayment: null,
  deferredPayment: null,
  partialShipments: null,
  transhipment: null,
  takingInCharge: null,
  loading: null,
  discharge: null,
  destination: null,
  latestShipment: null,
  shipmentPeriod: null,
  goods: null,
  documents: null,
  conditions: null,
  specialPayment: null,
  specialPaymentBank: null,
  charges: null,
  presentation: null,
  confirmationParty: null,
  reimbursingBank: null,
  instructions: null,
  adviseThrough: null,
  information: null,
} as const;
const NO_TRANSFER_TERMS = { issuingBank: null, nonBankIssuer: null, intermediaryInstructions: null } as const;

export interface CreditFrom {
  /** Null if a term that every credit needs is missing, or a field is unread. */
  credit: Credit | null;
  unread: readonly MessageField[];
}

/** The credit in the fields of an MT700 or MT720. */
export const creditFrom = (type: '700' | '720', fields: readonly MessageField[]): CreditFrom => {
  const { terms, unread } = termsOf(type, fields);
  const transfer = terms.transfer ? { ...NO_TRANSFER_TERMS, ...terms.transfer } : null;
  const read = Credit.safeParse({ ...ABSENT, ...terms, transfer });
  return { credit: read.success && unread.length === 0 ? read.data : null, unread };
};

/** The fields of the message that carries the credit, MT700 or MT720, in order. Field 27 belongs to the series. */
export const fieldsOf = (credit: Credit): { tag: string; text: string }[] => {
  const type = credit.transfer ? '720' : '700';
  return layoutOf(type).flatMap((row) => CODECS[type].get(row.tag)?.print(credit) ?? []);
};
