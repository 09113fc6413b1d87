import type { Input, Output, Verb } from '#kit';
import { acceptCredit, claimRefund, giveFacts, moveCase, openCase, overrideReason, screenCase } from './case/change.ts';
import { remindCases } from './case/remind.ts';
import { caseContext } from './case/status.ts';
import { clearException, openException } from './exception/open.ts';
import { acceptLeg } from './leg/accept.ts';
import { advanceLeg } from './leg/advance.ts';
import { pollLeg } from './leg/poll.ts';
import { probeLeg } from './leg/probe.ts';
import { receiveGoods } from './leg/receive.ts';
import { shipLeg } from './leg/ship.ts';
import { submitLeg } from './leg/submit.ts';
import { pullListings } from './listing/pull.ts';
import { ingestOrder } from './order/ingest.ts';
import { progressOrder } from './order/progress.ts';
import { pullOrders } from './order/pull.ts';
import { routeOrder } from './order/route.ts';
import type { Ports } from './ports.ts';
import { applyReturn } from './return/apply.ts';
import { payReturn } from './return/pay.ts';
import { confirmShipment } from './shipment/confirm.ts';
import { countPackage } from './shipment/count.ts';
import { labelShipment } from './shipment/label.ts';
import { applyStock } from './stock/apply.ts';
import { publishStock } from './stock/publish.ts';
import { pullSupply } from './stock/pull-supply.ts';
import { refillShelves } from './stock/refill.ts';
import { requireActive } from './usable-connection.ts';

/** Asks a connection's vendor directly: for set-up and checks, not for the life of an order. */
const ask = async <V extends Verb>(
  { store, gateway }: Ports,
  workspaceId: string,
  connectionId: string,
  verb: V,
  input: Input<V>,
): Promise<Output<V>> =>
  gateway.call(requireActive(await store.connections.find(workspaceId, connectionId), connectionId), verb, input);

/** Every use case, one file each. What is not here is not a door of the application. */
const USE_CASES = {
  acceptCredit,
  acceptLeg,
  advanceLeg,
  applyReturn,
  applyStock,
  caseContext,
  claimRefund,
  clearException,
  confirmShipment,
  countPackage,
  giveFacts,
  ingestOrder,
  labelShipment,
  moveCase,
  openCase,
  openException,
  overrideReason,
  payReturn,
  pollLeg,
  probeLeg,
  progressOrder,
  publishStock,
  pullListings,
  pullOrders,
  pullSupply,
  receiveGoods,
  refillShelves,
  remindCases,
  routeOrder,
  screenCase,
  shipLeg,
  submitLeg,
};

type UseCases = Record<string, (ports: Ports, ...given: never[]) => unknown>;
type Bound<U extends UseCases> = {
  readonly [N in keyof U]: U[N] extends (ports: Ports, ...given: infer Given) => infer Result
    ? (...given: Given) => Result
    : never;
};

/** Each use case with its ports given once. */
const bindAll = <U extends UseCases>(ports: Ports, useCases: U): Bound<U> =>
  Object.fromEntries(
    Object.entries(useCases).map(([name, useCase]) => [name, (...given: never[]) => useCase(ports, ...given)]),
  ) as Bound<U>;

/** The application: the only way from HTTP, jobs, CLI and console to a use case. */
export const makeApp = (ports: Ports) => ({
  ports,
  ...bindAll(ports, USE_CASES),
  ask: <V extends Verb>(workspaceId: string, connectionId: string, verb: V, input: Input<V>) =>
    ask(ports, workspaceId, connectionId, verb, input),
});
export type App = ReturnType<typeof makeApp>;
