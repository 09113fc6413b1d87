import { invalid } from '../read-input.ts';
import { type AsOf, mergeNotices, type Notice, noRow, ruleOn } from '../rule.ts';
import {
  above0,
  advice,
  type BatteryShipment,
  type Carriage,
  CLASS_9A,
  commonBlocks,
  MARK,
  whOf,
} from './battery-shipment.ts';
import { NO_LIMIT, type UnEntry } from './rules-air.ts';
import {
  DAMAGED_BY_SURFACE,
  MARK_EXCEPTION,
  PACKED_BY_SURFACE,
  SMALL_BY_SURFACE,
  type SmallBatteries,
  type SurfaceMode,
} from './rules-surface.ts';

const contentOf = ({ wh, lithiumGrams }: BatteryShipment, unit: SmallBatteries['unit']) => {
  if (unit === 'Wh') return whOf(wh);
  if (lithiumGrams === undefined) throw invalid('lithiumGrams', 'missing; give the grams of lithium in one of them');
  return above0(lithiumGrams, 'lithiumGrams');
};

const EXEMPT =
  'special provision 188 asks for inner packagings, protection from short circuit, an outer packaging that stands a ' +
  'drop of 1.2 m (but for batteries in equipment), and the watt-hours on the case of a lithium ion battery';

/**
 * The carriage of lithium batteries by road or sea: small ones under special provision 188 with only the battery mark,
 * larger ones as Class 9 under P903. There is no limit on the state of charge. Throws `no_row` for vehicles, for sodium
 * ion and for days before 2025; `invalid` if the measure of the chemistry is missing.
 */
export const carriageBySurface = (
  shipment: BatteryShipment,
  mode: SurfaceMode,
  entry: UnEntry & { notices: readonly Notice[] },
  asOf: AsOf,
): Carriage => {
  const { chemistry, packing, item } = shipment;
  if (packing === 'vehicle') throw noRow(`carriage of battery-powered vehicles by ${mode} (${entry.un})`, 'packing');
  const small = ruleOn(SMALL_BY_SURFACE[mode][chemistry], asOf, 'mode');
  const grossKg = shipment.grossKg === undefined ? null : above0(shipment.grossKg, 'grossKg');
  const isHeavy = packing === 'alone' && grossKg !== null && grossKg.gt(small.value.packageKg);
  const fullyRegulated = contentOf(shipment, small.value.unit).gt(small.value[item]) || isHeavy;
  const packed = ruleOn(PACKED_BY_SURFACE, asOf);
  const mark = ruleOn(MARK_EXCEPTION, asOf);
  const damaged = ruleOn(DAMAGED_BY_SURFACE, asOf);
  const { stable, unstable } = damaged.value;
  const blocks = commonBlocks(shipment, {
    what: `damaged or defective batteries go by ${mode} only under special provision 376`,
    todo: `let an expert assess them: ${stable}, or ${unstable} where they may react dangerously`,
  });
  return {
    allowed: blocks.length === 0,
    un: entry.un,
    properShippingName: entry.name,
    section: null,
    cargoAircraftOnly: false,
    instruction: fullyRegulated ? packed.value.instruction : null,
    fullyRegulated,
    stateOfCharge: NO_LIMIT,
    blocks,
    labels: fullyRegulated ? [CLASS_9A] : [MARK],
    notices: mergeNotices(
      entry.notices,
      small.notices,
      shipment.damaged ? damaged.notices : [],
      fullyRegulated ? packed.notices : mark.notices,
      [advice(`dg.${mode}`, 'carriers and states are stricter: ask before booking')],
      fullyRegulated
        ? [
            advice(
              'dg.surface.packing',
              `a dangerous goods transport document is needed; one large battery may go in ${packed.value.large}`,
            ),
          ]
        : [
            advice(`dg.${mode}.sp188`, EXEMPT),
            ...(packing === 'contained-in' ? [advice('dg.surface.mark', mark.value)] : []),
            ...(packing === 'alone' && grossKg === null
              ? [advice(`dg.${mode}.sp188`, `a package above ${small.value.packageKg} kg gross is fully regulated`)]
              : []),
          ],
    ),
  };
};
