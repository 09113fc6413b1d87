import { plainDate } from '../plain-date.ts';
import type { DatedRow, RuleTable } from '../rule.ts';

/** What a part of a field means, beyond its characters. */
export type Check = 'date' | 'amount' | 'sequence';

export interface FieldRow {
  /** `41a` stands for the options that `formats` names. */
  tag: string;
  name: string;
  presence: 'M' | 'O';
  /** Format by tag: `{'41A': …, '41D': …}`. */
  formats: Readonly<Record<string, string>>;
  /** The allowed texts if the field has codes, and their line if not the whole field. */
  codes?: readonly { values: readonly string[]; line: 'whole' | 'first' | 'last' }[];
  checks?: readonly Check[];
  /** Names of the format's parts, in order. */
  parts?: readonly string[];
}

export const MESSAGE_TYPES = ['700', '701', '707', '708', '720', '721'] as const;
export type MessageType = (typeof MESSAGE_TYPES)[number];

/** Which message type continues a series when one message is too short, and in which narratives. */
export const CONTINUATIONS = {
  '700': { by: '701', narratives: ['45A', '46A', '47A', '49G', '49H'] },
  '707': { by: '708', narratives: ['45B', '46B', '47B', '49M', '49N'] },
  '720': { by: '721', narratives: ['45A', '46A', '47A', '49G', '49H'] },
} as const;
/** The types that begin a series of messages. */
export type FirstType = keyof typeof CONTINUATIONS;
export const isFirstType = (type: MessageType): type is FirstType => Object.hasOwn(CONTINUATIONS, type);

const BIC = '4!a2!a2!c[3!c]';
const ACCOUNT = '[[/1!a][/34x]$]';
const NAME = '4*35x';
const PARTY_A = `${ACCOUNT}${BIC}`;
const PARTY_B = `${ACCOUNT}[35x]`;
const PARTY_D = `${ACCOUNT}${NAME}`;
const NARRATIVE = '100*65z';

const row = (
  tag: string,
  presence: 'M' | 'O',
  name: string,
  format: string,
  extra: Partial<FieldRow> = {},
): FieldRow => ({
  tag,
  name,
  presence,
  formats: { [tag]: format },
  ...extra,
});
const party = (number: string, presence: 'M' | 'O', name: string, options: 'AD' | 'ABD'): FieldRow => ({
  tag: `${number}a`,
  name,
  presence,
  formats: {
    [`${number}A`]: PARTY_A,
    ...(options === 'ABD' ? { [`${number}B`]: PARTY_B } : {}),
    [`${number}D`]: PARTY_D,
  },
});
const date = (tag: string, presence: 'M' | 'O', name: string, format = '6!n') =>
  row(tag, presence, name, format, { checks: ['date'], parts: ['date', 'place'] });
const money = (tag: string, presence: 'M' | 'O', name: string) =>
  row(tag, presence, name, '3!a15d', { checks: ['amount'], parts: ['currency', 'amount'] });

const whole = (...values: string[]): Pick<FieldRow, 'codes'> => ({ codes: [{ values, line: 'whole' }] });

export const SHIPMENT_CODES = ['ALLOWED', 'CONDITIONAL', 'NOT ALLOWED'] as const;
export const FORMS = ['IRREVOCABLE', 'IRREVOCABLE TRANSFERABLE'] as const;
/** Whether the transferring bank adds its confirmation: the second line of 40B. */
export const TRANSFER_CONFIRMATIONS = ['ADDING OUR CONFIRMATION', 'WITHOUT OUR CONFIRMATION'] as const;
export const AVAILABLE_BY = [
  'BY ACCEPTANCE',
  'BY DEF PAYMENT',
  'BY MIXED PYMT',
  'BY NEGOTIATION',
  'BY PAYMENT',
] as const;
export const CONFIRMATIONS = ['CONFIRM', 'MAY ADD', 'WITHOUT'] as const;
export const APPLICABLE_RULES = [
  ...(['EUCP LATEST VERSION', 'EUCPURR LATEST VERSION', 'ISP LATEST VERSION'] as const),
  ...(['OTHR', 'UCP LATEST VERSION', 'UCPURR LATEST VERSION'] as const),
] as const;

