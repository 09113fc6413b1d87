import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '#domain/clock.ts';
import { Failure, isFailure } from '#domain/failure.ts';
import { type Files, type FilesTarget, openFiles } from '#kit';
import { openSandboxDb, type SandboxFolder, type SftpServer, serveSftp } from '#kit/testing';

const PASSWORD = 'canary-password-7d1e';
/** Real time. Only what is meant to hang is given up soon: a busy machine is slow. */
const options = { timeoutMs: 10_000 };
const impatient = { timeoutMs: 500 };
const patienceFor = (fault: string) => (fault.startsWith('hang') ? impatient : options);

describe('files over SFTP', () => {
  const db = openSandboxDb();
  const stored = new Map<string, Buffer>();
  const folder: SandboxFolder = {
    read: (path) => {
      const bytes = stored.get(path);
      return bytes ? { bytes, modifiedMs: 1_000 } : null;
    },
    put: (path, bytes) => {
      if (path.startsWith('closed/')) return 'closed';
      stored.set(path, bytes);
      return null;
    },
    remove: (path) => stored.delete(path),
    list: (path) => [...stored.keys()].filter((name) => name.startsWith(`${path}/`)).map((n) => n.split('/')[1] ?? ''),
  };
  let server: SftpServer;
  let target: FilesTarget;

  beforeEach(async () => {
    stored.clear();
    server = await serveSftp({ name: 'test', clock: systemClock, db, folder, user: 'u', password: PASSWORD });
    const { host, port, hostKeySha256 } = server;
    target = { protocol: 'sftp', host, port, hostKeySha256, user: 'u', password: PASSWORD };
  });
  afterEach(() => server.close());

  const within = <T>(
    work: (files: Files) => Promise<T>,
    change: Partial<FilesTarget> = {},
    patience = options,
  ): Promise<T> => openFiles({ ...target, ...change }, work, patience);
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'done',
      (error: unknown) => {
        if (!isFailure(error)) throw error;
        expect(`${error.message} ${error.stack} ${String(error.cause)}`).not.toContain(PASSWORD);
        return error.code;
      },
    );

  it('reads what was written, replaces it whole, and lists it', async () => {
    const large = Buffer.alloc(1_000_003, 'a line of stock\n');
    const seen = await within(async (files) => {
      await files.write('out/a.csv', Buffer.from('first'));
      await files.write('/out/a.csv', large);
      await files.write('out/empty.csv', Buffer.alloc(0));
      return { read: await files.read('out/a.csv', 2_000_000), list: await files.list('out') };
    });
    expect(seen.read.equals(large)).toBe(true);
    expect(seen.list.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['a.csv', large.length],
      ['empty.csv', 0],
    ]);
  });

  it('refuses a file above the limit before reading it, and says not_found for none', async () => {
    stored.set('big.csv', Buffer.alloc(100));
    expect(await codeOf(within((files) => files.read('big.csv', 99)))).toBe('rejected');
    expect(await codeOf(within((files) => files.read('none.csv', 99)))).toBe('not_found');
    expect(await codeOf(within((files) => files.write('closed/x.csv', Buffer.from('x'))))).toBe('forbidden');
  });

  it('tells nothing to a server that shows another host key', async () => {
    const other = { hostKeySha256: `SHA256:${'A'.repeat(43)}` };
    expect(await codeOf(within((files) => files.list(''), other))).toBe('unauthorised');
    expect(server.requests()).toEqual([]);
    expect(await codeOf(within((f) => f.list(''), { hostKeySha256: `SHA256:${target.hostKeySha256}=` }))).toBe('done');
  });

  it('says unauthorised for a wrong password', async () => {
    expect(await codeOf(within((files) => files.list(''), { password: 'wrong' }))).toBe('unauthorised');
  });

  it('says unavailable for a port that nobody listens on, and for one where nobody answers', async () => {
    const silent = createServer((socket) => socket.resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', () => resolve()));
    const bound = silent.address();
    const port = bound && typeof bound === 'object' ? bound.port : 0;
    expect(await codeOf(within((files) => files.list(''), { port }, impatient))).toBe('unavailable');
    await new Promise((resolve) => silent.close(resolve));
    expect(await codeOf(within((files) => files.list(''), { port }))).toBe('unavailable');
  });

  it('connects to the address that the egress rules gave, and nowhere when they refuse', async () => {
    const { port } = target;
    const named = { ...target, host: 'supplier.example', port };
    const list = (files: Files) => files.list('');
    await openFiles(named, list, { ...options, lookup: (_host, _o, done) => done(null, '127.0.0.1', 4) });
    const refused = new Failure('forbidden', 'not an address to call');
    const work = openFiles(named, list, {
      ...options,
      lookup: (_host, _o, done) => done(Object.assign(refused, { code: refused.code }), ''),
    });
    expect(await codeOf(work)).toBe('forbidden');
  });

  it.each(['reset', '500', 'hang', 'truncated'] as const)('says unavailable when a read meets %s', async (fault) => {
    stored.set('a.csv', Buffer.alloc(200_000));
    server.faults.next(fault, { method: 'GET' });
    const read = within((files) => files.read('a.csv', 1_000_000), {}, patienceFor(fault));
    expect(await codeOf(read)).toBe('unavailable');
  });

  it.each(['reset', 'reset_after_commit', '500', '500_after_commit', 'hang_after_commit'] as const)(
    'never shows half a file to a reader, also when a write meets %s',
    async (fault) => {
      const [before, after] = [Buffer.alloc(300_000, 'b'), Buffer.alloc(400_000, 'a')];
      stored.set('out/a.csv', before);
      const planned = server.faults.next(fault, { method: 'PUT' });
      const seen: (Buffer | undefined)[] = [];
      const written = codeOf(within((files) => files.write('out/a.csv', after), {}, patienceFor(fault)));
      let writing = true;
      void written.then(() => {
        writing = false;
      });
      while (writing) {
        const now = stored.get('out/a.csv');
        if (now !== seen.at(-1)) seen.push(now);
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(await written).toBe('unavailable');
      expect(planned.met()).toBe(1);
      expect(seen[0]).toBe(before);
      for (const file of seen) expect(file === undefined || file.equals(before) || file.equals(after)).toBe(true);
      await within((files) => files.write('out/a.csv', after));
      expect(stored.get('out/a.csv')?.equals(after)).toBe(true);
    },
  );

  it('refuses a connection that has no files', async () => {
    expect(await codeOf(openFiles(null, (files) => files.list(''), options))).toBe('rejected');
  });
});
