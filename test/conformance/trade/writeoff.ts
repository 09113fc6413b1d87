import { z } from 'zod';
import { Exact, exact } from '../../../src/trade/decimal.ts';
import { PlainDate, plainDate } from '../../../src/trade/plain-date.ts';
import { invalid, readInput } from '../../../src/trade/read-input.ts';
import { collectionDeadline, filingDocuments } from '../../../src/trade/tax-refund/deadlines.ts';
import { settlementOf } from '../../../src/trade/write-off/receivable.ts';
import { lineStatusOn } from '../../../src/trade/write-off/state.ts';
import type { Answer } from './vector.ts';

const TODAY = plainDate('2026-11-25');
const Decimals = z.union([z.string(), z.number().transform(String)]);

const DocumentsQuestion = z.object({ refundFiled: PlainDate });
const DeadlineQuestion = z.object({ exportDate: PlainDate, contractFinalPayment: PlainDate.nullable() });
const ReceivableQuestion = z.object({
  exportDate: PlainDate.optional(),
  declarationFob: Decimals,
  invoices: z.array(Decimals).optional(),
  receipts: z.array(Decimals),
  fees: z.union([z.array(Decimals), Decimals.transform((fee) => [fee])]).default([]),
  feeTolerance: Decimals.optional(),
  contractFinalPayment: PlainDate.optional(),
  refunded: Decimals.optional(),
  today: PlainDate.optional(),
});

/** `0.5%` as the fraction 0.005. */
const toleranceOf = (text: string) => {
  const share = text.endsWith('%')
    ? exact(text.slice(0, -1).trim(), 'feeTolerance').div(100)
    : exact(text, 'feeTolerance', { max: '1' });
  return { share: share.toFixed(), floor: '50' };
};

const receivable = (input: unknown) => {
  const question = readInput(ReceivableQuestion, input);
  const { declarationFob: fob, invoices, receipts, fees, feeTolerance, refunded } = question;
  const today = question.today ?? question.exportDate ?? TODAY;
  const exportDate = question.exportDate ?? today;
  const asOf = { on: exportDate, today };
  const tolerance = feeTolerance === undefined ? undefined : toleranceOf(feeTolerance);
  const settlement = settlementOf({ currency: 'USD', fob, received: receipts, fees, tolerance }, asOf);
  // The declaration's invoices add up to its FOB, within the tolerance; if they do not, money alone settles nothing.
  const invoiced = (invoices ?? []).reduce((sum, each) => sum.plus(exact(each, 'invoices')), new Exact(0));
  const agrees = invoices === undefined || invoiced.minus(fob).abs().lte(settlement.tolerance);
  const standing = lineStatusOn(
    {
      exportDate,
      money: settlement.settled ? 'in' : 'short',
      papersAgree: agrees,
      deemedReceived: false,
      closed: false,
      claim: refunded === undefined ? undefined : { refunded: exact(refunded, 'refunded').toFixed(2) },
      finalPayment: question.contractFinalPayment ?? null,
    },
    today,
  );
  const { received, short } = settlement;
  if (refunded !== undefined) return { status: standing.state, repay: standing.repay };
  if (question.exportDate === undefined) return { received, short, status: standing.state };
  return { short, status: standing.state, collectBy: standing.collectBy };
};

export const answer: Answer = (_, input) => {
  if ('declarationFob' in input) return receivable(input);
  if ('refundFiled' in input) {
    const { filingDocumentsBy, keepYears } = filingDocuments(readInput(DocumentsQuestion, input).refundFiled, TODAY);
    return { filingDocumentsBy, keepYears };
  }
  if ('exportDate' in input) {
    const { exportDate, contractFinalPayment } = readInput(DeadlineQuestion, { contractFinalPayment: null, ...input });
    const { collectBy, cap } = collectionDeadline(exportDate, contractFinalPayment, TODAY);
    return { collectBy, cap };
  }
  throw invalid('declarationFob', 'is needed');
};
