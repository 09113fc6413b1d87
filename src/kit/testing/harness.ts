import { isDeepStrictEqual } from 'node:util';
import type { Address } from '#domain/address.ts';
import type { Clock } from '#domain/clock.ts';
import type { IncomingOrder } from '#domain/incoming-order.ts';
import {
  type Connector,
  type Context,
  type Input,
  type Limiter,
  type LineFacts,
  type Memory,
  makeClient,
  memoryLimiter,
  type OrderFacts,
  type OrderRead,
  type Output,
  openFiles,
  operationOf,
  type Verb,
} from '#kit';
import type { SandboxDb } from './sandbox-db.ts';
import type { FaultScript, SandboxTls } from './sandbox-server.ts';

export interface SandboxOptions {
  clock: Clock;
  db: SandboxDb;
  port?: number;
  /** It listens with TLS here too; 0 is any port that is free. */
  tlsPort?: number;
}

export type Effect =
  | 'orders'
  | 'purchases'
  | 'payments'
  | 'labels'
  | 'confirmations'
  | 'refunds'
  | 'cancellations'
  | 'voids';

/** What every running sandbox offers to the contract suite, the demo, the simulator and the report. */
export interface RunningSandbox {
  url: string;
  /** Where `tlsPort` was asked for; absent at a sandbox that has no http. */
  tls?: SandboxTls | undefined;
  /** Parse with the manifest's own schemas. */
  credentials: Record<string, unknown>;
  settings: Record<string, unknown>;
  faults: FaultScript;
  /**
   * Ids of the effects that this verb has had here, each once, from the sandbox's own book: orders placed for a buyer,
   * purchases taken, purchases paid after they were taken, labels sold and not voided, packages confirmed, refunds given, orders and purchases cancelled, labels
   * given back.
   */
  effects(kind: Effect): readonly { id: string; reference: string }[];
  requests(): readonly { method: string; path: string; status: number }[];
  /**
   * What the credentials may do from now on, in the vendor's own words (scopes; `read`, `write` or `read_write`), as its back office
   * would say it. Default everything. Absent where the vendor knows no rights.
   */
  grant?(rights: readonly string[]): void;
  /** Credentials of other accounts at this vendor, where one address serves several. */
  others?: Readonly<Record<string, Record<string, unknown>>>;
  close(): Promise<void>;
}

/** What the contract suite needs to set the scene for a role; each is done in the sandbox, never in the connector. */
export interface Scene {
  /** storefront: `count` paid orders, the last three with the same change time; returns their external ids in order of change. */
  placeOrders?(count: number): readonly string[];
  /** storefront: a webhook of an order exactly as the vendor would send it now. */
  orderWebhook?(orderExternalId: string): SentWebhook;
  /** storefront: the listings there are, by external variant id, with the quantity shown. */
  shownQuantity?(externalInventoryId: string): number | null;
  /** supplier: `count` items in stock; returns the external SKUs. */
  stockItems?(count: number): readonly string[];
  /** supplier and logistics: lets the vendor get on with it (accept, ship, deliver) as its clock would. */
  progress?(reference: string): void;
  /** supplier: a webhook of a shipped purchase order exactly as the vendor would send it now. */
  purchaseWebhook?(reference: string): SentWebhook;
  /** logistics: a webhook of a parcel that moved, under the label's reference, exactly as the vendor would send it now. */
  trackingWebhook?(reference: string): SentWebhook;
  /**
   * storefront: a read that soon uses up what the vendor allows; absent where the connection check does. The contract suite
   * proves with it that the vendor's limit is there to be honoured.
   */
  costlyRead?: { verb: 'orders.pull'; input: Input<'orders.pull'> };
}

export interface SentWebhook {
  headers: Record<string, string>;
  body: string;
  secret: string;
}

/** How an order may stand when it is placed. A sandbox whose vendor has no such state refuses it. */
export type PlacedState =
  | 'pending'
  | 'on_hold'
  | 'authorised'
  | 'partly_paid'
  | 'paid'
  | 'failed'
  | 'voided'
  | 'expired';

