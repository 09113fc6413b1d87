import { z } from 'zod';
import { PlainDate } from '../plain-date.ts';
import { invalid, readUnder } from '../read-input.ts';
import { type AsOf, type Notice, ruleOn } from '../rule.ts';
import { INSTALMENTS } from './ucp-rules.ts';

/** A drawing or shipment that the credit requires within a period, and when it was made. */
export const Instalment = z
  .strictObject({ from: PlainDate, to: PlainDate, made: PlainDate.nullable() })
  .refine(({ from, to }) => from <= to, { path: ['to'], message: 'is before the period begins' });
export type Instalment = z.infer<typeof Instalment>;

export type InstalmentState = 'made' | 'open' | 'due' | 'missed' | 'ceased';

/**
 * The state of each instalment (art. 32). If one is not made within its period, the credit ends for it and for all that
 * follow, even those made later. Throws `invalid` for periods that overlap or are out of order.
 */
export const instalmentStates = (
  schedule: readonly Instalment[],
  asOf: AsOf,
): { states: InstalmentState[]; ceased: boolean; notices: readonly Notice[] } => {
  const rows = readUnder('schedule', z.array(Instalment).min(1).max(120), schedule);
  let ceased = false;
  const states = rows.map(({ from, to, made }, index): InstalmentState => {
    const before = rows[index - 1];
    if (before && from <= before.to)
      throw invalid(`schedule.${index}.from`, 'begins before the instalment before it ends');
    if (ceased) return 'ceased';
    if (made !== null && made >= from && made <= to) return 'made';
    if (made === null && asOf.today <= to) return asOf.today < from ? 'open' : 'due';
    ceased = true;
    return 'missed';
  });
  return { states, ceased, notices: ruleOn(INSTALMENTS, asOf).notices };
};
