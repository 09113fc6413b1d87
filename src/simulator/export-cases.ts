import type { ModeName } from '#domain/offer.ts';
import { agentOperatedExport } from './export-cases/agent-operated.ts';
import { oemDropshipExport } from './export-cases/oem-dropship.ts';
import { selfProducedExport } from './export-cases/self-produced.ts';
import type { Tell } from './export-cases/story.ts';
import { wholesaleExport } from './export-cases/wholesale.ts';

export type { ExportCaseStory, StoryBinding, StoryFacts } from './export-cases/story.ts';
export { putExportLists, SANCTIONED } from './export-cases/trade-lists.ts';
export { creditMessage } from './export-cases/wholesale.ts';

/**
 * A made-up but credible export for each way of doing business. Nobody in them exists; days are counted from the day they are told on,
 * so that an export can be played at any time of any clock.
 */
export const EXPORT_STORIES: Readonly<Record<ModeName, Tell>> = {
  wholesale: wholesaleExport,
  self_produced: selfProducedExport,
  agent_operated: agentOperatedExport,
  oem_dropship: oemDropshipExport,
};
