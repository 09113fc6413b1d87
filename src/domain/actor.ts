import { z } from 'zod';

/**
 * Who does something. `key` is an API key, `link` a signed link to one record, `connection` what an outside system said, `rule` an
 * automation, `system` a job of our own. `onBehalfOf` names the person for whom an impersonating user or a key acts.
 */
export const Actor = z.object({
  kind: z.enum(['user', 'key', 'link', 'connection', 'rule', 'system']),
  id: z.string(),
  name: z.string(),
  onBehalfOf: z.string().optional(),
});
export type Actor = z.infer<typeof Actor>;

/** Who calls with an API key. */
export const keyActor = ({ _id, name }: { _id: string; name: string }): Actor => ({ kind: 'key', id: _id, name });

/** A job or a start-up step of our own. */
export const systemActor = (name: string): Actor => ({ kind: 'system', id: name, name });

/** What a connection's vendor said: the shop that cancelled, the supplier that shipped. */
export const connectionActor = ({ _id, name }: { _id: string; name: string }): Actor => ({
  kind: 'connection',
  id: _id,
  name,
});
