import { z } from 'zod';
import { TRADE_LIST_KINDS, TRADE_LIST_STATES, type TradeListRecord } from '#domain/trade-list.ts';
import { HS_EDITION_IDS } from '#trade/classification/hs-edition.ts';
import { PlainDate } from '#trade/plain-date.ts';
import { listPage, Page, PageQuery } from '../page.ts';
import { defineRoute } from '../route.ts';
import { view } from '../views.ts';

export const TradeListView = z.object({
  id: z.string(),
  kind: z.enum(TRADE_LIST_KINDS),
  edition: z.string().describe('Of an HS edition, such as HS2022; empty for the others.'),
  title: z.string(),
  date: z.string().describe('The day of the state.'),
  source: z.string(),
  sha256: z.string(),
  entries: z.int(),
  parts: z.int(),
  failedRows: z.int().describe('Rows of the file that could not be read and are not among the entries.'),
  state: z.enum(TRADE_LIST_STATES),
  createdAtMs: z.int(),
  updatedAtMs: z.int(),
});

const toTradeList = (list: TradeListRecord) => view(TradeListView, { id: list._id, ...list });

const Force = z.boolean().default(false).describe('Also when it drifts from what is on file.');

const Draft = z.strictObject({
  kind: z.enum(TRADE_LIST_KINDS),
  edition: z.enum(['', ...HS_EDITION_IDS]).default(''),
  title: z.string().trim().min(1).max(200),
  date: PlainDate.describe('The day of the state, as the authority or the file says.'),
  source: z.string().trim().min(1).max(1_000).describe('The address or place the file came from.'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 in hexadecimal'),
  entries: z.int().min(1).max(1_000_000),
  parts: z.int().min(1).max(10_000),
  failedRows: z.int().min(0).max(1_000_000).default(0),
  force: Force,
});

/** More than any list has in what one request may hold. */
const MOST_ENTRIES = 5_000;

export const tradeListRoutes = [
  defineRoute({
    method: 'get',
    path: '/trade/lists',
    scope: 'trade:read',
    summary: 'The official lists on file: sanctions lists and HS editions, each with its date, source and hash',
    input: z.strictObject({
      query: z.strictObject({
        ...PageQuery,
        kind: z.enum(TRADE_LIST_KINDS).optional(),
        state: z.enum(TRADE_LIST_STATES).optional(),
      }),
    }),
    response: Page(TradeListView),
    handle({ store, workspaceId }, { query }) {
      const { kind, state } = query;
      const where: Partial<TradeListRecord> = kind !== undefined ? { kind } : state !== undefined ? { state } : {};
      const keep = (list: TradeListRecord) => list.state === state;
      const refines = kind !== undefined && state !== undefined;
      return listPage(store.tradeLists, workspaceId, where, query, toTradeList, refines ? keep : undefined);
    },
  }),
  defineRoute({
    method: 'post',
    path: '/trade/lists',
    scope: 'trade:write',
    status: 201,
    summary: 'Begins an import, or goes on with one that died; the bytes of the active list change nothing',
    input: z.strictObject({ body: Draft }),
    response: TradeListView,
    async handle({ app, actor, workspaceId }, { body: { force, ...facts } }) {
      return toTradeList(await app.draftList(actor, { workspaceId, facts, force }));
    },
  }),
  defineRoute({
    method: 'put',
    path: '/trade/lists/{id}/parts/{part}',
    scope: 'trade:write',
    summary: 'One part of a draft; the same again changes nothing',
    input: z.strictObject({
      params: z.strictObject({ id: z.string(), part: z.coerce.number().int().min(1).max(10_000) }),
      body: z.strictObject({ entries: z.array(z.unknown()).min(1).max(MOST_ENTRIES) }),
    }),
    response: TradeListView,
    async handle({ app, actor, workspaceId }, { params: { id: listId, part }, body: { entries } }) {
      return toTradeList(await app.putPart(actor, { workspaceId, listId, part, entries }));
    },
  }),
  defineRoute({
    method: 'post',
    path: '/trade/lists/{id}/activate',
    scope: 'trade:write',
    summary: 'Makes a complete draft the list that answers are given on, in place of the one before',
    input: z.strictObject({
      params: z.strictObject({ id: z.string() }),
      body: z.strictObject({ force: Force }).default({ force: false }),
    }),
    response: TradeListView,
    async handle({ app, actor, workspaceId }, { params, body: { force } }) {
      return toTradeList(await app.activateList(actor, { workspaceId, listId: params.id, force }));
    },
  }),
];
