import { createHash, randomBytes } from 'node:crypto';
import type { LookupFunction } from 'node:net';
import { Client, type SFTPWrapper } from 'ssh2';
import { Failure, type FailureCode, isFailure } from '#domain/failure.ts';
import type { Files, FilesTarget } from './files.ts';

/** What a status of the SFTP protocol (draft-ietf-secsh-filexfer-02 §7) means to us; any other is the server's trouble. */
const STATUS: Readonly<Record<number, FailureCode>> = { 2: 'not_found', 3: 'forbidden', 5: 'contract', 8: 'contract' };

/** What ssh2 says went wrong while connecting; any other level is the network's trouble. */
const LEVEL: Readonly<Record<string, FailureCode>> = { 'client-authentication': 'unauthorised' };

const CHUNK_BYTES = 32 * 1024;
/** Reads under way at once: without them a far server's round trips, not its bytes, would be the time. */
const READERS = 16;

type Done<T> = (error: Error | null | undefined, value: T) => void;

interface Session {
  sftp: SFTPWrapper;
  /** The answer to one request. Rejects when the server refuses, stays silent, or the connection is lost. */
  ask<T>(path: string, start: (done: Done<T>) => void): Promise<T>;
}

/**
 * Runs `work` over one SFTP session and ends it, whatever happens. The server is known by its host key alone; another key,
 * or a refused password, is `unauthorised` and nothing has been sent by then that the key's owner could not read anyway.
 * A refused or lost connection and a server silent for `timeoutMs` are `unavailable`: names are ours and a file appears by
 * one rename, so that doing it again has one effect. `lookup` applies the egress rules: the address it gives is the one
 * connected to.
 */
export const openFiles = async <T>(
  target: FilesTarget | null,
  work: (files: Files) => Promise<T>,
  options: { lookup?: LookupFunction; timeoutMs: number },
): Promise<T> => {
  if (!target) throw new Failure('rejected', 'this connection exchanges no files');
  const client = new Client();
  try {
    return await work(filesOf(await connect(client, target, options)));
  } finally {
    client.end();
  }
};

const addressOf = (host: string, lookup: LookupFunction | undefined): Promise<string> =>
  new Promise((resolve, reject) => {
    if (!lookup) return resolve(host);
    lookup(host, { all: false }, (error, found) => {
      const address = typeof found === 'string' ? found : found?.[0]?.address;
      if (isFailure(error)) reject(error);
      else if (error || !address)
        reject(new Failure('unavailable', `${host} could not be resolved (${error?.code ?? 'no address'})`));
      else resolve(address);
    });
  });

/** As OpenSSH prints it: base64 of SHA-256 without padding. */
const fingerprint = (key: Buffer): string => createHash('sha256').update(key).digest('base64').replace(/=+$/, '');

const connect = async (
  client: Client,
  target: FilesTarget,
  { lookup, timeoutMs }: { lookup?: LookupFunction; timeoutMs: number },
): Promise<Session> => {
  const where = `${target.host}:${target.port}`;
  const wanted = target.hostKeySha256.replace(/^SHA256:/, '').replace(/=+$/, '');
  const address = await addressOf(target.host, lookup);

  /** Requests without an answer yet; when the connection goes, they all fail with the one reason. */
  const waiting = new Set<(reason: Failure) => void>();
  let gone: Failure | null = null;
  const lose = (reason: Failure): void => {
    gone ??= reason;
    for (const reject of waiting) reject(gone);
    waiting.clear();
    client.destroy();
  };

  const ask: Session['ask'] = (path, start) =>
    new Promise((resolve, reject) => {
      if (gone) return reject(gone);
      const timer = setTimeout(
        () => lose(new Failure('unavailable', `${where} did not answer for ${path} within ${timeoutMs} ms`)),
        timeoutMs,
      );
      const stop = (reason: Failure): void => {
        clearTimeout(timer);
        reject(reason);
      };
      waiting.add(stop);
      const settled = (): void => {
        clearTimeout(timer);
        waiting.delete(stop);
      };
      try {
        start((error, value) => {
          settled();
          if (error) reject(refusal(error, where, path));
          else resolve(value);
        });
      } catch (error) {
        // ssh2 throws at once for an extension that this server does not offer.
        settled();
        reject(error);
      }
    });

  let shown = '';
  client.on('error', (error) => {
    // The library's error is not kept as the cause: it may carry the options it was given.
    const denied = shown !== '' && shown !== wanted;
    lose(
      denied
        ? new Failure(
            'unauthorised',
            `${where} showed the host key SHA256:${shown}, which is not the one this connection trusts; ask the supplier before changing it`,
          )
        : new Failure(
            LEVEL[error.level ?? ''] ?? 'unavailable',
            `${where}: ${LEVEL[error.level ?? ''] ? 'the user name or password is refused' : `no connection (${codeOf(error) ?? error.message.slice(0, 120)})`}`,
          ),
    );
  });
  client.on('close', () => lose(new Failure('unavailable', `${where} closed the connection`)));

  await ask<void>('the login', (done) => {
    client.on('ready', () => done(null, undefined));
    client.connect({
      host: address,
      port: target.port,
      username: target.user,
      password: target.password,
      readyTimeout: timeoutMs,
      hostVerifier: (key: Buffer) => {
        shown = fingerprint(key);
        return shown === wanted;
      },
    });
    // A login is a dozen small messages each way; waiting to fill packets would make it half a second.
    client.setNoDelay(true);
  });
  const sftp = await ask<SFTPWrapper>('the SFTP subsystem', (done) => client.sftp(done));
  return { sftp, ask };
};

