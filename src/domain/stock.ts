import { z } from 'zod';
import { Failure } from './failure.ts';

/**
 * What happens on a shelf. Each operation has an id and counts once. `adjust` may take the book below what is reserved: a
 * count is a count; what is then missing is bought or made like any other shortage.
 */
export type StockOp =
  | { kind: 'opening' | 'adjust' | 'return'; id: string; quantity: number; reference: string }
  /** Goods in, from a purchase or a factory; `expected` takes that much off what is on its way. */
  | { kind: 'receipt'; id: string; quantity: number; expected: number; reference: string }
  /** More is on its way, or less. */
  | { kind: 'expect'; id: string; quantity: number; reference: string }
  /**
   * Holds units for one order line, whole or not at all; when short, it waits in turn if `wait`. Once the operation `unless` was counted
   * it holds nothing any more.
   */
  | {
      kind: 'reserve';
      id: string;
      unless?: string;
      key: string;
      orderId: string;
      quantity: number;
      wait: boolean;
      atMs: number;
      reference: string;
    }
  /**
   * Gives back held or waited-for units of a line; more than there are gives back all. `last`: it counts also where there is nothing to
   * give back, so that what comes after it knows.
   */
  | { kind: 'release'; id: string; key: string; quantity: number; reference: string; last?: boolean }
  /** Made for one order line: in, and held for it at once; the line then waits for the shelf no more. */
  | { kind: 'make'; id: string; key: string; orderId: string; quantity: number; reference: string }
  /** What the owner of the shelf says is there, where the owner counts and not we. */
  | { kind: 'observe'; id: string; quantity: number; reference: string }
  /** Held units leave the shelf. */
  | { kind: 'ship'; id: string; key: string; quantity: number; reference: string };

/** What a movement of the ledger came from. */
export const MOVEMENT_KINDS = [
  'opening',
  'adjust',
  'return',
  'receipt',
  'expect',
  'reserve',
  'release',
  'make',
  'observe',
  'ship',
] as const satisfies readonly StockOp['kind'][];
/** What a person may count in by hand. */
export const COUNTED_KINDS = ['opening', 'adjust', 'receipt', 'return'] as const satisfies readonly StockOp['kind'][];

/** What one operation did to one shelf. */
export const Movement = z.object({
  _id: z.string(),
  workspaceId: z.string(),
  location: z.string(),
  sku: z.string(),
  kind: z.enum(MOVEMENT_KINDS),
  onHand: z.number(),
  reserved: z.number(),
  onOrder: z.number(),
  reference: z.string(),
  atMs: z.number(),
  /** The revision of the shelf that counted it. Absent on movements of version 0.1.0. */
  rev: z.number().exactOptional(),
  /**
   * Of the opening movement that stands for older ones: how many it stands for, and those among them that are perhaps still in the
   * ledger beside it. A sum over the ledger leaves these out.
   */
  folded: z.number().exactOptional(),
  folding: z.array(z.string()).exactOptional(),
});
export type Movement = z.infer<typeof Movement>;

/** One SKU on one shelf. `onHand` is the sum of its movements, `reserved` the sum of `open`. */
export const StockLevel = z.object({
  _id: z.string(),
  workspaceId: z.string(),
  location: z.string(),
  sku: z.string(),
  onHand: z.number(),
  reserved: z.number(),
  onOrder: z.number(),
  /** Order lines that hold units, with their order, so that it can go on when they come to hold them. */
  open: z.array(z.object({ key: z.string(), orderId: z.string(), quantity: z.number() })),
  /** Order lines that wait for units, first come first served. */
  waiting: z.array(z.object({ key: z.string(), orderId: z.string(), quantity: z.number(), atMs: z.number() })),
  /** Movements that are counted here and not yet seen in the ledger. */
  journal: z.array(Movement),
  /** Grows with every change: the guard of the compare-and-set. */
  rev: z.number(),
  /** Orders wait for units. */
  short: z.boolean(),
  /** The position below which the refill rule had something to order when it last looked; null: at none. */
  refillBelow: z.number().nullable(),
  /** There may be something to order, or there is another number to sell than when publishing last looked. */
  toRefill: z.boolean(),
  toPublish: z.boolean(),
  /** When something else than stock, an offer for one, last asked for that look. */
  askedAtMs: z.number(),
  updatedAtMs: z.number(),
  /** Real time since when movements of this shelf may be folded: what counts here asks for the folded ones too. Absent: never. */
  foldsSinceMs: z.number().exactOptional(),
});
export type StockLevel = z.infer<typeof StockLevel>;

