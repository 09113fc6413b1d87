import { createServer } from 'node:http';
import { z } from 'zod';

export interface RawRequest {
  method: string;
  /** With the query. */
  path: string;
}

/**
 * A server for the length of `work` that sends bodies as a test has written them, for what no sandbox would send. What `answer`
 * gives is sent as JSON, with the headers `headers`; undefined is a 404.
 */
export const withRawServer = async <T>(
  answer: (request: RawRequest) => unknown,
  work: (url: string) => Promise<T>,
  headers: Readonly<Record<string, string>> = {},
): Promise<T> => {
  const server = createServer(({ method = '', url: path = '' }, response) => {
    const body = answer({ method, path });
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body ?? { message: 'Not found' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  try {
    return await work(`http://127.0.0.1:${port}`);
  } finally {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
};
