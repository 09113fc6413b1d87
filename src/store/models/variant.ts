import { Variant } from '#domain/variant.ts';
import { defineModel } from '../define-model.ts';

export const variants = defineModel({ collection: 'variants', schema: Variant, lists: [['assumed']] });
