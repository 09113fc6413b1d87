import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeApp } from '#app/app.ts';
import type { Ports, Store } from '#app/ports.ts';
import { getActiveConnection } from '#app/usable-connection.ts';
import { accountClaimId, newAccountClaim } from '#domain/account-claim.ts';
import { systemActor } from '#domain/actor.ts';
import { manualClock } from '#domain/clock.ts';
import type { Connection } from '#domain/connection.ts';
import { INSTALLATION } from '#domain/due.ts';
import { exceptionId } from '#domain/ids.ts';
import { openStore } from '#store/store.ts';
import { sampleConnection } from '../../src/console/testing/samples.ts';
import { noVendors, portsOn } from '../support/ports.ts';
import { freshDatabase } from '../support/servers.ts';
import { Killed, killAt, portsThatAsk } from '../support/steps.ts';

const actor = systemActor('test');
const clock = manualClock(Date.UTC(2026, 0, 5));
let store: Store;
let ports: Ports;
let workspaceId = '';
let workspaces = 0;
let account = '';

/** What the vendor says is in the credentials: `account`, and `known` where the manifest tells it, too. */
const vendor = {
  ...noVendors,
  can: () => false,
  manifest: () => ({ id: 'shop', role: 'storefront' }) as ReturnType<Ports['gateway']['manifest']>,
  readSettings: () => ({}),
  sealCredentials: (_w: string, _c: string, _k: string, given: unknown) => JSON.stringify(given),
  mintWebhookSecret: () => '',
  identityOf: ({ credentials }: Connection) => JSON.parse(credentials).known ?? null,
  call: async ({ credentials }: Connection) =>
    ({ account: 'an account', identity: JSON.parse(credentials).account, missing: [] }) as never,
};

beforeAll(async () => {
  store = await openStore(freshDatabase());
  ports = { ...portsOn(store, clock), gateway: vendor };
});
afterAll(() => store.close());
beforeEach(() => {
  workspaces += 1;
  workspaceId = `w${workspaces}`;
  account = `account ${workspaces}`;
});

const connect = (name: string, by: Ports = ports, of = workspaceId) =>
  makeApp(by).connect(actor, {
    workspaceId: of,
    connectorId: 'shop',
    name,
    credentials: { account, known: account },
    settings: {},
    fulfilFromMs: null,
    pollEveryMinutes: 5,
  });
/** One as an older version left it: nobody has asked which account it is. */
const left = async (id: string, createdAtMs: number, of = workspaceId): Promise<Connection> => {
  const { identity: _, ...connection } = sampleConnection(id, { workspaceId: of, connectorId: 'shop', createdAtMs });
  const made = { ...connection, credentials: JSON.stringify({ account }) };
  await store.connections.insert(made);
  return made;
};
const all = async (): Promise<Connection[]> =>
  (await store.connections.list(workspaceId, {}, { limit: 100 })).filter(({ state }) => state !== 'removed');
/** The names of those that may be used now. */
const usable = async (): Promise<string[]> => {
  const names: string[] = [];
  for (const { _id, workspaceId: of } of await all()) {
    const ready = await getActiveConnection(ports, of, _id).catch(() => null);
    if (ready) names.push(ready._id);
  }
  return names;
};
const claimed = async (): Promise<string | undefined> =>
  (await store.accountClaims.find(INSTALLATION, accountClaimId('shop', account)))?.connectionId;
const isOpen = async (id: string): Promise<boolean> =>
  (await store.exceptions.find(workspaceId, exceptionId(workspaceId, 'account_connected_twice', id)))?.state === 'open';

