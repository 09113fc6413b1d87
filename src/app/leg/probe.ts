import { changeLeg } from '../change.ts';
import { getLeg } from '../get.ts';
import type { Ports } from '../ports.ts';
import { getActiveConnection } from '../usable-connection.ts';
import { isLost, type Submitted, takeReport } from './take-report.ts';

/** Looks up what became of a purchase order: adopts what the supplier holds, or frees the leg to be sent again. */
export const probeLeg = async (ports: Ports, workspaceId: string, legId: string): Promise<Submitted> => {
  const { store, clock, gateway } = ports;
  const leg = await getLeg(ports, workspaceId, legId);
  if (!isLost(leg)) return { leg, next: 'wait', shipmentIds: [] };
  const connection = await getActiveConnection(ports, workspaceId, leg.partner);
  const report = await gateway.call(connection, 'purchases.find', { reference: leg._id });
  if (report) return takeReport(ports, connection, leg, report);
  const planned = await changeLeg(store, workspaceId, legId, (current) =>
    current.version === leg.version
      ? {
          ...current,
          state: current.state === 'submitted' ? 'unknown' : 'planned',
          dueAtMs: clock.now() + ports.grace(),
          updatedAtMs: clock.now(),
        }
      : null,
  );
  return { leg: planned, next: planned.state === 'planned' ? 'submit' : 'probe', shipmentIds: [] };
};
