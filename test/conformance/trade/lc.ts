import { z } from 'zod';
import { Calendar } from '../../../src/trade/calendar.ts';
import { maturityOf } from '../../../src/trade/letter-of-credit/maturity.ts';
import { lastExaminationDay, presentationDeadline } from '../../../src/trade/letter-of-credit/presentation-days.ts';
import { shipmentPeriod } from '../../../src/trade/letter-of-credit/shipment-period.ts';
import {
  amountRange,
  leastCover,
  leastDrawing,
  quantityRange,
  toleranceOf,
} from '../../../src/trade/letter-of-credit/tolerance.ts';
import { PlainDate, plainDate } from '../../../src/trade/plain-date.ts';
import { invalid, readUnder } from '../../../src/trade/read-input.ts';
import type { Answer } from './vector.ts';

const TODAY = plainDate('2026-11-25');
const ASKED = { on: TODAY, today: TODAY };
/** ISO 4217 for “no currency”: two decimals. */
const UNNAMED = 'XXX';

const Amount = z.union([z.string(), z.number().transform(String)]);
const Exam = z.object({ presented: PlainDate, bankClosed: Calendar });
const Present = z.object({
  onBoard: PlainDate,
  expiry: PlainDate,
  bankClosed: Calendar,
  field48Days: z.int().min(0).max(999).nullable().default(null),
});
const PeriodText = z.object({ text: z.string() });
const Tenor = z.object({ tenor: z.string(), base: PlainDate });
const Currency = z.string().regex(/^[A-Z]{3}$/, 'is an ISO 4217 code such as EUR');
const Tolerance = z.object({
  amount: Amount.optional(),
  ccy: Currency.optional(),
  about: z.boolean().optional(),
  '39A': z.string().nullable().optional(),
  qty: Amount.optional(),
  unit: z.string().optional(),
  partial: z.enum(['ALLOWED', 'CONDITIONAL', 'NOT ALLOWED']).optional(),
  fullQty: z.boolean().optional(),
  unitPriceReduced: z.boolean().optional(),
  cif: Amount.optional(),
  lcPct: Amount.nullable().optional(),
});
type Tolerance = z.infer<typeof Tolerance>;

/** An answer in a currency names it if the question did. */
const inCurrency = ({ ccy }: Tolerance) => (ccy === undefined ? {} : { ccy });

const insurance = (input: Tolerance, cif: string) => ({
  minCover: leastCover(
    { currency: input.ccy ?? UNNAMED, cifValue: cif, honoured: null, grossInvoice: null, perCent: input.lcPct ?? null },
    ASKED,
  ).min,
  ...inCurrency(input),
});

const amountTerms = (input: Tolerance, amount: string) => ({
  amount,
  currency: input.ccy ?? UNNAMED,
  about: input.about ?? false,
  tolerance: input['39A'] == null ? null : toleranceOf(input['39A']),
});

const shortDrawing = (input: Tolerance, amount: string) => ({
  minDrawing: leastDrawing(
    {
      ...amountTerms(input, amount),
      partial: input.partial ?? null,
      fullQuantity: input.fullQty ?? false,
      unitPriceReduced: input.unitPriceReduced ?? false,
    },
    ASKED,
  ).min,
  ...inCurrency(input),
});

const quantity = (input: Tolerance, qty: string) => {
  const { min, max } = quantityRange(
    { quantity: qty, unit: input.unit ?? '', about: input.about ?? false, tolerance: null },
    ASKED,
  );
  // “About” beside the quantity does not apply to the amount.
  const drawings =
    input.amount === undefined ? null : amountRange({ ...amountTerms(input, input.amount), about: false }, ASKED);
  return { qtyMin: min, qtyMax: max, ...(drawings ? { amountMax: drawings.max } : {}) };
};

const tolerance = (input: Tolerance): unknown => {
  if (input.cif !== undefined) return insurance(input, input.cif);
  if (input.qty !== undefined) return quantity(input, input.qty);
  if (input.amount === undefined) throw invalid('amount', 'is missing');
  if (input.fullQty !== undefined || input.unitPriceReduced !== undefined) return shortDrawing(input, input.amount);
  const { min, max } = amountRange(amountTerms(input, input.amount), ASKED);
  return { min, max, ...inCurrency(input) };
};

export const answer: Answer = (id, input) => {
  if (id.startsWith('exam-')) {
    const { presented, bankClosed } = readUnder('input', Exam, input);
    return { lastExaminationDay: lastExaminationDay(presented, bankClosed, ASKED).lastDay };
  }
  if (id.startsWith('present-')) {
    const { onBoard, expiry, field48Days, bankClosed } = readUnder('input', Present, input);
    const terms = { shipped: onBoard, expiry, days: field48Days, originals: true };
    const { limit, lastDay, statement } = presentationDeadline(terms, bankClosed, ASKED);
    return { limitBeforeArt29: limit, lastDay, art29Statement: statement };
  }
  if (id.startsWith('period-')) {
    const { earliest, latest } = shipmentPeriod(readUnder('input', PeriodText, input).text, ASKED);
    return { earliest, latest };
  }
  if (id.startsWith('maturity-')) {
    const { tenor, base } = readUnder('input', Tenor, input);
    return { maturity: maturityOf(tenor, base, ASKED).maturity };
  }
  if (id.startsWith('tol-')) return tolerance(readUnder('input', Tolerance, input));
  throw invalid('id', `${id.slice(0, 40)} is no question about a letter of credit`);
};
