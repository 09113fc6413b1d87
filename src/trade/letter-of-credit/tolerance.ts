import { z } from 'zod';
import { Currency, DecimalText, exponentOf } from '#domain/money.ts';
import { Exact, exact, moneyText, roundMoney } from '../decimal.ts';
import { invalid } from '../read-input.ts';
import { type AsOf, mergeNotices, type Notice, noRow, ruleOn } from '../rule.ts';
import { unitOf } from './quantity-units.ts';
import { quoted } from './quoted.ts';
import { ABOUT, AMOUNT_SHORTFALL, INSURANCE_PER_CENT, QUANTITY_TOLERANCE } from './ucp-rules.ts';

/** Field 39A: per cent more and per cent less, for the amount only. */
export const AmountTolerance = z.strictObject({ plus: z.int().min(0).max(99), minus: z.int().min(0).max(99) });
export type AmountTolerance = z.infer<typeof AmountTolerance>;

const TOLERANCE_39A = /^(\d{1,2})\/(\d{1,2})$/;

/** `10/05` → 10 % more, 5 % less; throws `invalid` on any other form. */
export const toleranceOf = (text: string, field = '39A'): AmountTolerance => {
  const match = TOLERANCE_39A.exec(text);
  if (!match) throw invalid(field, `${quoted(text)} is not two percentages such as 05/05`);
  return { plus: Number(match[1]), minus: Number(match[2]) };
};

/** An amount of the credit with its tolerances. `about`: “about” or “approximately” stands beside the amount. */
export const CreditAmount = z.strictObject({
  amount: DecimalText,
  currency: Currency,
  about: z.boolean().default(false),
  tolerance: AmountTolerance.nullable().default(null),
});
export type CreditAmount = z.infer<typeof CreditAmount>;

/** An amount that the currency can express; throws `invalid` for zero, negatives and too many decimals. */
export const amountIn = (text: string, currency: string, field = 'amount'): Exact => {
  const value = exact(text, field, { zero: false });
  if (value.decimalPlaces() > exponentOf(currency))
    throw invalid(field, `${quoted(text)} has more decimals than ${currency}, which has ${exponentOf(currency)}`);
  return value;
};

export interface AmountRange {
  min: string;
  max: string;
  notices: readonly Notice[];
}

/**
 * The minimum and maximum of a drawing of the whole amount, rounded inwards to the minor unit, so that both are within
 * the tolerance. 39A takes precedence over “about”. Without either, both equal the amount.
 */
export const amountRange = (credit: CreditAmount, asOf: AsOf): AmountRange => {
  const { currency, tolerance, about } = credit;
  const amount = amountIn(credit.amount, currency);
  const ruled = about && tolerance === null ? ruleOn(ABOUT, asOf) : null;
  const fraction = ruled?.value ?? '0';
  const less = tolerance ? new Exact(tolerance.minus).div(100) : new Exact(fraction);
  const more = tolerance ? new Exact(tolerance.plus).div(100) : new Exact(fraction);
  return {
    min: moneyText(roundMoney(amount.minus(amount.times(less)), currency, 'up'), currency),
    max: moneyText(roundMoney(amount.plus(amount.times(more)), currency, 'down'), currency),
    notices: ruled?.notices ?? [],
  };
};

/** A quantity of the credit. `tolerance` is one stated in the description of goods itself, in per cent. */
export const CreditQuantity = z.strictObject({
  quantity: DecimalText,
  unit: z.string().min(1).max(40),
  about: z.boolean().default(false),
  tolerance: AmountTolerance.nullable().default(null),
});
export type CreditQuantity = z.infer<typeof CreditQuantity>;

export interface QuantityRange {
  min: string;
  max: string;
  /** The origin of the tolerance; `none` for packing units and items. */
  because: 'credit' | 'art. 30(a)' | 'art. 30(b)' | 'none';
  notices: readonly Notice[];
}

/**
 * The minimum and maximum that may be shipped. Items are rounded inwards to whole ones. Art. 30(b) also requires that
 * the drawings stay within the amount of the credit, which the caller checks. Throws `no_row` if it matters whether a
 * unit counts packing units or measures and that is not on file.
 */
