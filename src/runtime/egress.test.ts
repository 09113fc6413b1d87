import { createHook } from 'node:async_hooks';
import { createServer, get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { toFailure } from '#domain/failure.ts';
import { type Egress, makeEgress } from './egress.ts';

/** Counts every connection attempt of this process, before a packet is sent. */
const connects = { count: 0 };
createHook({
  init(_id, type) {
    if (type === 'TCPCONNECTWRAP' || type === 'PIPECONNECTWRAP' || type === 'UDPSENDWRAP') connects.count += 1;
  },
}).enable();

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});
const egressOf = (options: Partial<Parameters<typeof makeEgress>[0]> = {}): Egress => {
  const egress = makeEgress({ allow: [], resolve: async () => [{ address: '127.0.0.1', family: 4 }], ...options });
  ends.push(egress.close);
  return egress;
};
const localServer = async () => {
  let sockets = 0;
  const server = createServer((_request, response) => response.end('here'));
  server.on('connection', () => {
    sockets += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { port: typeof address === 'object' && address ? address.port : 0, sockets: () => sockets };
};

const refusalOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
  } catch (error) {
    return `${toFailure(error).code}: ${toFailure(error).message}`;
  }
  return 'allowed';
};

/** Sends a request through the agents and returns the response text or the error code. */
const request = (egress: Egress, url: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const secure = url.startsWith('https:');
    const options = { agent: secure ? egress.agents.https : egress.agents.http };
    const sent = (secure ? httpsGet : httpGet)(url, options, (response) => {
      response.setEncoding('utf8');
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    });
    sent.on('error', (error) => ('code' in error ? resolve(String(error.code)) : reject(error)));
  });

const HOSTS = [
  '127.0.0.1',
  '127.1',
  '0',
  '0.0.0.0',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '017700000001',
  '127.000.000.001',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[0:0:0:0:0:ffff:a9fe:a9fe]',
  '[64:ff9b::7f00:1]',

  '[64:ff9b:1::a00:1]',
  '[2002:7f00:1::]',
  '[2001:0:4136:e378::1]',
  '[fc00::1]',
  '[fec0::1]',
  '[ff02::1]',
  '[100::1]',

  '[2001:db8::1]',
  '[5f00::1]',
  '169.254.169.254',
  '[fd00:ec2::254]',
  '100.100.100.200',
  '192.0.0.192',
  '168.63.129.16',

  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.0.1',
  '100.64.0.1',
  '198.18.0.1',
  '192.0.2.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '①②⑦.⓪.⓪.①',
  '127。0。0。1',
];
const NAMES = [
  'localhost',
  'localhost.',
  'LOCALHOST',
  'foo.localhost',
  'ⓛocalhost',
  'metadata.google.internal',
  '169.254.169.254.nip.io',
  'good.com@127.0.0.1',
  'user:pw@127.0.0.1',
  '127.0.0.1:80%2f@good.com',
];
const NOT_WEB = [
  'file:///etc/passwd',
  'ftp://good.com/',
  'gopher://good.com/',
  'dict://good.com/',
  'ldap://good.com/',

  'data:text/plain,x',
  'jar:http://good.com!/',
  'blob:https://good.com/1',
  'javascript:1',
  'unix:/var/run/docker.sock',

  '//127.0.0.1',
  '/relative',
  '',
  'https://[fe80::1%25eth0]/',
  'https://good.com\r\nHost: x/',
  'https://',
  'https://a b/',
  `https://good.com/${'a'.repeat(65_536)}`,
  ...[0, 25, 6379, 27017, 65536].map((port) => `https://good.com:${port}/`),
  'http://good.com/',
  'https://good.com:22/',
  'https://user:pw@good.com/',
  'https://user@good.com/',
];
const publicName = async () => [{ address: '8.8.8.8', family: 4 }];

describe('the corpus of addresses that must not be called', () => {
  it('is refused by check, all with one text, and opens nothing', async () => {
    const egress = egressOf();
    const before = connects.count;
    const texts = new Set<string>();
    for (const host of [...HOSTS, ...NAMES])
      for (const scheme of ['http', 'https'])
        for (const port of ['', ':443', ':8443', ':6379'])
          texts.add(await refusalOf(egress.check(`${scheme}://${host}${port}/`)));
    for (const tail of ['#@127.0.0.1', '\\@127.0.0.1'])
      texts.add(await refusalOf(egress.check(`https://good.com${tail}`)));
    const open = egressOf({ resolve: publicName });
    for (const url of NOT_WEB) texts.add(await refusalOf(open.check(url)));
    expect([...texts]).toEqual([
      'rejected: This address may not be called: only public hosts over https may, on their usual ports',
    ]);
    expect(connects.count).toBe(before);
  });

  it('is refused by the agents themselves, before a packet leaves', async () => {
    const egress = egressOf();
    const before = connects.count;
    const codes = new Set<string>();
    for (const host of [...HOSTS, 'localhost', 'localhost.', 'foo.localhost', 'metadata.google.internal'])
      for (const scheme of ['http', 'https']) codes.add(await request(egress, `${scheme}://${host}/`));
    expect([...codes]).toEqual(['EEGRESS']);
    expect(connects.count).toBe(before);
  });

  it('is refused on a port where something listens with the same words as where nothing does', async () => {
    const { port, sockets } = await localServer();
    const egress = egressOf();
    const open = await refusalOf(egress.check(`https://127.0.0.1:${port}/`));
    expect(open).toBe(await refusalOf(egress.check('https://127.0.0.1:1/')));
    expect(await request(egress, `http://localhost:${port}/`)).toBe('EEGRESS');
    expect(sockets()).toBe(0);
  });
});

