import type { Actor } from '#domain/actor.ts';
import { Failure } from '#domain/failure.ts';
import type { Retry } from '#domain/job.ts';
import type { CaseFile } from '#trade/case-file/case-file.ts';
import type { GateContext } from '#trade/case-file/finding.ts';
import { type Act, blocksBefore, type Reason } from '#trade/case-file/gates.ts';
import { clearException, openException } from '../exception/open.ts';
import type { Ports } from '../ports.ts';
import { caseContext } from './status.ts';

/** Whom an act is about: an order's legs, money that goes back for it, or a SKU at a storefront. */
export type Affected =
  | { orderId: string; refund?: NonNullable<GateContext['refund']> }
  | { sku: string; connectionId: string };

const concerns = (file: CaseFile, affected: Affected): boolean =>
  'orderId' in affected
    ? file.orderId === affected.orderId
    : file.skus.includes(affected.sku) &&
      (file.connectionIds.length === 0 || file.connectionIds.includes(affected.connectionId));

export interface Block {
  file: CaseFile;
  reasons: Reason[];
}

/**
 * The open case that holds an act back, with its reasons; null when none does. A new case is seen within a second; one that opens its
 * gate is seen at once.
 */
export const findBlock = async (
  ports: Ports,
  workspaceId: string,
  act: Act,
  affected: Affected,
): Promise<Block | null> => {
  const remembered = (await ports.cached.openCases(workspaceId)).filter((file) => concerns(file, affected));
  if (remembered.length === 0) return null;
  const refund = 'refund' in affected ? affected.refund : undefined;
  const context = { ...(await caseContext(ports, workspaceId)), ...(refund ? { refund } : {}) };
  for (const { _id } of remembered) {
    const file = await ports.store.cases.find(workspaceId, _id);
    if (file?.state !== 'open') continue;
    const reasons = blocksBefore(act, file, context);
    if (reasons.length > 0) return { file, reasons };
  }
  return null;
};

/** What is held back looks for itself so often, in clock time, should nobody wake it. */
export const RECHECK_MS = 3_600_000;

export const blockInWords = ({ file, reasons }: Block): string =>
  `Case ${file.number} holds it back: ${reasons
    .slice(0, 5)
    .map(({ step, what }) => `${step}: ${what}`)
    .join('; ')}${reasons.length > 5 ? ` and ${reasons.length - 5} more` : ''}`;

/** The refusal of an act that a case holds back; it names each reason. */
export const blockFailure = (held: Block): Failure =>
  new Failure('conflict', blockInWords(held), {
    safe: {
      caseId: held.file._id,
      reasons: held.reasons.map(({ step, code, subject, what, todo }) => ({ step, code, subject, what, todo })),
    },
  });

/** An exception about what is held back, which closes by itself when it goes on. */
export const reportBlock = async (
  ports: Ports,
  actor: Actor,
  held: Block,
  subject: { kind: 'leg' | 'return' | 'shipment'; id: string },
  retry: Retry,
): Promise<void> => {
  const { workspaceId, orderId } = held.file;
  await openException(ports, actor, {
    workspaceId,
    cause: 'export_blocked',
    subject,
    orderId,
    detail: blockInWords(held),
    retry,
  });
};

export const clearBlock = (ports: Ports, actor: Actor, workspaceId: string, subjectId: string): Promise<void> =>
  clearException(ports, actor, { workspaceId, cause: 'export_blocked', subjectId });
