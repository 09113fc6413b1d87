import type { Actor } from '#domain/actor.ts';
import { badValue, Failure } from '#domain/failure.ts';
import { caseIdOf } from '#domain/ids.ts';
import { born } from '#domain/move.ts';
import { type CaseFile, caseMachine, type NewCase, NO_FACTS } from '#trade/case-file/case-file.ts';
import { askFor } from '../due/ask.ts';
import type { Ports } from '../ports.ts';
import { relist } from './remind.ts';
import { getCase } from './status.ts';

/** Open cases of a workspace that every dispatch looks at. */
export const MOST_OPEN = 5_000;
/** From so many on no more are opened: those that are opened at the same moment still have room. */
const FULL = MOST_OPEN - 100;

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

export const refuseWhenFull = async ({ store }: Pick<Ports, 'store'>, workspaceId: string): Promise<void> => {
  const open = await store.cases.count(workspaceId, { state: 'open' });
  if (open >= FULL)
    throw new Failure('conflict', `${open} cases are open: close those that are done before opening more.`);
};

/** What a case holds back has to be there: a mistyped order would go on unasked. */
const checkNamed = async ({ store }: Pick<Ports, 'store'>, workspaceId: string, given: NewCase): Promise<void> => {
  const { orderId, connectionIds } = given;
  if (orderId !== '' && !(await store.orders.find(workspaceId, orderId)))
    throw badValue('orderId', `there is no order ${orderId}`);
  const known = new Set((await store.connections.findMany(workspaceId, connectionIds)).map(({ _id }) => _id));
  const unknown = connectionIds.find((id) => !known.has(id));
  if (unknown !== undefined) throw badValue('connectionIds', `there is no connection ${unknown}`);
};

/**
 * Opens a case; the same number again is the same case, and `conflict` when it is about something else. Throws `rejected` for an order
 * or a connection that is not there.
 */
export const openCase = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, given }: { workspaceId: string; given: NewCase },
): Promise<CaseFile> => {
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
    history: [{ atMs: now, by: actor.name, actor, what: 'opened', detail: given.title }],
    reminded: [],
    version: 1,
    createdAtMs: now,
    updatedAtMs: now,
  };
  const made = born(caseMachine, file, { actor, atMs: now });
  if (!(await store.cases.insert(made))) return same(await getCase(ports, workspaceId, _id), given);
  await relist(ports, made);
  await askFor(ports, workspaceId, 'case.remind', [workspaceId]);
  return made;
};
