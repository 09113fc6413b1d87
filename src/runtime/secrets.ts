import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { Failure } from '#domain/failure.ts';

/** Where a sealed value belongs. An envelope that is moved anywhere else does not open. */
export interface Place {
  workspaceId: string;
  collection: string;
  documentId: string;
  field: string;
}

export interface Secrets {
  /** `v1.<key id>.<iv>.<tag>.<data>`, the last three in base64url. Another text each time. */
  seal(plain: string, place: Place): string;
  /** Throws `bug` when the envelope was changed, belongs elsewhere or needs a key that we do not have; says nothing of what is inside. */
  open(envelope: string, place: Place): string;
  /** False when the envelope was sealed with an older key and should be sealed again. */
  isCurrent(envelope: string): boolean;
}

const VERSION = 'v1';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM under the first of `keys`; the others only open, so that a key can be changed while the product runs. */
export const makeSecrets = (keys: readonly [Buffer, ...Buffer[]]): Secrets => {
  const ring = new Map(keys.map((key) => [keyIdOf(key), key]));
  const currentId = keyIdOf(keys[0]);
  const [current] = keys;

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
  };
};

/** Says which key without saying anything of it: the first 8 characters of a hash. */
const keyIdOf = (key: Buffer): string =>
  createHash('sha256').update('crossdock key id').update(key).digest('base64url').slice(0, 8);

/** Each part is escaped, so that no two places share one text. */
const associated = (keyId: string, { workspaceId, collection, documentId, field }: Place): Buffer =>
  Buffer.from([VERSION, keyId, workspaceId, collection, documentId, field].map(encodeURIComponent).join('|'));

const text = (value: Buffer): string => value.toString('base64url');

/** Undefined unless this is the one spelling of its bytes: a decoder alone lets changed last characters pass. */
const bytes = (value: string): Buffer | undefined => {
  const decoded = Buffer.from(value, 'base64url');
  return text(decoded) === value ? decoded : undefined;
};
