import type { Connection } from '#domain/connection.ts';
import type { Fetched } from '#domain/observe-order.ts';
import { bodyHashOf, LONGEST_BODY, type OrderBody } from '#domain/order-body.ts';
import type { Ports } from '../ports.ts';

/** The body of an order as it is kept; of one that is too long its hash alone. */
export const bodyToKeep = (
  { gateway }: Ports,
  connection: Pick<Connection, 'workspaceId' | 'connectorId'>,
  orderId: string,
  body: unknown,
  fetched: Fetched,
): OrderBody => {
  const json = JSON.stringify(body) ?? 'null';
  return {
    _id: orderId,
    workspaceId: connection.workspaceId,
    apiVersion: gateway.manifest(connection.connectorId).apiVersion,
    json: json.length > LONGEST_BODY ? '' : json,
    hash: bodyHashOf(json),
    ...fetched,
  };
};

/** As often as others may write the body of one order meanwhile. */
const ROUNDS = 20;

/**
 * Keeps a body in place of the one with the hash `before`, undefined where none was kept. Of bodies that are written at the same time the
 * one whose request was sent last stays. True when it was put where none was.
 */
export const replaceBody = async ({ store }: Ports, body: OrderBody, before: string | undefined): Promise<boolean> => {
  const { _id, workspaceId, ...changes } = body;
  let hash = before;
  for (let round = 0; round < ROUNDS; round += 1) {
    const kept =
      hash === undefined
        ? await store.orderBodies.insert(body)
        : (await store.orderBodies.change(_id, { hash }, changes)) === 'changed';
    if (kept) return hash === undefined;
    const there = await store.orderBodies.find(workspaceId, _id);
    if (there && (there.hash === body.hash || there.sentAtMs > body.sentAtMs)) return false;
    hash = there?.hash;
  }
  return false;
};
