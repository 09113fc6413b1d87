/** Crossdock's own API as the other parties use it. */
export interface ApiClient {
  get(path: string): Promise<unknown>;
  post(path: string, body: unknown): Promise<unknown>;
  put(path: string, body: unknown): Promise<unknown>;
  patch(path: string, body: unknown): Promise<unknown>;
  delete(path: string): Promise<unknown>;
  /** An answer that is not JSON, such as a paper to print. */
  bytes(path: string): Promise<Uint8Array>;
  /** Every item of a paged list. */
  all<T>(path: string): AsyncGenerator<T>;
}

export interface ApiProblem extends Error {
  status: number;
  body: unknown;
}

export const isProblem = (error: unknown): error is ApiProblem => error instanceof Error && error.name === 'ApiProblem';

const problem = (status: number, method: string, path: string, body: unknown): ApiProblem =>
  Object.assign(new Error(`${method} ${path} answered ${status}: ${JSON.stringify(body).slice(0, 500)}`), {
    name: 'ApiProblem',
    status,
    body,
  });

const readJson = async (response: Response) => {
  const text = await response.text();
  return text === '' ? null : JSON.parse(text);
};

/** Milliseconds of real time to keep trying while the product is away: it may be restarted. */
const PATIENCE_MS = 10 * 60_000;

/**
 * Calls the API and tries again while it cannot be reached or says 429 or 5xx, for ten minutes: every write that the simulator
 * sends carries a reference and is safe to repeat. Other refusals are thrown as ApiProblem; `patienceMs` 0 tries once.
 */
export const apiClient = (options: {
  url: () => string;
  key: () => string;
  signal: AbortSignal;
  patienceMs?: number;
}): ApiClient => {
  const call = async <T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    read: (response: Response) => Promise<T> = readJson,
  ): Promise<T> => {
    const started = performance.now();
    for (let attempt = 0; ; attempt += 1) {
      options.signal.throwIfAborted();
      let status = 0;
      let answer: unknown = null;
      try {
        const response = await fetch(`${options.url()}${path}`, {
          method,
          headers: {
            authorization: `Bearer ${options.key()}`,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          signal: AbortSignal.any([options.signal, AbortSignal.timeout(120_000)]),
        });
        status = response.status;
        if (response.ok) return await read(response);
        answer = await readJson(response);
      } catch (error) {
        options.signal.throwIfAborted();
        answer = String(error);
        // An answer that was cut off is none.
        if (status < 300) status = 0;
      }
      // A key that is refused may be of the product's life before this one.
      const passing = status === 0 || status === 401 || status === 429 || status >= 500;
      if (!passing || performance.now() - started > (options.patienceMs ?? PATIENCE_MS))
        throw problem(status, method, path, answer);
      await new Promise((resolve) => setTimeout(resolve, Math.min(2_000, 50 * 2 ** attempt)));
    }
  };
  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    put: (path, body) => call('PUT', path, body),
    patch: (path, body) => call('PATCH', path, body),
    delete: (path) => call('DELETE', path),
    bytes: (path) => call('GET', path, undefined, async (response) => new Uint8Array(await response.arrayBuffer())),
    async *all<T>(path: string) {
      let after: string | null = null;
      do {
        const cursor: string = after === null ? '' : `&after=${encodeURIComponent(after)}`;
        const page = (await call('GET', `${path}${path.includes('?') ? '&' : '?'}limit=500${cursor}`)) as {
          items: T[];
          next: string | null;
        };
        yield* page.items;
        after = page.next;
      } while (after !== null);
    },
  };
};