describe('names', () => {
  it('are refused when any one of their addresses is not public', async () => {
    const mixed = egressOf({
      resolve: async () => [
        { address: '8.8.8.8', family: 4 },
        { address: '10.0.0.1', family: 4 },
      ],
    });
    expect(await refusalOf(mixed.check('https://shop.example/'))).toMatch(/^rejected/);
    expect(await request(mixed, 'https://shop.example/')).toBe('EEGRESS');
  });

  it('are resolved again for each connection: one that has become private is refused', async () => {
    const answers = ['8.8.8.8', '127.0.0.1'];
    const rebinding = egressOf({ resolve: async () => [{ address: answers.shift() ?? '127.0.0.1', family: 4 }] });
    expect(await refusalOf(rebinding.check('https://shop.example/'))).toBe('allowed');
    const before = connects.count;
    expect(await request(rebinding, 'https://shop.example/')).toBe('EEGRESS');
    expect(connects.count).toBe(before);
  });

  it('that cannot be resolved are a passing trouble, not a refusal', async () => {
    const lost = egressOf({
      resolve: async () => {
        throw Object.assign(new Error('getaddrinfo'), { code: 'EAI_AGAIN' });
      },
    });
    expect(await refusalOf(lost.check('https://shop.example/'))).toMatch(/^unavailable/);
    expect(await request(lost, 'https://shop.example/')).toBe('EAI_AGAIN');
    expect(await request(egressOf({ resolve: async () => [] }), 'https://shop.example/')).toBe('ENOTFOUND');
  });

  it('with public addresses may be called on the usual ports', async () => {
    const open = egressOf({ resolve: publicName });
    for (const url of [
      'https://shop.example/',
      'https://shop.example:8443/a?b=c',
      'https://8.8.8.8/',
      'https://shop.example:80/',
    ])
      expect(await refusalOf(open.check(url))).toBe('allowed');
    expect(await refusalOf(open.checkHost('files.example', 22))).toBe('allowed');
    expect(await refusalOf(open.checkHost('files.example', 2222))).toBe('allowed');
    expect(await refusalOf(open.checkHost('files.example', 21))).toMatch(/^rejected/);
    expect(await refusalOf(open.checkHost('127.0.0.1', 22))).toMatch(/^rejected/);
    expect(await refusalOf(egressOf().checkHost('files.example', 22))).toMatch(/^rejected/);
  });
});

describe('the allow-list', () => {
  it('opens exactly the host and port it names, and connects to the address that was checked', async () => {
    const { port, sockets } = await localServer();
    const asked: string[] = [];
    const before = connects.count;
    const egress = egressOf({
      allow: [`shop.lan:${port}`, `127.0.0.1:${port}`],
      resolve: async (host) => {
        asked.push(host);
        return [{ address: '127.0.0.1', family: 4 }];
      },
    });
    expect(await request(egress, `http://shop.lan:${port}/`)).toBe('here');
    expect(asked).toEqual(['shop.lan']);
    expect(await request(egress, `http://shop.lan:${port}/`)).toBe('here');
    // Keep-alive: the second request used the socket of the first.
    expect([asked.length, sockets(), connects.count - before]).toEqual([1, 1, 1]);
    expect(await request(egress, `http://127.0.0.1:${port}/`)).toBe('here');
    expect(await request(egress, `http://other.lan:${port}/`)).toBe('EEGRESS');
    expect(await request(egress, 'http://shop.lan/')).toBe('EEGRESS');
    expect(await refusalOf(egress.check(`http://SHOP.lan:${port}/x`))).toBe('allowed');
    expect(await refusalOf(egress.check(`http://user:pw@shop.lan:${port}/`))).toMatch(/^rejected/);
  });

  it('serves other clients by lookup, for the one port', async () => {
    const { port } = await localServer();
    const egress = egressOf({ allow: [`shop.lan:${port}`] });
    const outcome = (lookup: ReturnType<Egress['lookup']>) =>
      new Promise((resolve) => {
        const socket = connect({ host: 'shop.lan', port, lookup });
        socket.once('connect', () => resolve('connected')).once('error', (error) => resolve(error.message));
        ends.push(() => socket.destroy());
      });
    expect(await outcome(egress.lookup(port))).toBe('connected');
    expect(await outcome(egress.lookup(22))).toMatch(/may not be called/);
  });
});
