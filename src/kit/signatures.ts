import { createHmac, timingSafeEqual } from 'node:crypto';
import { Failure } from '#domain/failure.ts';
import type { WebhookCheck } from './connector.ts';

/** Equal in constant time for texts of equal length. */
export const sameText = (a: string, b: string): boolean => {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
};

export const hmacSha256Of = (secret: string, body: Buffer | string, encoding: 'hex' | 'base64'): string =>
  createHmac('sha256', secret).update(body).digest(encoding);

/** Verifies an HMAC-SHA256 over the raw body. Throws `unauthorised` when the header is missing or does not match. */
export const hmacSha256 =
  (rule: { header: string; encoding: 'hex' | 'base64'; prefix?: string; normalise?: (secret: string) => string }) =>
  ({ rawBody, headers, secret }: WebhookCheck): void => {
    const given = headers[rule.header];
    const key = rule.normalise ? rule.normalise(secret) : secret;
    const expected = (rule.prefix ?? '') + hmacSha256Of(key, rawBody, rule.encoding);
    if (secret === '' || given === undefined || !sameText(given, expected))
      throw new Failure('unauthorised', `the webhook's ${rule.header} does not match its body`);
  };
