import { isFailure } from '#domain/failure.ts';
import { invalid } from '../read-input.ts';
import { type Asked, noticesTogether } from '../rule.ts';
import { amended, type ReadAmendment, readAmendments } from './amendment.ts';
import { creditFrom } from './credit-fields.ts';
import type { Credit } from './credit-terms.ts';
import type { Fault } from './message-blocks.ts';
import { readMessages } from './read-message.ts';
import { type Series, seriesOf, unreadFaults } from './series.ts';

export interface ReadCredit extends Series {
  /** Null when a term is missing that no credit is without, or is not readable; `faults` says which. */
  credit: Credit | null;
  /** The numbers of the amendments in the text, which `credit` contains. */
  amended: readonly number[];
}

type Amended = Pick<ReadCredit, 'credit' | 'amended'> & { faults: readonly Fault[] };

/** The credit as the amendments leave it; an amendment that cannot be read or applied leaves none. */
const inForce = (before: Credit | null, amendments: readonly ReadAmendment[]): Amended => {
  const inOrder = [...amendments].sort((a, b) => (a.amendment?.number ?? 0) - (b.amendment?.number ?? 0));
  const faults = amendments.flatMap((one) => one.faults);
  let credit = before;
  const numbers: number[] = [];
  for (const { amendment, fields } of inOrder) {
    const line = fields[0]?.line ?? null;
    try {
      if (amendment && numbers.includes(amendment.number))
        throw invalid('26E', `there are two amendments ${amendment.number}`);
      credit = credit && amendment && amended(credit, amendment);
      if (amendment) numbers.push(amendment.number);
    } catch (error) {
      if (!isFailure(error, 'invalid')) throw error;
      faults.push({ tag: '26E', line, reason: `amendment ${amendment?.number}: ${error.message}` });
      credit = null;
    }
  }
  return { credit, amended: numbers, faults };
};

/**
 * A credit from MT700, or a transferred one from MT720, with the MT701 or MT721 that continue it and the accepted
 * amendments (MT707, 708) that follow in the same text. All faults are listed, by field; the credit is there when every
 * term that stands in the text can be read, faults or not. A field that is not readable or stands twice leaves no
 * credit: it is not taken as absent, and which of two counts is not guessed. Throws `invalid` only when the text does
 * not begin with an MT700 or MT720.
 */
export const readCredit = (text: string, asked: Asked): ReadCredit => {
  const messages = readMessages(text, asked);
  const [first] = messages;
  if (first?.type !== '700' && first?.type !== '720')
    throw invalid('message', `begins with MT${first?.type}, where MT700 or MT720 is expected`);
  const firstAmendment = messages.findIndex(({ type }) => type === '707');
  const own = firstAmendment < 0 ? messages : messages.slice(0, firstAmendment);
  const series = seriesOf(own, first.type);
  const amendments = readAmendments(messages.slice(own.length));
  const { credit, unread } = creditFrom(first.type, series.fields);
  const { faults, ...now } = inForce(credit, amendments);
  return {
    messages,
    fields: series.fields,
    ...now,
    faults: [...series.faults, ...unreadFaults(series, unread), ...faults],
    remarks: [...series.remarks, ...amendments.flatMap(({ remarks }) => remarks)],
    notices: noticesTogether(series.notices, ...amendments.map(({ notices }) => notices)),
  };
};
