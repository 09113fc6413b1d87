import { hash as hashOf, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { Actor } from './actor.ts';

/** What an event can be about: every record that has a state. */
export const EVENT_SUBJECTS = [
  'order',
  'leg',
  'shipment',
  'return',
  'approval',
  'exception',
  'connection',
  'case',
  'restore',
  'erasure',
] as const;
export type EventSubject = (typeof EVENT_SUBJECTS)[number];

const Facts = z.record(z.string(), z.unknown());

/**
 * What happened to a document, written into the document itself by the write that made it happen. The filer copies it to the
 * events of the workspace. `type` is `noun.state` for a step and `noun.verb` for anything else.
 */
export const News = z.object({
  /** Which event of its document, from 1 without a gap. */
  seq: z.int(),
  type: z.string(),
  from: z.string().nullable(),
  to: z.string(),
  actor: Actor,
  /** Business time. */
  atMs: z.number(),
  /** Facts without personal data. */
  data: Facts,
  /** What a person typed in, and so may name somebody. */
  personal: Facts.optional(),
});
export type News = z.infer<typeof News>;

/** News of one document that is not filed yet. */
export interface Unfiled {
  subject: { kind: EventSubject; id: string };
  orderId: string | null;
  /** In their order. */
  news: readonly News[];
}

/**
 * An event of a workspace, filed for good. `hash` covers the event and the hash of the one before: nobody can change, drop or insert one
 * without changing all that follow.
 */
export const Event = z.object({
  _id: z.string(),
  workspaceId: z.string(),
  /** From 1 without a gap. */
  seq: z.int(),
  type: z.string(),
  subject: z.object({ kind: z.enum(EVENT_SUBJECTS), id: z.string() }),
  /** Which event of its subject. */
  newsSeq: z.int(),
  /** The order that it belongs to. */
  orderId: z.string().nullable(),
  from: z.string().nullable(),
  to: z.string(),
  actor: Actor,
  atMs: z.number(),
  data: Facts,
  /** Beside the chain, which holds its hash: it can be erased and the chain stays whole. `salt` keeps short values from being guessed. */
  personal: z.object({ salt: z.string(), values: Facts }).nullable(),
  /** Null: there was nothing personal. */
  personalHash: z.string().nullable(),
  prevHash: z.string(),
  hash: z.string(),
  /** Of the hash, by the installation's key: nobody who has the database alone can make an event. */
  signature: z.string(),
});
export type Event = z.infer<typeof Event>;

/** The last event of a chain, as far as the next one needs it. */
export interface ChainEnd {
  seq: number;
  hash: string;
}
export const NO_EVENT: ChainEnd = { seq: 0, hash: '' };

const Signed = z.object({ seq: z.int(), hash: z.string(), signature: z.string() });
/**
 * How far the events of a workspace are filed and signed: a proof against a chain that was written anew or cut off at its end. It may be
 * behind the events, never before them.
 */
export const EventChain = z.object({
  _id: z.string(),
  workspaceId: z.string(),
  end: Signed,
  /** Events up to here are gone by retention: what is left starts after it. */
  checkpoint: Signed.extend({ atMs: z.number() }).nullable(),
  /** Grows with every change: the guard of the compare-and-set. */
  rev: z.int(),
});
export type EventChain = z.infer<typeof EventChain>;

/** Ids follow the numbers, so that the order of ids is the order of events. */
export const eventId = (workspaceId: string, seq: number): string => `${workspaceId}/${String(seq).padStart(12, '0')}`;

/** The text that is signed for an event, for the end of a chain or for a checkpoint. */
export const signedText = (
  what: 'event' | 'end' | 'checkpoint',
  workspaceId: string,
  { seq, hash }: ChainEnd,
): string => JSON.stringify(['events', what, workspaceId, seq, hash]);

/** JSON with the keys of every object in order, so that what a database gives back has the same text. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
const sha256 = (text: string): string => hashOf('sha256', text);

export const personalHash = (personal: NonNullable<Event['personal']>): string => sha256(canonical(personal));

/** The hash of an event: of everything in it but its id, what is personal, the hash itself and its signature. */
export const eventHash = (event: Omit<Event, 'hash' | 'signature'> & { hash?: string; signature?: string }): string => {
  const { _id: _, personal: __, hash: ___, signature: ____, ...covered } = event;
  return sha256(canonical(covered));
};

/** News as the events that follow the end of a chain, the oldest first; those of one document keep their order. */
export const chained = (
  workspaceId: string,
  end: ChainEnd,
  unfiled: readonly Unfiled[],
  sign: (text: string) => string,
): Event[] => {
  // Who had to try a write again has an earlier time than who came before him: no piece of news goes before the one that it follows.
  const inTurn = unfiled
    .flatMap(({ subject, orderId, news }) => {
      let latest = Number.NEGATIVE_INFINITY;
      return news.map((one) => {
        latest = Math.max(latest, one.atMs);
        return { subject, orderId, one, latest };
      });
    })
    .toSorted((a, b) => a.latest - b.latest || (a.subject.id === b.subject.id ? a.one.seq - b.one.seq : 0));
  let { seq, hash: prevHash } = end;
  return inTurn.map(({ subject, orderId, one: { seq: newsSeq, personal, type, from, to, actor, atMs, data } }) => {
    seq += 1;
    const kept = personal ? { salt: randomBytes(16).toString('hex'), values: stored(personal) } : null;
    const event = {
      _id: eventId(workspaceId, seq),
      workspaceId,
      seq,
      type,
      subject,
      newsSeq,
      orderId,
      from,
      to,
      actor,
      atMs,
      data: stored(data),
      personal: kept,
      personalHash: kept && personalHash(kept),
      prevHash,
    };
    const hash = eventHash(event);
    prevHash = hash;
    return { ...event, hash, signature: sign(signedText('event', workspaceId, { seq, hash })) };
  });
};

/** Facts as the database gives them back: without what JSON has no word for. */
const stored = (facts: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Facts.parse(JSON.parse(JSON.stringify(facts)));

export interface ChainProblem {
  seq: number;
  what: string;
}

/** What is wrong with events that should follow `end` without a gap; each is held against its own hash, its signature and the one before. */
export const chainProblems = (
  end: ChainEnd,
  events: readonly Event[],
  isSigned: (text: string, signature: string) => boolean,
): ChainProblem[] => {
  const problems: ChainProblem[] = [];
  let before = end;
  for (const event of events) {
    const { seq, hash, prevHash, personal } = event;
    const say = (what: string) => problems.push({ seq, what });
    if (seq !== before.seq + 1) say(`event ${before.seq} should be followed by ${before.seq + 1}, not by ${seq}`);
    else if (prevHash !== before.hash) say(`event ${seq} does not name the hash of event ${before.seq}`);
    if (!isSigned(signedText('event', event.workspaceId, event), event.signature))
      say(`event ${seq} is not signed by our key`);
    if (eventHash(event) !== hash) say(`event ${seq} was changed: its hash is another`);
    if (personal !== null && personalHash(personal) !== event.personalHash)
      say(`what a person said in event ${seq} was changed: its hash is another`);
    before = { seq, hash };
  }
  return problems;
};
