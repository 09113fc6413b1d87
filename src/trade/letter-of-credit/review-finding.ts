import type { AsOf } from '../rule.ts';
import type { Credit } from './credit-terms.ts';
import type { GoodsTerms } from './goods.ts';
import type { RequiredDocument } from './required-documents.ts';
import type { SalesContract } from './sales-contract.ts';
import type { Severity } from './soft-clauses.ts';

export interface ReviewFinding {
  code: string;
  severity: Severity;
  /** Field of the credit. */
  field: string;
  expected: string | null;
  found: string | null;
  /** What to request from the applicant. */
  ask: string;
}

/** The input of a review's rules. */
export interface Reviewed {
  credit: Credit;
  contract: SalesContract;
  goods: GoodsTerms;
  required: readonly RequiredDocument[];
  asOf: AsOf;
}

export type Rule = (input: Reviewed) => ReviewFinding[];

export const finding = (
  code: string,
  severity: Severity,
  field: string,
  [expected, found]: readonly [string | null, string | null],
  ask: string,
): ReviewFinding[] => [{ code, severity, field, expected, found, ask }];
