/**
 * What shall come of an order, typed by hand from the rules and from nothing of the product: payment rule `paid`; “may it proceed?” at
 * first sight, at each change, and before whatever costs money; “a hold set after a leg was sent stops what comes next and takes nothing
 * back”; “plan only what is left; an order with nothing left closes as what it is”; “a leg that was sent is asked to cancel, and only the
 * supplier's confirmation frees the units”; “CJ takes back unpaid orders alone”.
 */

export const SHOPS = ['shopify', 'woocommerce'] as const;
/** When the change comes. `first`: before we have seen the order at all. */
export const MOMENTS = [
  'first',
  /** It waits for an offer. */
  'unmapped',
  /** It waits for its payment. */
  'waiting',
  /** CJ holds the purchase, unpaid. */
  'submitted',
  /** CJ was paid and packs it. */
  'accepted',
  /** One unit has left our shelf, nothing has left CJ. */
  'partly_by_shelf',
  /** CJ's parcel has left, nothing has left our shelf. */
  'partly_by_supplier',
  'shipped',
] as const;
/** How the payment stands after the change. */
export const PAYMENTS = [
  'paid',
  'pending',
  'on_hold',
  'authorised',
  'partly_paid',
  'failed',
  'voided',
  'expired',
] as const;
/** What the merchant has sent without us: nothing, one unit, all that is left. */
export const ELSEWHERE = ['none', 'part', 'all'] as const;
/** What was given back: nothing, an amount without lines, one unit of a line, all units with all the money. */
export const REFUNDS = ['none', 'amount', 'unit', 'whole'] as const;
export const CANCELLED = ['kept', 'cancelled'] as const;

export type Shop = (typeof SHOPS)[number];
export type Moment = (typeof MOMENTS)[number];
export type Paid = (typeof PAYMENTS)[number];

export interface Cell {
  shop: Shop;
  moment: Moment;
  payment: Paid;
  elsewhere: (typeof ELSEWHERE)[number];
  refund: (typeof REFUNDS)[number];
  cancelled: (typeof CANCELLED)[number];
}
type Pattern = { readonly [D in keyof Cell]?: readonly Cell[D][] };

const fits = (cell: Cell, { shop, moment, payment, elsewhere, refund, cancelled }: Pattern): boolean =>
  (shop?.includes(cell.shop) ?? true) &&
  (moment?.includes(cell.moment) ?? true) &&
  (payment?.includes(cell.payment) ?? true) &&
  (elsewhere?.includes(cell.elsewhere) ?? true) &&
  (refund?.includes(cell.refund) ?? true) &&
  (cancelled?.includes(cell.cancelled) ?? true);

export const nameOf = ({ shop, moment, payment, elsewhere, refund, cancelled }: Cell): string =>
  `${shop}, ${moment}: ${payment}, elsewhere ${elsewhere}, refund ${refund}, ${cancelled}`;

const SENT: readonly Moment[] = ['submitted', 'accepted', 'partly_by_shelf', 'partly_by_supplier', 'shipped'];
export const wasSent = ({ moment }: Cell): boolean => SENT.includes(moment);
const UNSENT: readonly Moment[] = ['first', 'unmapped', 'waiting'];
const LEFT: readonly Moment[] = ['partly_by_shelf', 'partly_by_supplier', 'shipped'];
const SOME_ELSEWHERE = ['part', 'all'] as const;
const SOME_REFUND = ['amount', 'unit', 'whole'] as const;

