import { systemActor } from '#domain/actor.ts';
import type { CaseFile } from '#trade/case-file/case-file.ts';
import { remindersOf } from '#trade/case-file/deadlines.ts';
import { blocksBefore } from '#trade/case-file/gates.ts';
import type { AsOf } from '#trade/rule.ts';
import { findDue, restDue } from '../due/ask.ts';
import { pagesOf } from '../every-page.ts';
import { clearException, openException } from '../exception/open.ts';
import type { Ports } from '../ports.ts';
import { requestReevaluation } from '../stock/apply.ts';
import { caseContext } from './status.ts';

const reminderSubject = ({ _id }: CaseFile, key: string): string => `${_id} ${key}`;

/**
 * What the storefronts were told of its SKUs is told anew: a gate may have opened or closed. Should a crash come between the change
 * of a case and this, `remindCases` looks once more at what was changed.
 */
export const relist = async (ports: Ports, { workspaceId, skus }: CaseFile): Promise<void> => {
  for (let at = 0; at < skus.length; at += 200) {
    const levels = await ports.store.levels.listAny(workspaceId, 'sku', skus.slice(at, at + 200));
    await requestReevaluation(
      ports,
      levels.map(({ _id }) => _id),
      { toPublish: true },
    );
  }
};

/** Closes the reminders that were given and are none any more: a licence was renewed, the case is closed. */
export const clearReminders = async (ports: Ports, file: CaseFile, left: ReadonlySet<string>): Promise<void> => {
  for (const key of file.reminded)
    if (!left.has(key))
      await clearException(ports, systemActor('case.remind'), {
        workspaceId: file.workspaceId,
        cause: 'case_deadline',
        subjectId: reminderSubject(file, key),
      });
};

/** Gives what is due of one case, and says how many. */
const remindOf = async (ports: Ports, file: CaseFile, asOf: AsOf): Promise<readonly string[]> => {
  const due = remindersOf(file, asOf).filter(({ on, key }) => on <= asOf.today && !file.reminded.includes(key));
  // Of a matter that was found late the last word alone: the earlier ones have passed.
  const last = new Map(due.map((reminder) => [reminder.about, reminder]));
  for (const { key, text } of last.values())
    await openException(ports, systemActor('case.remind'), {
      workspaceId: file.workspaceId,
      cause: 'case_deadline',
      subject: { kind: 'case', id: reminderSubject(file, key) },
      orderId: file.orderId === '' ? null : file.orderId,
      detail: `Case ${file.number}: ${text}`,
      retry: null,
    });
  return due.map(({ key }) => key);
};

/**
 * Gives every reminder whose day has come, once: an exception that says what to do. And lists anew what a case holds back when its
 * gates stand differently from when they were last looked at, for a licence that ends closes one without anybody touching the case, or
 * when the case was changed since, should a crash have come before its listings were told of it. Writes nothing of a case that is as it was.
 */
export const remindCases = async (ports: Ports, workspaceId: string): Promise<{ given: number; relisted: number }> => {
  const { store } = ports;
  const due = await findDue(ports, workspaceId, 'case.remind', workspaceId);
  let open = 0;
  const context = await caseContext(ports, workspaceId);
  let given = 0;
  let relisted = 0;
  for await (const page of pagesOf(store.cases, workspaceId, { state: 'open' }, 200)) {
    for (const file of page) {
      const keys = await remindOf(ports, file, context.asOf);
      const changes: Partial<CaseFile> = {};
      if (keys.length > 0) changes.reminded = [...file.reminded, ...keys];
      if (file.skus.length > 0) {
        const isHeld = blocksBefore('list', file, context).length > 0;
        if (file.listed?.version !== file.version || file.listed.held !== isHeld) {
          await relist(ports, file);
          changes.listed = { version: file.version, held: isHeld };
          relisted += 1;
        }
      }
      given += keys.length;
      // After the effects: a crash in between has them again under the same names. It is no change of the case, so its version stays;
      // one that a person changes meanwhile is looked at again by the next run.
      if (Object.keys(changes).length > 0) await store.cases.change(file._id, { version: file.version }, changes);
    }
    open += page.length;
  }
  // Nobody is to be reminded of anything until a case is opened.
  if (open === 0) await restDue(ports, due);
  return { given, relisted };
};
