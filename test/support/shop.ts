import type { Address } from '#domain/address.ts';
import type { ExceptionRecord } from '#domain/exception.ts';
import type { Leg } from '#domain/leg.ts';
import { MODE_NAMES, type ModeName } from '#domain/offer.ts';
import type { Order } from '#domain/order.ts';
import type { Return } from '#domain/return.ts';
import type { Shipment } from '#domain/shipment.ts';
import type { PlacedOrder } from '#kit/sandbox';
import { type Item, modeOf } from '#simulator/business.ts';
import { LEEDS } from './addresses.ts';
import { type Stand, until } from './stand.ts';
import { tellState } from './tell-state.ts';

/** Four things to sell in each mode; which mode a code has follows from the published hash. */
export const ITEMS: readonly Item[] = (() => {
  const found = new Map<ModeName, Item[]>(MODE_NAMES.map((mode) => [mode, []]));
  for (let n = 1; [...found.values()].some((items) => items.length < 4); n += 1) {
    const item = { sku: `T-${n}`, title: `Thing ${n}`, price: (4 + (n % 5)).toFixed(2) };
    const items = found.get(modeOf(item.sku));
    if (items && items.length < 4) items.push(item);
  }
  return [...found.values()].flat();
})();

export const itemOf = (mode: ModeName, n = 0): Item => {
  const item = ITEMS.filter(({ sku }) => modeOf(sku) === mode)[n];
  if (!item) throw new Error(`no item ${n} of ${mode}`);
  return item;
};

export interface Whole {
  order: Order & { id: string };
  legs: (Leg & { id: string })[];
  shipments: Shipment[];
  returns: Return[];
  exceptions: ExceptionRecord[];
}

/** Places an order at a storefront's sandbox; Crossdock hears of it as of any. */
export const place = (
  stand: Stand,
  reference: string,
  lines: readonly { item: Item; quantity: number }[],
  storefront = 0,
  to: Partial<Address> = {},
  /** What the shop tells beside goods and money, of the order and of each line. */
  facts: Pick<PlacedOrder, 'facts'> & { lines?: Pick<PlacedOrder['lines'][number], 'facts'> } = {},
): void => {
  stand.world.storefronts[storefront]?.world.placeOrder({
    reference,
    placedAtMs: Math.floor(stand.world.clock.clock.now()),
    currency: 'GBP',
    buyer: { id: 'b-1', name: to.name ?? 'Ada Example', email: to.email || 'ada@buyers.example' },
    shipTo: { ...LEEDS, ...to },
    lines: lines.map(({ item, quantity }, index) => ({
      key: `${reference}#${index}`,
      sku: item.sku,
      title: item.title,
      quantity,
      unitPrice: item.price,
      totalMinor: Math.round(Number(item.price) * 100) * quantity,
      ...facts.lines,
    })),
    charges: [{ key: `${reference}#post`, kind: 'shipping', code: 'POST', title: 'Postage', totalMinor: 395 }],
    note: '',
    ...(facts.facts ? { facts: facts.facts } : {}),
  });
};

/** The order as the API tells it, once it is there and `ready` says so. */
export const orderWhen = (
  stand: Stand,
  number: string,
  what: string,
  ready: (whole: Whole) => boolean,
  limitMs?: number,
): Promise<Whole> =>
  until(
    `order ${number} ${what}`,
    async () => {
      const { items } = (await stand.api.get(`/v1/orders?number=${encodeURIComponent(number)}`)) as {
        items: { id: string }[];
      };
      const [first] = items;
      if (!first) return null;
      const whole = (await stand.api.get(`/v1/orders/${first.id}`)) as Whole;
      return ready(whole) ? whole : null;
    },
    limitMs,
    () => tellState(stand, number),
  );

export const closed = ({ order }: Whole): boolean => order.state === 'closed';
