import { ChargeRecord } from '#domain/records.ts';
import { defineModel } from '../define-model.ts';

export const charges = defineModel({ collection: 'charges', schema: ChargeRecord });
