import { type AsOf, mergeNotices, type Notice, ruleOn } from '../rule.ts';
import type { Credit } from './credit-terms.ts';
import { goodsTerms } from './goods.ts';
import { itemsOf, requiredDocuments } from './required-documents.ts';
import { finding, type Reviewed, type ReviewFinding, type Rule } from './review-finding.ts';
import { RULES_OF_GOODS } from './review-goods.ts';
import { RULES_OF_PAYMENT } from './review-payment.ts';
import { RULES_OF_TIMES } from './review-times.ts';
import type { SalesContract } from './sales-contract.ts';
import { type Severity, SOFT_CLAUSES } from './soft-clauses.ts';
import { PRESENTATION_DAYS, TRANSFER } from './ucp-rules.ts';

export interface Review {
  /** Most serious first. */
  findings: ReviewFinding[];
  /** No finding that must be amended. */
  acceptable: boolean;
  notices: Notice[];
}

const softClauses: Rule = ({ credit }) =>
  (
    [
      ['45A', credit.goods],
      ['46A', credit.documents],
      ['47A', credit.conditions],
      ['49G', credit.specialPayment],
      ['78', credit.instructions],
    ] as const
  ).flatMap(([field, lines]) =>
    itemsOf(lines ?? []).flatMap((item) =>
      SOFT_CLAUSES.filter(({ patterns }) => patterns.some((pattern) => pattern.test(item))).flatMap(
        ({ code, severity, why, ask }) => finding(code, severity, field, [why, item.slice(0, 200)], ask),
      ),
    ),
  );

/**
 * The second beneficiary depends on the transferring bank and on the first beneficiary's invoice (art. 38(h) to (k)).
 */
const transferred: Rule = ({ credit: { transfer } }) =>
  transfer === null
    ? []
    : finding(
        'TRANSFERRED',
        'note',
        '40B',
        [null, transfer.reference],
        'documents presented to the transferring bank (art. 38(k)); the first beneficiary may put its own invoice in their place',
      );

const RULES: readonly Rule[] = [...RULES_OF_PAYMENT, ...RULES_OF_GOODS, ...RULES_OF_TIMES, softClauses, transferred];

const WEIGHT: Record<Severity, number> = { must: 0, should: 1, note: 2 };

/** Most serious first, otherwise in the order given. */
export const mostSeriousFirst = (findings: readonly ReviewFinding[]): ReviewFinding[] =>
  [...findings].sort((a, b) => WEIGHT[a.severity] - WEIGHT[b.severity]);

/**
 * What must be corrected in a credit before goods are made or shipped, most serious first: every term that departs from
 * the contract to the seller's disadvantage, every clause that leaves payment to the buyer, each with what to request.
 * For a transferred credit the contract is the one between the second and the first beneficiary.
 */
export const reviewCredit = (credit: Credit, contract: SalesContract, { today }: Pick<AsOf, 'today'>): Review => {
  const asOf: AsOf = { on: today, today };
  const input: Reviewed = {
    credit,
    contract,
    asOf,
    goods: goodsTerms(credit.goods ?? []),
    required: requiredDocuments(credit.documents),
  };
  const findings = mostSeriousFirst(RULES.flatMap((rule) => rule(input)));
  return {
    findings,
    acceptable: findings.every(({ severity }) => severity !== 'must'),
    notices: mergeNotices(
      ruleOn(PRESENTATION_DAYS, asOf).notices,
      credit.transfer ? ruleOn(TRANSFER, asOf).notices : [],
    ),
  };
};