/** What a shop cannot say, and why. */
export const CANNOT: readonly (Pattern & { why: string })[] = [
  {
    shop: ['shopify'],
    payment: ['on_hold'],
    why: 'A Shopify order that is held is a paid one: it is the fulfilment that is held.',
  },
  { shop: ['shopify'], payment: ['failed'], why: 'A refused payment leaves a Shopify order pending.' },
  {
    shop: ['shopify'],
    payment: ['pending', 'authorised', 'voided', 'expired'],
    refund: SOME_REFUND,
    why: 'Shopify gives back no more than came in.',
  },
  {
    shop: ['shopify'],
    cancelled: ['cancelled'],
    elsewhere: SOME_ELSEWHERE,
    why: 'Shopify cancels no order of which a package has left.',
  },
  {
    shop: ['shopify'],
    cancelled: ['cancelled'],
    moment: LEFT,
    why: 'Shopify cancels no order of which a package has left.',
  },
  {
    shop: ['woocommerce'],
    payment: ['authorised'],
    why: 'A WooCommerce order whose payment is authorised is on hold: it has no word of its own.',
  },
  { shop: ['woocommerce'], payment: ['partly_paid'], why: 'A WooCommerce order is paid whole or not at all.' },
  {
    shop: ['woocommerce'],
    payment: ['voided', 'expired'],
    why: 'WooCommerce cancels an order that nobody pays: it has no word of its own.',
  },
  { shop: ['woocommerce'], elsewhere: ['part'], why: 'WooCommerce completes an order whole or not at all.' },
  {
    shop: ['woocommerce'],
    elsewhere: ['all'],
    payment: ['pending', 'on_hold', 'failed'],
    why: 'A WooCommerce order has one status: one that is completed counts as paid.',
  },
  {
    shop: ['woocommerce'],
    moment: ['shipped'],
    payment: ['on_hold', 'failed'],
    why: 'A WooCommerce order has one status: one that is completed counts as paid.',
  },
  { moment: ['shipped'], elsewhere: SOME_ELSEWHERE, why: 'Nothing is left that somebody else could send.' },
];

/** What shall be true once the change is taken in, before anybody acts on it. */
export interface Outcome {
  /** `open`: it goes on or waits. `over`: closed or cancelled, for the shop does not say whether what was refunded had left. */
  order: 'open' | 'cancelled' | 'closed' | 'over';
  /** The code of the hold that the API tells; null: it tells none. */
  held: 'payment' | null;
  /** What is live at CJ: nothing ever, what is left of the order, what was sent to it before, or nothing any more for CJ took it back. */
  bought: 'nothing' | 'what is left' | 'what was sent' | 'taken back';
  /** The one exception that tells a person. `units`: the purchase holds units that nobody wants any more, if it does. */
  told: 'nothing' | 'declined' | 'units';
  /** What leaves after the change, when everybody does his work. */
  ships: 'nothing' | 'what is left';
}

const NOT_PAID = ['pending', 'on_hold', 'authorised', 'partly_paid', 'failed', 'voided', 'expired'] as const;
/** A person had let these orders go as they stood; to these they changed afterwards, and his word does not cover that. */
const NOT_PAID_ANY_MORE = ['on_hold', 'partly_paid', 'failed', 'voided', 'expired'] as const;

