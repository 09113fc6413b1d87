import type { Router } from 'express';
import type { App } from '#app/app.ts';
import type { Gateway, Log } from '#app/ports.ts';
import type { Clock } from '#domain/clock.ts';
import type { Connection } from '#domain/connection.ts';
import type { Connector } from '#kit';
import type { Enqueue, Queues } from '#queue';

/** What the HTTP side asks of the host of the connectors: it verifies webhooks and shows credentials with their secrets masked. */
export type ConnectionHost = Pick<Gateway, 'shown' | 'webhooks'>;

export interface HttpMetrics {
  http(event: { method: string; route: string; status: number; ms: number }): void;
  webhook(event: { connector: string; outcome: string }): void;
  render(): Promise<{ contentType: string; body: string }>;
}

/** Everything the HTTP side is given by the composition root. */
export interface ServerDeps {
  app: App;
  enqueue: Enqueue;
  enqueueAll: Queues['enqueueAll'];
  connectors: ReadonlyMap<string, Connector>;
  gateway: ConnectionHost;
  /** The one look-up that knows no workspace: a webhook's address names a connection. May be a second old. */
  findConnection(id: string): Promise<Connection | null>;
  log: Log;
  metrics: HttpMetrics;
  /** Can we work: a write reaches the database, the queue answers. */
  ready(): Promise<{ ok: boolean; problems: readonly string[] }>;
  /** Random, at least 96 bits. */
  newId(): string;
  bodyLimitBytes: number;
  /** Where the outside reaches us, without a slash at its end; null where it cannot. */
  publicUrl: string | null;
  clock: Clock;
  /** Pages, mounted at `/` behind everything else. */
  console?: Router;
  /** Runs a request with its correlation id in every log line. */
  inContext?<T>(context: { correlationId: string; workspaceId?: string }, work: () => T): T;
}
