import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Every executable program of this name on PATH, in PATH order.
 * @param {string} name
 * @returns {string[]}
 */
export function onPath(name) {
  const endings = process.platform === 'win32' ? ['.exe'] : [''];
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => endings.map((ending) => path.join(folder, name + ending)))
    .filter(isRunnable);
}

/** @param {string} file */
function isRunnable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
