import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDelivery } from '#app/inbox/read-delivery.ts';
import type { Ports, Store } from '#app/ports.ts';
import { followShipment, settleParcel } from '#app/shipment/follow.ts';
import { systemActor } from '#domain/actor.ts';
import { type ManualClock, manualClock } from '#domain/clock.ts';
import { Failure } from '#domain/failure.ts';
import type { Shipment } from '#domain/shipment.ts';
import { openStore } from '#store/store.ts';
import { NOW, sampleConnection, WORKSPACE } from '../../src/console/testing/samples.ts';
import { noVendors, portsOn } from '../support/ports.ts';
import { freshDatabase } from '../support/servers.ts';
import { closed, ITEMS, itemOf, orderWhen, place } from '../support/shop.ts';
import { openStand, type Stand } from '../support/stand.ts';

const ACTOR = systemActor('test');
const HOUR = 3_600_000;

describe('a parcel of ours that the storefront was told of', () => {
  let store: Store;
  let clock: ManualClock;
  const carrier = sampleConnection('cn_carrier', { workspaceId: WORKSPACE });
  beforeAll(async () => {
    store = await openStore(freshDatabase());
    await store.connections.insert(carrier);
  });
  afterAll(() => store?.close());

  let parcels = 0;
  const parcel = async (changes: Partial<Shipment> = {}) => {
    clock = manualClock(NOW);
    parcels += 1;
    const shipment: Shipment = {
      _id: `sh_${parcels}`,
      workspaceId: WORKSPACE,
      legId: 'lg_1',
      orderId: 'or_1',
      connectionId: 'cn_shop',
      orderExternalId: 'x1',
      reference: `P${parcels}`,
      lines: [],
      parcel: { weightGrams: 1, lengthMm: 1, widthMm: 1, heightMm: 1 },
      state: 'confirmed',
      counted: true,
      troubled: false,
      voiding: false,
      waitsFor: null,
      tracking: { carrier: 'UPS', number: `1Z ${parcels}`, url: '' },
      followed: `1Z${parcels}`,
      carrierId: carrier._id,
      label: { connectionId: carrier._id, externalId: 'l', costMinor: 1, currency: 'GBP', url: '' },
      confirmationId: 'f',
      trackingState: 'unknown',
      dueAtMs: NOW,
      createdAtMs: NOW,
      updatedAtMs: NOW,
    };
    await store.shipments.insert({ ...shipment, ...changes } as never);
    const ref = { workspaceId: WORKSPACE, shipmentId: shipment._id };
    let said: Shipment['trackingState'] | Failure = 'in_transit';
    let asked = 0;
    const ports: Ports = {
      ...portsOn(store, clock),
      gateway: {
        ...noVendors,
        call: async () => {
          asked += 1;
          if (said instanceof Failure) throw said;
          return JSON.parse(JSON.stringify({ state: said, rawStatus: said, at: null, tracking: shipment.tracking }));
        },
      },
    };
    const look = async (answer: Shipment['trackingState'] | Failure) => {
      said = answer;
      const { state, trackingState, dueAtMs } = await followShipment(ports, ACTOR, ref);
      return [state, trackingState, dueAtMs === null ? null : (dueAtMs - clock.now()) / HOUR];
    };
    const exceptions = async () =>
      (await store.exceptions.list(WORKSPACE, { orderId: 'or_1' }, { limit: 99 }))
        .filter(({ subject }) => subject.id === shipment._id)
        .map(({ cause, state }) => `${cause} ${state}`);
    return { ports, ref, look, exceptions, asked: () => asked };
  };

  it('is asked about every six hours until it is delivered', async () => {
    const { look, exceptions } = await parcel();
    expect(await look('in_transit')).toEqual(['confirmed', 'in_transit', 6]);
    expect(await look('unknown')).toEqual(['confirmed', 'in_transit', 6]);
    expect(await look('delivered')).toEqual(['delivered', 'delivered', null]);
    expect(await exceptions()).toEqual([]);
  });

  it('is not asked about after sixty days', async () => {
    const { look } = await parcel();
    clock.advance(60 * 24 * HOUR);
    expect(await look('in_transit')).toEqual(['confirmed', 'in_transit', null]);
  });

  it.each([
    ['failure', 6],
    ['return_to_sender', null],
    ['cancelled', null],
  ] as const)('that the carrier tells of as %s is one exception, which a later scan closes', async (state, next) => {
    const { look, exceptions } = await parcel();
    for (const _ of [1, 2]) expect(await look(state)).toEqual(['confirmed', state, next]);
    expect(await exceptions()).toEqual(['parcel_failed open']);
    await look('in_transit');
    expect(await exceptions()).toEqual(['parcel_failed resolved']);
    await look(state);
    expect(await exceptions()).toEqual(['parcel_failed open']);
    expect(await look('delivered')).toEqual(['delivered', 'delivered', null]);
    expect(await exceptions()).toEqual(['parcel_failed resolved']);
  });

  it('that failed is settled by a person, and the same scan again opens nothing', async () => {
    const { ports, ref, look, exceptions } = await parcel();
    const settle = () => settleParcel(ports, ACTOR, { ...ref, note: 'sent anew' });
    await expect(settle()).rejects.toMatchObject({ code: 'conflict' });
    await look('failure');
    expect((await settle()).dueAtMs).toBeNull();
    expect(await exceptions()).toEqual(['parcel_failed resolved']);
    await look('failure');
    expect(await exceptions()).toEqual(['parcel_failed resolved']);
  });

  it.each(['not_found', 'rate_limited', 'unauthorised', 'unavailable', 'contract'] as const)(
    'is asked about at the next look when the carrier answers %s',
    async (code) => {
      const { look } = await parcel();
      expect(await look(new Failure(code, 'no answer'))).toEqual(['confirmed', 'unknown', 6]);
    },
  );

  it('is not asked of a carrier that is paused', async () => {
    const paused = sampleConnection('cn_paused', { workspaceId: WORKSPACE, state: 'paused' });
    await store.connections.insert(paused);
    const label = { connectionId: paused._id, externalId: 'l', costMinor: 1, currency: 'GBP', url: '' };
    const { look, asked } = await parcel({ label });
    expect(await look('delivered')).toEqual(['confirmed', 'unknown', 6]);
    expect(asked()).toBe(0);
  });

  it('is due at once when its carrier tells of it, and when no other does', async () => {
    const { ports, ref } = await parcel({ dueAtMs: NOW + HOUR });
    const number = `1z${parcels}`;
    const dueAtMs = async () => (await store.shipments.find(WORKSPACE, ref.shipmentId))?.dueAtMs;
    const other = sampleConnection('cn_other', { workspaceId: WORKSPACE });
    const meaning = { kind: 'tracking', number, carrier: 'UPS' } as const;
    expect(await readDelivery(ports, other, 'd1', meaning)).toBeNull();
    expect(await dueAtMs()).toBe(NOW + HOUR);
    expect(await readDelivery(ports, carrier, 'd1', meaning)).toBeNull();
    expect(await dueAtMs()).toBe(NOW);
  });
});

describe('a parcel with a label of EasyPost', () => {
  let stand: Stand;
  beforeAll(async () => {
    stand = await openStand({ items: ITEMS, rate: 20_000 });
  });
  afterAll(() => stand.close());

  it('is delivered in our books when it is with its buyer', async () => {
    place(stand, 'FOLLOWED', [{ item: itemOf('wholesale'), quantity: 1 }]);
    await orderWhen(stand, 'FOLLOWED', 'closed', closed);
    const { shipments, exceptions } = await orderWhen(stand, 'FOLLOWED', 'delivered', (whole) =>
      whole.shipments.every(({ state }) => state === 'delivered'),
    );
    expect(shipments).toMatchObject([{ state: 'delivered', trackingState: 'delivered' }]);
    expect(exceptions).toEqual([]);
  });
});
