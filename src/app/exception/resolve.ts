import type { Actor } from '#domain/actor.ts';
import { type ExceptionRecord, exceptionMachine } from '#domain/exception.ts';
import { move } from '#domain/move.ts';
import { asRead } from '../change.ts';
import { getException } from '../get.ts';
import type { Ports } from '../ports.ts';

export interface ExceptionRef {
  workspaceId: string;
  exceptionId: string;
}

/** Closes an exception with a person's note; one that is closed stays as it is. */
export const resolveException = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, exceptionId, note }: ExceptionRef & { note: string },
): Promise<ExceptionRecord> => {
  const atMs = ports.clock.now();
  for (let round = 0; round < 10; round += 1) {
    const exception = await getException(ports, workspaceId, exceptionId);
    if (exception.state === 'resolved') return exception;
    const changes = move(
      exceptionMachine,
      exception,
      'resolved',
      { note, closedAtMs: atMs },
      { actor, atMs, personal: { note } },
    );
    if ((await ports.store.exceptions.change(exceptionId, asRead(exception), changes)) === 'changed') break;
  }
  return getException(ports, workspaceId, exceptionId);
};
