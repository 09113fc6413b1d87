import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { EcbFile, RatesPort } from '#app/ports.ts';
import { Failure } from '#domain/failure.ts';
import type { Egress } from './egress.ts';

/**
 * The ECB's files of reference rates, below `https://www.ecb.europa.eu/stats/eurofxref/` (https://pypi.org/project/sciqnt-fx-ecb/ and the
 * ECB's page of reference rates, stored copies read 2026-11-30; the server itself was not reached). `mostBytes` is some ten times what
 * each holds: one day about 1.7 kB, ninety days about 90 kB, all days since 1999 about 9 MB by our reckoning.
 */
const FILES = {
  daily: { name: 'eurofxref-daily.xml', mostBytes: 64 * 1024, timeoutMs: 20_000 },
  '90_days': { name: 'eurofxref-hist-90d.xml', mostBytes: 2 * 1024 * 1024, timeoutMs: 30_000 },
  all: { name: 'eurofxref-hist.xml', mostBytes: 32 * 1024 * 1024, timeoutMs: 120_000 },
} as const satisfies Record<EcbFile, { name: string; mostBytes: number; timeoutMs: number }>;

const unavailable = (reason: string): Failure =>
  new Failure('unavailable', `The ECB’s rates cannot be fetched: ${reason}`);

const textOf = async (response: IncomingMessage, mostBytes: number): Promise<string> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > mostBytes) throw new Failure('contract', `The ECB’s file is larger than ${mostBytes} bytes`);
    chunks.push(bytes);
  }
  if (!response.complete) throw unavailable('the answer was cut off');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new Failure('contract', 'The ECB’s file is not UTF-8');
  }
};

/**
 * Reads the ECB's files through the egress rules: once, without following redirects, within a time and a size. What does not arrive
 * whole with status 200 is `unavailable` or `contract`; what the file says is not looked at here.
 */
export const makeEcb = ({
  egress,
  url,
  source,
  maxAgeDays,
  timeoutMs,
}: {
  egress: Egress;
  /** Without a slash at its end. */
  url: string;
  source: RatesPort['source'];
  maxAgeDays: number;
  /** In place of each file's own, for tests. */
  timeoutMs?: number;
}): RatesPort => ({
  source,
  maxAgeDays,
  async read(file) {
    const { name, mostBytes, timeoutMs: usual } = FILES[file];
    const address = `${url}/${name}`;
    await egress.check(address);
    const secure = address.startsWith('https:');
    const signal = AbortSignal.timeout(timeoutMs ?? usual);
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const asked = (secure ? httpsRequest : httpRequest)(
          address,
          {
            agent: secure ? egress.agents.https : egress.agents.http,
            headers: { accept: 'application/xml, text/xml', 'user-agent': 'Crossdock/0.2' },
            signal,
          },
          resolve,
        );
        asked.once('error', reject);
        asked.end();
      });
      if (response.statusCode !== 200) {
        response.destroy();
        throw unavailable(`it answered ${response.statusCode ?? 0}`);
      }
      return await textOf(response, mostBytes);
    } catch (error) {
      if (error instanceof Failure) throw error;
      throw unavailable(signal.aborted ? 'it did not answer in time' : 'the connection failed');
    }
  },
});
