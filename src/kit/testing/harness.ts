import type { Address } from '#domain/address.ts';
import type { Clock } from '#domain/clock.ts';
import {
  type Connector,
  type Context,
  type Input,
  type Memory,
  makeClient,
  memoryLimiter,
  type Output,
  openFiles,
  operationOf,
  type Verb,
} from '#kit';
import type { SandboxDb } from './sandbox-db.ts';
import type { FaultScript } from './sandbox-server.ts';

export interface SandboxOptions {
  clock: Clock;
  db: SandboxDb;
  port?: number;
}

/** What every running sandbox offers to the contract suite, the demo, the simulator and the report. */
export interface RunningSandbox {
  url: string;
  /** Parse with the manifest's own schemas. */
  credentials: Record<string, unknown>;
  settings: Record<string, unknown>;
  faults: FaultScript;
  /**
   * Ids of the effects that this verb has had here, each once, from the sandbox's own book: orders placed for a buyer,
   * purchases taken, labels sold and not voided, packages confirmed, refunds given.
   */
  effects(
    kind: 'orders' | 'purchases' | 'labels' | 'confirmations' | 'refunds',
  ): readonly { id: string; reference: string }[];
  requests(): readonly { method: string; path: string; status: number }[];
  close(): Promise<void>;
}

/** What the contract suite needs to set the scene for a role; each is done in the sandbox, never in the connector. */
export interface Scene {
  /** storefront: `count` paid orders, the last three with the same change time; returns their external ids in order of change. */
  placeOrders?(count: number): readonly string[];
  /** storefront: a webhook of an order exactly as the vendor would send it now. */
  orderWebhook?(orderExternalId: string): { headers: Record<string, string>; body: string; secret: string };
  /** storefront: the listings there are, by external variant id, with the quantity shown. */
  shownQuantity?(externalInventoryId: string): number | null;
  /** supplier: `count` items in stock; returns the external SKUs. */
  stockItems?(count: number): readonly string[];
  /** supplier and logistics: lets the vendor get on with it (accept, ship, deliver) as its clock would. */
  progress?(reference: string): void;
}

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
  }[];
  /** Shipping has no quantity; custom lines and fees stand as their total. */
  charges: readonly {
    key: string;
    kind: 'shipping' | 'custom' | 'fee';
    code: string;
    title: string;
    totalMinor: number;
  }[];
  note: string;
}

/** What people do at the storefront itself: its shop window and its own back office. All idempotent by reference. */
export interface StorefrontWorld {
  addListing(listing: { sku: string; title: string; price: string; quantity: number }): { externalVariantId: string };
  /** Stores a paid order and sends the webhooks that the vendor would, in one transaction. */
  placeOrder(order: PlacedOrder): { externalId: string };
  /** A refund of part of one line made in the storefront's back office, with its webhooks. */
  refund(refund: {
    orderReference: string;
    reference: string;
    lineKey: string;
    quantity: number;
    totalMinor: number;
    atMs: number;
  }): { externalId: string };
  /** Webhooks accepted but not yet delivered, and those delivered or given up. */
  webhooks(): { waiting: number; ok: number; dropped: number };
}

/** What happens at a supplier beside its API. Orders move on by themselves as the clock does. */
export interface SupplierWorld {
  addItem(item: { externalSku: string; title: string; unitCost: string; quantity: number }): void;
}

export interface Harness {
  /** The requests that have the effect of a verb at this vendor, where “any POST” is too wide. */
  writes?: Partial<Record<Verb, { method: string; path?: RegExp; body?: RegExp }>>;
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
  /** Everything the operations logged, as text. */
  logged(): string;
}

/** Runs a connector's operations over its real HTTP client against `target`, with the limits of its manifest. */
export const hostConnector = (
  connector: Connector,
  target: { credentials: Record<string, unknown>; settings: Record<string, unknown> },
  clock: Clock,
  timeoutMs = 2_000,
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
      limiter: memoryLimiter(clock),
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
  return {
    async call(verb, input) {
      const operation = operationOf(connector, verb);
      if (!operation) throw new Error(`${manifest.id} has no ${verb}`);
      return operation(context, input);
    },
    logged: () => lines.join('\n'),
  };
};
