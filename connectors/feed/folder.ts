import { type Context, Failure, type Files } from '#kit';
import type { Credentials, Settings } from './manifest.ts';

export type Feed = Context<Credentials, Settings>;

/** The supplier's folder, the same over either protocol. `read` throws `not_found` for a file that is not there. */
export type Folder = Pick<Files, 'read' | 'write'>;

const overHttp = ({ http }: Feed): Folder => {
  const encode = (path: string) => path.split('/').map(encodeURIComponent).join('/');
  return {
    async read(path, maxBytes) {
      const { text } = await http.send({
        method: 'GET',
        path: encode(path),
        headers: { accept: 'text/csv, */*;q=0.5' },
        // The bytes, not what a client takes them to say: the encoding is in the settings.
        encoding: 'latin1',
      });
      if (text.length > maxBytes)
        throw new Failure('rejected', `${path} has ${text.length} bytes; at most ${maxBytes} are read`);
      return Buffer.from(text, 'latin1');
    },
    async write(path, body) {
      const text = { body: body.toString('utf8'), type: 'text/csv; charset=utf-8' };
      await http.send({ method: 'PUT', path: encode(path), text });
    },
  };
};

const WAYS = {
  https: <T>(context: Feed, work: (folder: Folder) => Promise<T>) => work(overHttp(context)),
  sftp: <T>(context: Feed, work: (folder: Folder) => Promise<T>) => context.files(work),
} as const;

/** Runs `work` with the supplier's folder open: one session for all its files where the protocol has sessions. */
export const withFolder = <T>(context: Feed, work: (folder: Folder) => Promise<T>): Promise<T> =>
  WAYS[context.credentials.protocol](context, work);
