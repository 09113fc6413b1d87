import { eventLaws } from './events.law.ts';
import type { Law } from './law.ts';
import { legLaws } from './leg.law.ts';
import { modeLaws } from './modes.law.ts';
import { moneyLaws } from './money.law.ts';
import { ordersAsTheyAreLaws } from './orders-as-they-are.law.ts';
import { shelfLaws } from './shelf.law.ts';
import { shelfOnStoreLaws } from './shelf-on-store.law.ts';

/** Every law. A new one is defined in a file of its subject, `<subject>.law.ts`, and listed here. */
export const LAWS: readonly Law[] = [
  ...shelfLaws,
  ...moneyLaws,
  ...legLaws,
  ...modeLaws,
  ...shelfOnStoreLaws,
  ...eventLaws,
  ...ordersAsTheyAreLaws,
];
