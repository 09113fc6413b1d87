import { z } from 'zod';
import { Failure } from '../../../src/domain/failure.ts';
import { nameText } from '../../../src/trade/screening/name.ts';
import { jaro, jaroWinkler } from '../../../src/trade/screening/similarity.ts';
import type { Answer } from './vector.ts';

const Names = z.looseObject({ a: z.string(), b: z.string() });

const fourDecimals = (value: number): number => Math.round(value * 10_000) / 10_000;

/** Two texts unchanged; only the empty text is no name. */
const named = (text: string, field: string): string => (text === '' ? text : nameText(text, field));

export const answer: Answer = (_id, input) => {
  const names = Names.safeParse(input);
  if (!names.success)
    throw new Failure('invalid', 'a, b: two texts are needed', { safe: { field: 'a, b', reason: 'no text' } });
  const [a, b] = [named(names.data.a, 'a'), named(names.data.b, 'b')];
  return { jaro: fourDecimals(jaro(a, b)), jaroWinkler: fourDecimals(jaroWinkler(a, b)) };
};
