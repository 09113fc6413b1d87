import type { Migration } from '../migration.ts';
import { schemaVersion } from './0001-schema-version.ts';
import { ordersAsTheyAre } from './0002-orders-as-they-are.ts';
import { placesAndGoods } from './0003-places-and-goods.ts';

/** Every migration, in the order of their numbers, which leave none out. What was released is never changed, only followed. */
export const MIGRATIONS: readonly Migration[] = [schemaVersion, ordersAsTheyAre, placesAndGoods];
