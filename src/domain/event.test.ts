import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemActor } from './actor.ts';
import {
  type ChainEnd,
  chained,
  chainProblems,
  type Event,
  eventHash,
  type News,
  NO_EVENT,
  type Unfiled,
} from './event.ts';

const actor = systemActor('test');
const sign = (text: string): string => `by us: ${text}`;
const isSigned = (text: string, signature: string): boolean => signature === sign(text);
const news = (seq: number, atMs: number, personal?: Record<string, unknown>): News => ({
  seq,
  type: 'order.held',
  from: 'routed',
  to: 'routed',
  actor,
  atMs,
  data: { holds: ['manual'], nothing: undefined },
  ...(personal ? { personal } : {}),
});
const of = (id: string, ...all: News[]): Unfiled => ({ subject: { kind: 'order', id }, orderId: id, news: all });

const unfiled = fc
  .array(fc.array(fc.record({ atMs: fc.nat(50), note: fc.option(fc.string()) }), { maxLength: 5 }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((documents) =>
    documents.map((told, n) =>
      of(
        `or_${n}`,
        ...told.map(({ atMs, note }, index) => news(index + 1, atMs, note === null ? undefined : { note })),
      ),
    ),
  );
/** As a database gives them back: with the keys in another order. */
const again = (events: readonly Event[]): Event[] =>
  events.map((event) => JSON.parse(JSON.stringify(Object.fromEntries(Object.entries(event).toReversed()))));

const CHANGES: readonly ((event: Event) => Event)[] = [
  (event) => ({ ...event, type: `${event.type}d` }),
  (event) => ({ ...event, seq: event.seq + 1 }),
  (event) => ({ ...event, to: 'closed' }),
  (event) => ({ ...event, from: null }),
  (event) => ({ ...event, atMs: event.atMs + 1 }),
  (event) => ({ ...event, orderId: 'or_other' }),
  (event) => ({ ...event, newsSeq: 99 }),
  (event) => ({ ...event, workspaceId: 'other' }),
  (event) => ({ ...event, subject: { ...event.subject, id: 'or_other' } }),
  (event) => ({ ...event, actor: { ...event.actor, name: 'another' } }),
  (event) => ({ ...event, data: { ...event.data, more: 1 } }),
  (event) => ({ ...event, personalHash: 'ff' }),
  (event) => ({ ...event, personal: { salt: '', values: { note: 'made up' } } }),
  (event) => ({ ...event, prevHash: 'ff' }),
  (event) => ({ ...event, hash: 'ff' }),
];

const problemsOf = (end: ChainEnd, events: readonly Event[]) => chainProblems(end, events, isSigned);

describe('a chain of events', () => {
  it('holds each piece of news once, those of one document in their order whatever their times say', () => {
    fc.assert(
      fc.property(unfiled, fc.nat(1_000), (given, seq) => {
        const events = chained('ws', { seq, hash: 'before' }, given, sign);
        expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => seq + 1 + index));
        for (const { subject, news: told } of given)
          expect(events.filter((event) => event.subject.id === subject.id).map(({ newsSeq }) => newsSeq)).toEqual(
            told.map((one) => one.seq),
          );
        expect(problemsOf({ seq, hash: 'before' }, again(events))).toEqual([]);
      }),
    );
  });

  it('shows every event that was changed, dropped, inserted or moved', () => {
    fc.assert(
      fc.property(unfiled, fc.nat(), fc.nat(), (given, at, how) => {
        const events = chained('ws', NO_EVENT, given, sign);
        fc.pre(events.length > 2);
        const n = at % events.length;
        const event = events[n];
        if (!event) return;
        const change = CHANGES[how % CHANGES.length];
        if (change) expect(problemsOf(NO_EVENT, again(events.with(n, change(event))))).not.toEqual([]);
        // The last one dropped is seen by the signed end alone.
        if (n < events.length - 1) expect(problemsOf(NO_EVENT, events.toSpliced(n, 1))).not.toEqual([]);
        expect(problemsOf(NO_EVENT, events.toSpliced(n, 0, event))).not.toEqual([]);
        const [first, last] = [events[0], events.at(-1)];
        if (first && last) expect(problemsOf(NO_EVENT, [last, ...events.slice(1, -1), first])).not.toEqual([]);
        // Whoever makes the hash of a changed event right cannot sign it.
        const forged = { ...event, to: 'closed' };
        const right = { ...forged, hash: eventHash(forged) };
        expect(problemsOf(NO_EVENT, events.with(n, right))).not.toEqual([]);
      }),
    );
  });

  it('stays whole when what a person said is erased, and shows when it was changed', () => {
    const [event] = chained('ws', NO_EVENT, [of('or_1', news(1, 1, { note: 'call Ada' }))], sign);
    if (!event) throw new Error('no event');
    expect(event.personal?.values).toEqual({ note: 'call Ada' });
    expect(JSON.stringify({ ...event, personal: null })).not.toContain('Ada');
    expect(problemsOf(NO_EVENT, [{ ...event, personal: null }])).toEqual([]);
    const changed = { ...event, personal: { salt: event.personal?.salt ?? '', values: { note: 'call Bob' } } };
    expect(problemsOf(NO_EVENT, [changed])).toEqual([
      { seq: 1, what: 'what a person said in event 1 was changed: its hash is another' },
    ]);
  });
});
