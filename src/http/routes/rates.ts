import { z } from 'zod';
import { Currency } from '#domain/money.ts';
import { dayOf, PlainDate } from '#domain/plain-date.ts';
import { RATE_FORMATS, RATE_SOURCES, type Rate, RateLeg } from '#domain/rate.ts';
import { reconcileOrder } from '#jobs';
import { Page, PageQuery } from '../page.ts';
import { type Asked, defineRoute } from '../route.ts';
import { CurrencyNoticeView } from '../views.ts';

const Day = PlainDate.describe('A day such as 2026-11-27.');
const RateSourceName = z
  .enum(RATE_SOURCES)
  .describe('ecb: fetched from the European Central Bank; import: of a file; typed: by hand.');

export const RateView = z.object({
  id: z.string(),
  base: Currency,
  quote: Currency,
  rate: z.string().describe('Units of the quote currency for one of the base, as exact decimal text.'),
  source: RateSourceName,
  day: Day,
  revision: z.int().describe('From 1; a correction of the same day is a record of its own with the next number.'),
  importedAt: z.iso.datetime(),
  by: z.string().describe('Who imported or typed it.'),
});
const toRate = ({ _id, base, quote, rate, source, day, revision, importedAtMs, by }: Rate) => ({
  id: _id,
  base,
  quote,
  rate,
  source,
  day,
  revision,
  importedAt: new Date(importedAtMs).toISOString(),
  by: by.name,
});

const MoneyView = z.object({ amount: z.int().describe('Minor units.'), currency: Currency });
const LegView = RateLeg.describe('One step: by multiplying, or when `inverse` by dividing by the rate.');

const todayOf = ({ deps }: Asked): PlainDate => dayOf(deps.clock.now());
const short = z.string().max(40);

/** Orders that wait for a rate are looked at again: of one workspace, or of all where the rate is everybody's. */
const wakeWaiting = async ({ app, actor, deps }: Asked, workspaceId: string | null): Promise<void> => {
  for await (const order of app.waitingForRates(actor, { workspaceId })) await deps.enqueue(reconcileOrder, order);
};

export const rateRoutes = [
  defineRoute({
    method: 'get',
    path: '/rates',
    scope: 'rates:read',
    summary: 'Exchange rates on file, the workspace’s own and the ECB’s, oldest day first',
    input: z.strictObject({
      query: z.strictObject({
        ...PageQuery,
        base: Currency.optional(),
        quote: Currency.optional(),
        day: Day.optional(),
        source: RateSourceName.optional(),
        from: Day.optional().describe('Rates of this day and later.'),
      }),
    }),
    response: Page(RateView),
    async handle({ app, workspaceId }, { query }) {
      const { rates, next } = await app.listRates({ ...query, workspaceId });
      return { items: rates.map(toRate), next };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/rates/convert',
    scope: 'rates:read',
    summary: 'An amount at the rate of a day, with the rates used and their sources',
    input: z.strictObject({
      query: z.strictObject({
        from: Currency,
        to: Currency,
        amount: z
          .string()
          .regex(/^-?\d{1,15}$/, 'a whole number of minor units')
          .transform(Number)
          .describe('Minor units of `from`.'),
        day: Day.optional().describe('Default: today.'),
      }),
    }),
    response: z.object({
      from: MoneyView,
      to: MoneyView,
      rateDay: z.string().nullable().describe('Of the oldest rate used; null between a currency and itself.'),
      legs: z.array(LegView),
    }),
    async handle(asked, { query: { day = todayOf(asked), ...question } }) {
      const { legs, ...converted } = await asked.app.convertMoney({
        ...question,
        day,
        workspaceId: asked.workspaceId,
      });
      return { ...converted, legs: [...legs] };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/rates/notices',
    scope: 'rates:read',
    summary: 'What should be known about the rates before an order is held for one',
    input: z.strictObject({}),
    response: z.object({
      items: z.array(
        z.discriminatedUnion('kind', [
          z.object({
            kind: z.literal('rates_stale'),
            source: z.enum(['ecb', 'own']),
            newestDay: z.string().nullable(),
            ageDays: z.int(),
            text: z.string(),
          }),
          CurrencyNoticeView,
        ]),
      ),
    }),
    handle: async ({ app, workspaceId }) => ({
      items: [
        ...(await app.rateNotices({ workspaceId })),
        ...(await app.workspaceCurrencyNotices({ workspaceId, also: [] })),
      ],
    }),
  }),
  defineRoute({
    method: 'post',
    path: '/rates',
    scope: 'rates:write',
    status: 201,
    summary: 'A rate by hand; another value for the same day is a new record that counts from then on',
    input: z.strictObject({
      body: z.strictObject({
        base: short,
        quote: short,
        rate: short.describe('Units of `quote` for one `base`, such as 1.0850; above zero.'),
        day: short.optional().describe('Default: today.'),
      }),
    }),
    response: RateView,
    async handle(asked, { body }) {
      const { workspaceId } = asked;
      const rate = await asked.app.putRate(asked.actor, { ...body, workspaceId });
      await wakeWaiting(asked, workspaceId);
      return toRate(rate);
    },
  }),
  defineRoute({
    method: 'post',
    path: '/rates/import',
    scope: 'rates:write',
    summary:
      'Imports a file of rates whole or not at all: a CSV with the header day,base,quote,rate, or a file of the ECB',
    input: z.strictObject({
      body: z.strictObject({
        format: z.enum(RATE_FORMATS),
        content: z.string().min(1).describe('The file’s text.'),
      }),
    }),
    response: z.object({
      rates: z.int(),
      stored: z.int(),
      unchanged: z.int().describe('On file already with the same value.'),
      firstDay: z.string(),
      lastDay: z.string(),
    }),
    async handle(asked, { body }) {
      const { workspaceId } = asked;
      const imported = await asked.app.importRates(asked.actor, { ...body, workspaceId });
      if (imported.stored > 0) await wakeWaiting(asked, workspaceId);
      return imported;
    },
  }),
  defineRoute({
    method: 'post',
    path: '/rates/fetch',
    scope: 'rates:write',
    summary: 'Fetches the ECB’s rates now when a day is due; asks the ECB nothing otherwise',
    input: z.strictObject({}),
    response: z.object({
      kind: z.enum(['off', 'fresh', 'fetched', 'late', 'failed']),
      newestDay: z.string().nullable(),
      stored: z.int(),
      reason: z.string(),
      nextAt: z.iso.datetime(),
    }),
    async handle(asked) {
      const { nextAtMs, ...fetched } = await asked.app.fetchRates(asked.actor);
      if (fetched.stored > 0) await wakeWaiting(asked, null);
      return { ...fetched, nextAt: new Date(nextAtMs).toISOString() };
    },
  }),
];
