import { z } from 'zod';
import { Calendar } from '../calendar.ts';
import { Exact } from '../decimal.ts';
import { PlainDate } from '../plain-date.ts';
import { type AsOf, mergeNotices, type Notice } from '../rule.ts';
import type { Credit } from './credit-terms.ts';
import { DISCREPANCIES, type DiscrepancyCode, WARNINGS, type WarningCode } from './discrepancies.ts';
import { Amount, type InvoiceDocument, PresentedDocument } from './documents.ts';
import type { GoodsQuantity, GoodsTerms } from './goods.ts';
import { sameUnit } from './quantity-units.ts';
import type { RequiredDocument } from './required-documents.ts';

export const Presentation = z.strictObject({
  documents: z.array(PresentedDocument).max(200),
  presented: PlainDate,
  /** The amount claimed under the credit; null: the total of the invoices. */
  drawing: Amount.nullable().default(null),
  /** Earlier drawings under the same credit. */
  drawnBefore: Amount.default('0'),
  /** The calendar of the bank at the place of presentation. */
  calendar: Calendar,
});
export type Presentation = z.infer<typeof Presentation>;

export interface Remark<C extends string> {
  code: C;
  /** Field of the credit and article of UCP 600. */
  article: string;
  /** The kind of document, or null for the presentation as a whole. */
  document: string | null;
  expected: string | null;
  found: string | null;
  remedy: string;
}
export type Discrepancy = Remark<DiscrepancyCode>;
export type Warning = Remark<WarningCode>;

export interface ExaminationFindings {
  discrepancies: Discrepancy[];
  warnings: Warning[];
  /**
   * What the credit or UCP 600 requires but the input does not show, or no rule here can judge. A person must check it.
   */
  notExamined: string[];
  notices: Notice[];
}

/** The input of the checks. */
export interface PresentationCase {
  credit: Credit;
  presentation: Presentation;
  goods: GoodsTerms;
  required: readonly RequiredDocument[];
  /** The amount claimed. */
  drawing: Exact | null;
  invoiced: Exact | null;
  asOf: AsOf;
}

export type Check = (input: PresentationCase) => ExaminationFindings;

export const invoicesOf = ({ presentation }: Pick<PresentationCase, 'presentation'>): InvoiceDocument[] =>
  presentation.documents.flatMap((document) => (document.kind === 'invoice' ? [document] : []));

/** The only quantity of 45A in the unit of the invoices, and what they ship of it; null if unknown. */
export const quantitiesOf = (input: PresentationCase): { stated: GoodsQuantity; total: Exact } | null => {
  const invoices = invoicesOf(input);
  const shipped = invoices.flatMap(({ quantity }) => quantity ?? []);
  const [first] = shipped;
  if (!first || shipped.length < invoices.length || shipped.some(({ unit }) => !sameUnit(unit, first.unit)))
    return null;
  const stated = input.goods.quantities.filter(({ unit }) => sameUnit(unit, first.unit));
  const [one] = stated;
  if (!one || stated.length > 1) return null;
  return { stated: one, total: shipped.reduce((sum, { value }) => sum.plus(value), new Exact(0)) };
};

export type DocumentContent = { document?: string | null; expected?: string | null; found?: string | null };
export const nothing = (): ExaminationFindings => ({ discrepancies: [], warnings: [], notExamined: [], notices: [] });
export const discrepancy = (
  code: DiscrepancyCode,
  { document = null, expected = null, found = null }: DocumentContent,
): ExaminationFindings => ({
  ...nothing(),
  discrepancies: [{ code, ...DISCREPANCIES[code], document, expected, found }],
});
export const warning = (
  code: WarningCode,
  { document = null, expected = null, found = null }: DocumentContent,
): ExaminationFindings => ({
  ...nothing(),
  warnings: [{ code, ...WARNINGS[code], document, expected, found }],
});
export const notExamined = (...what: string[]): ExaminationFindings => ({ ...nothing(), notExamined: what });
export const together = (...all: readonly ExaminationFindings[]): ExaminationFindings => ({
  discrepancies: all.flatMap(({ discrepancies }) => discrepancies),
  warnings: all.flatMap(({ warnings }) => warnings),
  notExamined: [...new Set(all.flatMap((one) => one.notExamined))],
  notices: mergeNotices(...all.map(({ notices }) => notices)),
});
