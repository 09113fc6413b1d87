import { row, source } from '../currency/dated-row.ts';
import type { DatedRow, RuleTable } from '../rule.ts';

/** Law by the buyer's country: EU for all member states, UK for the United Kingdom, otherwise ISO 3166-1 alpha-2. */
export const LAWS = ['EU', 'UK', 'US', 'NO', 'CH', 'JP', 'AU', 'BR', 'MX', 'CA', 'NZ'] as const;
export type Law = (typeof LAWS)[number];

const CRD = source(
  'Directive 2011/83/EU (Consumer Rights), art. 9–16; Regulation (EEC, Euratom) 1182/71 art. 3(4)',
  'https://eur-lex.europa.eu/eli/dir/2011/83',
);
const CCR = source(
  'Consumer Contracts Regulations 2013 (SI 2013/3134), regs. 27–38',
  'https://www.legislation.gov.uk/uksi/2013/3134',
);
const FTC = source(
  '16 CFR Part 435 (Mail, Internet, or Telephone Order Merchandise)',
  'https://www.ftc.gov/node/60403',
);
const NORWAY = source(
  'Angrerettloven of 2014 (Directive 2011/83 in the EEA), by Forbruker Europa',
  'https://www.forbrukereuropa.no/en/online-shopping/right-of-withdrawal/',
);
const SWITZERLAND = source(
  'Swiss federal e-commerce guide: no general right to withdraw (only art. 40a–40f OR)',
  'https://www.e-commerce-guide.admin.ch/ecommerce/de/home/probleme/widerrufsrecht.html',
);
const JAPAN = source(
  'Act on Specified Commercial Transactions art. 15-3, by the guideline of the Japan Direct Marketing Association',
  'http://jadma.or.jp/abouts/glreturnedgoods/',
);
const AUSTRALIA = source(
  'Australian Consumer Law: change of mind, by Consumer Protection WA',
  'https://www.consumerprotection.wa.gov.au/change-mind',
);
const BRAZIL = source(
  'Código de Defesa do Consumidor (Lei 8.078/1990) art. 49, as quoted',
  'https://direitohojenoticias.com.br/direito-do-arrependimento-entenda-o-prazo-de-7-dias-garantido-ao-consumidor',
);
const MEXICO = source(
  'Ley Federal de Protección al Consumidor art. 56',
  'https://juristas.mx/en/laws/ley-federal-de-proteccion-al-consumidor/articulo-56',
);
const NEW_ZEALAND = source(
  'Fair Trading Act 1986 s. 36K: uninvited direct sales alone may be cancelled',
  'https://www.consumerprotection.govt.nz/get-guidance/shopping-and-buying/door-to-door-and-other-uninvited-sales/',
);

/** Who pays for sending the goods back. Under EU law the consumer pays only if told beforehand. */
export type ReturnCost = 'consumer' | 'consumer if told' | 'trader';

export interface Withdrawal {
  /** Days after the delivery of the last good; the day of delivery does not count. */
  days: number;
  unit: 'days' | 'working days';
  /** Months added if the trader did not inform about the right. */
  monthsUninformed: number;
  /** Whether a period that ends on a non-working day is extended to the end of the next working day. */
  rollsToWorkingDay: boolean;
  /** Days in which the trader must refund; null if the law sets none. */
  refundDays: number | null;
  /** The event they count from: the notice, or the goods or the proof of sending, whichever comes first. */
  refundFrom: 'notice' | 'goods or proof';
  /** Days after the notice in which the consumer must send the goods; null if the law sets none. */
  sendBackDays: number | null;
  mayWithholdUntil: string | null;
  returnCost: ReturnCost;
}

const OF_THE_DIRECTIVE = {
  days: 14,
  unit: 'days',
  monthsUninformed: 12,
  rollsToWorkingDay: true,
  refundDays: 14,
  refundFrom: 'notice',
  sendBackDays: 14,
  mayWithholdUntil: 'goods back or proof of sending',
  returnCost: 'consumer if told',
} as const satisfies Withdrawal;

const NO_TERMS_NAMED = {
  monthsUninformed: 0,
  rollsToWorkingDay: false,
  refundDays: null,
  refundFrom: 'notice',
  sendBackDays: null,
  mayWithholdUntil: null,
} as const satisfies Partial<Withdrawal>;

const rights = (
  law: Law,
  name: string,
  rows: readonly DatedRow<Withdrawal | null>[],
): RuleTable<Withdrawal | null> => ({ id: `returns.${law.toLowerCase()}.withdrawal`, name, rows });

/**
 * The right to withdraw from a distance contract without a reason, by the day of delivery; null if the law has none.
 * Canada has no row, because its provinces make the law.
 */
