import { z } from 'zod';
import { Currency, DecimalText } from '#domain/money.ts';
import { exact, moneyText } from '../decimal.ts';
import { PlainDate } from '../plain-date.ts';
import { invalid, readUnder } from '../read-input.ts';
import { type AsOf, mergeNotices, type Notice, ruleOn } from '../rule.ts';
import { termsOf } from './credit-fields.ts';
import { Credit } from './credit-terms.ts';
import { moneyOf } from './field-codec.ts';
import { CONTINUATIONS } from './message-fields.ts';
import { quoted } from './quoted.ts';
import { type MessageField, type ReadMessage, readMessages, swiftDate } from './read-message.ts';
import { type Series, seriesOf, unreadFaults } from './series.ts';
import { foldedText } from './text-compare.ts';
import { AMENDMENTS } from './ucp-rules.ts';

/** The narratives that MT707 changes piece by piece, by its tag. */
const NARRATIVES = {
  '45B': 'goods',
  '46B': 'documents',
  '47B': 'conditions',
  '49M': 'specialPayment',
  '49N': 'specialPaymentBank',
} as const;
type NarrativeKey = (typeof NARRATIVES)[keyof typeof NARRATIVES];

export const NarrativeChange = z.strictObject({
  term: z.enum(['goods', 'documents', 'conditions', 'specialPayment', 'specialPaymentBank']),
  action: z.enum(['ADD', 'DELETE', 'REPALL']),
  lines: z.array(z.string()).min(1),
});
export type NarrativeChange = z.infer<typeof NarrativeChange>;

/** An amendment as in MT707. `terms` replace whole terms of the credit; the amount changes by a difference. */
export const Amendment = z.strictObject({
  creditNumber: z.string().min(1).max(16),
  number: z.int().min(1).max(999),
  date: PlainDate,
  cancels: z.boolean(),
  terms: Credit.omit({ number: true, issued: true, currency: true, amount: true, transfer: true }).partial(),
  amountChange: z
    .strictObject({ direction: z.enum(['increase', 'decrease']), currency: Currency, amount: DecimalText })
    .nullable(),
  narratives: z.array(NarrativeChange),
});
export type Amendment = z.infer<typeof Amendment>;

const CODE_LINE = /^\/(ADD|DELETE|REPALL)\/(.*)$/;

const narrativeChanges = (term: NarrativeKey, text: string): NarrativeChange[] | null => {
  const changes: NarrativeChange[] = [];
  for (const line of text.split('\n')) {
    const match = CODE_LINE.exec(line);
    const action = NarrativeChange.shape.action.safeParse(match?.[1]);
    if (match && action.success) changes.push({ term, action: action.data, lines: match[2] ? [match[2]] : [] });
    else if (changes.length === 0) return null;
    else changes.at(-1)?.lines.push(line);
  }
  const replaces = changes.some(({ action }) => action === 'REPALL');
  return changes.some(({ lines }) => lines.length === 0) || (replaces && changes.length > 1) ? null : changes;
};

export interface ReadAmendment extends Series {
  /** Null if what identifies it, or one of its changes, cannot be read; `faults` says which. */
  amendment: Amendment | null;
}

/** Null if the amount does not change; undefined if the change cannot be read or is given twice. */
const amountChange = (find: (tag: string) => MessageField | undefined): Amendment['amountChange'] | undefined => {
  const [increase, decrease] = [find('32B'), find('33B')];
  const field = increase ?? decrease;
  const money = field && moneyOf(field.text);
  if (!field) return null;
  return money && !(increase && decrease) ? { direction: increase ? 'increase' : 'decrease', ...money } : undefined;
};

const CHANGES = 'each change begins with /ADD/, /DELETE/ or, alone, /REPALL/ and has a text';

