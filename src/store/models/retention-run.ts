import { RetentionRun } from '#domain/retention.ts';
import { defineModel } from '../define-model.ts';

export const retentionRuns = defineModel({ collection: 'retentionRuns', schema: RetentionRun });
