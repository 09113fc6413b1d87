import { expect } from 'vitest';
import type { Ports, Store } from '#app/ports.ts';
import { applyStock, type ShelfOp } from '#app/stock/apply.ts';
import { manualClock } from '#domain/clock.ts';
import { available, levelId, type StockLevel, type StockOp, type StockOutcome } from '#domain/stock.ts';
import { openStore } from '#store/store.ts';
import { portsOn } from './ports.ts';
import { freshDatabase } from './servers.ts';

/** Three processes' worth of connections to one database. */
const WORKERS = 3;
export const LOCATION = 'main';

const clock = manualClock();
/** The ports of a process that has nothing but a store. */
export const portsOf = (store: Store): Ports => portsOn(store, clock);

export const on = (sku: string, op: StockOp): ShelfOp => ({ location: LOCATION, sku, op });
export const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);

/** The use case, with ids that no other test's workspace has: outside tests they follow from orders, legs and packages. */
export const count = async (ports: Ports, ws: string, ops: readonly ShelfOp[]): Promise<Map<string, StockOutcome>> => {
  const own = ops.map((shelf) => ({ ...shelf, op: { ...shelf.op, id: `${ws} ${shelf.op.id}` } }));
  return new Map([...(await applyStock(ports, ws, own))].map(([id, outcome]) => [id.slice(ws.length + 1), outcome]));
};

/** Several processes that count on the shelves of one database. */
export interface Shelves {
  /** The ports of the process with this number; they go round. */
  worker(n: number): Ports;
  /** A workspace that nobody else uses. */
  freshWorkspace(): string;
  levelOf(workspaceId: string, sku: string): Promise<StockLevel>;
  /** Holds one shelf against its laws, and its ledger in the database against its book; gives the shelf. */
  expectSound(workspaceId: string, sku: string): Promise<StockLevel>;
  close(): Promise<void>;
}

export const openShelves = async (): Promise<Shelves> => {
  const uri = freshDatabase();
  // The first makes the indexes.
  const stores = [await openStore(uri)];
  for (let n = 1; n < WORKERS; n += 1) stores.push(await openStore(uri));
  const ports = stores.map(portsOf);
  const worker = (n: number): Ports => {
    const found = ports[n % ports.length];
    if (!found) throw new Error('no store is open');
    return found;
  };
  let spaces = 0;
  const levelOf = async (workspaceId: string, sku: string): Promise<StockLevel> => {
    const level = await worker(0).store.levels.find(workspaceId, levelId(workspaceId, LOCATION, sku));
    if (!level) throw new Error(`there is no level of ${sku}`);
    return level;
  };
  return {
    worker,
    levelOf,
    freshWorkspace() {
      spaces += 1;
      return `ws_${spaces}`;
    },
    async expectSound(workspaceId, sku) {
      const level = await levelOf(workspaceId, sku);
      const ledger = await worker(1).store.movements.list(workspaceId, { sku }, { limit: 10_000 });
      expect(level.reserved).toBe(sum(level.open, (line) => line.quantity));
      expect(available(level)).toBeGreaterThanOrEqual(0);
      const keys = [...level.open, ...level.waiting].map((line) => line.key);
      expect(new Set(keys).size).toBe(keys.length);
      expect({
        onHand: sum(ledger, (m) => m.onHand),
        reserved: sum(ledger, (m) => m.reserved),
        onOrder: sum(ledger, (m) => m.onOrder),
        movements: ledger.length,
      }).toEqual({ onHand: level.onHand, reserved: level.reserved, onOrder: level.onOrder, movements: level.rev });
      return level;
    },
    close: async () => {
      await Promise.all(stores.map((store) => store.close()));
    },
  };
};
