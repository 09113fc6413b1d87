import type { AccountClaim } from '#domain/account-claim.ts';
import type { Clock } from '#domain/clock.ts';
import type { Connection } from '#domain/connection.ts';
import type { Due } from '#domain/due.ts';
import type { Erasure } from '#domain/erasure.ts';
import type { Event, EventChain, Unfiled } from '#domain/event.ts';
import type { ExceptionRecord } from '#domain/exception.ts';
import type { Leg } from '#domain/leg.ts';
import type { Location } from '#domain/location.ts';
import type { Order } from '#domain/order.ts';
import type { OrderBody } from '#domain/order-body.ts';
import type { Posting } from '#domain/posting.ts';
import type { Rate } from '#domain/rate.ts';
import type {
  ApiKey,
  ApprovalRecord,
  ChargeRecord,
  InboxItem,
  Listing,
  OfferRecord,
  SealedToken,
  SetAside,
  StoredAnswer,
  Workspace,
} from '#domain/records.ts';
import type { RestoreCheck, RestoreRecord } from '#domain/restore.ts';
import type { Retention, RetentionRun } from '#domain/retention.ts';
import type { Return } from '#domain/return.ts';
import type { Shipment } from '#domain/shipment.ts';
import type { FoldedMovement, Movement, StockLevel } from '#domain/stock.ts';
import type { TradeListPart, TradeListRecord } from '#domain/trade-list.ts';
import type { Variant } from '#domain/variant.ts';
import type { Input, Manifest, Output, Verb, Webhooks } from '#kit';
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
  /** The oldest first, of those from before an instant. */
  before(workspaceId: string, atMs: number, limit: number): Promise<T[]>;
  count(workspaceId: string, where: Partial<T>): Promise<number>;
  /** Applies `changes` if and only if the document still has the values of `guard`. */
  change(id: string, guard: Partial<T>, changes: Partial<T>): Promise<Written>;
  /** The same for many at once: how many were changed. Which ones is read again. */
  changeMany(changes: readonly { id: string; guard: Partial<T>; changes: Partial<T> }[]): Promise<number>;
  delete(id: string): Promise<void>;
  /** A thousand at most go in one command. */
  deleteMany(ids: readonly string[]): Promise<void>;
  /**
   * The first workspace after `after` (in the order of ids; '' for the first of all) that has a document with this flag; null when
   * none is left. One look-up in an index however many workspaces there are.
   */
  nextFlagged(flag: keyof T, after: string): Promise<string | null>;
  /** Of all workspaces: what somebody should look at by now. */
  due(nowMs: number, limit: number): Promise<T[]>;
}

/**
 * News that documents hold and the filer has not filed yet. A document that left news is marked by the write that left it, so that it
 * is found without asking each.
 */
export interface NewsStore {
  /** The first workspace after `after` (in the order of ids; '' for the first of all) with news to file; null when none is left. */
  nextWorkspace(after: string): Promise<string | null>;
  /** Of some hundred documents at most; `more`: there may be others. Empty when everything is filed. */
  unfiled(workspaceId: string): Promise<{ unfiled: Unfiled[]; more: boolean }>;
  /** The news of each subject up to `newsSeq` is filed: it leaves its document and is never told as unfiled again. */
  markFiled(filed: readonly Pick<Event, 'subject' | 'newsSeq'>[]): Promise<void>;
  /**
   * Inserts events in their order up to the first whose id is taken, and says how many. Who gets fewer than all was overtaken by
   * another filer.
   */
  append(events: readonly Event[]): Promise<number>;
}

export interface Store {
  workspaces: Documents<Workspace>;
  dues: Documents<Due>;
  connections: Documents<Connection>;
  accountClaims: Documents<AccountClaim>;
  locations: Documents<Location>;
  variants: Documents<Variant>;
  offers: Documents<OfferRecord>;
  listings: Documents<Listing>;
  orders: Documents<Order>;
  orderBodies: Documents<OrderBody>;
  legs: Documents<Leg>;
  shipments: Documents<Shipment>;
  returns: Documents<Return>;
  levels: Documents<StockLevel>;
  movements: Documents<Movement>;
  foldedMovements: Documents<FoldedMovement>;
  approvals: Documents<ApprovalRecord>;
  charges: Documents<ChargeRecord>;
  postings: Documents<Posting>;
  exceptions: Documents<ExceptionRecord>;
  rates: Documents<Rate>;
  tradeLists: Documents<TradeListRecord>;
  tradeListParts: Documents<TradeListPart>;
  inbox: Documents<InboxItem>;
  apiKeys: Documents<ApiKey>;
  answers: Documents<StoredAnswer>;
  tokens: Documents<SealedToken>;
  taxClaims: Documents<TaxClaim>;
  cases: Documents<CaseFile>;
  retentionRuns: Documents<RetentionRun>;
  restores: Documents<RestoreRecord>;
  restoreChecks: Documents<RestoreCheck>;
  events: Documents<Event>;
  eventChains: Documents<EventChain>;
  erasures: Documents<Erasure>;
  setAside: Documents<SetAside>;
  news: NewsStore;
  /** Every workspace in turn, for the product's own clockwork. */
  allWorkspaces(page: { after?: string; limit: number }): Promise<Workspace[]>;
  /** The one look-up without a workspace: a webhook's address names a connection and nothing else. */
  findConnection(id: string): Promise<Connection | null>;
  /** True when a write reaches the disk. */
  ready(): Promise<boolean>;
  close(): Promise<void>;
}

