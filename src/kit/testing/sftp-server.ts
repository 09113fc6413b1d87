import ssh2, { type Connection, type SFTPWrapper } from 'ssh2';
import type { Clock } from '#domain/clock.ts';
import type { SandboxDb } from './sandbox-db.ts';
import { FAULTS, type Fault, type FaultScript, seeded } from './sandbox-server.ts';

/** The files behind a sandbox, however they are reached. Paths have no slash in front. Synchronous: an effect is one transaction. */
export interface SandboxFolder {
  read(path: string): { bytes: Buffer; modifiedMs: number } | null;
  /** A whole file under its name. Null when taken, else why not. */
  put(path: string, bytes: Buffer): string | null;
  remove(path: string): boolean;
  /** Names in a folder. */
  list(folder: string): readonly string[];
}

export interface SftpServerOptions {
  name: string;
  clock: Clock;
  db: SandboxDb;
  folder: SandboxFolder;
  user: string;
  password: string;
  port?: number;
}

export interface SftpServer {
  host: string;
  port: number;
  hostKeySha256: string;
  /**
   * A request is a file opened to be read (`GET`), a file that appears under its name by a rename (`PUT`, and `body` is what it
   * brings), a listing (`LIST`) or a removal (`DELETE`).
   */
  faults: FaultScript;
  requests(): readonly { method: string; path: string; status: number }[];
  close(): Promise<void>;
}

const { STATUS_CODE, OPEN_MODE } = ssh2.utils.sftp;

/** What each fault is in a protocol without HTTP's statuses: whether the request takes effect, and what is said of it then. */
const FATES: Readonly<Record<Fault, { effect: boolean; ending: 'refuse' | 'drop' | 'silence' | 'cut' }>> = {
  '429': { effect: false, ending: 'refuse' },
  '500': { effect: false, ending: 'refuse' },
  '503_html': { effect: false, ending: 'drop' },
  '200_html': { effect: false, ending: 'refuse' },
  reset: { effect: false, ending: 'drop' },
  hang: { effect: false, ending: 'silence' },
  truncated: { effect: true, ending: 'cut' },
  '500_after_commit': { effect: true, ending: 'refuse' },
  reset_after_commit: { effect: true, ending: 'drop' },
  hang_after_commit: { effect: true, ending: 'silence' },
};

interface Open {
  path: string;
  kind: 'read' | 'write' | 'list';
  bytes: Buffer;
  modifiedMs: number;
  names: readonly string[];
  /** The connection breaks half-way through this file. */
  cut: boolean;
}

const plain = (path: string): string => path.replace(/^(\.?\/)+/, '').replace(/\/+$/, '');

