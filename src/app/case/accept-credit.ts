import type { Actor } from '#domain/actor.ts';
import { Failure } from '#domain/failure.ts';
import type { CaseFile } from '#trade/case-file/case-file.ts';
import type { Ports } from '../ports.ts';
import { type CaseRef, changeWith, requireOpen, requireVersion } from './change-with.ts';
import { hash } from './status.ts';

/**
 * A person has read the review and takes the credit as it stands. Another text of the credit has to be accepted anew; with `ifVersion`
 * also one that came while it was read is refused.
 */
export const acceptCredit = (ports: Ports, actor: Actor, given: CaseRef): Promise<CaseFile> =>
  changeWith(ports, actor, given, (current) => {
    requireOpen(current);
    const text = current.facts.contract?.messages ?? '';
    if (text === '') throw new Failure('conflict', `Case ${current.number} holds no credit to accept.`);
    if (current.creditAccepted === hash(text)) return null;
    requireVersion(current, given.ifVersion);
    return { what: 'credit accepted', detail: hash(text).slice(0, 12), edit: { creditAccepted: hash(text) } };
  });
