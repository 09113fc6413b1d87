import { type App, makeApp } from '#app/app.ts';
import type { Ports, Store } from '#app/ports.ts';
import { systemActor } from '#domain/actor.ts';
import { FAILURES, toFailure } from '#domain/failure.ts';
import type { Retry } from '#domain/job.ts';
import { jobCatalogue, sweepDue } from '#jobs';
import type { JobDefinition } from '#queue';

/** What a process asks before it changes anything outside itself: it may be made to wait there, or die. */
export type Before = (what: string) => Promise<void>;

/** What reads and changes nothing. Whatever else a collection can do counts as a write, so that a new one is met by itself. */
const READS = ['find', 'findMany', 'list', 'listAny', 'recent', 'before', 'count', 'nextFlagged', 'due'];

const askedFirst = <T extends object>(of: T, name: string, before: Before): T =>
  new Proxy(of, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property);
      if (typeof value !== 'function') return value;
      if (READS.includes(String(property))) return value.bind(target);
      return async (...given: unknown[]) => {
        await before(`${name}.${String(property)}`);
        return value.apply(target, given);
      };
    },
  });

const storeAskedFirst = (store: Store, before: Before): Store =>
  new Proxy(store, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property);
      return typeof value === 'object' && value !== null ? askedFirst(value, String(property), before) : value;
    },
  });

/** The ports of a process that asks `before` each write, and before and after each call of a vendor. */
export const portsThatAsk = (ports: Ports, before: Before): Ports => ({
  ...ports,
  store: storeAskedFirst(ports.store, before),
  gateway: {
    ...ports.gateway,
    async call(connection, verb, input) {
      await before(`call ${verb}`);
      const answer = await ports.gateway.call(connection, verb, input);
      await before(`answer of ${verb}`);
      return answer;
    },
  },
});

/** One process that takes the product's steps, one after another. Nothing runs beside them. */
export interface Steps {
  app: App;
  start(step: Retry): Promise<void>;
  /** Takes what was started, and what follows from it, until nothing is left. */
  finish(): Promise<void>;
  /** Finds in the database what is due by now, and starts it. */
  sweep(): Promise<number>;
  /** The jobs that were done to their end. */
  done(): readonly string[];
}

const MOST_STEPS = 2_000;
const MOST_TRIES = 20;

/** `putOff` moves the clock for a step that has to be tried again later. */
export const stepsOf = (ports: Ports, putOff: (ms: number) => void): Steps => {
  const app = makeApp(ports);
  const waiting = new Map<string, { job: JobDefinition; payload: unknown; tries: number }>();
  const done: string[] = [];
  const add = (job: JobDefinition, payload: unknown, tries = 0) => {
    waiting.set([job.name, ...job.key(payload)].join(' '), { job, payload, tries });
  };
  const enqueue = async <P>({ name }: JobDefinition<P>, payload: P) => start(name, payload);
  const start = (name: string, payload: unknown) => {
    const job = jobCatalogue.get(name);
    if (!job) throw new Error(`there is no job ${name}`);
    add(job, payload);
  };
  const take = async (job: JobDefinition, payload: unknown, tries: number): Promise<void> => {
    try {
      const context = { app, enqueue, start: async (step: Retry) => start(step.job, step.payload) };
      await job.handle({ ...context, actor: systemActor(job.name) }, payload);
      const step = { job: job.name, payload, subject: job.subject(payload) };
      await app.stepDone(systemActor(job.name), { step });
      done.push(job.name);
    } catch (error) {
      if (error instanceof Killed) throw error;
      const failure = toFailure(error);
      const { retry } = FAILURES[failure.code];
      if (retry === 'never' || tries >= MOST_TRIES) {
        const step = { job: job.name, payload, subject: job.subject(payload), reports: job.reports ?? [] };
        await app.giveUp(systemActor(job.name), { step, failure });
        return;
      }
      putOff(failure.retryAfterMs ?? 1_000);
      add(job, payload, tries + 1);
    }
  };
  return {
    app,
    start: async ({ job, payload }) => start(job, payload),
    async finish() {
      for (let taken = 0; waiting.size > 0; taken += 1) {
        if (taken > MOST_STEPS) throw new Error(`the steps never end: ${[...waiting.keys()].join(', ')}`);
        const [first] = waiting;
        if (!first) return;
        waiting.delete(first[0]);
        await take(first[1].job, first[1].payload, first[1].tries);
      }
    },
    sweep: () => sweepDue(app, enqueue),
    done: () => done,
  };
};

/** The process is gone: it does not see this, and writes nothing any more. */
export class Killed extends Error {}

/** A way to end or stop a process at its `at`-th write or call, the first being 0. */
export interface Interruption {
  before: Before;
  /** How many writes and calls were met. */
  met(): number;
  /** What it was about to do when it was interrupted; null when it never was. */
  at(): string | null;
}

export const killAt = (at: number): Interruption => {
  let met = 0;
  let found: string | null = null;
  return {
    async before(what) {
      if (found === null && met === at) found = what;
      if (found !== null) throw new Killed(found);
      met += 1;
    },
    met: () => met,
    at: () => found,
  };
};

/** … and lets it go on where it was when `thaw` is called. */
export const freezeAt = (at: number): Interruption & { frozen: Promise<void>; thaw(): void } => {
  const frozen = Promise.withResolvers<void>();
  const thawed = Promise.withResolvers<void>();
  let met = 0;
  let found: string | null = null;
  return {
    async before(what) {
      if (found === null && met === at) {
        found = what;
        frozen.resolve();
      }
      met += 1;
      if (found !== null) await thawed.promise;
    },
    met: () => met,
    at: () => found,
    frozen: frozen.promise,
    thaw: thawed.resolve,
  };
};
