import type { HsEdition } from '../classification/hs-edition.ts';
import type { AsOf, Notice } from '../rule.ts';
import type { ListUsed } from '../screening/sanctions-list.ts';
import type { CaseFile } from './case-file.ts';
import type { Facts, Step } from './facts.ts';

/** What a gate gets besides the file: the day and the lists on file. */
export interface GateContext {
  asOf: AsOf;
  /** The imported HS lists. */
  editions: readonly HsEdition[];
  /** The sanctions lists in their current states. */
  lists: readonly ListUsed[];
  hash(text: string): string;
  /** The refund about to be paid, and what was refunded before it; absent if there is none. */
  refund?: { currency: string; minor: number; refundedMinor: number };
}

/** A reason why an export must stop, or a notice for a person. */
export interface GateFinding {
  code: string;
  /** What the finding is about: a party, a SKU, a lot, a document; '' for the whole file. */
  subject: string;
  severity: 'block' | 'warn';
  what: string;
  todo: string;
}

export interface GateFindings {
  reasons: GateFinding[];
  notices: readonly Notice[];
}
export type Given<S extends Step> = NonNullable<Facts[S]>;
/** Evaluates the facts of one step. Pure. */
export type Gate<S extends Step> = (facts: Given<S>, file: CaseFile, context: GateContext) => GateFindings;

export const block = (code: string, subject: string, what: string, todo: string): GateFinding => ({
  code,
  subject,
  severity: 'block',
  what,
  todo,
});
export const warn = (code: string, subject: string, what: string, todo: string): GateFinding => ({
  ...block(code, subject, what, todo),
  severity: 'warn',
});
