import { z } from 'zod';
import { minorUnitOn } from '../../../src/trade/currency/minor-unit.ts';
import { roundedText } from '../../../src/trade/currency/rounding.ts';
import { shareOut } from '../../../src/trade/currency/share-out.ts';
import { PlainDate, plainDate } from '../../../src/trade/plain-date.ts';
import { readInput } from '../../../src/trade/read-input.ts';
import type { Answer } from './vector.ts';

const TODAY = plainDate('2026-11-25');
const Decimals = z.union([z.string(), z.number().transform(String)]);

const CurrencyQuestion = z.object({ currency: z.string(), on: PlainDate.default(TODAY) });
const ShareQuestion = z.object({ minor: z.number(), ratios: z.array(Decimals) });
const RoundingQuestion = z.object({ x: Decimals, unit: Decimals });

export const answer: Answer = (_, input) => {
  if ('currency' in input) {
    const { currency, on } = readInput(CurrencyQuestion, input);
    return { minorUnit: minorUnitOn(currency, { on, today: TODAY }).value.decimals };
  }
  if ('minor' in input) {
    const { minor, ratios } = readInput(ShareQuestion, input);
    return { parts: shareOut(minor, ratios) };
  }
  const { x, unit } = readInput(RoundingQuestion, input);
  return { halfUp: roundedText(x, unit, 'half-up'), halfEven: roundedText(x, unit, 'half-even') };
};
