import { z } from 'zod';
import { Failure } from '../../../src/domain/failure.ts';
import { readInput } from '../../../src/trade/read-input.ts';
import {
  economicOrder,
  fillRate,
  orderUpTo,
  reorderPoint,
  safetyFactor,
} from '../../../src/trade/stock-planning/formulas.ts';
import { abcClasses } from '../../../src/trade/stock-planning/stock-figures.ts';
import type { Answer } from './vector.ts';

/** The file prints four decimals, and five for the unit loss. */
const rounded = (value: number, decimals = 4): number => Number(value.toFixed(decimals));

const Factor = { z: z.number().optional(), serviceLevel: z.number().optional() };
const DemandQuestion = z.object({
  ...Factor,
  meanDaily: z.number(),
  sigmaDaily: z.number(),
  leadDays: z.number(),
  sigmaLead: z.number().optional(),
  reviewDays: z.number().optional(),
});
const OrderQuestion = z.object({ D: z.number(), S: z.number(), H: z.number() });
const FillQuestion = z.object({ ...Factor, sigmaLTD: z.number(), Q: z.number() });
const AbcQuestion = z.object({
  annualValue: z.record(z.string(), z.number()),
  cuts: z.tuple([z.number(), z.number()]),
});

const factorOf = ({ z: factor, serviceLevel }: { z?: number | undefined; serviceLevel?: number | undefined }): number =>
  factor ?? safetyFactor(serviceLevel ?? Number.NaN);

const demand = (input: unknown) => {
  const question = readInput(DemandQuestion, input);
  const { meanDaily: mean, sigmaDaily: deviation, leadDays: leadTime, sigmaLead, reviewDays } = question;
  const figures = { safetyFactor: factorOf(question), mean, deviation, leadTime, leadTimeDeviation: sigmaLead ?? 0 };
  if (reviewDays !== undefined)
    return { orderUpTo: rounded(orderUpTo({ ...figures, reviewTime: reviewDays }).orderUpTo) };
  const found = reorderPoint(figures);
  const both = { safetyStock: rounded(found.safetyStock), rop: rounded(found.reorderPoint) };
  return sigmaLead === undefined
    ? { ...both, ropCeil: found.reorderAt }
    : { sigmaLTD: rounded(found.deviation), ...both };
};

const order = (input: unknown) => {
  const { D: annualDemand, S: orderCost, H: holdingCost } = readInput(OrderQuestion, input);
  const { quantity, ordersPerYear, annualCost } = economicOrder({ annualDemand, orderCost, holdingCost });
  return { eoq: rounded(quantity), ordersPerYear: rounded(ordersPerYear), annualCost: rounded(annualCost) };
};

const fill = (input: unknown) => {
  const question = readInput(FillQuestion, input);
  const { sigmaLTD: deviation, Q: orderQuantity } = question;
  const found = fillRate({ safetyFactor: factorOf(question), deviation, orderQuantity });
  const { unitLoss, expectedShort } = found;
  return { unitLoss: rounded(unitLoss, 5), expectedShort: rounded(expectedShort), fillRate: rounded(found.fillRate) };
};

const abc = (input: unknown) => ({ class: Object.fromEntries(abcClasses(readInput(AbcQuestion, input))) });

/** A key that only one kind of question has, and its answer. */
const QUESTIONS = [
  ['annualValue', abc],
  ['Q', fill],
  ['D', order],
  ['meanDaily', demand],
] as const;

export const answer: Answer = (_, input) => {
  const question = QUESTIONS.find(([key]) => key in input);
  if (question === undefined) throw new Failure('invalid', 'input: none of the questions about stock');
  return question[1](input);
};
