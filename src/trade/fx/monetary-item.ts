import { z } from 'zod';
import { Currency } from '#domain/money.ts';
import { minorUnitOn } from '../currency/minor-unit.ts';
import { Exact, exact, moneyText, roundMoney } from '../decimal.ts';
import { PlainDate } from '../plain-date.ts';
import { invalid, readInput } from '../read-input.ts';
import { mergeNotices, type Notice } from '../rule.ts';

const Amount = z.string().max(32);

export const MonetaryItem = z.strictObject({
  side: z.enum(['receivable', 'payable']),
  /** The item's currency and the books' currency. */
  currency: Currency,
  functional: Currency,
  amount: Amount,
  booked: z.strictObject({ date: PlainDate, rate: Amount }),
  /** Balance-sheet dates on which the item was still open, with the closing rate. */
  closings: z.array(z.strictObject({ date: PlainDate, rate: Amount })).max(600),
  /**
   * What was settled: `amount` in the item's currency, the bank's fee included in it (receivable) or on top (payable).
   */
  settlements: z
    .array(z.strictObject({ date: PlainDate, amount: Amount, rate: Amount, bankFee: Amount.default('0') }))
    .max(1_000),
});
export type MonetaryItem = z.input<typeof MonetaryItem>;

export interface ItemEvent {
  kind: 'closing' | 'settlement';
  date: PlainDate;
  /** The gain (+) or loss (−) of this event against the carrying amount: nothing is ever reversed. */
  difference: string;
  /** The carrying amount after this event, and the open amount in the item's currency. */
  carrying: string;
  open: string;
  /**
   * For a settlement: the amount received on or paid from the bank account, and the fee, both in the books' currency.
   */
  cash?: string;
  fee?: string;
}

export interface MonetaryItemHistory {
  booked: string;
  events: readonly ItemEvent[];
  /** Sums of the differences at closings, at settlements, and of both. */
  unrealised: string;
  realised: string;
  lifetime: string;
  cash: string;
  fee: string;
  carrying: string;
  open: string;
  notices: readonly Notice[];
}

interface Step {
  kind: ItemEvent['kind'];
  date: PlainDate;
  rate: Exact;
  amount: Exact;
  bankFee: Exact;
}

const stepsOf = (item: z.output<typeof MonetaryItem>): Step[] => {
  const closings = item.closings.map(({ date, rate }, index): Step => {
    const at = exact(rate, `closings.${index}.rate`, { zero: false });
    return { kind: 'closing', date, rate: at, amount: new Exact(0), bankFee: new Exact(0) };
  });
  const settlements = item.settlements.map((paid, index): Step => {
    const field = `settlements.${index}`;
    const amount = exact(paid.amount, `${field}.amount`, { zero: false });
    const bankFee = exact(paid.bankFee, `${field}.bankFee`);
    if (item.side === 'receivable' && bankFee.gt(amount)) throw invalid(`${field}.bankFee`, 'is more than the amount');
    const rate = exact(paid.rate, `${field}.rate`, { zero: false });
    return { kind: 'settlement', date: paid.date, rate, amount, bankFee };
  });
  const steps = [...settlements, ...closings];
  for (const { kind, date } of steps)
    if (date < item.booked.date) throw invalid(`${kind}s`, `${date} is before the item was booked`);
  if (new Set(closings.map(({ date }) => date)).size < closings.length)
    throw invalid('closings', 'two closings have the same day');
  // On the same day, payments come before the closing: the balance sheet shows what was open at the end of the day.
  return steps.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
};

/**
 * The life of a monetary item in the books: booked at the spot rate, re-translated at each closing, settled in one or
 * several payments. Law: the differences of a settled item add up to cash + fee − booked (payable: booked − (cash −
 * fee)), to the minor unit. The bank's fee is a separate cost and never an exchange loss. Rates are in the books'
 * currency for one unit of the item's. Throws `invalid` if more is settled than is open, or for a day before booking;
 * `no_row` for a day on which one of the currencies is not in force.
 * Source: IAS 21.21–29 (exchange differences on monetary items).
 */
export const monetaryItemHistory = (input: MonetaryItem, today: PlainDate): MonetaryItemHistory => {
  const item = readInput(MonetaryItem, input);
  const steps = stepsOf(item);
  // A currency can end during the life of an item (BGN on 2025-12-31). The events do not cover what happens then.
  const units = [item.booked, ...steps].flatMap(({ date }) => [
    minorUnitOn(item.currency, { on: date, today }),
    minorUnitOn(item.functional, { on: date, today }, 'functional'),
  ]);
  const round = (value: Exact): Exact => roundMoney(value, item.functional);
  const text = (value: Exact): string => moneyText(value, item.functional);
  const gain = item.side === 'receivable' ? 1 : -1;

  let open = exact(item.amount, 'amount', { zero: false });
  const booked = round(open.times(exact(item.booked.rate, 'booked.rate', { zero: false })));
  let carrying = booked;
  const sums = { closing: new Exact(0), settlement: new Exact(0), cash: new Exact(0), fee: new Exact(0) };
  const events = steps.map((step): ItemEvent => {
    const { kind, date, rate, amount, bankFee } = step;
    if (kind === 'closing') {
      const translated = round(open.times(rate));
      const difference = translated.minus(carrying).times(gain);
      carrying = translated;
      sums.closing = sums.closing.plus(difference);
      return { kind, date, difference: text(difference), carrying: text(carrying), open: open.toFixed() };
    }
    if (amount.gt(open))
      throw invalid('settlements', `${amount.toFixed()} on ${date} is more than the open ${open.toFixed()}`);
    // The last part takes the remaining carrying amount, so that nothing of it is left.
    const released = amount.eq(open) ? carrying : round(carrying.times(amount).div(open));
    const cash = round(amount.minus(bankFee.times(gain)).times(rate));
    const fee = round(amount.times(rate)).minus(cash).times(gain);
    const difference = cash.plus(fee.times(gain)).minus(released).times(gain);
    carrying = carrying.minus(released);
    open = open.minus(amount);
    sums.settlement = sums.settlement.plus(difference);
    sums.cash = sums.cash.plus(cash);
    sums.fee = sums.fee.plus(fee);
    return {
      kind,
      date,
      difference: text(difference),
      carrying: text(carrying),
      open: open.toFixed(),
      cash: text(cash),
      fee: text(fee),
    };
  });
  return {
    booked: text(booked),
    events,
    unrealised: text(sums.closing),
    realised: text(sums.settlement),
    lifetime: text(sums.closing.plus(sums.settlement)),
    cash: text(sums.cash),
    fee: text(sums.fee),
    carrying: text(carrying),
    open: open.toFixed(),
    notices: mergeNotices(...units.map(({ notices }) => notices)),
  };
};
