import { chainProblems, NO_EVENT, signedText } from '#domain/event.ts';
import type { Ports } from '../ports.ts';
import { readChain } from './file.ts';

const PAGE = 500;

/**
 * Removes the oldest events of a workspace up to the first that is not older than `beforeMs`, a page at a time. A signed checkpoint
 * says first where the chain then starts: cut off in between, the rest of the page goes with the next call. Nothing is removed that is
 * not behind the signed end.
 */
export const removeEvents = async (
  ports: Ports,
  workspaceId: string,
  beforeMs: number,
): Promise<{ removed: number; more: boolean }> => {
  const { store, signer } = ports;
  const page = await store.events.list(workspaceId, {}, { limit: PAGE });
  if (page.length === 0) return { removed: 0, more: false };
  const chain = await readChain(ports, workspaceId);
  const { seq: gone } = chain.checkpoint ?? NO_EVENT;
  const firstKept = page.findIndex(({ seq, atMs }) => seq > gone && (atMs >= beforeMs || seq > chain.end.seq));
  const old = firstKept === -1 ? page : page.slice(0, firstKept);
  // Nothing is signed away that is not whole: what is wrong stays for `audit verify` to tell.
  const wrong = chainProblems(
    chain.checkpoint ?? NO_EVENT,
    old.filter(({ seq }) => seq > gone),
    signer.isSigned,
  );
  if (wrong.length > 0) {
    ports.log.error(
      { workspaceId, problems: wrong.slice(0, 3) },
      'old events are not removed: their chain is not whole',
    );
    return { removed: 0, more: false };
  }
  const last = old.at(-1);
  if (!last) return { removed: 0, more: false };
  if (last.seq > gone) {
    const { seq, hash, atMs } = last;
    const signature = signer.sign(signedText('checkpoint', workspaceId, { seq, hash }));
    const checkpoint = { seq, hash, atMs, signature };
    const written = await store.eventChains.change(chain._id, { rev: chain.rev }, { checkpoint, rev: chain.rev + 1 });
    // Refused: a filer was there. The next call looks again.
    if (written !== 'changed') return { removed: 0, more: true };
  }
  await store.events.deleteMany(old.map(({ _id }) => _id));
  return { removed: old.length, more: old.length === PAGE };
};
