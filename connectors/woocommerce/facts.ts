import { z } from 'zod';
import { type Attribute, type IncomingFulfilment, isCountry, type OrderFacts, type TaxId } from '#kit';
import { type Meta, type Order, plain } from './wire.ts';

/*
 * What plugins keep in the `meta_data` of orders and lines. WooCommerce itself has no tax id, no number of a purchase and no parcels:
 * each plugin takes a key of its own, and a shop may use several plugins.
 */

/**
 * Where plugins keep a tax id of the buyer, without a leading `_` and, but for `cf`, without `billing_` or `shipping_`. The country is the
 * one that alone gives such numbers.
 * Source: keys that public plugins and their importers read and write (EU VAT Number 2.3.21, EU VAT Compliance, EU VAT Assistant, WP Whale,
 * YITH EU VAT, German Market, Germanized, Customs of WooCommerce Shipping, and national plugins), seen 2026-12-01.
 */
const TAX_IDS: Readonly<Record<string, Pick<TaxId, 'kind' | 'country'>>> = {
  vat: { kind: 'vat', country: '' },
  vat_number: { kind: 'vat', country: '' },
  vat_id: { kind: 'vat', country: '' },
  vatin: { kind: 'vat', country: '' },
  vat_no: { kind: 'vat', country: '' },
  eu_vat: { kind: 'vat', country: '' },
  eu_vat_number: { kind: 'vat', country: '' },
  'vat number': { kind: 'vat', country: '' },
  'vat-number': { kind: 'vat', country: '' },
  yweu_vat: { kind: 'vat', country: '' },
  yweu_billing_vat: { kind: 'vat', country: '' },
  ic_dph: { kind: 'vat', country: 'SK' },
  dic: { kind: 'vat', country: '' },
  piva: { kind: 'vat', country: 'IT' },
  partita_iva: { kind: 'vat', country: 'IT' },
  eori: { kind: 'eori', country: '' },
  eori_number: { kind: 'eori', country: '' },
  ioss: { kind: 'ioss', country: '' },
  ioss_number: { kind: 'ioss', country: '' },
  tax_id: { kind: 'other', country: '' },
  tax_number: { kind: 'other', country: '' },
  nif: { kind: 'other', country: '' },
  billing_cf: { kind: 'other', country: 'IT' },
  codice_fiscale: { kind: 'other', country: 'IT' },
  cpf: { kind: 'other', country: 'BR' },
  cnpj: { kind: 'other', country: 'BR' },
  gstin: { kind: 'other', country: 'IN' },
  gst_number: { kind: 'other', country: '' },
  abn: { kind: 'other', country: 'AU' },
};

/**
 * Where plugins keep the buyer's own number of a purchase, without a leading `_` and without `billing_`.
 * Source: WooCommerce Purchase Order Gateway (`_po_number`), Purchase Orders for WooCommerce (`_purchase_order_number`) and fields of
 * checkout editors, as seen in public copies, 2026-12-01.
 */
const PO_NUMBERS: ReadonlySet<string> = new Set([
  'purchase_order_number',
  'purchase-order-number',
  'po_number',
  'po-number',
  'purchase_order',
  'customer_po_number',
]);

/**
 * Notes of WooCommerce and of plugins to themselves that wear no `_`, though nobody chose them.
 * Source: as `PO_NUMBERS`.
 */
const NO_WORDS: ReadonlySet<string> = new Set([
  'is_vat_exempt',
  'shipment_status',
  'ts_shipment_status',
  'wpml_language',
]);

/** Additional fields of the block checkout are kept with their group and the plugin's name in front: `_wc_other/my-shop/po-number`. */
const FIELD = /^_wc_(?:billing|shipping|other)\/(?:.*\/)?/;
const nameOf = (key: string): string => key.replace(FIELD, '').replace(/^_/, '').toLowerCase();
const withoutParty = (name: string): string => name.replace(/^(billing|shipping)_/, '');

/** A text without the tags that some plugins put around it; '' for what is no text. */
const wordsOf = (value: unknown): string => {
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  const known = texts.every((text) => typeof text === 'string' || typeof text === 'number');
  return known
    ? texts
        .map((text) => plain(String(text).replace(/<\/?[a-z][^>]*>/gi, '')))
        .join(', ')
        .trim()
    : '';
};

const taxRow = (key: string) => TAX_IDS[nameOf(key)] ?? TAX_IDS[withoutParty(nameOf(key))];

/** VAT numbers begin with their country; Greece's is EL there, Northern Ireland's XI. Source: Directive 2006/112/EC, article 215, read 2026-12-01. */
const VAT_COUNTRIES: Readonly<Record<string, string>> = { EL: 'GR', XI: 'GB' };
const countryIn = (number: string): string => {
  const letters = /^[A-Z]{2}(?=.*\d)/.exec(number)?.[0] ?? '';
  const country = VAT_COUNTRIES[letters] ?? letters;
  return isCountry(country) ? country : '';
};
const NAMES_ITS_COUNTRY: ReadonlySet<TaxId['kind']> = new Set(['vat', 'eori']);

