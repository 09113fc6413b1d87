import type { Clock } from '#domain/clock.ts';
import type { Connection } from '#domain/connection.ts';
import type { ExceptionRecord } from '#domain/exception.ts';
import type { Leg } from '#domain/leg.ts';
import type { Order, Return } from '#domain/order.ts';
import type { Posting } from '#domain/posting.ts';
import type {
  ApiKey,
  ApprovalRecord,
  ChargeRecord,
  InboxItem,
  Listing,
  OfferRecord,
  SealedToken,
  StoredAnswer,
  Workspace,
} from '#domain/records.ts';
import type { Shipment } from '#domain/shipment.ts';
import type { Movement, StockLevel } from '#domain/stock.ts';
import type { TradeListPart, TradeListRecord } from '#domain/trade-list.ts';
import type { Input, Output, Verb } from '#kit';
import type { CaseFile, TaxClaim } from '#trade/case-file/case-file.ts';
import type { RomaniseHan } from '#trade/screening/name.ts';

export interface Document {
  _id: string;
  workspaceId: string;
}

/** What a guarded write came to. */
export type Written = 'changed' | 'refused' | 'absent';

/**
 * One collection, seen by workspace. Every query names the workspace; ids are exact keys. Filters are equalities on fields
 * that the collection has an index for: any other filter throws, so that nothing scans.
 */
export interface Documents<T extends Document> {
  /** False when a document with this id is there already; it is left as it is. */
  insert(document: T): Promise<boolean>;
  /** Ids that were new. */
  insertMany(documents: readonly T[]): Promise<ReadonlySet<string>>;
  find(workspaceId: string, id: string): Promise<T | null>;
  findMany(workspaceId: string, ids: readonly string[]): Promise<T[]>;
  /** In the order of ids, after `after`. */
  list(workspaceId: string, where: Partial<T>, page: { after?: string; limit: number }): Promise<T[]>;
  /** All that have one of `values` in a field that the collection has an index for; a few hundred values at most. */
  listAny<F extends keyof T>(workspaceId: string, field: F, values: readonly T[F][]): Promise<T[]>;
  /** The newest first. */
  recent(workspaceId: string, limit: number): Promise<T[]>;
  count(workspaceId: string, where: Partial<T>): Promise<number>;
  /** Applies `changes` if and only if the document still has the values of `guard`. */
  change(id: string, guard: Partial<T>, changes: Partial<T>): Promise<Written>;
  /** The same for many at once: how many were changed. Which ones is read again. */
  changeMany(changes: readonly { id: string; guard: Partial<T>; changes: Partial<T> }[]): Promise<number>;
  delete(id: string): Promise<void>;
  /** Of all workspaces: what somebody should look at by now. */
  due(nowMs: number, limit: number): Promise<T[]>;
}

export interface Store {
  workspaces: Documents<Workspace>;
  connections: Documents<Connection>;
  offers: Documents<OfferRecord>;
  listings: Documents<Listing>;
  orders: Documents<Order>;
  legs: Documents<Leg>;
  shipments: Documents<Shipment>;
  returns: Documents<Return>;
  levels: Documents<StockLevel>;
  movements: Documents<Movement>;
  approvals: Documents<ApprovalRecord>;
  charges: Documents<ChargeRecord>;
  postings: Documents<Posting>;
  exceptions: Documents<ExceptionRecord>;
  tradeLists: Documents<TradeListRecord>;
  tradeListParts: Documents<TradeListPart>;
  inbox: Documents<InboxItem>;
  apiKeys: Documents<ApiKey>;
  answers: Documents<StoredAnswer>;
  tokens: Documents<SealedToken>;
  taxClaims: Documents<TaxClaim>;
  cases: Documents<CaseFile>;
  /** Every workspace in turn, for the product's own clockwork. */
  allWorkspaces(page: { after?: string; limit: number }): Promise<Workspace[]>;
  /** The one look-up without a workspace: a webhook's address names a connection and nothing else. */
  findConnection(id: string): Promise<Connection | null>;
  /** True when a write reaches the disk. */
  ready(): Promise<boolean>;
  close(): Promise<void>;
}

export interface Gateway {
  call<V extends Verb>(connection: Connection, verb: V, input: Input<V>): Promise<Output<V>>;
}

export interface Log {
  info(facts: Record<string, unknown>, message: string): void;
  warn(facts: Record<string, unknown>, message: string): void;
  error(facts: Record<string, unknown>, message: string): void;
}

/** Facts that every step reads, up to a second old. */
export interface Cached {
  connection(workspaceId: string, connectionId: string): Promise<Connection | null>;
  connectionsOf(workspaceId: string, role: Connection['role']): Promise<readonly Connection[]>;
  workspace(workspaceId: string): Promise<Workspace | null>;
  openCases(workspaceId: string): Promise<readonly CaseFile[]>;
}

export interface Ports {
  store: Store;
  cached: Cached;
  gateway: Gateway;
  /** How a name in Chinese characters reads in Latin letters, for the screening of parties. */
  romaniseHan: RomaniseHan;
  clock: Clock;
  log: Log;
  /** How far ahead, in clock time, a thing is due again if the step that should move it is lost: half a minute of real time. */
  grace(): number;
}
