import { Currency } from '#domain/money.ts';
import { minorUnitOn } from '../currency/minor-unit.ts';
import { Exact, exact, roundMoney, roundTo } from '../decimal.ts';
import { plainDate } from '../plain-date.ts';
import { invalid, readInput } from '../read-input.ts';
import { type AsOf, mergeNotices, type Notice, type RuleTable, ruleOn } from '../rule.ts';

/** Cover per unit of the insured price: the price plus the buyer's expected profit. */
export const insuredMarkup: RuleTable<string> = {
  id: 'incoterms.insured-markup',
  name: 'Least cover of CIF and CIP',
  rows: [
    {
      from: plainDate('2020-01-01'),
      to: null,
      value: '1.10',
      source: { title: 'Incoterms 2020, CIF and CIP A5; UCP 600 article 28', read: plainDate('2026-11-24') },
      status: 'general_knowledge',
      reviewBy: plainDate('2029-06-30'),
    },
  ],
};

/** Amounts are decimal text in `currency`. */
export interface Quotation {
  /** The price on board (FOB) or handed to the carrier (FCA). */
  fob: string;
  /** Main carriage to the place of destination. */
  freight: string;
  /** Share of the insured amount: `0.005` for half a percent. */
  premiumRate: string;
  /** Default: 110 % of the price. */
  markup?: string | undefined;
  currency: string;
}

export interface Prices {
  fob: Exact;
  /** Also the price CPT. */
  cfr: Exact;
  /** Also the price CIP, which needs wider cover and therefore has another premium rate. */
  cif: Exact;
  /** The difference between CIF and CFR, so that the displayed prices add up. */
  premium: Exact;
  /** Markup × the exact CIF price, rounded to the nearest minor unit. */
  insured: Exact;
  /** The minimum cover that an insurance document may show for the rounded CIF price: rounded up. */
  leastCover: Exact;
  notices: readonly Notice[];
}

const positiveShare = (premiumRate: string, markup: Exact): Exact => {
  const left = new Exact(1).minus(markup.times(exact(premiumRate, 'premiumRate', { max: '1' })));
  if (left.lte(0)) throw invalid('premiumRate', 'the premium would be the whole price or more');
  return left;
};

const markupOf = (markup: string | undefined, asOf: AsOf): { value: Exact; notices: readonly Notice[] } => {
  const rule = ruleOn(insuredMarkup, asOf);
  const value = exact(markup ?? rule.value, 'markup', { zero: false, max: '10' });
  if (value.lt(1)) throw invalid('markup', 'is less than the price itself');
  const low: Notice[] = value.lt(rule.value)
    ? [
        {
          code: 'advice',
          rule: insuredMarkup.id,
          message: `cover below ${rule.value} × the price: less than CIF and CIP ask`,
        },
      ]
    : [];
  return { value, notices: [...rule.notices, ...low] };
};

const pricesFrom = (cfr: Exact, fob: Exact, quotation: Omit<Quotation, 'fob' | 'freight'>, asOf: AsOf): Prices => {
  const { currency } = quotation;
  const { value: unit, notices: known } = minorUnitOn(currency, asOf);
  const { value: markup, notices } = markupOf(quotation.markup, asOf);
  const exactCif = cfr.div(positiveShare(quotation.premiumRate, markup));
  const [roundedCfr, cif] = [roundMoney(cfr, currency), roundMoney(exactCif, currency)];
  return {
    fob: roundMoney(fob, currency),
    cfr: roundedCfr,
    cif,
    premium: cif.minus(roundedCfr),
    insured: roundMoney(exactCif.times(markup), currency),
    leastCover: roundTo(cif.times(markup), new Exact(10).pow(-unit.decimals).toFixed(), 'up'),
    notices: mergeNotices(known, notices),
  };
};

/**
 * FOB → CFR → CIF (FCA → CPT → CIP). The premium is charged on the insured amount, which contains the premium, so CIF =
 * CFR / (1 − markup × premium rate). Nothing is rounded before the end. Throws `invalid` naming the field, `no_row` for
 * a currency not in force.
 */
export const pricesFromFob = (quotation: Quotation, asOf: AsOf): Prices => {
  const fob = exact(quotation.fob, 'fob');
  return pricesFrom(fob.plus(exact(quotation.freight, 'freight')), fob, quotation, asOf);
};

/** CIF → CFR → FOB, with the premium included in the CIF price: the reverse of `pricesFromFob`. */
export const pricesFromCif = ({ cif, ...quotation }: Omit<Quotation, 'fob'> & { cif: string }, asOf: AsOf): Prices => {
  const { value: markup } = markupOf(quotation.markup, asOf);
  const cfr = exact(cif, 'cif').times(positiveShare(quotation.premiumRate, markup));
  const fob = cfr.minus(exact(quotation.freight, 'freight'));
  if (fob.isNegative()) throw invalid('freight', 'is more than the price without the premium');
  return pricesFrom(cfr, fob, quotation, asOf);
};

export interface RefundBaseInput {
  /** The CIF price and its parts for carriage and insurance, in `currency`. */
  cif: string;
  freight: string;
  insurance: string;
  currency: string;
  /** CNY for one unit of `currency`. The caller keeps its source on record. */
  fxCny: string;
}

/** The FOB value that a Chinese export refund is based on: the CIF price minus freight and insurance, in CNY. */
export const refundBase = (input: RefundBaseInput): { fob: Exact; fobCny: Exact } => {
  const currency = readInput(Currency, input.currency, 'currency');
  const costs = exact(input.freight, 'freight').plus(exact(input.insurance, 'insurance'));
  const fob = roundMoney(exact(input.cif, 'cif').minus(costs), currency);
  if (fob.isNegative()) throw invalid('cif', 'is less than its freight and insurance');
  return { fob, fobCny: roundMoney(fob.times(exact(input.fxCny, 'fxCny', { zero: false })), 'CNY') };
};
