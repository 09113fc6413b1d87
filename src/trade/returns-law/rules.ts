import { row, source } from '../currency/dated-row.ts';
import type { RuleStatus, RuleTable, Source } from '../rule.ts';

/** The laws of the buyer’s country. */
export const LAWS = ['EU', 'UK', 'US'] as const;
export type Law = (typeof LAWS)[number];

const CRD = source(
  'Directive 2011/83/EU (Consumer Rights), art. 9–16; Regulation (EEC, Euratom) 1182/71 art. 3(4)',
  'https://eur-lex.europa.eu/eli/dir/2011/83',
);
const CCR = source(
  'Consumer Contracts Regulations 2013 (SI 2013/3134), regs. 27–38',
  'https://www.legislation.gov.uk/uksi/2013/3134',
);
const CRA = source('Consumer Rights Act 2015, ss. 20–24', 'https://www.legislation.gov.uk/ukpga/2015/15/section/22');
const FTC = source(
  '16 CFR Part 435 (Mail, Internet, or Telephone Order Merchandise)',
  'https://www.ftc.gov/node/60403',
);

export interface Withdrawal {
  /** Days after delivery of the last good; null where the law gives no right. */
  days: number | null;
  /** Months added when the trader did not inform of the right. */
  monthsUninformed: number;
  /** Whether a period that ends on a day not worked runs to the end of the next working day. */
  rollsToWorkingDay: boolean;
  refundDays: number;
  sendBackDays: number;
  mayWithholdUntil: string;
}

/** The right to withdraw from a distance contract without a reason, by the day of delivery. */
export const WITHDRAWAL: Readonly<Record<Law, RuleTable<Withdrawal>>> = {
  EU: {
    id: 'returns.eu.withdrawal',
    name: 'EU right of withdrawal',
    rows: [
      row(
        '2014-06-13',
        null,
        {
          ...{ days: 14, monthsUninformed: 12, rollsToWorkingDay: true, refundDays: 14, sendBackDays: 14 },
          mayWithholdUntil: 'goods back or proof of sending',
        },
        { source: CRD, status: 'verified' },
      ),
    ],
  },
  UK: {
    id: 'returns.uk.withdrawal',
    name: 'UK right to cancel',
    rows: [
      row(
        '2014-06-13',
        null,
        {
          ...{ days: 14, monthsUninformed: 12, rollsToWorkingDay: false, refundDays: 14, sendBackDays: 14 },
          mayWithholdUntil: 'goods back or proof of sending',
        },
        { source: CCR, status: 'verified' },
      ),
    ],
  },
  US: {
    id: 'returns.us.withdrawal',
    name: 'US right to return goods bought at a distance',
    rows: [
      row(
        null,
        null,
        {
          ...{ days: null, monthsUninformed: 0, rollsToWorkingDay: false, refundDays: 0, sendBackDays: 0 },
          mayWithholdUntil: '',
        },
        {
          source: FTC,
          status: 'general_knowledge',
          note: 'no federal right; the seller’s policy and state law decide',
        },
      ),
    ],
  },
};

/** UK: days to reject goods that do not conform, beginning with the day after delivery, and to refund once agreed. */
export const SHORT_TERM_REJECT: RuleTable<{ days: number; least: number; refundDays: number }> = {
  id: 'returns.uk.short-term-reject',
  name: 'UK short-term right to reject',
  rows: [row('2015-10-01', null, { days: 30, least: 7, refundDays: 14 }, { source: CRA, status: 'verified' })],
};

/** US: days to ship when no time was promised, and working days to refund what was not shipped. */
export const FTC_SHIPPING: RuleTable<{ shipDays: number; refundWorkingDays: number }> = {
  id: 'returns.us.ftc-shipping',
  name: 'US 30-day shipping rule',
  rows: [row('2014-12-08', null, { shipDays: 30, refundWorkingDays: 7 }, { source: FTC, status: 'verified' })],
};

/** EU: the function to withdraw on the interface itself, art. 11a. */
export const WITHDRAWAL_FUNCTION: RuleTable<{ required: boolean; steps: readonly string[] }> = {
  id: 'returns.eu.withdrawal-function',
  name: 'EU withdrawal function on the online interface',
  rows: [
    row(
      null,
      '2026-06-18',
      { required: false, steps: [] },
      {
        source: source('Directive (EU) 2023/2673, applied from 2026-06-19'),
        status: 'verified',
      },
    ),
    row(
      '2026-06-19',
      null,
      {
        required: true,
        steps: [
          'a function labelled “withdraw from contract here”, without a login, throughout the period',
          'a statement of name, contract and electronic contact',
          'a function labelled “confirm withdrawal”',
          'acknowledgement on a durable medium with content, date and time',
        ],
      },
      {
        source: source(
          'Directive 2011/83/EU art. 11a, inserted by Directive (EU) 2023/2673',
          'https://www.mondaq.com/uk/dodd-frank-consumer-protection-act/1799028/',
        ),
        status: 'verified',
      },
    ),
  ],
};

