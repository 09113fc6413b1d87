/**
 * What each failure code means for retries, and who has to act. One row per code; nothing else decides about retries.
 */
export const FAILURES = {
  unavailable: { retry: 'backoff', owner: 'vendor', http: 503, title: 'The other system cannot be reached' },
  rate_limited: { retry: 'later', owner: 'vendor', http: 429, title: 'The other system asks us to slow down' },
  paused: {
    retry: 'later',
    owner: 'merchant',
    http: 409,
    title: 'The connection is paused, or not live yet',
  },
  unauthorised: { retry: 'later', owner: 'merchant', http: 401, title: 'The credentials are refused' },
  forbidden: { retry: 'never', owner: 'merchant', http: 403, title: 'Not allowed' },
  rejected: { retry: 'never', owner: 'merchant', http: 422, title: 'The request is refused' },
  invalid: { retry: 'never', owner: 'caller', http: 400, title: 'The input is not valid' },
  not_found: { retry: 'never', owner: 'caller', http: 404, title: 'Not found' },
  no_row: { retry: 'never', owner: 'caller', http: 422, title: 'No rule is on file for this' },
  conflict: { retry: 'never', owner: 'caller', http: 409, title: 'In conflict with the present state' },
  contract: {
    retry: 'never',
    owner: 'crossdock',
    http: 502,
    title: 'The other system answered in a shape we do not know',
  },
  outcome_unknown: {
    retry: 'probe',
    owner: 'crossdock',
    http: 504,
    title: 'It is not known whether the call took effect',
  },
  bug: { retry: 'never', owner: 'crossdock', http: 500, title: 'An error of our own' },
} as const satisfies Record<
  string,
  { retry: 'backoff' | 'later' | 'never' | 'probe'; owner: string; http: number; title: string }
>;

export type FailureCode = keyof typeof FAILURES;

export interface FailureOptions {
  /** Details that may be shown to the outside, besides the title. Everything else stays in our log. */
  safe?: Record<string, unknown>;
  /** How long the vendor asked us to wait, in milliseconds of the shared clock. */
  retryAfterMs?: number;
  /** It is certain that nothing was changed outside: the call was not sent, or only asked. Default false. */
  nothingDone?: boolean;
  cause?: unknown;
}

/**
 * The error of this code base and its only class. The code's row in FAILURES says who has to act and whether to retry.
 */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly safe: Record<string, unknown>;
  readonly retryAfterMs: number | null;
  readonly nothingDone: boolean;

  constructor(code: FailureCode, message: string, options: FailureOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Failure';
    this.code = code;
    this.safe = options.safe ?? {};
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.nothingDone = options.nothingDone ?? false;
  }
}

export const isFailure = (error: unknown, ...codes: FailureCode[]): error is Failure =>
  error instanceof Failure && (codes.length === 0 || codes.includes(error.code));

/** The same failure, thrown at the same place, with other facts about it. */
export const failureWith = (failure: Failure, changes: FailureOptions): Failure => {
  const { code, message, safe, retryAfterMs, nothingDone, cause, stack } = failure;
  const next = new Failure(code, message, {
    safe,
    nothingDone,
    cause,
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
    ...changes,
  });
  if (stack !== undefined) next.stack = stack;
  return next;
};

/** Turns anything thrown into a Failure. Whatever is not one already becomes a `bug`. */
export const toFailure = (error: unknown): Failure =>
  error instanceof Failure
    ? error
    : new Failure('bug', error instanceof Error ? error.message : String(error), { cause: error });

/** A rule that well-formed input breaks: 422, with the field and what is wrong with it in words. */
export const badValue = (field: string, reason: string, facts: Readonly<Record<string, unknown>> = {}): Failure =>
  new Failure('rejected', `${field}: ${reason}`, { safe: { ...facts, field, reason } });
