import { z } from 'zod';
import { defineManifest, Failure, type FailureCode, hmacSha256, parseExact, secret } from '#kit';
import { CURRENCY, Envelope, Message } from './wire.ts';

/** Calls a second that CJ allows an account, by its level. Source: CJ, “Frequency restrictions”, read 2026-11-24. */
export const LEVELS = { Free: 1, Plus: 2, Prime: 4, Advanced: 6 } as const;

/**
 * Points that a call costs out of the day's budget; what is not listed is free.
 * Source: CJ, “Points” (in force since 2026-06-01), read 2026-11-24.
 */
export const POINTS = {
  '/product/listV2': 50,
  '/product/query': 10,
  '/product/stock/getInventoryByPid': 10,
} as const;
export const POINTS_A_DAY = 50_000;

/** A token may be fetched once in this time. Source: CJ, “Authentication”, read 2026-11-24. */
export const TOKEN_EVERY_MS = 5 * 60_000;
export const TOKEN_LIVES_MS = 15 * 24 * 3_600_000;

/**
 * What CJ's codes mean to us; they arrive with HTTP 200. CJ asks that codes be trusted and messages not.
 * Source: CJ, “Global error codes”, read 2026-11-24. Two editions disagree on 1600100 (“parameter” in the samples,
 * “interface offline” in an older table): both are refusals that repeating does not cure.
 */
const CODES: Readonly<Record<number, FailureCode>> = {
  1600000: 'unavailable',
  1600001: 'unauthorised',
  1600002: 'unauthorised',
  1600003: 'unauthorised',
  1600004: 'unauthorised',
  1600005: 'unauthorised',
  1600006: 'unauthorised',
  1600007: 'unauthorised',
  1600008: 'unauthorised',
  1600030: 'unauthorised',
  1600031: 'unauthorised',
  1600100: 'rejected',
  1600101: 'contract',
  1600200: 'rate_limited',
  1600201: 'rate_limited',
  1600300: 'rejected',
  1601000: 'unauthorised',
  // A variant is named only by an order, where it is a line that CJ will not sell; a product only by the stock walk.
  1602000: 'rejected',
  1602001: 'not_found',
  1603000: 'rejected',
  1603001: 'rejected',
  1603002: 'conflict',
  1603100: 'not_found',
  1604000: 'rejected',
  1605000: 'rejected',
  16900500: 'rate_limited',
};

const parsed = (text: string): unknown => {
  try {
    return parseExact(text);
  } catch {
    return null;
  }
};

/** How a refusal with this code begins. */
export const refusalOf = (code: number): string => `CJ refused with ${code}: `;

/** The failure in an answer of CJ, or null when it is none or is not CJ's envelope: then the status speaks. */
export const classify = ({ body }: { body(): unknown }): { code: FailureCode; message: string } | null => {
  const envelope = Envelope.safeParse(body()).data;
  if (!envelope || envelope.code === 200) return null;
  return {
    code: CODES[envelope.code] ?? 'rejected',
    message: `${refusalOf(envelope.code)}${envelope.message ?? ''}`,
  };
};

/** Topics that tell of an order of ours, and those that we know and do not need. */
const TOPICS: Readonly<Record<string, 'purchase' | 'ignored'>> = {
  ORDER: 'purchase',
  ORDERSPLIT: 'purchase',
  LOGISTIC: 'purchase',
  SOURCINGCREATE: 'ignored',
  STOCK: 'ignored',
  PRODUCT: 'ignored',
  VARIANT: 'ignored',
};

/** States of an order that tell us nothing new: nothing is fetched for them. Paid (UNSHIPPED) is news. */
const BEFORE_PAYMENT: ReadonlySet<string> = new Set(['CREATED', 'IN_CART', 'UNPAID']);
/** The order has got its id at CJ only now. Written so by CJ. Source: CJ, “Webhook Mechanism”, read 2026-12-01. */
const GOT_ITS_ID = 'ORDER_CONNNECTED';

