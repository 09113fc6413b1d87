import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { MODE_NAMES, type ModeName } from '#domain/offer.ts';
import type { Step } from '#trade/case-file/facts.ts';
import { addDays, dayOf, type PlainDate } from '#trade/plain-date.ts';
import type { ApiClient } from './api-client.ts';
import { type Business, type Item, modeOf, putOnSale } from './business.ts';
import { creditMessage, EXPORT_STORIES, type ExportCaseStory, putExportLists } from './export-cases.ts';
import type { World } from './world.ts';

/** A case that was opened is seen by every part of the product within a second; nothing is offered before. */
const SEEN_MS = 1_200;

interface Staged {
  what: Omit<Item, 'sku'> & { base: string };
  quantity: number;
  buyer: { name: string; line1: string; city: string; postalCode: string; country: string };
  /** What has been entered so far; the rest is still open. */
  facts(story: ExportCaseStory, known: { on: PlainDate; capturedMinor: number }): Partial<Record<Step, object>>;
  /** What a person does about it once it is screened. */
  override?: { step: Step; code: string; subject: string; reason: string };
  screened: boolean;
}

/** Each export stands at another stage, so that a visitor sees steps that passed, are blocked, overridden and open. */
const STAGED: Readonly<Record<ModeName, Staged>> = {
  wholesale: {
    what: { base: 'TOWEL', title: 'Tea towels, cotton terry, pack of ten', price: '11.40' },
    quantity: 40,
    screened: true,
    buyer: {
      name: 'Kadehoek Textiel B.V.',
      line1: 'Voorbeeldkade 12',
      city: 'Rotterdam',
      postalCode: '3011 AA',
      country: 'NL',
    },
    // The credit that came departs from the contract, and nobody has accepted it.
    facts: ({ facts: { market, rights, quality, contract, logistics, clearance } }, { on }) => ({
      market,
      rights,
      quality,
      logistics,
      clearance,
      contract: { ...contract, messages: creditMessage(on, { discrepant: true }), shipped: null },
    }),
  },
  self_produced: {
    what: { base: 'LANTERN', title: 'Camping lantern LF-20', price: '21.50' },
    quantity: 2,
    screened: true,
    buyer: {
      name: 'Familie Mustermann',
      line1: 'Beispielweg 4',
      city: 'Köln',
      postalCode: '50667',
      country: 'DE',
    },
    // Everything is there but the inspection, which somebody vouches for, and the money.
    facts: ({ facts: { quality, after_sales, settlement, ...facts } }, { capturedMinor }) => ({
      ...facts,
      quality: { ...quality, reports: [] },
      after_sales: { ...after_sales, capturedMinor },
      settlement: { ...settlement, file: settlement.file ? { ...settlement.file, receipts: [] } : null },
    }),
    override: {
      step: 'quality',
      code: 'INSPECTION_MISSING',
      subject: 'LF-LOT-31',
      reason: 'Inspected at the end of the line; the signed sheet follows with the lot.',
    },
  },
  agent_operated: {
    what: { base: 'BOWL', title: 'Stoneware bowl, 16 cm', price: '3.00' },
    quantity: 320,
    screened: false,
    buyer: { name: 'Larkmoor Home Ltd', line1: '2 Sample Yard', city: 'Leeds', postalCode: 'LS1 1AA', country: 'GB' },
    // The mandate has run out and nobody is screened: the goods are off sale.
    facts: ({ facts: { market, rights, contract } }, { on }) => ({
      market,
      contract,
      rights: {
        ...rights,
        licences: (rights.licences ?? []).map((licence) => ({ ...licence, expires: addDays(on, -2) })),
      },
    }),
  },
  oem_dropship: {
    what: { base: 'NOTEBOOK', title: 'Paperkite notebook A5, dotted', price: '4.10' },
    quantity: 6,
    screened: true,
    buyer: { name: 'Hoshino Bunbogu', line1: '1-2-3 Reidai', city: 'Osaka', postalCode: '530-0001', country: 'JP' },
    // The factory may post it; the customs form still lacks a weight.
    facts: ({ facts: { market, rights, quality, contract, logistics, clearance } }) => ({
      market,
      rights,
      quality,
      contract,
      clearance,
      logistics: {
        ...logistics,
        shipment: {
          ...logistics.shipment,
          lines: logistics.shipment.lines.map((line) => ({ ...line, netGrams: null })),
        },
      },
    }),
  },
};

