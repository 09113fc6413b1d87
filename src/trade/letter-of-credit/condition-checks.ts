import { kindName, type PresentedDocument } from './documents.ts';
import {
  type Check,
  discrepancy,
  type ExaminationFindings,
  notExamined,
  nothing,
  together,
} from './presentation-case.ts';
import { itemsOf } from './required-documents.ts';
import { foldedText } from './text-compare.ts';

const QUOTES_CREDIT = [
  /\b(QUOTE|QUOTING|BEAR|BEARING|INDICATE|INDICATING|SHOW|SHOWING|STATE|STATING)\b.{0,60}\b(CREDIT|L\/?C|DC)\b/,
  /\b(MENTION|MENTIONING|CARRY|CARRYING)\b.{0,60}\b(CREDIT|L\/?C|DC)\b/,
  /\b(CREDIT|L\/?C|DC) (NUMBER|NO\.?)\b.{0,80}\b(QUOTED|SHOWN|INDICATED|MENTIONED|STATED|ON ALL DOCUMENTS)\b/,
];
const ALL_DOCUMENTS = /\bALL (SHIPPING |PRESENTED |REQUIRED )?DOCUMENTS\b/;
/** Words that change the condition: they exclude documents, or forbid words. */
const RESTRICTED = /\b(EXCEPT|EXCLUDING|OTHER THAN|UNLESS|NOT|WITHOUT)\b/;
/** A reference contains a digit: “made out to order and …” names none. */
const QUOTES_ORDER =
  /\b(?:P\.?O\.?|ORDER|CONTRACT|PROFORMA(?: INVOICE)?)\W{0,3}(?:(?:NO|NUMBER)\b)?\W{0,3}((?=[A-Z\-/]{0,34}\d)[A-Z0-9][A-Z0-9\-/]{2,34})/;

const conditionsMet: Check = ({ credit, presentation: { documents } }) =>
  together(
    ...itemsOf(credit.conditions ?? []).map((condition) => {
      const order = QUOTES_ORDER.exec(condition)?.[1];
      const number = QUOTES_CREDIT.some((pattern) => pattern.test(condition));
      if (!ALL_DOCUMENTS.test(condition) || RESTRICTED.test(condition) || (!number && !order))
        return notExamined(`additional condition: ${condition.slice(0, 200)}`);
      return together(
        ...(number ? documents.map((one) => quotesCredit(credit.number, one)) : []),
        ...(order ? documents.map((one) => quotesOrder(order, one)) : []),
      );
    }),
  );

const quotesCredit = (
  number: string,
  { kind, quotesCredit: quotes, creditNumber }: PresentedDocument,
): ExaminationFindings => {
  const document = kindName(kind);
  if (quotes === false)
    return discrepancy('CONDITION_47A', { document, expected: `the credit number ${number}`, found: 'not quoted' });
  return quotes === undefined && creditNumber === undefined
    ? notExamined(`whether the ${document} quotes the credit number`)
    : nothing();
};

const quotesOrder = (order: string, { kind, references }: PresentedDocument): ExaminationFindings => {
  const document = kindName(kind);
  if (references === undefined) return notExamined(`whether the ${document} quotes ${order}`);
  return references.some((reference) => foldedText(reference).includes(foldedText(order)))
    ? nothing()
    : discrepancy('REFERENCE_MISSING', { document, expected: order, found: references.join(', ') || 'none' });
};

/** Additional conditions, field 47A: checks those that require a number on all documents; a person reads the others. */
export const CHECKS_OF_CONDITIONS: readonly Check[] = [conditionsMet];
