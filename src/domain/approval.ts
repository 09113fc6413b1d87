import { machine } from './state-machine.ts';

/** Why somebody is asked before a leg goes on. */
export const APPROVAL_KINDS = ['credit_limit', 'mandate', 'margin_floor'] as const;
export type ApprovalKind = (typeof APPROVAL_KINDS)[number];

/** Decided once, or withdrawn when the leg is planned anew: the new leg asks again. */
export const approvalMachine = machine('approval', 'pending', {
  pending: ['approved', 'declined', 'withdrawn'],
  approved: [],
  declined: [],
  withdrawn: [],
});
export type ApprovalState = keyof typeof approvalMachine.table;
