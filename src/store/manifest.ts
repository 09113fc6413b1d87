import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { storeRefused } from './refused.ts';

export const MANIFEST = 'manifest.json';

/** What a backup holds. It is written last: a folder without one is no backup. */
export const Manifest = z.object({
  format: z.literal(1),
  id: z.string().min(1),
  product: z.string(),
  storeVersion: z.int().positive(),
  /** Real time. */
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  /** The same by the business clock. */
  clockStartedAt: z.iso.datetime(),
  clockEndedAt: z.iso.datetime(),
  /** In the order in which they were written, which is the one in which they are put back. */
  files: z.array(
    z.object({
      collection: z.string(),
      file: z.string().regex(/^[\w.-]+\.ndjson\.gz$/),
      documents: z.int().nonnegative(),
      /** Of the file's bytes, in hexadecimal. */
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});
export type Manifest = z.infer<typeof Manifest>;

/** The manifest of a folder; refused with a sentence where there is none that can be read. */
export const readManifest = (folder: string): Manifest => {
  const file = path.join(folder, MANIFEST);
  if (!existsSync(file)) throw storeRefused(`${folder} holds no backup: it has no ${MANIFEST}.`);
  try {
    return Manifest.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw storeRefused(`${file} is not the manifest of a backup that this program can read.`);
  }
};

export const sha256Of = async (file: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('hex');
};
