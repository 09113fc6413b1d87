import { z } from 'zod';

/** A number of a vector file as decimal text; engines take no floats for money or rates. */
export const decimalText = (value: number): string => {
  const text = String(value);
  return /^-?\d+(\.\d{1,12})?$/.test(text) ? text : value.toFixed(12);
};

/** A number, or decimal text, in a question. */
export const NumberText = z.union([z.string().max(40), z.number()]).transform((value) => {
  return typeof value === 'number' ? decimalText(value) : value;
});

/** An engine's decimal text as the number that the files print, to four decimals and rounded as a float. */
export const printed = (text: string, decimals = 4): number => Number(Number(text).toFixed(decimals));
