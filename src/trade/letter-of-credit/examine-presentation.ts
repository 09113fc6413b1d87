import type { z } from 'zod';
import { Exact } from '../decimal.ts';
import type { PlainDate } from '../plain-date.ts';
import { readUnder } from '../read-input.ts';
import type { Credit } from './credit.ts';
import { goodsTerms } from './goods.ts';
import { type Case, type Findings, Presentation, together } from './presentation-case.ts';
import { CHECKS } from './presentation-checks.ts';
import { requiredDocuments } from './required-documents.ts';

export interface Examination extends Findings {
  /** No discrepancy was found in what could be examined. */
  complies: boolean;
}

/**
 * What a bank would find in a presentation under this credit (UCP 600 arts 14 to 31), each discrepancy once with its
 * article. Only what the input tells is judged: a key that a document leaves out is named under `notExamined`, so no
 * discrepancy is invented and none is hidden. Throws `invalid` for documents that are not in form.
 */
export const examinePresentation = (
  credit: Credit,
  given: z.input<typeof Presentation>,
  today: PlainDate,
): Examination => {
  const presentation = readUnder('presentation', Presentation, given);
  const invoices = presentation.documents.flatMap((document) => (document.kind === 'invoice' ? [document] : []));
  const invoiced = invoices.length === 0 ? null : invoices.reduce((sum, { amount }) => sum.plus(amount), new Exact(0));
  const input: Case = {
    ...{ credit, presentation, invoiced, goods: goodsTerms(credit.goods ?? []) },
    required: requiredDocuments(credit.documents),
    drawing: presentation.drawing === null ? invoiced : new Exact(presentation.drawing),
    asked: { on: presentation.presented, today },
  };
  const all = together(...CHECKS.map((check) => check(input)));
  return { ...all, complies: all.discrepancies.length === 0 };
};
