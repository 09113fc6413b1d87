import { MODE_NAMES, type ModeName, Offer } from '#domain/offer.ts';
import type { ApiClient } from './api-client.ts';
import { bucketOf } from './history/mode-of.ts';
import { PLACES, type Place, type World } from './world.ts';

/** One thing that is sold. */
export interface Item {
  sku: string;
  title: string;
  /** Decimal text in the business's currency. */
  price: string;
}

export const SHELVES = { warehouse: 'warehouse', brand: 'brand', principal: 'principal' } as const;
/** What one unit of anything that the demo sells is: the merchant of this world says so, through the API. */
export const UNIT_FACTS = { weightGrams: 250, origin: 'CN', hsCodes: { '*': '950590' } } as const;

const at = (line1: string, city: string, postalCode: string, phone: string) => ({
  line1,
  city,
  postalCode,
  phone,
  country: 'GB',
});
/** Where the shelves of the demo stand. Nobody lives there. */
const LOCATIONS = [
  {
    code: SHELVES.warehouse,
    name: 'Crossdock warehouse',
    kind: 'own',
    address: at('1 Dock Road', 'Felixstowe', 'IP11 3SY', '+441394000000'),
  },
  {
    code: SHELVES.brand,
    name: 'Brand works',
    kind: 'factory',
    address: at('4 Mill Lane', 'Huddersfield', 'HD1 2QF', '+441484000000'),
  },
  {
    code: SHELVES.principal,
    name: 'Principal’s store',
    kind: 'principal',
    address: at('22 Exchange Street', 'Manchester', 'M2 7EE', '+441610000000'),
  },
] as const;
const CONTACT = { name: 'Goods in' };

const COMMISSION_BPS = 1_500;
export const OPENING_STOCK = 1_000;

const ROLE: Readonly<Record<Place, string>> = {
  shopify: 'Shopify',
  woocommerce: 'WooCommerce',
  cj: 'CJ Dropshipping',
  feed: 'Wholesaler feed',
  easypost: 'EasyPost',
};

/** The mode of a code: the published hash (FNV-1a, 32 bits, of its UTF-8 bytes) modulo four, in the order of MODE_NAMES. */
export const modeOf = (sku: string): ModeName => MODE_NAMES[bucketOf(sku, MODE_NAMES.length)] ?? MODE_NAMES[0];

/** What a partner charges: 60 % of the shelf price, cut to the cent. */
const costOf = (price: string): string => {
  const milli = Math.floor(Number(price) * 1_000);
  return (Math.floor((milli * 60) / 1_000) / 100).toFixed(2);
};

/** The terms of a mode: who stands behind it and on whose shelf it is counted. One row a mode. */
const TERMS = (
  connections: Readonly<Record<Place, string>>,
): Readonly<Record<ModeName, Pick<Offer, 'partner' | 'location'> & Partial<Offer>>> => ({
  wholesale: { partner: connections.feed, location: SHELVES.warehouse, reorderPoint: 200, orderUpTo: 1_000 },
  self_produced: { partner: 'brand-works', location: SHELVES.brand, reorderPoint: 200, orderUpTo: 1_000 },
  agent_operated: { partner: SHELVES.principal, location: SHELVES.principal, commissionBps: COMMISSION_BPS },
  oem_dropship: { partner: connections.cj, location: `supplier:${connections.cj}` },
});

/** The id that a supplier gives a code. Codes differ in case alone; a supplier's id must not. */
export const externalSkuOf = (sku: string): string => `${sku}~${bucketOf(sku, 0xffff_ffff).toString(36)}`;

export interface Business {
  connections: Readonly<Record<Place, string>>;
  /** Keys of narrow scope, one for each party. */
  keys: Readonly<Record<'warehouse' | 'factory' | 'principal', string>>;
}

interface Row {
  id: string;
  name: string;
}

/**
 * Sets the business up through the doors that a merchant would use: five connections, live, with webhooks; three locations with their
 * addresses; keys for the other parties; the terms. Safe to repeat: what is there is left as it is.
 */
