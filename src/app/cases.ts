import { createHash } from 'node:crypto';
import { Failure } from '#domain/failure.ts';
import { idOf } from '#domain/ids.ts';
import { type CaseFile, caseMachine, type HistoryEntry, NO_FACTS, type Override } from '#trade/case-file/case-file.ts';
import { type CaseReminder, remindersOf } from '#trade/case-file/deadlines.ts';
import { FACTS, type Facts, type Step } from '#trade/case-file/facts.ts';
import {
  type Act,
  blocksBefore,
  type GateContext,
  type Reason,
  type StepState,
  screenedText,
  stepsOf,
} from '#trade/case-file/gates.ts';
import { dayOf } from '#trade/plain-date.ts';
import { readUnder } from '#trade/read-input.ts';
import type { Asked } from '#trade/rule.ts';
import { screen } from '#trade/screening/screen.ts';
import { changeCase } from './change.ts';
import { clearException, exceptionId, openException } from './exceptions.ts';
import type { Ports } from './ports.ts';
import { tradeReference } from './trade-lists.ts';

/** Cases of one workspace that are open at a time; more are refused, since every dispatch looks at them. */
export const MOST_OPEN = 5_000;

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The rules are asked for today, by the shared clock, in UTC. */
export const today = ({ clock }: Pick<Ports, 'clock'>): Asked => {
  const day = dayOf(clock.now());
  return { on: day, today: day };
};

type Reading = Pick<Ports, 'store' | 'clock'>;

export const caseContext = async (ports: Reading, workspaceId: string): Promise<GateContext> => {
  const { editions, lists } = await tradeReference(ports, workspaceId);
  return { asked: today(ports), editions, lists, hash };
};

export const getCase = async ({ store }: Pick<Ports, 'store'>, workspaceId: string, id: string): Promise<CaseFile> => {
  const found = await store.cases.find(workspaceId, id);
  if (!found) throw new Failure('not_found', `There is no case ${id}.`, { safe: { id } });
  return found;
};

export interface CaseStanding {
  file: CaseFile;
  steps: StepState[];
  reminders: CaseReminder[];
}

/** A case with its eight steps as they stand today and the days it wants somebody to be told. */
export const caseStanding = async (ports: Reading, file: CaseFile): Promise<CaseStanding> => {
  const context = await caseContext(ports, file.workspaceId);
  return { file, steps: stepsOf(file, context), reminders: remindersOf(file, context.asked) };
};

export type NewCase = Pick<
  CaseFile,
  'number' | 'title' | 'mode' | 'subject' | 'orderId' | 'skus' | 'connectionIds' | 'destination'
>;

/** Opens a case; the same number again is the same case. */
export const openCase = async (ports: Ports, workspaceId: string, given: NewCase, by: string): Promise<CaseFile> => {
  const { store, clock } = ports;
  const now = clock.now();
  const _id = idOf('cs', workspaceId, given.number);
  const known = await store.cases.find(workspaceId, _id);
  if (known) return known;
  const open = await store.cases.count(workspaceId, { state: 'open' });
  if (open >= MOST_OPEN)
    throw new Failure('conflict', `${open} cases are open: close those that are done before opening more.`);
  const file: CaseFile = {
    _id,
    workspaceId,
    ...given,
    state: 'open',
    facts: NO_FACTS,
    screenings: {},
    creditAccepted: '',
    overrides: [],
    history: [{ atMs: now, by, what: 'opened', detail: given.title }],
    reminded: [],
    version: 1,
    createdAtMs: now,
    updatedAtMs: now,
  };
  if (await store.cases.insert(file)) {
    await relist(ports, file);
    return file;
  }
  return getCase(ports, workspaceId, _id);
};

/** One change, with its line in the history; what it holds back is looked at anew. */
const changeWith = async (
  ports: Ports,
  workspaceId: string,
  id: string,
  entry: Omit<HistoryEntry, 'atMs'>,
  next: (current: CaseFile) => Partial<CaseFile> | null,
): Promise<CaseFile> => {
  const now = ports.clock.now();
  const changed = await changeCase(ports.store, workspaceId, id, (current) => {
    const changes = next(current);
    return changes === null
      ? null
      : { ...current, ...changes, history: [...current.history, { ...entry, atMs: now }], updatedAtMs: now };
  });
  await relist(ports, changed);
  return changed;
};

/** What the storefronts were told of its SKUs is told anew: a gate may have opened or closed. */
const relist = async ({ store }: Ports, { workspaceId, skus }: CaseFile): Promise<void> => {
  for (let at = 0; at < skus.length; at += 200) {
    const levels = await store.levels.listAny(workspaceId, 'sku', skus.slice(at, at + 200));
    await store.levels.changeMany(levels.map(({ _id }) => ({ id: _id, guard: {}, changes: { toPublish: true } })));
  }
};