const amendmentOf = (series: Series): ReadAmendment => {
  const find = (tag: string) => series.fields.find((field) => field.tag === tag);
  const changed = CONTINUATIONS['707'].narratives.flatMap((tag) => {
    const field = find(tag);
    return field ? [{ ...field, changes: narrativeChanges(NARRATIVES[tag], field.text) }] : [];
  });
  const { terms, unread } = termsOf('707', series.fields);
  const twice = series.fields.filter(({ tag }, index) => series.fields.findIndex((one) => one.tag === tag) < index);
  const untold = changed.filter(({ changes }) => changes === null);
  const read = Amendment.safeParse({
    creditNumber: find('23')?.text === 'NONREF' ? find('21')?.text : find('23')?.text,
    number: Number(find('26E')?.text),
    date: swiftDate(find('30')?.text ?? ''),
    cancels: find('23S') !== undefined,
    amountChange: amountChange(find),
    narratives: changed.flatMap(({ changes }) => changes ?? []),
    terms,
  });
  const whole = unread.length + twice.length + untold.length === 0;
  return {
    ...series,
    faults: [
      ...series.faults,
      ...unreadFaults(series, unread),
      ...untold.map(({ tag, line }) => ({ tag, line, reason: CHANGES })),
    ],
    amendment: whole && read.success ? read.data : null,
  };
};

/**
 * Reads an amendment from MT707 and the MT708 that continue it. Throws `invalid` only if the text contains no MT707. A
 * field that cannot be read or occurs twice, and a narrative whose lines do not begin with /ADD/, /DELETE/ or /REPALL/,
 * make the amendment unreadable: its changes are never guessed.
 */
export const readAmendment = (text: string, asOf: AsOf): ReadAmendment =>
  amendmentOf(seriesOf(readMessages(text, asOf), '707'));

/** The amendments among messages that begin with an MT707, each with its continuations. */
export const readAmendments = (messages: readonly ReadMessage[]): ReadAmendment[] => {
  const starts = messages.flatMap(({ type }, index) => (type === '707' ? [index] : []));
  return starts.map((start, index) => amendmentOf(seriesOf(messages.slice(start, starts[index + 1]), '707')));
};

const withoutLines = (lines: readonly string[], gone: readonly string[], term: string): string[] => {
  const wanted = foldedText(gone.join(' '));
  const folded = lines.map(foldedText);
  for (let from = 0; from < lines.length; from++) {
    let text = '';
    // Lines may break in other places than in the credit: join them while they can still become the text.
    for (let to = from; to < lines.length && wanted.startsWith(text); to++) {
      text = `${text} ${folded[to]}`.trim();
      if (text === wanted) return [...lines.slice(0, from), ...lines.slice(to + 1)];
    }
  }
  throw invalid(term, `${quoted(gone.join(' '))} is to be deleted and is not in the credit`);
};

/** Terms of which a credit has only one: the one in an amendment replaces the others. */
const ALTERNATIVES: readonly (readonly (readonly (keyof Amendment['terms'])[])[])[] = [
  [['latestShipment'], ['shipmentPeriod']],
  [['draftsAt', 'drawee'], ['mixedPayment'], ['deferredPayment']],
];

const replacedBy = (terms: Amendment['terms']): Record<string, null> =>
  Object.fromEntries(
    ALTERNATIVES.flatMap((group) => {
      const brought = group.filter((keys) => keys.some((key) => terms[key]));
      return brought.length === 0
        ? []
        : group
            .filter((keys) => !brought.includes(keys))
            .flat()
            .map((key): [string, null] => [key, null]);
    }),
  );

const NARRATIVE_ACTIONS: Record<
  NarrativeChange['action'],
  (lines: readonly string[], change: readonly string[], term: string) => string[]
> = {
  ADD: (lines, change) => [...lines, ...change],
  DELETE: withoutLines,
  REPALL: (_, change) => [...change],
};

/**
 * The credit after the amendment. Terms that it does not mention stay unchanged. Throws `invalid` for another credit's
 * amendment, another currency than the credit's, a decrease below zero, and a deletion of text that is not there.
 */
export const amended = (credit: Credit, amendment: Amendment): Credit => {
  if (amendment.creditNumber !== credit.number)
    throw invalid(
      'creditNumber',
      `the amendment is of ${quoted(amendment.creditNumber)}, the credit is ${quoted(credit.number)}`,
    );
  const { amountChange: change } = amendment;
  if (change && change.currency !== credit.currency)
    throw invalid('amountChange', `${change.currency} is not the currency of the credit, ${credit.currency}`);
  const before = exact(credit.amount, 'amount');
  const difference = exact(change?.amount ?? '0', 'amountChange');
  const after = change?.direction === 'decrease' ? before.minus(difference) : before.plus(difference);
  if (after.isNegative() || after.isZero()) throw invalid('amountChange', 'takes more off than the credit holds');
  const narratives = { goods: credit.goods, documents: credit.documents, conditions: credit.conditions };
  const special = { specialPayment: credit.specialPayment, specialPaymentBank: credit.specialPaymentBank };
  const texts: Record<NarrativeKey, string[] | null> = { ...narratives, ...special };
  for (const { term, action, lines } of amendment.narratives) {
    const left = NARRATIVE_ACTIONS[action](texts[term] ?? [], lines, term);
    texts[term] = left.length === 0 ? null : left;
  }
  return readUnder('credit', Credit, {
    ...credit,
    ...replacedBy(amendment.terms),
    ...amendment.terms,
    ...texts,
    amount: moneyText(after, credit.currency),
  });
};

