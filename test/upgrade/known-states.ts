import type { EvidenceSet } from './load-evidence.ts';

type Tally = Readonly<Record<string, number>>;

/** Every cause of an exception that 0.1.0 had. */
export const CAUSES = [
  'awaiting_mapping',
  'approval_declined',
  'purchase_rejected',
  'label_refused',
  'confirmation_refused',
  'return_unmatched',
  'refund_mismatch',
  'credentials_refused',
  'export_blocked',
  'case_deadline',
  'failed_job',
] as const;

/** How many documents of each set are in which state. */
export const COUNTED: Readonly<
  Record<
    EvidenceSet,
    Readonly<Record<'orders' | 'legs' | 'shipments' | 'returns' | 'exceptions' | 'cases' | 'connections', Tally>>
  >
> = {
  demo: {
    orders: {
      closed: 476,
      partly_shipped: 14,
      routed: 7,
    },
    legs: {
      'fulfilment accepted': 2,
      'fulfilment awaiting': 3,
      'fulfilment shipped': 688,
      'purchase accepted': 16,
      'purchase accepted for stock': 4,
      'purchase received for stock': 1,
      'purchase shipped': 266,
      'work received for stock': 2,
      'work shipped': 2,
    },
    shipments: {
      confirmed: 956,
    },
    returns: {},
    exceptions: {
      'awaiting_mapping resolved': 4,
      'case_deadline open': 2,
    },
    cases: {
      open: 4,
    },
    connections: {
      active: 5,
    },
  },
  history: {
    orders: {
      closed: 5,
      received: 7,
      routed: 23,
    },
    legs: {
      'fulfilment accepted': 20,
      'fulfilment shipped': 11,
      'purchase accepted': 8,
      'purchase planned': 2,
      'purchase submitted': 1,
    },
    shipments: {
      confirmed: 2,
      labelled: 8,
      planned: 1,
    },
    returns: {
      refunded: 2,
      unmatched: 5,
    },
    exceptions: {
      'return_unmatched open': 5,
    },
    cases: {},
    connections: {
      active: 5,
    },
  },
  states: {
    orders: {
      awaiting_mapping: 2,
      cancelled: 2,
      closed: 6,
      partly_shipped: 2,
      received: 19,
      routed: 63,
    },
    legs: {
      'fulfilment accepted': 18,
      'fulfilment awaiting': 3,
      'fulfilment cancelled': 1,
      'fulfilment partly_shipped': 1,
      'fulfilment planned': 5,
      'fulfilment shipped': 7,
      'purchase accepted': 11,
      'purchase accepted for stock': 1,
      'purchase awaiting': 1,
      'purchase cancelled': 1,
      'purchase partly_shipped': 1,
      'purchase planned': 10,
      'purchase planned for stock': 1,
      'purchase received for stock': 1,
      'purchase rejected': 3,
      'purchase shipped': 4,
      'purchase shipped for stock': 2,
      'purchase submitted': 5,
      'purchase unknown': 4,
      'work accepted': 2,
      'work awaiting': 2,
      'work awaiting for stock': 1,
    },
    shipments: {
      confirmed: 8,
      labelled: 3,
      planned: 2,
    },
    returns: {
      applied: 4,
      refunded: 1,
      unmatched: 1,
      wanted: 4,
    },
    exceptions: {
      'approval_declined open': 1,
      'awaiting_mapping open': 2,
      'awaiting_mapping resolved': 4,
      'case_deadline open': 1,
      'confirmation_refused open': 1,
      'credentials_refused open': 1,
      'export_blocked open': 2,
      'failed_job open': 1,
      'label_refused open': 1,
      'purchase_rejected open': 2,
      'refund_mismatch open': 1,
      'return_unmatched open': 1,
    },
    cases: {
      closed: 1,
      open: 3,
    },
    connections: {
      active: 5,
      'active, not live': 1,
      needs_attention: 1,
      paused: 1,
    },
  },
};

