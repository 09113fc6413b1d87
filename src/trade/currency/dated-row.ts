import { sourcesRead } from '../dated-row.ts';

export { row } from '../dated-row.ts';

/** The day the sources behind these tables were read; a row read on another day names its own. */
export const source = sourcesRead('2026-11-25');
