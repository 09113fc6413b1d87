/**
 * Every collection with the fields by which it may be listed. Each has the index {workspaceId, _id}, one
 * {workspaceId, …row, _id} for each row, and with `due` {dueAtMs}. A query by anything else is refused before it is sent. The
 * first fields of a row are a row of their own: only then do the pages of their list follow the index in the order of ids. Every index
 * is paid for with each new document, the more the larger the collection: none is there that nobody asks by.
 */
export const COLLECTIONS = {
  workspaces: { lists: [], due: false, recent: null },
  connections: { lists: [['state'], ['role']], due: false, recent: 'createdAtMs' },
  offers: { lists: [['sku'], ['location']], due: false, recent: null },
  listings: { lists: [['connectionId'], ['sku']], due: false, recent: null },
  orders: { lists: [['state'], ['number'], ['connectionId']], due: true, recent: 'createdAtMs' },
  legs: {
    lists: [
      ['orderId'],
      ['state'],
      ['partner'],
      ['location'],
      ['location', 'state'],
      ['kind'],
      ['kind', 'state'],
      ['kind', 'state', 'location'],
    ],
    due: true,
    recent: 'createdAtMs',
  },
  shipments: { lists: [['orderId'], ['legId'], ['state']], due: true, recent: null },
  returns: { lists: [['orderId'], ['state']], due: true, recent: null },
  levels: {
    lists: [['location'], ['location', 'short'], ['sku'], ['short'], ['toRefill'], ['toPublish']],
    due: false,
    recent: null,
  },
  movements: { lists: [['sku'], ['kind'], ['location']], due: false, recent: 'atMs' },
  approvals: { lists: [['state'], ['state', 'party'], ['legId']], due: false, recent: null },
  charges: { lists: [], due: false, recent: null },
  postings: { lists: [['orderId']], due: false, recent: null },
  exceptions: { lists: [['state'], ['cause'], ['orderId']], due: false, recent: null },
  tradeLists: { lists: [['kind'], ['state']], due: false, recent: null },
  tradeListParts: { lists: [['listId']], due: false, recent: null },
  inbox: { lists: [['subject']], due: true, recent: null },
  apiKeys: { lists: [['name']], due: false, recent: null },
  answers: { lists: [], due: false, recent: null },
  tokens: { lists: [], due: false, recent: null },
  taxClaims: { lists: [], due: false, recent: null },
  cases: { lists: [['state'], ['orderId']], due: false, recent: 'createdAtMs' },
} as const satisfies Record<string, { lists: readonly (readonly string[])[]; due: boolean; recent: string | null }>;
export type CollectionName = keyof typeof COLLECTIONS;
