import { type Coverage, type CoverageRow, type EntityKind, unkept, unread, type Wire } from '#kit';
import { classify } from './errors.ts';
import { isVoided, toLabel, toMessages, toRate, toTrackingReport } from './mapper.ts';
import { readWebhook } from './webhook.ts';
import { Shipment, Tracker, WireRate } from './wire.ts';

const RATE: Wire = {
  id: 'rate_1',
  carrier: 'USPS',
  service: 'Priority',
  rate: '5.93',
  currency: 'USD',
  delivery_days: 3,
  est_delivery_days: 3,
};
/** Some carriers estimate the days alone. */
const ESTIMATED: Wire = { ...RATE, delivery_days: null };
const SHIPMENT: Wire = {
  id: 'shp_1',
  reference: 'label-1',
  rates: [RATE],
  messages: [{ carrier: 'UPS', message: 'no service' }],
  selected_rate: RATE,
  tracking_code: 'TRACK1',
  tracker: { public_url: 'https://track.test/1' },
  postage_label: { label_url: 'https://label.test/1.png' },
  refund_status: 'submitted',
};
const TRACKER: Wire = {
  tracking_code: 'TRACK1',
  carrier: 'USPS',
  status: 'in_transit',
  updated_at: '2026-11-01T10:00:00Z',
  public_url: 'https://track.test/1',
  tracking_details: [{ datetime: '2026-11-01T09:00:00Z' }],
};
const QUIET_TRACKER: Wire = { ...TRACKER, tracking_details: [] };
const EVENT: Wire = {
  id: 'evt_1',
  description: 'tracker.updated',
  result: { tracking_code: 'TRACK1', carrier: 'USPS' },
};

const shipment = (wire: Wire) => {
  const read = Shipment.parse(wire);
  return {
    label: toLabel(read),
    rates: (read.rates ?? []).map(toRate),
    messages: toMessages(read.messages),
    voided: isVoided(read.refund_status),
    rawStatus: read.refund_status ?? '',
  };
};
const startsWith =
  (prefix: string) =>
  ({ id }: Wire): boolean =>
    typeof id === 'string' && id.startsWith(prefix);

const kinds: readonly EntityKind[] = [
  {
    entity: 'shipment',
    types: ['Shipment'],
    is: startsWith('shp_'),
    readers: [{ neutral: [SHIPMENT], read: shipment }],
  },
  {
    entity: 'rate',
    types: ['Rate'],
    is: startsWith('rate_'),
    readers: [
      { neutral: [RATE, ESTIMATED], read: (rate) => toRate(WireRate.parse(rate)) },
      { neutral: [RATE], read: (selected_rate) => shipment({ ...SHIPMENT, selected_rate }) },
    ],
  },
  {
    entity: 'tracker',
    types: ['Tracker'],
    is: startsWith('trk_'),
    readers: [
      { neutral: [TRACKER, QUIET_TRACKER], read: (tracker) => toTrackingReport(Tracker.parse(tracker)) },
      { neutral: [{}], read: (tracker) => shipment({ ...SHIPMENT, tracker }) },
      { neutral: [TRACKER], read: (result) => readWebhook({ body: { ...EVENT, result } }) },
    ],
  },
  {
    entity: 'event',
    types: ['Event'],
    is: startsWith('evt_'),
    readers: [{ neutral: [EVENT], read: (body) => readWebhook({ body }) }],
  },
  {
    entity: 'error',
    types: [],
    is: ({ error }) => typeof error === 'object' && error !== null && 'message' in error,
    readers: [
      {
        neutral: [
          { error: { code: 'PARAMETER.REQUIRED', message: 'missing', errors: [{ field: 'zip', message: 'blank' }] } },
        ],
        read: (body) => classify({ status: 422, body: () => body }),
      },
    ],
  },
  { entity: 'address', types: ['Address'], is: startsWith('adr_'), readers: [] },
  { entity: 'parcel', types: ['Parcel'], is: startsWith('prcl_'), readers: [] },
  { entity: 'customs item', types: ['CustomsItem'], is: startsWith('cstitem_'), readers: [] },
  { entity: 'insurance', types: ['Insurance'], is: startsWith('ins_'), readers: [] },
  { entity: 'batch', types: ['Batch'], is: startsWith('batch_'), readers: [] },
];

const OWN_TIME = 'EasyPost’s own bookkeeping of its record; ours has times of its own';
const SENT = 'what we had sent, said again: ours is kept with the label';
const PAGE = 'the tracking page, whose address is kept, shows it to whoever asks; we act on the state and its time';
const NO_BATCH = 'labels are bought one by one, so that one that fails stops no other';

