import { Failure } from '#domain/failure.ts';

/**
 * What is known of an identifier from its own characters. `check` is the check character that the others call for, null
 * where the identifier has none or is not of its form; `full` is the way it is written and stored. Valid means well
 * formed: whether a register knows it is another question, which only the register answers.
 */
export type Checked =
  | { valid: true; check: string | null; full: string }
  | { valid: false; check: string | null; reason: string };

export const notOfForm = (reason: string): Checked => ({ valid: false, check: null, reason });

/** The verdict on `text`, whose check character stands at its end or wherever `full` puts it. */
export const compared = (given: string, check: string, full: string, text: string): Checked =>
  given === check
    ? { valid: true, check, full }
    : { valid: false, check, reason: `the check character of ${text} is ${check}, not ${given}` };

/** More characters than any identifier has, spaces and hyphens of print included. */
const LONGEST = 64;

/**
 * `text` in capitals without the spaces and hyphens that print adds; null when it is too long to be an identifier. Only
 * a to z are raised: other letters have capitals within A to Z too, such as “ſ” and “ﬁ”, and identify nothing.
 */
export const bare = (text: string): string | null =>
  text.length > LONGEST
    ? null
    : text.replaceAll(/[ \-\u00a0]/g, '').replaceAll(/[a-z]+/g, (letters) => letters.toUpperCase());

/** Throws `invalid` that names `field` for a body that no check character can be calculated for. */
export const refuseBody = (field: string, text: string, form: string): never => {
  throw new Failure('invalid', `${field}: “${text.slice(0, 40)}” is not ${form}`, {
    safe: { field, reason: `not ${form}` },
  });
};
