import { onPath } from './on-path.mjs';

/** The machine's own mongod, or null. */
export async function mongodOnPath() {
  return onPath('mongod')[0] ?? null;
}
