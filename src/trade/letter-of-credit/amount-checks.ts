import { isFailure } from '#domain/failure.ts';
import { Exact, moneyText } from '../decimal.ts';
import { ruleOn } from '../rule.ts';
import {
  type Check,
  discrepancy,
  invoicesOf,
  notExamined,
  nothing,
  type PresentationCase,
  quantitiesOf,
  together,
  warning,
} from './presentation-case.ts';
import { amountRange, leastDrawing, quantityRange } from './tolerance.ts';
import { ABOUT } from './ucp-rules.ts';

const amountIsWithin: Check = ({ credit, presentation, drawing, invoiced, asOf }) => {
  if (drawing === null) return notExamined('the amount drawn');
  const { currency, amount, tolerance, additionalAmounts } = credit;
  const range = amountRange({ amount, currency, about: false, tolerance }, asOf);
  const drawn = drawing.plus(presentation.drawnBefore);
  const found = moneyText(drawn, currency);
  const over = drawn.gt(range.max);
  return together(
    { ...nothing(), notices: [...range.notices] },
    over && additionalAmounts === null
      ? discrepancy('OVERDRAWN', { expected: `at most ${range.max}`, found })
      : nothing(),
    over && additionalAmounts !== null
      ? notExamined(`the drawing of ${found} above ${range.max}: 39C covers “${additionalAmounts.join(' ')}”`)
      : nothing(),
    !over && invoiced?.plus(presentation.drawnBefore).gt(range.max)
      ? warning('INVOICE_ABOVE_CREDIT', {
          document: 'invoice',
          expected: `at most ${range.max}`,
          found: moneyText(invoiced, currency),
        })
      : nothing(),
  );
};

const quantityJudged = (input: PresentationCase) => {
  const both = quantitiesOf(input);
  if (!both) return null;
  const range = quantityRange(both.stated, input.asOf);
  return { ...both, range, short: both.total.lt(range.min), over: both.total.gt(range.max) };
};

const quantityIsWithin: Check = (input) => {
  const { credit, goods, presentation } = input;
  try {
    const judged = quantityJudged(input);
    if (!judged)
      return goods.quantities.length > 0 || credit.goods !== null ? notExamined('the quantity against 45A') : nothing();
    const { range, short, over, total, stated } = judged;
    const expected =
      range.min === range.max ? `${range.min} ${stated.unit}` : `${range.min} to ${range.max} ${stated.unit}`;
    // A smaller quantity is a partial shipment if those are allowed (art. 31(a)).
    const wrong = over || (short && credit.partialShipments === 'NOT ALLOWED');
    return together(
      { ...nothing(), notices: [...range.notices] },
      wrong
        ? discrepancy('QUANTITY_MISMATCH', {
            document: 'invoice',
            expected,
            found: `${total.toFixed()} ${stated.unit}`,
          })
        : nothing(),
      new Exact(presentation.drawnBefore).isZero()
        ? nothing()
        : notExamined('the quantity together with what was shipped under earlier drawings'),
      short && !wrong && credit.partialShipments === 'CONDITIONAL'
        ? notExamined(`the quantity ${total.toFixed()}: partial shipments are conditional, see 47A`)
        : nothing(),
    );
  } catch (error) {
    if (isFailure(error, 'no_row')) return notExamined(`the quantity: ${error.message}`);
    throw error;
  }
};

/** “About” beside the price gives it the 10 % of art. 30(a). */
const priceIs = (input: PresentationCase): 'as stated' | 'reduced' | 'other' | 'unknown' => {
  const stated = input.goods.unitPrice;
  const prices = invoicesOf(input).flatMap(({ unitPrice }) => unitPrice ?? []);
  if (!stated || prices.length === 0) return 'unknown';
  const spread = new Exact(stated.price).times(stated.about ? ruleOn(ABOUT, input.asOf).value : '0');
  const off = prices
    .map((price) => new Exact(price).minus(stated.price))
    .filter((difference) => difference.abs().gt(spread));
  if (off.length === 0) return 'as stated';
  return off.some((difference) => difference.isNegative()) ? 'reduced' : 'other';
};

const unitPriceAgrees: Check = (input) => {
  const { goods } = input;
  const is = priceIs(input);
  if (is === 'unknown') return goods.unitPrice ? notExamined('the unit price against 45A') : nothing();
  if (is === 'as stated') return nothing();
  const found = invoicesOf(input)
    .flatMap(({ unitPrice }) => unitPrice ?? [])
    .join(', ');
  return discrepancy('UNIT_PRICE', { document: 'invoice', expected: goods.unitPrice?.price ?? null, found });
};

const enoughIsDrawn: Check = (input) => {
  const { credit, drawing, presentation, asOf } = input;
  if (drawing === null || credit.partialShipments !== 'NOT ALLOWED') return nothing();
  let full: boolean;
  try {
    const judged = quantityJudged(input);
    if (judged?.short || judged?.over) return nothing();
    full = judged !== null;
  } catch (error) {
    if (isFailure(error, 'no_row')) full = false;
    else throw error;
  }
  const { currency, amount, tolerance } = credit;
  const price = priceIs(input);
  // Without the quantity it is unknown whether art. 30(c) applies. Then allow its 5 % and let a person check.
  const least = leastDrawing(
    {
      currency,
      amount,
      tolerance,
      about: false,
      partial: 'NOT ALLOWED',
      fullQuantity: true,
      unitPriceReduced: price === 'reduced',
    },
    asOf,
  );
  const drawn = drawing.plus(presentation.drawnBefore);
  return together(
    { ...nothing(), notices: [...least.notices] },
    drawn.lt(least.min)
      ? discrepancy('UNDERDRAWN', { expected: `at least ${least.min}`, found: moneyText(drawn, currency) })
      : nothing(),
    drawn.lt(amount) && !full
      ? notExamined('whether the quantity is shipped in full, as a smaller drawing asks (art. 30(c))')
      : nothing(),
  );
};

/** Amount, quantity and unit price: arts 18(b), 30 and 31(a); fields 32B, 39A, 39C, 43P and 45A. */
export const CHECKS_OF_AMOUNTS: readonly Check[] = [amountIsWithin, quantityIsWithin, unitPriceAgrees, enoughIsDrawn];
