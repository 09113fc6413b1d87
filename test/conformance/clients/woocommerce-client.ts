/**
 * The vendor's own client over TLS, in a process that trusts the sandbox's authority: lists by page, makes, changes and gives back an
 * order, sets stock, registers a webhook. Prints what the shop answered. Arguments: options of the client as JSON; where webhooks go.
 */
import { createRequire } from 'node:module';
import type published from '@woocommerce/woocommerce-rest-api';

const { default: Client }: typeof published = createRequire(import.meta.url)('@woocommerce/woocommerce-rest-api');
const [options = '', inbox = ''] = process.argv.slice(2);
const client = new Client({ ...JSON.parse(options), version: 'wc/v3' });

const place = async () => {
  const line_items = [{ sku: 'WOO-LAMP', quantity: 2 }];
  return (await client.post('orders', { set_paid: true, line_items })).data;
};
const hook = { topic: 'order.updated', delivery_url: inbox, secret: 'a secret of ours' };
const made = (await client.post('webhooks', hook)).data;
const placed = [await place(), await place(), await place()];
const pages: number[][] = [];
for (const page of ['1', '2']) {
  const { data } = await client.get('orders', { per_page: '2', page, orderby: 'id', order: 'asc' });
  pages.push(data.map(({ id }: { id: number }) => placed.findIndex((order) => order.id === id)));
}
const [{ id, line_items }] = placed;
const changed = (await client.put(`orders/${id}`, { customer_note: 'Ring twice' })).data;
const lines = [{ id: line_items[0].id, quantity: 1, refund_total: 24.9 }];
const refund = { amount: '24.90', reason: 'broken', api_refund: false, line_items: lines };
const refunded = (await client.post(`orders/${id}/refunds`, refund)).data;
const [lamp] = (await client.get('products', { sku: 'WOO-LAMP' })).data;
const stocked = (await client.put(`products/${lamp.id}`, { stock_quantity: 40 })).data;
const { headers } = await client.get('orders', { per_page: '1' });
await client.delete(`webhooks/${made.id}`, { force: 'true' });
const left = (await client.get('webhooks')).data;

console.log(
  JSON.stringify({
    pages,
    note: changed.customer_note,
    refunded: refunded.amount,
    stock: stocked.stock_quantity,
    total: headers['x-wp-total'],
    link: headers['link'],
    hooks: left.length,
  }),
);
