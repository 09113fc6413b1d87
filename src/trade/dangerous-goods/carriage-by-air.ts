import type { Exact } from '../decimal.ts';
import { exact } from '../decimal.ts';
import { type AsOf, mergeNotices, type Notice, noRow, ruleOn } from '../rule.ts';
import {
  above0,
  advice,
  type BatteryShipment,
  type Carriage,
  type CarriageBlock,
  CLASS_9A,
  commonBlocks,
  MARK,
  whOf,
} from './battery-shipment.ts';
import { AIR_CHARGE, AIRCRAFT_NET, type ChargeRule, PI_965_IB_NET, SMALL, type UnEntry } from './rules-air.ts';

const CARGO_ONLY = 'Cargo Aircraft Only label';

interface Sectioned {
  section: Carriage['section'];
  cargoAircraftOnly: boolean;
  labels: readonly string[];
  blocks: readonly CarriageBlock[];
  notices: readonly Notice[];
}

const sectionOf = (shipment: BatteryShipment, fullyRegulated: boolean, asOf: AsOf): Sectioned => {
  const { packing } = shipment;
  const netKg = shipment.netKg === null ? null : above0(shipment.netKg, 'netKg');
  if (packing === 'vehicle')
    return { section: null, cargoAircraftOnly: false, labels: ['Class 9 label'], blocks: [], notices: [] };
  const aircraft = ruleOn(AIRCRAFT_NET, asOf);
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
    const ib = ruleOn(PI_965_IB_NET, asOf);
    // Small batteries above the mass limit of IB go under IA, in packagings of UN specification.
    const section = fullyRegulated || netKg?.gt(ib.value) ? 'IA' : 'IB';
    const labels = section === 'IB' ? [MARK, CLASS_9A, CARGO_ONLY] : [CLASS_9A, CARGO_ONLY];
    return { section, cargoAircraftOnly: true, labels, blocks, notices: [...aircraft.notices, ...ib.notices] };
  }
  const heavy = netKg?.gt(passenger) ?? false;
  const section = fullyRegulated || heavy ? 'I' : 'II';
  const labels = section === 'I' ? [CLASS_9A] : [MARK];
  return {
    section,
    cargoAircraftOnly: heavy,
    blocks,
    notices: aircraft.notices,
    labels: heavy ? [...labels, CARGO_ONLY] : labels,
  };
};

/**
 * Whether the charge limit is binding. The watt-hours at which it begins are included in Section II, not in Section I.
 */
const binds = (rule: ChargeRule, wh: Exact, section: Carriage['section']): boolean =>
  rule.limit !== null && rule.binding && (rule.aboveWh === null || wh.gt(rule.aboveWh) || section === 'I');

const percent = (text: string | null, field: string): Exact | null =>
  text === null ? null : exact(text, field, { max: '100' });

const chargeBlocks = (shipment: BatteryShipment, rule: ChargeRule, isBinding: boolean): CarriageBlock[] => {
  const charge = percent(shipment.stateOfCharge, 'stateOfCharge');
  const indicated = percent(shipment.indicatedCapacity, 'indicatedCapacity');
  if (!isBinding || rule.limit === null) return [];
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

const adviceOn = (
  { packing, netKg }: BatteryShipment,
  rule: ChargeRule,
  isBinding: boolean,
  section: Carriage['section'],
): Notice[] => [
  advice('dg.air', 'carriers, posts and states are stricter than the IATA regulations: ask before booking'),
  ...(rule.limit !== null && !isBinding
    ? [advice('dg.air.charge', `a state of charge of ${rule.limit} % or less is recommended`)]
    : []),
  ...(packing === 'contained-in'
    ? [advice('dg.packing', 'a spare battery in the box makes it packed with equipment')]
    : []),
  ...(section === 'IB' && netKg === null
    ? [advice('dg.air.net.965-ib', 'Section IB holds up to 10 kg net of batteries a package; above it is Section IA')]
    : []),
];

/** The carriage of lithium ion batteries by air; `no_row` for other chemistries and for days before 2016-04-01. */
export const carriageByAir = (
  shipment: BatteryShipment,
  entry: UnEntry & { notices: readonly Notice[] },
  asOf: AsOf,
): Carriage => {
  const { chemistry, packing, item } = shipment;
  if (chemistry !== 'lithium-ion')
    throw noRow(`limits of charge and mass of ${chemistry} batteries by air (${entry.un})`, 'chemistry');
  const wh = whOf(shipment.wh);
  const small = ruleOn(SMALL, asOf);
  const fullyRegulated = wh.gt(small.value[item]);
  const charge = ruleOn(AIR_CHARGE[packing], asOf);
  const { section, cargoAircraftOnly, labels, ...sectioned } = sectionOf(shipment, fullyRegulated, asOf);
  const isBinding = binds(charge.value, wh, section);
  const blocks = [
    ...chargeBlocks(shipment, charge.value, isBinding),
    ...sectioned.blocks,
    ...commonBlocks(shipment, {
      what: 'damaged, defective or recalled batteries are forbidden by air',
      todo: 'keep them out of the shipment and ask a specialist for carriage by land',
    }),
  ];
  return {
    allowed: blocks.length === 0,
    un: entry.un,
    properShippingName: entry.name,
    instruction: entry.instruction,
    section,
    fullyRegulated,
    cargoAircraftOnly,
    stateOfCharge: charge.value,
    blocks,
    labels,
    notices: mergeNotices(
      entry.notices,
      small.notices,
      charge.notices,
      sectioned.notices,
      adviceOn(shipment, charge.value, isBinding, section),
    ),
  };
};