interface Effects {
  /** Purchase orders that the suppliers hold. */
  purchases: { cj: number; feed: number };
  /** Of those, the ones whose answer was lost: the leg has no id of the supplier's. By the order's number, or the leg's id for stock. */
  purchasesWithLostAnswer: readonly string[];
  /** Legs that were sent as far as 0.1.0 knows, of which the supplier holds nothing. */
  purchasesNotHeld: readonly string[];
  labels: number;
  /** Sold by the carrier, and the package does not know of it. */
  labelsWithLostAnswer: readonly string[];
  confirmations: { shopify: number; woocommerce: number };
  /** Taken by the storefront, and the package does not know of it. */
  confirmationsWithLostAnswer: readonly string[];
  refunds: { shopify: number; woocommerce: number };
  /** Paid back by the storefront, and the return does not know of it. */
  refundsWithLostAnswer: readonly string[];
}

/** What each vendor has done, from its own book. */
export const EFFECTS: Readonly<Record<EvidenceSet, Effects>> = {
  demo: {
    purchases: {
      cj: 282,
      feed: 5,
    },
    purchasesWithLostAnswer: [],
    purchasesNotHeld: [],
    labels: 690,
    labelsWithLostAnswer: [],
    confirmations: {
      shopify: 469,
      woocommerce: 487,
    },
    confirmationsWithLostAnswer: [],
    refunds: {
      shopify: 0,
      woocommerce: 0,
    },
    refundsWithLostAnswer: [],
  },
  history: {
    purchases: {
      cj: 9,
      feed: 0,
    },
    purchasesWithLostAnswer: ['545031'],
    purchasesNotHeld: [],
    labels: 10,
    labelsWithLostAnswer: [],
    confirmations: {
      shopify: 1,
      woocommerce: 4,
    },
    confirmationsWithLostAnswer: ['545020', '545022', '545022'],
    refunds: {
      shopify: 1,
      woocommerce: 1,
    },
    refundsWithLostAnswer: [],
  },
  states: {
    purchases: {
      cj: 16,
      feed: 9,
    },
    purchasesWithLostAnswer: ['E-160', 'E-162', 'E-180', 'E-182', 'E-201'],
    purchasesNotHeld: ['E-161', 'E-163', 'E-181', 'E-183'],
    labels: 7,
    labelsWithLostAnswer: ['E-173'],
    confirmations: {
      shopify: 6,
      woocommerce: 4,
    },
    confirmationsWithLostAnswer: ['E-175'],
    refunds: {
      shopify: 5,
      woocommerce: 1,
    },
    refundsWithLostAnswer: ['E-170'],
  },
};

