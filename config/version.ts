import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The version of this program, as package.json says. */
export const productVersion = (): string => {
  const text = readFileSync(path.resolve(import.meta.dirname, '..', 'package.json'), 'utf8');
  return /"version": "([^"]+)"/.exec(text)?.[1] ?? 'unknown';
};
