import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manualClock, openSandboxDb, type SandboxTls, serveSandbox } from '#kit/sandbox';
import { shopifySandbox } from '../../../connectors/shopify/sandbox.ts';
import { runWithCa } from '../../support/run-with-ca.ts';

const GET = fileURLToPath(new URL('./get.ts', import.meta.url));
const SEND_WEBHOOK = fileURLToPath(new URL('./send-webhook.ts', import.meta.url));

/** Of the shopify sandbox, which answers 401 to whoever has no token. */
const start = async () => {
  const db = openSandboxDb();
  const sandbox = await shopifySandbox.start({ clock: manualClock(), db, tlsPort: 0 });
  if (!sandbox.tls) throw new Error('no TLS port');
  return {
    tls: sandbox.tls,
    url: sandbox.url,
    async close() {
      await sandbox.close();
      db.close();
    },
  };
};

describe('a sandbox’s TLS port', () => {
  let one: { tls: SandboxTls; url: string; close(): Promise<void> };
  let other: typeof one;
  beforeAll(async () => {
    [one, other] = await Promise.all([start(), start()]);
  });
  afterAll(() => Promise.all([one.close(), other.close()]));

  it('answers, by address and by name, a client that trusts its authority, as its http port does', async () => {
    const named = one.tls.url.replace('127.0.0.1', 'localhost');
    expect(await runWithCa(GET, [one.tls.url, named], { ca: one.tls.caFile })).toEqual([
      { status: 401 },
      { status: 401 },
    ]);
    expect((await fetch(one.url)).status).toBe(401);
  });

  it('is refused by a client that trusts no such authority, or another sandbox’s', async () => {
    expect(await runWithCa(GET, [one.tls.url], {})).toEqual([{ refused: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }]);
    expect(await runWithCa(GET, [one.tls.url], { ca: other.tls.caFile })).toEqual([
      { refused: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
    ]);
  });

  it('has an authority that signs certificates, and takes its file away when it ends', async () => {
    const third = await start();
    const authority = new X509Certificate(readFileSync(third.tls.caFile));
    expect([authority.ca, authority.verify(authority.publicKey), authority.subject]).toEqual([
      true,
      true,
      'CN=Sandbox shopify',
    ]);
    await third.close();
    expect(existsSync(third.tls.caFile)).toBe(false);
  });
});

describe('webhooks to an https address', () => {
  it('arrive where the sender trusts the certificate, and are failed deliveries where it does not', async () => {
    const db = openSandboxDb();
    const got: unknown[] = [];
    const receiver = await serveSandbox({
      name: 'receiver',
      clock: manualClock(),
      db,
      tlsPort: 0,
      before: [],
      routes: [
        {
          method: 'POST',
          path: /^\/hook$/,
          handle(request) {
            got.push([request.url.protocol, request.headers['x-topic'], request.json()]);
            return { status: 200 };
          },
        },
      ],
      words: { tooMany: () => ({ status: 429 }), notFound: () => ({ status: 404 }), badJson: () => ({ status: 400 }) },
    });
    if (!receiver.tls) throw new Error('no TLS port');
    const url = `${receiver.tls.url}/hook`;
    expect(await runWithCa(SEND_WEBHOOK, [url], {})).toEqual({ ok: 0, dropped: 1 });
    expect(got).toEqual([]);
    expect(await runWithCa(SEND_WEBHOOK, [url], { ca: receiver.tls.caFile })).toEqual({ ok: 1, dropped: 0 });
    expect(got).toEqual([['https:', 'orders/create', { id: 1 }]]);
    await receiver.close();
    db.close();
  });
});

describe('a script that fails', () => {
  it('is an error with what it said', async () => {
    await expect(runWithCa(fileURLToPath(new URL('./nowhere.ts', import.meta.url)), [], {})).rejects.toThrow(/nowhere/);
  });
});
