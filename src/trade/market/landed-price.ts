import { z } from 'zod';
import { Currency } from '#domain/money.ts';
import { Exact, exact, moneyText, roundMoney } from '../decimal.ts';
import { readInput } from '../read-input.ts';
import { FigureText } from './measures.ts';

/** A rate as a decimal fraction: 0.12 is 12 per cent. */
const MAX_RATE = '100';

const Import = {
  currency: Currency,
  /** Rates as fractions: duty on goods, freight and fees; value-added tax on all of that plus duty. */
  dutyRate: FigureText,
  vatRate: FigureText,
  freight: FigureText,
  /** Insurance, handling and other costs up to the border. */
  fees: FigureText,
};

export const LandedPriceTest = z.strictObject({
  ...Import,
  /** What the buyer in the market pays, including value-added tax. */
  targetPrice: FigureText,
});
export type LandedPriceTest = z.input<typeof LandedPriceTest>;

const importOf = (input: { dutyRate: string; vatRate: string; freight: string; fees: string }) => ({
  duty: exact(input.dutyRate, 'dutyRate', { max: MAX_RATE }).plus(1),
  vat: exact(input.vatRate, 'vatRate', { max: MAX_RATE }).plus(1),
  border: exact(input.freight, 'freight').plus(exact(input.fees, 'fees')),
});

/**
 * The highest FOB price that still meets a target price in the market: target / ((1 + duty)(1 + VAT)) − freight − fees,
 * rounded down. If it is below zero (`feasible` is false), freight and levies alone cost more than the target.
 */
export const landedPriceTest = (input: LandedPriceTest): { maxFob: string; feasible: boolean } => {
  const { currency, targetPrice, ...rest } = readInput(LandedPriceTest, input);
  const { duty, vat, border } = importOf(rest);
  const maxFob = exact(targetPrice, 'targetPrice').div(duty.times(vat)).minus(border);
  const rounded = roundMoney(maxFob, currency, maxFob.isNegative() ? 'up' : 'down');
  return { maxFob: moneyText(rounded, currency), feasible: rounded.gt(0) };
};

export const LandedMarginInput = z.strictObject({
  ...Import,
  fob: FigureText,
  /** What the buyer in the market pays, including value-added tax. */
  price: FigureText,
  /** Cost of selling in the market: commission, last mile, returns. */
  sellingCost: FigureText,
});
export type LandedMarginInput = z.input<typeof LandedMarginInput>;

export interface LandedMargin {
  customsValue: string;
  duty: string;
  landedCost: string;
  /** Without value-added tax, which is passed on. */
  netPrice: string;
  margin: string;
  /** Share of the net price, four decimals; null for a price of zero. */
  marginRate: string | null;
}

/** The margin of a price in the market after landed cost; negative if the goods cost more than they earn. */
export const landedMargin = (input: LandedMarginInput): LandedMargin => {
  const { currency, fob, price, sellingCost, ...rest } = readInput(LandedMarginInput, input);
  const { duty, vat, border } = importOf(rest);
  const money = (value: Exact) => roundMoney(value, currency);
  const customsValue = exact(fob, 'fob').plus(border);
  const dutyPaid = money(customsValue.times(duty.minus(1)));
  const landed = customsValue.plus(dutyPaid);
  const net = money(exact(price, 'price').div(vat));
  const margin = net.minus(landed).minus(exact(sellingCost, 'sellingCost'));
  return {
    customsValue: moneyText(customsValue, currency),
    duty: moneyText(dutyPaid, currency),
    landedCost: moneyText(landed, currency),
    netPrice: moneyText(net, currency),
    margin: moneyText(margin, currency),
    marginRate: net.isZero() ? null : new Exact(margin.div(net)).toFixed(4),
  };
};