/** A movement that was folded: its operation stays known as counted for ever. */
export const FoldedMovement = z.object({
  _id: z.string(),
  workspaceId: z.string(),
  onHand: z.number(),
});
export type FoldedMovement = z.infer<typeof FoldedMovement>;

export const levelId = (workspaceId: string, location: string, sku: string): string =>
  `${workspaceId}|${location}|${sku}`;

export const emptyLevel = (workspaceId: string, location: string, sku: string): StockLevel => ({
  _id: levelId(workspaceId, location, sku),
  workspaceId,
  location,
  sku,
  onHand: 0,
  reserved: 0,
  onOrder: 0,
  open: [],
  waiting: [],
  journal: [],
  rev: 0,
  short: false,
  // No rule has looked yet: it will, whatever happens first.
  refillBelow: Number.MAX_SAFE_INTEGER,
  toRefill: false,
  // A storefront may show another number than none.
  toPublish: true,
  askedAtMs: 0,
  updatedAtMs: 0,
});

/** Units that may be promised: never below zero, whatever the book says. */
export const available = (level: StockLevel): number => Math.max(0, level.onHand - level.reserved);
export const waitingUnits = (level: StockLevel): number => level.waiting.reduce((a, w) => a + w.quantity, 0);
/** What is free and on its way, less what is waited for: below zero when orders need more than is coming. */
export const position = (level: StockLevel): number =>
  level.onHand - level.reserved - waitingUnits(level) + level.onOrder;

/** Hands free units to those who wait, in turn; a line that does not fit holds back nobody behind it. */
const serveWaiting = (level: StockLevel): StockLevel => {
  let free = level.onHand - level.reserved;
  const open = [...level.open];
  const waiting: StockLevel['waiting'] = [];
  let reserved = level.reserved;
  for (const line of [...level.waiting].sort((a, b) => a.atMs - b.atMs || (a.key < b.key ? -1 : 1))) {
    if (line.quantity <= free) {
      free -= line.quantity;
      reserved += line.quantity;
      open.push({ key: line.key, orderId: line.orderId, quantity: line.quantity });
    } else waiting.push(line);
  }
  return { ...level, open, waiting, reserved };
};

export type StockOutcome = 'done' | 'held' | 'waiting' | 'short';

const without = <T extends { key: string }>(items: readonly T[], key: string): T[] =>
  items.filter((i) => i.key !== key);

/**
 * One operation on one shelf: the level after it and what came of it. Pure. Keeps, for every sequence: reserved = Σ open ≥ 0,
 * a line is held or waits but never both, and what ships was held. Whether an operation has been counted before is the
 * caller's to know (its id is in the journal or the ledger); this function counts it.
 */
