import { readFileSync } from 'node:fs';

const why = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A file's text. Throws one sentence that names the file. */
export const readText = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`${file} cannot be read: ${why(error)}`);
  }
};

/** A file that holds one JSON object. Throws one sentence that names the file. */
export const readObject = (file: string): Record<string, unknown> => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readText(file));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Error(`${file} is not JSON: ${why(error)}`);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new Error(`${file} does not hold one JSON object`);
  return { ...parsed };
};
