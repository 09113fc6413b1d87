import type { Actor } from '#domain/actor.ts';
import { Failure } from '#domain/failure.ts';
import { idOf } from '#domain/ids.ts';
import type { CaseFile } from '#trade/case-file/case-file.ts';
import { blocksBefore } from '#trade/case-file/gates.ts';
import { keyOf } from '#trade/write-off/case-file.ts';
import type { Ports } from '../ports.ts';
import { blockFailure } from './block.ts';
import { type CaseRef, changeWith, requireOpen, requireVersion } from './change-with.ts';
import { caseContext, getCase } from './status.ts';

/** Lines of declarations for one case and no other: each is written down under its own name before it is claimed. */
const takeLines = async ({ store }: Ports, file: CaseFile, lines: readonly string[]): Promise<void> => {
  const { workspaceId, _id: caseId } = file;
  const claims = lines.map((line) => ({ _id: idOf('tc', workspaceId, line), workspaceId, caseId, line }));
  const taken = await store.taxClaims.insertMany(claims);
  const kept = await store.taxClaims.findMany(
    workspaceId,
    claims.map(({ _id }) => _id),
  );
  const other = kept.find((claim) => claim.caseId !== caseId);
  if (!other) return;
  // What was taken just now for a claim that is not made is given back.
  for (const claimId of taken) await store.taxClaims.delete(claimId);
  throw new Failure('conflict', `The refund of ${other.line} was claimed before, by the case ${other.caseId}.`, {
    safe: { line: other.line, caseId: other.caseId },
  });
};

/**
 * Claims the tax refund of every line of the case's declarations that was not claimed before. Refused while a proof is missing in the
 * file as it is written, and for a line that another case has claimed. A line counts once, however often it is asked for.
 */
export const claimRefund = async (ports: Ports, actor: Actor, given: CaseRef): Promise<CaseFile> => {
  const { workspaceId, caseId, ifVersion } = given;
  const context = await caseContext(ports, workspaceId);
  const freshOf = (current: CaseFile) => {
    requireOpen(current);
    const reasons = blocksBefore('claim', current, context);
    if (reasons.length > 0) throw blockFailure({ file: current, reasons });
    const { claim = null, file = null } = current.facts.settlement ?? {};
    if (!claim || !file?.lines.length) throw new Failure('conflict', `Case ${current.number} claims no refund.`);
    const before = current.claimed ?? [];
    return { claim, before, fresh: file.lines.map(keyOf).filter((line) => !before.includes(line)) };
  };
  const read = await getCase(ports, workspaceId, caseId);
  const taken = freshOf(read).fresh;
  if (taken.length > 0) await takeLines(ports, read, taken);
  return changeWith(ports, actor, given, (current) => {
    const { claim, before, fresh } = freshOf(current);
    if (fresh.length === 0) return null;
    requireVersion(current, ifVersion);
    if (fresh.some((line) => !taken.includes(line)))
      throw new Failure('conflict', `Case ${current.number} was changed meanwhile: read it again.`);
    return {
      what: 'refund claimed',
      detail: `${claim.mode}: ${fresh.join(', ')}`,
      edit: { claimed: [...before, ...fresh] },
    };
  });
};