/** EU: how long goods have to conform, and what else a seller’s after-sales have had to follow. */
export const EU_AFTER_SALES: RuleTable<{ conformityYears: number; since: readonly string[] }> = {
  id: 'returns.eu.after-sales',
  name: 'EU conformity of goods',
  rows: [
    row(
      '2022-01-01',
      '2026-07-30',
      { conformityYears: 2, since: [] },
      {
        source: source('Directive (EU) 2019/771'),
        status: 'verified',
      },
    ),
    row(
      '2026-07-31',
      '2026-09-26',
      { conformityYears: 2, since: ['right to repair (Directive (EU) 2024/1799)'] },
      {
        source: source('Directives (EU) 2019/771 and 2024/1799'),
        status: 'verified',
      },
    ),
    row(
      '2026-09-27',
      null,
      {
        conformityYears: 2,
        since: ['right to repair (Directive (EU) 2024/1799)', 'information on durability (Directive (EU) 2024/825)'],
      },
      { source: source('Directives (EU) 2019/771, 2024/1799 and 2024/825'), status: 'verified' },
    ),
  ],
};

/** Contracts without a right of withdrawal, as far as goods are concerned. */
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
  'aged-beverages': 'beverages priced at sale, delivered after 30 days, of a fluctuating value',
  'digital-begun': 'digital content whose supply began with the consumer’s consent',
};

const exceptions = (
  law: 'eu' | 'uk',
  from: Source,
  title: string,
  status: RuleStatus,
): RuleTable<typeof EXCEPTION_WORDS> => ({
  id: `returns.${law}.exceptions`,
  name: title,
  rows: [row('2014-06-13', null, EXCEPTION_WORDS, { source: from, status })],
});

export const EXCEPTION_RULES: Readonly<Record<'EU' | 'UK', RuleTable<typeof EXCEPTION_WORDS>>> = {
  EU: exceptions('eu', CRD, 'EU exceptions from the right of withdrawal (art. 16)', 'verified'),
  UK: exceptions('uk', CCR, 'UK exceptions from the right to cancel (reg. 28)', 'general_knowledge'),
};

/** Whether a fee for restocking may be taken off a refund. */
export const RESTOCKING_FEE: Readonly<Record<Law, RuleTable<boolean>>> = {
  EU: {
    id: 'returns.eu.restocking-fee',
    name: 'EU restocking fee on a withdrawal',
    rows: [row('2014-06-13', null, false, { source: CRD, status: 'verified' })],
  },
  UK: {
    id: 'returns.uk.restocking-fee',
    name: 'UK restocking fee on a cancellation',
    rows: [row('2014-06-13', null, false, { source: CCR, status: 'general_knowledge' })],
  },
  US: {
    id: 'returns.us.restocking-fee',
    name: 'US restocking fee',
    rows: [
      row(null, null, true, {
        source: FTC,
        status: 'general_knowledge',
        note: 'state law and the marketplace may forbid it',
      }),
    ],
  },
};

/** Duty and tax paid on goods that come back. */
export const TAX_RECOVERY = {
  'eu-ioss': {
    id: 'returns.recovery.eu-ioss',
    name: 'VAT of an IOSS sale that came back',
    rows: [
      row('2021-07-01', null, 'the seller refunds the VAT and corrects it in its next IOSS return', {
        source: source('Agencia Tributaria, manual of low-value imports', 'https://sede.agenciatributaria.gob.es'),
        status: 'verified',
      }),
    ],
  },
  'eu-import-vat': {
    id: 'returns.recovery.eu-import-vat',
    name: 'EU import VAT and duty of a consignment that came back (no IOSS)',
    rows: [
      row('2021-07-01', null, 'ask customs to invalidate the import declaration, in the time it allows', {
        source: source('Agencia Tributaria, manual of low-value imports', 'https://sede.agenciatributaria.gob.es'),
        status: 'verified',
      }),
    ],
  },
  'eu-low-value-duty': {
    id: 'returns.recovery.eu-low-value-duty',
    name: 'Recovery of the EUR 3 duty on a return',
    rows: [
      row('2026-07-01', null, 'not settled; ask customs before promising it to a buyer', {
        source: source('Council Regulation (EU) 2026/382'),
        status: 'unverified',
        note: 'no text on returns was found',
      }),
    ],
  },
  'us-drawback': {
    id: 'returns.recovery.us-drawback',
    name: 'US duty of goods that leave again',
    rows: [
      row(null, null, 'claim drawback (19 USC 1313), 99 % of the duty, within five years of import', {
        source: source('19 USC 1313'),
        status: 'general_knowledge',
      }),
    ],
  },
} as const satisfies Readonly<Record<string, RuleTable<string>>>;
export type RecoveryScheme = keyof typeof TAX_RECOVERY;
