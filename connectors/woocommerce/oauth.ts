import { createHmac, randomBytes } from 'node:crypto';

/*
 * OAuth 1.0a with one leg, which WooCommerce asks for over plain http: the secret signs and does not travel.
 * Source: RFC 5849, section 3; WooCommerce REST API v3, “Authentication over HTTP”; WC_REST_Authentication::check_oauth_signature,
 * as seen in public copies. Read 2026-12-01.
 */

const ALGORITHMS = { 'HMAC-SHA256': 'sha256', 'HMAC-SHA1': 'sha1' } as const;
export type SignatureMethod = keyof typeof ALGORITHMS;
export const isSignatureMethod = (name: string): name is SignatureMethod => Object.hasOwn(ALGORITHMS, name);

/** Percent-encoding as RFC 5849, section 3.6, has it: stricter than that of a URL. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

const before = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The signature of a request: `address` is its URL without the query, `parameters` those of its query and of OAuth, decoded. */
export const signatureOf = (request: {
  method: string;
  address: string;
  parameters: Iterable<readonly [name: string, value: string]>;
  by: SignatureMethod;
  secret: string;
}): string => {
  const pairs = [...request.parameters]
    .map(([name, value]) => [encoded(name), encoded(value)] as const)
    .sort(([nameA, valueA], [nameB, valueB]) => before(nameA, nameB) || before(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const base = [request.method.toUpperCase(), request.address, pairs].map(encoded).join('&');
  return createHmac(ALGORITHMS[request.by], `${encoded(request.secret)}&`)
    .update(base)
    .digest('base64');
};

/** The `Authorization` header of a request whose URL is final. A new one for each: a shop takes a nonce once. */
export const oauthHeader = (request: {
  method: string;
  url: URL;
  key: string;
  secret: string;
  nowMs: number;
}): string => {
  const { method, url, key, secret, nowMs } = request;
  const by = 'HMAC-SHA256';
  const own = {
    oauth_consumer_key: key,
    oauth_nonce: randomBytes(16).toString('hex'),
    oauth_signature_method: by,
    oauth_timestamp: String(Math.floor(nowMs / 1000)),
    oauth_version: '1.0',
  };
  const parameters = [...url.searchParams, ...Object.entries(own)];
  const oauth_signature = signatureOf({ method, address: `${url.origin}${url.pathname}`, parameters, by, secret });
  const fields = Object.entries({ ...own, oauth_signature });
  return `OAuth ${fields.map(([name, value]) => `${name}="${encoded(value)}"`).join(', ')}`;
};