type Row = Pattern & { why: string; comes: Outcome };
/** The first row that fits counts. */
export const EXPECTED: readonly Row[] = [
  // Nothing was sent yet.
  {
    moment: UNSENT,
    cancelled: ['cancelled'],
    why: 'Cancelled before anything was sent: no leg, no purchase, whatever the payment says and whichever offer comes later.',
    comes: { order: 'cancelled', held: null, bought: 'nothing', told: 'nothing', ships: 'nothing' },
  },
  {
    moment: UNSENT,
    refund: ['whole'],
    elsewhere: SOME_ELSEWHERE,
    why: 'Every unit was refunded: nothing is left.',
    comes: { order: 'over', held: null, bought: 'nothing', told: 'nothing', ships: 'nothing' },
  },
  {
    moment: UNSENT,
    refund: ['whole'],
    why: 'Every unit was refunded before it left: the order came to nothing.',
    comes: { order: 'cancelled', held: null, bought: 'nothing', told: 'nothing', ships: 'nothing' },
  },
  {
    moment: UNSENT,
    elsewhere: ['all'],
    why: 'The shop has shipped it: closed, 0 purchases.',
    comes: { order: 'closed', held: null, bought: 'nothing', told: 'nothing', ships: 'nothing' },
  },
  {
    moment: UNSENT,
    payment: NOT_PAID,
    why: 'Not paid: stored, held, and nothing is bought.',
    comes: { order: 'open', held: 'payment', bought: 'nothing', told: 'nothing', ships: 'nothing' },
  },
  {
    moment: UNSENT,
    why: 'Paid, and something is left: that is bought and shipped, and no more.',
    comes: { order: 'open', held: null, bought: 'what is left', told: 'nothing', ships: 'what is left' },
  },

  // All of it has left.
  {
    moment: ['shipped'],
    why: 'All of it has left and the order is closed: nothing is bought or sent again.',
    comes: { order: 'closed', held: null, bought: 'what was sent', told: 'nothing', ships: 'nothing' },
  },

  // CJ holds the purchase and was not paid.
  {
    moment: ['submitted'],
    cancelled: ['cancelled'],
    why: 'Cancelled: CJ is asked and takes back what is not paid.',
    comes: { order: 'cancelled', held: null, bought: 'taken back', told: 'nothing', ships: 'nothing' },
  },
  {
    moment: ['submitted'],
    refund: ['whole'],
    why: 'Every unit was refunded before it left: CJ takes back what is not paid.',
    comes: { order: 'over', held: null, bought: 'taken back', told: 'nothing', ships: 'nothing' },
  },
  {
    moment: ['submitted'],
    elsewhere: ['all'],
    why: 'The shop has shipped it: CJ takes back what is not paid.',
    comes: { order: 'closed', held: null, bought: 'taken back', told: 'nothing', ships: 'nothing' },
  },

  // CJ's parcel has left, and our shelf's has not.
  {
    moment: ['partly_by_supplier'],
    cancelled: ['cancelled'],
    why: 'Cancelled after a part had left: the rest does not leave.',
    comes: { order: 'closed', held: null, bought: 'what was sent', told: 'nothing', ships: 'nothing' },
  },
  {
    moment: ['partly_by_supplier'],
    refund: ['whole'],
    why: 'Refunded after a part had left: the rest does not leave.',
    comes: { order: 'closed', held: null, bought: 'what was sent', told: 'nothing', ships: 'nothing' },
  },
  {
    moment: ['partly_by_supplier'],
    elsewhere: ['all'],
    why: 'The shop has shipped the rest.',
    comes: { order: 'closed', held: null, bought: 'what was sent', told: 'nothing', ships: 'nothing' },
  },

  // CJ was paid.
  {
    moment: ['accepted', 'partly_by_shelf'],
    cancelled: ['cancelled'],
    why: 'Cancelled: CJ is asked and does not take back what is paid. A person decides; silence frees nothing.',
    comes: { order: 'open', held: null, bought: 'what was sent', told: 'declined', ships: 'nothing' },
  },
  {
    moment: ['accepted', 'partly_by_shelf'],
    refund: ['whole'],
    why: 'Every unit was refunded: CJ is asked and does not take back what is paid.',
    comes: { order: 'open', held: null, bought: 'what was sent', told: 'declined', ships: 'nothing' },
  },
  {
    moment: ['accepted', 'partly_by_shelf'],
    elsewhere: ['all'],
    why: 'The shop has shipped all that was left: CJ is asked and does not take back what is paid.',
    comes: { order: 'open', held: null, bought: 'what was sent', told: 'declined', ships: 'nothing' },
  },

  // Something was sent, and something is still to leave.
  {
    payment: NOT_PAID_ANY_MORE,
    why: 'Not paid any more: what was sent is not taken back, and what comes next waits.',
    comes: { order: 'open', held: 'payment', bought: 'what was sent', told: 'units', ships: 'nothing' },
  },
  {
    why: 'Paid, or let go by a person as it stands: it goes on. Units that CJ holds and nobody wants any more are a person’s to settle.',
    comes: { order: 'open', held: null, bought: 'what was sent', told: 'units', ships: 'what is left' },
  },
];

export const expectedOf = (cell: Cell): Outcome => {
  const row = EXPECTED.find((each) => fits(cell, each));
  if (!row) throw new Error(`no row says what comes of ${nameOf(cell)}`);
  return row.comes;
};

/** Every cell that a shop can express, in the order of the dimensions. */
export const CELLS: readonly Cell[] = SHOPS.flatMap((shop) =>
  MOMENTS.flatMap((moment) =>
    PAYMENTS.flatMap((payment) =>
      ELSEWHERE.flatMap((elsewhere) =>
        REFUNDS.flatMap((refund) =>
          CANCELLED.map((cancelled) => ({ shop, moment, payment, elsewhere, refund, cancelled })),
        ),
      ),
    ),
  ),
).filter((cell) => !CANNOT.some((row) => fits(cell, row)));
