import type { HsEdition } from '../classification/hs-edition.ts';
import type { Asked, Notice } from '../rule.ts';
import type { ListUsed } from '../screening/sanctions-list.ts';
import type { CaseFile } from './case-file.ts';
import type { Facts, Step } from './facts.ts';

/** What a gate is asked with besides the file: the day, and the lists on file. */
export interface GateContext {
  asked: Asked;
  /** The HS lists that were imported. */
  editions: readonly HsEdition[];
  /** The sanctions lists in their present states. */
  lists: readonly ListUsed[];
  hash(text: string): string;
  /** The refund that is about to be paid, and what was paid back before it; absent where none is. */
  refund?: { currency: string; minor: number; refundedMinor: number };
}

/** Why an export may not go on, or what a person should know. */
export interface Found {
  code: string;
  /** What it is about: a party, a SKU, a lot, a document; '' for the file. */
  subject: string;
  severity: 'block' | 'warn';
  what: string;
  todo: string;
}

export interface Findings {
  reasons: Found[];
  notices: readonly Notice[];
}
export type Given<S extends Step> = NonNullable<Facts[S]>;
/** What one step says of its facts; pure. */
export type Gate<S extends Step> = (facts: Given<S>, file: CaseFile, context: GateContext) => Findings;

export const block = (code: string, subject: string, what: string, todo: string): Found => ({
  code,
  subject,
  severity: 'block',
  what,
  todo,
});
export const warn = (code: string, subject: string, what: string, todo: string): Found => ({
  ...block(code, subject, what, todo),
  severity: 'warn',
});
