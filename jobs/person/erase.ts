import { defineJob } from '#queue';
import { CustomerRef } from '../steps.ts';

/** Erases a customer whom a storefront asks us to erase, or puts it off while an order of theirs is open. */
export const eraseCustomer = defineJob({
  name: 'person.erase',
  queue: 'bulk',
  retry: 'own',
  payload: CustomerRef,
  key: ({ connectionId, externalId }) => [connectionId, externalId],
  subject: ({ connectionId }) => ({ kind: 'connection', id: connectionId }),
  async handle({ app, actor }, payload) {
    await app.eraseCustomer(actor, payload);
  },
});
