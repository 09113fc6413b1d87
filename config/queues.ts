/** The lanes, with their share of a worker's slots. What somebody waits for is never behind bulk: each lane has slots of its own. */
export const QUEUES = {
  inbound: { share: 0.27 },
  orders: { share: 0.27 },
  outbound: { share: 0.4 },
  bulk: { share: 0.06 },
} as const satisfies Record<string, { share: number }>;
export type QueueName = keyof typeof QUEUES;

/**
 * A job whose worker is gone is taken over after lock + stalled interval. BullMQ's defaults take 59 s (measured); these about 3.7 s.
 */
export const LOCK = { lockDurationMs: 3_500, stalledIntervalMs: 500, maxStalledCount: 10 } as const;
