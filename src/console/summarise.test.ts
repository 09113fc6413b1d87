import { describe, expect, it } from 'vitest';
import { MODE_NAMES } from '#domain/offer.ts';
import { summarise } from './summarise.ts';
import {
  NOW,
  sampleConnection,
  sampleGathered,
  sampleLeg,
  sampleLegLine,
  sampleLevel,
  sampleOrder,
  samplePlan,
  WORKSPACE,
} from './testing/samples.ts';

const at = { nowMs: NOW, rate: 300, connectorTitles: new Map([['shopify', 'Shopify Admin']]) };
const summed = (changes: Parameters<typeof sampleGathered>[0]) => summarise(WORKSPACE, sampleGathered(changes), at);

describe('the overview', () => {
  it('has a lane for every mode, also when nothing goes on', () => {
    const { lanes, orders, totals } = summed({});
    expect(lanes.map(({ mode }) => mode)).toEqual([...MODE_NAMES]);
    expect(orders.total).toBe(0);
    expect(totals).toEqual({ legs: 0, lines: 0, units: 0, shipped: 0, waiting: 0 });
  });

  it('shows an order with its storefront, money and legs', () => {
    const order = sampleOrder('#1', { state: 'partly_shipped', currency: 'JPY', totalMinor: 1_250 });
    const legs = [
      sampleLeg(order, { state: 'accepted', lines: [sampleLegLine({ quantity: 5, cancelled: 1, shipped: 3 })] }),
      sampleLeg(order, { mode: 'oem_dropship', kind: 'purchase', state: 'submitted' }),
    ];
    const [shown] = summed({ orders: [order], legs, connections: [sampleConnection('cn_shop')] }).orders.latest;
    expect(shown).toMatchObject({ storefront: 'Shopify', country: 'GB', total: '1250 JPY', ageMs: 120_000 });
    expect(shown?.legs.map(({ kindTitle, shipped, quantity }) => [kindTitle, shipped, quantity])).toEqual([
      ['fulfilment order', 3, 4],
      ['purchase order', 0, 2],
    ]);
  });

  it('counts what waits and moves everything of a closed order to the end', () => {
    const open = sampleOrder('#1', { state: 'routed', plan: samplePlan() });
    const closed = sampleOrder('#2', { state: 'closed', plan: samplePlan() });
    const legs = [sampleLeg(open, { state: 'awaiting' }), sampleLeg(closed, { state: 'shipped' })];
    const lane = summed({ orders: [open], olderOrders: [closed], legs }).lanes.find(({ legs: n }) => n > 0);
    expect(lane).toMatchObject({ lines: 2, units: 4, waiting: 2 });
    expect(lane?.stages.map(({ stage, count }) => [stage, count])).toEqual([
      ['routed', 0],
      ['waiting', 1],
      ['party', 0],
      ['shipped', 0],
      ['closed', 1],
    ]);
  });

  it('keeps orders without legs at the entrance until they are done', () => {
    const orders = [
      sampleOrder('#1'),
      sampleOrder('#2', { state: 'awaiting_mapping' }),
      sampleOrder('#3', { state: 'closed', historical: true }),
    ];
    expect(summed({ orders }).orders.received.map(({ number }) => number)).toEqual(['#1', '#2']);
  });

  it('shows the shelves that most is waited for first, eight at most', () => {
    const levels = Array.from({ length: 12 }, (_, index) => sampleLevel(`S${index}`, index));
    const shown = summed({ levels }).shelves.levels;
    expect(shown.map(({ waiting }) => waiting)).toEqual([11, 10, 9, 8, 7, 6, 5, 4]);
  });

  it('hides removed connections and their secrets', () => {
    const connections = [
      sampleConnection('a', { credentials: 'SEALED', webhookSecret: 'SEALED' }),
      sampleConnection('b', { state: 'removed' }),
    ];
    const overview = summed({ connections });
    expect(overview.connections.map(({ id, connector }) => [id, connector])).toEqual([['a', 'Shopify Admin']]);
    expect(JSON.stringify(overview)).not.toContain('SEALED');
  });
});