const SEQUENCE = row('27', 'M', 'Sequence of total', '1!n/1!n', { checks: ['sequence'] });
const rules = (presence: 'M' | 'O') => row('40E', presence, 'Applicable rules', '30x[/35x]');
const form = (presence: 'M' | 'O') => row('40A', presence, 'Form of documentary credit', '24x', whole(...FORMS));
const available = (presence: 'M' | 'O'): FieldRow => ({
  tag: '41a',
  name: 'Available with … by …',
  presence,
  formats: { '41A': `${BIC}$14x`, '41D': `${NAME}$14x` },
  codes: [{ values: AVAILABLE_BY, line: 'last' }],
});
const expiry = (presence: 'M' | 'O') => date('31D', presence, 'Date and place of expiry', '6!n29x');

/** From drafts to the shipment period: the same fields, in the same order, in MT700, MT707 and MT720. */
const PAYMENT_AND_SHIPMENT: readonly FieldRow[] = [
  row('42C', 'O', 'Drafts at', '3*35x'),
  party('42', 'O', 'Drawee', 'AD'),
  row('42M', 'O', 'Mixed payment details', '4*35x'),
  row('42P', 'O', 'Negotiation or deferred payment details', '4*35x'),
  row('43P', 'O', 'Partial shipments', '11x', whole(...SHIPMENT_CODES)),
  row('43T', 'O', 'Transhipment', '11x', whole(...SHIPMENT_CODES)),
  row('44A', 'O', 'Place of taking in charge', '140z'),
  row('44E', 'O', 'Port of loading or airport of departure', '140z'),
  row('44F', 'O', 'Port of discharge or airport of destination', '140z'),
  row('44B', 'O', 'Place of final destination', '140z'),
  date('44C', 'O', 'Latest date of shipment'),
  row('44D', 'O', 'Shipment period', '6*65x'),
];
const TOLERANCE_AND_EXTRA: readonly FieldRow[] = [
  row('39A', 'O', 'Percentage credit amount tolerance', '2n/2n'),
  row('39C', 'O', 'Additional amounts covered', '4*35x'),
];
const TERMS: readonly FieldRow[] = [
  row('45A', 'O', 'Description of goods and services', NARRATIVE),
  row('46A', 'O', 'Documents required', NARRATIVE),
  row('47A', 'O', 'Additional conditions', NARRATIVE),
  row('49G', 'O', 'Special payment conditions for beneficiary', NARRATIVE),
  row('49H', 'O', 'Special payment conditions for bank only', NARRATIVE),
];
const CHANGED_TERMS: readonly FieldRow[] = [
  row('45B', 'O', 'Description of goods and services', NARRATIVE),
  row('46B', 'O', 'Documents required', NARRATIVE),
  row('47B', 'O', 'Additional conditions', NARRATIVE),
  row('49M', 'O', 'Special payment conditions for beneficiary', NARRATIVE),
  row('49N', 'O', 'Special payment conditions for bank only', NARRATIVE),
];
const CHARGES = row('71D', 'O', 'Charges', '6*35z');
const PERIOD = row('48', 'O', 'Period for presentation in days', '3n[/35x]', { parts: ['number of days'] });
const confirmation = (presence: 'M' | 'O') =>
  row('49', presence, 'Confirmation instructions', '7!x', whole(...CONFIRMATIONS));
const CONFIRMING = party('58', 'O', 'Requested confirmation party', 'AD');
const REIMBURSING = party('53', 'O', 'Reimbursing bank', 'AD');
const INSTRUCTIONS = row('78', 'O', 'Instructions to the paying, accepting or negotiating bank', '12*65x');
const ADVISE_THROUGH = party('57', 'O', 'Advise through bank', 'ABD');
const INFORMATION = row('72Z', 'O', 'Sender to receiver information', '6*35z');
const ISSUER: readonly FieldRow[] = [
  party('52', 'O', 'Issuing bank', 'AD'),
  row('50B', 'O', 'Non-bank issuer', '4*35x'),
];
const BENEFICIARY = '[/34x$]4*35x';

