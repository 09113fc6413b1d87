import { Failure } from '#domain/failure.ts';
import { idOf } from '#domain/ids.ts';
import { type CaseFile, caseMachine, type HistoryEntry, NO_FACTS, type Override } from '#trade/case-file/case-file.ts';
import { remindersOf } from '#trade/case-file/deadlines.ts';
import { FACTS, type Facts, type Step } from '#trade/case-file/facts.ts';
import { blocksBefore, gate, held, stepsOf } from '#trade/case-file/gates.ts';
import { screenedText } from '#trade/case-file/market-gate.ts';
import { invalid, readUnder } from '#trade/read-input.ts';
import { screen } from '#trade/screening/screen.ts';
import { keyOf } from '#trade/write-off/case-file.ts';
import { changeCase } from '../change.ts';
import type { Ports } from '../ports.ts';
import { tradeReference } from '../trade-list/lists.ts';
import { blockFailure } from './block.ts';
import { clearReminders, relist } from './remind.ts';
import { caseContext, getCase, hash, today } from './status.ts';

/** Open cases of a workspace that every dispatch looks at. */
export const MOST_OPEN = 5_000;
/** From so many on no more are opened: those that are opened at the same moment still have room. */
const FULL = MOST_OPEN - 100;

/** Of what is worth being read by an auditor. */
const SHORTEST_NOTE = 3;

export type NewCase = Pick<
  CaseFile,
  'number' | 'title' | 'mode' | 'subject' | 'orderId' | 'skus' | 'connectionIds' | 'destination'
>;

const NEW_CASE = ['title', 'mode', 'subject', 'orderId', 'skus', 'connectionIds', 'destination'] as const;

/** The case of this number, if it is the same case: another one under it would hold nothing back. */
const same = (known: CaseFile, given: NewCase): CaseFile => {
  const differs = NEW_CASE.find((field) => JSON.stringify(known[field]) !== JSON.stringify(given[field]));
  if (differs !== undefined)
    throw new Failure('conflict', `Case ${given.number} was opened before, with another ${differs}.`, {
      safe: { field: differs, caseId: known._id },
    });
  return known;
};

const refuseWhenFull = async ({ store }: Pick<Ports, 'store'>, workspaceId: string): Promise<void> => {
  const open = await store.cases.count(workspaceId, { state: 'open' });
  if (open >= FULL)
    throw new Failure('conflict', `${open} cases are open: close those that are done before opening more.`);
};

/** What a case holds back has to be there: a mistyped order would go on unasked. */
const checkNamed = async ({ store }: Pick<Ports, 'store'>, workspaceId: string, given: NewCase): Promise<void> => {
  const { orderId, connectionIds } = given;
  if (orderId !== '' && !(await store.orders.find(workspaceId, orderId)))
    throw invalid('orderId', `there is no order ${orderId}`);
  const known = new Set((await store.connections.findMany(workspaceId, connectionIds)).map(({ _id }) => _id));
  const unknown = connectionIds.find((id) => !known.has(id));
  if (unknown !== undefined) throw invalid('connectionIds', `there is no connection ${unknown}`);
};

/** The id that a number of a workspace's own has, whether there is such a case or not. */
export const caseIdOf = (workspaceId: string, number: string): string => idOf('cs', workspaceId, number);

/** Opens a case; the same number again is the same case, and `conflict` when it is about something else. */
export const openCase = async (ports: Ports, workspaceId: string, given: NewCase, by: string): Promise<CaseFile> => {
  const { store, clock } = ports;
  const now = clock.now();
  const _id = caseIdOf(workspaceId, given.number);
  const known = await store.cases.find(workspaceId, _id);
  if (known) return same(known, given);
  await checkNamed(ports, workspaceId, given);
  await refuseWhenFull(ports, workspaceId);
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
  if (!(await store.cases.insert(file))) return same(await getCase(ports, workspaceId, _id), given);
  await relist(ports, file);
  return file;
};

interface Change {
  what: HistoryEntry['what'];
  detail: HistoryEntry['detail'];
  changes: Partial<CaseFile>;
}

