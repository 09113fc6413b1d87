import type { Actor } from '#domain/actor.ts';
import { badValue, Failure } from '#domain/failure.ts';
import { idOf } from '#domain/ids.ts';
import type { ChargeRecord } from '#domain/records.ts';
import type { Ports } from '../ports.ts';

export type NewCharge = Pick<
  ChargeRecord,
  'reference' | 'code' | 'title' | 'quantity' | 'totalMinor' | 'currency' | 'atMs'
>;

/** Somebody else's day may have begun already. */
const DAY_MS = 86_400_000;

const sameCharge = (a: ChargeRecord, b: ChargeRecord): boolean =>
  a.totalMinor === b.totalMinor && a.currency === b.currency && a.quantity === b.quantity && a.code === b.code;

/**
 * Books charges, each once by its reference. Answers in turn the id of each, or why it was not booked: its day is in the future, or its
 * reference was booked before, or earlier in the same call, with other figures.
 */
export const bookCharges = async (
  { store, clock }: Ports,
  _actor: Actor,
  { workspaceId, charges }: { workspaceId: string; charges: readonly NewCharge[] },
): Promise<(string | Failure)[]> => {
  const createdAtMs = clock.now();
  const records = charges.map(
    (charge): ChargeRecord => ({
      _id: idOf('ch', workspaceId, charge.reference),
      workspaceId,
      ...charge,
      createdAtMs,
    }),
  );
  // Of two with one reference the first is booked; the second is then known, or in conflict with it.
  const isFuture = ({ atMs }: ChargeRecord) => atMs > createdAtMs + DAY_MS;
  const booked = records.filter((record) => !isFuture(record));
  const unique = [...new Map(booked.toReversed().map((record) => [record._id, record] as const)).values()];
  await store.charges.insertMany(unique);
  const ids = unique.map((record) => record._id);
  const stored = new Map((await store.charges.findMany(workspaceId, ids)).map((record) => [record._id, record]));
  return records.map((record) => {
    if (isFuture(record)) return badValue('at', 'is in the future; book a charge when it has been made');
    const kept = stored.get(record._id);
    return kept && sameCharge(kept, record)
      ? record._id
      : new Failure('conflict', `Charge ${record.reference} was booked before, with other figures.`);
  });
};
