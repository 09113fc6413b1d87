/** Who has to act on a failure, and what the machinery does with it. One row a code; nothing else decides about retries. */
export const FAILURES = {
  unavailable: { retry: 'backoff', owner: 'vendor', http: 503, title: 'The other system cannot be reached' },
  rate_limited: { retry: 'later', owner: 'vendor', http: 429, title: 'The other system asks us to slow down' },
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
  /** What the outside may be told beyond the title. Anything else stays in our log. */
  safe?: Record<string, unknown>;
  /** How long the vendor asked us to wait, in milliseconds of the shared clock. */
  retryAfterMs?: number;
  cause?: unknown;
}

/** The only class of this code base: an error whose code's row in FAILURES says who owns it and whether to try again. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly safe: Record<string, unknown>;
  readonly retryAfterMs: number | null;

  constructor(code: FailureCode, message: string, options: FailureOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Failure';
    this.code = code;
    this.safe = options.safe ?? {};
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

export const isFailure = (error: unknown, ...codes: FailureCode[]): error is Failure =>
  error instanceof Failure && (codes.length === 0 || codes.includes(error.code));

/** Any thrown thing as a Failure: what is not one already is a bug of ours. */
export const toFailure = (error: unknown): Failure =>
  error instanceof Failure
    ? error
    : new Failure('bug', error instanceof Error ? error.message : String(error), { cause: error });