export const quantityRange = (credit: CreditQuantity, asOf: AsOf): QuantityRange => {
  const quantity = exact(credit.quantity, 'qty', { zero: false });
  const unit = unitOf(credit.unit);
  const within = (minus: Exact, plus: Exact, because: QuantityRange['because'], notices: readonly Notice[]) => {
    const [min, max] = [quantity.minus(quantity.times(minus)), quantity.plus(quantity.times(plus))];
    const whole = unit?.kind === 'item' && quantity.isInteger();
    return { min: (whole ? min.ceil() : min).toFixed(), max: (whole ? max.floor() : max).toFixed(), because, notices };
  };
  if (credit.tolerance)
    return within(new Exact(credit.tolerance.minus).div(100), new Exact(credit.tolerance.plus).div(100), 'credit', []);
  if (credit.about) {
    const { value, notices } = ruleOn(ABOUT, asOf);
    return within(new Exact(value), new Exact(value), 'art. 30(a)', notices);
  }
  if (!unit)
    throw noRow(`whether ${quoted(credit.unit)} counts packing units or a measure (UCP 600 art. 30(b))`, 'unit');
  if (unit.kind === 'item') return within(new Exact(0), new Exact(0), 'none', []);
  const { value, notices } = ruleOn(QUANTITY_TOLERANCE, asOf);
  return within(new Exact(value), new Exact(value), 'art. 30(b)', notices);
};

/** The input of art. 30(c). `partial` is field 43P; without it partial drawings are allowed (art. 31(a)). */
export const ShortDrawing = CreditAmount.extend({
  partial: z.enum(['ALLOWED', 'CONDITIONAL', 'NOT ALLOWED']).nullable().default(null),
  fullQuantity: z.boolean(),
  unitPriceReduced: z.boolean(),
});
export type ShortDrawing = z.infer<typeof ShortDrawing>;

/**
 * The minimum drawing. A tolerance in the credit itself (39A, “about”) decides alone. Without one: 5 % less if the
 * quantity is shipped in full and the unit price is not reduced, even if partial shipments are not allowed (art.
 * 30(c)); otherwise the full amount, or zero if partial drawings are allowed.
 */
export const leastDrawing = (short: ShortDrawing, asOf: AsOf): { min: string; notices: readonly Notice[] } => {
  const { amount, currency, about, tolerance } = short;
  if (about || tolerance) {
    const { min, notices } = amountRange({ amount, currency, about, tolerance }, asOf);
    return { min, notices };
  }
  const whole = amountIn(amount, currency);
  if (short.fullQuantity && !short.unitPriceReduced) {
    const { value, notices } = ruleOn(AMOUNT_SHORTFALL, asOf);
    return { min: moneyText(roundMoney(whole.minus(whole.times(value)), currency, 'up'), currency), notices };
  }
  return { min: moneyText(short.partial === 'NOT ALLOWED' ? whole : new Exact(0), currency), notices: [] };
};

/**
 * The value to insure: the CIF or CIP value if the documents show it, otherwise the greater of the amount to be
 * honoured and the gross value of the goods on the invoice.
 */
export const InsuredValue = z
  .strictObject({
    currency: Currency,
    cifValue: DecimalText.nullable(),
    honoured: DecimalText.nullable().default(null),
    grossInvoice: DecimalText.nullable().default(null),
    /** Per cent stated in the credit, such as `120`; null if it states none. */
    perCent: DecimalText.nullable().default(null),
  })
  .refine(({ cifValue, honoured, grossInvoice }) => cifValue ?? honoured ?? grossInvoice, {
    path: ['cifValue'],
    message: 'the CIF or CIP value, the amount honoured or the gross invoice value is needed',
  });
export type InsuredValue = z.infer<typeof InsuredValue>;

/** The minimum insured amount (art. 28(f)(ii)), rounded up to the minor unit: a fraction less is insufficient. */
export const leastCover = (insured: InsuredValue, asOf: AsOf): { min: string; perCent: string; notices: Notice[] } => {
  const { currency } = insured;
  const values = insured.cifValue === null ? [insured.honoured, insured.grossInvoice] : [insured.cifValue];
  const known = values.flatMap((value) => (value === null ? [] : [amountIn(value, currency, 'cif')]));
  if (known.length === 0) throw invalid('cif', 'the value that the cover is measured on is missing');
  const ruled = insured.perCent === null ? ruleOn(INSURANCE_PER_CENT, asOf) : null;
  const perCent = exact(ruled?.value ?? insured.perCent ?? '', 'lcPct', { zero: false, max: '1000' });
  return {
    min: moneyText(
      roundMoney(
        Exact.max(...known)
          .times(perCent)
          .div(100),
        currency,
        'up',
      ),
      currency,
    ),
    perCent: perCent.toFixed(),
    notices: mergeNotices(ruled?.notices ?? []),
  };
};
