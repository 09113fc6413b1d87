import { Failure } from '#domain/failure.ts';
import { blocksBefore } from '#trade/case-file/gates.ts';
import { paperOf } from '#trade/case-file/paper.ts';
import type { DocumentKind } from '#trade/documents/rules.ts';
import type { TradeDocument } from '#trade/documents/trade-document.ts';
import type { Ports } from '../ports.ts';
import { blockFailure } from './block.ts';
import { caseContext, getCase, today } from './status.ts';

/** A shipping paper of a case as data. Throws `conflict` while a gate holds the papers back, and where there is no shipment. */
export const openPaper = async (
  ports: Ports,
  { workspaceId, caseId, kind }: { workspaceId: string; caseId: string; kind: DocumentKind },
): Promise<TradeDocument> => {
  const file = await getCase(ports, workspaceId, caseId);
  const { logistics } = file.facts;
  const reasons = blocksBefore('papers', file, await caseContext(ports, workspaceId));
  if (reasons.length > 0) throw blockFailure({ file, reasons });
  if (!logistics) throw new Failure('conflict', `Case ${file.number} holds no shipment.`);
  return paperOf(kind, logistics, today(ports));
};