const whileOpen = (file: CaseFile): void => {
  if (file.state !== 'open')
    throw new Failure('conflict', `Case ${file.number} is ${file.state}: open it again first.`);
};

/** Takes over what a person gives for a step, as a whole. `ifVersion` refuses to overwrite what somebody else changed meanwhile. */
export const giveFacts = async <S extends Step>(
  ports: Ports,
  workspaceId: string,
  id: string,
  given: { step: S; facts: unknown; by: string; ifVersion: number | null },
): Promise<CaseFile> => {
  await getCase(ports, workspaceId, id);
  const parsed = readUnder(given.step, FACTS[given.step], given.facts);
  const facts: Partial<Facts> = { [given.step]: parsed };
  return changeWith(ports, workspaceId, id, { by: given.by, what: 'facts given', detail: given.step }, (current) => {
    whileOpen(current);
    if (given.ifVersion !== null && given.ifVersion !== current.version)
      throw new Failure('conflict', `Case ${current.number} is at version ${current.version} by now: read it again.`, {
        safe: { version: current.version },
      });
    return { facts: { ...current.facts, ...facts } };
  });
};

/** Screens every party of the case against the lists on file. The decision is kept with the lists it rests on. */
export const screenCase = async (ports: Ports, workspaceId: string, id: string, by: string): Promise<CaseFile> => {
  const asked = today(ports);
  const [file, { index }] = await Promise.all([getCase(ports, workspaceId, id), tradeReference(ports, workspaceId)]);
  const parties = file.facts.market?.parties ?? [];
  if (parties.length === 0)
    throw new Failure('conflict', `Case ${file.number} names no party: give the facts of the step “market” first.`);
  if (!index)
    throw new Failure('conflict', 'No sanctions list is on file: import one with “crossdock trade import”.', {
      safe: { reason: 'no list' },
    });
  const screenings = Object.fromEntries(
    parties.map(({ id: partyId, party }) => {
      const { verdict, screenedOn, threshold, engineVersion, listsUsed, hits } = screen(party, index, asked);
      const kept = hits.map(({ effect, listId, entryId, name, score, why }) => ({
        ...{ effect, listId, entryId, name, score, why: [...why] },
      }));
      const of = hash(screenedText(party));
      return [partyId, { verdict, screenedOn, threshold, engineVersion, listsUsed: [...listsUsed], hits: kept, of }];
    }),
  );
  const detail = parties.map(({ party, id: partyId }) => `${party.name}: ${screenings[partyId]?.verdict}`).join('; ');
  return changeWith(ports, workspaceId, id, { by, what: 'screened', detail }, (current) => {
    whileOpen(current);
    return { screenings: { ...current.screenings, ...screenings } };
  });
};

/** A person has read the review and takes the credit as it stands. Another text of the credit has to be accepted anew. */
export const acceptCredit = (ports: Ports, workspaceId: string, id: string, by: string): Promise<CaseFile> =>
  changeWith(ports, workspaceId, id, { by, what: 'credit accepted', detail: '' }, (current) => {
    whileOpen(current);
    const text = current.facts.contract?.messages ?? '';
    if (text === '') throw new Failure('conflict', `Case ${current.number} holds no credit to accept.`);
    return current.creditAccepted === hash(text) ? null : { creditAccepted: hash(text) };
  });

/** Sets one blocking reason aside, for good and with a name to it. Only a reason that stands today can be. */
export const overrideReason = async (
  ports: Ports,
  workspaceId: string,
  id: string,
  given: Omit<Override, 'what' | 'atMs'>,
): Promise<CaseFile> => {
  const { steps } = await caseStanding(ports, await getCase(ports, workspaceId, id));
  const stands = steps
    .find(({ step }) => step === given.step)
    ?.reasons.find(
      ({ code, subject, severity }) => severity === 'block' && code === given.code && subject === given.subject,
    );
  if (!stands)
    throw new Failure('conflict', `No reason ${given.code} ${given.subject} stands in the step ${given.step} today.`);
  const { what } = stands;
  const detail = `${given.step} ${given.code} ${given.subject}: ${given.reason}`;
  return changeWith(ports, workspaceId, id, { by: given.by, what: 'overridden', detail }, (current) => {
    whileOpen(current);
    return { overrides: [...current.overrides, { ...given, what, atMs: ports.clock.now() }] };
  });
};

export const moveCase = (
  ports: Ports,
  workspaceId: string,
  id: string,
  { state, by, note }: { state: CaseFile['state']; by: string; note: string },
): Promise<CaseFile> =>
  changeWith(
    ports,
    workspaceId,
    id,
    { by, what: state === 'open' ? 'opened again' : state, detail: note },
    (current) => {
      if (current.state === state) return null;
      caseMachine.check(current.state, state);
      return { state };
    },
  );

