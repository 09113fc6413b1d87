import { AccountClaim } from '#domain/account-claim.ts';
import { defineModel } from '../define-model.ts';

export const accountClaims = defineModel({ collection: 'accountClaims', schema: AccountClaim });
