import { z } from 'zod';
import type { PersonRef } from '#app/app.ts';
import { Failure } from '#domain/failure.ts';
import { erasePerson } from '#jobs';
import { listPage, Page, PageQuery } from '../page.ts';
import { defineRoute } from '../route.ts';
import { ErasureView, toErasure } from '../views.ts';

const Person = {
  email: z
    .email()
    .max(320)
    .optional()
    .describe('Of the buyer or of an address; upper and lower case count as the same.'),
  orders: z
    .array(z.string().min(1).max(200))
    .min(1)
    .max(1_000)
    .optional()
    .describe('Ids or numbers of all orders of the person.'),
};
const hasOne = ({ email, orders }: { email?: string | undefined; orders?: string[] | undefined }): boolean =>
  (email === undefined) !== (orders === undefined);
const ONE = { error: 'give either `email` or `orders`', path: ['email'] };
const refOf = ({ email, orders }: { email?: string | undefined; orders?: string[] | undefined }): PersonRef =>
  email === undefined ? { by: 'orders', orderIds: orders ?? [] } : { by: 'email', email };

const Found = z.array(z.object({ id: z.string(), number: z.string(), open: z.boolean() }));

export const personRoutes = [
  defineRoute({
    method: 'post',
    path: '/persons/erase/preview',
    scope: 'persons:erase',
    summary: 'Which orders and case files name a person, and which of them are open',
    input: z.strictObject({ body: z.strictObject(Person).refine(hasOne, ONE) }),
    response: z.object({ orders: Found, cases: Found }),
    handle: ({ app, workspaceId }, { body }) => app.previewErasure({ workspaceId, person: refOf(body) }),
  }),
  defineRoute({
    method: 'post',
    path: '/persons/erase',
    scope: 'persons:erase',
    summary:
      'Takes a person out of everything that the workspace stores; figures stay. Refused while an order of theirs is open',
    input: z.strictObject({
      body: z
        .strictObject({
          ...Person,
          cases: z
            .enum(['ask', 'keep', 'erase'])
            .default('ask')
            .describe('What becomes of closed case files that name the person: the law may ask to keep them.'),
        })
        .refine(hasOne, ONE),
    }),
    status: 202,
    response: ErasureView,
    async handle({ app, actor, deps, workspaceId }, { body }) {
      const { cases } = body;
      const erasure = await app.requestErasure(actor, { workspaceId, person: refOf(body), cases });
      await deps.enqueue(erasePerson, { workspaceId, erasureId: erasure._id });
      return toErasure(erasure);
    },
  }),
  defineRoute({
    method: 'get',
    path: '/persons/erasures/{id}',
    scope: 'persons:erase',
    summary: 'How far an erasure is',
    input: z.strictObject({ params: z.strictObject({ id: z.string() }) }),
    response: ErasureView,
    async handle({ store, workspaceId }, { params }) {
      const erasure = await store.erasures.find(workspaceId, params.id);
      if (!erasure) throw new Failure('not_found', `There is no erasure ${params.id}.`);
      return toErasure(erasure);
    },
  }),
  defineRoute({
    method: 'get',
    path: '/persons/erasures',
    scope: 'persons:erase',
    summary: 'That people were erased, when and from how many documents; not who',
    input: z.strictObject({ query: z.strictObject(PageQuery) }),
    response: Page(ErasureView),
    handle: ({ store, workspaceId }, { query }) => listPage(store.erasures, workspaceId, {}, query, toErasure),
  }),
];