const fields: readonly CoverageRow[] = [
  ...unkept('error', 'its message, which is shown, says it in words', ['error.errors.code']),
  ...unkept('shipment', 'each fee is counted, whatever it is for; what is given back of it a refund says', [
    'fees.type',
    'fees.charged',
    'fees.refunded',
  ]),
  ...unkept('shipment', OWN_TIME, [
    'created_at',
    'updated_at',
    'mode',
    'status',
    'postage_label.id',
    'postage_label.created_at',
    'postage_label.updated_at',
    'postage_label.date_advance',
    'postage_label.label_date',
    'usps_zone',
  ]),
  ...unkept('shipment', 'the form of the label’s file, which is printed as it comes', [
    'postage_label.integrated_form',
    'postage_label.label_resolution',
    'postage_label.label_size',
    'postage_label.label_type',
    'postage_label.label_file_type',
    'postage_label.label_zpl_url',
  ]),
  ...unkept('shipment', SENT, [
    'is_return',
    'insurance',
    'options.currency',
    'options.payment.type',
    'options.date_advance',
    'options.label_format',
    'options.invoice_number',
    'customs_info.id',
    'customs_info.created_at',
    'customs_info.updated_at',
    'customs_info.contents_type',
    'customs_info.customs_certify',
    'customs_info.customs_signer',
    'customs_info.eel_pfc',
    'customs_info.non_delivery_option',
    'customs_info.restriction_type',
    'customs_info.mode',
    'tax_identifiers.entity',
    'tax_identifiers.tax_id',
    'tax_identifiers.tax_id_type',
    'tax_identifiers.issuing_country',
  ]),
  ...unkept('shipment', NO_BATCH, [
    'batch_id',
    'batch_status',
    'batch_message',
    'order_id',
    'scan_form.id',
    'scan_form.created_at',
    'scan_form.updated_at',
    'scan_form.tracking_codes',
    'scan_form.status',
    'scan_form.form_url',
    'scan_form.batch_id',
  ]),
  ...unkept('shipment', 'the carrier and its words are kept', ['messages.carrier_account_id', 'messages.type']),
  ...unkept('shipment', 'EasyPost’s own choice among rates; we choose by the seller’s rule', [
    'luma_info.ai_results.carrier',
    'luma_info.ai_results.meets_ruleset_requirements',
    'luma_info.ai_results.predicted_deliver_by_date',
    'luma_info.ai_results.predicted_deliver_days',
    'luma_info.ai_results.rate_id',
    'luma_info.ai_results.rate_usd',
    'luma_info.ai_results.service',
    'luma_info.matching_rule_idx',
    'luma_info.ruleset_description',
  ]),
  ...unkept('rate', OWN_TIME, ['created_at', 'updated_at', 'mode', 'shipment_id']),
  ...unkept('rate', 'what others would pay; what this account pays is kept', [
    'retail_rate',
    'retail_currency',
    'list_rate',
    'list_currency',
  ]),
  ...unkept('rate', 'the account at EasyPost through which the carrier bills; a label is bought by its rate', [
    'billing_type',
    'carrier_account_id',
  ]),
  ...unkept('rate', 'a promise that no rule of ours asks for; the days are kept', [
    'delivery_date_guaranteed',
    'time_in_transit.percentile_50',
    'time_in_transit.percentile_75',
    'time_in_transit.percentile_85',
    'time_in_transit.percentile_90',
    'time_in_transit.percentile_95',
    'time_in_transit.percentile_97',
    'time_in_transit.percentile_99',
  ]),
  ...unkept('tracker', OWN_TIME, ['id', 'mode', 'created_at', 'shipment_id', 'finalized', 'is_return']),
  ...unkept('tracker', PAGE, [
    'status_detail',
    'est_delivery_date',
    'weight',
    'tracking_details.message',
    'tracking_details.description',
    'tracking_details.status',
    'tracking_details.status_detail',
    'tracking_details.source',
    'tracking_details.carrier_code',
    'tracking_details.tracking_location.city',
    'tracking_details.tracking_location.state',
    'tracking_details.tracking_location.zip',
    'tracking_details.tracking_location.country',
    'carrier_detail.service',
    'carrier_detail.origin_location',
    'carrier_detail.origin_tracking_location.city',
    'carrier_detail.origin_tracking_location.state',
    'carrier_detail.origin_tracking_location.zip',
    'carrier_detail.origin_tracking_location.country',
    'carrier_detail.destination_location',
    'carrier_detail.est_delivery_date_local',
  ]),
  ...unkept('tracker', 'the price of tracking a parcel whose label was bought elsewhere: we start no such tracking', [
    'fees.type',
    'fees.amount',
    'fees.charged',
    'fees.refunded',
  ]),
  ...unkept('event', 'an event is a hint: what it speaks of is read anew', [
    'id',
    'user_id',
    'status',
    'created_at',
    'updated_at',
    'mode',
    'pending_urls',
    'previous_attributes.status',
  ]),
  ...unkept('address', SENT, [
    'id',
    'created_at',
    'updated_at',
    'mode',
    'name',
    'company',
    'street1',
    'street2',
    'city',
    'state',
    'zip',
    'country',
    'phone',
    'email',
  ]),
  ...unkept(
    'address',
    'EasyPost’s own view of the place; a carrier that does not go there offers no rate, and says why',
    [
      'residential',
      'verifications.zip4.success',
      'verifications.zip4.errors.code',
      'verifications.zip4.errors.field',
      'verifications.zip4.errors.message',
      'verifications.delivery.success',
      'verifications.delivery.errors.code',
      'verifications.delivery.errors.field',
      'verifications.delivery.errors.message',
      'verifications.delivery.details.latitude',
      'verifications.delivery.details.longitude',
      'verifications.delivery.details.time_zone',
      'verifications.verify_carrier',
    ],
  ),
  ...unkept('parcel', SENT, ['id', 'created_at', 'updated_at', 'mode', 'length', 'width', 'height', 'weight']),
  ...unkept('customs item', SENT, [
    'id',
    'created_at',
    'updated_at',
    'mode',
    'description',
    'hs_tariff_number',
    'origin_country',
    'quantity',
    'value',
    'weight',
  ]),
  ...unkept('insurance', 'parcels are not insured through us; what is charged for one stands among the label’s fees', [
    'id',
    'mode',
    'status',
    'amount',
    'provider',
    'tracking_code',
    'shipment_id',
    'messages',
    'fee.type',
    'fee.amount',
    'fee.charged',
    'fee.refunded',
    'created_at',
    'updated_at',
  ]),
  ...unkept('batch', NO_BATCH, [
    'id',
    'mode',
    'state',
    'num_shipments',
    'created_at',
    'updated_at',
    'status.created',
    'status.queued_for_purchase',
    'status.creation_failed',
    'status.postage_purchased',
    'status.postage_purchase_failed',
    'scan_form.id',
    'scan_form.created_at',
    'scan_form.updated_at',
    'scan_form.status',
    'scan_form.batch_id',
  ]),
];

