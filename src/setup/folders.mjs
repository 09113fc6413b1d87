import { existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { codeOf } from './errors.mjs';

/**
 * Creates the folder and its parents, or fails at once. (Node's own recursive mkdirSync never returns if the system
 * says "no such file" below a folder that exists, as under /proc.)
 * @param {string} folder
 */
export function makeFolder(folder) {
  const parent = path.dirname(folder);
  if (!existsSync(parent) && parent !== folder) makeFolder(parent);
  try {
    mkdirSync(folder);
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && statSync(folder).isDirectory()) return;
    if (codeOf(error) === 'ENOENT')
      throw Object.assign(new Error(`no folder can be made at ${folder}`), { code: 'EACCES' });
    throw error;
  }
}
