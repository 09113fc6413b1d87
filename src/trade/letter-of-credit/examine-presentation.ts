import type { z } from 'zod';
import { Exact } from '../decimal.ts';
import type { PlainDate } from '../plain-date.ts';
import { readUnder } from '../read-input.ts';
import { CHECKS_OF_AMOUNTS } from './amount-checks.ts';
import { CHECKS_OF_CONDITIONS } from './condition-checks.ts';
import type { Credit } from './credit-terms.ts';
import { CHECKS_OF_DRAFTS } from './draft-checks.ts';
import { goodsTerms } from './goods.ts';
import { CHECKS_OF_INSURANCE } from './insurance-checks.ts';
import { CHECKS_OF_INVOICES } from './invoice-checks.ts';
import {
  type Check,
  type ExaminationFindings,
  invoicesOf,
  Presentation,
  type PresentationCase,
  together,
} from './presentation-case.ts';
import { CHECKS_OF_REQUIRED_DOCUMENTS } from './required-document-checks.ts';
import { requiredDocuments } from './required-documents.ts';
import { CHECKS_OF_TIMES } from './time-checks.ts';
import { CHECKS_OF_TRANSPORT } from './transport-checks.ts';

export interface Examination extends ExaminationFindings {
  /** No discrepancy was found in what could be examined. */
  complies: boolean;
}

/** In the order in which a bank lists its findings. */
const CHECKS: readonly Check[] = [
  ...CHECKS_OF_TIMES,
  ...CHECKS_OF_REQUIRED_DOCUMENTS,
  ...CHECKS_OF_CONDITIONS,
  ...CHECKS_OF_INVOICES,
  ...CHECKS_OF_AMOUNTS,
  ...CHECKS_OF_TRANSPORT,
  ...CHECKS_OF_INSURANCE,
  ...CHECKS_OF_DRAFTS,
];

/**
 * What a bank would find in a presentation under this credit (UCP 600 arts 14 to 31): each discrepancy once, with its
 * article. Only given data is judged. A key absent from a document is named under `notExamined`, so no discrepancy is
 * invented and none is hidden. Throws `invalid` for documents with an invalid form.
 */
export const examinePresentation = (
  credit: Credit,
  given: z.input<typeof Presentation>,
  today: PlainDate,
): Examination => {
  const presentation = readUnder('presentation', Presentation, given);
  const invoices = invoicesOf({ presentation });
  const invoiced = invoices.length === 0 ? null : invoices.reduce((sum, { amount }) => sum.plus(amount), new Exact(0));
  const input: PresentationCase = {
    credit,
    presentation,
    invoiced,
    goods: goodsTerms(credit.goods ?? []),
    required: requiredDocuments(credit.documents),
    drawing: presentation.drawing === null ? invoiced : new Exact(presentation.drawing),
    asOf: { on: presentation.presented, today },
  };
  const all = together(...CHECKS.map((check) => check(input)));
  return { ...all, complies: all.discrepancies.length === 0 };
};
