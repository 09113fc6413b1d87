import type { Actor } from '#domain/actor.ts';
import { Failure } from '#domain/failure.ts';
import { type Edit, move, noted } from '#domain/move.ts';
import { type CaseFile, caseMachine, type HistoryEntry } from '#trade/case-file/case-file.ts';
import { changeCase } from '../change.ts';
import type { Ports } from '../ports.ts';
import { relist } from './remind.ts';

/** Names a case, and with `ifVersion` the version of it that was read: of another one nothing is changed. */
export interface CaseRef {
  workspaceId: string;
  caseId: string;
  ifVersion: number | null;
}

interface Change {
  what: HistoryEntry['what'];
  detail: HistoryEntry['detail'];
  edit: Edit<CaseFile>;
  /** Another state, when it is to have one. */
  to?: CaseFile['state'];
}

/**
 * One change of a case, with its line in the history and its event; what the case holds back is looked at anew. `next` returns null to
 * leave it as it is.
 */
export const changeWith = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, caseId }: Pick<CaseRef, 'workspaceId' | 'caseId'>,
  next: (current: CaseFile) => Change | null,
): Promise<CaseFile> => {
  const atMs = ports.clock.now();
  const changed = await changeCase(ports, workspaceId, caseId, (current) => {
    const change = next(current);
    if (change === null) return null;
    const { what, detail, to } = change;
    const entry: HistoryEntry = { atMs, by: actor.name, actor, what, detail };
    const edit: Edit<CaseFile> = { ...change.edit, history: [...current.history, entry], updatedAtMs: atMs };
    const by = { actor, atMs };
    const changes =
      to === undefined
        ? noted(current, `case.${what.replaceAll(' ', '_')}`, edit, by)
        : move(caseMachine, current, to, edit, by);
    return { ...current, ...changes };
  });
  await relist(ports, changed);
  return changed;
};

export const requireOpen = (file: CaseFile): void => {
  if (file.state !== 'open')
    throw new Failure('conflict', `Case ${file.number} is ${file.state}: open it again first.`);
};

/** Refuses to act on what somebody else has changed since it was read; null asks nothing. */
export const requireVersion = (file: CaseFile, ifVersion: number | null): void => {
  if (ifVersion !== null && ifVersion !== file.version)
    throw new Failure('conflict', `Case ${file.number} is at version ${file.version} by now: read it again.`, {
      safe: { version: file.version },
    });
};
