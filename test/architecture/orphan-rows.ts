import type { Cause } from '#domain/exception.ts';

/** The issue that clears an orphan. */
export type Issue =
  | 'orders as they are'
  | 'connectors as their vendors are'
  | 'one API'
  | 'a console'
  | 'nothing unexamined'
  | 'there and back';

export interface Orphan {
  what: string;
  clearedBy: Issue;
}
const each = (clearedBy: Issue, ...what: readonly string[]): Orphan[] => what.map((one) => ({ what: one, clearedBy }));

/** Fields of canonical records whose name no rule and no view reads. */
export const FIELDS: readonly Orphan[] = [
  ...each('nothing unexamined', 'Offer01.hsCode', 'ReadFacts.hsCode', 'CustomsFacts.hsCode'),
  ...each('connectors as their vendors are', 'PushReport.processed', 'PushReport.skipped'),
  ...each('one API', 'IncomingPayment.paidMinor', 'IncomingPayment.paidAt', 'RateLeg.rateId'),
  ...each('there and back', 'Offer.leadTimeDays', 'Return.received.restocked', 'PurchaseReport.packages.shippedAt'),
  ...each('a console', 'Actor.onBehalfOf', 'Hold.sinceMs', 'ApprovalRecord.decider', 'RestoreCheck.was'),
];

/** Verbs of the kit that no use case which a job or a route reaches asks for. */
export const VERBS: readonly Orphan[] = [...each('there and back', 'rates.quote')];

/** States of machines that nothing writes. */
export const STATES: readonly Orphan[] = [];

/** What is missing of the actions on exceptions. */
export const EXCEPTIONS: readonly Orphan[] = [
  ...each(
    'there and back',
    'return_unmatched: nothing clears it',
    'return_unmatched: no route',
    'refund_mismatch: nothing clears it',
    'refund_mismatch: no route',
  ),
  ...each('one API', 'awaiting_mapping: no CLI verb'),
];

/**
 * The routes that clear an exception of each cause, by mending what it tells of or by trying the step again. To close it with a
 * note (`/resolve`) mends nothing and is none.
 */
export const ACTIONS: Readonly<Record<Cause, readonly string[]>> = {
  awaiting_mapping: ['put /offers', 'put /listings/{id}'],
  approval_declined: ['post /orders/{id}/replan'],
  purchase_rejected: ['post /exceptions/{id}/retry', 'post /orders/{id}/replan'],
  purchase_unpaid: [
    'post /legs/{id}/pay',
    'post /legs/{id}/paid',
    'post /legs/{id}/cancel',
    'post /exceptions/{id}/retry',
  ],
  balance_low: ['post /connections/{id}/balance'],
  label_refused: ['post /exceptions/{id}/retry'],
  confirmation_refused: ['post /exceptions/{id}/retry'],
  return_unmatched: [],
  refund_mismatch: [],
  credentials_refused: ['put /connections/{id}/credentials'],
  account_connected_twice: ['delete /connections/{id}', 'post /connections/{id}/resume'],
  export_blocked: ['post /cases/{id}/overrides', 'put /cases/{id}/facts/clearance'],
  case_deadline: ['post /cases/{id}/claim', 'put /cases/{id}/facts/settlement'],
  units_after_sent: ['post /orders/{id}/replan', 'post /legs/{id}/cancel', 'post /legs/{id}/cancel-answer'],
  cancel_declined: ['post /exceptions/{id}/retry', 'post /legs/{id}/cancel-answer'],
  cancel_by_hand: ['post /exceptions/{id}/retry', 'post /legs/{id}/cancel-answer'],
  changed_after_sent: ['post /orders/{id}/replan'],
  order_unreadable: ['post /exceptions/{id}/retry'],
  listing_unreadable: ['post /exceptions/{id}/retry'],
  stock_unreadable: ['post /exceptions/{id}/retry'],
  storefront_not_told: ['post /exceptions/{id}/retry', 'post /orders/{id}/storefront-told'],
  label_not_voided: ['post /exceptions/{id}/retry', 'post /shipments/{id}/void', 'post /shipments/{id}/label-settled'],
  parcel_failed: ['post /shipments/{id}/parcel-settled'],
  refund_refused: ['post /exceptions/{id}/retry'],
  rates_stale: ['post /rates/fetch', 'post /rates/import', 'post /rates'],
  location_incomplete: ['put /locations/{code}', 'patch /locations/{code}'],
  carrier_ambiguous: ['put /locations/{code}', 'patch /locations/{code}'],
  facts_assumed: ['post /variants/confirm', 'put /variants'],
  ledger_differs: ['post /stock/prove'],
  failed_job: ['post /exceptions/{id}/retry'],
};

