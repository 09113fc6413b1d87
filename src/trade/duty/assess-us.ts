import { Exact, exact, roundMoney } from '../decimal.ts';
import { invalid } from '../read-input.ts';
import { type AsOf, mergeNotices, type Notice, type Ruled, ruleOn } from '../rule.ts';
import type { Exemptible } from './consignment.ts';
import {
  type Assess,
  advice,
  baseOf,
  borneBy,
  fobValues,
  type Levied,
  levyOfAmount,
  levyOnShare,
  nothingPerLine,
  tariffDuties,
} from './levy.ts';
import {
  usDeMinimis,
  usGift,
  usHmf,
  usIeepa,
  usInformalLimit,
  usInformalMpf,
  usMpf,
  usPostalSpecific,
  usSection122,
} from './rules-us.ts';
import { handedInAmount, handedInFor, type Worksheet } from './worksheet.ts';

const IEEPA = 'ieepa';

/** The specific duty, in USD, on `items` postal items whose origin has an IEEPA rate of `ratePercent`. */
export const usPostalSpecificDuty = (ratePercent: string, items: number, asOf: AsOf): Ruled<Exact> => {
  const rate = exact(ratePercent, 'ieepaRatePct', { max: '1000' });
  if (!Number.isSafeInteger(items) || items < 1 || items > 1_000_000)
    throw invalid('items', 'has to be a whole number from 1 to 1,000,000');
  const { value: bands, row, notices } = ruleOn(usPostalSpecific, asOf);
  const band = bands.find(({ upTo, included }) => upTo === null || rate.lt(upTo) || (included && rate.eq(upTo)));
  const value = new Exact(band?.duty ?? 0).times(items);
  return { value, row: { ...row, value }, notices };
};

/** The Section 122 surcharge, in USD, on goods worth `value`. Throws `no_row` after the day the proclamation ends. */
export const usSurcharge = (value: Exact, asOf: AsOf): Ruled<Exact> => {
  const { value: rate, row, notices } = ruleOn(usSection122, asOf);
  const surcharge = roundMoney(value.times(rate), 'USD');
  return { value: surcharge, row: { ...row, value: surcharge }, notices };
};

interface Levies {
  levies: readonly Levied[];
  notices: readonly Notice[];
}
const NOTHING: Levies = { levies: [], notices: [] };

/** The lines, with their values, that the declarant does not claim to be exempt from `rule`. */
const reached = (sheet: Worksheet, values: readonly number[], rule: Exemptible) =>
  borneBy(values).filter(({ line }) => !sheet.lines[line]?.given.exemptFrom.includes(rule));

const EXEMPTIONS = advice(
  usSection122.id,
  'borne by every line that does not name it in exemptFrom: goods under Section 232 and HTSUS 9903.03.02 to 9903.03.11, such as those entered free under the USMCA, are exempt',
);

const surcharges = (sheet: Worksheet, values: readonly number[]): Levies => {
  const borne = reached(sheet, values, 'us.section-122');
  if (borne.length === 0) return NOTHING;
  const given = handedInFor(sheet, 'us.section-122');
  const ruled = given ? null : ruleOn(usSection122, sheet.asOf);
  const rate = given?.value ?? ruled?.value ?? '0';
  const notices = given ? [given.notice] : (ruled?.notices ?? []);
  if (new Exact(rate).isZero()) return { levies: [], notices };
  const name = { code: 'section-122', kind: 'duty', at: 'import', rule: usSection122.id } as const;
  return { levies: [levyOnShare(name, borne, rate, sheet.currency)], notices: [...notices, EXEMPTIONS] };
};

const isFormal = (sheet: Worksheet): boolean => {
  const { declaration } = sheet.consignment;
  if (declaration === 'formal') return true;
  const low = sheet.goods.lte(ruleOn(usInformalLimit, sheet.asOf).value);
  if (declaration === 'informal' && !low) throw invalid('declaration', 'above USD 2,500 the entry has to be formal');
  return !low;
};

/** The minimum and maximum apply to the entry, not to the line. */
const processingFee = (sheet: Worksheet, values: readonly number[]): Levies => {
  const borne = reached(sheet, values, 'us.mpf');
  if (sheet.consignment.channel === 'postal' || borne.length === 0) return NOTHING;
  const rule = isFormal(sheet) ? 'us.mpf' : 'us.mpf-informal';
  const name = { code: 'mpf', kind: 'levy', at: 'import', rule } as const;
  const given = handedInAmount(sheet, rule);
  if (given) return { levies: [levyOfAmount(name, borne, given.amount, sheet.currency)], notices: [given.notice] };
  if (rule === 'us.mpf-informal') ruleOn(usInformalMpf, sheet.asOf, 'handedIn');
  const { value: fee, notices } = ruleOn(usMpf, sheet.asOf);
  const base = baseOf(borne, sheet.currency);
  const share = roundMoney(base.times(fee.rate), sheet.currency);
  const amount = Exact.min(Exact.max(share, fee.min), fee.max);
  const rate = `${fee.rate}, at least ${fee.min}, at most ${fee.max}`;
  return {
    levies: [levyOfAmount(name, borne, amount, sheet.currency, { base, rate, rounding: '0.01 half-up' })],
    notices,
  };
};

