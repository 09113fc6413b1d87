import { Location } from '#domain/location.ts';
import { defineModel } from '../define-model.ts';

export const locations = defineModel({ collection: 'locations', schema: Location });
