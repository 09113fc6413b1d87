import { exact } from '../decimal.ts';
import { readInput } from '../read-input.ts';
import { type Asked, type Notice, noRow, ruleOn } from '../rule.ts';
import { type BatteryItem, BatteryShipment, type Carriage, whOf } from './battery-shipment.ts';
import { carriageByAir } from './carriage-by-air.ts';
import { carriageBySurface } from './carriage-by-surface.ts';
import { type Chemistry, type Packing, SMALL, type UnEntry, unTable } from './rules-air.ts';

export { BATTERY_ITEMS, BatteryShipment } from './battery-shipment.ts';

/** Watt-hours of a nominal voltage and a rated capacity in ampere-hours, exact: 3.7 and 0.5 → `1.85`. */
export const wattHours = (volts: string, ampereHours: string): string =>
  exact(volts, 'V', { zero: false, max: '100000' })
    .times(exact(ampereHours, 'Ah', { zero: false, max: '1000000' }))
    .toFixed();

/**
 * Whether a lithium ion cell or battery is above the small ones: more than 20 Wh a cell, more than 100 Wh a battery.
 */
export const isFullyRegulated = (
  item: BatteryItem,
  wh: string,
  asked: Asked,
): { fullyRegulated: boolean; notices: readonly Notice[] } => {
  const { value, notices } = ruleOn(SMALL, asked);
  return { fullyRegulated: whOf(wh).gt(value[item]), notices };
};

/** UN number, proper shipping name and packing instruction; `no_row` for sodium ion before 2025. */
export const unEntry = (
  chemistry: Chemistry,
  packing: Packing,
  asked: Asked,
): UnEntry & { notices: readonly Notice[] } => {
  const { value, notices } = ruleOn(unTable(chemistry, packing), asked);
  return { ...value, notices };
};

/**
 * Whether batteries may go on a day, and as what: UN number, packing instruction, labels, by air also section and cargo
 * aircraft only, and each reason against. Limits of content, charge and mass are themselves allowed. By air the rules of
 * lithium ion are on file from 2016-04-01, by road and sea those of lithium ion and metal from 2025-01-01; everything
 * else (rail, sodium ion, lithium metal by air, vehicles by road and sea) throws `no_row`. Throws `invalid` for numbers
 * that are none, negative or beyond 100 percent.
 */
export const checkCarriage = (input: BatteryShipment, asked: Asked): Carriage => {
  const shipment = readInput(BatteryShipment, input, 'shipment');
  const { mode, chemistry, packing } = shipment;
  if (mode === 'rail') throw noRow('carriage of batteries by rail', 'mode');
  const entry = unEntry(chemistry, packing, asked);
  return mode === 'air' ? carriageByAir(shipment, entry, asked) : carriageBySurface(shipment, mode, entry, asked);
};
