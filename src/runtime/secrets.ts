import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { Failure } from '#domain/failure.ts';

/** The place that a sealed value belongs to. An envelope moved to another place does not open. */
export interface Place {
  workspaceId: string;
  collection: string;
  documentId: string;
  field: string;
}

export interface Secrets {
  /** `v1.<key id>.<iv>.<tag>.<data>`, the last three in base64url. The text differs on every call. */
  seal(plain: string, place: Place): string;
  /**
   * Throws `bug` if the envelope was changed, belongs to another place or needs a key we do not have. The error reveals
   * nothing of the content.
   */
  open(envelope: string, place: Place): string;
  /** False if an older key sealed the envelope; seal it again. */
  isCurrent(envelope: string): boolean;
  /** `v1.<key id>.<HMAC-SHA-256>` under a key derived from the current one. */
  sign(plain: string): string;
  /** Whether one of our keys signed this text. */
  isSigned(plain: string, signature: string): boolean;
}

const VERSION = 'v1';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM. The first of `keys` seals; the others only open, so that a key can be rotated while the product runs.
 */
export const makeSecrets = (keys: readonly [Buffer, ...Buffer[]]): Secrets => {
  const ring = new Map(keys.map((key) => [keyIdOf(key), createSecretKey(key)]));
  const signingRing = new Map(keys.map((key) => [keyIdOf(key), signingKeyOf(key)]));
  const currentId = keyIdOf(keys[0]);
  const current = createSecretKey(keys[0]);
  const signing = signingKeyOf(keys[0]);

  return {
    seal(plain, place) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', current, iv, { authTagLength: TAG_BYTES });
      cipher.setAAD(associated(currentId, place));
      const data = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return [VERSION, currentId, text(iv), text(cipher.getAuthTag()), text(data)].join('.');
    },

    open(envelope, place) {
      const where = `${place.collection}.${place.field} of ${place.documentId}`;
      const [version, keyId = '', ...rest] = envelope.split('.');
      const [iv, tag, data, surplus] = rest.map(bytes);
      const whole = iv?.length === IV_BYTES && tag?.length === TAG_BYTES && data && surplus === undefined;
      if (version !== VERSION || !whole) throw new Failure('bug', `${where} is not a sealed value`);
      const key = ring.get(keyId);
      if (!key) throw new Failure('bug', `${where} is sealed with a key that this process does not have`);
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
        decipher.setAAD(associated(keyId, place));
        decipher.setAuthTag(tag);
        return Buffer.concat([decipher.update(data), decipher.final()]).toString('utf8');
      } catch {
        throw new Failure('bug', `${where} was changed after it was sealed, or was sealed for another place`);
      }
    },

    isCurrent: (envelope) => envelope.startsWith(`${VERSION}.${currentId}.`),

    sign: (plain) => [VERSION, currentId, text(macOf(signing, plain))].join('.'),

    isSigned(plain, signature) {
      const [version, keyId = '', mac = ''] = signature.split('.');
      const key = signingRing.get(keyId);
      const given = bytes(mac);
      if (version !== VERSION || !key || !given) return false;
      const expected = macOf(key, plain);
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
};

/** Identifies a key without revealing it: the first 8 characters of a hash. */
const keyIdOf = (key: Buffer): string =>
  createHash('sha256').update('crossdock key id').update(key).digest('base64url').slice(0, 8);

/** Under a key of its own purpose, so that a signature tells nothing of the key that seals. */
const signingKeyOf = (key: Buffer): KeyObject =>
  createSecretKey(createHmac('sha256', key).update('crossdock signature').digest());
const macOf = (signingKey: KeyObject, plain: string): Buffer => createHmac('sha256', signingKey).update(plain).digest();

/** Escapes each part, so that no two places have the same text. */
const associated = (keyId: string, { workspaceId, collection, documentId, field }: Place): Buffer =>
  Buffer.from([VERSION, keyId, workspaceId, collection, documentId, field].map(encodeURIComponent).join('|'));

const text = (value: Buffer): string => value.toString('base64url');

/**
 * Undefined unless this is the canonical encoding of its bytes: the decoder alone would accept changed last characters.
 */
const bytes = (value: string): Buffer | undefined => {
  const decoded = Buffer.from(value, 'base64url');
  return text(decoded) === value ? decoded : undefined;
};
