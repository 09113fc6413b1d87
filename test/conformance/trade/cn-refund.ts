import { z } from 'zod';
import { PlainDate, plainDate } from '../../../src/trade/plain-date.ts';
import { readInput } from '../../../src/trade/read-input.ts';
import { refundDeadlines } from '../../../src/trade/tax-refund/deadlines.ts';
import { manufacturerRefund, tradingRefund } from '../../../src/trade/tax-refund/refund-amount.ts';
import { refundRateOn } from '../../../src/trade/tax-refund/refund-rate.ts';
import type { Answer } from './vector.ts';

const TODAY = plainDate('2026-11-25');
const Decimals = z.union([z.string(), z.number().transform(String)]);

const RateQuestion = z.object({ exportDate: PlainDate, product: z.string() });
const DeadlineQuestion = z.object({ exportDate: PlainDate });
const TradingQuestion = z.object({
  invoiceExVat: Decimals.optional(),
  invoiceInclVat: Decimals.optional(),
  tax: Decimals,
  refund: Decimals,
});
const ManufacturerQuestion = z.object({
  fobCNY: Decimals.optional(),
  fx: Decimals.optional(),
  outputVat: Decimals,
  inputVat: Decimals,
  prevCredit: Decimals.default('0'),
  dutyFreeMaterials: Decimals.default('0'),
  tax: Decimals,
  refund: Decimals,
});

const trading = (input: unknown) => {
  const { tax, refund, ...invoices } = readInput(TradingQuestion, input);
  return tradingRefund({ ...invoices, taxRate: tax, refundRate: refund });
};

const manufacturer = (input: Record<string, unknown>) => {
  const foreignKey = Object.keys(input).find((key) => /^fob(?!CNY)[A-Z]{3}$/.test(key));
  const { fobCNY, fx, tax, refund, prevCredit, ...rest } = readInput(ManufacturerQuestion, input);
  const foreign = foreignKey === undefined ? undefined : readInput(Decimals, input[foreignKey]);
  const {
    surchargeBase: _,
    notices: __,
    ...figures
  } = manufacturerRefund(
    {
      ...rest,
      taxRate: tax,
      refundRate: refund,
      previousCredit: prevCredit,
      fobCny: fobCNY,
      fobForeign: foreign,
      fx,
    },
    { on: TODAY, today: TODAY },
  );
  return figures;
};

const deadlines = (input: unknown) => {
  const { fileAndCollectBy, last36Months, deemedDomesticRuleApplies } = refundDeadlines(
    readInput(DeadlineQuestion, input).exportDate,
    TODAY,
  );
  return { fileAndCollectBy, last36Months, deemedDomesticRuleApplies };
};

export const answer: Answer = (_, input) => {
  if ('product' in input) {
    const { product, exportDate } = readInput(RateQuestion, input);
    return { refundRate: refundRateOn(product, exportDate, TODAY).refundRate };
  }
  if ('exportDate' in input) return deadlines(input);
  if ('outputVat' in input || 'inputVat' in input) return manufacturer(input);
  return trading(input);
};
