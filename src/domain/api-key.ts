import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Crockford's base 32: 32 signs, so that each random byte gives five unbiased bits. */
const SIGNS = '0123456789abcdefghjkmnpqrstvwxyz';
const ID_SIGNS = 12;
const SECRET_SIGNS = 32;
const CHECK_SIGNS = 6;
const KEY = new RegExp(
  `^xd_(([\\w-]{1,64})\\.[0-9a-z]{${ID_SIGNS}})_([0-9a-z]{${SECRET_SIGNS}})([0-9a-z]{${CHECK_SIGNS}})$`,
);

const signs = (bytes: Buffer, count: number): string =>
  Array.from(bytes.subarray(0, count), (byte) => SIGNS[byte & 31]).join('');
const checksum = (body: string): string => signs(createHash('sha256').update(`check ${body}`).digest(), CHECK_SIGNS);

/** What is stored of a key: hex of SHA-256. A key has 160 random bits, so that no slow hash is needed. */
export const hashOfKey = (key: string): string => createHash('sha256').update(key).digest('hex');

/**
 * A new key of a workspace: `xd_<id>_<secret><checksum>`. The key is to be shown once; `id` (the record's `_id`, which begins
 * with the workspace's) and `hash` are what is stored.
 */
export const mintKey = (workspaceId: string): { key: string; id: string; hash: string } => {
  const id = `${workspaceId}.${signs(randomBytes(ID_SIGNS), ID_SIGNS)}`;
  const body = `xd_${id}_${signs(randomBytes(SECRET_SIGNS), SECRET_SIGNS)}`;
  const key = `${body}${checksum(body)}`;
  if (!KEY.test(key)) throw new Error('a workspace id of letters, digits, - and _ is needed to mint a key');
  return { key, id, hash: hashOfKey(key) };
};

/** The parts of a key by which its record is found; null for what cannot be a key, typos included, without the database. */
export const readKey = (key: string): { id: string; workspaceId: string } | null => {
  const [, id, workspaceId, , check] = KEY.exec(key) ?? [];
  if (id === undefined || workspaceId === undefined || check === undefined) return null;
  return checksum(key.slice(0, -CHECK_SIGNS)) === check ? { id, workspaceId } : null;
};

/** In constant time. */
export const keyMatches = (key: string, hash: string): boolean => {
  const given = Buffer.from(hashOfKey(key));
  const stored = Buffer.from(hash);
  return given.length === stored.length && timingSafeEqual(given, stored);
};
