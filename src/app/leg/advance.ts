import { Failure } from '#domain/failure.ts';
import { idOf } from '#domain/ids.ts';
import { type Leg, legMachine, openUnits } from '#domain/leg.ts';
import type { ApprovalRecord } from '#domain/records.ts';
import { levelId } from '#domain/stock.ts';
import { MODES } from '#modes';
import { changeLeg } from '../change.ts';
import { openException } from '../exception/open.ts';
import { getLeg } from '../get.ts';
import type { Ports } from '../ports.ts';
import { applyStock } from '../stock/apply.ts';

/** A waiting leg is woken by what it waits for; should that be lost, it looks for itself after so long in clock time. */
const RECHECK_WAITING_MS = 6 * 3_600_000;

export interface Advanced {
  leg: Leg;
  /** What has to happen next. */
  next: 'submit' | 'wait' | 'done' | 'progress';
}

/**
 * Moves a leg as far as it can go by itself: asks for the approvals that its mode wants, and once they are given sends it on to
 * its supplier, or marks what its shelf holds. Safe at any time.
 */
export const advanceLeg = async (ports: Ports, workspaceId: string, legId: string): Promise<Advanced> => {
  const { store, clock } = ports;
  const leg = await getLeg(ports, workspaceId, legId);
  if (!['planned', 'awaiting'].includes(leg.state)) return { leg, next: legMachine.final(leg.state) ? 'done' : 'wait' };
  if (leg.orderId === null) {
    // What was ordered for our shelf is on its way from now on: counted once, by the leg's id.
    await applyStock(
      ports,
      workspaceId,
      leg.lines.map((line) => ({
        location: leg.location,
        sku: line.sku,
        op: { kind: 'expect' as const, id: `expect:${line.lineId}`, quantity: line.quantity, reference: leg._id },
      })),
    );
  }
  const verdict = leg.orderId === null ? 'approved' : await approve(ports, leg);
  const settle = (state: Leg['state'], dueAtMs: number | null, lines = leg.lines) =>
    changeLeg(store, workspaceId, legId, (current) => {
      if (!['planned', 'awaiting'].includes(current.state)) return null;
      legMachine.check(current.state, state);
      const ready = new Set(lines.filter((l) => l.ready).map((l) => l.lineId));
      return {
        ...current,
        state,
        lines: current.lines.some((l) => !l.ready && ready.has(l.lineId))
          ? current.lines.map((l) => (ready.has(l.lineId) ? { ...l, ready: true } : l))
          : current.lines,
        dueAtMs,
        updatedAtMs: clock.now(),
      };
    });

  if (verdict === 'declined') {
    const declined = await settle('rejected', null);
    await openException(ports, {
      workspaceId,
      cause: 'approval_declined',
      subject: { kind: 'leg', id: legId },
      orderId: leg.orderId,
      detail: `Order ${leg.orderNumber}: an approval was declined`,
      retry: null,
    });
    return { leg: declined, next: 'progress' };
  }
  if (verdict === 'pending') return { leg: await settle('awaiting', clock.now() + RECHECK_WAITING_MS), next: 'wait' };

  if (leg.kind === 'purchase') {
    const planned = leg.state === 'awaiting' ? await settle('planned', clock.now() + ports.grace()) : leg;
    return { leg: planned, next: 'submit' };
  }
  if (leg.kind === 'work') return { leg: await settle('awaiting', null), next: 'wait' };

  const missing = leg.lines.filter((line) => !line.ready && openUnits(line) > 0);
  const levelOf = (sku: string) => levelId(workspaceId, leg.location, sku);
  const found = await store.levels.findMany(
    workspaceId,
    missing.map((line) => levelOf(line.sku)),
  );
  const levels = new Map(found.map((level) => [level._id, level]));
  const lines = leg.lines.map((line) =>
    !line.ready && levels.get(levelOf(line.sku))?.open.some((o) => o.key === line.lineId)
      ? { ...line, ready: true }
      : line,
  );
  const whole = lines.every((line) => line.ready || openUnits(line) === 0);
  return {
    leg: await settle(whole ? 'accepted' : 'awaiting', whole ? null : clock.now() + RECHECK_WAITING_MS, lines),
    next: 'wait',
  };
};

/** The leg's approvals, asked for once each, taken together. */
const approve = async ({ store, cached, clock }: Ports, leg: Leg): Promise<'approved' | 'pending' | 'declined'> => {
  const workspace = await cached.workspace(leg.workspaceId);
  if (!workspace) throw new Failure('bug', `workspace ${leg.workspaceId} is gone`);
  const wanted = MODES[leg.mode].approvals(leg, workspace.terms);
  if (wanted.length === 0) return 'approved';
  const records = wanted.map(
    (approval): ApprovalRecord => ({
      _id: idOf('ap', leg._id, approval.kind),
      workspaceId: leg.workspaceId,
      legId: leg._id,
      orderId: leg.orderId ?? '',
      orderNumber: leg.orderNumber,
      kind: approval.kind,
      // A principal sees its own; the merchant's are the workspace's.
      party: approval.party === 'principal' ? leg.location : 'merchant',
      amount: approval.amount,
      limit: approval.limit,
      reason: approval.reason,
      state: 'pending',
      note: '',
      decidedBy: '',
      createdAtMs: clock.now(),
      updatedAtMs: clock.now(),
    }),
  );
  await store.approvals.insertMany(records);
  const states = (
    await store.approvals.findMany(
      leg.workspaceId,
      records.map((r) => r._id),
    )
  ).map((r) => r.state);
  if (states.includes('declined')) return 'declined';
  return states.every((state) => state === 'approved') ? 'approved' : 'pending';
};
