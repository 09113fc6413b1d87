import { onPath } from './on-path.mjs';

/** The mongod installed on this machine, or null. */
export async function mongodOnPath() {
  return onPath('mongod')[0] ?? null;
}
