import { z } from 'zod';
import { type Exact, exact } from '../decimal.ts';
import { invalid } from '../read-input.ts';
import type { Notice } from '../rule.ts';
import { CHEMISTRIES, type ChargeRule, PACKINGS } from './rules-air.ts';

export const BATTERY_ITEMS = ['cell', 'battery'] as const;
export type BatteryItem = (typeof BATTERY_ITEMS)[number];

const Quantity = z.string().max(40);

export const BatteryShipment = z.strictObject({
  mode: z.enum(['air', 'sea', 'road', 'rail']),
  chemistry: z.enum(CHEMISTRIES),
  /** A single-cell battery counts as a cell. */
  item: z.enum(BATTERY_ITEMS),
  /**
   * With a spare battery in the box the shipment is “packed with equipment”, not “contained in equipment”. A power bank
   * travels alone.
   */
  packing: z.enum(PACKINGS),
  /** Watt-hours of one cell or battery; null for lithium metal, which is measured by its lithium content. */
  wh: Quantity.nullable(),
  /** Grams of lithium in one lithium metal cell or battery. */
  lithiumGrams: Quantity.optional(),
  /** Percent of the rated capacity; null if unknown. */
  stateOfCharge: Quantity.nullable(),
  /** Percent that the equipment or vehicle displays; an alternative if the rules accept it. */
  indicatedCapacity: Quantity.nullable(),
  /** Kilograms of batteries in one package, without equipment; null if not packed yet. */
  netKg: Quantity.nullable(),
  /** Kilograms of one whole package; absent if not packed yet. */
  grossKg: Quantity.optional(),
  /** The test summary of UN Manual of Tests and Criteria 38.3 is on file. */
  testSummaryOnFile: z.boolean(),
  /** Damaged, defective or recalled. */
  damaged: z.boolean(),
});
export type BatteryShipment = z.infer<typeof BatteryShipment>;

export interface CarriageBlock {
  code: 'STATE_OF_CHARGE' | 'STATE_OF_CHARGE_UNKNOWN' | 'NET_MASS' | 'UN38_3_SUMMARY' | 'DAMAGED';
  what: string;
  todo: string;
}

export interface Carriage {
  allowed: boolean;
  un: string;
  properShippingName: string;
  /** IATA packing instruction such as 965; by sea and road P903, or null under special provision 188. */
  instruction: string | null;
  /** Section of the IATA instruction; null for a vehicle, whose instruction has none, and by sea and road. */
  section: 'IA' | 'IB' | 'I' | 'II' | null;
  /**
   * Above the limits for small batteries; by sea and road also if a package of small ones is too heavy for the
   * exemption.
   */
  fullyRegulated: boolean;
  cargoAircraftOnly: boolean;
  stateOfCharge: ChargeRule;
  blocks: readonly CarriageBlock[];
  /** The labels on the package. */
  labels: readonly string[];
  notices: readonly Notice[];
}

export const CLASS_9A = 'Class 9 label for lithium or sodium ion batteries';
export const MARK = 'battery mark with the UN number';

/** A mass or content above zero; throws `invalid` naming `field`. */
export const above0 = (text: string, field: string, max = '1000000'): Exact => exact(text, field, { zero: false, max });

/** Watt-hours of a cell or battery that is measured in watt-hours. */
export const whOf = (wh: string | null): Exact => {
  if (wh === null) throw invalid('wh', 'missing; give the watt-hours of one cell or battery');
  return above0(wh, 'wh', '100000000000');
};

export const advice = (rule: string, message: string): Notice => ({ code: 'advice', rule, message });

/** What no mode of transport accepts: untested batteries, and damaged ones except under special rules. */
export const commonBlocks = (shipment: BatteryShipment, damaged: Omit<CarriageBlock, 'code'>): CarriageBlock[] => [
  ...(shipment.testSummaryOnFile
    ? []
    : [
        {
          code: 'UN38_3_SUMMARY' as const,
          what: 'no UN 38.3 test summary is on file',
          todo: 'get the test summary of this cell or battery from its manufacturer and file it',
        },
      ]),
  ...(shipment.damaged ? [{ code: 'DAMAGED' as const, ...damaged }] : []),
];
