import { z } from 'zod';
import { Actor } from './actor.ts';

/**
 * What happened to a document, written into the document itself by the write that made it happen. The filer copies it to the
 * events of the workspace. `id` is unique over all documents; `type` is `noun.state` for a step and `noun.verb` for anything else.
 */
export const News = z.object({
  id: z.string(),
  type: z.string(),
  from: z.string().nullable(),
  to: z.string(),
  actor: Actor,
  /** Business time. */
  atMs: z.number(),
  data: z.record(z.string(), z.unknown()),
});
export type News = z.infer<typeof News>;
