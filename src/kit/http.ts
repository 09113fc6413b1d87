import type { z } from 'zod';

/** What one call to the vendor looks like. The path is appended to the connection's base URL; it never replaces its host. */
export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  query?: Readonly<Record<string, string | number | boolean | undefined>>;
  headers?: Readonly<Record<string, string>>;
  /** At most one of these three. */
  json?: unknown;
  form?: Readonly<Record<string, string>>;
  text?: { body: string; type: string };
  /**
   * True when the call writes and the vendor gives no protection against a second one. When its outcome is lost
   * (time-out, reset, 5xx after sending) the failure is `outcome_unknown` instead of `unavailable`.
   */
  unsafe?: boolean;
  /** What the call costs in each named limit of the manifest, beyond one request: points, rows. Default 1. */
  cost?: Readonly<Record<string, number>>;
  /** `latin1` gives the answer's bytes one to a character, for a file whose encoding the connector has to find out itself. */
  encoding?: 'latin1';
  /** Leave out the connection's signing, for the call that fetches a token. */
  unsigned?: boolean;
  timeoutMs?: number;
}

export interface Answer {
  status: number;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  text: string;
  /** The body as JSON, in which a whole number beyond 2^53 is the text of its digits; undefined where it is none, and where it is nested too deep to be read. Parsed once, when first asked for. */
  body(): unknown;
  /** The body parsed by `schema`. Throws `contract` when it does not fit, naming the path, or is nested too deep. */
  json<T>(schema: z.ZodType<T>): T;
}

/**
 * The only way out of the process for a connector: signs, waits for its turn in the shared limits, sends once, checks the
 * egress filter, classifies what comes back. It answers for 2xx only; everything else is thrown as a Failure. It never retries.
 */
export interface Http {
  send(call: Call): Promise<Answer>;
}