export const applyStockOp = (
  level: StockLevel,
  op: StockOp,
  nowMs: number,
): { level: StockLevel; outcome: StockOutcome } => {
  const moved = (next: StockLevel): StockLevel => {
    const served = serveWaiting(next);
    const movement: Movement = {
      _id: op.id,
      workspaceId: level.workspaceId,
      location: level.location,
      sku: level.sku,
      kind: op.kind,
      onHand: served.onHand - level.onHand,
      reserved: served.reserved - level.reserved,
      onOrder: served.onOrder - level.onOrder,
      reference: op.reference,
      atMs: nowMs,
      rev: level.rev + 1,
    };
    return {
      ...served,
      journal: [...served.journal, movement],
      rev: level.rev + 1,
      short: served.waiting.length > 0,
      toRefill: level.toRefill || (level.refillBelow !== null && position(served) < level.refillBelow),
      // Goods that leave were promised before: the number to sell is the same.
      toPublish: level.toPublish || available(served) !== available(level),
      updatedAtMs: nowMs,
    };
  };
  switch (op.kind) {
    case 'opening':
    case 'adjust':
    case 'return':
      return { level: moved({ ...level, onHand: level.onHand + op.quantity }), outcome: 'done' };
    case 'receipt':
      return {
        level: moved({
          ...level,
          onHand: level.onHand + op.quantity,
          onOrder: Math.max(0, level.onOrder - op.expected),
        }),
        outcome: 'done',
      };
    case 'observe':
      return level.onHand === op.quantity
        ? { level, outcome: 'done' }
        : { level: moved({ ...level, onHand: op.quantity }), outcome: 'done' };
    case 'make': {
      const held = level.open.find((o) => o.key === op.key);
      const open = held
        ? level.open.map((o) => (o === held ? { ...o, quantity: o.quantity + op.quantity } : o))
        : [...level.open, { key: op.key, orderId: op.orderId, quantity: op.quantity }];
      return {
        level: moved({
          ...level,
          open,
          waiting: without(level.waiting, op.key),
          onHand: level.onHand + op.quantity,
          reserved: level.reserved + op.quantity,
        }),
        outcome: 'done',
      };
    }
    case 'expect':
      return { level: moved({ ...level, onOrder: Math.max(0, level.onOrder + op.quantity) }), outcome: 'done' };
    case 'reserve': {
      if (level.open.some((o) => o.key === op.key)) return { level, outcome: 'held' };
      if (level.waiting.some((w) => w.key === op.key)) return { level, outcome: 'waiting' };
      if (op.quantity <= level.onHand - level.reserved)
        return {
          level: moved({
            ...level,
            open: [...level.open, { key: op.key, orderId: op.orderId, quantity: op.quantity }],
            reserved: level.reserved + op.quantity,
          }),
          outcome: 'held',
        };
      if (!op.wait) return { level, outcome: 'short' };
      return {
        level: moved({
          ...level,
          waiting: [...level.waiting, { key: op.key, orderId: op.orderId, quantity: op.quantity, atMs: op.atMs }],
        }),
        outcome: 'waiting',
      };
    }
    case 'release': {
      const held = level.open.find((o) => o.key === op.key);
      const waits = level.waiting.find((w) => w.key === op.key);
      if (held) {
        const back = Math.min(held.quantity, op.quantity);
        const left = held.quantity - back;
        const open =
          left > 0 ? level.open.map((o) => (o === held ? { ...o, quantity: left } : o)) : without(level.open, op.key);
        return { level: moved({ ...level, open, reserved: level.reserved - back }), outcome: 'done' };
      }
      if (waits) {
        const left = waits.quantity - Math.min(waits.quantity, op.quantity);
        const waiting =
          left > 0
            ? level.waiting.map((w) => (w === waits ? { ...w, quantity: left } : w))
            : without(level.waiting, op.key);
        return { level: moved({ ...level, waiting }), outcome: 'done' };
      }
      return { level: op.last ? moved(level) : level, outcome: 'done' };
    }
    case 'ship': {
      const held = level.open.find((o) => o.key === op.key);
      if (!held || held.quantity < op.quantity)
        throw new Failure(
          'conflict',
          `${level.sku} at ${level.location}: ${held?.quantity ?? 0} held for ${op.key}, ${op.quantity} wanted`,
          {
            safe: { sku: level.sku, location: level.location, held: held?.quantity ?? 0, wanted: op.quantity },
          },
        );
      const left = held.quantity - op.quantity;
      const open =
        left > 0 ? level.open.map((o) => (o === held ? { ...o, quantity: left } : o)) : without(level.open, op.key);
      return {
        level: moved({ ...level, open, reserved: level.reserved - op.quantity, onHand: level.onHand - op.quantity }),
        outcome: 'done',
      };
    }
  }
};