/** The orders of the set `states`: why each is there, and how it stands. */
export const STATES: readonly { number: string; why: string; is: string }[] = [
  {
    number: 'E-100',
    why: 'closed; a return that asks for more than the order was worth failed for good and stays wanted',
    is: 'closed paid/PAID/FULFILLED GBP | fulfilment shipped, 3 units, 3 shipped | shipment confirmed, label | return wanted',
  },
  {
    number: 'E-102',
    why: 'half shipped from our shelf: two of five units have left',
    is: 'partly_shipped paid/PAID/PARTIALLY_FULFILLED GBP | fulfilment partly_shipped, 5 units, 2 shipped | shipment confirmed, label',
  },
  {
    number: 'E-103',
    why: 'half shipped by a supplier: the head of the order has left, the tail has not',
    is: 'partly_shipped paid/PAID/PARTIALLY_FULFILLED GBP | purchase partly_shipped, 7 units, 3 shipped, known there, due | shipment confirmed',
  },
  {
    number: 'E-104',
    why: 'a sold item is not mapped',
    is: 'awaiting_mapping paid/PAID/UNFULFILLED GBP',
  },
  {
    number: 'E-105',
    why: 'an approval was declined, the leg is rejected',
    is: 'routed paid/PAID/UNFULFILLED GBP | purchase rejected, 2 units',
  },
  {
    number: 'E-106',
    why: 'a purchase waits for an approval below the margin floor',
    is: 'routed paid/PAID/UNFULFILLED GBP | purchase awaiting, 1 units, due',
  },
  {
    number: 'E-107',
    why: 'CJ refused the purchase: it does not know the variant',
    is: 'routed paid/PAID/UNFULFILLED GBP | purchase rejected, 1 units',
  },
  {
    number: 'E-108',
    why: 'the feed refused the purchase: its stock file has no such row',
    is: 'routed paid/PAID/UNFULFILLED GBP | purchase rejected, 1 units',
  },
  {
    number: 'E-109',
    why: 'no carrier sells a label for the package',
    is: 'routed paid/PAID/UNFULFILLED GBP | fulfilment shipped, 1 units, 1 shipped | shipment planned, troubled',
  },
  {
    number: 'E-110',
    why: 'the shop does not take our tracking number: somebody fulfilled the order there by hand',
    is: 'routed paid/PAID/FULFILLED GBP | fulfilment shipped, 2 units, 2 shipped | shipment labelled, label, troubled',
  },
  {
    number: 'E-111',
    why: 'the shop refunded three of two units',
    is: 'cancelled refunded/refunded GBP | fulfilment cancelled, 2 units, 2 cancelled | return applied',
  },
  {
    number: 'E-112',
    why: 'not paid (pending), bought at CJ all the same',
    is: 'routed pending/pending GBP | purchase accepted, 2 units, known there, due',
  },
  {
    number: 'E-113',
    why: 'not paid (on hold) when it was bought and shipped; our confirmation made the shop call it completed',
    is: 'closed paid/completed GBP | purchase shipped, 2 units, 2 shipped, known there | shipment confirmed',
  },
  {
    number: 'E-114',
    why: 'not paid (pending), the purchase not sent: its connection is not live',
    is: 'routed pending/pending GBP | purchase planned, 2 units',
  },
  {
    number: 'E-115',
    why: 'not paid (on hold), holds units of our shelf',
    is: 'routed pending/on-hold GBP | fulfilment accepted, 2 units',
  },
  {
    number: 'E-116',
    why: 'its payment failed, and it holds units of our shelf',
    is: 'routed pending/failed GBP | fulfilment accepted, 1 units',
  },
  {
    number: 'E-117',
    why: 'cancelled at the shop before we first saw it, bought all the same',
    is: 'routed voided/cancelled GBP | purchase accepted, 1 units, known there, due',
  },
  {
    number: 'E-118',
    why: 'not paid (pending) when it was shipped from our shelf',
    is: 'closed paid/completed GBP | fulfilment shipped, 1 units, 1 shipped | shipment confirmed, label',
  },
  {
    number: 'E-119',
    why: 'not paid (pending) when CJ shipped it',
    is: 'closed paid/completed GBP | purchase shipped, 3 units, 3 shipped, known there | shipment confirmed',
  },
  {
    number: 'E-120',
    why: 'no shipping address at Shopify: CJ was given a made-up one',
    is: 'routed paid/PAID/UNFULFILLED GBP no address | purchase accepted, 1 units, known there, made-up address, due',
  },
  {
    number: 'E-121',
    why: 'no shipping address, the purchase with the made-up one not sent',
    is: 'routed paid/PAID/UNFULFILLED GBP no address | purchase planned, 1 units, made-up address',
  },
  {
    number: 'E-122',
    why: 'no shipping address, to be shipped from our shelf',
    is: 'routed paid/PAID/UNFULFILLED GBP no address | fulfilment accepted, 1 units, made-up address',
  },
  {
    number: 'E-123',
    why: 'no shipping address at WooCommerce: CJ was given a made-up one',
    is: 'routed paid/processing GBP no address | purchase accepted, 1 units, known there, made-up address, due',
  },
  {
    number: 'E-124',
    why: 'not paid (on hold), bought at CJ all the same',
    is: 'routed pending/on-hold GBP | purchase accepted, 1 units, known there, due',
  },
  {
    number: 'E-125',
    why: 'sold in GBP, cost in USD, bought',
    is: 'routed paid/PAID/UNFULFILLED GBP | purchase accepted, 2 units, known there, due',
  },
  {
    number: 'E-126',
    why: 'sold in EUR, cost in GBP, bought',
    is: 'routed paid/PAID/UNFULFILLED EUR | purchase accepted, 1 units, known there, due',
  },
  {
    number: 'E-127',
    why: 'sold in GBP, cost in USD, not sent',
    is: 'routed paid/PAID/UNFULFILLED GBP | purchase planned, 1 units',
  },
  {
    number: 'E-128',
    why: 'sold in EUR, cost in GBP, shipped and closed: its postings are in EUR',
    is: 'closed paid/PAID/FULFILLED EUR | purchase shipped, 1 units, 1 shipped, known there | shipment confirmed',
  },
  {
    number: 'E-129',
    why: 'sold in EUR, cost in GBP, not sent',
    is: 'routed paid/PAID/UNFULFILLED EUR | purchase planned, 1 units',
  },
  {
    number: 'E-130',
    why: 'the factory is asked to make it',
    is: 'routed paid/PAID/UNFULFILLED GBP | work awaiting, 2 units',
  },
  {
    number: 'E-131',
    why: 'the factory has taken it on',
    is: 'routed paid/PAID/UNFULFILLED GBP | work accepted, 3 units',
  },
  {
    number: 'E-132',
    why: 'the factory has made half of it',
    is: 'routed paid/PAID/UNFULFILLED GBP | work accepted, 4 units, 2 received',
  },
  {
    number: 'E-133',
    why: 'waits for goods that are not on the shelf',
    is: 'routed paid/PAID/UNFULFILLED GBP | fulfilment awaiting, 7 units, due',
  },
  {
    number: 'E-134',
    why: 'waits for the principal: above the mandate',
    is: 'routed paid/PAID/UNFULFILLED GBP | fulfilment awaiting, 300 units, due',
  },
  {
    number: 'E-135',
    why: "waits for us: above the buyer's credit limit",
    is: 'routed paid/PAID/UNFULFILLED GBP | fulfilment awaiting, 420 units, due',
  },
  {
    number: 'E-136',
    why: 'one unit refunded before anything left: cancelled on the leg',
    is: 'routed partly_refunded/PARTIALLY_REFUNDED/UNFULFILLED GBP | fulfilment accepted, 3 units, 1 cancelled | return applied',
  },
  {
    number: 'E-137',
    why: 'one unit refunded after the supplier had taken it: counts as returned',
    is: 'routed partly_refunded/PARTIALLY_REFUNDED/UNFULFILLED GBP | purchase accepted, 3 units, 1 returned, known there, due | return applied',
  },
  {
    number: 'E-138',
    why: "accepted on the principal's shelf",
    is: 'routed paid/PAID/UNFULFILLED GBP | fulfilment accepted, 4 units',
  },
  {
    number: 'E-139',
    why: 'one cart, four business models, four legs',
    is: 'routed paid/PAID/UNFULFILLED GBP | fulfilment accepted, 1 units | fulfilment accepted, 2 units | purchase accepted, 1 units, known there, due | work awaiting, 1 units',
  },
  {
    number: 'E-140',
    why: 'an export: the purchase is held back by its case',
    is: 'routed paid/PAID/UNFULFILLED GBP | purchase planned, 2 units, due',
  },
  {
    number: 'E-141',
    why: 'an export under a letter of credit: the refund is held back by its case, and a deadline is near',
    is: 'routed paid/PAID/UNFULFILLED GBP | fulfilment accepted, 2 units | return wanted',
  },
  {
    number: 'E-142',
    why: 'an export from the first step to the claim; its case is closed',
    is: 'closed paid/PAID/FULFILLED GBP | purchase shipped, 2 units, 2 shipped, known there | shipment confirmed',
  },
  {
    number: 'E-143',
    why: 'cancelled at the shop after CJ had taken the purchase',
    is: 'routed paid/cancelled GBP | purchase accepted, 1 units, known there, due',
  },
  {
    number: 'E-144',
    why: 'cancelled at the shop while the purchase was not sent',
    is: 'routed paid/cancelled GBP | purchase planned, 1 units',
  },
  {
    number: 'E-145',
    why: 'accepted on our shelf, nothing has left',
    is: 'routed paid/PAID/UNFULFILLED GBP | fulfilment accepted, 2 units',
  },
  {
    number: 'E-146',
    why: "an export of a principal's goods: listed and packed only when its case allows it",
    is: 'routed paid/PAID/UNFULFILLED GBP | fulfilment accepted, 2 units',
  },
  {
    number: 'E-147',
    why: 'refunded whole before the purchase was sent: leg and order are cancelled',
    is: 'cancelled refunded/REFUNDED/UNFULFILLED GBP | purchase cancelled, 1 units, 1 cancelled | return applied',
  },
  {
    number: 'E-148',
    why: 'refunded in part while an item is not mapped: the return waits to be counted',
    is: 'awaiting_mapping partly_refunded/PARTIALLY_REFUNDED/UNFULFILLED GBP | return refunded',
  },
  {
    number: 'E-149',
    why: 'above the mandate, approved',
    is: 'routed paid/PAID/UNFULFILLED GBP | fulfilment accepted, 250 units',
  },
  {
    number: 'E-150',
    why: 'empties a shelf: the bulk purchase for it is accepted by the wholesaler and under way',
    is: 'routed paid/PAID/UNFULFILLED GBP | fulfilment accepted, 850 units',
  },
  {
    number: 'E-151',
    why: 'empties a shelf: the bulk purchase for it has left the wholesaler',
    is: 'routed paid/PAID/UNFULFILLED GBP | fulfilment accepted, 850 units',
  },
  {
    number: 'E-152',
    why: 'empties a shelf: the bulk purchase for it is received in part',
    is: 'routed paid/PAID/UNFULFILLED GBP | fulfilment accepted, 850 units',
  },
  {
    number: 'E-153',
    why: 'empties a shelf: the bulk purchase for it is not sent, its connection is not live',
    is: 'routed paid/PAID/UNFULFILLED GBP | fulfilment accepted, 850 units',
  },
  {
    number: 'E-155',
    why: 'empties a shelf: the bulk purchase for it is received',
    is: 'routed paid/PAID/UNFULFILLED GBP | fulfilment accepted, 850 units',
  },
  {
    number: 'E-160',
    why: 'unknown, and the feed holds it',
    is: 'routed paid/PAID/UNFULFILLED GBP | purchase unknown, 1 units, due',
  },
  {
    number: 'E-161',
    why: 'unknown, and the feed does not hold it',
    is: 'routed paid/PAID/UNFULFILLED GBP | purchase unknown, 1 units, due',
  },
  {
    number: 'E-162',
    why: 'unknown, and CJ holds it; the connection is paused',
    is: 'routed paid/PAID/UNFULFILLED GBP | purchase unknown, 1 units, due',
  },
  {
    number: 'E-163',
    why: 'unknown, and CJ does not hold it; the connection is paused',
    is: 'routed paid/PAID/UNFULFILLED GBP | purchase unknown, 1 units, due',
  },
  {
    number: 'E-164',
    why: 'not sent: the connection is paused',
    is: 'routed paid/PAID/UNFULFILLED GBP | purchase planned, 1 units, due',
  },
  {
    number: 'E-170',
    why: 'a return is wanted, and the shop has paid it back: the answer was lost',
    is: 'routed paid/PAID/UNFULFILLED GBP | fulfilment accepted, 2 units | return wanted',
  },
  {
    number: 'E-171',
    why: 'a return is wanted, and the shop has not paid it back',
    is: 'routed paid/PAID/UNFULFILLED GBP | fulfilment accepted, 2 units | return wanted',
  },
  {
    number: 'E-173',
    why: 'a label was sold, and the answer was lost: the package has none',
    is: 'routed paid/PAID/UNFULFILLED GBP | fulfilment shipped, 1 units, 1 shipped | shipment planned',
  },
  {
    number: 'E-174',
    why: 'a package with its label that the shop was not told of',
    is: 'routed paid/PAID/UNFULFILLED GBP | fulfilment shipped, 1 units, 1 shipped | shipment labelled, label',
  },
  {
    number: 'E-175',
    why: 'a package with its label that the shop was told of: the answer was lost',
    is: 'routed paid/completed GBP | fulfilment shipped, 1 units, 1 shipped | shipment labelled, label',
  },
  {
    number: 'E-180',
    why: 'submitted when the product was killed, and CJ holds it',
    is: 'routed paid/processing GBP | purchase submitted, 1 units, due',
  },
  {
    number: 'E-181',
    why: 'submitted when the product was killed, and CJ does not hold it',
    is: 'routed paid/processing GBP | purchase submitted, 1 units, due',
  },
  {
    number: 'E-182',
    why: 'submitted when the product was killed, and the feed holds it',
    is: 'routed paid/processing GBP | purchase submitted, 1 units, due',
  },
  {
    number: 'E-183',
    why: 'submitted when the product was killed, and the feed does not hold it',
    is: 'routed paid/processing GBP | purchase submitted, 1 units, due',
  },
];
