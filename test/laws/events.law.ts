import fc from 'fast-check';
import { expect } from 'vitest';
import { changeOrder } from '#app/change.ts';
import { fileEvents } from '#app/event/file.ts';
import { verifyEvents } from '#app/event/verify.ts';
import type { Ports, Store } from '#app/ports.ts';
import { systemActor } from '#domain/actor.ts';
import { manualClock } from '#domain/clock.ts';
import { born, noted } from '#domain/move.ts';
import { type Order, orderMachine } from '#domain/order.ts';
import { openStore } from '#store/store.ts';
import { sampleOrder } from '../../src/console/testing/samples.ts';
import { portsOn } from '../support/ports.ts';
import { freshDatabase } from '../support/servers.ts';
import { defineServerLaw } from './law.ts';

const DOCUMENTS = 4;
const actor = systemActor('law');

interface Desk {
  store: Store;
  ports: Ports;
  clock: ReturnType<typeof manualClock>;
  spaces: number;
  reached: Set<string>;
}

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('tell' as const), document: fc.nat(DOCUMENTS - 1) }) },
  /** Reads a document and writes it only at the end of the next steps, unless it has told something meanwhile. */
  { weight: 2, arbitrary: fc.record({ do: fc.constant('tellLate' as const), document: fc.nat(DOCUMENTS - 1) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('file' as const) }) },
  /** A filer that dies at one of its writes, before it or after it. */
  { weight: 2, arbitrary: fc.record({ do: fc.constant('die' as const), at: fc.nat(3), after: fc.boolean() }) },
  /** A filer that is frozen before it files, and goes on at the end. */
  { weight: 2, arbitrary: fc.record({ do: fc.constant('freeze' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('thaw' as const) }) },
);

class Died extends Error {}

/** A store whose news door and chains stop a filer at its n-th write. */
const mortal = (store: Store, at: number, after: boolean): Store => {
  let writes = 0;
  const guard =
    <A extends readonly unknown[], R>(write: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      const mine = writes;
      writes += 1;
      if (mine === at && !after) throw new Died();
      const done = await write(...given);
      if (mine === at) throw new Died();
      return done;
    };
  return {
    ...store,
    news: { ...store.news, markFiled: guard(store.news.markFiled), append: guard(store.news.append) },
    eventChains: { ...store.eventChains, change: guard(store.eventChains.change) },
  };
};

export const eventLaws = [
  defineServerLaw<Desk>({
    name: 'events-once-in-a-chain',
    title: 'whoever files, dies or is frozen: each thing that a document told is one event, in order, in a whole chain',
    needs: 'servers',
    async open() {
      const store = await openStore(freshDatabase());
      const clock = manualClock(Date.UTC(2026, 0, 5));
      return { store, clock, ports: portsOn(store, clock), spaces: 0, reached: new Set<string>() };
    },
    close: ({ store }) => store.close(),
    unreached: ({ reached }, seeds) =>
      ['tell', 'tellLate', 'late write was taken', 'file', 'died', 'freeze', 'overtaken'].filter(
        (what) => seeds >= 10 && !reached.has(what),
      ),
    property: (desk) =>
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
        const { store, ports, clock, reached } = desk;
        desk.spaces += 1;
        const workspaceId = `we_${desk.spaces}`;
        const idOf = (n: number) => `${workspaceId}_or_${n}`;
        for (let n = 0; n < DOCUMENTS; n += 1) {
          const order = {
            ...sampleOrder(String(n)),
            _id: idOf(n),
            workspaceId,
            newsSeq: 0,
            state: 'received' as const,
          };
          await store.orders.insert(born(orderMachine, order, { actor, atMs: clock.now() }));
        }
        const told = (current: Order) =>
          noted(current, 'order.held', {}, { actor, atMs: clock.now(), personal: { note: `by ${current.version}` } });
        const late: (() => Promise<void>)[] = [];
        const frozen: { thaw(): void; done: Promise<unknown> }[] = [];
        const finishLate = async () => {
          for (const write of late.splice(0)) await write();
        };
        const thawAll = async () => {
          for (const { thaw, done } of frozen.splice(0)) {
            thaw();
            await done;
          }
        };
        for (const one of steps) {
          clock.advance(1_000);
          reached.add(one.do);
          if (one.do === 'tell') await changeOrder(ports, workspaceId, idOf(one.document), told);
          if (one.do === 'tellLate') {
            const read = await store.orders.find(workspaceId, idOf(one.document));
            if (read)
              late.push(async () => {
                const changes = { ...told(read), version: read.version + 1 };
                if ((await store.orders.change(read._id, { version: read.version }, changes)) === 'changed')
                  reached.add('late write was taken');
              });
          }
          if (one.do === 'file') {
            await fileEvents(ports, actor, { workspaceId });
            await finishLate();
          }
          if (one.do === 'die')
            await fileEvents({ ...ports, store: mortal(store, one.at, one.after) }, actor, { workspaceId }).catch(
              (error: unknown) => {
                if (!(error instanceof Died)) throw error;
                reached.add('died');
              },
            );
          if (one.do === 'freeze') {
            const gate = Promise.withResolvers<void>();
            const slow: Store = {
              ...store,
              news: {
                ...store.news,
                async append(events) {
                  await gate.promise;
                  const written = await store.news.append(events);
                  if (written < events.length) reached.add('overtaken');
                  return written;
                },
              },
            };
            frozen.push({
              thaw: gate.resolve,
              done: fileEvents({ ...ports, store: slow }, actor, { workspaceId }),
            });
          }
          if (one.do === 'thaw') await thawAll();
        }
        await finishLate();
        await thawAll();
        while ((await fileEvents(ports, actor, { workspaceId })).more);

        const events = await store.events.list(workspaceId, {}, { limit: 10_000 });
        expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
        for (let n = 0; n < DOCUMENTS; n += 1) {
          const order = await store.orders.find(workspaceId, idOf(n));
          const ofOrder = events.filter(({ subject }) => subject.id === idOf(n)).map(({ newsSeq }) => newsSeq);
          expect(ofOrder).toEqual(Array.from({ length: order?.newsSeq ?? 0 }, (_, index) => index + 1));
          expect(order?.news).toEqual([]);
        }
        expect((await store.news.unfiled(workspaceId)).unfiled).toEqual([]);
        expect(await verifyEvents(ports, actor, { workspaceId, after: null, limit: 10_000 })).toEqual({
          events: events.length,
          erased: 0,
          next: null,
          problems: [],
        });
      }),
  }),
];
