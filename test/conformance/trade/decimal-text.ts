import { z } from 'zod';

/** Converts a number in a vector file to decimal text, because the engines accept no floats for money or rates. */
export const decimalText = (value: number): string => {
  const text = String(value);
  return /^-?\d+(\.\d{1,12})?$/.test(text) ? text : value.toFixed(12);
};

/** A number, or decimal text, in a question. */
export const NumberText = z.union([z.string().max(40), z.number()]).transform((value) => {
  return typeof value === 'number' ? decimalText(value) : value;
});

/** Converts an engine's decimal text to a number as printed in the files, rounded to four decimals. */
export const printed = (text: string, decimals = 4): number => Number(Number(text).toFixed(decimals));
