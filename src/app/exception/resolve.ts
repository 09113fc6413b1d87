import type { Actor } from '#domain/actor.ts';
import { type ExceptionRecord, exceptionMachine } from '#domain/exception.ts';
import { move } from '#domain/move.ts';
import { levelId } from '#domain/stock.ts';
import { asRead } from '../change.ts';
import { getException } from '../get.ts';
import type { Ports } from '../ports.ts';
import { requestReevaluation } from '../stock/apply.ts';

export interface ExceptionRef {
  workspaceId: string;
  exceptionId: string;
}

/** What a supplier had refused for our own shelf may be ordered anew: the refill rule looks at it again. */
const orderAnew = async (ports: Ports, { workspaceId, cause, subject }: ExceptionRecord): Promise<void> => {
  if (cause !== 'purchase_rejected') return;
  const leg = await ports.store.legs.find(workspaceId, subject.id);
  // One that is tried again is on its way itself.
  if (leg?.orderId !== null || leg.state !== 'rejected') return;
  const levelIds = leg.lines.map(({ sku }) => levelId(workspaceId, leg.location, sku));
  await requestReevaluation(ports, [...new Set(levelIds)], { toRefill: true });
};

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
    if ((await ports.store.exceptions.change(exceptionId, asRead(exception), changes)) !== 'changed') continue;
    await orderAnew(ports, exception);
    break;
  }
  return getException(ports, workspaceId, exceptionId);
};