/** A real SSH server on loopback that serves `folder` over SFTP to one user, with a host key of its own made at start. */
export const serveSftp = async (options: SftpServerOptions): Promise<SftpServer> => {
  const { clock, db, folder } = options;
  const key = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 });
  const hash = await crypto.subtle.digest('SHA-256', Buffer.from(key.public.split(' ')[1] ?? '', 'base64'));
  const { faults, draw } = faultScript();
  const seen: { method: string; path: string; status: number }[] = [];
  const connections = new Set<Connection>();
  /** Files being written, as a reader sees them meanwhile. */
  const drafts = new Map<string, Open>();

  const serve = (sftp: SFTPWrapper, connection: Connection): void => {
    const handles = new Map<number, Open>();
    let handleCount = 0;
    const mine = (handle: Buffer): Open | undefined => handles.get(handle.length === 4 ? handle.readUInt32BE(0) : -1);
    const give = (id: number, open: Open): void => {
      handleCount += 1;
      handles.set(handleCount, open);
      const handle = Buffer.alloc(4);
      handle.writeUInt32BE(handleCount, 0);
      sftp.handle(id, handle);
    };
    const attributes = ({ bytes, modifiedMs }: { bytes: Buffer; modifiedMs: number }) => {
      const seconds = Math.floor(modifiedMs / 1_000);
      return { mode: 0o100644, uid: 0, gid: 0, size: bytes.length, atime: seconds, mtime: seconds };
    };
    const look = (path: string) => drafts.get(path) ?? folder.read(path);

    /** Lets `work` have its effect and `answer` its say, unless a fault has been scripted. */
    const request = <T>(
      id: number,
      [method, path, body]: readonly [string, string, string],
      work: () => { status: number; value: T },
      answer: (value: T, cut: boolean) => void,
    ): void => {
      const fault = draw(method, path, body);
      const fate = fault ? FATES[fault] : null;
      const done = fate && !fate.effect ? null : db.transaction(work);
      const code = fate && fate.ending !== 'cut' ? STATUS_CODE.FAILURE : (done?.status ?? STATUS_CODE.FAILURE);
      seen.push({ method, path: `/${path}`, status: HTTP_STATUS[code] ?? 500 });
      if (seen.length > 5_000) seen.splice(0, 2_500);
      if (fate?.ending === 'drop') connection.end();
      else if (fate?.ending === 'silence') return;
      else if (fate?.ending === 'refuse') sftp.status(id, STATUS_CODE.FAILURE, 'Failure');
      else if (done && done.status === STATUS_CODE.OK) answer(done.value, fate?.ending === 'cut');
      else sftp.status(id, code);
    };
    const statusOf = (ok: boolean, otherwise: number) => ({ status: ok ? STATUS_CODE.OK : otherwise, value: null });
    const say = (id: number) => () => sftp.status(id, STATUS_CODE.OK);

    sftp.on('OPEN', (id, name, flags) => {
      const path = plain(name);
      if (flags & OPEN_MODE.WRITE) {
        if (flags & OPEN_MODE.EXCL && look(path)) return sftp.status(id, STATUS_CODE.FAILURE);
        const open: Open = {
          path,
          kind: 'write',
          bytes: Buffer.alloc(0),
          modifiedMs: clock.now(),
          names: [],
          cut: false,
        };
        drafts.set(path, open);
        return give(id, open);
      }
      request(
        id,
        ['GET', path, ''],
        () => {
          const value = look(path);
          return { status: value ? STATUS_CODE.OK : STATUS_CODE.NO_SUCH_FILE, value };
        },
        (file, cut) => {
          if (file) give(id, { path, kind: 'read', bytes: file.bytes, modifiedMs: file.modifiedMs, names: [], cut });
        },
      );
    });
    sftp.on('READ', (id, handle, offset, length) => {
      const open = mine(handle);
      if (open?.kind !== 'read') return sftp.status(id, STATUS_CODE.FAILURE);
      if (open.cut && offset + length > open.bytes.length / 2) return connection.end();
      if (offset >= open.bytes.length) return sftp.status(id, STATUS_CODE.EOF);
      sftp.data(id, open.bytes.subarray(offset, offset + length));
    });
    sftp.on('WRITE', (id, handle, offset, data) => {
      const open = mine(handle);
      if (open?.kind !== 'write') return sftp.status(id, STATUS_CODE.FAILURE);
      const size = Math.max(open.bytes.length, offset + data.length);
      const grown = Buffer.concat([open.bytes, Buffer.alloc(size - open.bytes.length)], size);
      data.copy(grown, offset);
      open.bytes = grown;
      sftp.status(id, STATUS_CODE.OK);
    });
    sftp.on('CLOSE', (id, handle) => {
      const open = mine(handle);
      if (!open) return sftp.status(id, STATUS_CODE.FAILURE);
      handles.delete(handle.readUInt32BE(0));
      if (open.kind !== 'write') return sftp.status(id, STATUS_CODE.OK);
      drafts.delete(open.path);
      const refused = db.transaction(() => folder.put(open.path, open.bytes));
      if (refused === null) sftp.status(id, STATUS_CODE.OK);
      else sftp.status(id, STATUS_CODE.PERMISSION_DENIED, refused);
    });
    sftp.on('FSTAT', (id, handle) => {
      const open = mine(handle);
      if (open) sftp.attrs(id, attributes(open));
      else sftp.status(id, STATUS_CODE.FAILURE);
    });
    const stat = (id: number, name: string): void => {
      const file = look(plain(name));
      if (file) sftp.attrs(id, attributes(file));
      else sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
    };
    sftp.on('STAT', stat);
    sftp.on('LSTAT', stat);
    sftp.on('RENAME', (id, from, to) => {
      const [source, target] = [plain(from), plain(to)];
      const file = folder.read(source);
      request(
        id,
        ['PUT', target, file?.bytes.toString('utf8') ?? ''],
        () => {
          // Version 3 of the protocol does not rename over a file that is there.
          if (!file || look(target)) return statusOf(false, file ? STATUS_CODE.FAILURE : STATUS_CODE.NO_SUCH_FILE);
          const refused = folder.put(target, file.bytes);
          if (refused === null) folder.remove(source);
          return statusOf(refused === null, STATUS_CODE.PERMISSION_DENIED);
        },
        say(id),
      );
    });
    sftp.on('REMOVE', (id, name) => {
      const path = plain(name);
      request(id, ['DELETE', path, ''], () => statusOf(folder.remove(path), STATUS_CODE.NO_SUCH_FILE), say(id));
    });
    sftp.on('OPENDIR', (id, name) => {
      const path = plain(name);
      request(
        id,
        ['LIST', path, ''],
        () => ({ status: STATUS_CODE.OK, value: folder.list(path) }),
        (names) => give(id, { path, kind: 'list', bytes: Buffer.alloc(0), modifiedMs: 0, names, cut: false }),
      );
    });
    sftp.on('READDIR', (id, handle) => {
      const open = mine(handle);
      if (!open || open.names.length === 0) return sftp.status(id, STATUS_CODE.EOF);
      const { path, names } = open;
      open.names = [];
      sftp.name(
        id,
        names.map((filename) => {
          const file = folder.read(path === '' ? filename : `${path}/${filename}`);
          return { filename, longname: filename, attrs: attributes(file ?? { bytes: Buffer.alloc(0), modifiedMs: 0 }) };
        }),
      );
    });
    sftp.on('REALPATH', (id, name) => {
      const filename = `/${plain(name)}`;
      const attrs = attributes({ bytes: Buffer.alloc(0), modifiedMs: 0 });
      sftp.name(id, [{ filename, longname: filename, attrs }]);
    });
    // A connection that ends in the middle of a write leaves what it wrote lying about, as a real server does.
    connection.on('close', () => {
      for (const open of handles.values()) {
        if (open.kind !== 'write') continue;
        drafts.delete(open.path);
        db.transaction(() => folder.put(open.path, open.bytes));
      }
    });
  };

  const server = new ssh2.Server({ hostKeys: [key.private] }, (connection) => {
    connections.add(connection);
    // There, but not in the types.
    if ('setNoDelay' in connection && typeof connection.setNoDelay === 'function') connection.setNoDelay(true);
    connection.on('close', () => connections.delete(connection));
    // A client that goes away is no trouble of the server's.
    connection.on('error', () => {});
    connection.on('authentication', (context) => {
      const known =
        context.method === 'password' && context.username === options.user && context.password === options.password;
      if (known) context.accept();
      else context.reject(['password']);
    });
    connection.on('session', (accept) => {
      accept().on('sftp', (open) => serve(open(), connection));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', () => resolve());
  });
  const address = server.address();

  return {
    host: '127.0.0.1',
    port: typeof address === 'object' && address ? address.port : 0,
    hostKeySha256: Buffer.from(hash).toString('base64').replace(/=+$/, ''),
    faults,
    requests: () => seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const connection of connections) connection.end();
      }),
  };
};

