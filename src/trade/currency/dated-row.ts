import { sourcesReadOn } from '../dated-row.ts';

export { row } from '../dated-row.ts';

/** The day when the sources of these tables were read. A row read on another day has its own source. */
export const source = sourcesReadOn('2026-11-25');
