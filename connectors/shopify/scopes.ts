import type { MissingRight } from '#kit';

/**
 * The access scopes that our calls need, and what does not work without each. Shopify refuses a query whole for one field that the
 * app may not see, so that `read_customers` is needed for orders. Any scope that writes also reads.
 * Source: shopify.dev, “Shopify API access scopes”, and the SDL of 2026-04, read 2026-12-01.
 */
const SCOPES: readonly MissingRight[] = [
  { right: 'read_orders', why: 'orders cannot be read', needed: true },
  { right: 'read_customers', why: 'orders cannot be read, for they name their customer', needed: true },
  { right: 'write_orders', why: 'orders cannot be cancelled or refunded', needed: true },
  {
    right: 'write_merchant_managed_fulfillment_orders',
    why: 'orders cannot be read with their holds, and packages cannot be told to the shop',
    needed: true,
  },
  { right: 'read_products', why: 'listings cannot be read', needed: true },
  { right: 'write_inventory', why: 'stock cannot be read or told to the shop', needed: true },
  { right: 'read_locations', why: 'the shop’s locations cannot be listed: enter the id by hand', needed: false },
  {
    right: 'read_all_orders',
    why: 'orders older than 60 days are not seen, nor what happens to them: Shopify grants it on request',
    needed: false,
  },
];

/** The rights that an app with these scopes lacks. */
export const missingScopes = (granted: readonly string[]): MissingRight[] => {
  const held = new Set(granted.flatMap((scope) => [scope, scope.replace(/^write_/, 'read_')]));
  return SCOPES.filter(({ right }) => !held.has(right));
};