const codeOf = (error: Error): string | number | undefined =>
  'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? error.code : undefined;

const refusal = (error: Error, where: string, path: string): Failure => {
  const code = STATUS[Number(codeOf(error))] ?? 'unavailable';
  return new Failure(code, `${where}: ${path}: ${error.message.slice(0, 120)}`);
};

const filesOf = ({ sftp, ask }: Session): Files => {
  const close = (path: string, handle: Buffer): Promise<void> =>
    ask<void>(path, (done) => sftp.close(handle, (error) => done(error, undefined)));
  const remove = (path: string): Promise<void> =>
    ask<void>(path, (done) => sftp.unlink(path, (error) => done(error, undefined)));
  const stat = (path: string, handle: Buffer) =>
    ask<{ size: number; mtime: number }>(path, (done) => sftp.fstat(handle, done));

  /** Puts `from` in the place of `to` in one step where the server can (OpenSSH does), else with a moment of neither. */
  const replace = async (from: string, to: string): Promise<void> => {
    try {
      return await ask<void>(to, (done) => sftp.ext_openssh_rename(from, to, (error) => done(error, undefined)));
    } catch (error) {
      if (isFailure(error)) throw error;
    }
    await remove(to).catch((error: unknown) => {
      if (!isFailure(error, 'not_found')) throw error;
    });
    await ask<void>(to, (done) => sftp.rename(from, to, (error) => done(error, undefined)));
  };

  const readAll = async (path: string, handle: Buffer, size: number): Promise<Buffer> => {
    const bytes = Buffer.alloc(size);
    const starts = Array.from({ length: Math.ceil(size / CHUNK_BYTES) }, (_, index) => index * CHUNK_BYTES).values();
    const reader = async (): Promise<void> => {
      for (const start of starts) {
        const end = Math.min(start + CHUNK_BYTES, size);
        // A server may give less than it was asked for.
        for (let at = start; at < end; ) {
          const from = at;
          const got = await ask<number>(path, (done) =>
            sftp.read(handle, bytes, from, end - from, from, (error, count) => done(error, count)),
          );
          if (got === 0) throw new Failure('unavailable', `${path} became shorter while it was read`);
          at += got;
        }
      }
    };
    await Promise.all(Array.from({ length: READERS }, reader));
    return bytes;
  };

  return {
    async list(folder) {
      const entries = await ask<readonly { filename: string; attrs: { size: number; mtime: number } }[]>(
        folder,
        (done) => sftp.readdir(folder, done),
      );
      return entries
        .filter((entry) => entry.filename !== '.' && entry.filename !== '..')
        .map(({ filename, attrs }) => ({ name: filename, bytes: attrs.size, modifiedMs: attrs.mtime * 1_000 }));
    },

    async read(path, maxBytes) {
      const handle = await ask<Buffer>(path, (done) => sftp.open(path, 'r', done));
      try {
        const before = await stat(path, handle);
        if (before.size > maxBytes)
          throw new Failure('rejected', `${path} has ${before.size} bytes; at most ${maxBytes} are read`);
        const bytes = await readAll(path, handle, before.size);
        // A supplier who writes in place, not by renaming, would otherwise be read half-way.
        const after = await stat(path, handle);
        if (after.size !== before.size || after.mtime !== before.mtime)
          throw new Failure('unavailable', `${path} was being written while it was read`);
        return bytes;
      } finally {
        await close(path, handle).catch(() => {});
      }
    },

    async write(path, body) {
      const cut = path.lastIndexOf('/') + 1;
      // Hidden, and not ending as the file will: a supplier who picks up *.csv does not see it.
      const draft = `${path.slice(0, cut)}.${path.slice(cut)}.${randomBytes(6).toString('hex')}.part`;
      try {
        const handle = await ask<Buffer>(path, (done) => sftp.open(draft, 'wx', done));
        if (body.length > 0)
          await ask<void>(path, (done) =>
            sftp.write(handle, body, 0, body.length, 0, (error) => done(error, undefined)),
          );
        await close(path, handle);
        await replace(draft, path);
      } catch (error) {
        await remove(draft).catch(() => {});
        throw error;
      }
    },
  };
};
