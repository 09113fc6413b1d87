import type { DatedRow } from '../rule.ts';
import { row, source } from './dated-row.ts';

const LIST_ONE = source('ISO 4217, list one (current currency and funds codes)');
const LIST_THREE = source('ISO 4217, list three (historic denominations)');

/** Codes of list one by the number of decimals of their minor unit. */
const ACTIVE = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
  [
    2,
    `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY
     COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS
     INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR
     MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP
     STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG`,
  ],
] as const;

/** First days of codes that began within the period for which the tables can be used. All others have no first day. */
const SINCE: Readonly<Record<string, string>> = {
  EUR: '1999-01-01',
  GHS: '2007-07-01',
  TMT: '2009-01-01',
  ZMW: '2013-01-01',
  BYN: '2016-07-01',
  MRU: '2018-01-01',
  STN: '2018-01-01',
  VES: '2018-08-20',
  VED: '2021-10-01',
  SLE: '2022-04-01',
  ZWG: '2024-06-25',
  XCG: '2025-03-31',
};

/** Codes that ended: decimals, last day, successor. ISO prints only the month; the day is that of the change-over. */
const WITHDRAWN = {
  SIT: [2, '2006-12-31', 'EUR'],
  CYP: [2, '2007-12-31', 'EUR'],
  MTL: [2, '2007-12-31', 'EUR'],
  SKK: [2, '2008-12-31', 'EUR'],
  TMM: [2, '2008-12-31', 'TMT'],
  EEK: [2, '2010-12-31', 'EUR'],
  ZMK: [2, '2012-12-31', 'ZMW'],
  LVL: [2, '2013-12-31', 'EUR'],
  LTL: [2, '2014-12-31', 'EUR'],
  BYR: [0, '2016-12-31', 'BYN'],
  MRO: [2, '2017-12-31', 'MRU'],
  STD: [2, '2017-12-31', 'STN'],
  VEF: [2, '2018-08-19', 'VES'],
  CUC: [2, '2021-06-30', 'CUP'],
  HRK: [2, '2022-12-31', 'EUR'],
  SLL: [2, '2023-12-31', 'SLE'],
  ZWL: [2, '2024-08-31', 'ZWG'],
  ANG: [2, '2025-03-30', 'XCG'],
  BGN: [2, '2025-12-31', 'EUR'],
} as const satisfies Readonly<Record<string, readonly [number, string, string]>>;

/** Codes of the list that are not money: metals, baskets, tests. They have no minor unit. */
export const WITHOUT_MINOR_UNIT: ReadonlySet<string> = new Set(
  'XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX'.split(' '),
);

export interface MinorUnit {
  decimals: number;
  /** The successor currency; null while the code is in force. */
  followedBy: string | null;
}

const activeRows: [string, DatedRow<MinorUnit>[]][] = ACTIVE.flatMap(([decimals, codes]) =>
  codes
    .split(/\s+/)
    .map((code): [string, DatedRow<MinorUnit>[]] => [
      code,
      [
        row<MinorUnit>(
          SINCE[code] ?? null,
          null,
          { decimals, followedBy: null },
          { source: LIST_ONE, status: 'verified' },
        ),
      ],
    ]),
);

const withdrawnRows: [string, DatedRow<MinorUnit>[]][] = Object.entries(WITHDRAWN).map(
  ([code, [decimals, lastDay, followedBy]]) => [
    code,
    [
      row<MinorUnit>(
        null,
        lastDay,
        { decimals, followedBy },
        { source: LIST_THREE, status: 'general_knowledge', note: 'the list prints the month of the end alone' },
      ),
    ],
  ],
);

/** The dated rows of each code. */
export const CURRENCY_ROWS: ReadonlyMap<string, readonly DatedRow<MinorUnit>[]> = new Map([
  ...activeRows,
  ...withdrawnRows,
]);