describe('the claim on an account', () => {
  it('whatever moment a process is killed at while it connects, one connection of the account can be used', async () => {
    let moments = 0;
    for (let at = 0; ; at += 1) {
      workspaceId = `killed ${at}`;
      account = `killed ${at}`;
      const kill = killAt(at);
      const died = await connect('first', portsThatAsk(ports, kill.before)).then(
        () => false,
        (error: unknown) => error instanceof Killed,
      );
      if (!died) break;
      moments += 1;
      // What was stored names itself; what was not is connected now.
      await connect('second').catch((error: unknown) => expect(error).toMatchObject({ code: 'conflict' }));
      const ready = await usable();
      expect(ready, `killed before ${kill.at()}`).toHaveLength(1);
      expect(await claimed()).toBe(ready[0]);
    }
    expect(moments).toBeGreaterThan(2);
  });

  it('whatever moment a process is killed at while it stops the younger of two, the older is used and no other', async () => {
    let moments = 0;
    for (let at = 0; ; at += 1) {
      workspaceId = `stopped ${at}`;
      account = `stopped ${at}`;
      const younger = await left(`cn_${at}_b`, 2_000);
      expect(await usable()).toEqual([younger._id]);
      const older = await left(`cn_${at}_a`, 1_000);
      const kill = killAt(at);
      const died = await getActiveConnection(portsThatAsk(ports, kill.before), workspaceId, older._id).then(
        () => false,
        (error: unknown) => error instanceof Killed,
      );
      expect(await usable()).toEqual([older._id]);
      expect(await claimed()).toBe(older._id);
      expect([await isOpen(older._id), await isOpen(younger._id)]).toEqual([false, true]);
      if (!died) break;
      moments += 1;
    }
    expect(moments).toBeGreaterThan(4);
  });

  it('of a connection that is not there is free', async () => {
    const gone = {
      connectorId: 'shop',
      identity: account,
      connectionId: 'cn_gone',
      ownerId: 'elsewhere',
      proven: true,
    };
    await store.accountClaims.insert(newAccountClaim(gone));
    const made = await connect('only');
    expect(await usable()).toEqual([made._id]);
    expect(await claimed()).toBe(made._id);
  });

  it.each([
    ['the older', ['a', 'b']],
    ['the younger', ['b', 'a']],
  ])('after an upgrade the older keeps the account, also when %s is used first', async (_, order) => {
    for (const [n, id] of ['a', 'b'].entries()) await left(`${workspaceId}_${id}`, 1_000 + n);
    for (const id of order) await getActiveConnection(ports, workspaceId, `${workspaceId}_${id}`).catch(() => {});
    const [older, younger] = [`${workspaceId}_a`, `${workspaceId}_b`];
    expect(await usable()).toEqual([older]);
    expect([await isOpen(older), await isOpen(younger)]).toEqual([false, true]);
    const app = makeApp(ports);
    const its = { workspaceId, connectionId: younger };
    await expect(app.resumeConnection(actor, its)).rejects.toMatchObject({ code: 'conflict' });
    // By a pause it is not got round.
    await app.pauseConnection(actor, its);
    await app.resumeConnection(actor, its).catch(() => {});
    expect(await usable()).toEqual([older]);
    await app.removeConnection(actor, { workspaceId, connectionId: older });
    await app.resumeConnection(actor, its);
    expect(await usable()).toEqual([younger]);
    expect(await isOpen(younger)).toBe(false);
  });

  it('that was only typed in keeps no other workspace out; one that is proven does', async () => {
    const other = `${workspaceId} other`;
    await connect('typed in', ports, other);
    const ours = await connect('ours');
    expect(await usable()).toEqual([ours._id]);
    await expect(connect('late', ports, `${workspaceId} late`)).rejects.toMatchObject({
      code: 'conflict',
      safe: { otherWorkspace: true },
    });
    const [theirs] = await store.connections.list(other, {}, { limit: 1 });
    await expect(getActiveConnection(ports, other, theirs?._id ?? '')).rejects.toMatchObject({ code: 'paused' });
    expect(await usable()).toEqual([ours._id]);
  });

  it('that is missing in a store that was put back is taken again when a process starts', async () => {
    const made = await connect('kept');
    expect(await usable()).toEqual([made._id]);
    await store.accountClaims.delete(accountClaimId('shop', account));
    await store.workspaces.insert({ _id: workspaceId, workspaceId, name: '', terms: {}, createdAtMs: 1 } as never);
    await makeApp(ports).healDues(actor);
    expect(await claimed()).toBe(made._id);
    await expect(connect('again')).rejects.toMatchObject({ code: 'conflict', safe: { name: 'kept' } });
  });
});
