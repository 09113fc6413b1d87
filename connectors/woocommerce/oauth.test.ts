import { describe, expect, it } from 'vitest';
import { hostConnector, type ManualClock, manualClock, openSandboxDb } from '#kit/testing';
import { woocommerce } from './index.ts';
import { oauthHeader, signatureOf } from './oauth.ts';
import { serveWooCommerce } from './sandbox.ts';

/** Not this year: signatures go by the machine's time, whatever the clock says. */
const CLOCK = Date.UTC(2019, 10, 1, 10);
const KEY = 'ck_5a4dbb0c5f1e4c7f9a3b';
const SECRET = 'cs_2f7c61d09be84d1a8c55';

describe('woocommerce: OAuth 1.0a with one leg', () => {
  /** Signatures made by another hand: Python's `hmac` over base strings put together by `urllib.parse.quote`. */
  it.each([
    ['HMAC-SHA1', 'MLUS16s+TEov4rSwWVOYWDS0MHg='],
    ['HMAC-SHA256', '+MW1SAHLqjRudXrova5b8eYdr4RLRejEIP5w1GzHXcI='],
  ] as const)('signs by %s what another hand has signed, whatever the order of the parameters', (by, signature) => {
    const parameters: [string, string][] = [
      ['a', '1'],
      ['a1', '0'],
      ['include[1]', '7'],
      ['search', 'Ana & Ben (x)!'],
    ];
    for (const given of [parameters, parameters.toReversed()])
      expect(signatureOf({ method: 'get', address: 'http://127.0.0.1/x', parameters: given, by, secret: 's' })).toBe(
        signature,
      );
  });

  const withShop = async (
    work: (shop: Awaited<ReturnType<typeof serveWooCommerce>>, clock: ManualClock) => Promise<void>,
  ) => {
    const clock = manualClock(CLOCK);
    const db = openSandboxDb();
    const shop = await serveWooCommerce({ clock, db });
    try {
      await work(shop, clock);
    } finally {
      await shop.close();
      db.close();
    }
  };
  const header = (url: URL, changes: Partial<Parameters<typeof oauthHeader>[0]> = {}) =>
    oauthHeader({ method: 'GET', url, key: KEY, secret: SECRET, nowMs: Date.now(), ...changes });
  const ask = async (url: URL, authorization: string | null, method = 'GET') => {
    const response = await fetch(url, { method, ...(authorization === null ? {} : { headers: { authorization } }) });
    const { code, message } = JSON.parse(await response.text());
    return response.status === 200 ? 'taken' : `${response.status} ${code}: ${message}`;
  };
  const FAILED = '401 woocommerce_rest_authentication_error: ';

  it('is what our calls carry over plain http: the secret never travels, and no nonce twice', () =>
    withShop(async (shop, clock) => {
      const host = hostConnector(woocommerce, { ...shop, settings: { requestsPerSecond: 100 } }, clock);
      await host.call('connection.check', {});
      await host.call('orders.pull', { since: '2026-01-01T00:00:00Z', cursor: null });
      expect(shop.requests().every(({ status }) => status === 200)).toBe(true);
    }));

  it.each(['http:', 'https:'])('signs over http alone: %s', (protocol) => {
    const url = new URL(`${protocol}//127.0.0.1/wp-json/wc/v3/orders?page=1`);
    const credentials = { site: url.origin, consumerKey: KEY, consumerSecret: SECRET };
    const signed = woocommerce.manifest.http.sign?.({ credentials, method: 'GET', url, body: '' });
    const authorization = signed?.['authorization'] ?? '';
    expect(authorization.startsWith(protocol === 'https:' ? 'Basic ' : 'OAuth ')).toBe(true);
    expect(authorization.includes(SECRET)).toBe(false);
  });

  it('lets in what is signed, and refuses every forgery in the shop’s own words', () =>
    withShop(async (shop) => {
      const url = new URL(`${shop.url}/wp-json/wc/v3/orders?search=Ana+%26+(Ben)&include[]=1&include[]=2`);
      const indexed = new URL(url);
      indexed.search = '?search=Ana+%26+(Ben)&include[0]=1&include[1]=2';
      const other = new URL(`${shop.url}/wp-json/wc/v3/orders?search=Eve`);
      const good = header(indexed);
      const mismatch = `${FAILED}Invalid signature - provided signature does not match.`;
      expect(await ask(indexed, good)).toBe('taken');
      expect(await ask(indexed, good)).toBe(`${FAILED}Invalid nonce - nonce has already been used.`);
      // PHP gives the values of a list their places before it checks what was signed.
      expect(await ask(url, header(indexed))).toBe('taken');
      expect(await ask(url, header(url))).toBe(mismatch);
      expect(await ask(other, header(indexed))).toBe(mismatch);
      expect(await ask(indexed, header(indexed, { method: 'POST' }))).toBe(mismatch);
      expect(await ask(indexed, header(indexed, { secret: 'cs_other' }))).toBe(mismatch);
      expect(await ask(indexed, header(indexed, { key: 'ck_other' }))).toBe(`${FAILED}Consumer key is invalid.`);
      const late = header(indexed, { nowMs: Date.now() - 16 * 60_000 });
      expect(await ask(indexed, late)).toBe(`${FAILED}Invalid timestamp.`);
      expect(await ask(indexed, good.replace('HMAC-SHA256', 'PLAINTEXT'))).toBe(
        `${FAILED}Invalid signature - signature method is invalid.`,
      );
      expect(await ask(indexed, good.replace(/oauth_nonce="[^"]*", /, ''))).toBe(
        '401 woocommerce_rest_authentication_missing_parameter: Missing OAuth parameter oauth_nonce',
      );
    }));

  it('takes the same signature in the query, also by SHA-1', () =>
    withShop(async (shop) => {
      for (const by of ['HMAC-SHA1', 'HMAC-SHA256'] as const) {
        const url = new URL(`${shop.url}/wp-json/wc/v3/orders?per_page=1`);
        for (const [name, value] of [
          ['oauth_consumer_key', KEY],
          ['oauth_nonce', by],
          ['oauth_signature_method', by],
          ['oauth_timestamp', String(Math.floor(Date.now() / 1000))],
        ] as const)
          url.searchParams.set(name, value);
        const address = `${url.origin}${url.pathname}`;
        const signature = signatureOf({ method: 'GET', address, parameters: url.searchParams, by, secret: SECRET });
        url.searchParams.set('oauth_signature', signature);
        expect(await ask(url, null), by).toBe('taken');
      }
    }));

  it('reads the query as PHP does: of a name that comes twice, as the vendor’s own client sends it, the last counts', () =>
    withShop(async (shop) => {
      const once = new URL(`${shop.url}/wp-json/wc/v3/orders?page=2`);
      const twice = new URL(`${shop.url}/wp-json/wc/v3/orders?page=1&page=2`);
      expect(await ask(twice, header(once))).toBe('taken');
    }));

  it('takes no keys over plain http, neither in the header nor in the query', () =>
    withShop(async (shop) => {
      const url = new URL(`${shop.url}/wp-json/wc/v3/orders`);
      const nobody = '401 woocommerce_rest_cannot_view: Sorry, you cannot list resources.';
      expect(await ask(url, null)).toBe(nobody);
      expect(await ask(url, `Basic ${Buffer.from(`${KEY}:${SECRET}`).toString('base64')}`)).toBe(nobody);
      url.search = `?consumer_key=${KEY}&consumer_secret=${SECRET}`;
      expect(await ask(url, null)).toBe(nobody);
    }));
});
