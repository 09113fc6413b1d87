import { createHash } from 'node:crypto';
import { Failure } from '#domain/failure.ts';
import type { CaseFile } from '#trade/case-file/case-file.ts';
import { type CaseReminder, remindersOf } from '#trade/case-file/deadlines.ts';
import type { GateContext } from '#trade/case-file/finding.ts';
import { type StepState, stepsOf } from '#trade/case-file/gates.ts';
import { dayOf } from '#trade/plain-date.ts';
import type { AsOf } from '#trade/rule.ts';
import type { Ports } from '../ports.ts';
import { tradeReference } from '../trade-list/lists.ts';

/** The texts that screenings and acceptances are bound to. */
export const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The rules are asked for today, by the shared clock, in UTC. */
export const today = ({ clock }: Pick<Ports, 'clock'>): AsOf => {
  const day = dayOf(clock.now());
  return { on: day, today: day };
};

export type Reading = Pick<Ports, 'store' | 'clock' | 'romaniseHan'>;

export const caseContext = async (ports: Reading, workspaceId: string): Promise<GateContext> => {
  const { editions, lists } = await tradeReference(ports, workspaceId);
  return { asOf: today(ports), editions, lists, hash };
};

export const getCase = async ({ store }: Pick<Ports, 'store'>, workspaceId: string, id: string): Promise<CaseFile> => {
  const found = await store.cases.find(workspaceId, id);
  if (!found) throw new Failure('not_found', `There is no case ${id}.`, { safe: { id } });
  return found;
};

export interface CaseStatus {
  file: CaseFile;
  steps: StepState[];
  reminders: CaseReminder[];
}

/** A case with its eight steps as they stand in `context` and the days it wants somebody to be told. */
const statusIn = (context: GateContext, file: CaseFile): CaseStatus => ({
  file,
  steps: stepsOf(file, context),
  reminders: remindersOf(file, context.asOf),
});

/** … as they stand today. */
export const caseStatus = async (ports: Reading, file: CaseFile): Promise<CaseStatus> =>
  statusIn(await caseContext(ports, file.workspaceId), file);

/** Cases of one workspace with their steps as they stand today, in the order given. */
export const caseStatuses = async (
  ports: Reading,
  workspaceId: string,
  files: readonly CaseFile[],
): Promise<CaseStatus[]> => {
  if (files.length === 0) return [];
  const context = await caseContext(ports, workspaceId);
  return files.map((file) => statusIn(context, file));
};