const messageOf = (body: unknown): Message => {
  const message = Message.safeParse(body);
  if (!message.success) throw new Failure('invalid', 'the webhook is not a message of CJ');
  return message.data;
};

export const manifest = defineManifest({
  id: 'cj',
  role: 'supplier',
  title: 'CJ Dropshipping',
  apiVersion: '2.0',
  docs: { url: 'https://developers.cjdropshipping.com/en/api/api2/', read: '2026-11-24' },
  credentials: z.object({
    /** “CJUserNum@api@…”, made in CJ under Authorization → API. */
    apiKey: secret(),
    /** The account's number. CJ signs webhooks with it, so without it every webhook is refused. */
    openId: z.string().default(''),
  }),
  settings: z.object({
    endpoint: z.url().default('https://developers.cjdropshipping.com/api2.0/v1'),
    level: z.enum(['Free', 'Plus', 'Prime', 'Advanced']).default('Free'),
    pointsPerDay: z.int().positive().default(POINTS_A_DAY),
    /** Narrows the stock walk: CJ's whole catalogue is far beyond a day's points. */
    keyWord: z.string().default(''),
    logisticName: z.string().min(1).default('CJPacket Ordinary'),
    fromCountryCode: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .default('CN'),
    /** The seller's IOSS number for goods to the EU; `CJ-IOSS` has CJ declare under its own. Empty: as the account is set up at CJ. */
    iossNumber: z.string().max(20).default(''),
    /** In dollars: below this, a warning that the balance runs out. Empty: below what a day of purchases costs. */
    warnBelow: z
      .string()
      .regex(/^(\d{1,9}(\.\d{1,2})?)?$/)
      .default(''),
    /** 2 pays at once from the CJ balance; 3 only creates the order, for the merchant to pay at CJ. */
    payType: z.union([z.literal(2), z.literal(3)]).default(2),
  }),
  identity: ({ credentials: { openId } }) => openId || null,
  currencies: () => [CURRENCY],
  http: {
    baseUrl: ({ settings }) => settings.endpoint,
    // A burst of one: CJ does not say how it counts a second, and evenly spaced calls fit every way of counting.
    limits: ({ settings }) => [
      { name: 'requests', amount: LEVELS[settings.level], perMs: 1_000, burst: 1 },
      { name: 'points', amount: settings.pointsPerDay, perMs: 86_400_000, burst: settings.pointsPerDay },
    ],
    timeoutMs: 20_000,
    classify,
    observe({ body }) {
      const left = Envelope.safeParse(body()).data?.pointsInfo?.remaining;
      return left === undefined ? null : { limit: 'points', available: left };
    },
  },
  webhooks: {
    secret: ({ openId }) => openId,
    verify: hmacSha256({ header: 'sign', encoding: 'base64' }),
    deliveryId: ({ rawBody }) => messageOf(parsed(rawBody.toString('utf8'))).messageId,
    read({ body }) {
      const { type, messageType, params } = messageOf(body);
      const kind = TOPICS[type];
      if (kind === undefined)
        throw new Failure('rejected', `CJ sent a topic that we do not know: ${type.slice(0, 40)}`);
      const nothingNew = BEFORE_PAYMENT.has(params.orderStatus ?? '') && messageType !== GOT_ITS_ID;
      if (kind === 'ignored' || nothingNew) return { kind: 'ignored', topic: type };
      const reference = params.orderNumber ?? params.orderNum ?? '';
      const externalId = params.originalOrderId ?? params.cjOrderId ?? params.orderId ?? '';
      if (reference === '' && externalId === '') throw new Failure('invalid', `CJ's ${type} message names no order`);
      const parts = (params.splitOrderList ?? []).map(({ orderCode }) => orderCode);
      return { kind, reference, externalId, ...(parts.length > 0 ? { parts } : {}) };
    },
  },
});
