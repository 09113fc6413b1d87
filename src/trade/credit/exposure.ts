import { z } from 'zod';
import { Currency } from '#domain/money.ts';
import { Exact, exact, moneyText, roundMoney } from '../decimal.ts';
import { readInput } from '../read-input.ts';

const Amount = z.string().max(32, 'a decimal number such as 12.50');

/**
 * Under a confirmed letter of credit a bank owes the money, not the buyer, so the limits of that bank and its country
 * apply.
 */
const ConfirmedCredit = z.strictObject({
  bankHeadroom: Amount,
  countryHeadroom: Amount,
});

export const ExposureInput = z.strictObject({
  currency: Currency,
  /** The buyer's credit limit. */
  limit: Amount,
  /** Receivables including tax. */
  openInvoices: Amount,
  /** Accepted orders that are not invoiced yet, including tax. */
  ordersNotInvoiced: Amount,
  /** The order to decide on, including tax. */
  newOrder: Amount,
  /** Set if a letter of credit covers the new order and a bank outside the buyer's country has confirmed it. */
  confirmedCredit: ConfirmedCredit.optional(),
});
export type ExposureInput = z.input<typeof ExposureInput>;

export interface Exposure {
  /** Open invoices and orders not yet invoiced, without the new order. */
  exposure: string;
  /** Limit minus exposure; negative if the limit is already exceeded. */
  headroom: string;
  decision: 'ship' | 'hold';
  /** What must be paid before the order can ship, rounded up; zero for `ship` only. */
  payFirst: string;
  /** The part of `payFirst` that is for the new order itself; the rest is for open items. */
  prepayment: string;
  limitUsed: 'buyer' | 'bank' | 'country';
  reason: string;
}

interface Room {
  limitUsed: Exposure['limitUsed'];
  headroom: Exact;
}

const smallestRoom = ({ bankHeadroom, countryHeadroom }: z.infer<typeof ConfirmedCredit>): Room => {
  const bank = exact(bankHeadroom, 'confirmedCredit.bankHeadroom', { negative: true });
  const country = exact(countryHeadroom, 'confirmedCredit.countryHeadroom', { negative: true });
  return country.lt(bank) ? { limitUsed: 'country', headroom: country } : { limitUsed: 'bank', headroom: bank };
};

/**
 * Decides whether an order may ship on credit: yes if it fits the headroom (filling it exactly is allowed), otherwise
 * it is held until `payFirst` is paid. For an order under a confirmed letter of credit the bank's and the country's
 * limits count instead of the buyer's.
 */
export const creditExposure = (input: ExposureInput): Exposure => {
  const { currency, confirmedCredit, ...amounts } = readInput(ExposureInput, input);
  const exposure = exact(amounts.openInvoices, 'openInvoices').plus(
    exact(amounts.ordersNotInvoiced, 'ordersNotInvoiced'),
  );
  const headroom = exact(amounts.limit, 'limit').minus(exposure);
  const order = exact(amounts.newOrder, 'newOrder');
  const room: Room = confirmedCredit === undefined ? { limitUsed: 'buyer', headroom } : smallestRoom(confirmedCredit);
  const lacking = roundMoney(Exact.max(0, order.minus(room.headroom)), currency, 'up');
  const money = (value: Exact) => moneyText(value, currency);
  const [wanted, left] = [
    `The order of ${money(order)}`,
    `the ${room.limitUsed}’s headroom of ${money(room.headroom)}`,
  ];
  const fits = lacking.isZero();
  return {
    exposure: money(exposure),
    headroom: money(headroom),
    decision: fits ? 'ship' : 'hold',
    payFirst: money(lacking),
    prepayment: money(Exact.min(lacking, order)),
    limitUsed: room.limitUsed,
    reason: fits ? `${wanted} fits ${left}` : `${wanted} exceeds ${left} by ${money(lacking)}`,
  };
};
