import { exact } from '../decimal.ts';
import { readInput } from '../read-input.ts';
import { type AsOf, type Notice, noRow, ruleOn } from '../rule.ts';
import { type BatteryItem, BatteryShipment, type Carriage, whOf } from './battery-shipment.ts';
import { carriageByAir } from './carriage-by-air.ts';
import { carriageBySurface } from './carriage-by-surface.ts';
import { type Chemistry, type Packing, SMALL, type UnEntry, unTable } from './rules-air.ts';

export { BATTERY_ITEMS, BatteryShipment } from './battery-shipment.ts';

/** Watt-hours from nominal voltage and rated capacity in ampere-hours, exact: 3.7 and 0.5 → `1.85`. */
export const wattHours = (volts: string, ampereHours: string): string =>
  exact(volts, 'V', { zero: false, max: '100000' })
    .times(exact(ampereHours, 'Ah', { zero: false, max: '1000000' }))
    .toFixed();

/**
 * Whether a lithium ion cell or battery is above the limits for small ones: more than 20 Wh per cell, more than 100 Wh
 * per battery.
 */
export const isFullyRegulated = (
  item: BatteryItem,
  wh: string,
  asOf: AsOf,
): { fullyRegulated: boolean; notices: readonly Notice[] } => {
  const { value, notices } = ruleOn(SMALL, asOf);
  return { fullyRegulated: whOf(wh).gt(value[item]), notices };
};

/** UN number, proper shipping name and packing instruction; `no_row` for sodium ion before 2025. */
export const unEntry = (
  chemistry: Chemistry,
  packing: Packing,
  asOf: AsOf,
): UnEntry & { notices: readonly Notice[] } => {
  const { value, notices } = ruleOn(unTable(chemistry, packing), asOf);
  return { ...value, notices };
};

/**
 * Whether batteries may be shipped on a day, and as what: UN number, packing instruction, labels, by air also section
 * and cargo aircraft only, and every reason against it. Values equal to a limit of content, charge or mass are allowed.
 * On file are: by air lithium ion from 2016-04-01; by road and sea lithium ion and metal from 2025-01-01. Everything
 * else (rail, sodium ion, lithium metal by air, vehicles by road and sea) throws `no_row`. Throws `invalid` for text
 * that is not a number, negative numbers and more than 100 percent.
 */
export const checkCarriage = (input: BatteryShipment, asOf: AsOf): Carriage => {
  const shipment = readInput(BatteryShipment, input, 'shipment');
  const { mode, chemistry, packing } = shipment;
  if (mode === 'rail') throw noRow('carriage of batteries by rail', 'mode');
  const entry = unEntry(chemistry, packing, asOf);
  return mode === 'air' ? carriageByAir(shipment, entry, asOf) : carriageBySurface(shipment, mode, entry, asOf);
};