/** The host of the connectors: it alone opens credentials. */
export interface Gateway {
  call<V extends Verb>(connection: Connection, verb: V, input: Input<V>): Promise<Output<V>>;
  /** Whether the connection's system can do this. */
  can(connection: Pick<Connection, 'connectorId'>, verb: Verb): boolean;
  /** What a connector is; throws `rejected` where there is none of this id. */
  manifest(connectorId: string): Manifest;
  /** An envelope for `Connection.credentials`; throws `invalid` with the fields in `safe.fields` when they do not fit. */
  sealCredentials(workspaceId: string, connectionId: string, connectorId: string, credentials: unknown): string;
  /** Settings as the connector's manifest parses them; throws `invalid` like `sealCredentials`. */
  readSettings(connectorId: string, settings: unknown): Record<string, unknown>;
  /** Which account credentials and settings lead to, where that is known without asking the vendor; null where it is not. */
  identityOf(connection: Connection): string | null;
  /** An envelope for `Connection.webhookSecret` with a new secret. */
  mintWebhookSecret(workspaceId: string, connectionId: string): string;
  /** How incoming webhooks are verified and read; throws `rejected` where the connector has none. */
  webhooks(connection: Connection): {
    manifest: Manifest;
    webhooks: Webhooks<Record<string, unknown>>;
    secret(): string;
  };
  /** The credentials for a person's eyes: every secret masked. */
  shown(connection: Connection): Record<string, unknown>;
}

export interface Log {
  info(facts: Record<string, unknown>, message: string): void;
  warn(facts: Record<string, unknown>, message: string): void;
  error(facts: Record<string, unknown>, message: string): void;
}

/** The ECB's files: the newest day, the last ninety days, every day since 1999. */
export type EcbFile = 'daily' | '90_days' | 'all';

/** Where exchange rates come from and how old they may be. */
export interface RatesPort {
  /** `off`: nothing is fetched; rates are imported and typed. */
  source: 'ecb' | 'off';
  /** A rate older than this, in days, converts nothing. */
  maxAgeDays: number;
  /** The file as it came. Throws `unavailable`, `contract` or `rejected`. */
  read(file: EcbFile): Promise<string>;
}

/** Facts that every step reads, up to a second old. */
export interface Cached {
  connection(workspaceId: string, connectionId: string): Promise<Connection | null>;
  connectionsOf(workspaceId: string, role: Connection['role']): Promise<readonly Connection[]>;
  workspace(workspaceId: string): Promise<Workspace | null>;
  openCases(workspaceId: string): Promise<readonly CaseFile[]>;
  /** Steps that failed for good and are open, as JSON, by the id of the exception; the first thousand. */
  failedSteps: { (workspaceId: string): Promise<ReadonlyMap<string, string>>; forget(workspaceId: string): void };
  /** Steps that this process has done and is still to look at once more, by workspace and by the id of the exception that each would have. */
  doneSteps: Map<string, Map<string, DoneStep>>;
}

export interface DoneStep {
  job: string;
  subjectId: string;
  /** The step as JSON, as an exception of it holds it. */
  retry: string;
  atMs: number;
}

export interface Ports {
  store: Store;
  cached: Cached;
  gateway: Gateway;
  rates: RatesPort;
  /** How a name in Chinese characters reads in Latin letters, for the screening of parties. */
  romaniseHan: RomaniseHan;
  clock: Clock;
  /** Milliseconds since the epoch as the machine tells them: of what is bound to people and their devices, not to business. */
  realTime: { now(): number };
  retention: Retention;
  /** Signs with the installation's key; texts signed with an older key of its ring are still known. */
  signer: { sign(text: string): string; isSigned(text: string, signature: string): boolean };
  log: Log;
  /** Counts what whoever watches the product wants to know and no document tells. */
  meter: { orderReadAgain(connectorId: string): void };
  /** How far ahead, in clock time, a thing is due again if the step that should move it is lost: half a minute of real time. */
  grace(): number;
  /** The version of the product. */
  version: string;
}