export const WITHDRAWAL: Readonly<Record<Law, RuleTable<Withdrawal | null>>> = {
  EU: rights('EU', 'EU right of withdrawal', [
    row('2014-06-13', null, OF_THE_DIRECTIVE, { source: CRD, status: 'verified' }),
  ]),
  UK: rights('UK', 'UK right to cancel', [
    row(
      '2014-06-13',
      null,
      { ...OF_THE_DIRECTIVE, rollsToWorkingDay: false, refundFrom: 'goods or proof' },
      { source: CCR, status: 'verified' },
    ),
  ]),
  US: rights('US', 'US right to return goods bought at a distance', [
    row(null, null, null, {
      source: FTC,
      status: 'general_knowledge',
      note: 'no federal right; the seller’s policy and state law decide',
    }),
  ]),
  NO: rights('NO', 'Norwegian right of withdrawal', [
    row('2014-06-13', null, OF_THE_DIRECTIVE, {
      source: NORWAY,
      status: 'general_knowledge',
      note: 'the 14 days, the 12 months and the sending back were read, the refund and the end on a working day not',
    }),
  ]),
  CH: rights('CH', 'Swiss right to withdraw from an online purchase', [
    row(null, null, null, { source: SWITZERLAND, status: 'verified' }),
  ]),
  JP: rights('JP', 'Japanese return of goods bought by mail order', [
    row(
      '2009-12-01',
      null,
      // Eight days, including the day of delivery.
      { ...NO_TERMS_NAMED, days: 7, unit: 'days', returnCost: 'consumer' },
      {
        source: JAPAN,
        status: 'general_knowledge',
        note: 'only where the advertisement states no terms of return; terms that it states go before',
      },
    ),
  ]),
  AU: rights('AU', 'Australian right to return goods on a change of mind', [
    row(null, null, null, { source: AUSTRALIA, status: 'verified' }),
  ]),
  BR: rights('BR', 'Brazilian right of regret', [
    row(
      '1991-03-11',
      null,
      {
        ...NO_TERMS_NAMED,
        days: 7,
        unit: 'days',
        rollsToWorkingDay: true,
        refundDays: 0,
        returnCost: 'trader',
      },
      {
        source: BRAZIL,
        status: 'general_knowledge',
        note: 'read at second hand; whether a period that ends on a day not worked runs on is disputed, and the longer one is told',
      },
    ),
  ]),
  MX: rights('MX', 'Mexican right to revoke a purchase', [
    row(
      '2004-05-04',
      null,
      { ...NO_TERMS_NAMED, days: 5, unit: 'working days', returnCost: 'consumer' },
      {
        source: MEXICO,
        status: 'unverified',
        note: 'written for sales away from the shop; that it holds for online sales too was read at second hand alone',
      },
    ),
  ]),
  CA: rights('CA', 'Canadian right to cancel (a law of the province)', []),
  NZ: rights('NZ', 'New Zealand right to return goods on a change of mind', [
    row(null, null, null, {
      source: NEW_ZEALAND,
      status: 'general_knowledge',
      note: 'no right for goods that the buyer ordered online; the seller’s policy decides',
    }),
  ]),
};

/** Contracts for goods without a right of withdrawal. */
export const EXCEPTIONS = [
  ...(['custom-made', 'perishable', 'unsealed-hygiene', 'unsealed-media', 'mixed-inseparably'] as const),
  ...(['market-price', 'newspaper', 'public-auction', 'aged-beverages', 'digital-begun'] as const),
] as const;
export type Exception = (typeof EXCEPTIONS)[number];

const EXCEPTION_WORDS: Readonly<Record<Exception, string>> = {
  'custom-made': 'made to the consumer’s specification or clearly personalised',
  perishable: 'liable to deteriorate or expire rapidly',
  'unsealed-hygiene': 'sealed for health or hygiene and unsealed after delivery',
  'unsealed-media': 'sealed recordings or software, unsealed after delivery',
  'mixed-inseparably': 'inseparably mixed with other items after delivery',
  'market-price': 'priced by a market that the trader does not control',
  newspaper: 'newspapers, periodicals and magazines, subscriptions apart',
  'public-auction': 'sold at a public auction',
  'aged-beverages': 'alcoholic beverages priced at sale, delivered after 30 days, of a fluctuating value',
  'digital-begun': 'digital content whose supply began with the consumer’s consent',
};

const exceptions = (
  law: Law,
  name: string,
  rows: readonly DatedRow<typeof EXCEPTION_WORDS>[],
): RuleTable<typeof EXCEPTION_WORDS> => ({ id: `returns.${law.toLowerCase()}.exceptions`, name, rows });

/** Which of these a law excepts. For a law that is not here, no exceptions are on file. */
export const EXCEPTION_RULES: Readonly<Partial<Record<Law, RuleTable<typeof EXCEPTION_WORDS>>>> = {
  EU: exceptions('EU', 'EU exceptions from the right of withdrawal (art. 16)', [
    row('2014-06-13', null, EXCEPTION_WORDS, { source: CRD, status: 'verified' }),
  ]),
  UK: exceptions('UK', 'UK exceptions from the right to cancel (reg. 28)', [
    row('2014-06-13', null, EXCEPTION_WORDS, { source: CCR, status: 'general_knowledge' }),
  ]),
  NO: exceptions('NO', 'Norwegian exceptions from the right of withdrawal (§ 22)', [
    row('2014-06-13', null, EXCEPTION_WORDS, { source: NORWAY, status: 'general_knowledge' }),
  ]),
};

const restockingFee = (law: Law, name: string, rows: readonly DatedRow<boolean>[]): RuleTable<boolean> => ({
  id: `returns.${law.toLowerCase()}.restocking-fee`,
  name,
  rows,
});

/** Whether a restocking fee may be deducted from a refund. Not on file for a law that is not here. */
export const RESTOCKING_FEE: Readonly<Partial<Record<Law, RuleTable<boolean>>>> = {
  EU: restockingFee('EU', 'EU restocking fee on a withdrawal', [
    row('2014-06-13', null, false, { source: CRD, status: 'verified' }),
  ]),
  UK: restockingFee('UK', 'UK restocking fee on a cancellation', [
    row('2014-06-13', null, false, { source: CCR, status: 'general_knowledge' }),
  ]),
  US: restockingFee('US', 'US restocking fee', [
    row(null, null, true, {
      source: FTC,
      status: 'general_knowledge',
      note: 'state law and the marketplace may forbid it',
    }),
  ]),
  NO: restockingFee('NO', 'Norwegian restocking fee on a withdrawal', [
    row('2014-06-13', null, false, { source: NORWAY, status: 'general_knowledge' }),
  ]),
};
