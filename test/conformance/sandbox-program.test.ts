import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ending, ROOT, startProgram } from '../setup/programs.ts';

const PROGRAM = path.join(ROOT, 'src', 'simulator', 'sandbox-main.ts');
const VENDORS = ['shopify', 'woocommerce', 'easypost', 'cj', 'feed'];

const Said = z.object({
  sandbox: z.string(),
  url: z.string(),
  tls: z.object({ url: z.string(), caFile: z.string() }).optional(),
  credentials: z.record(z.string(), z.unknown()),
  controlUrl: z.string(),
});

const start = async (...args: string[]) => {
  const { child, said } = await startProgram(['--disable-warning=ExperimentalWarning', PROGRAM, ...args]);
  const read = Said.parse(said);
  const control = async (method: string, at: string, body?: unknown) => {
    const response = await fetch(`${read.controlUrl}${at}`, {
      method,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, body: z.unknown().parse(await response.json()) };
  };
  return { child, ...read, control };
};

/** A question to the Shopify sandbox as its clients ask it. */
const askShopify = async ({ url, credentials }: z.infer<typeof Said>): Promise<number | string> => {
  const response = await fetch(`${url}/admin/api/2026-04/graphql.json`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-shopify-access-token': String(credentials['accessToken']) },
    body: JSON.stringify({ query: '{ shop { id } }' }),
  }).catch(() => null);
  return response ? response.status : 'lost';
};

describe('npm run sandbox', () => {
  it.each(VENDORS)(
    '%s tells its addresses and credentials, with TLS where asked, and ends on SIGTERM',
    async (vendor) => {
      const { child, ...one } = await start(vendor, '--tls-port', '0');
      expect([one.sandbox, one.tls?.url]).toEqual([vendor, expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+$/)]);
      expect(Object.keys(one.credentials)).not.toEqual([]);
      expect(await one.control('GET', '/')).toMatchObject({ status: 200, body: { url: one.url, sandbox: vendor } });
      child.kill('SIGTERM');
      expect(await ending(child)).toEqual({ code: 0, signal: null });
    },
  );

  it('fails requests as it is told, says which met a fault, and goes on when told', async () => {
    const one = await start('shopify');
    expect(await askShopify(one)).toBe(200);
    await one.control('POST', '/faults', { fault: '500', path: 'graphql', times: 2 });
    await one.control('POST', '/faults', { fault: 'reset' });
    await one.control('POST', '/faults', { fault: '500', path: '/elsewhere' });
    expect([await askShopify(one), await askShopify(one), await askShopify(one), await askShopify(one)]).toEqual([
      500,
      500,
      'lost',
      200,
    ]);
    expect((await one.control('GET', '/faults')).body).toMatchObject([{ met: 2 }, { met: 1 }, { met: 0 }]);
    await one.control('POST', '/faults/random', { probability: 1 });
    await one.control('DELETE', '/faults');
    expect(await askShopify(one)).toBe(200);
    await one.control('POST', '/latency', { ms: 300 });
    const asked = performance.now();
    expect(await askShopify(one)).toBe(200);
    expect(performance.now() - asked).toBeGreaterThanOrEqual(295);
  });

  it('says what was asked wrongly, and changes nothing', async () => {
    const one = await start('shopify');
    for (const [at, body] of [
      ['/faults', { fault: 'flood' }],
      ['/faults', { fault: '500', path: '(' }],
      ['/faults', { fault: '500', often: 3 }],
      ['/faults', 'no JSON'],
      ['/latency', { ms: -1 }],
      ['/webhooks', { copies: 0 }],
      ['/clock', { rate: 'fast' }],
    ] as const)
      expect([at, body, await one.control('POST', at, body)]).toMatchObject([at, body, { status: 400 }]);
    expect((await one.control('GET', '/nowhere')).status).toBe(404);
    expect((await one.control('GET', '/faults')).body).toEqual([]);
    expect(await askShopify(one)).toBe(200);
  });

  it('has, with a seed, a time that stands still until it is moved; storefronts have buyers', async () => {
    const one = await start('woocommerce', '--seed', '7');
    const still = { now: '2026-01-01T00:00:00.000Z', rate: 0 };
    expect((await one.control('GET', '/clock')).body).toEqual(still);
    expect((await one.control('POST', '/clock', { advanceMs: 60_000 })).body).toEqual({
      ...still,
      now: '2026-01-01T00:01:00.000Z',
    });
    expect((await one.control('POST', '/orders', { count: 2 })).body).toMatchObject({
      placed: [expect.any(String), expect.any(String)],
    });
    const supplier = await start('cj');
    expect((await supplier.control('POST', '/orders', { count: 2 })).status).toBe(501);
  });
});
