import { bare, type Checked, compared, malformed, refuseBody } from './checked.ts';

/** GS1 General Specifications, section 7.9: modulo 10, weights 3 1 3 1 … from the right of the body. */
export const gs1CheckDigit = (body: string): string => {
  const sum = [...body].reverse().reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 3 : 1), 0);
  return String((10 - (sum % 10)) % 10);
};

/** GTIN-8, GTIN-12 (UPC-A), GTIN-13 and GLN, GTIN-14, GSIN, SSCC: digits without the check digit. */
const BODY_LENGTHS: readonly number[] = [7, 11, 12, 13, 16, 17];

/**
 * The GS1 key whose digits before the check digit are `body`, including leading zeros. Throws `invalid` for a body that
 * does not have 7, 11, 12, 13, 16 or 17 digits.
 */
export const gs1Key = (body: string): string =>
  /^\d+$/.test(body) && BODY_LENGTHS.includes(body.length)
    ? body + gs1CheckDigit(body)
    : refuseBody('body', body, '7, 11, 12, 13, 16 or 17 digits of a GS1 key without its check digit');

const checkKey = (text: string, lengths: readonly number[], name: string): Checked => {
  const key = bare(text);
  if (key === null || !/^\d+$/.test(key)) return malformed(`${name}: digits only`);
  if (/^0+$/.test(key)) return malformed(`${name}: all zeros identify nothing`);
  if (!lengths.includes(key.length)) {
    const padded = `0${key}`;
    const eaten = lengths.includes(padded.length) && checkKey(padded, lengths, name).valid;
    return malformed(
      `${name}: ${lengths.join(', ')} digits, not ${key.length}` +
        (eaten ? `; a spreadsheet may have eaten the leading zero of ${padded}` : ''),
    );
  }
  return compared(key.slice(-1), gs1CheckDigit(key.slice(0, -1)), key, key);
};

/** An article number: GTIN-8, GTIN-12 (UPC-A), GTIN-13 (EAN) or GTIN-14. */
export const checkGtin = (text: string): Checked => checkKey(text, [8, 12, 13, 14], 'GTIN');

/** A location or party number. */
export const checkGln = (text: string): Checked => checkKey(text, [13], 'GLN');

/** A logistic unit. The application identifier `(00)` is accepted in front and removed. */
export const checkSscc = (text: string): Checked => checkKey(text.replace(/^\(00\)/, ''), [18], 'SSCC');

/** A valid GTIN as 14 digits, so that one article in two lengths compares equal; null if it is not valid. */
export const gtin14 = (text: string): string | null => {
  const checked = checkGtin(text);
  return checked.valid ? checked.full.padStart(14, '0') : null;
};