/** One change, with its line in the history; what it holds back is looked at anew. */
const changeWith = async (
  ports: Ports,
  workspaceId: string,
  id: string,
  by: string,
  next: (current: CaseFile) => Change | null,
): Promise<CaseFile> => {
  const now = ports.clock.now();
  const changed = await changeCase(ports.store, workspaceId, id, (current) => {
    const change = next(current);
    if (change === null) return null;
    const { what, detail, changes } = change;
    return { ...current, ...changes, history: [...current.history, { atMs: now, by, what, detail }], updatedAtMs: now };
  });
  await relist(ports, changed);
  return changed;
};

const whileOpen = (file: CaseFile): void => {
  if (file.state !== 'open')
    throw new Failure('conflict', `Case ${file.number} is ${file.state}: open it again first.`);
};

/** Refuses to act on what somebody else has changed since it was read; null asks nothing. */
const asRead = (file: CaseFile, ifVersion: number | null): void => {
  if (ifVersion !== null && ifVersion !== file.version)
    throw new Failure('conflict', `Case ${file.number} is at version ${file.version} by now: read it again.`, {
      safe: { version: file.version },
    });
};

/** Takes over what a person gives for a step, as a whole; the same again changes nothing. */
export const giveFacts = async <S extends Step>(
  ports: Ports,
  workspaceId: string,
  id: string,
  given: { step: S; facts: unknown; by: string; ifVersion: number | null },
): Promise<CaseFile> => {
  await getCase(ports, workspaceId, id);
  const parsed = readUnder(given.step, FACTS[given.step], given.facts);
  const facts: Partial<Facts> = { [given.step]: parsed };
  const changed = await changeWith(ports, workspaceId, id, given.by, (current) => {
    whileOpen(current);
    if (JSON.stringify(current.facts[given.step]) === JSON.stringify(parsed)) return null;
    asRead(current, given.ifVersion);
    return { what: 'facts given', detail: given.step, changes: { facts: { ...current.facts, ...facts } } };
  });
  const asked = today(ports);
  await clearReminders(ports, changed, new Set(remindersOf(changed, asked).map(({ key }) => key)));
  return changed;
};

/** Screens every party of the case against the lists on file. The decision is kept with the lists it rests on. */
export const screenCase = async (
  ports: Ports,
  workspaceId: string,
  id: string,
  by: string,
  ifVersion: number | null,
): Promise<CaseFile> => {
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
        effect,
        listId,
        entryId,
        name,
        score,
        why: [...why],
      }));
      const of = hash(screenedText(party));
      return [partyId, { verdict, screenedOn, threshold, engineVersion, listsUsed: [...listsUsed], hits: kept, of }];
    }),
  );
  const detail = parties.map(({ party, id: partyId }) => `${party.name}: ${screenings[partyId]?.verdict}`).join('; ');
  return changeWith(ports, workspaceId, id, by, (current) => {
    whileOpen(current);
    asRead(current, ifVersion);
    const named = new Set(current.facts.market?.parties.map((party) => party.id));
    const kept = Object.entries({ ...current.screenings, ...screenings }).filter(([partyId]) => named.has(partyId));
    return { what: 'screened', detail, changes: { screenings: Object.fromEntries(kept) } };
  });
};

/**
 * A person has read the review and takes the credit as it stands. Another text of the credit has to be accepted anew; with `ifVersion`
 * also one that came while it was read is refused.
 */
export const acceptCredit = (
  ports: Ports,
  workspaceId: string,
  id: string,
  by: string,
  ifVersion: number | null,
): Promise<CaseFile> =>
  changeWith(ports, workspaceId, id, by, (current) => {
    whileOpen(current);
    const text = current.facts.contract?.messages ?? '';
    if (text === '') throw new Failure('conflict', `Case ${current.number} holds no credit to accept.`);
    if (current.creditAccepted === hash(text)) return null;
    asRead(current, ifVersion);
    return { what: 'credit accepted', detail: hash(text).slice(0, 12), changes: { creditAccepted: hash(text) } };
  });

