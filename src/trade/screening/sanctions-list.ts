import type { PlainDate } from '../plain-date.ts';
import type { Identifier, PartyKind } from './party.ts';

export interface Alias {
  name: string;
  /** A weak alias (nickname, single word) alone never blocks. */
  weak: boolean;
  /** What the list says of it: `aka`, `fka`, `Low`. */
  label: string;
}

/** A birth as the list knows it: between two dates, each to the day, month or year; `circa` widens it by two years. */
export interface BirthDate {
  from: string;
  to: string;
  circa: boolean;
}

export interface ListEntry {
  /** Stable within the list. */
  id: string;
  /** Null when the list does not say what the party is. */
  kind: PartyKind | null;
  name: string;
  aliases: readonly Alias[];
  programs: readonly string[];
  births: readonly BirthDate[];
  /** ISO 3166-1 codes. */
  countries: readonly string[];
  identifiers: readonly Identifier[];
  /** The days between which the entry has effect; null is open. */
  effective: { from: PlainDate | null; to: PlainDate | null };
  remarks: string;
}

/** One state of one list. */
export interface SanctionsList {
  /** Such as `ofac.sdn`. */
  id: string;
  title: string;
  /** The day of the state, as the authority or the file says. */
  date: PlainDate;
  /** Of the file's bytes, in hexadecimal. */
  sha256: string;
  entries: readonly ListEntry[];
}

/** The state of a list that a decision rests on. */
export interface ListUsed {
  id: string;
  date: PlainDate;
  sha256: string;
}
