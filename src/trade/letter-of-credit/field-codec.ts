import type { z } from 'zod';
import { exponentOf } from '#domain/money.ts';
import { CURRENCY_ROWS } from '../currency/iso-4217.ts';
import { Exact, moneyText } from '../decimal.ts';
import type { PlainDate } from '../plain-date.ts';
import { BankParty, Credit, Transfer } from './credit-terms.ts';
import { type MessageField, swiftDate } from './read-message.ts';

/** The terms of a credit that some fields state. */
export type Terms = Partial<Omit<Credit, 'transfer'>> & { transfer?: Partial<Transfer> };

const allWithin = (said: object, schemas: Readonly<Record<string, z.ZodType>>): boolean =>
  Object.entries(said).every(([key, value]) => schemas[key]?.safeParse(value).success === true);

/** True if a credit can have each of these terms: not too long, not without a line. */
export const areTerms = ({ transfer = {}, ...terms }: Terms): boolean =>
  allWithin(terms, Credit.shape) && allWithin(transfer, Transfer.shape);

/** Converts one field of a message to a part of the credit and back. A reader returns null for text it cannot read. */
export interface Codec {
  /** The tag of its row in the field table: `42a` for any option. */
  tag: string;
  read(field: MessageField): Terms | null;
  print(credit: Credit): { tag: string; text: string } | null;
}

/** The keys of `Credit` that hold a value of type V. */
type KeysOf<V> = {
  [K in keyof Credit]-?: [V] extends [Credit[K]] ? ([Credit[K]] extends [V] ? K : never) : never;
}[keyof Credit];

export const linesOf = (text: string): string[] => text.split('\n');

export const narrative = <K extends KeysOf<string[] | null>>(tag: string, key: K): Codec => ({
  tag,
  read: ({ text }) => ({ [key]: linesOf(text) }),
  print: (credit) => {
    const lines = credit[key];
    return lines === null ? null : { tag, text: lines.join('\n') };
  },
});
export const words = <K extends KeysOf<string | null>>(tag: string, key: K): Codec => ({
  tag,
  read: ({ text }) => ({ [key]: text }),
  print: (credit) => {
    const text = credit[key];
    return text === null ? null : { tag, text };
  },
});
export const optionOf = (tag: string): BankParty['option'] | null => {
  const option = BankParty.shape.option.safeParse(tag.slice(2));
  return option.success ? option.data : null;
};
export const bank = <K extends KeysOf<BankParty | null>>(number: string, key: K): Codec => ({
  tag: `${number}a`,
  read: ({ tag, text }) => {
    const option = optionOf(tag);
    return option && { [key]: { option, lines: linesOf(text) } };
  },
  print: (credit) => {
    const party = credit[key];
    return party === null ? null : { tag: `${number}${party.option}`, text: party.lines.join('\n') };
  },
});
export const code = <C extends string>(
  tag: string,
  values: readonly C[],
  put: (value: C) => Terms,
  get: (credit: Credit) => C | null,
): Codec => ({
  tag,
  read: ({ text }) => {
    const value = values.find((known) => known === text);
    return value === undefined ? null : put(value);
  },
  print: (credit) => {
    const text = get(credit);
    return text === null ? null : { tag, text };
  },
});
/** YYMMDD. */
export const day = (date: PlainDate): string => date.slice(2).replaceAll('-', '');
export const daysField = (
  tag: string,
  put: (date: PlainDate) => Terms,
  get: (credit: Credit) => PlainDate | null,
): Codec => ({
  tag,
  read: ({ text }) => {
    const date = swiftDate(text);
    return date && put(date);
  },
  print: (credit) => {
    const date = get(credit);
    return date === null ? null : { tag, text: day(date) };
  },
});

/**
 * `USD100000,5` → USD and 100000.50. Null for another form, an unknown currency, zero, or decimals that the currency
 * does not have.
 */
export const moneyOf = (text: string): { currency: string; amount: string } | null => {
  const match = /^([A-Z]{3})(\d{1,15}),(\d{0,4})$/.exec(text);
  const [, currency = '', whole = '', decimals = ''] = match ?? [];
  if (!match || !CURRENCY_ROWS.has(currency)) return null;
  const amount = new Exact(`${whole}.${decimals === '' ? '0' : decimals}`);
  return amount.isZero() || amount.decimalPlaces() > exponentOf(currency)
    ? null
    : { currency, amount: moneyText(amount, currency) };
};
export const commaAmount = (amount: string): string => {
  const [whole = '', decimals = ''] = amount.split('.');
  return `${whole},${/^0*$/.test(decimals) ? '' : decimals}`;
};
