import { defineJob } from '#queue';
import { CustomerRef, ErasureRef } from '../steps.ts';

/** Takes a person out of what the workspace stores, as it was written down. */
export const erasePerson = defineJob({
  name: 'person.erase',
  queue: 'bulk',
  retry: 'own',
  exclusive: 'erasure',
  payload: ErasureRef,
  key: ({ erasureId }) => [erasureId],
  subject: ({ workspaceId }) => ({ kind: 'workspace', id: workspaceId }),
  async handle({ app, actor }, payload) {
    await app.runErasure(actor, payload);
  },
});

/** Erases a customer whom a storefront asks us to erase, or puts it off while an order of theirs is open. */
export const eraseCustomer = defineJob({
  name: 'customer.erase',
  queue: 'bulk',
  retry: 'own',
  payload: CustomerRef,
  key: ({ connectionId, externalId }) => [connectionId, externalId],
  subject: ({ connectionId }) => ({ kind: 'connection', id: connectionId }),
  async handle({ app, actor }, payload) {
    await app.eraseCustomer(actor, payload);
  },
});
