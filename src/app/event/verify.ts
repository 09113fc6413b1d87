import type { Actor } from '#domain/actor.ts';
import {
  type ChainEnd,
  type ChainProblem,
  chainProblems,
  type Event,
  eventId,
  NO_EVENT,
  signedText,
} from '#domain/event.ts';
import { Failure } from '#domain/failure.ts';
import type { Ports } from '../ports.ts';
import { fileEvents, readChain } from './file.ts';

const PAGE = 500;
const MOST_PROBLEMS = 100;

export interface Verified {
  /** How many events were held against the chain, and how many of them had personal values that were erased. */
  events: number;
  erased: number;
  /** The number of the last one; go on after it. Null at the end of the chain. */
  next: number | null;
  /** The first hundred. */
  problems: ChainProblem[];
}

/**
 * Holds up to `limit` events of a workspace against their chain: each against its own hash and the one before, the signed end and the
 * signed checkpoint of retention against the installation's key. A changed, dropped, inserted or reordered event is a problem, and so is
 * a chain that was written anew or cut off at its end. `after` is `next` of the call before; without it the chain is begun at its start.
 */
export const verifyEvents = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, after, limit }: { workspaceId: string; after: number | null; limit: number },
): Promise<Verified> => {
  const { store, signer } = ports;
  // So that what was filed last is signed too.
  await fileEvents(ports, actor, { workspaceId });
  const { end: signed, checkpoint } = await readChain(ports, workspaceId);
  const problems: ChainProblem[] = [];
  const isOurs = (what: 'end' | 'checkpoint', given: ChainEnd & { signature: string }) =>
    signer.isSigned(signedText(what, workspaceId, given), given.signature);
  if (!isOurs('end', signed)) problems.push({ seq: signed.seq, what: 'the end of the chain is not signed by our key' });
  if (checkpoint && !isOurs('checkpoint', checkpoint))
    problems.push({ seq: checkpoint.seq, what: 'the checkpoint of retention is not signed by our key' });

  let end: ChainEnd = checkpoint ?? NO_EVENT;
  if (after !== null && after > end.seq) {
    const before = await store.events.find(workspaceId, eventId(workspaceId, after));
    if (!before) throw new Failure('not_found', `there is no event ${after}`, { safe: { after } });
    end = before;
  }
  let events = 0;
  let erased = 0;
  for (let page: Event[] = [], first = true; first || page.length > 0; first = false) {
    page = await store.events.list(
      workspaceId,
      {},
      {
        after: eventId(workspaceId, end.seq),
        limit: Math.min(PAGE, limit - events),
      },
    );
    problems.push(...chainProblems(end, page, signer.isSigned));
    const atSigned = page.find(({ seq }) => seq === signed.seq);
    if (atSigned && atSigned.hash !== signed.hash)
      problems.push({ seq: signed.seq, what: `event ${signed.seq} is another than the one that was signed` });
    events += page.length;
    erased += page.filter(({ personal, personalHash }) => personal === null && personalHash !== null).length;
    end = page.at(-1) ?? end;
    if (events >= limit || problems.length >= MOST_PROBLEMS) return told(events, erased, end.seq, problems);
  }
  // Retention went on meanwhile: the chain starts later than it did.
  const now = await readChain(ports, workspaceId);
  if (problems.length > 0 && (now.checkpoint?.seq ?? 0) > (checkpoint?.seq ?? 0))
    return verifyEvents(ports, actor, { workspaceId, after, limit });
  if (end.seq < signed.seq)
    problems.push({ seq: end.seq, what: `events ${end.seq + 1} to ${signed.seq} were filed and are gone` });
  return told(events, erased, null, problems);
};

const told = (events: number, erased: number, next: number | null, problems: readonly ChainProblem[]): Verified => ({
  events,
  erased,
  next,
  problems: problems.slice(0, MOST_PROBLEMS),
});