/** A code of this mode: which mode a code has follows from its hash. */
const skuOf = (mode: ModeName, base: string): string => {
  for (let n = 1; ; n += 1) if (modeOf(`EX-${base}-${n}`) === mode) return `EX-${base}-${n}`;
};

const Orders = z.object({ items: z.array(z.object({ id: z.string(), totalMinor: z.number() })) });
type KnownOrder = z.infer<typeof Orders>['items'][number];
const Opened = z.object({ case: z.object({ id: z.string() }) });

const orderNamed = async (api: ApiClient, number: string, signal: AbortSignal): Promise<KnownOrder> => {
  for (;;) {
    const { items } = Orders.parse(await api.get(`/v1/orders?number=${encodeURIComponent(number)}`));
    const [found] = items;
    if (found) return found;
    await wait(1_000, undefined, { signal });
  }
};

const openOne = async (world: World, api: ApiClient, business: Business, mode: ModeName, signal: AbortSignal) => {
  const { what, quantity, buyer, facts, screened, override } = STAGED[mode];
  const on = dayOf(world.clock.clock.now());
  const item: Item = { sku: skuOf(mode, what.base), title: what.title, price: what.price };
  const number = `EX-${what.base}`;
  const totalMinor = Math.round(Number(item.price) * 100) * quantity;
  world.db.transaction(() => {
    for (const { world: shop } of world.storefronts) shop.addListing({ ...item, quantity: 500 });
    world.storefronts[0]?.world.placeOrder({
      reference: number,
      placedAtMs: Math.floor(world.clock.clock.now()),
      currency: 'GBP',
      charges: [],
      note: '',
      buyer: { id: `export-${mode}`, name: buyer.name, email: `${what.base.toLowerCase()}@buyers.example` },
      shipTo: { ...buyer, company: '', line2: '', region: '', phone: '+440000000000', email: '' },
      lines: [{ key: `${number}#0`, sku: item.sku, title: item.title, quantity, unitPrice: item.price, totalMinor }],
    });
  });
  const order = await orderNamed(api, number, signal);
  const story = EXPORT_STORIES[mode]({ on, sku: item.sku, orderId: order.id });
  const { case: made } = Opened.parse(await api.post('/v1/cases', story.newCase));
  const at = `/v1/cases/${made.id}`;
  for (const [step, given] of Object.entries(facts(story, { on, capturedMinor: order.totalMinor })))
    await api.put(`${at}/facts/${step}`, { facts: given });
  if (screened) await api.post(`${at}/screen`, {});
  if (override) await api.post(`${at}/overrides`, override);
  await wait(SEEN_MS, undefined, { signal });
  // Only now is it offered: the order goes on as far as its case lets it.
  await putOnSale(world, api, business, [item]);
};

/**
 * Opens the four made-up exports of the demo, each about an order and a SKU of its own, so that nothing else is held back. Safe to
 * repeat: each is opened once in the life of the world, and a half-way one is gone on with under the same number.
 */
export const openExports = async (
  world: World,
  api: ApiClient,
  business: Business,
  signal: AbortSignal,
): Promise<void> => {
  await putExportLists(api, dayOf(world.clock.clock.now()));
  for (const mode of MODE_NAMES) {
    const done = `export.${mode}`;
    if (world.facts.get(done) !== null) continue;
    await openOne(world, api, business, mode, signal);
    world.facts.put(done, 'open');
  }
};
