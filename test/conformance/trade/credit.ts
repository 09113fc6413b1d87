import { z } from 'zod';
import { Failure } from '../../../src/domain/failure.ts';
import { altmanScore } from '../../../src/trade/credit/altman.ts';
import { creditExposure } from '../../../src/trade/credit/exposure.ts';
import { creditLimit } from '../../../src/trade/credit/limit.ts';
import { ALTMAN_MODELS } from '../../../src/trade/credit/rules.ts';
import { plainDate } from '../../../src/trade/plain-date.ts';
import { readInput } from '../../../src/trade/read-input.ts';
import type { AsOf } from '../../../src/trade/rule.ts';
import { NumberText, printed } from './decimal-text.ts';
import type { Answer } from './vector.ts';

const TODAY = plainDate('2026-11-24');
const ASKED: AsOf = { on: TODAY, today: TODAY };
/** The questions name no currency; all use one with cents. */
const currency = 'EUR';

const MODELS = { "Z'": 'Z1', "Z''": 'Z2' } as const;
const Model = z.union([z.enum(ALTMAN_MODELS), z.enum(["Z'", "Z''"]).transform((model) => MODELS[model])]);
const Optional = NumberText.optional();
const RatiosQuestion = z.object({ model: Model, x: z.array(NumberText).max(10) });
const SheetQuestion = z.object({
  model: Model,
  TA: NumberText,
  CA: NumberText,
  CL: NumberText,
  RE: NumberText,
  EBIT: NumberText,
  TL: NumberText,
  BVE: Optional,
  MVE: Optional,
  S: Optional,
  sales: Optional,
  Sales: Optional,
  SALES: Optional,
});
const LimitQuestion = z.object({
  need: NumberText,
  tangibleNetWorth: NumberText,
  turnover: NumberText,
  grade: z.string(),
  pctTNW: Optional,
  pctTurnover: Optional,
});
const ExposureQuestion = z.object({
  limit: NumberText,
  openInvoices: NumberText,
  ordersNotInvoiced: NumberText,
  newOrder: NumberText,
});

const present = (key: string, value: string | undefined) => (value === undefined ? {} : { [key]: value });

const scoreInput = (input: Record<string, unknown>) => {
  if ('x' in input) {
    const { model, x } = readInput(RatiosQuestion, input);
    return { model, ratios: x };
  }
  const { model, TA, CA, CL, RE, EBIT, TL, ...more } = readInput(SheetQuestion, input);
  const balanceSheet = {
    totalAssets: TA,
    currentAssets: CA,
    currentLiabilities: CL,
    retainedEarnings: RE,
    ebit: EBIT,
    totalLiabilities: TL,
    ...present('bookValueOfEquity', more.BVE),
    ...present('marketValueOfEquity', more.MVE),
    ...present('sales', more.S ?? more.sales ?? more.Sales ?? more.SALES),
  };
  return { model, balanceSheet };
};

const altman = (input: Record<string, unknown>) => {
  const { score, zone, emergingMarketScore } = altmanScore(scoreInput(input), ASKED);
  const found = { score: printed(score), zone };
  return emergingMarketScore === null ? found : { ...found, emScore: printed(emergingMarketScore) };
};

const limit = (input: unknown) => {
  const { pctTNW, pctTurnover, ...buyer } = readInput(LimitQuestion, input);
  const policy =
    pctTNW === undefined || pctTurnover === undefined ? {} : { policy: { netWorth: pctTNW, turnover: pctTurnover } };
  return { limit: printed(creditLimit({ currency, ...buyer, ...policy }, ASKED).limit) };
};

const exposure = (input: unknown) => {
  const found = creditExposure({ currency, ...readInput(ExposureQuestion, input) });
  return { exposure: printed(found.exposure), headroom: printed(found.headroom), decision: found.decision };
};

export const answer: Answer = (_, input) => {
  if ('model' in input) return altman(input);
  if ('grade' in input) return limit(input);
  if ('openInvoices' in input) return exposure(input);
  throw new Failure('invalid', 'input: none of the questions about credit');
};
