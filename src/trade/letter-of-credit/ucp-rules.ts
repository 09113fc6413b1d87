import { plainDate } from '../plain-date.ts';
import type { DatedRow, RuleStatus, RuleTable, Source } from '../rule.ts';

/**
 * The numbers in UCP 600 (ICC publication 600, in force since 2007-07-01), one dated table each. Before that day UCP
 * 500 applied, which is not on file: `ruleOn` then throws `no_row`.
 */
const READ = plainDate('2026-11-25');
const IN_FORCE = plainDate('2007-07-01');
const REVIEW = plainDate('2027-06-30');

const ART_3: Source = {
  title: 'UCP 600 art. 3, as set out by bdbanks.org, law-lib.com and gyaneducation.com',
  url: 'https://gyaneducation.com/2020/12/18/ucpdc-600/',
  read: READ,
};
const ART_14: Source = { title: 'UCP 600 art. 14, as set out by tradefinanceguru.net', read: READ };
const ART_28: Source = {
  title: 'UCP 600 art. 28',
  url: 'https://bankingallinfo.com/ucpdc-600-article-25-30/',
  read: READ,
};
const ART_30: Source = {
  title: 'UCP 600 art. 30',
  url: 'https://www.daowen.com/book/content/235940932/7314861.html',
  read: READ,
};
const ART_10: Source = {
  title: 'UCP 600 art. 10',
  url: 'https://bankingdigits.com/2024/08/05/ucp600-article-10-explanation-cdcs-guide-amendments-in-documentary-credits',
  read: READ,
};
const ART_16: Source = {
  title: 'UCP 600 art. 16(c), (d)',
  url: 'http://www.tradefinanceguru.net/international-rules/ucp-600/c-examination/article-16',
  read: READ,
};
const ART_29: Source = { title: 'UCP 600 art. 29, as set out by cakart.in', read: READ };
const ART_31: Source = { title: 'UCP 600 art. 31', url: 'http://zcwchina.com/news/ShowNews-8-43030.html', read: READ };
const ART_32: Source = {
  title: 'UCP 600 art. 32',
  url: 'https://tradefinanceexpertise.blogspot.com/2023/01/article-32-ucp-600-instalment-drawings.html',
  read: READ,
};
const ART_38: Source = {
  title: 'UCP 600 art. 38, as set out by aikbanka.rs, besttradesolution.com and bankingallinfo.com',
  url: 'https://aikbanka.rs/en/blog/economy/what-is-a-transferable-letter-of-credit',
  read: READ,
};
const ISBP: Source = { title: 'ISBP 745 paragraphs A14 and A15 (revised as ISBP 821 in 2023)', read: READ };

const always = <V>(value: V, source: Source, status: RuleStatus, note?: string): DatedRow<V> => ({
  from: IN_FORCE,
  to: null,
  value,
  source,
  status,
  reviewBy: REVIEW,
  ...(note === undefined ? {} : { note }),
});

const table = <V>(id: string, name: string, row: DatedRow<V>): RuleTable<V> => ({ id: `ucp.${id}`, name, rows: [row] });

/** Calendar days before and after the day that “on or about” names. */
export const ON_OR_ABOUT_DAYS = table(
  'art3.on-or-about',
  'UCP 600 art. 3, “on or about”',
  always(5, ART_3, 'verified'),
);

/** First and last day of the parts of a month. A last day of 31 means the last day of the month. */
export interface MonthPart {
  from: number;
  to: number;
}

export const MONTH_PARTS = table(
  'art3.month-parts',
  'UCP 600 art. 3, parts of a month',
  always(
    {
      'first half': { from: 1, to: 15 },
      'second half': { from: 16, to: 31 },
      beginning: { from: 1, to: 10 },
      middle: { from: 11, to: 20 },
      end: { from: 21, to: 31 },
    } satisfies Record<string, MonthPart>,
    ART_3,
    'verified',
  ),
);
export type MonthPartName = keyof (typeof MONTH_PARTS)['rows'][number]['value'];

