import { AsyncLocalStorage } from 'node:async_hooks';

/** What every log line of one request or job carries. */
export interface LogContext {
  correlationId: string;
  workspaceId?: string;
}

const storage = new AsyncLocalStorage<LogContext>();

/** Runs `work`, and everything it starts, with this context; inside another it adds to it. */
export const withContext = <T>(context: Partial<LogContext> & { correlationId: string }, work: () => T): T =>
  storage.run({ ...storage.getStore(), ...context }, work);

export const currentContext = (): LogContext | undefined => storage.getStore();
