import { isFailure } from '#domain/failure.ts';
import { Exact, moneyText } from '../decimal.ts';
import { tenorOf } from './maturity.ts';
import {
  type Check,
  discrepancy,
  type ExaminationFindings,
  notExamined,
  nothing,
  type PresentationCase,
  together,
} from './presentation-case.ts';
import { sameName, samePlace } from './text-compare.ts';

/** Several drafts may together cover the drawing. */
const drawnOf = ({ presentation }: PresentationCase): Exact =>
  presentation.documents.reduce(
    (sum, document) => (document.kind === 'draft' ? sum.plus(document.amount) : sum),
    new Exact(0),
  );

const draftsAreRight: Check = (input) => {
  const { credit, presentation, drawing, asOf } = input;
  const shared = drawing?.eq(drawnOf(input)) === true;
  return together(
    credit.draftsAt !== null && !presentation.documents.some(({ kind }) => kind === 'draft')
      ? notExamined(`the draft at ${credit.draftsAt.join(' ')} that field 42C asks for`)
      : nothing(),
    ...presentation.documents.flatMap((document) => {
      if (document.kind !== 'draft') return [];
      const { currency, amount, drawee, tenor } = document;
      const said = { document: 'draft' };
      const names = credit.drawee?.lines ?? null;
      return [
        currency !== undefined && currency !== credit.currency
          ? discrepancy('DRAFT_CURRENCY', { ...said, expected: credit.currency, found: currency })
          : nothing(),
        drawing !== null && !shared && !drawing.eq(amount)
          ? discrepancy('DRAFT_AMOUNT', { ...said, expected: moneyText(drawing, credit.currency), found: amount })
          : nothing(),
        names && drawee !== undefined && !names.some((line) => samePlace(line, drawee) || sameName(line, drawee))
          ? discrepancy('DRAFT_DRAWEE', { ...said, expected: names.join(' '), found: drawee })
          : nothing(),
        tenor !== undefined && credit.draftsAt !== null
          ? tenorAgrees(credit.draftsAt.join(' '), tenor, asOf)
          : nothing(),
      ];
    }),
  );
};

const tenorAgrees = (wanted: string, found: string, asOf: PresentationCase['asOf']): ExaminationFindings => {
  try {
    const [one, other] = [tenorOf(wanted, asOf, '42C'), tenorOf(found, asOf, 'tenor')];
    return JSON.stringify(one) === JSON.stringify(other)
      ? nothing()
      : discrepancy('DRAFT_TENOR', { document: 'draft', expected: wanted, found });
  } catch (error) {
    if (isFailure(error, 'invalid')) return notExamined(`the tenor “${found}” against “${wanted}”`);
    throw error;
  }
};

/** Drafts: fields 42C and 42a, art. 6(c). */
export const CHECKS_OF_DRAFTS: readonly Check[] = [draftsAreRight];
