import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IncomingOrder, ListingRead } from '#kit';
import { hostConnector, manualClock, openSandboxDb, withRawServer } from '#kit/testing';
import { woocommerce } from './index.ts';
import { toListing, toOrder } from './mapper.ts';
import { serveWooCommerce } from './sandbox.ts';
import { Order, Product } from './wire.ts';

const LINE = {
  id: 1,
  name: 'Mug',
  product_id: 5,
  variation_id: 0,
  sku: 'A',
  quantity: 2,
  price: 9,
  subtotal: '20.00',
  subtotal_tax: '3.80',
  total: '18.00',
  total_tax: '3.42',
  taxes: [{ id: 1, total: '3.42' }],
  meta_data: [],
};
const sent = (changes: Record<string, unknown> = {}) => ({
  id: 100,
  status: 'processing',
  currency: 'EUR',
  payment_method: 'stripe',
  total: '21.42',
  total_tax: '3.42',
  date_created_gmt: '2026-11-01T10:00:00',
  date_modified_gmt: '2026-11-01T10:00:00',
  prices_include_tax: false,
  line_items: [LINE],
  ...changes,
});
const read = (changes: Record<string, unknown> = {}) => IncomingOrder.parse(toOrder(Order.parse(sent(changes)), []));
const factsWith = (...meta: [key: string, value: unknown][]) =>
  read({ meta_data: meta.map(([key, value], id) => ({ id, key, value })) }).facts;

describe('woocommerce: the buyer’s tax ids, wherever a plugin keeps them', () => {
  it.each([
    ['_billing_vat', 'DE123456789', 'vat', 'DE'],
    ['_vat_number', 'FR 12 345 678 901', 'vat', 'FR'],
    ['vat_number', 'ESB12345678', 'vat', 'ES'],
    ['VAT Number', 'NL123456789B01', 'vat', 'NL'],
    ['_billing_vat_number', 'EL123456789', 'vat', 'GR'],
    ['billing_vat', 'XI123456789', 'vat', 'GB'],
    ['_billing_eu_vat_number', 'de123456789', 'vat', 'DE'],
    ['yweu_billing_vat', '123456789', 'vat', ''],
    ['_billing_vat_id', 'ATU12345678', 'vat', 'AT'],
    ['_shipping_vat_id', 'ATU12345678', 'vat', 'AT'],
    ['_wc_billing/grvatin/vat-number', 'EL123456789', 'vat', 'GR'],
    ['_billing_piva', '12345678901', 'vat', 'IT'],
    ['_billing_dic', 'CZ12345678', 'vat', 'CZ'],
    ['_billing_cf', 'RSSMRA85T10A562S', 'other', 'IT'],
    ['_billing_cpf', '123.456.789-09', 'other', 'BR'],
    ['_billing_nif', '123456789', 'other', ''],
    ['_billing_nif', 'ES12345678Z', 'other', ''],
    ['eori_number', 'GB123456789000', 'eori', 'GB'],
    // Its letters name the scheme, not the Isle of Man.
    ['_ioss_number', 'IM2760000000', 'ioss', ''],
    // No country, and no number behind two letters.
    ['_vat_number', 'ZZ12', 'vat', ''],
    ['_vat_number', 'NONE', 'vat', ''],
    ['_vat_number', 123456789, 'vat', ''],
  ])('%s with %s is a %s number of “%s”', (key, value, kind, country) => {
    const number = String(value).replaceAll(' ', '').toUpperCase();
    expect(factsWith([key, value])).toMatchObject({ taxIds: [{ kind, number, country }], attributes: [] });
  });

  it.each([
    ['an empty one', '_vat_number', ''],
    ['one that is no text', '_vat_number', { a: 1 }],
    ['nothing', '_vat_number', null],
    ['a plugin’s note of its check', '_vat_number_is_valid', 'true'],
    ['a plugin’s note of the rate', '_vat_rate', '19'],
    ['a shop’s own two letters', 'cf', 'custom'],
  ])('%s is none', (_, key, value) => expect(factsWith([key, value])?.taxIds).toEqual([]));

  it('counts one number once, though two plugins keep it', () => {
    expect(
      factsWith(['_vat_number', 'DE123456789'], ['_billing_vat', 'DE 123456789'], ['_eori', 'DE1234'])?.taxIds,
    ).toEqual([
      { kind: 'vat', number: 'DE123456789', country: 'DE' },
      { kind: 'eori', number: 'DE1234', country: 'DE' },
    ]);
  });
});

