import { z } from 'zod';
import { defineManifest, secret } from '#kit';

const MIB = 1024 * 1024;

/** A path below the supplier's folder. It cannot climb out of it, and says the same over HTTP as over SFTP. */
const path = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => !/(^|\/)\.\.(\/|$)/.test(text), 'may not contain ..')
  .refine((text) => !/[\p{Cc}?#\\]/u.test(text), 'may not contain ? # \\ or control characters');
const column = z.string().trim().max(100);

/**
 * A feed as one account: the address and path of its stock file. The user is part of the address, for a server shows each user a
 * folder of its own under the same name. Only the host is the same in any case.
 */
export const feedOf = (given: {
  credentials: { protocol: 'https' | 'sftp'; url: string; user: string; host: string; port: number };
  settings: { stockPath: string };
}): string => {
  const { protocol, url, user, host, port } = given.credentials;
  const { host: at, pathname } = new URL(protocol === 'https' ? url : `sftp://${host.toLowerCase()}:${port}`);
  const path = `${pathname}/${given.settings.stockPath}`.replace(/\/(\.?\/)+/g, '/');
  return `${user}@${at.replace(/\.(?=:|$)/, '')}${path}`;
};

export const manifest = defineManifest({
  id: 'feed',
  role: 'supplier',
  title: 'CSV files',
  // The layout of the order and answer files, which is ours: README.md states it for the supplier.
  apiVersion: '1',
  docs: { url: 'https://www.rfc-editor.org/rfc/rfc4180', read: '2026-11-24' },
  credentials: z
    .object({
      protocol: z.enum(['https', 'sftp']),
      /** https: the folder's address. */
      url: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]).default(''),
      user: z.string().min(1),
      password: secret(),
      /** sftp: where it is, and the SHA-256 of its host key as `ssh-keyscan host | ssh-keygen -lf -` prints it. */
      host: z.string().default(''),
      port: z.int().min(1).max(65_535).default(22),
      hostKeySha256: z.union([z.literal(''), z.string().regex(/^(SHA256:)?[A-Za-z0-9+/]{43}=?$/)]).default(''),
    })
    .refine((given) => given.protocol !== 'https' || given.url !== '', { path: ['url'], error: 'needed for https' })
    .refine((given) => given.protocol !== 'sftp' || given.host !== '', { path: ['host'], error: 'needed for sftp' })
    .refine((given) => given.protocol !== 'sftp' || given.hostKeySha256 !== '', {
      path: ['hostKeySha256'],
      error: 'needed for sftp: without it anyone could answer in the supplier’s name',
    }),
  settings: z.object({
    stockPath: path.default('stock.csv'),
    ordersFolder: path.default('orders/'),
    answersFolder: path.default('answers/'),
    skuColumn: column.min(1).default('sku'),
    quantityColumn: column.min(1).default('quantity'),
    /** Empty where the file has none. */
    costColumn: column.default('cost'),
    titleColumn: column.default('title'),
    delimiter: z.enum(['auto', ',', ';', 'tab']).default('auto'),
    /** auto refuses a number that reads differently in both, such as 1.234. */
    decimal: z.enum(['auto', '.', ',']).default('auto'),
    /** Of the cost prices; the file does not say. */
    currency: z.string().regex(/^[A-Z]{3}$/, 'an ISO 4217 code such as EUR'),
    encoding: z.enum(['utf-8', 'windows-1252']).default('utf-8'),
    maxBytes: z
      .int()
      .min(1)
      .max(64 * MIB)
      .default(16 * MIB),
    /** A quantity above it is a slip of the pen, not stock. */
    maxQuantity: z.int().min(1).max(100_000_000).default(1_000_000),
  }),
  identity: feedOf,
  currencies: ({ settings }) => [settings.currency],
  http: {
    baseUrl: ({ credentials }) => (credentials.protocol === 'https' ? credentials.url : 'https://sftp.invalid'),
    sign: ({ credentials: { user, password } }) => ({
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
    }),
    // A small wholesaler publishes no limit; this one is a courtesy.
    limits: () => [{ name: 'requests', amount: 10, perMs: 1_000, burst: 10 }],
    timeoutMs: 30_000,
    // A login or maintenance page with status 200. Only 200: the page that comes with a 201 for a PUT means success.
    classify: ({ status, headers, text }) =>
      status === 200 &&
      (/\b(html|json)\b/.test(headers['content-type'] ?? '') || /^\s*<(!doctype|html)\b/i.test(text.slice(0, 200)))
        ? {
            code: 'unavailable',
            message:
              'the server answered with a web page instead of the file; if it goes on, check the address and the paths in the settings',
          }
        : null,
  },
  files: ({ credentials: { protocol, host, port, user, password, hostKeySha256 } }) =>
    protocol === 'sftp' ? { protocol, host, port, user, password, hostKeySha256 } : null,
});

export type Credentials = ReturnType<(typeof manifest)['credentials']['parse']>;
export type Settings = ReturnType<(typeof manifest)['settings']['parse']>;
