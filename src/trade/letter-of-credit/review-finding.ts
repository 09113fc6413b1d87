import type { Asked } from '../rule.ts';
import type { Credit } from './credit-terms.ts';
import type { GoodsTerms } from './goods.ts';
import type { RequiredDocument } from './required-documents.ts';
import type { SalesContract } from './sales-contract.ts';
import type { Severity } from './soft-clauses.ts';

export interface Finding {
  code: string;
  severity: Severity;
  /** Field of the credit. */
  field: string;
  expected: string | null;
  found: string | null;
  /** What to ask the applicant for. */
  ask: string;
}

/** What the rules of a review look at. */
export interface Reviewed {
  credit: Credit;
  contract: SalesContract;
  goods: GoodsTerms;
  required: readonly RequiredDocument[];
  asked: Asked;
}

export type Rule = (input: Reviewed) => Finding[];

export const finding = (
  code: string,
  severity: Severity,
  field: string,
  [expected, found]: readonly [string | null, string | null],
  ask: string,
): Finding[] => [{ code, severity, field, expected, found, ask }];
