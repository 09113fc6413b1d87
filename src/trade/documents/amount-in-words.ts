import { exponentOf, fromMinor } from '#domain/money.ts';

const ONES = [
  'ZERO',
  'ONE',
  'TWO',
  'THREE',
  'FOUR',
  'FIVE',
  'SIX',
  'SEVEN',
  'EIGHT',
  'NINE',
  'TEN',
  'ELEVEN',
  'TWELVE',
  'THIRTEEN',
  'FOURTEEN',
  'FIFTEEN',
  'SIXTEEN',
  'SEVENTEEN',
  'EIGHTEEN',
  'NINETEEN',
];
const TENS = ['', '', 'TWENTY', 'THIRTY', 'FORTY', 'FIFTY', 'SIXTY', 'SEVENTY', 'EIGHTY', 'NINETY'];
const GROUPS = ['', 'THOUSAND', 'MILLION', 'BILLION', 'TRILLION', 'QUADRILLION'];

/** Currency names used in drafts. Other currencies are written as their code. */
const NAMES: Readonly<Record<string, string>> = {
  USD: 'US DOLLARS',
  EUR: 'EUROS',
  GBP: 'POUNDS STERLING',
  CNY: 'CHINESE YUAN',
  JPY: 'JAPANESE YEN',
  HKD: 'HONG KONG DOLLARS',
  AUD: 'AUSTRALIAN DOLLARS',
  CAD: 'CANADIAN DOLLARS',
  CHF: 'SWISS FRANCS',
  SGD: 'SINGAPORE DOLLARS',
};

const belowHundred = (number: number): string => {
  if (number < 20) return ONES[number] ?? '';
  const ones = number % 10;
  return `${TENS[Math.floor(number / 10)]}${ones === 0 ? '' : `-${ONES[ones]}`}`;
};

const belowThousand = (number: number): string => {
  const rest = number % 100;
  const hundreds = number >= 100 ? `${ONES[Math.floor(number / 100)]} HUNDRED` : '';
  return [hundreds, rest === 0 ? '' : belowHundred(rest)].filter((part) => part !== '').join(' AND ');
};

const wholeInWords = (digits: string): string => {
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  const words = groups.flatMap((group, index) => {
    const number = Number(group);
    return number === 0 ? [] : [`${belowThousand(number)} ${GROUPS[groups.length - 1 - index]}`.trim()];
  });
  return words.length === 0 ? 'ZERO' : words.join(' ');
};

/**
 * Writes an amount as drafts do: 1234.50 USD → `US DOLLARS ONE THOUSAND TWO HUNDRED AND THIRTY-FOUR AND 50/100 ONLY`.
 * `minor` must not be negative.
 */
export const amountInWords = (minor: number, currency: string): string => {
  const [whole = '0', fraction = ''] = fromMinor(minor, currency).split('.');
  const part = /[1-9]/.test(fraction) ? ` AND ${fraction}/1${'0'.repeat(exponentOf(currency))}` : '';
  return `${NAMES[currency] ?? currency} ${wholeInWords(whole)}${part} ONLY`;
};
