import { z } from 'zod';
import { Failure } from '#domain/failure.ts';
import type { ApiKey } from '#domain/records.ts';
import { mintKey } from '../api-key.ts';
import { listPage, Page, PageQuery } from '../page.ts';
import { defineRoute } from '../route.ts';
import { allows, SCOPES } from '../scopes.ts';
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
    async handle({ store, workspaceId, caller, deps }, { body }) {
      const beyond = body.scopes.filter((scope) =>
        scope === '*' ? !caller.scopes.includes('*') : !allows(caller.scopes, scope),
      );
      if (beyond.length > 0)
        throw new Failure('forbidden', `A key gives no more than it has: ${beyond.join(', ')}.`, { safe: { beyond } });
      const { key, id, hash } = mintKey(workspaceId);
      const { name, scopes, location } = body;
      const createdAtMs = deps.clock.now();
      const record: ApiKey = { _id: id, workspaceId, name, hash, scopes, location, createdAtMs, revokedAtMs: null };
      await store.apiKeys.insert(record);
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
    async handle({ store, workspaceId, deps, forgetKey }, { params }) {
      const record = await store.apiKeys.find(workspaceId, params.id);
      if (!record) throw new Failure('not_found', `There is no key ${params.id}.`);
      await store.apiKeys.change(record._id, { revokedAtMs: null }, { revokedAtMs: deps.clock.now() });
      forgetKey(record._id);
      return toKey((await store.apiKeys.find(workspaceId, record._id)) ?? record);
    },
  }),
];
