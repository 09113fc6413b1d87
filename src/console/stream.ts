import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Overview } from './overview-shape.ts';

const EVERY_MS = 1_000;

/** Viewers share the overview, so they share its text. */
const texts = new WeakMap<Overview, string>();
const textOf = (overview: Overview): string => {
  const known = texts.get(overview);
  if (known !== undefined) return known;
  const text = `event: overview\ndata: ${JSON.stringify(overview)}\n\n`;
  texts.set(overview, text);
  return text;
};

/** Server-sent events: the overview once a second, until the client goes. */
export const streamOverview = async (response: ServerResponse, read: () => Promise<Overview>): Promise<void> => {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    // A proxy must neither keep it back nor change it.
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  });
  response.write(`retry: ${2 * EVERY_MS}\n\n`);
  let shown: Overview | null = null;
  try {
    while (!gone.signal.aborted) {
      const next: Overview | null = await read().catch(() => null);
      if (gone.signal.aborted) break;
      // What cannot be read now may be read in a second; the comment keeps the line open meanwhile.
      const text = next && next !== shown ? textOf(next) : ': alive\n\n';
      shown = next ?? shown;
      // A client that does not keep up gets the latest, not all.
      if (!response.write(text)) await once(response, 'drain', { signal: gone.signal });
      await wait(EVERY_MS, undefined, { signal: gone.signal });
    }
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  }
};
