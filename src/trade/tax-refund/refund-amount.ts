import { z } from 'zod';
import { Exact, exact, moneyText, roundMoney } from '../decimal.ts';
import type { PlainDate } from '../plain-date.ts';
import { invalid, readInput } from '../read-input.ts';
import { type Notice, ruleOn } from '../rule.ts';
import { SURCHARGE_BASE } from './rules-cn.ts';

const Amount = z.string().max(32);
const CNY = 'CNY';

const Rates = { taxRate: Amount, refundRate: Amount };

export const TradingClaim = z.strictObject({
  ...Rates,
  /** From the special VAT invoices, in CNY: without VAT, or with it. Exactly one of the two. */
  invoiceExVat: Amount.optional(),
  invoiceInclVat: Amount.optional(),
});

export const ManufacturerClaim = z.strictObject({
  ...Rates,
  /** FOB of the period's exports in CNY, or in another currency with the rate fixed for the year. */
  fobCny: Amount.optional(),
  fobForeign: Amount.optional(),
  fx: Amount.optional(),
  outputVat: Amount,
  inputVat: Amount,
  /** Credit carried over from the last period. */
  previousCredit: Amount.default('0'),
  /** Materials bought free of duty and VAT and used in the exports, in CNY. */
  dutyFreeMaterials: Amount.default('0'),
});

const ratesOf = (claim: { taxRate: string; refundRate: string }): { taxRate: Exact; refundRate: Exact } => {
  const taxRate = exact(claim.taxRate, 'taxRate', { max: '1' });
  const refundRate = exact(claim.refundRate, 'refundRate', { max: '1' });
  if (refundRate.gt(taxRate))
    throw invalid('refundRate', 'is more than the VAT rate; write both as fractions such as 0.13');
  return { taxRate, refundRate };
};

const floor0 = (value: Exact): Exact => (value.isNegative() ? new Exact(0) : value);
const fen = (value: Exact): Exact => roundMoney(value, CNY);
const text = (value: Exact): string => moneyText(value, CNY);

const exVatOf = (claim: z.output<typeof TradingClaim>, taxRate: Exact): Exact => {
  const { invoiceExVat, invoiceInclVat } = claim;
  if (invoiceExVat === undefined && invoiceInclVat === undefined)
    throw invalid('invoiceExVat', 'the amount of the special VAT invoices is needed, without or with VAT');
  const fromGross = invoiceInclVat === undefined ? null : exact(invoiceInclVat, 'invoiceInclVat').div(taxRate.plus(1));
  if (invoiceExVat === undefined) return fromGross ?? new Exact(0);
  const net = exact(invoiceExVat, 'invoiceExVat');
  if (fromGross && !fen(fromGross).eq(fen(net)))
    throw invalid('invoiceInclVat', 'does not agree with the amount without VAT; check the invoices');
  return net;
};

export interface TradingRefund {
  refund: string;
  /** The part of the input VAT that is not refunded and becomes a cost. */
  costTransfer: string;
}

/**
 * Refund of a trading company (免退税): invoice amount without VAT × refund rate; the rest of the VAT is a cost. Law:
 * neither is negative, and together they are the VAT of the invoices to the fen. Source: 公告2026年第11号.
 */
export const tradingRefund = (input: z.input<typeof TradingClaim>): TradingRefund => {
  const claim = readInput(TradingClaim, input);
  const { taxRate, refundRate } = ratesOf(claim);
  const base = exVatOf(claim, taxRate);
  const refund = fen(base.times(refundRate));
  return { refund: text(refund), costTransfer: text(fen(base.times(taxRate)).minus(refund)) };
};

const fobOf = (claim: z.output<typeof ManufacturerClaim>): Exact => {
  const { fobCny, fobForeign, fx } = claim;
  const converted =
    fobForeign === undefined || fx === undefined
      ? null
      : fen(exact(fobForeign, 'fobForeign').times(exact(fx, 'fx', { zero: false })));
  if (fobCny === undefined) {
    if (converted) return converted;
    throw invalid('fobCny', 'FOB in CNY is needed, or FOB in another currency with its rate');
  }
  const fob = exact(fobCny, 'fobCny');
  if (converted && !converted.eq(fen(fob)))
    throw invalid('fobCny', `does not agree with FOB × rate, which is ${text(converted)}`);
  return fob;
};

export interface ManufacturerRefund {
  /** Input VAT that may not be credited: (FOB − duty-free materials) × (tax rate − refund rate). */
  nonCreditable: string;
  /** Below zero: credit left. */
  taxPayable: string;
  refundCap: string;
  refund: string;
  /** 免抵: the part of the cap that is offset instead of paid out. */
  exemptCredit: string;
  carryForward: string;
  surchargeBase: string;
  notices: readonly Notice[];
}

/**
 * Refund of a manufacturer (免抵退) for one period. Laws: refund + 免抵 = cap; refund ≤ credit left; refund + carried
 * forward = credit left; only the tax payable can be negative. Each figure is rounded to the fen when it is determined.
 * Sources: 公告2026年第11号; the surcharge base is general knowledge.
 */
export const manufacturerRefund = (
  input: z.input<typeof ManufacturerClaim>,
  asOf: { on: PlainDate; today: PlainDate },
): ManufacturerRefund => {
  const claim = readInput(ManufacturerClaim, input);
  const { taxRate, refundRate } = ratesOf(claim);
  const base = floor0(fobOf(claim).minus(exact(claim.dutyFreeMaterials, 'dutyFreeMaterials')));
  const nonCreditable = fen(base.times(taxRate.minus(refundRate)));
  const cap = fen(base.times(refundRate));
  const creditable = fen(exact(claim.inputVat, 'inputVat')).minus(nonCreditable);
  const tax = fen(exact(claim.outputVat, 'outputVat'))
    .minus(creditable)
    .minus(fen(exact(claim.previousCredit, 'previousCredit')));
  const left = floor0(tax.negated());
  const refund = Exact.min(left, cap);
  const exempt = cap.minus(refund);
  return {
    nonCreditable: text(nonCreditable),
    taxPayable: text(tax),
    refundCap: text(cap),
    refund: text(refund),
    exemptCredit: text(exempt),
    carryForward: text(left.minus(refund)),
    surchargeBase: text(floor0(tax).plus(exempt)),
    notices: ruleOn(SURCHARGE_BASE, asOf).notices,
  };
};

/** The price terms that a declaration may use. The refund is calculated from FOB. */
export const PriceBasis = z.strictObject({
  basis: z.enum(['FOB', 'CFR', 'CIF']),
  price: Amount,
  freight: Amount.default('0'),
  insurance: Amount.default('0'),
});

/**
 * Converts a price to FOB: CIF minus freight and insurance, CFR minus freight. Throws `invalid` if the charges included
 * in the terms were not given, or leave nothing.
 */
export const fobOfPrice = (input: z.input<typeof PriceBasis>): string => {
  const { basis, price, freight, insurance } = readInput(PriceBasis, input);
  const [toShip, cover] = [exact(freight, 'freight'), exact(insurance, 'insurance')];
  if (basis !== 'FOB' && toShip.isZero()) throw invalid('freight', `a ${basis} price contains freight; hand it in`);
  if (basis === 'CIF' && cover.isZero()) throw invalid('insurance', 'a CIF price contains insurance; hand it in');
  const included = { FOB: new Exact(0), CFR: toShip, CIF: toShip.plus(cover) }[basis];
  const fob = exact(price, 'price', { zero: false }).minus(included);
  if (!fob.isPositive() || fob.isZero()) throw invalid('price', 'freight and insurance leave nothing of it');
  return fob.toFixed();
};
