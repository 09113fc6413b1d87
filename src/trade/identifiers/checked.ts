import { Failure } from '#domain/failure.ts';

/**
 * What an identifier's own characters show. `check` is the check character that the other characters require; null if
 * the identifier has none or does not have its form. `full` is the way it is written and stored. Valid means well
 * formed; only a register can tell whether it is registered.
 */
export type Checked =
  | { valid: true; check: string | null; full: string }
  | { valid: false; check: string | null; reason: string };

export const malformed = (reason: string): Checked => ({ valid: false, check: null, reason });

/** Compares the check characters of `text`, which are at its end or where `full` puts them. */
export const compared = (given: string, check: string, full: string, text: string): Checked =>
  given === check
    ? { valid: true, check, full }
    : { valid: false, check, reason: `the check character of ${text} is ${check}, not ${given}` };

/** More characters than any identifier has, with the spaces and hyphens of printed forms. */
const MAX_LENGTH = 64;

/**
 * `text` in capitals without the spaces and hyphens of printed forms; null if it is too long to be an identifier. Only
 * a to z are raised: other letters with capitals within A to Z, such as “ſ” and “ﬁ”, occur in no identifier.
 */
export const bare = (text: string): string | null =>
  text.length > MAX_LENGTH
    ? null
    : text.replaceAll(/[ \-\u00a0]/g, '').replaceAll(/[a-z]+/g, (letters) => letters.toUpperCase());

/** Throws `invalid` naming `field` for a body without a calculable check character. */
export const refuseBody = (field: string, text: string, form: string): never => {
  throw new Failure('invalid', `${field}: “${text.slice(0, 40)}” is not ${form}`, {
    safe: { field, reason: `not ${form}` },
  });
};
