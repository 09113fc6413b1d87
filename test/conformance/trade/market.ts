import { z } from 'zod';
import { Failure } from '../../../src/domain/failure.ts';
import { annualGrowth, concentration } from '../../../src/trade/market/measures.ts';
import { readInput } from '../../../src/trade/read-input.ts';
import { NumberText, printed } from './decimal-text.ts';
import type { Answer } from './vector.ts';

const SharesQuestion = z.object({ shares: z.array(NumberText).max(10_000) });
const GrowthQuestion = z.object({ from: NumberText, to: NumberText, years: NumberText });

export const answer: Answer = (_, input) => {
  if ('shares' in input) return { hhi: printed(concentration(readInput(SharesQuestion, input).shares).hhi) };
  if ('years' in input) return { cagr: printed(annualGrowth(readInput(GrowthQuestion, input))) };
  throw new Failure('invalid', 'input: none of the questions about markets');
};
