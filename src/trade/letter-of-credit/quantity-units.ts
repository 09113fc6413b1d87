import { invalid } from '../read-input.ts';
import { quoted } from './quoted.ts';

/**
 * What a unit of quantity counts, which decides whether art. 30(b) UCP 600 gives a tolerance: `item` is a packing unit
 * or an individual item (none), `measure` a weight, length, area or volume (5 %). Other words have no row: whether,
 * say, a container is a packing unit is disputed, so we do not guess.
 */
export type UnitKind = 'item' | 'measure';

interface UnitRow {
  kind: UnitKind;
  /** One spelling for all variants, so that PCS and PIECES compare equal. */
  code: string;
  words: string;
}

const ROWS: readonly UnitRow[] = [
  { kind: 'item', code: 'PC', words: 'PC PCS PCE PIECE PIECES STK EA EACH NOS ITEM ITEMS 件 个 只' },
  { kind: 'item', code: 'UNIT', words: 'UNIT UNITS UNT 台' },
  { kind: 'item', code: 'SET', words: 'SET SETS 套' },
  { kind: 'item', code: 'KIT', words: 'KIT KITS' },
  { kind: 'item', code: 'PAIR', words: 'PR PRS PAIR PAIRS 双' },
  { kind: 'item', code: 'DOZEN', words: 'DZ DOZ DZN DOZEN DOZENS 打' },
  { kind: 'item', code: 'GROSS', words: 'GROSS GRO' },
  { kind: 'item', code: 'CARTON', words: 'CTN CTNS CARTON CARTONS 箱' },
  { kind: 'item', code: 'BOX', words: 'BOX BOXES' },
  { kind: 'item', code: 'CASE', words: 'CASE CASES' },
  { kind: 'item', code: 'CRATE', words: 'CRATE CRATES' },
  { kind: 'item', code: 'BAG', words: 'BG BAG BAGS 袋 包' },
  { kind: 'item', code: 'SACK', words: 'SACK SACKS' },
  { kind: 'item', code: 'BALE', words: 'BALE BALES' },
  { kind: 'item', code: 'BUNDLE', words: 'BDL BDLS BUNDLE BUNDLES' },
  { kind: 'item', code: 'DRUM', words: 'DRM DRUM DRUMS 桶' },
  { kind: 'item', code: 'BARREL (PACKING)', words: 'CASK CASKS KEG KEGS' },
  { kind: 'item', code: 'BOTTLE', words: 'BTL BTLS BOTTLE BOTTLES 瓶' },
  { kind: 'item', code: 'CAN', words: 'CAN CANS TIN TINS' },
  { kind: 'item', code: 'JAR', words: 'JAR JARS' },
  { kind: 'item', code: 'ROLL', words: 'RL RLS ROLL ROLLS 卷' },
  { kind: 'item', code: 'REEL', words: 'REEL REELS SPOOL SPOOLS COIL COILS' },
  { kind: 'item', code: 'SHEET', words: 'SHT SHEET SHEETS 张' },
  { kind: 'item', code: 'REAM', words: 'REAM REAMS' },
  { kind: 'item', code: 'PALLET', words: 'PLT PLTS PALLET PALLETS' },
  { kind: 'item', code: 'PACKAGE', words: 'PK PKG PKGS PACK PACKS PACKAGE PACKAGES PACKET PACKETS' },
  { kind: 'item', code: 'HEAD', words: 'HEAD HEADS' },
  {
    kind: 'measure',
    code: 'MT',
    words: 'MT MTS MTON MTONS TNE TONNE TONNES METRICTON METRICTONS METRICTONNE METRICTONNES 公吨',
  },
  { kind: 'measure', code: 'TON', words: 'T TON TONS 吨' },
  { kind: 'measure', code: 'LONG TON', words: 'LONGTON LONGTONS' },
  { kind: 'measure', code: 'SHORT TON', words: 'SHORTTON SHORTTONS' },
  { kind: 'measure', code: 'KG', words: 'KG KGS KGM KILO KILOS KILOGRAM KILOGRAMS KILOGRAMME KILOGRAMMES 公斤 千克' },
  { kind: 'measure', code: 'G', words: 'G GRM GRAM GRAMS GRAMME GRAMMES 克' },
  { kind: 'measure', code: 'QUINTAL', words: 'QUINTAL QUINTALS' },
  { kind: 'measure', code: 'LB', words: 'LB LBS LBR POUND POUNDS' },
  { kind: 'measure', code: 'OZ', words: 'OZ OUNCE OUNCES TROYOUNCE TROYOUNCES' },
  { kind: 'measure', code: 'CARAT', words: 'CARAT CARATS' },
  { kind: 'measure', code: 'M', words: 'M MTR MTRS METER METERS METRE METRES 米' },
  { kind: 'measure', code: 'KM', words: 'KM KMS KILOMETER KILOMETERS KILOMETRE KILOMETRES' },
  { kind: 'measure', code: 'CM', words: 'CM CMS CENTIMETER CENTIMETERS CENTIMETRE CENTIMETRES' },
  { kind: 'measure', code: 'FT', words: 'FT FOOT FEET' },
  { kind: 'measure', code: 'YD', words: 'YD YDS YRD YARD YARDS 码' },
  {
    kind: 'measure',
    code: 'M2',
    words:
      'M2 SQM MTK SQMTR SQMETER SQMETERS SQMETRE SQMETRES SQUAREMETER SQUAREMETERS SQUAREMETRE SQUAREMETRES 平方米',
  },
  { kind: 'measure', code: 'FT2', words: 'FT2 SQFT SFT SQUAREFOOT SQUAREFEET' },
  { kind: 'measure', code: 'M3', words: 'M3 CBM CUM MTQ CUBICMETER CUBICMETERS CUBICMETRE CUBICMETRES 立方米' },
  { kind: 'measure', code: 'FT3', words: 'FT3 CFT CUFT CUBICFOOT CUBICFEET' },
  { kind: 'measure', code: 'L', words: 'L LTR LTRS LITER LITERS LITRE LITRES 升' },
  { kind: 'measure', code: 'KL', words: 'KL KILOLITER KILOLITERS KILOLITRE KILOLITRES' },
  { kind: 'measure', code: 'ML', words: 'ML MILLILITER MILLILITERS MILLILITRE MILLILITRES' },
  { kind: 'measure', code: 'GAL', words: 'GAL GALS GALLON GALLONS USGALLON USGALLONS' },
  { kind: 'measure', code: 'BBL', words: 'BBL BBLS' },
  { kind: 'measure', code: 'BUSHEL', words: 'BU BUSHEL BUSHELS' },
];

