import type { Actor } from '#domain/actor.ts';
import { badValue, Failure } from '#domain/failure.ts';
import { type CaseFile, caseMachine } from '#trade/case-file/case-file.ts';
import { blockingReasons, stepsOf } from '#trade/case-file/gates.ts';
import { askFor } from '../due/ask.ts';
import type { Ports } from '../ports.ts';
import { type CaseRef, changeWith, requireVersion } from './change-with.ts';
import { refuseWhenFull } from './open.ts';
import { clearReminders } from './remind.ts';
import { caseContext, getCase } from './status.ts';

/** Of what is worth being read by an auditor. */
const SHORTEST_NOTE = 3;

/**
 * Closes, cancels or reopens a case. A case that is not open holds nothing back, so one whose gates are still shut is closed by who may
 * override, with a note; what was shut is written down.
 */
export const moveCase = async (
  ports: Ports,
  actor: Actor,
  given: CaseRef & { state: CaseFile['state']; note: string; mayOverride: boolean },
): Promise<CaseFile> => {
  const { workspaceId, caseId, state, note, mayOverride, ifVersion } = given;
  await getCase(ports, workspaceId, caseId);
  if (state === 'open') await refuseWhenFull(ports, workspaceId);
  const context = await caseContext(ports, workspaceId);
  const moved = await changeWith(ports, actor, given, (current) => {
    if (current.state === state) return null;
    caseMachine.check(current.state, state);
    requireVersion(current, ifVersion);
    const to = { edit: {}, to: state };
    if (state === 'open') return { what: 'opened again', detail: note, ...to };
    const shut = stepsOf(current, context).filter((step) => blockingReasons(step).length > 0);
    if (shut.length === 0) return { what: state, detail: note, ...to };
    const steps = shut.map(({ step }) => step).join(', ');
    if (!mayOverride)
      throw new Failure(
        'forbidden',
        `Case ${current.number} would hold nothing back any more, and its gates are shut: ${steps}. It takes a key with cases:override.`,
        { safe: { scope: 'cases:override', steps: shut.map(({ step }) => step) } },
      );
    if (note.trim().length < SHORTEST_NOTE) throw badValue('note', `say why, for these gates are shut: ${steps}`);
    return { what: state, detail: `${note} (shut: ${steps})`, ...to };
  });
  if (moved.state === 'open') await askFor(ports, workspaceId, 'case.remind', [workspaceId]);
  else await clearReminders(ports, moved, new Set());
  return moved;
};
