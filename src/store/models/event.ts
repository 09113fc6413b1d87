import { Event, EventChain } from '#domain/event.ts';
import { defineModel } from '../define-model.ts';

/** Pages in the order of ids are pages in the order of events: see `eventId`. */
export const events = defineModel({
  collection: 'events',
  schema: Event,
  lists: [['orderId']],
  retention: 'eventsDays',
});

export const eventChains = defineModel({ collection: 'eventChains', schema: EventChain });
