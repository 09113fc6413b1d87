import type { LookupAddress } from 'node:dns';
import { lookup as systemLookup } from 'node:dns/promises';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP, isIPv6, type LookupFunction, Socket } from 'node:net';
import { Failure } from '#domain/failure.ts';
import { isPublicAddress } from './public-address.ts';

export interface EgressOptions {
  /**
   * `host:port` pairs that may be called although they are private or plain http, with the host spelled as in a URL.
   */
  allow: readonly string[];
  /** Resolves all addresses of a name. Default: the system resolver. */
  resolve?(host: string): Promise<readonly LookupAddress[]>;
}

export interface Egress {
  /** Keep-alive agents for the whole process. They open sockets only to addresses that the rules allow. */
  agents: { http: HttpAgent; https: HttpsAgent };
  /**
   * For other clients, such as SFTP: resolves a name for a connection to `port`. Literal addresses do not come here:
   * use `checkHost` for them.
   */
  lookup(port: number): LookupFunction;
  /** Throws `rejected` unless this URL may be called now; `unavailable` if its name cannot be resolved. */
  check(url: string): Promise<void>;
  /** The same check for a host and port without a URL, as for SFTP. */
  checkHost(host: string, port: number): Promise<void>;
  /** Closes idle sockets. */
  close(): void;
}

const PORTS: readonly number[] = [80, 443, 8443];
const FILE_PORTS: readonly number[] = [22, 2222];
const MAX_URL = 2_048;

/** One message for every reason, so that a response reveals nothing about our network. */
const refusal = (): Error =>
  Object.assign(new Error('This address may not be called: only public hosts over https may, on their usual ports'), {
    // The kit's client treats a request with this code as never sent.
    code: 'EEGRESS',
  });

/**
 * Decides what this process may connect to. Each connection resolves the name once, requires every address to be public
 * and connects to an address that was checked, so DNS rebinding does not work. Redirects are not followed.
 */
export const makeEgress = ({ allow, resolve = resolveAll }: EgressOptions): Egress => {
  const allowed = new Set(allow);
  const isAllowed = (host: string, port: number): boolean =>
    allowed.has(`${isIPv6(host) ? `[${host}]` : host.toLowerCase()}:${port}`);

  /** Throws EEGRESS if the host and port alone are not allowed. */
  const requireAllowed = (host: string, port: number, ports: readonly number[], secure: boolean): void => {
    if (isAllowed(host, port)) return;
    if (!secure || !ports.includes(port) || (isIP(host) !== 0 && !isPublicAddress(host))) throw refusal();
  };

  /** The addresses to connect to, all checked. */
  const addressesOf = async (host: string, port: number): Promise<readonly LookupAddress[]> => {
    const found = await resolve(host);
    if (found.length === 0) throw Object.assign(new Error('The name has no address'), { code: 'ENOTFOUND' });
    if (!isAllowed(host, port) && !found.every(({ address }) => isPublicAddress(address))) throw refusal();
    return found;
  };

  const lookup =
    (port: number): LookupFunction =>
    (host, options, callback) => {
      const family = options.family === 'IPv4' ? 4 : options.family === 'IPv6' ? 6 : (options.family ?? 0);
      addressesOf(host, port).then(
        (all) => {
          const fitting = all.filter((one) => family === 0 || one.family === family);
          const [first] = fitting;
          if (!first) return callback(Object.assign(new Error('No address of this family'), { code: 'ENOTFOUND' }), []);
          if (options.all) return callback(null, [...fitting]);
          return callback(null, first.address, first.family);
        },
        (error) => callback(error, []),
      );
    };

  const guard = (agent: HttpAgent, secure: boolean): void => {
    const connect = agent.createConnection.bind(agent);
    // Checked here as well as in `lookup`, because a literal address is never looked up.
    agent.createConnection = (options, callback) => {
      const port = Number(options.port ?? (secure ? 443 : 80));
      try {
        if (options.socketPath) throw refusal();
        requireAllowed(options.host ?? 'localhost', port, PORTS, secure);
      } catch (error) {
        // Throwing here would bypass the request's error event. The socket is a placeholder that never connects.
        callback?.(error instanceof Error ? error : refusal(), new Socket());
        return undefined;
      }
      return connect({ ...options, lookup: lookup(port) }, callback);
    };
  };

  // Most servers close idle connections after a while; keeping one longer means a reset in the middle of a write.
  const agents = {
    http: new HttpAgent({ keepAlive: true, timeout: 15_000 }),
    https: new HttpsAgent({ keepAlive: true, timeout: 15_000 }),
  };
  guard(agents.http, false);
  guard(agents.https, true);

  const asFailure = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEGRESS')
        throw new Failure('rejected', error.message);
      throw new Failure('unavailable', 'The host’s name cannot be resolved');
    }
  };

  return {
    agents,
    lookup,
    check: (text) =>
      asFailure(async () => {
        const url = URL.parse(text);
        const web = url?.protocol === 'https:' || url?.protocol === 'http:';
        // The URL parser drops control characters, so the URL called would differ from the URL written.
        if (!url || !web || text.length > MAX_URL || /\p{Cc}/u.test(text)) throw refusal();
        if (url.username !== '' || url.password !== '') throw refusal();
        const secure = url.protocol === 'https:';
        const host = url.hostname.replace(/^\[|\]$/g, '');
        const port = Number(url.port || (secure ? 443 : 80));
        requireAllowed(host, port, PORTS, secure);
        if (isIP(host) === 0) await addressesOf(host, port);
      }),
    checkHost: (host, port) =>
      asFailure(async () => {
        requireAllowed(host, port, FILE_PORTS, true);
        if (isIP(host) === 0) await addressesOf(host, port);
      }),
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
};

const resolveAll = (host: string): Promise<readonly LookupAddress[]> => systemLookup(host, { all: true });
