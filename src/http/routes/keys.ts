import { z } from 'zod';
import { SCOPES } from '#domain/scopes.ts';
import { listPage, Page, PageQuery } from '../page.ts';
import { defineRoute } from '../route.ts';
import { KeyView, toKey } from '../views.ts';

export const keyRoutes = [
  defineRoute({
    method: 'get',
    path: '/keys',
    scope: 'keys:read',
    summary: 'API keys, without the keys themselves',
    input: z.strictObject({ query: z.strictObject(PageQuery) }),
    response: Page(KeyView),
    handle: ({ store, workspaceId }, { query }) => listPage(store.apiKeys, workspaceId, {}, query, toKey),
  }),
  defineRoute({
    method: 'post',
    path: '/keys',
    scope: 'keys:write',
    status: 201,
    secretAnswer: true,
    summary: 'Makes an API key; it is shown this once',
    input: z.strictObject({
      body: z.strictObject({
        name: z.string().min(1).max(120),
        scopes: z.array(z.enum([...SCOPES, '*'])).min(1),
        location: z.string().max(120).default('').describe('Limits the key to one factory, warehouse or principal.'),
      }),
    }),
    response: KeyView.extend({ key: z.string() }),
    async handle({ app, actor, caller, workspaceId }, { body }) {
      const { record, key } = await app.issueKey(actor, { workspaceId, ...body, heldScopes: caller.scopes });
      return { ...toKey(record), key };
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/keys/{id}',
    scope: 'keys:write',
    summary: 'Revokes an API key, within a second everywhere',
    input: z.strictObject({ params: z.strictObject({ id: z.string() }) }),
    response: KeyView,
    async handle({ app, actor, workspaceId, forgetKey }, { params }) {
      const record = await app.revokeKey(actor, { workspaceId, keyId: params.id });
      forgetKey(record._id);
      return toKey(record);
    },
  }),
];