export const AMENDMENT_ANSWERS = ['accepted', 'rejected', 'pending'] as const;

/** The beneficiary's answer to each change of an amendment, or none yet. */
export const AmendmentAnswer = z.strictObject({
  changes: z.int().min(1),
  accepted: z.int().min(0),
  rejected: z.int().min(0),
  /** A complying presentation was made that complies with the amended credit only (art. 10(c)). */
  presentedAsAmended: z.boolean().default(false),
  confirmed: z.boolean().default(false),
  /** The confirming bank extended its confirmation to the amendment. Ignored for an unconfirmed credit. */
  confirmingBankExtends: z.boolean().default(false),
});
export type AmendmentAnswer = z.infer<typeof AmendmentAnswer>;

export interface AmendmentVerdict {
  state: (typeof AMENDMENT_ANSWERS)[number];
  because: string;
  /** The amendment binds the confirming bank too. */
  confirmed: boolean;
  notices: readonly Notice[];
}

/**
 * Whether an amendment is in force for the beneficiary (art. 10). Silence accepts nothing, even if the amendment sets a
 * time limit. Accepting only part of it rejects all of it. A presentation that complies with the amended credit accepts
 * it.
 */
export const amendmentVerdict = (answer: AmendmentAnswer, asOf: AsOf): AmendmentVerdict => {
  const { changes, accepted, rejected } = readUnder('answer', AmendmentAnswer, answer);
  if (accepted + rejected > changes)
    throw invalid('answer', `${accepted + rejected} changes are answered of ${changes}`);
  const { notices } = ruleOn(AMENDMENTS, asOf);
  const confirmed = answer.confirmed && answer.confirmingBankExtends;
  const verdict = (state: AmendmentVerdict['state'], because: string) => ({ state, because, confirmed, notices });
  if (rejected > 0)
    return verdict(
      'rejected',
      accepted > 0 ? 'partial acceptance is rejection (art. 10(e))' : 'the beneficiary rejects it',
    );
  if (accepted === changes) return verdict('accepted', 'the beneficiary accepts it (art. 10(c))');
  if (accepted > 0) return verdict('rejected', 'partial acceptance is rejection (art. 10(e))');
  if (answer.presentedAsAmended)
    return verdict('accepted', 'the presentation complies with the amended credit (art. 10(c))');
  return verdict('pending', 'silence is not acceptance (art. 10(c), (f)); the credit stands as it was');
};

/** An amendment and its outcome. */
export interface AnsweredAmendment {
  amendment: Amendment;
  state: AmendmentVerdict['state'];
}

export interface CreditInForce {
  credit: Credit;
  /** Numbers of the amendments in force. */
  applied: number[];
  cancelled: boolean;
  notices: Notice[];
}

/**
 * The credit with the accepted amendments, in the order of their numbers; the others leave it unchanged. Throws
 * `invalid` if two of them have the same number.
 */
export const creditInForce = (credit: Credit, answered: readonly AnsweredAmendment[], asOf: AsOf): CreditInForce => {
  const inOrder = answered
    .filter(({ state }) => state === 'accepted')
    .sort((a, b) => a.amendment.number - b.amendment.number);
  const numbers = inOrder.map(({ amendment }) => amendment.number);
  const twice = numbers.find((number, index) => numbers.indexOf(number) < index);
  if (twice !== undefined) throw invalid('amendments', `amendment ${twice} is given twice`);
  return {
    credit: inOrder.reduce((now, { amendment }) => amended(now, amendment), credit),
    applied: numbers,
    cancelled: inOrder.some(({ amendment }) => amendment.cancels),
    notices: mergeNotices(ruleOn(AMENDMENTS, asOf).notices),
  };
};
