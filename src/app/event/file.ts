import type { Actor } from '#domain/actor.ts';
import { type ChainEnd, chained, type Event, type EventChain, eventId, NO_EVENT, signedText } from '#domain/event.ts';
import type { Ports } from '../ports.ts';

/** Events of a tail that are read at once, and batches of news in one call. */
const PAGE = 500;
const BATCHES = 50;

const freshChain = ({ signer }: Ports, workspaceId: string): EventChain => ({
  _id: workspaceId,
  workspaceId,
  end: { ...NO_EVENT, signature: signer.sign(signedText('end', workspaceId, NO_EVENT)) },
  checkpoint: null,
  rev: 1,
});

/** The workspace's chain as it is written down; a first one is made where there is none. */
export const readChain = async (ports: Ports, workspaceId: string): Promise<EventChain> => {
  const { eventChains } = ports.store;
  const known = await eventChains.find(workspaceId, workspaceId);
  if (known) return known;
  const fresh = freshChain(ports, workspaceId);
  await eventChains.insert(fresh);
  return (await eventChains.find(workspaceId, workspaceId)) ?? fresh;
};

/** Refused: another filer is further, or as far. */
const sign = async ({ store, signer }: Ports, chain: EventChain, { seq, hash }: ChainEnd): Promise<void> => {
  const { workspaceId, rev } = chain;
  const signature = signer.sign(signedText('end', workspaceId, { seq, hash }));
  await store.eventChains.change(chain._id, { rev }, { end: { seq, hash, signature }, rev: rev + 1 });
};

/**
 * Copies the news that a workspace's documents hold to its events, each once and in a chain; `more` when it stopped before. What is told
 * meanwhile may be left to the next call: a filer that read on until nothing is left would not end while orders come in.
 * The number of an event is its id, and an id is taken once: so of two filers, or of one that was frozen and goes on, one gets on and the
 * other starts again behind it. What a filer that died had filed and not marked is found behind the signed end of the chain, and marked.
 */
export const fileEvents = async (
  ports: Ports,
  _actor: Actor,
  { workspaceId }: { workspaceId: string },
): Promise<{ filed: number; more: boolean }> => {
  const { store } = ports;
  let filed = 0;
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const chain = await readChain(ports, workspaceId);
    let end: ChainEnd = chain.end;
    // What was filed behind the signed end comes before the documents are read: they then hold nothing that is filed already.
    for (let tail: Event[] = [], first = true; first || tail.length === PAGE; first = false) {
      tail = await store.events.list(workspaceId, {}, { after: eventId(workspaceId, end.seq), limit: PAGE });
      await store.news.markFiled(tail);
      end = tail.at(-1) ?? end;
    }
    const { unfiled, more } = await store.news.unfiled(workspaceId);
    const events = chained(workspaceId, end, unfiled, ports.signer.sign);
    const appended = events.slice(0, await store.news.append(events));
    // A document that is marked and has nothing left to file is marked anew.
    const nothingLeft = unfiled.filter(({ news }) => news.length === 0).map(({ subject }) => ({ subject, newsSeq: 0 }));
    await store.news.markFiled([...appended, ...nothingLeft]);
    end = appended.at(-1) ?? end;
    if (end.seq > chain.end.seq) await sign(ports, chain, end);
    filed += appended.length;
    if (!more && appended.length === events.length) return { filed, more: false };
  }
  return { filed, more: true };
};
