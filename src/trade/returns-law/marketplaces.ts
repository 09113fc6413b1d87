import { row, source } from '../currency/dated-row.ts';
import type { RuleTable } from '../rule.ts';

export const MARKETPLACES = [
  ...(['amazon-us', 'tiktok-shop-id', 'temu', 'ebay', 'walmart', 'aliexpress'] as const),
] as const;
export type Marketplace = (typeof MARKETPLACES)[number];

export interface ReturnPolicy {
  /** The days the buyer has, and the event they count from. */
  window: { days: number; from: 'delivery' | 'estimated delivery' };
  /** Other windows, depending on the seller's choice or status. */
  otherDays: readonly number[];
  /**
   * Hours in which the seller must answer a request; days the buyer has to send back; days until automatic approval.
   */
  answerHours: number | null;
  sendBackDays: number | null;
  autoApproveDays: number | null;
  /** Working days from receipt of the goods to the refund. */
  refundWorkingDays: number | null;
}

const NONE: Omit<ReturnPolicy, 'window'> = {
  otherDays: [],
  answerHours: null,
  sendBackDays: null,
  autoApproveDays: null,
  refundWorkingDays: null,
};

const policy = (id: Marketplace, name: string, rows: RuleTable<ReturnPolicy>['rows']): RuleTable<ReturnPolicy> => ({
  id: `returns.marketplace.${id}`,
  name: `${name}: returns`,
  rows,
});

const AMAZON = source(
  'Amazon Seller Central: customer returns for international sales; seller returns',
  'https://sellercentral.amazon.com/gp/help/external/201468550',
);
const notReread = (name: string) => source(`${name}: policy pages, not re-read`);

/** What each marketplace promises its buyers. The law of the buyer's country takes precedence. */
export const RETURN_POLICIES: Readonly<Record<Marketplace, RuleTable<ReturnPolicy>>> = {
  'amazon-us': policy('amazon-us', 'Amazon US', [
    row(
      null,
      null,
      {
        ...NONE,
        window: { days: 30, from: 'estimated delivery' },
        refundWorkingDays: 2,
      },
      {
        source: AMAZON,
        status: 'verified',
        reviewBy: '2027-03-31',
        note: 'most items',
      },
    ),
  ]),
  'tiktok-shop-id': policy('tiktok-shop-id', 'TikTok Shop Indonesia', [
    row(
      '2025-06-18',
      null,
      {
        ...NONE,
        window: { days: 6, from: 'delivery' },
        answerHours: 48,
        sendBackDays: 5,
        autoApproveDays: 8,
        // Products of Mall shops.
        otherDays: [15],
      },
      {
        source: source(
          'TikTok Shop by Tokopedia: return guidelines',
          'https://seller-id.tokopedia.com/university/essay?knowledge_id=7753815881746178',
        ),
        status: 'verified',
        reviewBy: '2027-03-31',
      },
    ),
  ]),
  temu: policy('temu', 'Temu', [
    row(
      null,
      null,
      { ...NONE, window: { days: 90, from: 'delivery' } },
      {
        source: notReread('Temu'),
        status: 'unverified',
        reviewBy: '2027-03-31',
        note: 'from a secondary source',
      },
    ),
  ]),
  ebay: policy('ebay', 'eBay', [
    row(
      null,
      null,
      { ...NONE, window: { days: 30, from: 'delivery' }, otherDays: [60] },
      {
        source: notReread('eBay'),
        status: 'unverified',
        reviewBy: '2027-03-31',
        note: '30 or 60 days by the listing',
      },
    ),
  ]),
  walmart: policy('walmart', 'Walmart', [
    row(
      null,
      null,
      { ...NONE, window: { days: 30, from: 'delivery' } },
      {
        source: notReread('Walmart Marketplace'),
        status: 'unverified',
        reviewBy: '2027-03-31',
      },
    ),
  ]),
  aliexpress: policy('aliexpress', 'AliExpress', [
    row(
      null,
      null,
      { ...NONE, window: { days: 15, from: 'delivery' } },
      {
        source: notReread('AliExpress'),
        status: 'unverified',
        reviewBy: '2027-03-31',
        note: 'free return, where the listing offers it',
      },
    ),
  ]),
};

/**
 * Amazon US, seller abroad: the price up to which a return without a US address is refunded automatically, and the
 * choices above it.
 */
export const AMAZON_ABROAD: RuleTable<{ limitUsd: string; withinDays: number }> = {
  id: 'returns.marketplace.amazon-us.abroad',
  name: 'Amazon US: returns to a seller abroad',
  rows: [
    row(null, null, { limitUsd: '25', withinDays: 5 }, { source: AMAZON, status: 'verified', reviewBy: '2027-03-31' }),
  ],
};

/** Amazon US: the maximum, as fractions of the price, that a seller may keep, by reason and condition. */
export const AMAZON_RESTOCKING: RuleTable<{ late: string; damaged: string; different: string }> = {
  id: 'returns.marketplace.amazon-us.restocking',
  name: 'Amazon US: restocking fees',
  rows: [
    row(
      null,
      null,
      { late: '0.20', damaged: '0.50', different: '1' },
      {
        source: notReread('Amazon US'),
        status: 'general_knowledge',
        reviewBy: '2027-03-31',
        note: 'never on a withdrawal under EU or UK law',
      },
    ),
  ],
};