/** Routes of the trade engines that the CLI does not ask for. */
export const ENGINE_ROUTES: readonly Orphan[] = each('one API', 'get /cases/{id}/papers/{kind}');

/** Entry functions of the trade engines that no route, job, use case or CLI verb takes in. */
export const ENGINES: readonly Orphan[] = each(
  'nothing unexamined',
  'src/trade/case-file/case-file.ts#isStep',
  'src/trade/classification/check-hs.ts#requireHs',
  'src/trade/classification/export-control.ts#readEccn',
  'src/trade/classification/hs-edition.ts#editionOn',
  'src/trade/credit/altman.ts#altmanScore',
  'src/trade/credit/limit.ts#creditNeed',
  'src/trade/credit/limit.ts#creditLimit',
  'src/trade/currency/rounding.ts#roundedText',
  'src/trade/dangerous-goods/carriage.ts#wattHours',
  'src/trade/dangerous-goods/carriage.ts#isFullyRegulated',
  'src/trade/documents/agreement.ts#disagreements',
  'src/trade/documents/make-document.ts#readShipmentRecord',
  'src/trade/documents/make-document.ts#postalFormsOf',
  'src/trade/duty/assess-au.ts#auLowValueSale',
  'src/trade/duty/assess-ch.ts#chImportTax',
  'src/trade/duty/assess-eu.ts#euSaleReceipt',
  'src/trade/duty/assess-us.ts#usSurcharge',
  'src/trade/duty/quote-against-actual.ts#quoteAgainstActual',
  'src/trade/duty/valuation-basis.ts#valuationBasis',
  'src/trade/freight/chargeable-weight.ts#cubicMetres',
  'src/trade/freight/chargeable-weight.ts#chargeableWeight',
  'src/trade/freight/chargeable-weight.ts#checkSize',
  'src/trade/freight/rate-comparison.ts#compareRates',
  'src/trade/fx/monetary-item.ts#monetaryItemHistory',
  'src/trade/fx/payout.ts#grossOfPayout',
  'src/trade/fx/reference-rate.ts#crossRate',
  'src/trade/fx/reference-rate.ts#stampedRate',
  'src/trade/fx/reference-rate.ts#converted',
  'src/trade/identifiers/gs1.ts#gs1Key',
  'src/trade/identifiers/gs1.ts#checkGln',
  'src/trade/identifiers/gs1.ts#checkSscc',
  'src/trade/identifiers/gs1.ts#gtin14',
  'src/trade/identifiers/iban.ts#ibanLength',
  'src/trade/identifiers/iban.ts#checkIban',
  'src/trade/identifiers/party.ts#checkUscc',
  'src/trade/identifiers/party.ts#checkVatNumber',
  'src/trade/identifiers/party.ts#checkEori',
  'src/trade/identifiers/party.ts#checkIoss',
  'src/trade/identifiers/transport.ts#s10Number',
  'src/trade/identifiers/transport.ts#checkS10',
  'src/trade/identifiers/transport.ts#awbNumber',
  'src/trade/identifiers/transport.ts#checkAwb',
  'src/trade/identifiers/transport.ts#containerNumber',
  'src/trade/identifiers/transport.ts#checkContainer',
  'src/trade/identifiers/transport.ts#checkImo',
  'src/trade/incoterms/incoterm-choice.ts#readIncoterm',
  'src/trade/incoterms/price-conversion.ts#pricesFromFob',
  'src/trade/incoterms/price-conversion.ts#pricesFromCif',
  'src/trade/incoterms/price-conversion.ts#refundBase',
  'src/trade/letter-of-credit/amendment.ts#amendmentVerdict',
  'src/trade/letter-of-credit/amendment.ts#creditInForce',
  'src/trade/letter-of-credit/instalments.ts#instalmentStates',
  'src/trade/letter-of-credit/maturity.ts#maturityOf',
  'src/trade/letter-of-credit/presentation-days.ts#lastExaminationDay',
  'src/trade/letter-of-credit/presentation-days.ts#refusalVerdict',
  'src/trade/letter-of-credit/print-credit.ts#printCredit',
  'src/trade/letter-of-credit/reminders.ts#dueReminders',
  'src/trade/market/landed-price.ts#landedPriceTest',
  'src/trade/market/landed-price.ts#landedMargin',
  'src/trade/market/measures.ts#concentration',
  'src/trade/market/measures.ts#annualGrowth',
  'src/trade/market/opportunity.ts#opportunitySheet',
  'src/trade/returns-law/marketplace-return.ts#returnWindow',
  'src/trade/returns-law/marketplace-return.ts#amazonUsReturn',
  'src/trade/returns-law/refund.ts#withdrawalRefund',
  'src/trade/returns-law/refund.ts#refundWithinCaptured',
  'src/trade/returns-law/refund.ts#refundKey',
  'src/trade/returns-law/refund.ts#taxRecovery',
  'src/trade/returns-law/rma.ts#timerOf',
  'src/trade/returns-law/withdrawal.ts#refundDeadline',
  'src/trade/returns-law/withdrawal.ts#shortTermReject',
  'src/trade/returns-law/withdrawal.ts#shippingRule',
  'src/trade/returns-law/withdrawal.ts#withdrawalFunction',
  'src/trade/sampling/single-sampling-tables.ts#oneStepTighter',
  'src/trade/sampling/switching.ts#switchingScores',
  'src/trade/sampling/switching.ts#resumeAfterCorrection',
  'src/trade/sampling/switching.ts#followLots',
  'src/trade/screening/ownership.ts#chainTo',
  'src/trade/screening/screening-index.ts#buildScreeningIndex',
  'src/trade/screening/similarity.ts#jaro',
  'src/trade/screening/similarity.ts#jaroWinkler',
  'src/trade/stock-planning/formulas.ts#economicOrderWithPriceBreaks',
  'src/trade/stock-planning/plan-replenishment.ts#planReplenishment',
  'src/trade/stock-planning/stock-figures.ts#abcClasses',
  'src/trade/stock-planning/stock-figures.ts#deviationOfForecast',
  'src/trade/stock-planning/stock-figures.ts#maxAverageSafetyStock',
  'src/trade/stock-planning/stock-figures.ts#daysOfCover',
  'src/trade/stock-planning/stock-figures.ts#sellable',
  'src/trade/tax-refund/deadlines.ts#receiptTableWithClaim',
  'src/trade/tax-refund/refund-amount.ts#fobOfPrice',
);

/**
 * Where an object with a literal `state` is still written apart from `move`, by file: how often. The numbers may only fall. In
 * src/compose.ts one of them tells the metrics of a queue.
 */
export const STATE_WRITES: Readonly<Record<string, number>> = {
  'src/app/case/open.ts': 1,
  'src/app/connection/connect.ts': 1,
  'src/app/exception/open.ts': 1,
  'src/app/inbox/finish.ts': 1,
  'src/app/inbox/read-delivery.ts': 1,
  'src/app/leg/advance.ts': 1,
  'src/app/order/cancel.ts': 1,
  'src/app/order/progress-cancels.ts': 2,
  'src/app/order/reconcile.ts': 1,
  'src/app/order/route.ts': 1,
  'src/app/order/store.ts': 1,
  'src/app/order/write-legs.ts': 2,
  'src/app/person/erase.ts': 1,
  'src/app/return/request.ts': 1,
  'src/app/shipment/count.ts': 1,
  'src/app/trade-list/activate.ts': 2,
  'src/app/trade-list/draft.ts': 2,
  'src/compose.ts': 1,
  'src/domain/leg.ts': 1,
  'src/domain/observe-order.ts': 1,
  'src/http/routes/restore.ts': 1,
};