/** Writes down that something was done on the strength of the case: a paper printed, a refund claimed. */
export const noteCase = (
  ports: Ports,
  workspaceId: string,
  id: string,
  entry: Omit<HistoryEntry, 'atMs'>,
): Promise<CaseFile> => changeWith(ports, workspaceId, id, entry, () => ({}));

/** Whom an act is about: an order's legs and money, or a SKU at a storefront. */
export type Affected = { orderId: string } | { sku: string; connectionId: string };

const concerns = (file: CaseFile, affected: Affected): boolean =>
  'orderId' in affected
    ? file.orderId === affected.orderId
    : file.skus.includes(affected.sku) &&
      (file.connectionIds.length === 0 || file.connectionIds.includes(affected.connectionId));

export interface HeldBack {
  file: CaseFile;
  reasons: Reason[];
}

/**
 * The open case that holds an act back, with its reasons; null when none does. A new case is seen within a second; one that opens its
 * gate is seen at once.
 */
export const heldBack = async (
  ports: Ports,
  workspaceId: string,
  act: Act,
  affected: Affected,
): Promise<HeldBack | null> => {
  const remembered = (await ports.recalled.openCases(workspaceId)).filter((file) => concerns(file, affected));
  if (remembered.length === 0) return null;
  const context = await caseContext(ports, workspaceId);
  for (const { _id } of remembered) {
    const file = await ports.store.cases.find(workspaceId, _id);
    if (file?.state !== 'open') continue;
    const reasons = blocksBefore(act, file, context);
    if (reasons.length > 0) return { file, reasons };
  }
  return null;
};

/** What is held back looks for itself so often, in clock time, should nobody wake it. */
export const HELD_AGAIN_MS = 3_600_000;

export const inWords = ({ file, reasons }: HeldBack): string =>
  `Case ${file.number} holds it back: ${reasons
    .slice(0, 5)
    .map(({ step, what }) => `${step}: ${what}`)
    .join('; ')}${reasons.length > 5 ? ` and ${reasons.length - 5} more` : ''}`;

/** The refusal of an act that a case holds back; it names each reason. */
export const heldBackFailure = (held: HeldBack): Failure =>
  new Failure('conflict', inWords(held), {
    safe: {
      caseId: held.file._id,
      reasons: held.reasons.map(({ step, code, subject, what, todo }) => ({ step, code, subject, what, todo })),
    },
  });

/** An exception about what is held back, which closes by itself when it goes on. */
export const tellHeldBack = async (
  ports: Ports,
  held: HeldBack,
  subject: { kind: 'leg' | 'return'; id: string },
  retry: { job: string; payload: Record<string, unknown> },
): Promise<void> => {
  const { workspaceId, orderId } = held.file;
  await openException(ports, { workspaceId, cause: 'export_blocked', subject, orderId, detail: inWords(held), retry });
};

export const clearHeldBack = async (ports: Ports, workspaceId: string, subjectId: string): Promise<void> => {
  if (await ports.store.exceptions.find(workspaceId, exceptionId(workspaceId, 'export_blocked', subjectId)))
    await clearException(ports, workspaceId, 'export_blocked', subjectId);
};

/**
 * Gives every reminder whose day has come, once: an exception that says what to do. The SKUs are listed anew, for a licence that ends
 * closes a gate without anybody touching the case.
 */
export const remindCases = async (ports: Ports, workspaceId: string): Promise<number> => {
  const { store } = ports;
  const asked = today(ports);
  let given = 0;
  for (let after: string | undefined; ; ) {
    const page = await store.cases.list(
      workspaceId,
      { state: 'open' },
      { limit: 200, ...(after === undefined ? {} : { after }) },
    );
    for (const file of page) {
      const due = remindersOf(file, asked).filter(({ on, key }) => on <= asked.today && !file.reminded.includes(key));
      // Of a matter that was found late the last word alone: the earlier ones have passed.
      const last = new Map(due.map((reminder) => [reminder.about, reminder]));
      for (const { key, text } of last.values()) {
        await openException(ports, {
          workspaceId,
          cause: 'case_deadline',
          subject: { kind: 'case', id: `${file._id} ${key}` },
          orderId: file.orderId === '' ? null : file.orderId,
          detail: `Case ${file.number}: ${text}`,
          retry: null,
        });
        given += 1;
      }
      // After the exceptions: a crash in between gives them again under the same name.
      if (due.length > 0)
        await changeCase(store, workspaceId, file._id, (current) => ({
          ...current,
          reminded: [...new Set([...current.reminded, ...due.map(({ key }) => key)])],
        }));
      await relist(ports, file);
    }
    after = page.at(-1)?._id;
    if (page.length < 200) return given;
  }
};
