import { sourcesRead } from '../dated-row.ts';

export { row } from '../dated-row.ts';

/** The day the reference behind these tables was read; a row read on another day names its own. */
export const source = sourcesRead('2026-11-24');
