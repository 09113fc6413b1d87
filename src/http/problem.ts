import { z } from 'zod';
import { FAILURES, Failure, type FailureCode, toFailure } from '#domain/failure.ts';

/** What this side refuses by itself, before a use case is asked. */
export const REFUSALS = {
  malformed: { http: 400, title: 'The body is not JSON' },
  unauthenticated: { http: 401, title: 'An API key is needed' },
  missing_scope: { http: 403, title: 'The API key does not allow this' },
  no_route: { http: 404, title: 'There is nothing at this address' },
  method_not_allowed: { http: 405, title: 'This address does not know the method' },
  in_progress: { http: 409, title: 'The same request is still being answered' },
  too_large: { http: 413, title: 'The body is too large' },
  key_reused: { http: 422, title: 'The idempotency key was used for another request' },
} as const satisfies Record<string, { http: number; title: string }>;
export type RefusalCode = keyof typeof REFUSALS;

/** RFC 9457. `code` is ours and stable; `requestId` finds the request in our log. */
export const Problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string().optional(),
  requestId: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof Problem>;

interface Refused {
  code: RefusalCode;
  facts: Readonly<Record<string, unknown>>;
  headers: Readonly<Record<string, string>>;
}
const refused = new WeakMap<Error, Refused>();

/** An error that says to the caller what it says to us. */
export const refusal = (code: RefusalCode, detail: string, given: Partial<Omit<Refused, 'code'>> = {}): Error => {
  const error = new Error(detail);
  refused.set(error, { code, facts: {}, headers: {}, ...given });
  return error;
};

/** A key that a branch does not know says more against it than a value that does not fit. */
const distance = (issues: readonly z.core.$ZodIssue[]): number =>
  issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? 100 * issue.keys.length : 1), 0);

/** The lowest issues: of a union's branches those of the branch that came nearest. */
const flatten = (issues: readonly z.core.$ZodIssue[], above: readonly PropertyKey[] = []): z.core.$ZodIssue[] =>
  issues.flatMap((issue) => {
    const path = [...above, ...issue.path];
    if (issue.code !== 'invalid_union') return [{ ...issue, path }];
    const [nearest] = [...issue.errors].sort((a, b) => distance(a) - distance(b));
    return nearest && nearest.length > 0 ? flatten(nearest, path) : [{ ...issue, path }];
  });

/** Faults of a value that was read as what it should be: too small, no such word, a rule of ours. */
const OF_VALUES: ReadonlySet<z.core.$ZodIssue['code']> = new Set([
  'too_small',
  'too_big',
  'invalid_format',
  'invalid_value',
  'not_multiple_of',
  'custom',
]);

/**
 * Input that does not fit its schema, with every place where it does not. A body, or an item of one, that could be read and has values
 * that break a rule is `rejected` (422) and names the first `field`; what could not be read as its schema says is `invalid` (400).
 */
export const invalidInput = (error: z.ZodError, what: 'request' | 'item' = 'request'): Failure => {
  const issues = flatten(error.issues).slice(0, 100);
  const errors = issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
  const wasRead = issues.every(({ code, path }) => OF_VALUES.has(code) && (what === 'item' || path[0] === 'body'));
  const [first] = errors;
  return first && wasRead
    ? new Failure('rejected', 'A value breaks a rule: see errors for the places.', {
        safe: { field: first.path.replace(/^body\./, ''), errors },
      })
    : new Failure('invalid', 'The input does not fit: see errors for the places.', { safe: { errors } });
};

/** The drivers' names for a server that is out of reach. */
const OUTAGE =
  /^(Mongo(Network|ServerSelection|NotConnected|PoolCleared|TopologyClosed|WriteConcern|ClientClosed).*|MaxRetriesPerRequestError|ConnectionNotReadyError)$/;
const CONNECTION = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/;
const isOutage = (error: unknown): boolean =>
  error instanceof Error &&
  (OUTAGE.test(error.name) || ('code' in error && typeof error.code === 'string' && CONNECTION.test(error.code)));

const TOLD_IN_WORDS: readonly string[] = ['caller', 'merchant'] satisfies (typeof FAILURES)[FailureCode]['owner'][];
const RETRY_AFTER_S = 5;

export interface Answer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: Problem;
}

/**
 * Any thrown thing as the outside may see it. What the caller or the merchant can mend is told in words; of the rest only the
 * title and what was marked safe.
 */
export const toProblem = (error: unknown, requestId: string): Answer => {
  const own = error instanceof Error ? refused.get(error) : undefined;
  if (own && error instanceof Error) {
    const { http: status, title } = REFUSALS[own.code];
    const body = {
      ...own.facts,
      type: typeOf(own.code),
      title,
      status,
      code: own.code,
      detail: error.message,
      requestId,
    };
    return { status, headers: own.headers, body };
  }
  const failure = isOutage(error) ? new Failure('unavailable', 'a server of ours is out of reach') : toFailure(error);
  const { http: status, title, owner } = FAILURES[failure.code];
  const words = TOLD_IN_WORDS.includes(owner) ? { detail: failure.message } : {};
  const body = { ...failure.safe, type: typeOf(failure.code), title, status, code: failure.code, ...words, requestId };
  const waitS = failure.retryAfterMs === null ? RETRY_AFTER_S : Math.ceil(failure.retryAfterMs / 1_000);
  return { status, headers: status === 429 || status === 503 ? { 'retry-after': String(waitS) } : {}, body };
};

const typeOf = (code: string): string => `urn:crossdock:problem:${code}`;
