import type { Route } from '../route.ts';
import { approvalRoutes } from './approvals.ts';
import { caseRoutes } from './cases.ts';
import { chargeRoutes } from './charges.ts';
import { connectionRoutes } from './connections.ts';
import { eventRoutes } from './events.ts';
import { exceptionRoutes } from './exceptions.ts';
import { keyRoutes } from './keys.ts';
import { legRoutes } from './legs.ts';
import { locationRoutes } from './locations.ts';
import { offerRoutes } from './offers.ts';
import { orderActionRoutes } from './order-actions.ts';
import { orderRoutes } from './orders.ts';
import { personRoutes } from './persons.ts';
import { rateRoutes } from './rates.ts';
import { reportRoutes } from './reports.ts';
import { restoreRoutes } from './restore.ts';
import { returnRoutes } from './returns.ts';
import { shipmentRoutes } from './shipments.ts';
import { stockRoutes } from './stock.ts';
import { tradeRoutes } from './trade.ts';
import { tradeListRoutes } from './trade-lists.ts';
import { variantRoutes } from './variants.ts';

/** Every route under /v1. Express, the OpenAPI document and the tests of who may call what are made from it. */
export const ROUTES: readonly Route[] = [
  ...orderRoutes,
  ...orderActionRoutes,
  ...legRoutes,
  ...shipmentRoutes,
  ...stockRoutes,
  ...connectionRoutes,
  ...restoreRoutes,
  ...locationRoutes,
  ...variantRoutes,
  ...offerRoutes,
  ...chargeRoutes,
  ...returnRoutes,
  ...approvalRoutes,
  ...caseRoutes,
  ...tradeRoutes,
  ...tradeListRoutes,
  ...eventRoutes,
  ...exceptionRoutes,
  ...keyRoutes,
  ...personRoutes,
  ...rateRoutes,
  ...reportRoutes,
];
