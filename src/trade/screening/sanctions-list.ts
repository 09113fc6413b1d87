import type { PlainDate } from '../plain-date.ts';
import type { Identifier, PartyKind } from './party.ts';

export interface Alias {
  name: string;
  /** A weak alias (nickname, single word) never blocks by itself. */
  weak: boolean;
  /** The list's word for it: `aka`, `fka`, `Low`. */
  label: string;
}

/** A birth as the list knows it: between two dates, each to the day, month or year. `circa` widens it by two years. */
export interface BirthDate {
  from: string;
  to: string;
  circa: boolean;
}

export interface ListEntry {
  /** Stable within the list. */
  id: string;
  /** Null if the list does not say what the party is. */
  kind: PartyKind | null;
  name: string;
  aliases: readonly Alias[];
  programs: readonly string[];
  births: readonly BirthDate[];
  /** ISO 3166-1 codes. */
  countries: readonly string[];
  identifiers: readonly Identifier[];
  /** The days on which the entry is in effect; null is open. */
  effective: { from: PlainDate | null; to: PlainDate | null };
  remarks: string;
}

/** One state of one list. */
export interface SanctionsList {
  /** Such as `ofac.sdn`. */
  id: string;
  title: string;
  /** The date of the state, as given by the authority or the file. */
  date: PlainDate;
  /** SHA-256 of the file's bytes, in hexadecimal. */
  sha256: string;
  entries: readonly ListEntry[];
}

/** The state of a list on which a decision is based. */
export interface ListUsed {
  id: string;
  date: PlainDate;
  sha256: string;
}