const harborFee = (sheet: Worksheet, values: readonly number[]): Levies => {
  const borne = reached(sheet, values, 'us.hmf');
  if (sheet.consignment.channel !== 'ocean' || borne.length === 0) return NOTHING;
  const { value: rate, notices } = ruleOn(usHmf, sheet.asOf);
  const name = { code: 'hmf', kind: 'levy', at: 'import', rule: usHmf.id } as const;
  return { levies: [levyOnShare(name, borne, rate, sheet.currency)], notices };
};

/**
 * Under the specific method an amount per parcel replaces the IEEPA layer. The other layers of the line do not apply.
 */
const postalDuties = (sheet: Worksheet, values: readonly number[]): Levies => {
  const rates = sheet.lines.map(({ given }, at) => {
    const rate = given.layers?.find(({ code }) => code === IEEPA)?.rate;
    if (rate !== undefined) return new Exact(rate).times(100);
    throw invalid(`lines.${at}.layers`, `the specific method needs the layer “${IEEPA}” with its rate`);
  });
  const highest = Exact.max(...rates).toFixed();
  const { value, notices } = usPostalSpecificDuty(highest, sheet.consignment.parcels, sheet.asOf);
  const name = { code: 'postal-specific', kind: 'duty', at: 'import', rule: usPostalSpecific.id } as const;
  const details = { base: new Exact(sheet.consignment.parcels), rate: `by the IEEPA rate of ${highest} %` };
  return { levies: [levyOfAmount(name, borneBy(values), value, sheet.currency, details)], notices };
};

const dutiesOf = (sheet: Worksheet, values: readonly number[]): Levies =>
  sheet.consignment.channel === 'postal' && sheet.consignment.postalMethod === 'specific'
    ? postalDuties(sheet, values)
    : { levies: tariffDuties(sheet, values), notices: ieepaNotices(sheet) };

const IEEPA_ENDED = advice(usIeepa.id, `a layer “${IEEPA}” is included as handed in, but these duties had ended`);

const ieepaNotices = ({ lines, asOf }: Worksheet): readonly Notice[] => {
  if (!lines.some(({ given }) => given.layers?.some(({ code }) => code === IEEPA))) return [];
  const { value, notices } = ruleOn(usIeepa, asOf);
  return value === 'ended' ? [...notices, IEEPA_ENDED] : notices;
};

const STATE_TAX = advice('us.sales-tax', 'the US levies no federal VAT; sales tax of the state is not part of this');

/**
 * Duty and fees of an import into the United States, on the value without international freight and insurance. Origin,
 * not the place of shipping, decides on the layers, which the caller gives. Throws `no_row` for a fiscal year without
 * fee limits, for the fee of an informal entry, and for days after the Section 122 surcharge, unless the figures are
 * given.
 * Source: 19 CFR 24.23, 24.24; Executive Order 14324; Proclamation of 2026-02-20.
 */
export const assessUs: Assess = (sheet) => {
  const values = fobValues(sheet);
  const common = { basis: 'FOB', items: null, customsValues: values } as const;
  const gift = sheet.consignment.sale === 'c2c_gift' ? ruleOn(usGift, sheet.asOf) : null;
  if (gift && sheet.goods.lte(gift.value))
    return {
      ...common,
      regime: 'gift-relief',
      declaration: null,
      taxBases: nothingPerLine(sheet),
      levies: [],
      notices: gift.notices,
    };
  const postal = sheet.consignment.channel === 'postal';
  const parts = [dutiesOf, processingFee, harborFee, surcharges].map((part) => part(sheet, values));
  const levies = parts.flatMap((part) => part.levies);
  const { notices: noDeMinimis } = ruleOn(usDeMinimis, sheet.asOf);
  return {
    ...common,
    regime: postal ? 'postal' : 'entry',
    levies,
    declaration: postal ? null : isFormal(sheet) ? 'formal' : 'informal',
    taxBases: nothingPerLine(sheet),
    notices: mergeNotices(noDeMinimis, ...parts.map((part) => part.notices), [STATE_TAX]),
  };
};
