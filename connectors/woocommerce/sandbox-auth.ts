import { sameText } from '#kit';
import type { SandboxAnswer, SandboxRequest } from '#kit/sandbox';
import { isSignatureMethod, signatureOf } from './oauth.ts';
import { phpQuery, refusal } from './sandbox-query.ts';

/*
 * Who may come in, as WooCommerce does it: keys as such (Basic, or in the query) over TLS alone, OAuth 1.0a with one leg everywhere.
 * Source: WC_REST_Authentication (authenticate, perform_basic_authentication, get_oauth_parameters, check_oauth_signature,
 * check_oauth_timestamp_and_nonce, check_permissions), as seen in public copies, read 2026-12-01.
 */

const WINDOW_MS = 15 * 60_000;
const MOST_NONCES = 10_000;

const failed = (message: string): SandboxAnswer => refusal(401, 'woocommerce_rest_authentication_error', message);
/** Nobody is signed in: WordPress goes on, and the list itself refuses. */
const nobody = (): SandboxAnswer => refusal(401, 'woocommerce_rest_cannot_view', 'Sorry, you cannot list resources.');

export const isTls = ({ url }: SandboxRequest): boolean => url.protocol === 'https:';

/** `OAuth a="1", b="2"`, decoded. */
const fieldsOf = (header: string): [string, string][] =>
  [...header.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, decodeURIComponent(value)]);

export interface Account {
  key: string;
  secret: string;
  /** `read`, `write` or `read_write`. */
  permissions(): string;
}

export const signIn = (account: Account): ((request: SandboxRequest) => SandboxAnswer | null) => {
  /** The nonces of the last requests, oldest first. */
  const used = new Set<string>();

  const byKeys = ({ headers, url }: SandboxRequest): SandboxAnswer | null | 'absent' => {
    const [user = '', password = ''] = Buffer.from(headers['authorization']?.match(/^Basic (.*)$/)?.[1] ?? '', 'base64')
      .toString()
      .split(':');
    const key = url.searchParams.get('consumer_key') || user;
    const secret = url.searchParams.get('consumer_secret') || password;
    // A key that is not known is nobody's: WooCommerce goes on to OAuth.
    if (key === '' || secret === '' || !sameText(key, account.key)) return 'absent';
    return sameText(secret, account.secret) ? null : failed('Consumer secret is invalid.');
  };

  /** By the machine's time, which is all that a client knows, however fast the clock of this sandbox runs. */
  const isNear = (seconds: number): boolean => Math.abs(Date.now() - seconds * 1000) <= WINDOW_MS;

  const byOauth = ({ headers, url, method }: SandboxRequest): SandboxAnswer | null => {
    const header = headers['authorization'] ?? '';
    const given = [...phpQuery(url), ...(header.startsWith('OAuth ') ? fieldsOf(header) : [])];
    const fields = new Map(given);
    if (![...fields.keys()].some((name) => name.startsWith('oauth_'))) return nobody();
    const required = [
      'oauth_consumer_key',
      'oauth_timestamp',
      'oauth_nonce',
      'oauth_signature',
      'oauth_signature_method',
    ];
    const missing = required.filter((name) => !fields.get(name));
    if (missing.length > 0)
      return refusal(
        401,
        'woocommerce_rest_authentication_missing_parameter',
        `Missing OAuth parameter${missing.length > 1 ? 's' : ''} ${missing.join(', ')}`,
      );
    const field = (name: string): string => fields.get(name) ?? '';
    if (!sameText(field('oauth_consumer_key'), account.key)) return failed('Consumer key is invalid.');
    const by = field('oauth_signature_method');
    if (!isSignatureMethod(by)) return failed('Invalid signature - signature method is invalid.');
    const signature = signatureOf({
      method,
      address: `${url.origin}${url.pathname}`,
      parameters: given.filter(([name]) => name !== 'oauth_signature'),
      by,
      secret: account.secret,
    });
    if (!sameText(signature, field('oauth_signature')))
      return failed('Invalid signature - provided signature does not match.');
    if (!isNear(Number(field('oauth_timestamp')))) return failed('Invalid timestamp.');
    const nonce = field('oauth_nonce');
    if (used.has(nonce)) return failed('Invalid nonce - nonce has already been used.');
    used.add(nonce);
    for (const oldest of used) {
      if (used.size <= MOST_NONCES) break;
      used.delete(oldest);
    }
    return null;
  };

  /** Before anything else is looked at, whatever the path: only the method counts. */
  const lacks = (method: string): SandboxAnswer | null => {
    const right = method === 'GET' || method === 'HEAD' ? 'read' : 'write';
    return [right, 'read_write'].includes(account.permissions())
      ? null
      : failed(`The API key provided does not have ${right} permissions.`);
  };

  return (request) => {
    const told = isTls(request) ? byKeys(request) : 'absent';
    const refused = told === 'absent' ? byOauth(request) : told;
    return refused ?? lacks(request.method);
  };
};
