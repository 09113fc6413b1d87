import { z } from 'zod';
import { Failure } from '../../../src/domain/failure.ts';
import { Exact } from '../../../src/trade/decimal.ts';
import { plainDate } from '../../../src/trade/plain-date.ts';
import { blockedByOwnership } from '../../../src/trade/screening/ownership.ts';
import type { Answer } from './vector.ts';

/** The questions have no date; this is the day they were written. */
const ASKED = { on: plainDate('2026-11-25'), today: plainDate('2026-11-25') };

const Percent = z.union([z.number(), z.string()]).transform((percent) => {
  const isPlain = /^-?\d{1,18}(\.\d{1,30})?$/.test(String(percent));
  return isPlain || typeof percent === 'string' ? String(percent) : new Exact(percent).toFixed();
});
const Structure = z.looseObject({
  blocked: z.array(z.string()),
  ownershipPct: z.record(z.string(), z.record(z.string(), Percent)),
});

export const answer: Answer = (_id, input) => {
  const structure = Structure.safeParse(input);
  if (!structure.success) {
    const field = structure.error.issues[0]?.path.join('.') || 'ownershipPct';
    throw new Failure('invalid', `${field}: not a structure of owners and percents`, {
      safe: { field, reason: 'wrong form' },
    });
  }
  const { blocked, ownershipPct } = structure.data;
  return { blocked: blockedByOwnership({ blocked, ownershipPct }, ASKED).blocked };
};
