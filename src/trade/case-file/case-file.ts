import { z } from 'zod';
import { Actor } from '#domain/actor.ts';
import { News } from '#domain/event.ts';
import { machine } from '#domain/state-machine.ts';
import { PlainDate } from '../plain-date.ts';
import { VERDICTS } from '../screening/screen.ts';
import { type Facts, STEPS, type Step } from './facts.ts';

export const SUBJECT_KINDS = ['order', 'consignment', 'contract'] as const;

/** A screening of a party as it was decided: the hits, and the list states it is based on. */
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
  /** The party as it was screened. If the party changes afterwards, it counts as not screened. */
  of: z.string(),
});
export type StoredScreening = z.infer<typeof StoredScreening>;

/**
 * A person's decision that a reason does not stop the export. Kept forever. It covers only the reason as it was then:
 * nobody has reviewed another party under the same id or other words of the credit.
 */
export const Override = z.object({
  step: z.enum(STEPS),
  code: z.string(),
  subject: z.string(),
  /** The full text of the reason. */
  what: z.string(),
  reason: z.string(),
  by: z.string(),
  atMs: z.number(),
});
export type Override = z.infer<typeof Override>;

export const HistoryEntry = z.object({
  atMs: z.number(),
  /** The name of who did it. */
  by: z.string(),
  /** Who that is; absent in entries of 0.1.0. */
  actor: Actor.exactOptional(),
  what: z.string(),
  detail: z.string(),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

export const caseMachine = machine<'open' | 'closed' | 'cancelled'>('case', 'open', {
  open: ['closed', 'cancelled'],
  closed: ['open'],
  cancelled: [],
});

/** One export, carried through the eight steps. */
export const CaseFile = z.object({
  _id: z.string(),
  workspaceId: z.string(),
  number: z.string(),
  title: z.string(),
  /** Name of the mode. */
  mode: z.string(),
  subject: z.object({ kind: z.enum(SUBJECT_KINDS), id: z.string() }),
  /** The order whose legs the case holds back; '' if it is about no order. */
  orderId: z.string(),
  /** The SKUs whose listings the case holds back. */
  skus: z.array(z.string()).readonly(),
  /** The storefronts whose market the case applies to; empty for all. */
  connectionIds: z.array(z.string()).readonly(),
  destination: z.string(),
  state: z.enum(caseMachine.states),
  /** Parsed when they were given; what came of it is stored. */
  facts: z.custom<Facts>((value) => typeof value === 'object' && value !== null),
  /** Keyed by the party's id. */
  screenings: z.record(z.string(), StoredScreening).readonly(),
  /** Hash of the text of the credit that a person has accepted; '' if none. */
  creditAccepted: z.string(),
  overrides: z.array(Override).readonly(),
  /** Everything that was done to the case, oldest first. */
  history: z.array(HistoryEntry).readonly(),
  /** Keys of the reminders that were sent. */
  reminded: z.array(z.string()).readonly(),
  /** Keys of the declaration lines whose tax refund was claimed; absent if none was. */
  claimed: z.array(z.string()).readonly().exactOptional(),
  /** The result of the listing gates at their last evaluation, and the version evaluated; absent if never evaluated. */
  listed: z.object({ version: z.number(), held: z.boolean() }).exactOptional(),
  version: z.number(),
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
  news: z.array(News).optional(),
  newsSeq: z.int().optional(),
});
export type CaseFile = z.infer<typeof CaseFile>;

/** What a person names when a case is opened. */
export type NewCase = Pick<
  CaseFile,
  'number' | 'title' | 'mode' | 'subject' | 'orderId' | 'skus' | 'connectionIds' | 'destination'
>;

/** A declaration line whose tax refund a case has claimed. Its id keeps other cases from claiming it too. */
export const TaxClaim = z.object({ _id: z.string(), workspaceId: z.string(), caseId: z.string(), line: z.string() });
export type TaxClaim = z.infer<typeof TaxClaim>;

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
