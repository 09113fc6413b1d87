import { row, source } from '../currency/dated-row.ts';
import type { RuleTable } from '../rule.ts';

const ANNOUNCEMENT_11 = source(
  '财政部 税务总局公告2026年第11号 (export business, VAT and consumption tax), as compiled',
  'https://www.ssfb86.com/index/News/detail/newsid/19589.html',
);
const ANNOUNCEMENT_5_ON_RECEIPT = source(
  '国家税务总局公告2026年第5号 (administration of export refunds), art. 48, as compiled',
  'https://www.ssfb86.com/index/News/detail/newsid/19622.html',
);
const ANNOUNCEMENT_5_ON_DOCUMENTS = source(
  '国家税务总局公告2026年第5号 (administration of export refunds), art. 45, as compiled',
  'https://www.ssfb86.com/index/News/detail/newsid/19621.html',
);
const ANNOUNCEMENT_2 = source(
  '财政部 税务总局公告2026年第2号 (photovoltaic and other products)',
  'https://fgk.chinatax.gov.cn/zcfgk/c102416/c5246745/content.html',
);
const ANNOUNCEMENT_2024_15 = source(
  '财政部 税务总局公告2024年第15号 (aluminium and other products)',
  'https://liuyutech.cn/announcement-on-adjusting-the-export-tax-refund-policy',
);
const ANNOUNCEMENT_2025_3 = source(
  '国家税务总局公告2025年第3号 (overseas warehouses, mode 9810)',
  'http://www.099idc.com/policy/2025-02/05/content_1101263.html',
);
const ANNOUNCEMENT_2025_3_ON_SETTLING = source(
  '国家税务总局公告2025年第3号, art. 3 and 4, as printed by the tax bureau of Fujian',
  'http://www.pin-yin-mi.cn/answers/8457.html',
);
const ANNOUNCEMENT_2022_9 = source(
  '国家税务总局公告2022年第9号 (filing documents, receipt of foreign exchange)',
  'http://m.aicotton.cn/guonei/3750.html',
);
const ANNOUNCEMENT_2022_9_ON_DOCUMENTS = source(
  '国家税务总局公告2022年第9号, art. 2, in force from 2022-05-01',
  'https://www.rcrzj.com/zhishi/732947.html',
);
const ANNOUNCEMENT_2012_24_ON_DOCUMENTS = source(
  '国家税务总局公告2012年第24号 (filing documents), as printed in July 2012',
  'http://www.360doc.com/content/12/0725/09/1709513_226315052.shtml',
);

/** The product groups whose refund rate has rows here. Look up any other rate in the rate library by HS code. */
export const REFUND_GROUPS = [
  ...(['battery', 'pv', 'aluminium', 'copper'] as const),
  ...(['modified-oils', 'refined-oil', 'non-metallic-minerals'] as const),
] as const;
export type RefundGroup = (typeof REFUND_GROUPS)[number];

const rate = (group: RefundGroup, name: string, rows: RuleTable<string>['rows']): RuleTable<string> => ({
  id: `cn.refund-rate.${group}`,
  name: `China: VAT refund rate of ${name}`,
  rows,
});

const before2024 = row('2019-07-01', '2024-11-30', '0.13', {
  source: ANNOUNCEMENT_2024_15,
  status: 'general_knowledge',
  note: 'the announcement names 13 % as the rate before it; when that began was not read',
});
const CERTAIN = 'the announcement changes certain of these products only; its list was not read';

/** By the export date on the declaration. */
export const REFUND_RATES: Readonly<Record<RefundGroup, RuleTable<string>>> = {
  battery: rate('battery', 'batteries', [
    before2024,
    row('2024-12-01', '2026-03-31', '0.09', { source: ANNOUNCEMENT_2024_15, status: 'verified' }),
    row('2026-04-01', '2026-12-31', '0.06', { source: ANNOUNCEMENT_2, status: 'verified', reviewBy: '2026-12-31' }),
    row('2027-01-01', null, '0', { source: ANNOUNCEMENT_2, status: 'verified', reviewBy: '2026-12-31' }),
  ]),
  pv: rate('pv', 'photovoltaic products', [
    before2024,
    row('2024-12-01', '2026-03-31', '0.09', { source: ANNOUNCEMENT_2024_15, status: 'verified' }),
    row('2026-04-01', null, '0', { source: ANNOUNCEMENT_2, status: 'verified' }),
  ]),
  aluminium: rate('aluminium', 'aluminium products', [
    row('2019-07-01', '2024-11-30', '0.13', {
      source: ANNOUNCEMENT_2024_15,
      status: 'unverified',
      note: 'the announcement does not name the rate that it ends, and not every HS code had the same',
    }),
    row('2024-12-01', null, '0', { source: ANNOUNCEMENT_2024_15, status: 'verified' }),
  ]),
  copper: rate('copper', 'copper products', [
    row('2024-12-01', null, '0', { source: ANNOUNCEMENT_2024_15, status: 'verified' }),
  ]),
  'modified-oils': rate('modified-oils', 'chemically modified animal, plant or microbial oils and fats', [
    row('2024-12-01', null, '0', { source: ANNOUNCEMENT_2024_15, status: 'verified' }),
  ]),
  'refined-oil': rate('refined-oil', 'certain refined oil products', [
    row('2024-12-01', null, '0.09', { source: ANNOUNCEMENT_2024_15, status: 'unverified', note: CERTAIN }),
  ]),
  'non-metallic-minerals': rate('non-metallic-minerals', 'certain non-metallic mineral products', [
    row('2024-12-01', '2026-03-31', '0.09', { source: ANNOUNCEMENT_2024_15, status: 'unverified', note: CERTAIN }),
  ]),
};

