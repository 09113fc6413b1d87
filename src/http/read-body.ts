import type { IncomingMessage } from 'node:http';
import { Failure } from '#domain/failure.ts';
import { parseExact } from '#kit';
import { refusal } from './problem.ts';

/** How much of a refused body is still taken and thrown away, so that its sender reads our answer instead of a reset. */
const DISCARD_TIMES = 8;

const tooLarge = (limitBytes: number): Error =>
  refusal('too_large', `A body may hold ${limitBytes} bytes.`, { facts: { limitBytes } });

/** Lets the rest of a body pass by unread; a sender that does not end is cut off. */
export const discardBody = (request: IncomingMessage, limitBytes: number): void => {
  if (request.readableEnded || request.destroyed) return;
  let passed = 0;
  request.removeAllListeners('data');
  request.on('error', () => {});
  request.on('data', (chunk: Buffer) => {
    passed += chunk.length;
    if (passed > limitBytes * DISCARD_TIMES) request.destroy();
  });
  request.resume();
};

/** The body's bytes as they came. Refuses (413) by the announced length before reading, and by the bytes read. */
export const readBody = (request: IncomingMessage, limitBytes: number): Promise<Buffer> => {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) {
    discardBody(request, limitBytes);
    return Promise.reject(tooLarge(limitBytes));
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > limitBytes) {
        chunks.length = 0;
        discardBody(request, limitBytes);
        reject(tooLarge(limitBytes));
      } else chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    // Whoever sent it is gone; nobody reads the answer.
    request.on('error', () => reject(new Failure('invalid', 'The body ended early.')));
  });
};

const MAX_DEPTH = 40;
const tooDeep = (value: unknown, left: number): boolean =>
  typeof value === 'object' && value !== null && (left === 0 || Object.values(value).some((v) => tooDeep(v, left - 1)));

/** A body as JSON, undefined where there is none. Refuses (400) what is not JSON, not UTF-8, or nested beyond reason. */
export const parseJson = (bytes: Buffer): unknown => {
  if (bytes.length === 0) return undefined;
  let value: unknown;
  try {
    value = parseExact(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    // The engine's message quotes the body; only the place is ours to tell.
    const [, position] = /at position (\d+)/.exec(error instanceof Error ? error.message : '') ?? [];
    throw refusal('malformed', `The body is not JSON${position ? ` (at character ${position})` : ''}.`);
  }
  if (tooDeep(value, MAX_DEPTH)) throw refusal('malformed', `The body is nested more than ${MAX_DEPTH} deep.`);
  return value;
};
