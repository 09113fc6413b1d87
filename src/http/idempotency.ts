import { createHash } from 'node:crypto';
import { idOf } from '#domain/ids.ts';
import { refusal } from './problem.ts';
import type { Asked } from './route.ts';

export interface PlainAnswer {
  status: number;
  body: unknown;
  replayed?: true;
}

/** Marks a request that is being answered. */
const UNDER_WAY = 0;
/** How long a first request may take, in real time, before it counts as dead. */
const GRACE_MS = 30_000;
const KEY = /^[\x21-\x7e]{1,200}$/;

/**
 * Answers a request with an idempotency key once: the same request again is given the first answer, another request with the
 * key is refused (422), one that comes while the first is being answered too (409). A refusal is not kept: it did nothing, and
 * the state that it met may change. A request that died while it was being answered may be sent again after the grace: what our
 * routes do, they do once anyway.
 */
export const answerOnce = async (
  { app, workspaceId, actor }: Asked,
  key: string,
  request: { method: string; path: string; body: Buffer },
  answer: () => Promise<PlainAnswer>,
): Promise<PlainAnswer> => {
  if (!KEY.test(key)) throw refusal('malformed', 'An Idempotency-Key has 1 to 200 printable signs without spaces.');
  const { store } = app.ports;
  const _id = idOf('an', workspaceId, actor.id, key);
  const fingerprint = createHash('sha256')
    .update(`${request.method} ${request.path}\n`)
    .update(request.body)
    .digest('hex');
  const now = app.ports.realTime.now();
  const claim = { _id, workspaceId, fingerprint, status: UNDER_WAY, body: null, createdAtMs: now };
  if (!(await store.answers.insert(claim))) {
    const known = await store.answers.find(workspaceId, _id);
    if (known && known.fingerprint !== fingerprint)
      throw refusal('key_reused', 'This Idempotency-Key was sent with another request before.');
    if (known && known.status !== UNDER_WAY) return { status: known.status, body: known.body, replayed: true };
    const guard = { status: UNDER_WAY, createdAtMs: known?.createdAtMs ?? now };
    const isDead = known !== null && now - known.createdAtMs > GRACE_MS;
    if (!isDead || (await store.answers.change(_id, guard, { createdAtMs: now })) !== 'changed')
      throw refusal('in_progress', 'The first request with this Idempotency-Key is still being answered.', {
        headers: { 'retry-after': '1' },
      });
  }
  const given = await answer().catch(async (error: unknown) => {
    await store.answers.delete(_id);
    throw error;
  });
  await store.answers.change(_id, { status: UNDER_WAY }, { status: given.status, body: given.body });
  return given;
};
