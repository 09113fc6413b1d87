import { z } from 'zod';
import { type Exact, exact } from '../decimal.ts';
import { readInput } from '../read-input.ts';
import { type Asked, type Notice, noRow, noticesTogether, ruleOn } from '../rule.ts';
import {
  AIR_CHARGE,
  AIRCRAFT_NET,
  CHEMISTRIES,
  type ChargeRule,
  type Chemistry,
  PACKINGS,
  type Packing,
  PI_965_IB_NET,
  SMALL,
  type UnEntry,
  unTable,
} from './rules-air.ts';

export const BATTERY_ITEMS = ['cell', 'battery'] as const;
export type BatteryItem = (typeof BATTERY_ITEMS)[number];

const Quantity = z.string().max(40);

export const BatteryShipment = z.strictObject({
  mode: z.enum(['air', 'sea', 'road', 'rail']),
  chemistry: z.enum(CHEMISTRIES),
  /** A single-cell battery counts as a cell. */
  item: z.enum(BATTERY_ITEMS),
  /** A spare in the box makes it packed with the equipment, not contained in it. A power bank is alone. */
  packing: z.enum(PACKINGS),
  /** Watt-hours of one cell or battery. */
  wh: Quantity,
  /** Percent of the rated capacity; null when nobody knows. */
  stateOfCharge: Quantity.nullable(),
  /** Percent that the equipment or vehicle shows; an alternative where the rules accept it. */
  indicatedCapacity: Quantity.nullable(),
  /** Kilograms of batteries in one package, without equipment; null when not yet packed. */
  netKg: Quantity.nullable(),
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
  /** IATA packing instruction such as 965. */
  instruction: string | null;
  /** IA, IB, I or II; null for a vehicle, whose instruction has none. */
  section: 'IA' | 'IB' | 'I' | 'II' | null;
  fullyRegulated: boolean;
  cargoAircraftOnly: boolean;
  stateOfCharge: ChargeRule;
  blocks: readonly CarriageBlock[];
  /** What the package bears. */
  labels: readonly string[];
  notices: readonly Notice[];
}

/** Watt-hours of a nominal voltage and a rated capacity in ampere-hours, exact: 3.7 and 0.5 → `1.85`. */
export const wattHours = (volts: string, ampereHours: string): string =>
  exact(volts, 'V', { zero: false, max: '100000' })
    .times(exact(ampereHours, 'Ah', { zero: false, max: '1000000' }))
    .toFixed();

const whOf = (wh: string): Exact => exact(wh, 'wh', { zero: false, max: '100000000000' });

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

const percent = (text: string, field: string): Exact => exact(text, field, { max: '100' });

const chargeBlocks = (shipment: BatteryShipment, rule: ChargeRule, wh: Exact): CarriageBlock[] => {
  const { stateOfCharge, indicatedCapacity } = shipment;
  const charge = stateOfCharge === null ? null : percent(stateOfCharge, 'stateOfCharge');
  const indicated = indicatedCapacity === null ? null : percent(indicatedCapacity, 'indicatedCapacity');
  if (rule.limit === null || !rule.binding || (rule.aboveWh !== null && wh.lte(rule.aboveWh))) return [];
  if (rule.indicated !== null && indicated?.lte(rule.indicated)) return [];
  const todo = `discharge to ${rule.limit} % of the rated capacity or less`;
  if (charge === null)
    return [
      { code: 'STATE_OF_CHARGE_UNKNOWN', what: 'the state of charge is not known', todo: `${todo}, and record it` },
    ];
  if (charge.lte(rule.limit)) return [];
  return [
    {
      code: 'STATE_OF_CHARGE',
      what: `the state of charge is ${charge.toFixed()} %, and ${rule.limit} % is the most`,
      todo: `${todo}; more flies only with the approval of the State of Origin and the State of the Operator`,
    },
  ];
};

interface Sectioned {
  section: Carriage['section'];
  cargoAircraftOnly: boolean;
  labels: readonly string[];
  blocks: readonly CarriageBlock[];
  notices: readonly Notice[];
}

const CLASS_9 = 'Class 9 label for lithium or sodium ion batteries';
const MARK = 'battery mark with the UN number';
const CARGO_ONLY = 'Cargo Aircraft Only label';

const sectionOf = (shipment: BatteryShipment, fullyRegulated: boolean, asked: Asked): Sectioned => {
  const { packing } = shipment;
  const netKg = shipment.netKg === null ? null : exact(shipment.netKg, 'netKg', { zero: false, max: '1000000' });
  if (packing === 'vehicle')
    return { section: null, cargoAircraftOnly: false, labels: [CLASS_9], blocks: [], notices: [] };
  const aircraft = ruleOn(AIRCRAFT_NET, asked);
  const { passenger, cargo } = aircraft.value;
  const blocks: CarriageBlock[] = netKg?.gt(cargo)
    ? [
        {
          code: 'NET_MASS',
          what: `${netKg.toFixed()} kg of batteries in a package, and ${cargo} kg is the most on a cargo aircraft`,
          todo: 'make smaller packages',
        },
      ]
    : [];
  if (packing === 'alone') {
    const ib = ruleOn(PI_965_IB_NET, asked);
    // Small ones above the mass of IB go under IA, with packagings of UN specification.
    const section = fullyRegulated || netKg?.gt(ib.value) ? 'IA' : 'IB';
    const labels = section === 'IB' ? [MARK, CLASS_9, CARGO_ONLY] : [CLASS_9, CARGO_ONLY];
    return { section, cargoAircraftOnly: true, labels, blocks, notices: [...aircraft.notices, ...ib.notices] };
  }
  const heavy = netKg?.gt(passenger) ?? false;
  const section = fullyRegulated || heavy ? 'I' : 'II';
  const labels = section === 'I' ? [CLASS_9] : [MARK];
  return {
    ...{ section, cargoAircraftOnly: heavy, blocks, notices: aircraft.notices },
    labels: heavy ? [...labels, CARGO_ONLY] : labels,
  };
};

const advice = (rule: string, message: string): Notice => ({ code: 'advice', rule, message });

const adviceOn = (shipment: BatteryShipment, rule: ChargeRule, section: Carriage['section']): Notice[] => [
  advice('dg.air', 'carriers, posts and states are stricter than the IATA regulations: ask before booking'),
  ...(rule.limit !== null && !rule.binding
    ? [advice('dg.air.charge', `a state of charge of ${rule.limit} % or less is recommended`)]
    : []),
  ...(shipment.packing === 'contained-in'
    ? [advice('dg.packing', 'a spare battery in the box makes it packed with equipment')]
    : []),
  ...(section === 'IB' && shipment.netKg === null
    ? [advice('dg.air.net.965-ib', 'Section IB holds up to 10 kg net of batteries a package; above it is Section IA')]
    : []),
];

/**
 * Whether lithium ion batteries may go by air on a day, and as what: UN number, packing instruction and section, cargo
 * aircraft only, labels, and each reason against. The limits of watt-hours, charge and mass are themselves allowed.
 * Throws `no_row` for sea, road and rail, for lithium metal (limits are grams of lithium) and sodium ion, and for days
 * before 2016-04-01, whose rules are not on file; `invalid` for numbers that are none, negative or beyond 100 percent.
 */
export const checkCarriage = (input: BatteryShipment, asked: Asked): Carriage => {
  const shipment = readInput(BatteryShipment, input, 'shipment');
  const { mode, chemistry, packing } = shipment;
  if (mode !== 'air') throw noRow(`carriage of batteries by ${mode}`, 'mode');
  const entry = unEntry(chemistry, packing, asked);
  if (chemistry !== 'lithium-ion')
    throw noRow(`limits of charge and mass of ${chemistry} batteries by air (${entry.un})`, 'chemistry');
  const wh = whOf(shipment.wh);
  const size = isFullyRegulated(shipment.item, shipment.wh, asked);
  const charge = ruleOn(AIR_CHARGE[packing], asked);
  const sectioned = sectionOf(shipment, size.fullyRegulated, asked);
  const blocks = [...chargeBlocks(shipment, charge.value, wh), ...sectioned.blocks];
  if (!shipment.testSummaryOnFile)
    blocks.push({
      code: 'UN38_3_SUMMARY',
      what: 'no UN 38.3 test summary is on file',
      todo: 'get the test summary of this cell or battery from its manufacturer and file it',
    });
  if (shipment.damaged)
    blocks.push({
      code: 'DAMAGED',
      what: 'damaged, defective or recalled batteries are forbidden by air',
      todo: 'keep them out of the shipment and ask a specialist for carriage by land',
    });
  return {
    allowed: blocks.length === 0,
    ...{ un: entry.un, properShippingName: entry.name, instruction: entry.instruction, section: sectioned.section },
    ...{ fullyRegulated: size.fullyRegulated, cargoAircraftOnly: sectioned.cargoAircraftOnly },
    ...{ stateOfCharge: charge.value, blocks, labels: sectioned.labels },
    notices: noticesTogether(
      ...[entry.notices, size.notices, charge.notices, sectioned.notices],
      adviceOn(shipment, charge.value, sectioned.section),
    ),
  };
};
