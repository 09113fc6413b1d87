import { Workspace } from '#domain/records.ts';
import { defineModel } from '../define-model.ts';

export const workspaces = defineModel({ collection: 'workspaces', schema: Workspace, schemaVersion: 2 });
