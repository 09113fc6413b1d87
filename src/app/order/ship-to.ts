import type { Address } from '#domain/address.ts';
import type { Order } from '#domain/order.ts';

/** Where our own shelf stands. One warehouse a workspace for now; its address is made up and says so. */
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

/** The buyer's address. Where the storefront gave none, one that is marked as made. */
export const shipToOf = (order: Order): Address =>
  order.shipTo ?? {
    ...WAREHOUSE,
    name: order.buyer.name || 'Buyer',
    company: '',
    line1: 'Address not given',
    made: true,
  };