const TABLES: Readonly<Record<MessageType, readonly FieldRow[]>> = {
  '700': [
    SEQUENCE,
    form('M'),
    row('20', 'M', 'Documentary credit number', '16x'),
    row('23', 'O', 'Reference to pre-advice', '16x'),
    date('31C', 'M', 'Date of issue'),
    rules('M'),
    expiry('M'),
    party('51', 'O', 'Applicant bank', 'AD'),
    row('50', 'M', 'Applicant', NAME),
    row('59', 'M', 'Beneficiary', BENEFICIARY),
    money('32B', 'M', 'Currency code, amount'),
    ...TOLERANCE_AND_EXTRA,
    available('M'),
    ...PAYMENT_AND_SHIPMENT,
    ...TERMS,
    CHARGES,
    PERIOD,
    confirmation('M'),
    CONFIRMING,
    REIMBURSING,
    INSTRUCTIONS,
    ADVISE_THROUGH,
    INFORMATION,
  ],
  '701': [SEQUENCE, row('20', 'M', 'Documentary credit number', '16x'), ...TERMS],
  '707': [
    SEQUENCE,
    row('20', 'M', 'Sender’s reference', '16x'),
    row('21', 'M', 'Receiver’s reference', '16x'),
    row('23', 'M', 'Issuing bank’s reference', '16x'),
    ...ISSUER,
    date('31C', 'M', 'Date of issue'),
    row('26E', 'M', 'Number of amendment', '3n'),
    date('30', 'M', 'Date of amendment'),
    row('22A', 'M', 'Purpose of message', '4!c', whole('ACNF', 'ADVI', 'ISSU')),
    row('23S', 'O', 'Cancellation request', '6!a', whole('CANCEL')),
    form('O'),
    rules('O'),
    expiry('O'),
    row('50', 'O', 'Changed applicant details', NAME),
    row('59', 'O', 'Beneficiary', BENEFICIARY),
    money('32B', 'O', 'Increase of documentary credit amount'),
    money('33B', 'O', 'Decrease of documentary credit amount'),
    ...TOLERANCE_AND_EXTRA,
    available('O'),
    ...PAYMENT_AND_SHIPMENT,
    ...CHANGED_TERMS,
    CHARGES,
    row('71N', 'O', 'Amendment charge payable by', '4!c[$6*35z]', {
      codes: [{ values: ['APPL', 'BENE', 'OTHR'], line: 'first' }],
    }),
    PERIOD,
    confirmation('O'),
    CONFIRMING,
    REIMBURSING,
    INSTRUCTIONS,
    ADVISE_THROUGH,
    INFORMATION,
  ],
  '708': [
    SEQUENCE,
    row('20', 'M', 'Sender’s reference', '16x'),
    row('21', 'M', 'Receiver’s reference', '16x'),
    row('23', 'M', 'Issuing bank’s reference', '16x'),
    row('26E', 'M', 'Number of amendment', '3n'),
    date('30', 'M', 'Date of amendment'),
    ...CHANGED_TERMS,
  ],
  '720': [
    SEQUENCE,
    row('40B', 'M', 'Form of documentary credit', '24x$24x', {
      codes: [
        { values: [...FORMS, 'IRREVOCABLE STANDBY', 'IRREVOC TRANS STANDBY'], line: 'first' },
        { values: TRANSFER_CONFIRMATIONS, line: 'last' },
      ],
    }),
    row('20', 'M', 'Transferring bank’s reference', '16x'),
    row('21', 'M', 'Documentary credit number', '16x'),

    date('31C', 'M', 'Date of issue'),
    rules('M'),
    expiry('M'),
    ...ISSUER,
    row('50', 'M', 'First beneficiary', NAME),
    row('59', 'M', 'Second beneficiary', BENEFICIARY),
    money('32B', 'M', 'Currency code, amount'),
    ...TOLERANCE_AND_EXTRA,
    available('M'),
    ...PAYMENT_AND_SHIPMENT,
    ...TERMS,
    CHARGES,
    PERIOD,
    confirmation('M'),
    CONFIRMING,
    INSTRUCTIONS,
    row('78D', 'O', 'Instructions from intermediary bank', '12*65x'),
    ADVISE_THROUGH,
    INFORMATION,
  ],
  '721': [
    SEQUENCE,
    row('20', 'M', 'Transferring bank’s reference', '16x'),
    row('21', 'M', 'Documentary credit number', '16x'),
    ...TERMS,
  ],
};

/** The parts of a table that were not read at their source. */
const NOT_READ: Partial<Record<MessageType, string>> = {
  '707': 'tags, order and formats were read; the codes of 22A and the error code of 32B with 33B were not',
  '720': 'tags, order and formats were read; the codes of 40B only in the manual of 2006',
};

