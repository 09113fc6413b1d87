import type { Reading } from '#app/case/status.ts';
import { gather } from './gather.ts';
import type { Overview } from './overview-shape.ts';
import { share } from './share.ts';
import { summarise } from './summarise.ts';

const LIFE_MS = 1_000;

export interface OverviewParts {
  ports: Reading;
  /** Jobs that wait, run or are put off, by lane. */
  depths(): Promise<Record<string, number>>;
  /** What connectors are called, by id; the id stands in for what is missing. */
  connectorTitles?: ReadonlyMap<string, string>;
}

/** The overview of a workspace, read at most once a second whoever and how many may look. */
export const makeOverview = ({
  ports,
  depths,
  connectorTitles = new Map(),
}: OverviewParts): ((workspaceId: string) => Promise<Overview>) =>
  share(
    async (workspaceId) =>
      summarise(workspaceId, await gather(ports, workspaceId, depths), {
        nowMs: ports.clock.now(),
        rate: ports.clock.rate(),
        connectorTitles,
      }),
    LIFE_MS,
  );
