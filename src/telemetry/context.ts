import { AsyncLocalStorage } from 'node:async_hooks';

/** The facts on every log line of one request or job. */
export interface LogContext {
  correlationId: string;
  workspaceId?: string;
}

const storage = new AsyncLocalStorage<LogContext>();

/** Runs `work`, and everything it starts, with this context. Nested contexts are merged. */
export const withContext = <T>(context: Partial<LogContext> & { correlationId: string }, work: () => T): T =>
  storage.run({ ...storage.getStore(), ...context }, work);

export const currentContext = (): LogContext | undefined => storage.getStore();
