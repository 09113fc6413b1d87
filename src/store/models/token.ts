import { SealedToken } from '#domain/records.ts';
import { defineModel } from '../define-model.ts';

export const tokens = defineModel({ collection: 'tokens', schema: SealedToken });
