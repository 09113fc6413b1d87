import type { Actor } from '#domain/actor.ts';
import { approvalMachine } from '#domain/approval.ts';
import { Failure } from '#domain/failure.ts';
import { move } from '#domain/move.ts';
import type { ApprovalRecord } from '#domain/records.ts';
import { asRead } from '../change.ts';
import type { Ports } from '../ports.ts';

export interface Decision {
  workspaceId: string;
  approvalId: string;
  decision: 'approved' | 'declined';
  note: string;
  /** The one party who decides, when it is not the merchant: an approval of another is not found. */
  party: string | null;
}

/** Approves or declines, once: the same again changes nothing, the opposite throws `conflict`. */
export const decideApproval = async (
  { store, clock }: Ports,
  actor: Actor,
  { workspaceId, approvalId, decision, note, party }: Decision,
): Promise<ApprovalRecord> => {
  const atMs = clock.now();
  for (let round = 0; round < 10; round += 1) {
    const approval = await store.approvals.find(workspaceId, approvalId);
    if (!approval || (party !== null && approval.party !== party))
      throw new Failure('not_found', `There is no approval ${approvalId}.`);
    if (approval.state === decision) return approval;
    if (approval.state !== 'pending')
      throw new Failure('conflict', `This approval was ${approval.state} before.`, { safe: { state: approval.state } });
    const edit = { note, decidedBy: actor.name, decider: actor, updatedAtMs: atMs };
    const changes = move(approvalMachine, approval, decision, edit, { actor, atMs, personal: { note } });
    await store.approvals.change(approvalId, asRead(approval), changes);
  }
  throw new Failure('unavailable', `approval ${approvalId} is too busy`);
};