const operations: readonly CoverageRow[] = [
  ...unread('who the account is: it is compared as the connection’s identity and kept nowhere else', ['GET /v2/users']),
  ...unread('the accounts, keys and customers of whoever owns the EasyPost account, which are set up there', [
    'GET /v2/api_keys',
    'GET /v2/users/children',
    'PATCH /v2/users/{id}',
    'GET /v2/referral_customers',
    'POST /v2/referral_customers',
    'PUT /v2/referral_customers/{id}',
    'POST /v2/customer_portal/account_link',
    'POST /v2/embeddables/session',
    'GET /v2/end_shippers',
    'POST /v2/end_shippers',
    'PUT /v2/end_shippers/{id}',
  ]),
  ...unread('how the owner of the account pays EasyPost, which is set up there', [
    'POST /beta/financial_connections_sessions',
    'POST /beta/setup_intents',
    'GET /v2/partners/stripe_public_key',
    'POST /v1/tokens',
    'POST /v2/credit_cards',
  ]),
  ...unread('which carriers the account has, which is set up at EasyPost; what they offer comes as rates', [
    'GET /v2/carrier_accounts',
    'GET /v2/carrier_accounts/{id}',
    'POST /v2/carrier_accounts',
    'POST /v2/carrier_accounts/register_oauth',
    'PATCH /v2/carrier_accounts/{id}',
    'GET /v2/carrier_types',
    'GET /v2/metadata/carriers',
  ]),
  ...unread('claims are the seller’s talk with an insurer', ['GET /v2/claims', 'POST /v2/claims']),
  ...unread('webhooks are set up by the seller, with a secret of theirs', [
    'GET /v2/webhooks/{id}',
    'POST /v2/webhooks',
    'PATCH /v2/webhooks/{id}',
  ]),
  ...unread('that money of a label was asked back is read with its shipment', [
    'GET /v2/refunds',
    'GET /v2/refunds/{id}',
    'POST /v2/refunds',
  ]),
  ...unread('sums over what was bought: ours are made from our own postings', [
    'GET /v2/reports/shipment',
    'GET /v2/reports/{id}',
    'POST /v2/reports/shipment',
  ]),
  ...unread('guesses of how long a parcel takes, with no parcel', [
    'POST /v2/smartrate/deliver_by',
    'POST /v2/smartrate/deliver_on',
  ]),
  ...unread('it says that it was done', ['DELETE /v2/trackers/{id}']),
];

export const coverage: Coverage = {
  kinds,
  rows: [...fields, ...operations],
  corpus: { marks: ['ac2a73296fe0'], floors: { files: 103 } },
};
