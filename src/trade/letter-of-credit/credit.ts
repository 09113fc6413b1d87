import { isFailure } from '#domain/failure.ts';
import { invalid } from '../read-input.ts';
import { type AsOf, mergeNotices } from '../rule.ts';
import { amended, type ReadAmendment, readAmendments } from './amendment.ts';
import { creditFrom } from './credit-fields.ts';
import type { Credit } from './credit-terms.ts';
import type { Fault } from './message-blocks.ts';
import { readMessages } from './read-message.ts';
import { type Series, seriesOf, unreadFaults } from './series.ts';

export interface ReadCredit extends Series {
  /** Null if a term that every credit needs is missing or not readable; `faults` says which. */
  credit: Credit | null;
  /** The numbers of the amendments in the text, which are included in `credit`. */
  amended: readonly number[];
}

type Amended = Pick<ReadCredit, 'credit' | 'amended'> & { faults: readonly Fault[] };

/** The credit after the amendments; none if an amendment cannot be read or applied. */
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
 * Reads a credit from MT700, or a transferred one from MT720, with the MT701 or MT721 that continue it and the accepted
 * amendments (MT707, 708) that follow in the same text. Lists all faults by field. Returns the credit if every term in
 * the text can be read, even if there are faults. A field that is not readable or occurs twice means no credit: it is
 * not treated as absent, and which of two applies is not guessed. Throws `invalid` only if the text does not begin with
 * an MT700 or MT720.
 */
export const readCredit = (text: string, asOf: AsOf): ReadCredit => {
  const messages = readMessages(text, asOf);
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
    notices: mergeNotices(series.notices, ...amendments.map(({ notices }) => notices)),
  };
};
