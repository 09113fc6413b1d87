import type { Actor } from '#domain/actor.ts';
import { Failure } from '#domain/failure.ts';
import type { CaseFile, Override } from '#trade/case-file/case-file.ts';
import { gate } from '#trade/case-file/gates.ts';
import type { Ports } from '../ports.ts';
import { type CaseRef, changeWith, requireOpen, requireVersion } from './change-with.ts';
import { caseContext } from './status.ts';

/**
 * Sets one blocking reason aside, for good and with a name to it. Only a reason that stands in the file as it is written can be, and
 * with `ifVersion` only in the file as it was read; the same word again changes nothing.
 */
export const overrideReason = async (
  ports: Ports,
  actor: Actor,
  given: CaseRef & Pick<Override, 'step' | 'code' | 'subject' | 'reason'>,
): Promise<CaseFile> => {
  const { workspaceId, step, code, subject, reason, ifVersion } = given;
  const { name: by } = actor;
  const context = await caseContext(ports, workspaceId);
  const named = [code, subject].join(' ').trim();
  return changeWith(ports, actor, given, (current) => {
    requireOpen(current);
    const stands = gate(step, current, context).reasons.find(
      (each) => each.severity === 'block' && each.code === code && each.subject === subject,
    );
    if (!stands) throw new Failure('conflict', `No reason ${named} stands in the step ${step} today.`);
    const { what } = stands;
    const isSame = (o: Override): boolean =>
      o.step === step &&
      o.code === code &&
      o.subject === subject &&
      o.what === what &&
      o.reason === reason &&
      o.by === by;
    if (current.overrides.some(isSame)) return null;
    requireVersion(current, ifVersion);
    const override = { step, code, subject, what, reason, by, atMs: ports.clock.now() };
    const detail = `${step} ${named} (${what}): ${reason}`;
    return { what: 'overridden', detail, edit: { overrides: [...current.overrides, override] } };
  });
};
