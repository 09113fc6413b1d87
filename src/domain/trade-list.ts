import { z } from 'zod';

/** The kinds of official lists that a workspace can import, by source file. */
export const TRADE_LIST_KINDS = [
  'ofac_sdn',
  'un_consolidated',
  'bis_dpl',
  'eu_consolidated',
  'uk_sanctions',
  'ch_seco',
  'cn_mofcom',
  'hs_edition',
] as const;
export type TradeListKind = (typeof TRADE_LIST_KINDS)[number];

/**
 * `draft` during the upload; one list per kind and edition is `active`; a list that a newer one superseded is
 * `replaced`.
 */
export const TRADE_LIST_STATES = ['draft', 'active', 'replaced'] as const;
export type TradeListState = (typeof TRADE_LIST_STATES)[number];

/** One state of one official list. Importing the same bytes again gives the same record. */
export const TradeListRecord = z.object({
  _id: z.string(),
  workspaceId: z.string(),
  kind: z.enum(TRADE_LIST_KINDS),
  /** For an `hs_edition`, such as `HS2022`: several editions can be active at once. Empty for other kinds. */
  edition: z.string(),
  title: z.string(),
  /** The date of this state, `2026-11-20`, as given by the authority or the file. */
  date: z.string(),
  /** The address or place where the file came from. */
  source: z.string(),
  /** SHA-256 of the file's bytes, in hexadecimal. */
  sha256: z.string(),
  entries: z.number(),
  /** Number of uploads that make up the list. */
  parts: z.number(),
  /** Rows of the file that could not be read. They are not among the entries. */
  failedRows: z.number(),
  state: z.enum(TRADE_LIST_STATES),
  createdAtMs: z.number(),
  /** For an active list: when it became active. */
  updatedAtMs: z.number(),
});
export type TradeListRecord = z.infer<typeof TradeListRecord>;

/** One upload of a list. Its entries have the form of the list's kind. */
export const TradeListPart = z.object({
  _id: z.string(),
  workspaceId: z.string(),
  listId: z.string(),
  /** Counts from 1. */
  part: z.number(),
  entries: z.array(z.unknown()).readonly(),
});
export type TradeListPart = z.infer<typeof TradeListPart>;
