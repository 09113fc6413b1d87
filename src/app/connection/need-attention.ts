import { z } from 'zod';
import type { Actor } from '#domain/actor.ts';
import { connectionMachine } from '#domain/connection.ts';
import type { Failure } from '#domain/failure.ts';
import { type FailedStep, toRetry } from '#domain/job.ts';
import { move } from '#domain/move.ts';
import { keepDues } from '../due/keep.ts';
import { openException } from '../exception/open.ts';
import type { Ports } from '../ports.ts';

/** What the gateway says of the connection whose credentials were refused. */
const About = z.object({ connectionId: z.string() });

/**
 * Parks the connection whose credentials were refused and asks the merchant for new ones, once for all the steps that meet it. A
 * connection that was paused or given new credentials meanwhile is left as it is.
 */
export const needAttention = async (
  ports: Ports,
  actor: Actor,
  { step, failure }: { step: FailedStep; failure: Failure },
): Promise<boolean> => {
  const { store, clock } = ports;
  const retry = toRetry(step.job, step.payload);
  const about = About.safeParse(failure.safe).data?.connectionId;
  const connectionId = about ?? (step.subject.kind === 'connection' ? step.subject.id : null);
  if (retry === null || connectionId === null) return false;
  const { workspaceId } = retry.payload;
  const connection = await store.connections.find(workspaceId, connectionId);
  const open = () =>
    openException(ports, actor, {
      workspaceId,
      cause: 'credentials_refused',
      subject: { kind: 'connection', id: connectionId },
      orderId: null,
      detail: failure.message,
      retry: null,
    });
  // Parked by another, which may have died before it told of it.
  if (connection?.state === 'needs_attention') await open();
  if (connection?.state !== 'active') return false;
  const lastError = failure.message;
  const changes = move(connectionMachine, connection, 'needs_attention', { lastError }, { actor, atMs: clock.now() });
  const { state, credentials } = connection;
  if ((await store.connections.change(connectionId, { state, credentials }, changes)) !== 'changed') return false;
  await keepDues(ports, actor, { of: 'connection', connection: { ...connection, ...changes } });
  await open();
  return true;
};