const rowsOf = (type: MessageType): DatedRow<readonly FieldRow[]> => ({
  from: plainDate('2018-11-18'),
  to: null,
  value: TABLES[type],
  source: {
    title: `Prowide Core MT${type}.java, SRU 2025; SWIFT Category 7 Message Reference Guide, November 2020`,
    url: 'https://github.com/prowide/prowide-core/tree/05b7df2420fa37aa7d6a0fcc2718047b799c7cd0',
    read: plainDate('2026-11-25'),
  },
  ...(NOT_READ[type] === undefined ? { status: 'verified' } : { status: 'general_knowledge', note: NOT_READ[type] }),
  // A new Standards release comes every November.
  reviewBy: plainDate('2027-06-30'),
});

/** The fields of each message type since Standards Release 2018; messages sent earlier have no row. */
export const MESSAGE_FIELDS: Readonly<Record<MessageType, RuleTable<readonly FieldRow[]>>> = {
  '700': { id: 'swift.mt700', name: 'Fields of MT700', rows: [rowsOf('700')] },
  '701': { id: 'swift.mt701', name: 'Fields of MT701', rows: [rowsOf('701')] },
  '707': { id: 'swift.mt707', name: 'Fields of MT707', rows: [rowsOf('707')] },
  '708': { id: 'swift.mt708', name: 'Fields of MT708', rows: [rowsOf('708')] },
  '720': { id: 'swift.mt720', name: 'Fields of MT720', rows: [rowsOf('720')] },
  '721': { id: 'swift.mt721', name: 'Fields of MT721', rows: [rowsOf('721')] },
};

/** The layout for printing a message: the last one on file. */
export const layoutOf = (type: MessageType): readonly FieldRow[] => MESSAGE_FIELDS[type].rows.at(-1)?.value ?? [];

export const isMessageType = (type: string): type is MessageType => MESSAGE_TYPES.some((known) => known === type);

/** Fields that Standards Release 2018 removed, and their replacements. */
export const OBSOLETE: Readonly<Record<string, string>> = {
  '39B': 'say the tolerance in 39A, or NOT EXCEEDING by leaving 39A out',
  '71B': 'use 71D',
  '72': 'use 72Z',
  '79': 'use the field of the term that changes',
  '31E': 'use 31D',
  '34B': 'use 32B or 33B',
};

/** Rules over several fields. `present` and `text` take the tag of a row: `42a` means 42A or 42D, never 42C. */
export interface NetworkRule {
  types: readonly MessageType[];
  /** SWIFT’s error code. */
  code: string;
  tags: readonly string[];
  broken(present: (tag: string) => boolean, text: (tag: string) => string | null): string | null;
}

const WITH_PAYMENT: readonly MessageType[] = ['700', '707', '720'];

export const NETWORK_RULES: readonly NetworkRule[] = [
  {
    types: WITH_PAYMENT,
    code: 'C90',
    tags: ['42C', '42a'],
    broken: (present) => {
      if (present('42C') === present('42a')) return null;
      return present('42C') ? '42C without 42a: drafts need a drawee' : '42a without 42C: a drawee needs drafts';
    },
  },
  {
    types: WITH_PAYMENT,
    code: 'C90',
    tags: ['42M', '42P'],
    broken: (present) =>
      [present('42C') || present('42a'), present('42M'), present('42P')].filter(Boolean).length > 1
        ? 'only one of 42C with 42a, 42M and 42P may be present'
        : null,
  },
  {
    types: WITH_PAYMENT,
    code: 'D06',
    tags: ['44D', '44C'],
    broken: (present) =>
      present('44C') && present('44D') ? '44C and 44D are both present; one of them says the time of shipment' : null,
  },
  {
    types: ['707'],
    code: 'C12',
    tags: ['33B'],
    broken: (present) =>
      present('32B') && present('33B') ? '32B and 33B are both present; the amount is increased or decreased' : null,
  },
  {
    types: ['707', '720'],
    code: 'C06',
    tags: ['50B'],
    broken: (present) =>
      present('52a') && present('50B')
        ? '52a and 50B are both present; a bank or somebody else issued the credit'
        : null,
  },
  {
    types: ['720'],
    code: 'C06',
    tags: ['52a'],
    broken: (present) => (present('52a') || present('50B') ? null : 'neither 52a nor 50B says who issued the credit'),
  },
  {
    types: ['700', '720'],
    code: 'usage',
    tags: ['58a', '49'],
    broken: (present, text) =>
      present('58a') && text('49') === 'WITHOUT' ? '58a names a confirming party although 49 says WITHOUT' : null,
  },
];