export const openBusiness = async (
  world: World,
  api: ApiClient,
  productUrl: string,
  options: { pollEveryMinutes: number; webhooks?: boolean; settings?: Partial<Record<Place, object>> },
): Promise<Business> => {
  const known = new Map<string, string>();
  for await (const { id, name } of api.all<Row>('/v1/connections')) known.set(name, id);
  const connections: Partial<Record<Place, string>> = {};
  for (const place of PLACES) {
    const { credentials, settings } = world.sandboxes[place];
    let id = known.get(ROLE[place]);
    if (id === undefined) {
      const made = (await api.post('/v1/connections', {
        connectorId: place,
        name: ROLE[place],
        credentials,
        settings: { ...settings, ...(place === 'cj' ? { pointsPerDay: 5_000_000 } : {}), ...options.settings?.[place] },
        fulfilFrom: new Date(0).toISOString(),
        // CJ sends webhooks, and a walk through its catalogue is dear.
        pollEveryMinutes: options.pollEveryMinutes * (place === 'cj' ? 7 : 1),
      })) as { id: string };
      id = made.id;
    }
    connections[place] = id;
    await api.post(`/v1/connections/${id}/check`, {});
    await api.post(`/v1/connections/${id}/live`, {});
    if (options.webhooks !== false && place !== 'feed' && place !== 'easypost') await register(api, id, productUrl);
  }
  const there = new Set<string>();
  for await (const { code } of api.all<{ code: string }>('/v1/locations')) there.add(code);
  for (const { code, name, kind, address } of LOCATIONS.filter((location) => !there.has(location.code)))
    await api.put(`/v1/locations/${code}`, {
      name,
      kind,
      address,
      contact: CONTACT,
      timeZone: 'Europe/London',
      carriers: connections.easypost === undefined ? [] : [connections.easypost],
    });
  const keys: Record<string, string> = {};
  for (const [name, scopes, location] of [
    ['warehouse', ['legs:read', 'legs:ship', 'receipts:write'], SHELVES.warehouse],
    ['factory', ['legs:read', 'legs:make', 'legs:ship', 'receipts:write'], SHELVES.brand],
    [
      'principal',
      ['legs:read', 'legs:ship', 'approvals:read', 'approvals:decide', 'stock:read', 'stock:write'],
      SHELVES.principal,
    ],
  ] as const) {
    const saved = world.facts.get(`key.${name}`);
    const key = saved ?? ((await api.post('/v1/keys', { name, scopes, location })) as { key: string }).key;
    world.facts.put(`key.${name}`, key);
    keys[name] = key;
  }
  return {
    connections: { shopify: '', woocommerce: '', cj: '', feed: '', easypost: '', ...connections },
    keys: { warehouse: keys['warehouse'] ?? '', factory: keys['factory'] ?? '', principal: keys['principal'] ?? '' },
  };
};

/** Subscribes, again and again while the vendor is busy: after a restart the work of the life before goes first. */
const register = async (api: ApiClient, id: string, publicUrl: string): Promise<void> => {
  for (let tries = 1; ; tries += 1) {
    const { problem } = (await api.post(`/v1/connections/${id}/webhooks`, { publicUrl })) as Registered;
    if (problem === null) return;
    if (tries === 100 || !['rate_limited', 'unavailable'].includes(problem.code))
      throw new Error(`the webhooks of ${id} could not be registered: ${JSON.stringify(problem)}`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
};
interface Registered {
  problem: { code: string } | null;
}

/**
 * Puts items on sale everywhere: the suppliers have them, the storefronts list them, the offers say under which mode, the variants
 * what each is, and the
 * opening stock stands on its shelf. Safe to repeat.
 */
export const putOnSale = async (
  world: World,
  api: ApiClient,
  business: Business,
  items: readonly Item[],
  onProgress: (done: number) => void = () => {},
): Promise<void> => {
  const terms = TERMS(business.connections);
  const CHUNK = 250;
  for (let from = 0; from < items.length; from += CHUNK) {
    const chunk = items.slice(from, from + CHUNK);
    world.db.transaction(() => {
      for (const { sku, title, price } of chunk) {
        for (const { world: shop } of world.storefronts)
          shop.addListing({ sku, title, price, quantity: OPENING_STOCK });
        const supply = { externalSku: externalSkuOf(sku), title, unitCost: costOf(price), quantity: 1_000_000 };
        if (terms[modeOf(sku)].partner === business.connections.cj) world.cj.addItem(supply);
        if (terms[modeOf(sku)].partner === business.connections.feed) world.feed.addItem(supply);
      }
    });
    const offers = chunk.map(({ sku, title, price }) =>
      Offer.parse({
        sku,
        mode: modeOf(sku),
        title,
        externalSku: externalSkuOf(sku),
        unitCost: costOf(price),
        currency: 'GBP',
        ...terms[modeOf(sku)],
      }),
    );
    await api.put('/v1/variants', { variants: chunk.map(({ sku, title }) => ({ sku, title, ...UNIT_FACTS })) });
    await api.put('/v1/offers', { offers });
    for (const [location, group] of Map.groupBy(offers, (offer) => offer.location))
      if (!location.startsWith('supplier:'))
        await api.post('/v1/stock/movements', {
          location,
          movements: group.map(({ sku }) => ({ sku, kind: 'opening', quantity: OPENING_STOCK, reference: 'opening' })),
        });
    onProgress(Math.min(items.length, from + CHUNK));
  }
  for (const place of ['shopify', 'woocommerce'] as const)
    await api.post(`/v1/connections/${business.connections[place]}/sync`, {});
};
