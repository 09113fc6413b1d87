import type { Address } from '#domain/address.ts';
import { Failure } from '#domain/failure.ts';
import type { Leg } from '#domain/leg.ts';
import type { Ports } from './ports.ts';

/** Where our own shelf stands. One warehouse a workspace for now; its address is the workspace's. */
export const WAREHOUSE: Address = {
  name: 'Goods in',
  company: 'Crossdock warehouse',
  line1: '1 Dock Road',
  line2: '',
  city: 'Felixstowe',
  region: '',
  postalCode: 'IP11 3SY',
  country: 'GB',
  phone: '+441394000000',
  email: '',
  made: true,
};

/** The buyer's address, or our warehouse for what fills a shelf. Where the storefront gave none, one that is marked as made. */
export const shipToOf = async ({ store }: Ports, leg: Leg): Promise<Address> => {
  if (leg.orderId === null) return WAREHOUSE;
  const order = await store.orders.find(leg.workspaceId, leg.orderId);
  if (!order) throw new Failure('not_found', `order ${leg.orderId} is gone`);
  return (
    order.shipTo ?? {
      ...WAREHOUSE,
      name: order.buyer.name || 'Buyer',
      company: '',
      line1: 'Address not given',
      made: true,
    }
  );
};
