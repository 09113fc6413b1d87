import { z } from 'zod';
import { Calendar } from '../calendar.ts';
import { Exact } from '../decimal.ts';
import { PlainDate } from '../plain-date.ts';
import { type Asked, type Notice, noticesTogether } from '../rule.ts';
import type { Credit } from './credit-terms.ts';
import { DISCREPANCIES, type DiscrepancyCode, WARNINGS, type WarningCode } from './discrepancies.ts';
import { Amount, type InvoiceDocument, PresentedDocument } from './documents.ts';
import type { GoodsQuantity, GoodsTerms } from './goods.ts';
import { sameUnit } from './quantity-units.ts';
import type { RequiredDocument } from './required-documents.ts';

export const Presentation = z.strictObject({
  documents: z.array(PresentedDocument).max(200),
  presented: PlainDate,
  /** What is claimed under the credit; null: the total of the invoices. */
  drawing: Amount.nullable().default(null),
  /** Drawings made before under the same credit. */
  drawnBefore: Amount.default('0'),
  /** The calendar of the bank at the place of presentation. */
  calendar: Calendar,
});
export type Presentation = z.infer<typeof Presentation>;

export interface Remark<C extends string> {
  code: C;
  /** Field of the credit and article of UCP 600. */
  article: string;
  /** What kind of document, or null for the presentation as a whole. */
  document: string | null;
  expected: string | null;
  found: string | null;
  remedy: string;
}
export type Discrepancy = Remark<DiscrepancyCode>;
export type Warning = Remark<WarningCode>;

export interface Findings {
  discrepancies: Discrepancy[];
  warnings: Warning[];
  /** What the credit or UCP 600 asks and the input does not tell, or no rule here can judge: a person looks at it. */
  notExamined: string[];
  notices: Notice[];
}

/** What the checks look at. */
export interface Case {
  credit: Credit;
  presentation: Presentation;
  goods: GoodsTerms;
  required: readonly RequiredDocument[];
  /** The amount claimed. */
  drawing: Exact | null;
  invoiced: Exact | null;
  asked: Asked;
}

export type Check = (input: Case) => Findings;

export const invoicesOf = ({ presentation }: Pick<Case, 'presentation'>): InvoiceDocument[] =>
  presentation.documents.flatMap((document) => (document.kind === 'invoice' ? [document] : []));

/** The one quantity of 45A in the unit of the invoices and what they ship of it; null when that cannot be told. */
export const quantitiesOf = (input: Case): { stated: GoodsQuantity; total: Exact } | null => {
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

export type Said = { document?: string | null; expected?: string | null; found?: string | null };
export const nothing = (): Findings => ({ discrepancies: [], warnings: [], notExamined: [], notices: [] });
export const discrepancy = (
  code: DiscrepancyCode,
  { document = null, expected = null, found = null }: Said,
): Findings => ({
  ...nothing(),
  discrepancies: [{ code, ...DISCREPANCIES[code], document, expected, found }],
});
export const warning = (code: WarningCode, { document = null, expected = null, found = null }: Said): Findings => ({
  ...nothing(),
  warnings: [{ code, ...WARNINGS[code], document, expected, found }],
});
export const notExamined = (...what: string[]): Findings => ({ ...nothing(), notExamined: what });
export const together = (...all: readonly Findings[]): Findings => ({
  discrepancies: all.flatMap(({ discrepancies }) => discrepancies),
  warnings: all.flatMap(({ warnings }) => warnings),
  notExamined: [...new Set(all.flatMap((one) => one.notExamined))],
  notices: noticesTogether(...all.map(({ notices }) => notices)),
});
