/** The settings as data. `read` throws if the text is not what `wanted` describes; an empty default means unset. */

const oneOf =
  <const T extends string>(...names: readonly T[]) =>
  (text: string): T => {
    const found = names.find((name) => name === text);
    if (found === undefined) throw new Error();
    return found;
  };

const whole =
  (from: number, to: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < from || value > to) throw new Error();
    return value;
  };

const matching =
  (pattern: RegExp) =>
  (text: string): string => {
    if (!pattern.test(text)) throw new Error();
    return text;
  };

const optional =
  <T>(read: (text: string) => T) =>
  (text: string): T | null =>
    text === '' ? null : read(text);

const list =
  <T>(read: (text: string) => T) =>
  (text: string): readonly T[] =>
    text === '' ? [] : text.split(',').map((part) => read(part.trim()));

/** A URL with one of these schemes, without user, query or fragment. A trailing slash is removed. */
const address =
  (...schemes: readonly string[]) =>
  (text: string): string => {
    const url = new URL(text);
    const bare = url.username + url.password + url.search + url.hash === '';
    if (!schemes.includes(url.protocol) || !bare) throw new Error();
    return url.toString().replace(/\/+$/, '');
  };

const loopback = (text: string): string => {
  const plain = address('http:')(text);
  if (!/^(127(\.\d+){3}|localhost|\[::1\])$/.test(new URL(plain).hostname)) throw new Error();
  return plain;
};

/** `host:port` with the host spelled as in a WHATWG URL, so that it compares equal to the host of a request. */
const target = (text: string): string => {
  const [, host = '', port = ''] = /^(.+):(\d{1,5})$/.exec(text) ?? [];
  const url = new URL(`http://${host}/`);
  if (url.hostname === '' || url.port !== '' || url.username !== '' || url.pathname !== '/') throw new Error();
  return `${url.hostname}:${whole(1, 65_535)(port)}`;
};

const key = (text: string): Buffer => {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== 32 || !/^[A-Za-z0-9+/]{43}=?$/.test(text)) throw new Error();
  return bytes;
};

export const SETTINGS = {
  PORT: { default: '4000', wanted: 'a port from 0 (any free one) to 65535', read: whole(0, 65_535) },
  HOST: { default: '127.0.0.1', wanted: 'a host name or an address', read: matching(/^[\w.:[\]-]+$/) },
  ROLE: { default: 'all', wanted: 'all, api or worker', read: oneOf('all', 'api', 'worker') },
  DATA_DIR: { default: './data', wanted: 'a folder', read: matching(/^[^\0]+$/) },
  REDIS_URL: {
    default: '',
    wanted: 'a redis:// or rediss:// URL',
    secret: true,
    read: optional(matching(/^rediss?:\/\/[^\s]+$/)),
  },
  MONGODB_URI: {
    default: '',
    wanted: 'a mongodb:// or mongodb+srv:// connection string',
    secret: true,
    read: optional(matching(/^mongodb(\+srv)?:\/\/[^\s]+$/)),
  },
  MASTER_KEY: {
    default: '',
    wanted: '32 bytes in base64, or several such keys with commas between them',
    secret: true,
    read: list(key),
  },
  LOG_LEVEL: {
    default: 'info',
    wanted: 'trace, debug, info, warn, error, fatal or silent',
    read: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
  },
  PUBLIC_URL: { default: '', wanted: 'an https:// URL without user or query', read: optional(address('https:')) },
  BODY_LIMIT_BYTES: {
    default: '8388608',
    wanted: 'a whole number from 1024 to 134217728',
    read: whole(1_024, 134_217_728),
  },
  WORKER_CONCURRENCY: { default: '30', wanted: 'a whole number from 1 to 1000', read: whole(1, 1_000) },
  CLOCK_URL: { default: '', wanted: 'an http:// URL on this machine (127.0.0.1)', read: optional(loopback) },
  EGRESS_ALLOW: { default: '', wanted: 'host:port, or several with commas between them', read: list(target) },
  DEMO: { default: 'on', wanted: 'on or off', read: (text: string): boolean => oneOf('on', 'off')(text) === 'on' },
  KEY_AT_START: {
    default: 'off',
    wanted: 'on or off',
    read: (text: string): boolean => oneOf('on', 'off')(text) === 'on',
  },
  RATES_SOURCE: { default: 'ecb', wanted: 'ecb or off', read: oneOf('ecb', 'off') },
  RATES_URL: {
    default: 'https://www.ecb.europa.eu/stats/eurofxref',
    wanted: 'an https:// or http:// URL without user or query',
    read: address('https:', 'http:'),
  },
  RATES_MAX_AGE_DAYS: { default: '5', wanted: 'a whole number from 1 to 31', read: whole(1, 31) },
  BACKUP_BEFORE_MIGRATION: {
    default: 'on',
    wanted: 'on or off',
    read: (text: string): boolean => oneOf('on', 'off')(text) === 'on',
  },
  RETENTION_INBOX_DAYS: { default: '30', wanted: 'a whole number from 1 to 36525', read: whole(1, 36_525) },
  RETENTION_ANSWERS_HOURS: { default: '24', wanted: 'a whole number from 1 to 8766', read: whole(1, 8_766) },
  RETENTION_EXCEPTIONS_DAYS: { default: '400', wanted: 'a whole number from 1 to 36525', read: whole(1, 36_525) },
  RETENTION_ORDERS_DAYS: { default: '3653', wanted: 'a whole number from 365 to 36525', read: whole(365, 36_525) },
  RETENTION_CASES_DAYS: { default: '3653', wanted: 'a whole number from 365 to 36525', read: whole(365, 36_525) },
  RETENTION_EVENTS_DAYS: { default: '3653', wanted: 'a whole number from 365 to 36525', read: whole(365, 36_525) },
  RETENTION_MOVEMENTS_DAYS: { default: '400', wanted: 'a whole number from 31 to 36525', read: whole(31, 36_525) },
  QUEUE_PREFIX: { default: 'crossdock', wanted: 'letters, digits, - and _', read: matching(/^[\w-]{1,64}$/) },
} as const;
