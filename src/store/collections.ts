import type { EventSubject } from '#domain/event.ts';
import { accountClaims } from './models/account-claim.ts';
import { answers } from './models/answer.ts';
import { apiKeys } from './models/api-key.ts';
import { approvals } from './models/approval.ts';
import { cases, taxClaims } from './models/case-file.ts';
import { charges } from './models/charge.ts';
import { connections } from './models/connection.ts';
import { dues } from './models/due.ts';
import { erasures } from './models/erasure.ts';
import { eventChains, events } from './models/event.ts';
import { exceptions } from './models/exception.ts';
import { inbox } from './models/inbox-item.ts';
import { legs } from './models/leg.ts';
import { listings } from './models/listing.ts';
import { locations } from './models/location.ts';
import { offers } from './models/offer.ts';
import { orders } from './models/order.ts';
import { orderBodies } from './models/order-body.ts';
import { postings } from './models/posting.ts';
import { rates } from './models/rate.ts';
import { restoreChecks, restores } from './models/restore.ts';
import { retentionRuns } from './models/retention-run.ts';
import { returns } from './models/return.ts';
import { setAside } from './models/set-aside.ts';
import { shipments } from './models/shipment.ts';
import { foldedMovements, levels, movements } from './models/stock.ts';
import { tokens } from './models/token.ts';
import { tradeListParts, tradeLists } from './models/trade-list.ts';
import { variants } from './models/variant.ts';
import { workspaces } from './models/workspace.ts';

/**
 * Every collection, by the name under which the store offers it. A query by a field that its model does not list is refused before it
 * is sent.
 */
export const COLLECTIONS = {
  workspaces,
  dues,
  connections,
  accountClaims,
  locations,
  variants,
  offers,
  listings,
  orders,
  orderBodies,
  legs,
  shipments,
  returns,
  levels,
  movements,
  foldedMovements,
  approvals,
  charges,
  postings,
  exceptions,
  rates,
  tradeLists,
  tradeListParts,
  inbox,
  apiKeys,
  answers,
  tokens,
  taxClaims,
  cases,
  retentionRuns,
  restores,
  restoreChecks,
  erasures,
  setAside,
  eventChains,
  events,
} as const;
export type CollectionName = keyof typeof COLLECTIONS;

/** Where the documents are of which an event tells. */
export const COLLECTION_OF_SUBJECT: ReadonlyMap<EventSubject, string> = new Map(
  Object.values(COLLECTIONS).flatMap(({ subject, collection }) => (subject === null ? [] : [[subject, collection]])),
);
