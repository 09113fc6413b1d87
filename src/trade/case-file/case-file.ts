import { z } from 'zod';
import { machine } from '#domain/state-machine.ts';
import { PlainDate } from '../plain-date.ts';
import { VERDICTS } from '../screening/screen.ts';
import { type Facts, STEPS, type Step } from './facts.ts';

export const SUBJECT_KINDS = ['order', 'consignment', 'contract'] as const;

/** A decision about a party as it was taken: the hits, and the states of the lists it rests on. */
export const StoredScreening = z.object({
  verdict: z.enum(VERDICTS),
  screenedOn: PlainDate,
  threshold: z.number(),
  engineVersion: z.string(),
  listsUsed: z.array(z.object({ id: z.string(), date: PlainDate, sha256: z.string() })),
  hits: z.array(
    z.object({
      effect: z.enum(VERDICTS),
      listId: z.string(),
      entryId: z.string(),
      name: z.string(),
      score: z.number(),
      why: z.array(z.string()),
    }),
  ),
  /** The party as it was screened: one that is changed afterwards has not been screened. */
  of: z.string(),
});
export type StoredScreening = z.infer<typeof StoredScreening>;

/**
 * A person's word that a reason does not stop the export. It is kept for ever, and holds for the reason as it stood then: another
 * party under the same id, or other words of the credit, were not seen by anybody.
 */
export interface Override {
  step: Step;
  code: string;
  subject: string;
  /** What the reason said. */
  what: string;
  reason: string;
  by: string;
  atMs: number;
}

export interface HistoryEntry {
  atMs: number;
  by: string;
  what: string;
  detail: string;
}

export const caseMachine = machine<'open' | 'closed' | 'cancelled'>('case file', 'open', {
  open: ['closed', 'cancelled'],
  closed: ['open'],
  cancelled: [],
});

/** One export carried through the eight steps. */
export interface CaseFile {
  _id: string;
  workspaceId: string;
  number: string;
  title: string;
  /** The way of doing business, as its name. */
  mode: string;
  subject: { kind: (typeof SUBJECT_KINDS)[number]; id: string };
  /** The order whose legs it holds back; '' for one that is about none. */
  orderId: string;
  /** The SKUs whose listings it holds back. */
  skus: readonly string[];
  /** The storefronts in whose market it applies; empty for all. */
  connectionIds: readonly string[];
  destination: string;
  state: (typeof caseMachine.states)[number];
  facts: Facts;
  /** By the party's id. */
  screenings: Readonly<Record<string, StoredScreening>>;
  /** The credit that a person has accepted, by the hash of its text; '' while none. */
  creditAccepted: string;
  overrides: readonly Override[];
  /** Everything that was done to it, oldest first. */
  history: readonly HistoryEntry[];
  /** The reminders that were given, by their keys. */
  reminded: readonly string[];
  /** The lines of declarations whose tax refund was claimed, by their keys; absent while none was. */
  claimed?: readonly string[];
  /** How its gates stood for the listings when they were last looked at, and at which version; absent while nobody has looked. */
  listed?: { version: number; held: boolean };
  version: number;
  createdAtMs: number;
  updatedAtMs: number;
}

/** A line of a declaration whose tax refund one case has claimed; by its id no other can. */
export interface TaxClaim {
  _id: string;
  workspaceId: string;
  caseId: string;
  line: string;
}

export const NO_FACTS: Facts = {
  market: null,
  rights: null,
  quality: null,
  contract: null,
  logistics: null,
  clearance: null,
  after_sales: null,
  settlement: null,
};

export const isStep = (text: string): text is Step => STEPS.some((step) => step === text);
