import type { Connector } from '#kit';
import { cj } from './cj/index.ts';
import { easypost } from './easypost/index.ts';
import { feed } from './feed/index.ts';
import { shopify } from './shopify/index.ts';
import { woocommerce } from './woocommerce/index.ts';

/** The catalogue: a connector that is not here does not exist for the product. */
export const CONNECTORS: readonly Connector[] = [shopify, woocommerce, cj, feed, easypost];

export const connectorsById: ReadonlyMap<string, Connector> = new Map(
  CONNECTORS.map((connector) => [connector.manifest.id, connector]),
);