/** The nearest of HTTP's statuses, so that a report reads alike for both kinds of sandbox. */
const HTTP_STATUS: Readonly<Record<number, number>> = {
  [STATUS_CODE.OK]: 200,
  [STATUS_CODE.NO_SUCH_FILE]: 404,
  [STATUS_CODE.PERMISSION_DENIED]: 403,
  [STATUS_CODE.FAILURE]: 500,
};

const faultScript = () => {
  let planned: { fault: Fault; method?: string; path?: RegExp; body?: RegExp; left: number; met: number }[] = [];
  let chance: { probability: number; faults: readonly Fault[]; draw: () => number } | null = null;
  const faults: FaultScript = {
    next(fault, match = {}) {
      const plan = { fault, ...match, left: match.times ?? 1, met: 0 };
      planned.push(plan);
      return { met: () => plan.met };
    },
    randomly(probability, seed, some = FAULTS.filter((f) => !f.startsWith('hang'))) {
      chance = probability === 0 ? null : { probability, faults: some, draw: seeded(seed) };
    },
    clear() {
      planned = [];
      chance = null;
    },
  };
  const draw = (method: string, path: string, body: string): Fault | null => {
    const plan = planned.find(
      (p) => (p.method ?? method) === method && (p.path?.test(`/${path}`) ?? true) && (p.body?.test(body) ?? true),
    );
    if (plan) {
      plan.left -= 1;
      plan.met += 1;
      planned = planned.filter((p) => p.left > 0);
      return plan.fault;
    }
    if (!chance || chance.draw() >= chance.probability) return null;
    return chance.faults[Math.floor(chance.draw() * chance.faults.length)] ?? null;
  };
  return { faults, draw };
};
