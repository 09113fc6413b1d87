/** Official lists that a workspace keeps on file, by the file they come from. */
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

/** `draft` while it is being uploaded; of a kind and edition one is `active`; what it took the place of is `replaced`. */
export const TRADE_LIST_STATES = ['draft', 'active', 'replaced'] as const;
export type TradeListState = (typeof TRADE_LIST_STATES)[number];

/** One state of one official list: the same bytes are the same record, however often they are imported. */
export interface TradeListRecord {
  _id: string;
  workspaceId: string;
  kind: TradeListKind;
  /** Of an `hs_edition`, such as `HS2022`: several are active side by side. Empty for the others. */
  edition: string;
  title: string;
  /** The day of the state, `2026-11-20`, as the authority or the file says. */
  date: string;
  /** The address or place the file came from. */
  source: string;
  /** Of the file's bytes, in hexadecimal. */
  sha256: string;
  entries: number;
  /** Uploads that it comes in. */
  parts: number;
  /** Rows of the file that could not be read and are not among the entries. */
  failedRows: number;
  state: TradeListState;
  createdAtMs: number;
  /** Of an active list: when it became active. */
  updatedAtMs: number;
}

/** One upload of a list, its entries in the form of their kind. */
export interface TradeListPart {
  _id: string;
  workspaceId: string;
  listId: string;
  /** From 1. */
  part: number;
  entries: readonly unknown[];
}