/** An order as a buyer places it at a storefront: what the demo and the simulator hand over. */
export interface PlacedOrder {
  /** The merchant's number for it. The same reference twice places one order. */
  reference: string;
  placedAtMs: number;
  currency: string;
  buyer: { id: string | null; name: string; email: string };
  shipTo: Address | null;
  lines: readonly {
    key: string;
    sku: string;
    title: string;
    quantity: number;
    unitPrice: string;
    totalMinor: number;
    /** Default true. */
    requiresShipping?: boolean;
    giftCard?: boolean;
    /** What is said of it beside goods and money; a discount follows from its total. */
    facts?: Partial<Pick<LineFacts, 'taxMinor' | 'attributes'>>;
  }[];
  /** Shipping has no quantity; custom lines, tips and fees stand as their total. */
  charges: readonly {
    key: string;
    kind: 'shipping' | 'custom' | 'fee' | 'tip';
    code: string;
    title: string;
    totalMinor: number;
  }[];
  note: string;
  /** Default: paid whole when it is placed, by bank transfer. `paidMinor` is for `partly_paid`. */
  payment?: { state: PlacedState; method?: string; paidMinor?: number };
  /** Default: where it is sent to. */
  billTo?: Address | null;
  test?: boolean;
  risk?: IncomingOrder['risk'];
  /** What is said beside goods and money: what the vendor has no field for is refused. The shipping method follows from the charges. */
  facts?: Partial<Omit<OrderFacts, 'shippingMethod'>>;
}

/** An order of the shop by the merchant's number, and when somebody does something to it; default now. */
export interface OfOrder {
  orderReference: string;
  atMs?: number;
}

/** What the storefront was told of a package at one time. A package may be told of in several parts under its tracking number. */
export interface ToldPart {
  orderExternalId: string;
  /** The tracking number; empty for none. */
  tracking: string;
  lines: readonly { lineExternalId: string; quantity: number }[];
}

/**
 * What people do at the storefront itself: its shop window and its own back office. Placing and refunding are idempotent by
 * reference. A change sends the webhooks that the vendor would and moves the order's time of change as the vendor does;
 * one that the vendor does not have, or refuses in the order's state, throws.
 */
export interface StorefrontWorld {
  addListing(listing: {
    sku: string;
    title: string;
    price: string;
    quantity: number;
    /** Default: no. A sandbox whose connector does not read it forgets it. */
    sellsWithoutStock?: boolean;
    /** What the merchant has entered of the thing; a sandbox whose connector does not read it forgets it. */
    facts?: { weightGrams?: number; origin?: string; hsCode?: string; gtin?: string };
  }): { externalVariantId: string };
  /** Stores an order and sends the webhooks that the vendor would, in one transaction. */
  placeOrder(order: PlacedOrder): { externalId: string };
  /** A refund made in the storefront's back office: of part of one line, or of money alone where no line is named. */
  refund(refund: {
    orderReference: string;
    reference: string;
    lineKey?: string;
    quantity?: number;
    totalMinor: number;
    restock?: boolean;
    /** Made by the payment gateway: at WooCommerce it leaves the order's time of change, and its own list of refunds, as they were. */
    byGateway?: boolean;
    atMs: number;
  }): { externalId: string };
  /** The buyer pays what is open, or `amountMinor` of it. */
  pay(change: OfOrder & { amountMinor?: number }): void;
  /** The money that was authorised is taken. */
  capture(change: OfOrder): void;
  /** The authorisation is given up. */
  void(change: OfOrder): void;
  /** Nobody paid, or nobody took the money, in time. */
  expire(change: OfOrder): void;
  /** The payment is refused. */
  fail(change: OfOrder): void;
  /** The merchant stops the order for now: until a time where the vendor knows one, else until it is released. */
  hold(change: OfOrder & { reason?: string; note?: string; untilMs?: number }): void;
  release(change: OfOrder): void;
  /** The merchant cancels it; `refund` also gives back what was paid. */
  cancel(change: OfOrder & { restock?: boolean; refund?: boolean }): void;
  /** The merchant changes how many of a line are wanted; 0 takes the line off. */
  edit(change: OfOrder & { lineKey: string; quantity: number }): void;
  changeAddress(change: OfOrder & { shipTo: Address | null; billTo?: Address | null }): void;
  /** The merchant ships it without us: these units, or all that are left. */
  fulfil(change: OfOrder & { lines?: readonly { lineKey: string; quantity: number }[]; tracking?: string }): void;
  /** The shop's advice on fraud comes, or changes. */
  assessRisk(change: OfOrder & { risk: IncomingOrder['risk'] }): void;
  /** Everything that the shop was told of packages, from its own books. */
  told(): readonly ToldPart[];
  /** Webhooks accepted but not yet delivered, and those delivered or given up. */
  webhooks(): { waiting: number; ok: number; dropped: number };
}