/**
 * Sets one blocking reason aside, for good and with a name to it. Only a reason that stands in the file as it is written can be, and
 * with `ifVersion` only in the file as it was read; the same word again changes nothing.
 */
export const overrideReason = async (
  ports: Ports,
  workspaceId: string,
  id: string,
  given: Omit<Override, 'what' | 'atMs'> & { ifVersion: number | null },
): Promise<CaseFile> => {
  const { step, code, subject, reason, by, ifVersion } = given;
  const context = await caseContext(ports, workspaceId);
  const named = [code, subject].join(' ').trim();
  return changeWith(ports, workspaceId, id, by, (current) => {
    whileOpen(current);
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
    asRead(current, ifVersion);
    const override = { step, code, subject, what, reason, by, atMs: ports.clock.now() };
    const detail = `${step} ${named} (${what}): ${reason}`;
    return { what: 'overridden', detail, changes: { overrides: [...current.overrides, override] } };
  });
};

/**
 * Closes, cancels or reopens a case. A case that is not open holds nothing back, so one whose gates are still shut is closed by who may
 * override, with a note; what was shut is written down.
 */
export const moveCase = async (
  ports: Ports,
  workspaceId: string,
  id: string,
  given: { state: CaseFile['state']; by: string; note: string; mayOverride: boolean; ifVersion: number | null },
): Promise<CaseFile> => {
  const { state, by, note, mayOverride, ifVersion } = given;
  await getCase(ports, workspaceId, id);
  if (state === 'open') await refuseWhenFull(ports, workspaceId);
  const context = await caseContext(ports, workspaceId);
  const moved = await changeWith(ports, workspaceId, id, by, (current) => {
    if (current.state === state) return null;
    caseMachine.check(current.state, state);
    asRead(current, ifVersion);
    if (state === 'open') return { what: 'opened again', detail: note, changes: { state } };
    const shut = stepsOf(current, context).filter((step) => held(step).length > 0);
    if (shut.length === 0) return { what: state, detail: note, changes: { state } };
    const steps = shut.map(({ step }) => step).join(', ');
    if (!mayOverride)
      throw new Failure(
        'forbidden',
        `Case ${current.number} would hold nothing back any more, and its gates are shut: ${steps}. It takes a key with cases:override.`,
        { safe: { scope: 'cases:override', steps: shut.map(({ step }) => step) } },
      );
    if (note.trim().length < SHORTEST_NOTE) throw invalid('note', `say why, for these gates are shut: ${steps}`);
    return { what: state, detail: `${note} (shut: ${steps})`, changes: { state } };
  });
  if (moved.state !== 'open') await clearReminders(ports, moved, new Set());
  return moved;
};

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
export const claimRefund = async (
  ports: Ports,
  workspaceId: string,
  id: string,
  by: string,
  ifVersion: number | null,
): Promise<CaseFile> => {
  const context = await caseContext(ports, workspaceId);
  const freshOf = (current: CaseFile) => {
    whileOpen(current);
    const reasons = blocksBefore('claim', current, context);
    if (reasons.length > 0) throw blockFailure({ file: current, reasons });
    const { claim = null, file = null } = current.facts.settlement ?? {};
    if (!claim || !file?.lines.length) throw new Failure('conflict', `Case ${current.number} claims no refund.`);
    const before = current.claimed ?? [];
    return { claim, before, fresh: file.lines.map(keyOf).filter((line) => !before.includes(line)) };
  };
  const read = await getCase(ports, workspaceId, id);
  const taken = freshOf(read).fresh;
  if (taken.length > 0) await takeLines(ports, read, taken);
  return changeWith(ports, workspaceId, id, by, (current) => {
    const { claim, before, fresh } = freshOf(current);
    if (fresh.length === 0) return null;
    asRead(current, ifVersion);
    if (fresh.some((line) => !taken.includes(line)))
      throw new Failure('conflict', `Case ${current.number} was changed meanwhile: read it again.`);
    return {
      what: 'refund claimed',
      detail: `${claim.mode}: ${fresh.join(', ')}`,
      changes: { claimed: [...before, ...fresh] },
    };
  });
};