describe('woocommerce: what else an order says', () => {
  it.each(['_po_number', '_purchase_order_number', '_billing_po_number', 'po_number', '_wc_other/my-shop/po-number'])(
    'the buyer’s number of the purchase is in %s',
    (key) => expect(factsWith([key, ' PO &amp; 7 '])).toMatchObject({ poNumber: 'PO & 7', attributes: [] }),
  );

  it('keeps what is shown of an order, and nothing that plugins keep to themselves', () => {
    expect(
      factsWith(
        ['Gift message', 'For <b>Ana</b> &amp; Ben <3'],
        ['_wc_other/my-shop/delivery-day', 'Monday'],
        ['wrapping', ['paper', 'ribbon']],
        ['_hidden', 'x'],
        ['is_vat_exempt', 'no'],
        ['payload', { a: 1 }],
        ['document', 'x'.repeat(1_001)],
        ['empty', ''],
        ['', 'nameless'],
      )?.attributes,
    ).toEqual([
      { name: 'Gift message', value: 'For Ana & Ben <3' },
      { name: 'delivery-day', value: 'Monday' },
      { name: 'wrapping', value: 'paper, ribbon' },
    ]);
  });

  it('has no money but the order’s, no tags, and the shipping method in the shop’s words', () => {
    const shipping = (id: number, method_title: string) => ({ id, method_title, total: '0', total_tax: '0' });
    expect(read({ shipping_lines: [shipping(1, 'DHL &amp; Co'), shipping(2, 'Pick-up')] }).facts).toEqual({
      taxIds: [],
      poNumber: '',
      tags: [],
      shippingMethod: 'DHL & Co, Pick-up',
      attributes: [],
      shopMoney: null,
    });
  });

  it.each([
    ['without tax', false, 200],
    ['with tax', true, 238],
  ])('says what was taken off a line, %s in its prices, and its tax', (_, prices_include_tax, discountMinor) => {
    expect(read({ prices_include_tax }).lines[0]?.facts).toEqual({ discountMinor, taxMinor: 342, attributes: [] });
  });

  it('keeps how a line is wanted, in the words that people see where the shop gives them', () => {
    const meta_data = [
      { id: 1, key: 'pa_colour', value: 'red', display_key: 'Colour', display_value: 'Red &amp; white' },
      { id: 2, key: 'Engraving', value: 'For <em>Ana</em>' },
      { id: 3, key: 'length', value: 12, display_key: 'Length', display_value: { a: 1 } },
      { id: 4, key: '_reduced_stock', value: '2', display_key: '_reduced_stock', display_value: '2' },
      { id: 5, key: 'addons', value: [{ name: 'x' }], display_key: 'addons', display_value: [{ name: 'x' }] },
      { id: 6, key: 'Letter', value: 'x'.repeat(3_000) },
    ];
    expect(read({ line_items: [{ ...LINE, meta_data }] }).lines[0]?.facts?.attributes).toEqual([
      { name: 'Colour', value: 'Red & white' },
      { name: 'Engraving', value: 'For Ana' },
      { name: 'Length', value: '12' },
      { name: 'Letter', value: 'x'.repeat(3_000) },
    ]);
  });

  it('reads an order whatever plugins keep in it', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            key: fc.constantFrom('_vat_number', 'x', '_wc_shipment_tracking_items', '_crossdock_shipment_s'),
            value: fc.anything(),
          }),
        ),
        (meta) => {
          expect(() => read({ meta_data: meta, line_items: [{ ...LINE, meta_data: meta }] })).not.toThrow();
        },
      ),
    ));
});