/** What happens at a supplier beside its API. Orders move on by themselves as the clock does. */
export interface SupplierWorld {
  addItem(item: { externalSku: string; title: string; unitCost: string; quantity: number }): void;
  /** The merchant pays a purchase order at the supplier's own site. Absent where a supplier has no such thing, as below. */
  pay?(purchase: { reference: string }): void;
  /** What the merchant has left there to pay with, in the supplier's currency. */
  setBalance?(balance: { amount: string }): void;
  /** The supplier cancels it, or the merchant at the supplier's own site. */
  cancel?(purchase: { reference: string }): void;
  /** It leaves now, not when the clock says so. */
  ship?(purchase: { reference: string }): void;
  /** The supplier fulfils it as several orders of its own, each with a parcel: of its units the first, and those that are left. */
  split?(purchase: { reference: string }): void;
  /** What has left goes on under another tracking number. */
  retrack?(purchase: { reference: string; number: string }): void;
}

export interface Harness {
  /** The requests that have the effect of a verb at this vendor, where “any POST” is too wide. */
  writes?: Partial<Record<Verb, { method: string; path?: RegExp; body?: RegExp }>>;
  /** supplier: settings under which a purchase order can still be taken back once it is placed. */
  cancellable?: { settings: Record<string, unknown> };
  /** supplier: settings under which a purchase order is taken down and waits for its payment. */
  unpaid?: { settings: Record<string, unknown> };
  start(
    options: SandboxOptions,
  ): Promise<RunningSandbox & { scene: Scene; storefront?: StorefrontWorld; supplier?: SupplierWorld }>;
}

/** A memory of one process: what the product keeps in its database, for tests and tools. */
export const processMemory = (clock: Clock): Memory => {
  const values = new Map<string, { value: string; expiresAtMs: number }>();
  const making = new Map<string, Promise<string>>();
  return {
    async once(key, make) {
      const known = values.get(key);
      if (known && known.expiresAtMs > clock.now()) return known.value;
      const running = making.get(key);
      if (running) return running;
      const promise = make()
        .then((made) => {
          values.set(key, made);
          return made.value;
        })
        .finally(() => making.delete(key));
      making.set(key, promise);
      return promise;
    },
    async forget(key) {
      values.delete(key);
    },
  };
};

export interface Host {
  call<V extends Verb>(verb: V, input: Input<V>): Promise<Output<V>>;
  /** One order, read now. Throws when the body that came with it, kept as JSON, is read as another order. */
  order(externalId: string): Promise<IncomingOrder>;
  /** The same check of orders that are read already. */
  orders(read: readonly OrderRead[]): Promise<IncomingOrder[]>;
  /** Everything the operations logged, as text. */
  logged(): string;
}

/** Runs a connector's operations over its real HTTP client against `target`, with the limits of its manifest. */
export const hostConnector = (
  connector: Connector,
  target: { credentials: Record<string, unknown>; settings: Record<string, unknown> },
  clock: Clock,
  // Real time: a busy machine is slow, and only a call that is meant to hang should come to this.
  timeoutMs = 10_000,
  limiter: Limiter = memoryLimiter(clock),
): Host => {
  const manifest = { ...connector.manifest, http: { ...connector.manifest.http, timeoutMs } };
  const credentials = manifest.credentials.parse(target.credentials);
  const settings = manifest.settings.parse(target.settings);
  const lines: string[] = [];
  const context: Context<Record<string, unknown>, Record<string, unknown>> = {
    http: makeClient({
      manifest,
      credentials,
      settings,
      limiter,
      clock,
      onCall: (event) => lines.push(JSON.stringify(event)),
    }),
    files: (work) => openFiles(manifest.files?.({ credentials, settings }) ?? null, work, { timeoutMs }),
    credentials,
    settings,
    clock,
    memory: processMemory(clock),
    log: (event, facts) => lines.push(JSON.stringify({ event, ...facts })),
  };
  const call = async <V extends Verb>(verb: V, input: Input<V>): Promise<Output<V>> => {
    const operation = operationOf(connector, verb);
    if (!operation) throw new Error(`${manifest.id} has no ${verb}`);
    return operation(context, input);
  };
  const orders = async (read: readonly OrderRead[]): Promise<IncomingOrder[]> => {
    for (const { order, body } of read) {
      const again = await call('orders.read', { body: JSON.parse(JSON.stringify(body)) });
      if (!isDeepStrictEqual(again, order))
        throw new Error(`the body of order ${order.externalId} reads as another order`);
    }
    return read.map(({ order }) => order);
  };
  return {
    call,
    orders,
    async order(externalId) {
      const [order] = await orders([await call('orders.get', { externalId })]);
      if (!order) throw new Error(`order ${externalId} was not read`);
      return order;
    },
    logged: () => lines.join('\n'),
  };
};
