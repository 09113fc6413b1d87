import type { Actor } from '#domain/actor.ts';
import type { CaseFile } from '#trade/case-file/case-file.ts';
import { remindersOf } from '#trade/case-file/deadlines.ts';
import { FACTS, type Facts, type Step } from '#trade/case-file/facts.ts';
import { readUnder } from '#trade/read-input.ts';
import type { Ports } from '../ports.ts';
import { type CaseRef, changeWith, requireOpen, requireVersion } from './change-with.ts';
import { clearReminders } from './remind.ts';
import { getCase, today } from './status.ts';

/** Takes over what a person gives for a step, as a whole; the same again changes nothing. */
export const giveFacts = async (
  ports: Ports,
  actor: Actor,
  given: CaseRef & { step: Step; facts: unknown },
): Promise<CaseFile> => {
  const { workspaceId, caseId, step, ifVersion } = given;
  await getCase(ports, workspaceId, caseId);
  const parsed = readUnder(step, FACTS[step], given.facts);
  const facts: Partial<Facts> = { [step]: parsed };
  const changed = await changeWith(ports, actor, given, (current) => {
    requireOpen(current);
    if (JSON.stringify(current.facts[step]) === JSON.stringify(parsed)) return null;
    requireVersion(current, ifVersion);
    return { what: 'facts given', detail: step, edit: { facts: { ...current.facts, ...facts } } };
  });
  await clearReminders(ports, changed, new Set(remindersOf(changed, today(ports)).map(({ key }) => key)));
  return changed;
};
