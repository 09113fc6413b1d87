import { z } from 'zod';
import { News } from './event.ts';
import { machine } from './state-machine.ts';

/** A workspace that came from a backup is quiet: no connection is live until a person says that all was compared. */
export const restoreMachine = machine('restore', 'quiet', { quiet: ['resumed'], resumed: [] });

/** What a workspace must know about the backup that it was restored from. One a workspace; a later restore has another store. */
export const RestoreRecord = z.object({
  _id: z.string(),
  workspaceId: z.string(),
  /** Of the backup: what is looked up because of it is looked up once. */
  backupId: z.string(),
  /** By the business clock. Whatever happened after the start may be missing. */
  backupStartedAtMs: z.number(),
  backupEndedAtMs: z.number(),
  /** Real time. */
  restoredAtMs: z.number(),
  /** Connections that were live, and will be again. */
  live: z.array(z.string()),
  /** Business time of the first start after the restore; null before. */
  reconciledAtMs: z.number().nullable(),
  resumedAtMs: z.number().nullable(),
  state: z.enum(['quiet', 'resumed']),
  news: z.array(News).exactOptional(),
  newsSeq: z.number().exactOptional(),
});
export type RestoreRecord = z.infer<typeof RestoreRecord>;

export const restoreId = (workspaceId: string): string => `restore:${workspaceId}`;

/** A purchase order that could have been sent since the backup began, and is looked up at its supplier. */
export const RestoreCheck = z.object({
  _id: z.string(),
  workspaceId: z.string(),
  backupId: z.string(),
  legId: z.string(),
  /** Its state in the backup. */
  was: z.string(),
  atMs: z.number(),
});
export type RestoreCheck = z.infer<typeof RestoreCheck>;
