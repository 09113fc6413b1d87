import { CaseFile, TaxClaim } from '#trade/case-file/case-file.ts';
import { defineModel } from '../define-model.ts';

export const cases = defineModel({
  collection: 'cases',
  subject: 'case',
  schema: CaseFile,
  schemaVersion: 2,
  lists: [['state'], ['orderId']],
  recent: 'createdAtMs',
  retention: 'casesDays',
});

// Kept when its case goes: a line of a declaration is claimed once, for ever.
export const taxClaims = defineModel({ collection: 'taxClaims', schema: TaxClaim });
