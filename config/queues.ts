/**
 * The queue lanes and their share of a worker's slots. Each lane has slots of its own, so that interactive work never
 * waits behind bulk work.
 */
export const QUEUES = {
  inbound: { share: 0.27 },
  orders: { share: 0.27 },
  outbound: { share: 0.4 },
  bulk: { share: 0.06 },
} as const satisfies Record<string, { share: number }>;
export type QueueName = keyof typeof QUEUES;

/**
 * Another worker takes over the job of a dead worker after lock + stalled interval: about 3.7 s with these values, 59 s
 * with BullMQ's defaults (both measured).
 */
export const LOCK = { lockDurationMs: 3_500, stalledIntervalMs: 500, maxStalledCount: 10 } as const;
