import type { Cause } from '#domain/exception.ts';
import type { Shipment } from '#domain/shipment.ts';
import type { Input, Output, Verb } from '#kit';
import { advanceLeg } from './advance-leg.ts';
import { applyReturn, payReturn } from './apply-return.ts';
import { caseContext } from './case-standing.ts';
import {
  acceptCredit,
  claimRefund,
  giveFacts,
  moveCase,
  type NewCase,
  openCase,
  overrideReason,
  screenCase,
} from './cases.ts';
import { clearException, type NewException, openException } from './exceptions.ts';
import { ingestOrder } from './ingest-order.ts';
import type { Ports } from './ports.ts';
import { progressOrder } from './progress-order.ts';
import { publishStock, pullSupply } from './publish-stock.ts';
import { pullListings, pullOrders } from './pull-orders.ts';
import { refillShelves } from './refill-shelves.ts';
import { remindCases } from './remind-cases.ts';
import { routeOrder } from './route-order.ts';
import { confirmShipment, labelShipment } from './send-shipment.ts';
import { acceptLeg, countPackage, type Receipt, receiveGoods, type ShipRequest, shipLeg } from './ship-leg.ts';
import { applyStock, type ShelfOp } from './stock.ts';
import type { StoredOrder } from './store-order.ts';
import { pollLeg, probeLeg, submitLeg, working } from './submit-leg.ts';

/** The use cases, bound to their ports once. */
export const makeApp = (ports: Ports) => ({
  ports,
  ingestOrder: (workspaceId: string, connectionId: string, externalId: string) =>
    ingestOrder(ports, workspaceId, connectionId, externalId),
  routeOrder: (workspaceId: string, orderId: string) => routeOrder(ports, workspaceId, orderId),
  progressOrder: (workspaceId: string, orderId: string) => progressOrder(ports, workspaceId, orderId),
  advanceLeg: (workspaceId: string, legId: string) => advanceLeg(ports, workspaceId, legId),
  submitLeg: (workspaceId: string, legId: string) => submitLeg(ports, workspaceId, legId),
  probeLeg: (workspaceId: string, legId: string) => probeLeg(ports, workspaceId, legId),
  pollLeg: (workspaceId: string, legId: string) => pollLeg(ports, workspaceId, legId),
  acceptLeg: (workspaceId: string, legId: string) => acceptLeg(ports, workspaceId, legId),
  receiveGoods: (receipt: Receipt) => receiveGoods(ports, receipt),
  shipLeg: (request: ShipRequest) => shipLeg(ports, request),
  countPackage: (shipment: Parameters<typeof countPackage>[1]) => countPackage(ports, shipment),
  labelShipment: (workspaceId: string, shipmentId: string) => labelShipment(ports, workspaceId, shipmentId),
  confirmShipment: (workspaceId: string, shipmentId: string, known?: Shipment) =>
    confirmShipment(ports, workspaceId, shipmentId, known),
  applyReturn: (workspaceId: string, returnId: string) => applyReturn(ports, workspaceId, returnId),
  payReturn: (workspaceId: string, returnId: string) => payReturn(ports, workspaceId, returnId),
  pullOrders: (workspaceId: string, connectionId: string, each: (stored: StoredOrder) => Promise<void>) =>
    pullOrders(ports, workspaceId, connectionId, each),
  pullListings: (workspaceId: string, connectionId: string) => pullListings(ports, workspaceId, connectionId),
  pullSupply: (workspaceId: string, connectionId: string) => pullSupply(ports, workspaceId, connectionId),
  publishStock: (workspaceId: string) => publishStock(ports, workspaceId),
  refillShelves: (workspaceId: string) => refillShelves(ports, workspaceId),
  caseContext: (workspaceId: string) => caseContext(ports, workspaceId),
  openCase: (workspaceId: string, given: NewCase, by: string) => openCase(ports, workspaceId, given, by),
  giveFacts: (workspaceId: string, id: string, given: Parameters<typeof giveFacts>[3]) =>
    giveFacts(ports, workspaceId, id, given),
  screenCase: (workspaceId: string, id: string, by: string, ifVersion: number | null) =>
    screenCase(ports, workspaceId, id, by, ifVersion),
  acceptCredit: (workspaceId: string, id: string, by: string, ifVersion: number | null) =>
    acceptCredit(ports, workspaceId, id, by, ifVersion),
  overrideReason: (workspaceId: string, id: string, given: Parameters<typeof overrideReason>[3]) =>
    overrideReason(ports, workspaceId, id, given),
  moveCase: (workspaceId: string, id: string, given: Parameters<typeof moveCase>[3]) =>
    moveCase(ports, workspaceId, id, given),
  claimRefund: (workspaceId: string, id: string, by: string, ifVersion: number | null) =>
    claimRefund(ports, workspaceId, id, by, ifVersion),
  remindCases: (workspaceId: string) => remindCases(ports, workspaceId),
  applyStock: (workspaceId: string, ops: readonly ShelfOp[]) => applyStock(ports, workspaceId, ops),
  openException: (given: NewException) => openException(ports, given),
  clearException: (workspaceId: string, cause: Cause, subjectId: string) =>
    clearException(ports, workspaceId, cause, subjectId),
  /** Asks a connection's vendor directly: for set-up and checks, not for the life of an order. */
  ask: async <V extends Verb>(
    workspaceId: string,
    connectionId: string,
    verb: V,
    input: Input<V>,
  ): Promise<Output<V>> =>
    ports.gateway.call(
      working(await ports.store.connections.find(workspaceId, connectionId), connectionId),
      verb,
      input,
    ),
});
export type App = ReturnType<typeof makeApp>;