describe('woocommerce: packages that an order shows', () => {
  it('are ours with what is in them, and those of the tracking plugins, of which nobody says', () => {
    const meta_data = [
      {
        key: '_crossdock_shipment_s-1',
        value: { carrier: 'UPS', number: '1Z', url: '', lines: [{ lineExternalId: '1', quantity: 1 }] },
      },
      {
        key: '_wc_shipment_tracking_items',
        value: [
          { tracking_provider: 'dhl', tracking_number: 'D1', tracking_id: 'a1b2', date_shipped: '1793491200' },
          {
            tracking_provider: '',
            custom_tracking_provider: 'Dropp',
            custom_tracking_link: 'https://dropp.example/D2',
            tracking_number: 42,
          },
          { tracking_number: '' },
          'broken',
        ],
      },
    ];
    expect(read({ meta_data }).fulfilments).toEqual([
      {
        externalId: '100:s-1',
        rawStatus: '',
        tracking: [{ carrier: 'UPS', number: '1Z', url: '' }],
        lines: [{ lineExternalId: '1', quantity: 1 }],
      },
      { externalId: 'a1b2', rawStatus: '', tracking: [{ carrier: 'dhl', number: 'D1', url: '' }], lines: [] },
      {
        externalId: '42',
        rawStatus: '',
        tracking: [{ carrier: 'Dropp', number: '42', url: 'https://dropp.example/D2' }],
        lines: [],
      },
    ]);
  });

  it.each([['processing'], ['completed']])('a %s order without any shows none', (status) =>
    expect(read({ status }).fulfilments).toEqual([]),
  );
});

describe('woocommerce: what a product says of itself', () => {
  const units = { weight: 'kg', dimension: 'cm' };
  const listing = (changes: Record<string, unknown>, given = units) =>
    ListingRead.parse(
      toListing(Product.parse({ id: 1, name: 'Mug', type: 'simple', status: 'publish', ...changes }), given),
    );

  it.each([
    ['kg', '1.5', 1_500],
    ['kg', '0,25', 250],
    ['g', '250', 250],
    ['lbs', '2', 907],
    ['oz', '1', 28],
    ['kg', '', null],
    ['kg', '0', null],
    ['kg', 'heavy', null],
    ['stone', '1', null],
  ])('in %s a weight of “%s” is %s grams', (weight, given, weightGrams) =>
    expect(listing({ weight: given }, { weight, dimension: '' }).facts).toMatchObject({
      weightGrams,
      dimensions: null,
    }),
  );

  it('has a size where all three are entered, and a barcode', () => {
    const size = { length: '10', width: '5.5', height: 2 };
    expect(listing({ dimensions: size, global_unique_id: ' 4006381333931 ' }).facts).toMatchObject({
      dimensions: { lengthMm: 100, widthMm: 55, heightMm: 20 },
      gtin: '4006381333931',
    });
    expect(listing({ dimensions: { ...size, width: '' } }).facts).toMatchObject({ dimensions: null, gtin: null });
    expect(listing({ dimensions: [] }).facts).toMatchObject({ dimensions: null });
  });

  it.each([
    ['no', false],
    ['notify', true],
    ['yes', true],
    ['ask', undefined],
    [undefined, undefined],
  ])('with back orders “%s” it sells without stock: %s', (backorders, meant) =>
    expect(listing({ backorders }).sellsWithoutStock).toBe(meant),
  );

  it('is weighed in the shop’s own unit, asked for once', async () => {
    const clock = manualClock(Date.UTC(2026, 10, 1, 10));
    const db = openSandboxDb();
    const shop = await serveWooCommerce({ clock, db });
    const host = hostConnector(woocommerce, { ...shop, settings: { requestsPerSecond: 100 } }, clock);
    const facts = { weightGrams: 350, gtin: '4006381333931' };
    shop.storefront.addListing({ sku: 'HEAVY', title: 'Heavy', price: '1.00', quantity: 1, facts });
    for (let n = 0; n < 2; n += 1) {
      const { items } = await host.call('listings.read', { cursor: null });
      expect(items.find(({ sku }) => sku === 'HEAVY')).toMatchObject({ facts, sellsWithoutStock: false });
    }
    expect(shop.requests().filter(({ path }) => path.includes('/settings/'))).toHaveLength(2);
    await shop.close();
    db.close();
  });

  it('is read without a weight where the key may not read settings', () =>
    withRawServer(
      ({ path }) =>
        path.includes('/products') && !path.includes('/settings/')
          ? [{ id: 1, name: 'Mug', type: 'simple', status: 'publish', weight: '1' }]
          : undefined,
      async (site) => {
        const credentials = { site, consumerKey: 'ck_1234567', consumerSecret: 'cs_1234567' };
        const host = hostConnector(woocommerce, { credentials, settings: {} }, manualClock());
        const { items } = await host.call('listings.read', { cursor: null });
        expect(items).toMatchObject([{ externalVariantId: '1', facts: { weightGrams: null } }]);
      },
      { 'x-wp-totalpages': '1' },
    ));
});