/** Day and month in the year after export by which the refund must be claimed and the foreign exchange received. */
export const FILE_AND_COLLECT: RuleTable<{ month: string; day: string }> = {
  id: 'cn.refund.file-and-collect',
  name: 'China: claiming the refund and receiving the foreign exchange by 30 April of the next year',
  rows: [
    row(
      '2020-01-20',
      '2024-12-31',
      { month: '04', day: '30' },
      {
        source: ANNOUNCEMENT_2022_9,
        status: 'general_knowledge',
        note: 'the day under the rules before the VAT Law',
      },
    ),
    row('2025-01-01', null, { month: '04', day: '30' }, { source: ANNOUNCEMENT_11, status: 'verified' }),
  ],
};

/** Months after export in which a late claim, with proof of receipt, is still accepted. */
export const LAST_MONTHS: RuleTable<number> = {
  id: 'cn.refund.last-months',
  name: 'China: 36 months after export',
  rows: [
    row(null, null, 36, {
      source: ANNOUNCEMENT_5_ON_RECEIPT,
      status: 'unverified',
      note: 'the law counts natural days; the corresponding day 36 months on is our reading, 29 February ends on 28 February',
    }),
  ],
};

/** Whether an unclaimed export is taxed as a domestic sale after the 36 months. */
export const DEEMED_DOMESTIC: RuleTable<boolean> = {
  id: 'cn.refund.deemed-domestic',
  name: 'China: an export not claimed for within 36 months is a domestic sale',
  rows: [
    row(null, '2025-12-31', false, { source: ANNOUNCEMENT_11, status: 'verified' }),
    row('2026-01-01', null, true, { source: ANNOUNCEMENT_11, status: 'verified' }),
  ],
};

/**
 * Days after the claim within which the filing documents must be on file, and years they are kept. By the day of claim.
 */
export const FILING_DOCUMENTS: RuleTable<{ days: number; keepYears: number }> = {
  id: 'cn.refund.filing-documents',
  name: 'China: filing documents of a refund claim',
  rows: [
    row(
      '2012-07-01',
      '2022-04-30',
      { days: 15, keepYears: 5 },
      {
        source: ANNOUNCEMENT_2012_24_ON_DOCUMENTS,
        status: 'general_knowledge',
        note: 'days and years read, the day they came into force was not',
      },
    ),
    row(
      '2022-05-01',
      '2025-12-31',
      { days: 15, keepYears: 5 },
      { source: ANNOUNCEMENT_2022_9_ON_DOCUMENTS, status: 'verified' },
    ),
    row('2026-01-01', null, { days: 15, keepYears: 10 }, { source: ANNOUNCEMENT_5_ON_DOCUMENTS, status: 'verified' }),
  ],
};

/** The papers of art. 45. One that cannot be obtained may be replaced by another with similar content. */
export const FILING_PAPERS = [
  'contract',
  'transport document (bill of lading, air waybill, freight invoice)',
  'customs agency paper',
] as const;

/**
 * When the table of foreign exchange received is submitted with the claim instead of kept on file. By the day of claim.
 */
export const RECEIPT_TABLE_WITH_CLAIM: RuleTable<{ classes: readonly number[]; afterFalsePapersMonths: number }> = {
  id: 'cn.refund.receipt-table',
  name: 'China: who submits the table of foreign exchange received',
  rows: [
    row(
      '2026-01-01',
      null,
      { classes: [4], afterFalsePapersMonths: 24 },
      {
        source: source(
          'Reading of 公告2026年第11号 and 第5号 on receipt of foreign exchange',
          'https://wtt6.com/92060.html',
        ),
        status: 'unverified',
        note: 'that class 4 submits it was read; the 24 months, and the day they are counted from, were not',
      },
    ),
  ],
};

/** Refund before sale for goods sent to an overseas warehouse under mode 9810. By the export date. */
export const PRE_REFUND_9810: RuleTable<{ claimType: string }> = {
  id: 'cn.refund.pre-refund-9810',
  name: 'China: refund on departure, settled on sale (9810)',
  rows: [row('2025-01-27', null, { claimType: 'HWC-YT' }, { source: ANNOUNCEMENT_2025_3, status: 'verified' })],
};

/** When a pre-refund is settled against the sales, and what follows if it is not. By the export date. */
export const SETTLING_9810: RuleTable<{ by: string }> = {
  id: 'cn.refund.settling-9810',
  name: 'China: period of settling a 9810 pre-refund',
  rows: [
    row(
      '2025-01-27',
      null,
      {
        by: 'in a VAT filing period from the month after the tax office granted the pre-refund to 30 April of the next year; else it is recovered, and claimed again once the goods are sold',
      },
      {
        source: ANNOUNCEMENT_2025_3_ON_SETTLING,
        status: 'unverified',
        note: 'read in the announcement of 2025; whether 公告2026年第5号 changed it was not read',
      },
    ),
  ],
};

/** Surcharges on VAT are calculated on VAT payable plus the exempted and credited part. */
export const SURCHARGE_BASE: RuleTable<string> = {
  id: 'cn.refund.surcharge-base',
  name: 'China: base of the surcharges on VAT',
  rows: [row(null, null, 'VAT payable + 免抵', { source: source('财税〔2005〕25号'), status: 'general_knowledge' })],
};