/** Which words include the day they name, for shipment. For maturity both “from” and “after” exclude it. */
export const DATE_WORDS = table(
  'art3.date-words',
  'UCP 600 art. 3, “to, until, till, from, between” and “before, after”',
  always(
    { shipmentFrom: 'included', before: 'excluded', after: 'excluded', maturityFrom: 'excluded' },
    ART_3,
    'verified',
  ),
);

/** “Within” is not defined in art. 3: banking practice decides what it includes. */
export const WITHIN = table(
  'isbp.within',
  'ISBP A14 and A15, “within” and days on either side of a date',
  always('as practised', ISBP, 'general_knowledge', 'ISBP 821 was not read'),
);

export const EXAMINATION_DAYS = table(
  'art14b.examination',
  'UCP 600 art. 14(b), banking days to examine a presentation',
  always(5, ART_14, 'verified'),
);

export const PRESENTATION_DAYS = table(
  'art14c.presentation',
  'UCP 600 art. 14(c), calendar days to present after shipment',
  always(21, ART_14, 'verified'),
);

export const CLOSED_DAY = table(
  'art29.closed-day',
  'UCP 600 art. 29, expiry or last day for presentation on a day the bank is closed',
  always({ expiry: 'next banking day', latestShipment: 'never extended' }, ART_29, 'verified'),
);

export const REFUSAL_DAYS = table(
  'art16d.refusal',
  'UCP 600 art. 16(d), banking days to give notice of refusal',
  always(5, ART_16, 'verified'),
);

/** Fractions of the amount, quantity or unit price, as exact decimals. */
export const ABOUT = table(
  'art30a.about',
  'UCP 600 art. 30(a), “about” and “approximately”',
  always('0.10', ART_30, 'verified'),
);
export const QUANTITY_TOLERANCE = table(
  'art30b.quantity',
  'UCP 600 art. 30(b), quantity not stated in packing units or items',
  always('0.05', ART_30, 'verified'),
);
export const AMOUNT_SHORTFALL = table(
  'art30c.shortfall',
  'UCP 600 art. 30(c), amount less although partial shipments are not allowed',
  always('0.05', ART_30, 'verified'),
);

/** Per cent of the CIF or CIP value to be insured if the credit states none. */
export const INSURANCE_PER_CENT = table(
  'art28f.insurance',
  'UCP 600 art. 28(f)(ii), least insurance cover',
  always('110', ART_28, 'verified'),
);

/** Transport under art. 31(b): one means of conveyance, one journey and one destination are one shipment. */
export const PARTIAL_SHIPMENT = table(
  'art31.partial',
  'UCP 600 art. 31, partial drawings or shipments',
  always('same conveyance, journey and destination', ART_31, 'verified'),
);

export const INSTALMENTS = table(
  'art32.instalments',
  'UCP 600 art. 32, a missed instalment ends the credit for it and those that follow',
  always('ceases', ART_32, 'verified'),
);

export const AMENDMENTS = table(
  'art10.amendments',
  'UCP 600 art. 10, amendments',
  always('partial acceptance is rejection', ART_10, 'verified'),
);

/** Art. 38(g): what a transfer may change, and in which direction. Every other term is the original credit's. */
export const TRANSFER = table(
  'art38.transfer',
  'UCP 600 art. 38, what a transfer may change',
  always(
    {
      reduced: ['amount', 'unit price', 'expiry', 'presentation period', 'latest shipment'],
      increased: ['insurance percentage'],
    },
    ART_38,
    'verified',
  ),
);

export const ALL_UCP_RULES: readonly RuleTable<unknown>[] = [
  ON_OR_ABOUT_DAYS,
  MONTH_PARTS,
  DATE_WORDS,
  WITHIN,
  EXAMINATION_DAYS,
  PRESENTATION_DAYS,
  CLOSED_DAY,
  REFUSAL_DAYS,
  ABOUT,
  QUANTITY_TOLERANCE,
  AMOUNT_SHORTFALL,
  INSURANCE_PER_CENT,
  PARTIAL_SHIPMENT,
  INSTALMENTS,
  AMENDMENTS,
  TRANSFER,
];