/** The buyer's tax ids, each number once, whichever plugins have kept it. */
const taxIdsOf = (meta: readonly Meta[]): TaxId[] => {
  const found = meta.flatMap(({ key, value }): TaxId[] => {
    const row = taxRow(key);
    const number = wordsOf(value).replace(/\s+/g, '').toUpperCase();
    if (!row || number === '') return [];
    const told = NAMES_ITS_COUNTRY.has(row.kind) ? countryIn(number) : '';
    return [{ kind: row.kind, number, country: told || row.country }];
  });
  return [...new Map(found.toReversed().map((id) => [id.number, id])).values()].toReversed();
};

const isPoNumber = (key: string): boolean => PO_NUMBERS.has(withoutParty(nameOf(key)));

/** WordPress hides what begins with `_`; fields of the block checkout begin so too, and are the buyer's. */
const isShown = ({ key }: Meta): boolean => key !== '' && (!key.startsWith('_') || FIELD.test(key));

/**
 * What is shown of an order or a line, in the words of the shop: the names and values as people see them where the shop gives those.
 * Of a line it is what the buyer chose or had written on it, and the attributes of its variation, which stand there too.
 */
export const attributesOf = (meta: readonly Meta[]): Attribute[] =>
  meta.filter(isShown).flatMap(({ key, value, display_key, display_value }) => {
    const name = wordsOf(display_key) || key.replace(FIELD, '');
    const shown = wordsOf(display_value) || wordsOf(value);
    return shown === '' ? [] : [{ name, value: shown }];
  });
/** Plugins keep whole documents at an order; a person writes no more than this. */
const LONGEST = 1_000;

/** A shop has one currency, and no tags of orders. */
export const factsOf = (order: Order): OrderFacts => ({
  taxIds: taxIdsOf(order.meta_data),
  poNumber:
    order.meta_data
      .filter(({ key }) => isPoNumber(key))
      .map(({ value }) => wordsOf(value))
      .find(Boolean) ?? '',
  tags: [],
  shippingMethod: [...new Set(order.shipping_lines.map((line) => plain(line.method_title)))].filter(Boolean).join(', '),
  attributes: attributesOf(
    order.meta_data.filter(({ key }) => !taxRow(key) && !isPoNumber(key) && !NO_WORDS.has(key)),
  ).filter(({ value }) => value.length <= LONGEST),
  shopMoney: null,
});

/** The key of the order's own record of one package. One each, so that two packages told of at once do not overwrite each other. */
const SHIPMENT = '_crossdock_shipment_';
export const shipmentKey = (reference: string): string => `${SHIPMENT}${reference}`;
/** The id of a package that we told the shop of, in what the shop shows. */
export const packageId = (orderId: number, reference: string): string => `${orderId}:${reference}`;

const Told = z.object({
  carrier: z.string().catch(''),
  number: z.string().catch(''),
  url: z.string().catch(''),
  lines: z.array(z.object({ lineExternalId: z.string().min(1), quantity: z.int().positive() })),
});
type Told = z.infer<typeof Told>;

/** The packages that we have told the shop of. */
export const toldPackages = (order: Order): (Told & { reference: string })[] =>
  order.meta_data
    .filter(({ key }) => key.startsWith(SHIPMENT))
    .flatMap(({ key, value }) => {
      const told = Told.safeParse(value).data;
      return told ? [{ reference: key.slice(SHIPMENT.length), ...told }] : [];
    });

/** Where the plugins Shipment Tracking and Advanced Shipment Tracking keep parcels. They do not say what is in one. */
const TRACKED = '_wc_shipment_tracking_items';
const Word = z.string().catch('');
const Tracked = z.object({
  tracking_id: Word,
  tracking_number: z.coerce.string().min(1),
  tracking_provider: Word,
  custom_tracking_provider: Word,
  formatted_tracking_provider: Word,
  custom_tracking_link: Word,
  formatted_tracking_link: Word,
});
/** PHP makes an object of a list with gaps. */
const rowsOf = (value: unknown): unknown[] => (typeof value === 'object' && value !== null ? Object.values(value) : []);

const trackedBy = (order: Order): IncomingFulfilment[] =>
  order.meta_data
    .filter(({ key }) => key === TRACKED)
    .flatMap(({ value }) => rowsOf(value))
    .flatMap((row) => {
      const item = Tracked.safeParse(row).data;
      if (!item) return [];
      const { tracking_number: number } = item;
      const carrier = item.formatted_tracking_provider || item.custom_tracking_provider || item.tracking_provider;
      const url = item.formatted_tracking_link || item.custom_tracking_link;
      return [
        { externalId: item.tracking_id || number, rawStatus: '', tracking: [{ carrier, number, url }], lines: [] },
      ];
    });

/**
 * The packages that an order shows: ours, and those of the tracking plugins, of which nobody says what is in them.
 * Source: fields of `_wc_shipment_tracking_items` as public copies of both plugins write it, seen 2026-12-01.
 */
export const fulfilmentsOf = (order: Order): IncomingFulfilment[] => [
  ...toldPackages(order).map(({ reference, carrier, number, url, lines }) => ({
    externalId: packageId(order.id, reference),
    rawStatus: '',
    tracking: number === '' ? [] : [{ carrier, number, url }],
    lines,
  })),
  ...trackedBy(order),
];
