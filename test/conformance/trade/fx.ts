import { z } from 'zod';
import { type MonetaryItemHistory, monetaryItemHistory } from '../../../src/trade/fx/monetary-item.ts';
import { crossRate } from '../../../src/trade/fx/reference-rate.ts';
import { plainDate } from '../../../src/trade/plain-date.ts';
import { invalid, readInput } from '../../../src/trade/read-input.ts';
import type { Answer } from './vector.ts';

const BOOKED = plainDate('2026-10-10');
const CLOSED = plainDate('2026-10-31');
const SETTLED = plainDate('2026-11-20');

const Decimals = z.union([z.string(), z.number().transform(String)]);
const PAIR = /^[A-Z]{6}$/;
const FEE = /^bankFee/;
/** The questions name an amount by its currency: `usd`, or `fc` for any foreign currency. */
const AMOUNT = /^[a-z]{2,3}$/;

const Question = z.object({
  amount: Decimals,
  book: Decimals,
  close: Decimals.optional(),
  settle: Decimals.optional(),
  bankFee: Decimals.default('0'),
});

const lifeFor = (question: z.infer<typeof Question>): MonetaryItemHistory => {
  const { amount, book, close, settle, bankFee } = question;
  return monetaryItemHistory(
    {
      side: 'receivable',
      currency: 'USD',
      functional: 'CNY',
      amount,
      booked: { date: BOOKED, rate: book },
      closings: close === undefined ? [] : [{ date: CLOSED, rate: close }],
      settlements: settle === undefined ? [] : [{ date: SETTLED, amount, rate: settle, bankFee }],
    },
    SETTLED,
  );
};

const cross = (input: Record<string, unknown>) => {
  const quotes = Object.entries(readInput(z.record(z.string(), Decimals), input));
  const [[firstPair, first] = ['', ''], [secondPair, second] = ['', ''], ...others] = quotes;
  if (others.length > 0 || firstPair.slice(0, 3) !== secondPair.slice(0, 3))
    throw invalid('pairs', 'hand in two quotes of one base');
  const pair = `${firstPair.slice(3)}${secondPair.slice(3)}`;
  return { [pair]: crossRate(first, second).toFixed(4) };
};

const whole = (life: MonetaryItemHistory, question: z.infer<typeof Question>) => ({
  booked: life.booked,
  ...(question.close === undefined
    ? {}
    : { unrealisedAtClose: life.unrealised, carrying: life.events[0]?.carrying ?? life.booked }),
  ...(question.settle === undefined
    ? {}
    : { cash: life.cash, fee: life.fee, realisedAtSettle: life.realised, lifetimeFx: life.lifetime }),
});

export const answer: Answer = (_, input) => {
  const keys = Object.keys(input);
  if (keys.some((key) => PAIR.test(key))) return cross(input);
  const amountKey = keys.find((key) => AMOUNT.test(key)) ?? 'amount';
  const feeKey = keys.find((key) => FEE.test(key)) ?? 'bankFee';
  const question = readInput(Question, { ...input, amount: input[amountKey], bankFee: input[feeKey] });
  if (question.close === undefined && question.settle === undefined)
    throw invalid('settle', 'a rate of closing or of settlement is needed');
  const life = lifeFor(question);
  if (amountKey !== 'fc') return whole(life, question);
  return {
    ...(question.close === undefined ? {} : { unrealised: life.unrealised }),
    ...(question.settle === undefined ? {} : { realised: life.realised }),
  };
};
