import type { Actor } from '#domain/actor.ts';
import { Failure } from '#domain/failure.ts';
import type { CaseFile } from '#trade/case-file/case-file.ts';
import { screenedText } from '#trade/case-file/market-gate.ts';
import { screen } from '#trade/screening/screen.ts';
import type { Ports } from '../ports.ts';
import { tradeReference } from '../trade-list/lists.ts';
import { type CaseRef, changeWith, requireOpen, requireVersion } from './change-with.ts';
import { getCase, hash, today } from './status.ts';

/** Screens every party of the case against the lists on file. The decision is kept with the lists it rests on. */
export const screenCase = async (ports: Ports, actor: Actor, given: CaseRef): Promise<CaseFile> => {
  const { workspaceId, caseId, ifVersion } = given;
  const day = today(ports);
  const [file, { index }] = await Promise.all([
    getCase(ports, workspaceId, caseId),
    tradeReference(ports, workspaceId),
  ]);
  const parties = file.facts.market?.parties ?? [];
  if (parties.length === 0)
    throw new Failure('conflict', `Case ${file.number} names no party: give the facts of the step “market” first.`);
  if (!index)
    throw new Failure('conflict', 'No sanctions list is on file: import one with “crossdock trade import”.', {
      safe: { reason: 'no list' },
    });
  const screenings = Object.fromEntries(
    parties.map(({ id: partyId, party }) => {
      const { verdict, screenedOn, threshold, engineVersion, listsUsed, hits } = screen(party, index, day);
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
  return changeWith(ports, actor, given, (current) => {
    requireOpen(current);
    requireVersion(current, ifVersion);
    const named = new Set(current.facts.market?.parties.map((party) => party.id));
    const kept = Object.entries({ ...current.screenings, ...screenings }).filter(([partyId]) => named.has(partyId));
    return { what: 'screened', detail, edit: { screenings: Object.fromEntries(kept) } };
  });
};
