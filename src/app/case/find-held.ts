import type { CaseFile } from '#trade/case-file/case-file.ts';
import type { Ports } from '../ports.ts';

export interface HeldWork {
  /** Purchase orders that were not sent. */
  legIds: string[];
  /** Packages without their label. */
  shipmentIds: string[];
  /** Money that was not paid back. */
  returnIds: string[];
}

/** What a case may have held back and is to be looked at again after a change of it. */
export const findHeldWork = async ({ store }: Ports, { workspaceId, orderId }: CaseFile): Promise<HeldWork> => {
  if (orderId === '') return { legIds: [], shipmentIds: [], returnIds: [] };
  const page = { limit: 1_000 };
  const [legs, returns, shipments] = await Promise.all([
    store.legs.list(workspaceId, { orderId }, page),
    store.returns.list(workspaceId, { orderId }, page),
    store.shipments.list(workspaceId, { orderId }, page),
  ]);
  const waiting = legs.filter(
    ({ kind, state, waitsFor }) => kind === 'purchase' && state === 'planned' && waitsFor === 'case',
  );
  const unlabelled = shipments.filter(({ state, troubled }) => state === 'planned' && troubled);
  const wanted = returns.filter(({ state }) => state === 'wanted');
  return {
    legIds: waiting.map(({ _id }) => _id),
    shipmentIds: unlabelled.map(({ _id }) => _id),
    returnIds: wanted.map(({ _id }) => _id),
  };
};
