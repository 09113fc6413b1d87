import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** What a TLS server needs, as PEM. */
export interface Identity {
  key: string;
  cert: string;
}

/** A certificate authority of one sandbox: `cert` is what a client is told to trust. */
export interface Authority {
  cert: string;
  /** A certificate for a server at these names and IPv4 addresses. */
  issue(hosts: { names: readonly string[]; addresses: readonly string[] }): Identity;
}

// ASN.1 in DER, as much of it as a certificate needs (RFC 5280, X.690).

const tagged = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
};
const sequence = (...parts: readonly Buffer[]) => tagged(0x30, ...parts);
const octets = (content: Buffer) => tagged(0x04, content);
const bits = (content: Buffer, unused = 0) => tagged(0x03, Buffer.from([unused]), content);
const truth = tagged(0x01, Buffer.from([0xff]));
const integer = (content: Buffer) => tagged(0x02, content);
const base128 = (value: number): number[] => {
  const digits = [value & 0x7f];
  for (let left = value >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
  return digits;
};
const oid = (text: string): Buffer => {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
};

const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
/** No clock is asked: a sandbox may run in any year that its clock says, and its clients in this one. */
const VALIDITY = sequence(
  ...['000101000000Z', '491231235959Z'].map((time) => tagged(0x17, Buffer.from(time, 'ascii'))),
);
const nameOf = (commonName: string) =>
  sequence(tagged(0x31, sequence(oid('2.5.4.3'), tagged(0x0c, Buffer.from(commonName, 'utf8')))));

const extension = (id: string, value: Buffer, critical = false) =>
  sequence(oid(id), ...(critical ? [truth] : []), octets(value));
const keyUsage = (flags: number, unused: number) => extension('2.5.29.15', bits(Buffer.from([flags]), unused), true);

const makeKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const publicDer = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });
/** Any number that is the key's own will do (RFC 5280, 4.2.1.2). */
const keyId = (key: KeyObject): Buffer => createHash('sha256').update(publicDer(key)).digest().subarray(0, 20);

const certificate = (input: {
  issuer: string;
  issuerKey: KeyObject;
  subject: string;
  subjectKey: KeyObject;
  extensions: readonly Buffer[];
}): string => {
  // Positive, not zero, of at most 20 bytes.
  const serial = Buffer.concat([Buffer.from([0x01]), randomBytes(15)]);
  const content = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    ECDSA_WITH_SHA256,
    nameOf(input.issuer),
    VALIDITY,
    nameOf(input.subject),
    publicDer(input.subjectKey),
    tagged(0xa3, sequence(extension('2.5.29.14', octets(keyId(input.subjectKey))), ...input.extensions)),
  );
  const der = sequence(content, ECDSA_WITH_SHA256, bits(sign('sha256', content, input.issuerKey)));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
};

/** A new certificate authority with a key (ECDSA P-256) that only this process has, and that is never written down. */
export const makeAuthority = (commonName: string): Authority => {
  const own = makeKeys();
  const authorityId = extension('2.5.29.35', sequence(tagged(0x80, keyId(own.publicKey))));
  return {
    cert: certificate({
      issuer: commonName,
      issuerKey: own.privateKey,
      subject: commonName,
      subjectKey: own.publicKey,
      // It may sign certificates and nothing below it may (CA true, path length 0; keyCertSign and cRLSign).
      extensions: [extension('2.5.29.19', sequence(truth, integer(Buffer.from([0]))), true), keyUsage(0b0000_0110, 1)],
    }),
    issue({ names, addresses }) {
      const { publicKey, privateKey } = makeKeys();
      const alternatives = [
        ...names.map((name) => tagged(0x82, Buffer.from(name, 'ascii'))),
        ...addresses.map((address) => tagged(0x87, Buffer.from(address.split('.').map(Number)))),
      ];
      return {
        key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        cert: certificate({
          issuer: commonName,
          issuerKey: own.privateKey,
          subject: names[0] ?? addresses[0] ?? 'server',
          subjectKey: publicKey,
          extensions: [
            extension('2.5.29.19', sequence(), true),
            keyUsage(0b1000_0000, 7),
            extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'))),
            extension('2.5.29.17', sequence(...alternatives)),
            authorityId,
          ],
        }),
      };
    },
  };
};
