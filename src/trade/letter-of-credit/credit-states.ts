import { machine } from '#domain/state-machine.ts';

export const CREDIT_STATES = [
  ...(['requested', 'issued', 'reviewed', 'amendment_requested', 'accepted', 'presented'] as const),
  ...(['discrepant', 'honoured', 'refused', 'settled', 'expired', 'cancelled'] as const),
] as const;
export type CreditState = (typeof CREDIT_STATES)[number];

/**
 * The life of a credit for its beneficiary. An incoming amendment, requested or not, is reviewed like the credit. A
 * refused or discrepant presentation may be corrected and presented again until expiry; a discrepant one that the
 * applicant waives is honoured. A credit with further drawings goes from honoured back to presented.
 */
export const creditStates = machine<CreditState>('letter of credit', 'requested', {
  requested: ['issued', 'cancelled'],
  issued: ['reviewed', 'expired', 'cancelled'],
  reviewed: ['amendment_requested', 'accepted', 'expired', 'cancelled'],
  amendment_requested: ['reviewed', 'accepted', 'expired', 'cancelled'],
  accepted: ['presented', 'amendment_requested', 'reviewed', 'expired', 'cancelled'],
  presented: ['discrepant', 'honoured', 'refused'],
  discrepant: ['presented', 'honoured', 'refused', 'expired'],
  refused: ['presented', 'honoured', 'expired'],
  honoured: ['settled', 'presented'],
  settled: [],
  expired: [],
  cancelled: [],
});
