import { SetAside } from '#domain/records.ts';
import { defineModel } from '../define-model.ts';
import { SET_ASIDE } from '../meta.ts';

export const setAside = defineModel({ collection: SET_ASIDE, schema: SetAside });
