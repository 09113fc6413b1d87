import { defineJob } from '#queue';
import { ConnectionRef } from '../steps.ts';

/** Asks a supplier what is left there to pay with. */
export const readBalance = defineJob({
  name: 'balance.read',
  queue: 'bulk',
  retry: 'vendor',
  payload: ConnectionRef,
  key: ({ connectionId }) => [connectionId],
  subject: ({ connectionId }) => ({ kind: 'connection', id: connectionId }),
  exclusive: 'balance',
  ifBusy: 'drop',
  async handle({ app, actor }, payload) {
    await app.readBalance(actor, payload);
  },
});
