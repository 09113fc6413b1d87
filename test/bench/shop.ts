import { z } from 'zod';
import { apiClient } from '#simulator/api-client.ts';
import type { Bench } from './bench.ts';
import { ITEM, type Outside } from './outside.ts';
import type { Product } from './processes.ts';

const Made = z.object({ id: z.string() });
const Subscribed = z.object({ topics: z.array(z.string()).nullable(), problem: z.unknown() });

export interface Connections {
  shop: string;
  supplier: string;
}

/** Connects the shop and the supplier through the API, live, with webhooks, and puts the one item on sale as drop-ship. */
export const connect = async (bench: Bench, product: Product, outside: Outside): Promise<Connections> => {
  const api = apiClient({ url: () => product.url, key: () => product.key, signal: bench.signal, patienceMs: 5_000 });
  const add = async (connectorId: string, credentials: unknown, settings: unknown): Promise<string> => {
    const { id } = Made.parse(
      await api.post('/v1/connections', {
        connectorId,
        name: connectorId,
        credentials,
        settings,
        fulfilFrom: new Date(0).toISOString(),
        pollEveryMinutes: 1_440,
      }),
    );
    await api.post(`/v1/connections/${id}/check`, {});
    await api.post(`/v1/connections/${id}/live`, {});
    const { topics, problem } = Subscribed.parse(
      await api.post(`/v1/connections/${id}/webhooks`, { publicUrl: product.url }),
    );
    if (topics === null) throw new Error(`${connectorId} takes no subscription: ${JSON.stringify(problem)}`);
    return id;
  };
  const shop = await add('woocommerce', outside.shop.credentials, { requestsPerSecond: 100 });
  const supplier = await add('cj', outside.supplier.credentials, outside.supplier.settings);
  await api.put('/v1/offers', {
    offers: [
      {
        sku: ITEM.sku,
        mode: 'oem_dropship',
        title: ITEM.title,
        partner: supplier,
        location: `supplier:${supplier}`,
        externalSku: ITEM.externalSku,
        unitCost: ITEM.cost,
        currency: 'GBP',
      },
    ],
  });
  return { shop, supplier };
};
