import type { Actor } from '#domain/actor.ts';
import { isFailure } from '#domain/failure.ts';
import { type Leg, moveLeg, type PurchaseLeg } from '#domain/leg.ts';
import { type RestoreCheck, restoreId } from '#domain/restore.ts';
import { changeLeg } from '../change.ts';
import { pagesOf } from '../every-page.ts';
import type { Ports } from '../ports.ts';
import { countPackage } from '../shipment/count.ts';

export const checkId = (backupId: string, legId: string): string => `${backupId}/${legId}`;

export interface Reconciled {
  /** False when the workspace was not restored, or goes on already. */
  quiet: boolean;
  /** Purchase orders that were made `unknown` by this run: they are looked up at their suppliers. */
  legIds: string[];
  /** Orders that are under way, at the first run: a package of theirs may be further than they are. */
  orderIds: string[];
  /** Connections whose orders, listings or stock are to be read back. */
  storefrontIds: string[];
  supplierIds: string[];
}

/**
 * What a workspace that came from a backup has to find out before it may go on. Every purchase order that was not sent when it was
 * backed up may have been sent since: it becomes `unknown`, once for a backup, and is looked up like any whose answer was lost.
 * Packages that were counted while the backup ran are counted again, which changes nothing where they were. May run at any time and
 * as often as one likes: orders that are read back make new legs, and these are looked up too.
 */
export const reconcileRestore = async (
  ports: Ports,
  actor: Actor,
  { workspaceId }: { workspaceId: string },
): Promise<Reconciled> => {
  const { store, clock } = ports;
  const record = await store.restores.find(workspaceId, restoreId(workspaceId));
  if (record?.state !== 'quiet') return { quiet: false, legIds: [], orderIds: [], storefrontIds: [], supplierIds: [] };
  const { backupId } = record;
  const legIds: string[] = [];
  const lookUp = async (leg: PurchaseLeg): Promise<void> => {
    const check: RestoreCheck = {
      _id: checkId(backupId, leg._id),
      workspaceId,
      backupId,
      legId: leg._id,
      was: leg.state,
      atMs: clock.now(),
    };
    await store.restoreChecks.insert(check);
    const step = (from: Leg['state'], to: Leg['state']) =>
      changeLeg(ports, workspaceId, leg._id, (current) =>
        current.kind === 'purchase' && current.state === from && current.externalId === ''
          ? moveLeg(current, to, { waitsFor: null, dueAtMs: clock.now() }, { actor, atMs: clock.now() })
          : null,
      );
    if (leg.state === 'awaiting') await step('awaiting', 'planned');
    await step('planned', 'unknown');
    legIds.push(leg._id);
  };
  for (const state of ['planned', 'awaiting'] as const)
    for await (const page of pagesOf(store.legs, workspaceId, { kind: 'purchase', state })) {
      const known = await store.restoreChecks.findMany(
        workspaceId,
        page.map((leg) => checkId(backupId, leg._id)),
      );
      const done = new Set(known.map(({ legId }) => legId));
      // Until the first run is over one that was cut off is done again: what was looked up twice is looked up.
      for (const leg of page)
        if (leg.kind === 'purchase' && leg.externalId === '' && (record.reconciledAtMs === null || !done.has(leg._id)))
          await lookUp(leg);
    }

  const orderIds: string[] = [];
  if (record.reconciledAtMs === null) {
    for (const state of ['routed', 'partly_shipped', 'shipped'] as const)
      for await (const page of pagesOf(store.orders, workspaceId, { state }))
        orderIds.push(...page.map(({ _id }) => _id));
    for await (const page of pagesOf(store.shipments, workspaceId, {}))
      for (const shipment of page) {
        if (shipment.updatedAtMs < record.backupStartedAtMs || shipment.state === 'voided') continue;
        try {
          await countPackage(ports, actor, { ...shipment, counted: false });
        } catch (error) {
          if (!isFailure(error, 'conflict', 'not_found')) throw error;
          ports.log.warn({ shipmentId: shipment._id, err: error }, 'a package of a backup fits no leg');
        }
      }
    await store.restores.change(record._id, { reconciledAtMs: null }, { reconciledAtMs: clock.now() });
  }
  const connections = await store.connections.list(workspaceId, { state: 'active' }, { limit: 1_000 });
  const ids = (role: string) => connections.filter((c) => c.role === role).map(({ _id }) => _id);
  return { quiet: true, legIds, orderIds, storefrontIds: ids('storefront'), supplierIds: ids('supplier') };
};
