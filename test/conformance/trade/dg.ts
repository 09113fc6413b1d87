import { z } from 'zod';
import { Failure } from '#domain/failure.ts';
import { BATTERY_ITEMS, checkCarriage, isFullyRegulated, wattHours } from '#trade/dangerous-goods/carriage.ts';
import { CHEMISTRIES, PACKINGS } from '#trade/dangerous-goods/rules-air.ts';
import { Exact } from '#trade/decimal.ts';
import { plainDate } from '#trade/plain-date.ts';
import type { Answer } from './vector.ts';

const Quantity = z.union([z.string(), z.number()]).transform(String);

const Energy = z.strictObject({ item: z.enum(BATTERY_ITEMS), V: Quantity, Ah: Quantity });
const Carriage = z.strictObject({
  item: z.enum(BATTERY_ITEMS),
  date: z.string(),
  mode: z.enum(['air', 'sea', 'road', 'rail']),
  packing: z.enum(PACKINGS),
  wh: Quantity,
  soc: Quantity,
  chemistry: z.enum(CHEMISTRIES).optional(),
});

const TODAY = plainDate('2026-11-25');

export const answer: Answer = (_id, input) => {
  const energy = Energy.safeParse(input);
  if (energy.success) {
    const { item, V, Ah } = energy.data;
    const Wh = wattHours(V, Ah);
    const { fullyRegulated } = isFullyRegulated(item, Wh, { on: TODAY, today: TODAY });
    return { Wh, fullyRegulated, le2_7: new Exact(Wh).lte('2.7') };
  }
  const carriage = Carriage.safeParse(input);
  if (!carriage.success)
    throw new Failure('invalid', `input: ${carriage.error.message}`, {
      safe: { field: 'input', reason: 'not of any form' },
    });
  const { date, soc, chemistry = 'lithium-ion', ...rest } = carriage.data;
  const { allowed, cargoAircraftOnly, un } = checkCarriage(
    {
      ...rest,
      chemistry,
      stateOfCharge: soc,
      indicatedCapacity: null,
      netKg: null,
      testSummaryOnFile: true,
      damaged: false,
    },
    { on: plainDate(date), today: TODAY },
  );
  return { allowed, cargoAircraftOnly, un };
};
