import type { App } from '#app/app.ts';
import { remember } from '#app/remember.ts';
import { gather } from './gather.ts';
import type { Overview } from './overview-shape.ts';
import { summarise } from './summarise.ts';

const LIFE_MS = 1_000;

export interface OverviewParts {
  app: Pick<App, 'ports' | 'caseStatuses' | 'countUnreadable'>;
  /** Jobs that wait, run or are put off, by lane. */
  depths(): Promise<Record<string, number>>;
  /** What connectors are called, by id; the id stands in for what is missing. */
  connectorTitles?: ReadonlyMap<string, string>;
}

/** The overview of a workspace, read at most once a second whoever and how many may look. */
export const makeOverview = ({
  app,
  depths,
  connectorTitles = new Map(),
}: OverviewParts): ((workspaceId: string) => Promise<Overview>) =>
  remember(
    async (workspaceId = '') =>
      summarise(workspaceId, await gather(app, workspaceId, depths), {
        nowMs: app.ports.clock.now(),
        rate: app.ports.clock.rate(),
        connectorTitles,
      }),
    // A slow reading lives longer, so that readings never take more than about a fifth of the time.
    { forMs: (tookMs) => tookMs + Math.max(LIFE_MS, 4 * tookMs) },
  );
