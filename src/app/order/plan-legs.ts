import { MODE_NAMES } from '#domain/offer.ts';
import type { Plan } from '#domain/order.ts';
import { MODES, type OfferedLine } from '#modes';

/** Who does what with these units, by the modes: every line is in exactly one leg. Pure. */
export const planLegs = (
  lines: readonly OfferedLine[],
  held: (lineId: string) => boolean,
): Pick<Plan, 'legs' | 'short'> => {
  const plans = MODE_NAMES.map((mode) => {
    const own = lines.filter((line) => line.offer.mode === mode);
    return own.length > 0 ? MODES[mode].plan(own, { held }) : { legs: [], short: [] };
  });
  const byId = new Map(lines.map((line) => [line.id, line]));
  return {
    legs: plans.flatMap((plan) =>
      plan.legs.map(({ kind, mode, partner, location, lineIds }) => ({
        kind,
        mode,
        partner,
        location,
        items: lineIds.flatMap((lineId) => {
          const line = byId.get(lineId);
          return line ? [{ lineId, quantity: line.quantity, totalMinor: line.totalMinor }] : [];
        }),
      })),
    ),
    short: plans.flatMap((plan) => plan.short),
  };
};