const BY_WORD: ReadonlyMap<string, UnitRow> = new Map(
  ROWS.flatMap((row) => row.words.split(' ').map((word): [string, UnitRow] => [word, row])),
);

const MAX_UNIT_LENGTH = 40;

/** `M³`, `m.t.`, `Cubic Metres` → `M3`, `MT`, `CUBICMETRES`. */
const wordOf = (unit: string): string =>
  unit
    .slice(0, MAX_UNIT_LENGTH)
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s.\-()]+/g, '');

/** The row of a unit in any spelling on file, or null. Throws `invalid` for a unit without a letter. */
export const unitOf = (unit: string): { kind: UnitKind; code: string } | null => {
  if (unit.length > MAX_UNIT_LENGTH || !/\p{L}/u.test(unit))
    throw invalid('unit', `${quoted(unit)} is not a unit such as MT or PCS`);
  const row = BY_WORD.get(wordOf(unit));
  return row ? { kind: row.kind, code: row.code } : null;
};

/** True for a spelling on file; unlike `unitOf` it accepts any text. */
export const isUnit = (text: string): boolean => BY_WORD.has(wordOf(text));

/** True if both are spellings of one unit, on file or letter by letter. */
export const sameUnit = (one: string, other: string): boolean =>
  (BY_WORD.get(wordOf(one))?.code ?? wordOf(one)) === (BY_WORD.get(wordOf(other))?.code ?? wordOf(other));
